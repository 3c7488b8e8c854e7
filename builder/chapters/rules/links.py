"""Links."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from ...messages import Problem
from ..book import Book
from ..markdown import ELSEWHERE
from ..notebook import Cell, Chapter
from .registry import rule


@rule("cell")
def links_lead_somewhere(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A link within the book has the form ``lstm.ipynb#what-comes-back`` and leads to a heading that is there."""
    for link in dict.fromkeys(cell.text.links if cell.is_markdown else ()):
        yield from broken(book, chapter.where(cell), link)


def broken(book: Book, where: str, link: str) -> Iterator[Problem]:
    if ELSEWHERE.match(link):
        if not is_address(unquote(link)):
            yield Problem(where, f"the link {unquote(link)} leads nowhere", "Copy the address from the browser.")
        return
    target, _, anchor = link.partition("#")
    names = [one.rpartition("/")[2] for one in book.contents]
    name = target.removesuffix(".ipynb") if target.endswith(".ipynb") else None
    if name not in names:
        near = difflib.get_close_matches(target, [f"{one}.ipynb" for one in names], 1)
        hint = f"Did you mean {near[0]}?" if near else "Link chapters as other_chapter.ipynb#english-heading."
        yield Problem(where, f"the link {link} leads nowhere", hint)
    elif anchor and (chapter := book.chapter(name)) and anchor not in chapter.anchors:
        near = difflib.get_close_matches(anchor, chapter.anchors, 1, 0.3)
        hint = f"Did you mean #{near[0]}?" if near else "Anchors are the English headings, lower case, hyphens."
        yield Problem(where, f"{target} has no heading #{anchor}", hint)


def is_address(link: str) -> bool:
    """Whether it names a place on the web, or a mailbox."""
    try:
        found = urlsplit(link)
        return bool(found.hostname and (found.port or True) if found.scheme.startswith("http") else "@" in found.path)
    except ValueError:
        return False
