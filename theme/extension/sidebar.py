"""Sidebar: its list of chapters, in the groups of the contents."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from sphinx.application import Sphinx
from sphinx.locale import get_translation

from . import chapters, live
from .lines import whole

_ = get_translation("sphinx")


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", list_chapters, priority=400)  # before furo
    app.connect("html-page-context", show_list, priority=600)  # behind furo


def item(page: str, name: str, about: str = "", number: int = 0) -> str:
    """A line of the list; its parts are HTML."""
    count = f'<span class="number">{number}</span> ' if number else ""
    small = f"<small>{whole(about)}</small>" if about else ""
    link = f'<a class="reference internal" href="{page}.html">{count}<span class="name">{name}</span>{small and " "}{small}</a>'
    return f'<li class="toctree-l1" data-page="{page}">{link}</li>\n'


@lru_cache(maxsize=4)  # once a build, of which each has an application of its own
def chapter_list(app: Sphinx) -> str:
    """The first page, the groups of chapters, and in the last one the pages of live figures."""
    titles = {page: live.words(app, page)["title"] for page in app.config.book_live_pages if live.has_page(app, page)}
    groups = [
        (caption, [item(one.page, one.name, one.about, one.number) for one in entries])
        for caption, entries in chapters.groups(app)
    ] or [("", [])]
    groups[-1][1].extend(item(page, escape(title)) for page, title in titles.items())
    html = f"<ul>\n{item(app.config.root_doc, _('Home'))}</ul>\n"
    for caption, items in groups:
        heading = f'<p class="caption" role="heading" aria-level="2"><span class="caption-text">{escape(_(caption))}</span></p>\n'
        html += (heading if caption else "") + f"<ul>\n{''.join(items)}</ul>\n"
    return html


def list_chapters(app: Sphinx, pagename: str, template: str, context: dict, doctree: object) -> None:
    """Mark the page in the list of chapters. Where chapters have pages below them, furo's own list stands."""
    if not app.config.book_edition:
        return
    if any(app.env.toctree_includes.get(one.page) for _, group in chapters.groups(app) for one in group):
        return
    link = f'" data-page="{pagename}"><a class="reference internal" href="{pagename}.html">'
    marked = f' current current-page" data-page="{pagename}"><a class="current reference internal" href="#" aria-current="page">'
    context["toctree"] = lambda **options: ""  # furo parses what it gets
    context["chapter_list"] = chapter_list(app).replace(link, marked)


def show_list(app: Sphinx, pagename: str, template: str, context: dict, doctree: object) -> None:
    """Let the list stand where furo's would."""
    if "chapter_list" in context:
        context["furo_navigation_tree"] = context["chapter_list"]
