"""Numbers that a text quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..markdown import parse
from ..notebook import Cell, Chapter
from .registry import rule

# A decimal, also right before a Korean particle and at the end of a sentence; not a version, a file or part of a name.
DECIMAL = re.compile(
    r"(?<![\w./])(?<!Keras )(?<!TensorFlow )(?<!Python )(?<!CC BY )\d+\.\d+(?![\d/]|\.\d|[A-Za-z_])", re.A
)


def prose_of(cell: Cell) -> str:
    """A text without its code blocks, comments and addresses."""
    parts = []
    for token in parse(cell.source):
        if token.type in ("math_block", "html_block"):
            parts.append(token.content)
        links = 0
        for child in token.children or ():
            links += {"link_open": child.info == "auto", "link_close": child.info == "auto" and -1}.get(child.type, 0)
            if not links:
                parts.append("\n" if child.type in ("softbreak", "hardbreak") else child.content)
        parts.append("\n")
    return "".join(parts)


def shown(chapter: Chapter) -> str:
    """What the code cells of a chapter hold and put out."""
    parts = []
    for cell in chapter.all_cells:
        if cell.is_code:
            parts.append(cell.source)
            parts += cell.printed
    return "\n".join(parts)


@rule("chapter")
def quoted_decimals_are_shown(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A number with decimals in a text stands in a code cell or in a recorded output of the same chapter."""
    everything = shown(chapter)
    for cell in chapter.all_cells:
        for number in dict.fromkeys(DECIMAL.findall(prose_of(cell)) if cell.is_markdown else ()):
            if number.rstrip("0") not in everything:
                what = f"quotes {number}, which no cell of the chapter prints"
                yield Problem(chapter.where(cell), what, "Print it, or quote the number that is printed.")
