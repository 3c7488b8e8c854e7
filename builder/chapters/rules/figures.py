"""Figures in ``book/images/``: drawn by the code in ``figures/``, and shown in a chapter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import figures

from ...messages import Problem
from ..book import CHAPTERS, Book
from ..notebook import Chapter
from .registry import rule

IMAGES = f"{CHAPTERS}images"


def problems(found: list[figures.Trouble]) -> Iterator[Problem]:
    for trouble in found:
        where = trouble.name if "/" in trouble.name else f"{IMAGES}/{trouble.name}"
        yield Problem(where, trouble.what, trouble.remedy)


def drawn_here(book: Book) -> bool:
    """Whether the figures of this book are those that the package ``figures`` draws."""
    return Path(figures.__file__).resolve().parents[1] == book.root.resolve()


@rule("book")
def figures_are_drawn_by_code(book: Book) -> Iterator[Problem]:
    """An image in ``book/images/`` is what the code in ``figures/`` draws: neither older, nor made by hand, nor missing."""
    if drawn_here(book):
        yield from problems(figures.stale(book.root / IMAGES))


@rule("book")
def figures_are_shown(book: Book) -> Iterator[Problem]:
    """Each figure that code draws is shown in a chapter."""
    shown = {Path(source).stem for chapter in book.chapters for cell in chapter.all_cells if cell.is_markdown
             for source in cell.text.figures}  # fmt: skip
    if drawn_here(book):
        try:
            found = figures.unused(shown)
        except Exception:  # whatever stands in a module of figures; the rule above names it
            return
        yield from problems(found)


@rule("chapter")
def the_key_figure_is_shown(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """The figure that the metadata of a notebook name as ``figure``, which opens its page, is one that the chapter shows."""
    named = chapter.notebook.metadata.get("figure")
    if named is not None and Path(chapter.key_figure).stem != named:
        remedy = "Name one of its figures by its file, without .svg, or remove the line; then it is the first."
        yield Problem(chapter.file, f"its metadata name the figure {named!r}, which it does not show", remedy)
