"""Colours of plots mean what they mean in the figures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from figures.colours import of_plots

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter
from .registry import rule

HEX = re.compile(r"#[0-9A-Fa-f]{6}\b")
NAMED = re.compile(
    r"\b(?:color|c|facecolor|edgecolor|ec|fc)\s*=\s*[\"'](?!0|none|white|black|gray|grey|#)([a-z:]+)[\"']"
)


@rule("cell")
def colours_have_a_meaning(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A plot takes its colours from ``figures/colours.py``, by their hex code, where each has a meaning."""
    if not cell.is_code:
        return
    allowed = {colour.lower() for colour in of_plots()}
    for colour in [*HEX.findall(cell.source), *NAMED.findall(cell.source)]:
        if colour.lower() not in allowed:
            what = f"draws with the colour {colour}"
            yield Problem(
                chapter.where(cell), what, "Take one of figures/colours.py: 'python -m figures --help' tells."
            )
