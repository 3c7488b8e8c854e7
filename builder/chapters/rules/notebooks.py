"""The file of a chapter."""

from __future__ import annotations

import re
from collections.abc import Iterator

import nbformat

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter, normalise, write_notebook
from .registry import rule


@rule("chapter")
def as_recorded(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A chapter's file has the form that ``make record`` gives it, without the traces of an editor or a machine."""
    content = (book.root / chapter.file).read_bytes().replace(b"\r\n", b"\n").replace(rb"\r\n", rb"\n")  # as on Windows
    if content != write_notebook(normalise(nbformat.v4.reads(content.decode()))):
        remedy = f"Run 'make record CHAPTER={chapter.name}'; by hand: one line of text is one string, and the last one of a cell ends without \\n."
        yield Problem(chapter.file, "is not as 'make record' writes it", remedy)


@rule("cell")
def cell_ids_say_something(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """The id of a cell says what the cell is: messages name it. Front ends give random ones."""
    if re.fullmatch(r"[0-9a-f]{8}|[0-9a-f-]{36}", cell.id):
        what = f"has the random id {cell.id}"
        yield Problem(chapter.where(cell), what, "Name it in a text editor: name-ko, name-en, or name for code.")
