"""Name the cells that keep an edition from being set; pandoc and Typst name only what they could not set."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path

from ..chapters.book import Book, Language
from ..chapters.notebook import Cell, Chapter
from ..messages import Refused

LETTER = re.compile(r'the text `"(.+?)"` could not be displayed')
FORMULA = re.compile(r"Could not convert TeX math (.*?), rendering as TeX", re.S)


def blamed(book: Book, language: Language, message: str, sets: Callable[[str, Path], None]) -> str:
    """The message with the cells that it is about; as it is when none is found.

    Args:
        sets: sets a formula alone in a folder, and raises Refused when that cannot be done.
    """
    letters = set(LETTER.findall(message))
    formulas = {tex.strip() for tex in FORMULA.findall(message)}
    if not (letters or formulas) and message.startswith("typst:"):
        formulas = set(stubborn(book, language, sets))
    if not (letters or formulas):
        return message
    found = []
    for chapter, cell in cells(book, language):
        shown = unescape(cell.source) + "".join(cell.printed)
        hold = [letter for letter in letters if letter in shown]
        if cell.is_markdown:
            hold += [tex.strip() for tex, _ in cell.text.tex if tex.strip() in formulas]
        found += [
            f"{chapter.where(cell)}: '{' '.join(one.split())}' has no form on paper" for one in dict.fromkeys(hold)
        ]
    return "\n".join([*found, "    Say it in another way; what the programs said:", message])


def cells(book: Book, language: Language) -> Iterator[tuple[Chapter, Cell]]:
    return ((chapter, cell) for chapter in book.chapters for cell in chapter.cells(language.code))


def stubborn(book: Book, language: Language, sets: Callable[[str, Path], None]) -> Iterator[str]:
    """The formulas that cannot be set alone."""
    tried = dict.fromkeys(
        tex.strip() for _, cell in cells(book, language) if cell.is_markdown for tex, _ in cell.text.tex
    )
    for tex in tried:
        with tempfile.TemporaryDirectory() as folder:
            try:
                sets(tex, Path(folder))
            except Refused:
                yield tex
