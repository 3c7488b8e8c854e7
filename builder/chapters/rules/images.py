"""Figures and plots."""

from __future__ import annotations

from collections.abc import Iterator

from ...messages import Problem
from ..book import CHAPTERS, Book
from ..notebook import Cell, Chapter
from .registry import rule


@rule("cell")
def figures_have_alt_texts(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A figure has an alt text, for readers who do not see it."""
    if cell.is_markdown:
        for figure, alt in zip(cell.text.figures, cell.text.alts):
            if not alt:
                what = f"the figure {figure} has no alt text"
                yield Problem(chapter.where(cell), what, "Say in words what it shows: ![…](…).")


@rule("cell")
def figures_have_captions(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A figure stands alone, and behind it a paragraph in emphasis that says what to see."""
    if cell.is_markdown:
        for source in cell.text.uncaptioned:
            remedy = "Let it stand alone, and behind it a paragraph *in emphasis* that says what to see."
            yield Problem(chapter.where(cell), f"the figure {source} has no caption", remedy)


@rule("cell")
def images_exist(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """An image is a file below ``book/`` that can be drawn, SVG or PNG."""
    if not cell.is_markdown:
        return
    for source in cell.text.figures:
        if not (book.root / CHAPTERS / source).is_file():
            yield Problem(chapter.where(cell), f"there is no image book/{source}", "Restore the file or mend the path.")
        elif not book.images.embedded(source):
            yield Problem(chapter.where(cell), f"book/{source} is no SVG or PNG that can be drawn", "Save it again.")


@rule("cell")
def plots_have_alt_texts(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A plot has an alt text in each language, in a comment of a Markdown cell behind it."""
    for language in book.languages if cell.draws else ():
        if not chapter.plot_alt(cell, language.code):
            yield Problem(
                chapter.where(cell),
                f"draws a plot that has no alt text in {language.name}",
                "Put <!-- plot alt: what it shows --> into the Markdown cell behind it.",
            )
