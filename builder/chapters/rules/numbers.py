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


# A number with its sign, in code or in what it prints; a minus behind a word, a bracket or a digit is an operation.
SHOWN = re.compile(r"((?<![\w.)\]-])[-−])?(?<![\w.])(\d*\.\d+|\d+\.)(?![.\d])", re.A)
MINUS = re.compile(r"(?<![\w.)\]}-])[-−]\Z", re.A)


def shown(chapter: Chapter) -> tuple[set[str], set[str]]:
    """The numbers with a decimal point that the code cells of a chapter hold and put out: without their sign, and the negative ones."""
    found = [
        (sign, number if number[0] != "." else f"0{number}")
        for cell in chapter.all_cells
        if cell.is_code
        for text in [cell.source, *cell.printed]
        for sign, number in SHOWN.findall(text)
    ]
    return {number for _, number in found}, {number for sign, number in found if sign}


def quotes(number: str, printed: set[str]) -> bool:
    """Whether a number is one of those, or one of them rounded or cut off."""
    if any(one.startswith(number) or one.rstrip("0") == number.rstrip("0") for one in printed):
        return True
    places = len(number.partition(".")[2])
    return any(len(one.partition(".")[2]) > places and f"{float(one):.{places}f}" == number for one in printed)


@rule("chapter")
def quoted_decimals_are_shown(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A number with decimals in a text stands, with its sign, in a code cell or in a recorded output of the same chapter."""
    everything, negative = shown(chapter)
    for cell in chapter.all_cells:
        text = prose_of(cell) if cell.is_markdown else ""
        quoted = [(bool(MINUS.search(text[: match.start()])), match[0]) for match in DECIMAL.finditer(text)]
        for minus, number in dict.fromkeys(quoted):
            if not quotes(number, negative if minus else everything):
                what = f"quotes {'-' * minus}{number}, which no cell of the chapter prints"
                yield Problem(chapter.where(cell), what, "Print it, or quote the number that is printed.")
