"""Closing map: the map of the book at the end of a chapter, as links with the signs and titles of all chapters.

A notebook and paper show the picture, whose stations are named as their files.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx.application import Sphinx

from . import chapters
from .figures import views
from .landing import MAP

SIGNS = f"images/{MAP}.svg"  # each chapter's sign is a part of it
CLOSING = "images/map-"  # how the names of the pictures begin


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", make_links)


def make_links(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html" or not app.config.book_edition:
        return
    for figure in list(doctree.findall(nodes.figure)):
        image = figure.next_node(nodes.image)
        if image is None or not image["uri"].startswith(CLOSING) or SIGNS not in app.env.images:
            continue
        sign = nodes.image(uri=SIGNS, candidates={"*": SIGNS}, alt="")
        known = views(app, sign)
        entries = [one for _caption, group in chapters.groups(app) for one in group]
        if not {one.page for one in entries} <= known:
            continue  # a chapter without a sign: the picture has at least its name
        figure["classes"].append("closing-map")
        parts: list[nodes.Node] = [nodes.raw("", '<ol class="map">', format="html")]
        own = next((one.number for one in entries if one.page == docname), 0)
        for one in entries:
            here = ' aria-current="page"' if one.page == docname else ""
            here = ' rel="next"' if own and one.number == own + 1 else here  # it has the arrow
            number = f'<span class="number">{one.number}</span> ' if one.number else ""
            part = sign.deepcopy()
            part["view"] = f"#{one.page}"
            parts += [
                nodes.raw("", f'<li><a href="{escape(one.page)}.html"{here}>', format="html"),
                part,
                nodes.raw("", f'<span class="title">{number}{one.name}</span></a></li>', format="html"),
            ]
        image.parent.replace(image, [*parts, nodes.raw("", "</ol>", format="html")])
