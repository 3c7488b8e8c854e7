"""Social cards: the picture that services show beside a link, with the title of the chapter and its figure.

Letters are drawn as outlines, so that a card looks the same wherever it is made.
"""

from __future__ import annotations

import base64
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.ttLib import TTFont

from ..chapters.book import CHAPTERS, Book, Language
from ..chapters.notebook import Chapter
from ..messages import Problem, refuse

WIDTH, HEIGHT = 1200, 630  # pixels: what services ask for
EDGE = 60
FONT = Path("theme", "static", "fonts", "book-sans-roman.woff2")
INK, SOFT, BRAND = "#1f2328", "#57606a", "#0b5cad"  # of a light page, see theme/static/book.css


def cards(book: Book) -> dict[str, str]:
    """The address of each card below ``cards/``, without its ending -> the card as SVG; none when no page can say its address."""
    if not book.site:
        return {}
    return {
        f"{language.code}/{chapter.name}": card(book, language, chapter, figure)
        for chapter in book.chapters
        if (figure := key_figure(book, chapter))
        for language in book.languages
    }


def key_figure(book: Book, chapter: Chapter) -> Path | None:
    """The figure that stands for a chapter; for a chapter without one, that of the first chapter with one."""
    found = (one.key_figure for one in (chapter, *book.chapters))
    return next((book.root / CHAPTERS / source for source in found if source.endswith(".svg")), None)


def card(book: Book, language: Language, chapter: Chapter, figure: Path) -> str:
    """The language and the book above the title, the figure below it."""
    heading = chapter.headings(language.code)[0][1].replace("`", "")
    name, _, about = heading.partition(": ")
    above = language.name if heading == language.title else f"{language.title} · {language.name}"
    lines = [(above, 30, BRAND, 400, 85), (name, 76, INK, 700, 175), (about, 42, SOFT, 400, 240)]
    words = [text(book.root, *line) for line in lines if line[0]]
    top = 275 if about else 225
    drawing = base64.b64encode(figure.read_bytes()).decode()  # as a file of its own it may have a prologue and any size
    image = (
        f'<image x="{EDGE}" y="{top}" width="{WIDTH - 2 * EDGE}" height="{HEIGHT - top - 25}" '
        f'href="data:image/svg+xml;base64,{drawing}"/>'
    )
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}">'
    return f'{frame}<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>{"".join(words)}{image}</svg>'


def text(root: Path, words: str, size: int, colour: str, weight: int, baseline: int) -> str:
    """A line of text, smaller where it would be wider than the card."""
    paths, x = [], 0.0
    for letter in words:
        for letters, glyphs, scale in faces(root, weight):
            if glyph := letters.get(ord(letter)):
                pen = SVGPathPen(glyphs, lambda value: f"{value:.0f}")
                glyphs[glyph].draw(pen)
                paths.append(f'<path transform="translate({x:.0f}) scale({scale:.3f})" d="{pen.getCommands()}"/>')
                x += glyphs[glyph].width * scale
                break
    scale = min(size / 1000, (WIDTH - 2 * EDGE) / max(x, 1))
    return f'<g fill="{colour}" transform="translate({EDGE} {baseline}) scale({scale:.5f} {-scale:.5f})">{"".join(paths)}</g>'


@cache
def faces(root: Path, weight: int) -> list[tuple[dict[int, str], Any, float]]:
    """The letters, their outlines and the scale of each typeface: that of the pages, and one with Hangul where `make pdf` has put it.

    Without the latter a card lacks these letters.

    Raises:
        Refused: a file is no whole font.
    """
    files = [root / FONT]
    package = find_spec("koreanize_matplotlib")
    for place in package.submodule_search_locations or () if package else ():
        file = Path(place, "fonts", f"NanumGothic{'Bold' if weight > 500 else ''}.ttf")
        files += [file] if file.is_file() else []
    return [face(root, file, weight) for file in files]


def face(root: Path, file: Path, weight: int) -> tuple[dict[int, str], Any, float]:
    """The letters of a font, their outlines and its scale.

    Raises:
        Refused: the file is no whole font.
    """
    try:
        font = TTFont(file)
        glyphs = font.getGlyphSet(location={"wght": weight} if "fvar" in font else None)
        return font.getBestCmap(), glyphs, 1000 / font["head"].unitsPerEm
    except Exception as error:  # whatever half a file makes of it, in fontTools or in brotli
        where = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
        refuse([Problem(where, f"is no whole font: {error or type(error).__name__}", "Restore the file.")])
