"""Opening: the top of a chapter: its title in two parts, its purpose, the figure that stands for it and leads on to it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from sphinx.application import Sphinx

from .figures import size
from .page import sentence

BACK = "what-comes-back"


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", open_chapter)
    app.connect("html-page-context", lead_on)
    app.connect("html-page-context", show_next)  # behind chapters, which knows the next one


def open_chapter(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Split the title, mark the purpose, and show the key figure behind it."""
    if app.builder.format != "html" or not app.config.book_edition:
        return
    title = next(doctree.findall(nodes.title), None)
    if title is None:
        return
    split(title)
    lead = next((node for node in title.parent.children if isinstance(node, nodes.paragraph)), None)
    if lead is None:
        return
    lead["classes"].append("lead")
    key = key_figure(app, doctree, docname)
    if key is not None and docname != app.config.root_doc:
        lead.parent.insert(lead.parent.index(lead) + 1, key)


def split(title: nodes.title) -> None:
    """Put what stands before the first colon of a title and what stands behind it into elements of their own."""
    for place, child in enumerate(title.children):
        before, colon, behind = child.astext().partition(": ") if isinstance(child, nodes.Text) else ("", "", "")
        if colon:
            first, rest = nodes.inline(classes=["name"]), nodes.inline(classes=["about"])
            first += [*title.children[:place], nodes.Text(before)]
            rest += [nodes.Text(behind), *title.children[place + 1 :]]
            title.children = []
            title += [first, nodes.inline("", colon, classes=["colon"]), rest]
            return


def key_figure(app: Sphinx, doctree: nodes.document, docname: str) -> nodes.Node | None:
    """A copy of the picture that stands for the chapter, as a link to where it is explained."""
    wanted = app.env.metadata[docname].get("figure")
    for figure in doctree.findall(nodes.figure):
        image = figure.next_node(nodes.image)
        if wanted and image is not None and Path(image["uri"]).stem == wanted:
            copy = image.deepcopy()
            copy.update_all_atts({"at_once": True, "alt": sentence(image.get("alt", ""))}, replace=True)
            number = next(figure.findall(nodes.caption))[0].deepcopy()
            link = nodes.reference("", "", copy, number, refuri=f"#{figure['ids'][0]}", internal=True)
            return nodes.paragraph("", "", link, classes=["key-figure"])
    return None


def show_next(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template the picture that stands for the next chapter, for the card that leads there."""
    behind = context.get("chapter_behind")
    wanted = app.env.metadata[behind.page].get("figure") if behind else None
    uri = next((uri for uri in app.env.images if Path(uri).stem == wanted), None)
    if uri is not None:
        width, height = size(Path(app.srcdir, uri))
        name = f"{app.builder.imagedir}/{quote(app.env.images[uri][1])}"
        context["figure_behind"] = {"name": name, "width": width, "height": height}


def lead_on(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template the heading of the section that says what a layer hands back, when the chapter has it."""
    sections = doctree.findall(nodes.section) if doctree else ()
    back = next((section for section in sections if BACK in section["ids"]), None)
    if back is not None:
        context["comes_back"] = {"anchor": BACK, "title": back[0].astext()}
