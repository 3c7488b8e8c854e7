"""Fonts: cut down to the letters that the pages show, so that a page with formulas is no heavier for its typeface.

The text is set in Source Sans 3: static/fonts has the Latin part, as the npm package ``@fontsource-variable/source-sans-3``
5.3.1 has it, with the weights of the pages only, 400 to 700 and for the italic 400 (fontTools' ``instantiateVariableFont``:
that takes longer than all that is done here). Of these the letters of an edition are left, of the italic those that are
italic; Hangul is that of the reader's system. The font is called "Book Sans": one that was cut may not bear the name. Of the
fonts of KaTeX the letters stay that formulas show; one that no formula is set in stays whole, for no page loads it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from html import unescape
from pathlib import Path

import fontTools
from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

ALWAYS = set(map(chr, range(0x20, 0x7F)))  # programs write them, too, but none in italics

ITALIC = re.compile(r"<(em|i|cite|var|dfn|address)\b[^>]*>(.*?)</\1>", re.S)
FORMULA = re.compile(r'<span class="katex-html"')
PART = re.compile(r"(<span\b[^>]*>)|(</span>)|<[^>]*>|([^<]+)")

# What KaTeX's style sheet says: its rules; the family, style and weight of a font in them; the classes in a selector.
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
FACE = re.compile(r"font(?:-family)?:[^;]*?(KaTeX_\w+)|font-(?:style|weight):(\w+)")
FILE = re.compile(r"url\(fonts/([\w-]+)\.woff2\)")
CLASS = re.compile(r"\.([\w-]+)")
CLASSES = re.compile(r'<span class="([^"]*)"')


def setup(app: Sphinx) -> None:
    app.connect("build-finished", cut_fonts)


def cut_fonts(app: Sphinx, exception: Exception | None) -> None:
    """Cut the fonts that Sphinx has put beside the pages, from the whole ones: a build before this may have cut them already."""
    if exception or not app.config.book_edition:
        return
    static = Path(app.outdir, "_static")

    def cut(font: Path, letters: Iterable[str]) -> None:
        places = (Path(folder, font.relative_to(static)) for folder in app.config.html_static_path)
        source = next(place for place in places if Path(app.confdir, place).exists())
        try:
            content = cut_as_before(kept, Path(app.confdir, source).read_bytes(), letters)
        except Exception as error:  # whatever half a file makes of it, in fontTools or in brotli
            raise ExtensionError(f"{source.as_posix()} is no whole font ({error}). Restore the file.") from None
        font.write_bytes(content)

    kept = Path(app.doctreedir, "fonts")
    pages = [page.read_text(encoding="utf-8") for page in Path(app.outdir).glob("*.html")]
    for font in static.glob("fonts/*.woff2"):
        italic = font.stem.endswith("italic")
        letters = letters_in_italics(pages) if italic else ALWAYS.union(*map(unescape, pages))
        cut(font, letters)
    upright, italic = letters_of_formulas(pages)
    for name in fonts_of_formulas(pages, (static / "katex" / "katex.min.css").read_text(encoding="utf-8")):
        cut(static / "katex" / "fonts" / f"{name}.woff2", italic if "KaTeX_Math" in name else upright)


def fonts_of_formulas(pages: Iterable[str], style: str) -> set[str]:
    """The fonts in which KaTeX's style sheet sets the formulas of pages, by the classes that the pages have."""
    has = {name for page in pages if FORMULA.search(page) for names in CLASSES.findall(page) for name in names.split()}
    files, said = {}, {"normal", "400"}
    for selectors, declarations in RULE.findall(style):
        face = {family or how for family, how in FACE.findall(declarations)}
        if file := FILE.search(declarations):
            files[file[1]] = face
        elif any(has.issuperset(names) for names in map(CLASS.findall, selectors.split(",")) if names):
            said |= face
    return {name for name, face in files.items() if face <= said}


def letters_in_italics(pages: Iterable[str]) -> set[str]:
    return {letter for page in pages for part in ITALIC.findall(page) for letter in unescape(PART.sub(r"\3", part[1]))}


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


def cut_as_before(folder: Path, font: bytes, letters: Iterable[str]) -> bytes:
    """A font with no other letters: that of the build before, kept in a folder, if it was cut from the same to the same.

    To cut takes a tenth of a build, and most edits use no new letter. After a change of the theme nothing is kept.
    """
    codes = frozenset(map(ord, letters)) & mapped(font)
    mark = sha256(font + repr((fontTools.version, sorted(codes))).encode()).hexdigest()
    file = folder / f"{mark}.woff2"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(cut_once(font, codes))
    return file.read_bytes()


@lru_cache
def mapped(font: bytes) -> frozenset[int]:
    """The code points for which a font has a letter."""
    return frozenset(TTFont(io.BytesIO(font)).getBestCmap())


@lru_cache
def cut_once(font: bytes, letters: frozenset[int]) -> bytes:
    """A font with no other letters; a process that builds many books, as the tests do, cuts the same again and again."""
    cut = TTFont(io.BytesIO(font), recalcTimestamp=False)
    options = subset.Options(
        flavor="woff2",
        layout_features=["ccmp", "kern", "liga"],
        name_IDs=[0, 13, 14],  # whose it is, and that it is free
        hinting=False,
        notdef_outline=True,
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(cut)
    written = io.BytesIO()
    subset.save_font(cut, written, options)
    return written.getvalue()
