"""Chapters: their groups, order and numbers, and what other pages say of one."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from .cells import cells
from .page import first_sentence

_ = get_translation("sphinx")


class Entry(NamedTuple):
    """A page in the contents.

    Attributes:
        page: its name, ``lstm``.
        number: counted from 1; 0 for a page that is looked up in.
        name, about: its title before and behind the first colon, as HTML: ``LSTM``, ``a layer whose gates manage a memory``.
        minutes: an estimate of how long it takes; 0 where nothing says it.
        exercises: how many it has.
        lead: its first sentence.
    """

    page: str
    number: int
    name: str
    about: str
    minutes: int
    exercises: int
    lead: str


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", note)
    app.connect("html-page-context", number, priority=400)


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Keep what other pages say of this one."""
    code = cells(doctree)
    app.env.metadata[app.env.docname].update(
        lead=first_sentence(doctree),
        code=len(code),
        exercises=sum("tag_exercise" in cell["classes"] for cell in code),
    )


@lru_cache(maxsize=4)  # once a build, of which each has an application of its own
def groups(app: Sphinx) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """(caption, pages) of each part of the contents. The last of several parts is for looking up: its pages have no numbers."""
    trees = list(app.env.get_doctree(app.config.root_doc).findall(addnodes.toctree))
    found, count = [], 0
    for tree in trees:
        entries = []
        for page in tree["includefiles"]:
            numbered = len(trees) == 1 or tree is not trees[-1]
            count += numbered
            entries.append(entry(app, page, count if numbered else 0))
        found.append((tree["caption"] or "", tuple(entries)))
    return tuple(found)


def entry(app: Sphinx, page: str, number: int) -> Entry:
    known = app.env.metadata[page]
    title = app.builder.render_partial(app.env.titles[page])["title"]
    name, _, about = title.partition(": ")
    return Entry(
        page, number, name, about, int(known.get("minutes", 0)), known.get("exercises", 0), known.get("lead", "")
    )


def find(app: Sphinx, page: str) -> Entry | None:
    return next((one for _, entries in groups(app) for one in entries if one.page == page), None)


def total(app: Sphinx) -> int:
    """How many numbered chapters there are."""
    return max((one.number for _, entries in groups(app) for one in entries), default=0)


def number(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template the place of the page in the book, and its neighbours."""
    if not app.config.book_edition:
        return
    order = [one for _, entries in groups(app) for one in entries]
    context.update(chapter=find(app, pagename), total=total(app))
    place = next((place for place, one in enumerate(order) if one.page == pagename), None)
    if pagename == app.config.root_doc:
        place = -1
    if place is not None:
        context["chapter_behind"] = order[place + 1] if place + 1 < len(order) else None
        context["chapter_before"] = order[place - 1] if place > 0 else None
