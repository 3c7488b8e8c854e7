"""The Markdown of the texts: only what every reader of notebooks shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter
from .registry import rule

# MyST reads these, but Colab, GitHub and JupyterLab show them as noise.
MYST = {
    "a directive": re.compile(r"^[ >]*(`{3,}|~{3,}|:{3,})\s*\{[\w:.-]+\}", re.M),
    "a role": re.compile(r"\{[\w:.-]+\}`[^`]"),
    "a target": re.compile(r"^\([\w.:-]+\)=\s*$", re.M),
    "a block break": re.compile(r"^\+\+\+", re.M),
    "a line comment": re.compile(r"^%", re.M),
}


@rule("cell")
def no_myst(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A text has no directive, role, target, block break or comment of MyST: other readers show them as noise."""
    if not cell.is_markdown:
        return
    prose = re.sub(r"^(`{3,})(?!\s*\{).*?^\1`*\s*$", "", cell.source, flags=re.M | re.S)
    for name, pattern in MYST.items():
        if match := pattern.search(prose):
            line = match[0].strip().splitlines()[0]
            remedy = "Use plain Markdown; other readers show this as noise."
            yield Problem(chapter.where(cell), f"{name} of MyST, '{line}'", remedy)


@rule("cell")
def collapsed_parts_end(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Each ``<details>`` has its end in the same cell."""
    if cell.is_markdown and cell.text.collapsed != cell.text.collapsed_ends:
        remedy = "Put </details> alone on a line behind what it hides."
        yield Problem(chapter.where(cell), "a <details> without its end", remedy)


@rule("cell")
def no_raw_images(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """An image is written in Markdown, not as ``<img>``."""
    if cell.is_markdown and cell.text.raw_images:
        yield Problem(chapter.where(cell), "an <img> tag", "Write ![what it shows](images/name.svg).")
