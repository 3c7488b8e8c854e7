"""Figures and plots."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ...messages import Problem
from ..book import CHAPTERS, Book
from ..images import needs_fonts, read_svg
from ..notebook import Cell, Chapter
from .outputs import PATH
from .registry import rule

NEW_CSS = re.compile(r"(?<![\w-])(?:light-dark|var|color-mix|color|oklch|oklab|lch|lab|hwb)\(|@import")
IMAGE = re.compile(r"images/[A-Za-z0-9_./-]*[A-Za-z0-9_-]\.(svg|png)")


@rule("cell")
def figures_have_alt_texts(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A figure has an alt text of plain words, for readers who do not see it."""
    if cell.is_markdown:
        for figure in cell.text.images:
            if not figure.alt:
                what = f"the figure {figure.source} has no alt text"
                yield Problem(chapter.where(cell), what, "Say in words what it shows: ![…](…).")
            elif not figure.plain:
                what = f"the alt text of {figure.source} has code, a formula or emphasis"
                yield Problem(
                    chapter.where(cell), what, "Write plain words: pages, PDF and screen readers differ in the rest."
                )


@rule("cell")
def figures_have_captions(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A figure stands alone, and behind it a paragraph in emphasis that says what to see."""
    if cell.is_markdown:
        for figure in cell.text.images:
            if not figure.captioned:
                remedy = "Let it stand alone, and behind it a paragraph *in emphasis* that says what to see."
                yield Problem(chapter.where(cell), f"the figure {figure.source} has no caption", remedy)
            elif figure.inside:
                what = f"the figure {figure.source} stands in a list or a quotation"
                yield Problem(chapter.where(cell), what, "Let it stand outside.")


@rule("cell")
def images_exist(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """An image is an SVG or PNG below ``book/images/`` that can be drawn, with a name of Latin letters, digits, - and _."""
    if not cell.is_markdown:
        return
    for source in cell.text.figures:
        where = chapter.where(cell)
        if source.startswith("attachment:"):
            name = source.partition(":")[2]
            remedy = f"Save it in book/images/ and write ![what it shows](images/{name})."
            yield Problem(
                where, f"the picture '{name}' was pasted into the cell, where Colab and the site do not show it", remedy
            )
        elif re.match(r"[A-Za-z][\w+.-]*:|//", source):
            yield Problem(
                where, f"the image {source[:60]} is not in the book", "Save it in book/images/ and name it there."
            )
        elif not IMAGE.fullmatch(source) or ".." in source:
            what = f"the image {source!r} has no name that all readers find"
            remedy = "Put it below book/images/ and name it with Latin letters, digits, - and _, without spaces: images/name.svg."
            yield Problem(where, what, remedy)
        elif not is_there(book.root / CHAPTERS, source):
            yield Problem(where, f"there is no image book/{source}", "Restore the file or mend the path.")
        elif not book.images.shown(source):
            remedy = "Save it again: shapes alone, no script, HTML or other file in it, and at most 10000 pixels wide or high."
            yield Problem(where, f"book/{source} is no SVG or PNG that can be drawn", remedy)
        elif source.endswith(".svg") and needs_fonts(read_svg(book.root / CHAPTERS / source) or ""):
            what = f"book/{source} has letters that need a font, and are blank in notebooks and on paper"
            remedy = "Convert its text to paths (in Inkscape: Path, Object to Path) and save it again."
            yield Problem(where, what, remedy)
        elif source.endswith(".svg") and (new := first(NEW_CSS, read_svg(book.root / CHAPTERS / source) or "")):
            what = f"book/{source} has '{new}', which notebooks and paper do not know, and show black or not at all"
            yield Problem(where, what, "Save it with plain colours such as #0072b2, all of them in the file.")


@rule("cell")
def images_have_no_traces(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A drawing names no folder of a machine, as some programs leave it there: the site publishes the file."""
    for source in cell.text.figures if cell.is_markdown else ():
        path = book.root / CHAPTERS / source
        if not (source.endswith(".svg") and IMAGE.fullmatch(source) and is_there(book.root / CHAPTERS, source)):
            continue
        if trace := first(PATH, without_pictures(read_svg(path) or "")):
            remedy = "Save it as plain SVG, or delete what names the folder."
            yield Problem(chapter.where(cell), f"book/{source} holds the path '{trace}…' of a machine", remedy)


# A drawing stands in a cell of each language, and has 50 000 letters: it is looked through once.
@cache
def first(pattern: re.Pattern[str], svg: str) -> str:
    """The first match in a drawing; empty when there is none."""
    match = pattern.search(svg)
    return match[0] if match else ""


@cache
def without_pictures(svg: str) -> str:
    """A drawing without the letters of the pictures in it."""
    return re.sub(r"base64,[^\"']*", "", svg)


def is_there(folder: Path, source: str) -> bool:
    """Whether a file has this name, letter by letter: other machines tell ``Dot.svg`` from ``dot.svg``."""
    for name in source.split("/"):
        if not folder.is_dir() or name not in os.listdir(folder):
            return False
        folder = folder / name
    return folder.is_file()


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


@rule("chapter")
def plot_alt_texts_have_a_plot(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A comment with the alt text of a plot stands behind a cell that draws one, and once in each language."""
    draws, known = False, set()
    for cell in chapter.all_cells:
        if not cell.is_markdown:
            draws, known = cell.draws, set()
        for _ in cell.plot_alts if cell.is_markdown else ():
            if not draws:
                what = "has the alt text of a plot, but the code cell before it draws none"
                yield Problem(
                    chapter.where(cell), what, "Put <!-- plot alt: … --> behind the cell that draws, or remove it."
                )
            elif cell.language in known:
                what = "has an alt text for a plot that has one already"
                yield Problem(chapter.where(cell), what, "Leave one <!-- plot alt: … --> in each language.")
            known.add(cell.language)


@rule("cell")
def plots_have_captions(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Behind a plot, as the first paragraph of each language, stands one in emphasis that says what to see."""
    for language in book.languages if cell.draws else ():
        cells = chapter.cells(language.code)
        behind = next(iter(cells[cells.index(cell) + 1 :]), None)
        if behind is None or not (behind.is_markdown and behind.text.opens_with_caption):
            what = f"draws a plot that has no caption in {language.name}"
            remedy = "Let the Markdown cell behind it begin with a paragraph *in emphasis* that says what to see."
            yield Problem(chapter.where(cell), what, remedy)


@rule("cell")
def one_plot_a_cell(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A code cell draws one plot, so that each has its alt text."""
    if len(cell.plots) > 1:
        remedy = "Let each cell draw one, or draw them side by side in one figure, so that each has its alt text."
        yield Problem(chapter.where(cell), f"draws {len(cell.plots)} plots", remedy)
