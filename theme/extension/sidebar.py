"""Sidebar: its list of chapters."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from docutils import nodes
from furo.navigation import get_navigation_tree
from sphinx.application import Sphinx

from . import live


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", list_chapters, priority=400)  # before furo
    app.connect("html-page-context", show_list, priority=600)  # behind furo


@lru_cache(maxsize=4)  # once a build, of which each has an application of its own
def chapter_list(app: Sphinx) -> str:
    """The list of chapters, as furo makes it for the first page, and behind them the pages of live figures."""
    options = {"collapse": False, "titles_only": True, "maxdepth": -1, "includehidden": True}
    chapters = get_navigation_tree(app.builder._get_local_toctree(app.config.root_doc, **options))
    titles = {page: live.words(app, page)["title"] for page in app.config.book_live_pages if live.has_page(app, page)}
    links = [f'<a class="reference internal" href="{page}.html">{escape(title)}</a>' for page, title in titles.items()]
    before, end, after = chapters.rpartition("</ul>")
    return before + "".join(f'<li class="toctree-l1">{link}</li>\n' for link in links) + end + after


def list_chapters(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Mark the page in the list of chapters.

    Furo makes the list for each page anew, so that each takes longer the more chapters a book has: this saves 6 percent of
    the build of an edition with 10 chapters, and 20 percent with 50. Furo does so still where chapters have pages below them.
    """
    if not app.config.book_edition or 'class="toctree-checkbox"' in chapter_list(app):
        return
    link = f'"><a class="reference internal" href="{pagename}.html">'
    marked = ' current current-page"><a class="current reference internal" href="#">'
    context["toctree"] = lambda **options: ""  # furo parses what it gets
    context["chapter_list"] = chapter_list(app).replace(link, marked)


def show_list(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Let the list stand where furo's would."""
    if "chapter_list" in context:
        context["furo_navigation_tree"] = context["chapter_list"]
