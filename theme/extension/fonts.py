"""Fonts: cut down to the letters that the pages show, so that a page with formulas is no heavier for its typeface.

The text is set in Source Sans 3 (static/fonts: the Latin part, as the npm package ``@fontsource-variable/source-sans-3``
5.3.1 has it), of which the letters of an edition are left; Hangul is that of the reader's system. The style sheet calls it
"Book Sans": a font that was cut may not bear the name. Of the fonts of KaTeX the letters stay that formulas show.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from html import unescape
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from sphinx.application import Sphinx

# What a variable font keeps: the roman all weights between these, the italic one. book.css names the same.
WEIGHTS = {"roman": (400, 700), "italic": 400}
ALWAYS = set(map(chr, range(0x20, 0x7F)))  # programs write them, too

FORMULA = re.compile(r'<span class="katex-html"')
PART = re.compile(r"(<span\b[^>]*>)|(</span>)|<[^>]*>|([^<]+)")


def setup(app: Sphinx) -> None:
    app.connect("build-finished", cut_fonts)


def cut_fonts(app: Sphinx, exception: Exception | None) -> None:
    """Cut the fonts that Sphinx has put beside the pages, from the whole ones: a build before this may have cut them already."""
    if exception or not app.config.book_edition:
        return
    static = Path(app.outdir, "_static")

    def whole(font: Path) -> bytes:
        sources = (Path(app.confdir, folder, font.relative_to(static)) for folder in app.config.html_static_path)
        return next(source for source in sources if source.exists()).read_bytes()

    pages = [page.read_text(encoding="utf-8") for page in Path(app.outdir).glob("*.html")]
    for font in static.glob("fonts/*.woff2"):
        weights = WEIGHTS[font.stem.rpartition("-")[2]]
        font.write_bytes(cut(whole(font), ALWAYS.union(*map(unescape, pages)), weights))
    upright, italic = letters_of_formulas(pages)
    for font in static.glob("katex/fonts/*.woff2"):
        font.write_bytes(cut(whole(font), italic if "KaTeX_Math" in font.name else upright))


def letters_of_formulas(pages: Iterable[str]) -> tuple[set[str], set[str]]:
    """The letters that the formulas of pages show: those of all fonts but one, and the italic ones, which are variables."""
    upright: set[str] = set()
    italic: set[str] = set()
    for page in pages:
        for formula in FORMULA.finditer(page):
            within: list[str] = []  # the spans that are open
            for part in PART.finditer(page, formula.start()):
                opening, closing, letters = part.groups()
                if opening:
                    within.append(opening)
                elif closing:
                    within.pop()
                elif letters:
                    (italic if "mathnormal" in within[-1] or "boldsymbol" in within[-1] else upright).update(
                        unescape(letters)
                    )
                if not within:
                    break
    return upright, italic


def cut(font: bytes, letters: Iterable[str], weights: tuple[int, int] | int | None = None) -> bytes:
    """A font with no other letters, and with no other weights where it has many."""
    cut = TTFont(io.BytesIO(font), recalcTimestamp=False)
    options = subset.Options(
        flavor="woff2",
        layout_features=["ccmp", "kern", "liga"],
        name_IDs=[0, 13, 14],  # whose it is, and that it is free
        hinting=False,
        notdef_outline=True,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=map(ord, letters))
    subsetter.subset(cut)
    if weights:
        cut = instantiateVariableFont(cut, {"wght": weights})
    written = io.BytesIO()
    subset.save_font(cut, written, options)
    return written.getvalue()
