"""The file of a chapter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..markdown import parse
from ..notebook import NO_LETTER, UNNAMED, Cell, Chapter, write_notebook
from .registry import rule


@rule("chapter")
def as_recorded(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A chapter's file has the form that ``make record`` gives it, without the traces of an editor or a machine."""
    content = (book.root / chapter.file).read_bytes().replace(b"\r\n", b"\n").replace(rb"\r\n", rb"\n")  # as on Windows
    if content != write_notebook(chapter.notebook):
        remedy = f"Run 'make record CHAPTER={chapter.name}'; by hand: one line of text is one string, and the last one of a cell ends without \\n."
        yield Problem(chapter.file, "is not as 'make record' writes it", remedy)


@rule("cell")
def cell_ids_say_something(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """The id of a cell says what the cell is: messages name it. Front ends give random ones."""
    remedy = 'Name it in a text editor, in the line "id": name-ko, name-en, or name for code.'
    if re.fullmatch(r"[0-9a-f]{8}|[0-9a-f-]{36}|(?=[A-Za-z_-]*\d)(?=.*[A-Z])[\w-]{12}", cell.id):
        yield Problem(chapter.where(cell), f"has the random id {cell.id}", remedy)
    elif cell.id.startswith(UNNAMED):
        yield Problem(chapter.where(cell), "has no id", remedy)


@rule("chapter")
def cell_ids_are_single(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """No two cells of a chapter have the same id."""
    cells: dict[str, Cell] = {}
    for cell in chapter.all_cells:
        if cell.id in cells:
            what = f"has the id of cell {cells[cell.id].number}"
            yield Problem(chapter.where(cell), what, "Give one of the two another id, in a text editor.")
        cells.setdefault(cell.id, cell)


@rule("cell")
def cells_are_text_or_code(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A cell is Markdown or code; a raw cell is shown by no page."""
    if not (cell.is_markdown or cell.is_code):
        yield Problem(chapter.where(cell), f"a {cell.node.cell_type} cell", "Make it a Markdown cell, or remove it.")


@rule("cell")
def no_attachments(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No picture is pasted into a cell: Colab and the site do not show it."""
    if cell.node.get("attachments"):
        name = next(iter(cell.node.attachments))
        remedy = (
            f"Save the picture in book/images/ and write ![what it shows](images/{name}); then remove the attachment."
        )
        yield Problem(chapter.where(cell), f"holds the pasted picture '{name}'", remedy)


# What a backslash and a letter stand for in JSON: who types \\tanh with one backslash has typed a tab and "anh".
OF_JSON = {"\b": "b", "\f": "f", "\r": "r", "\t": "t"}


def remedy_for(sign: str, behind: str) -> str:
    if sign in OF_JSON and re.match(r"[A-Za-z]", behind):
        word = OF_JSON[sign] + re.match(r"[A-Za-z]+", behind)[0]
        return f"Is \\{word} meant? In the notebook's JSON a backslash is written twice: \\\\{word}. Else delete it."
    return "Write spaces." if sign == "\t" else "Delete it; most editors show where it stands."


@rule("cell")
def no_control_characters(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No text or code holds a character that is no letter and no space, such as a backspace, or a tab within a formula."""
    if match := NO_LETTER.search(cell.source):
        line = cell.source.count("\n", 0, match.start()) + 1
        what = f"line {line} holds the control character U+{ord(match[0]):04X}"
        yield Problem(chapter.where(cell), what, remedy_for(match[0], cell.source[match.end() :]))
        return
    for token in parse(cell.source) if cell.is_markdown else ():
        if "\t" in token.content and token.type in ("inline", "math_block", "html_block"):
            before, _, behind = token.content.partition("\t")
            what = f"a tab, U+0009, stands in '{before[-20:]}\\t{behind[:20]}'".replace("\n", " ")
            yield Problem(chapter.where(cell), what, remedy_for("\t", behind))
            return
        for child in token.children or ():
            letters = "".join(one.content for one in child.children or [child] if one.type.startswith("text"))
            if match := NO_LETTER.search(letters):
                what = f"an entity such as &#27; stands for the control character U+{ord(match[0]):04X}"
                yield Problem(chapter.where(cell), what, "Delete the entity, or put it into backticks.")
                return


@rule("cell")
def letters_are_composed(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A letter is one character: 한, not the three in which some systems write it (NFD) and no search finds it."""
    for number, line in enumerate(cell.source.split("\n"), 1):
        if not unicodedata.is_normalized("NFC", line):
            what = f"line {number} has letters in parts (NFD): '{unicodedata.normalize('NFC', line).strip()[:40]}'"
            yield Problem(chapter.where(cell), what, "Type them anew, or copy them from this message.")
