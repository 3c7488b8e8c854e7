"""The table of contents and the folder of the chapters."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from ...messages import Problem
from ..book import CHAPTER, CHAPTERS, Book
from ..live import live_pages
from .registry import rule


def in_folder(book: Book) -> set[str]:
    return {f"{CHAPTERS}{path.stem}" for path in (book.root / CHAPTERS).glob("*.ipynb") if path.is_file()}


@rule("book")
def chapters_exist(book: Book) -> Iterator[Problem]:
    """Each line of the contents names a notebook that is there."""
    folder = in_folder(book)
    for entry in book.contents:
        if entry not in folder:
            near = difflib.get_close_matches(entry, sorted(folder - set(book.contents)), 1, 0)
            hint = f"Did you mean {near[0]}? " if near else ""
            yield Problem("_toc.yml", f"names {entry}, but there is no {entry}.ipynb", f"{hint}Mend the line.")


@rule("book")
def chapters_have_plain_names(book: Book) -> Iterator[Problem]:
    """A chapter's file lies in ``book/``; its name has small Latin letters, digits and ``_``, for it stands in addresses."""
    for entry in book.contents:
        if not CHAPTER.fullmatch(entry):
            what = f"the contents name {entry!r}, which is no name for a chapter"
            yield Problem(
                "_toc.yml",
                what,
                "Name its file book/NAME.ipynb: small Latin letters, digits and _, and a letter first.",
            )


@rule("book")
def chapters_leave_the_names_of_pages(book: Book) -> Iterator[Problem]:
    """No chapter has the name of a page that is made of ``live/``, such as ``lab``: one would take the other's place."""
    pages = live_pages(book.root)
    for entry in book.contents:
        if (name := entry.removeprefix(CHAPTERS)) in pages:
            what = f"{entry} has the name of the page that is made of live/{name}/"
            yield Problem("_toc.yml", what, "Give the notebook another name, and mend the line.")


@rule("book")
def chapters_are_listed(book: Book) -> Iterator[Problem]:
    """Each notebook in ``book/`` has a line in the contents."""
    for entry in sorted(in_folder(book) - set(book.contents)):
        remedy = f"Add '- file: {entry}' to _toc.yml, or remove the notebook."
        yield Problem(f"{entry}.ipynb", "no line of _toc.yml names it", remedy)


@rule("book")
def chapters_are_notebooks(book: Book) -> Iterator[Problem]:
    """Each chapter is a notebook that nbformat can read."""
    yield from book.unreadable
