"""Texts and formulas as outlines of glyphs, so that a figure looks the same wherever it is shown, and needs no font.

Matplotlib's mathtext sets a text once, in Computer Modern, the letters that the site's formulas have; where each glyph
stands is recorded in ``typeset.json``. From then on the record is read. That is why a figure has the same bytes with every
Python (Matplotlib 3.11, which Python 3.10 cannot have, moved subscripts and spaces), why a new Matplotlib does not draw
every figure again, and why drawing needs neither Matplotlib nor NumPy unless a text is new.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .canvas import Box, Glyph, number
from .errors import FigureError

SIZE = 100  # of every recorded text, in pixels
CODE_FONT = "DejaVu Sans Mono"


@dataclass(frozen=True, slots=True)
class Setting:
    """A text as set at ``SIZE``: the box around its ink, and its glyphs from left to right, without the spaces."""

    box: Box
    glyphs: tuple[Glyph, ...]


class Record:
    """The texts that have been set, kept in a file."""

    def __init__(self, path: Path):
        self.path = path
        self._new: dict[str, Setting] = {}
        self._watchers: list[set[str]] = []

    @cached_property
    def _kept(self) -> dict[str, Setting]:
        if not self.path.exists():
            return {}
        try:
            content = json.loads(self.path.read_text("utf-8"))
            outlines = content["glyphs"]
            return {
                text: Setting(Box(*box), tuple(Glyph(outlines[name], *at) for name, *at in glyphs))
                for text, (box, glyphs) in content["texts"].items()
            }
        except (ValueError, KeyError, TypeError) as error:
            raise FigureError(
                f"{self.path.name} cannot be read ({type(error).__name__}: {error}). "
                "Restore it from git, then draw the figures again: make figures."
            ) from None

    @property
    def recorded(self) -> Set[str]:
        """The texts that stand in the file."""
        return self._kept.keys()

    def __call__(self, text: str) -> Setting:
        """A text as set; a part between dollar signs is a formula, everything else is code.

        Raises:
            FigureError: the text is new, and Matplotlib is missing or cannot set it.
        """
        for texts in self._watchers:
            texts.add(text)
        if text in self._kept:
            return self._kept[text]
        if text not in self._new:
            self._new[text] = _set_by_matplotlib(text)
        return self._new[text]

    @contextmanager
    def watched(self) -> Iterator[set[str]]:
        """The texts that are asked for inside."""
        texts: set[str] = set()
        self._watchers.append(texts)
        try:
            yield texts
        finally:
            self._watchers.remove(texts)

    def content(self, texts: Iterable[str]) -> str:
        """What the file says when it holds these texts: one line for a glyph or a text, so that differences can be read."""
        kept = {text: self(text) for text in sorted(texts)}
        outlines = {_name(glyph.outline): glyph.outline for setting in kept.values() for glyph in setting.glyphs}
        rows = {
            text: [
                list(s.box.edges),
                [[_name(glyph.outline), glyph.x, glyph.y, glyph.scale] for glyph in s.glyphs],
            ]
            for text, s in kept.items()
        }
        return f'{{"glyphs": {_lines(dict(sorted(outlines.items())))},\n"texts": {_lines(rows)}}}\n'


def _name(outline: str) -> str:
    """The name of a glyph: made from its outline, so that two branches give the same glyph the same name."""
    return hashlib.sha256(outline.encode()).hexdigest()[:8]


def _lines(table: Mapping[str, object]) -> str:
    rows = (f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(row)}" for key, row in table.items())
    return "{\n" + ",\n".join(rows) + "\n}"


def _set_by_matplotlib(text: str) -> Setting:
    try:  # here, so that who draws recorded texts needs no Matplotlib
        from matplotlib import rc_context
        from matplotlib.font_manager import FontProperties, findfont, get_font
        from matplotlib.path import Path as Outline
        from matplotlib.textpath import text_to_path
    except ImportError:
        raise FigureError(
            f"The text {text!r} is not in typeset.json yet, and Matplotlib, which sets it, is not installed. "
            "Draw the figures: make figures."
        ) from None
    if text.startswith("$"):
        try:
            with rc_context({"mathtext.fontset": "cm"}):
                placed, outlines, bars = text_to_path.get_glyphs_mathtext(FontProperties(), text)
        except ValueError as error:
            # pyparsing lists everything that might have stood there
            reason = re.search(r"Unknown symbol: [^,]+|found .*\(at char \d+\)", str(error))
            raise FigureError(f"The formula {text} cannot be set: {reason[0] if reason else error}.") from None
    else:
        font = get_font(findfont(FontProperties(family=CODE_FONT)))
        if strange := sorted({letter for letter in text if not font.get_char_index(ord(letter))}):
            raise FigureError(
                f"The text {text!r} has letters that {CODE_FONT} lacks: {' '.join(strange)}. "
                "In a figure stand only formulas and names of the code, so that it serves every language."
            )
        font.set_size(text_to_path.FONT_SCALE, text_to_path.DPI)
        placed, outlines, bars = text_to_path.get_glyphs_with_font(font, text)
    marks = [(Outline(*outlines[name]), x, y, scale) for name, x, y, scale in placed if len(outlines[name][0])]
    marks += [(Outline(corners, codes), 0, 0, 1) for corners, codes in bars]  # of fractions and roots
    glyphs, boxes = [], []
    for outline, x, y, scale in marks:
        glyphs.append(Glyph(_path_data(outline), *(round(float(v), 4) for v in (x, y, scale))))
        ink = outline.get_extents()
        boxes.append((x + ink.x0 * scale, y + ink.y0 * scale, x + ink.x1 * scale, y + ink.y1 * scale))
    if not boxes:
        raise FigureError(f"The text {text!r} shows nothing.")
    lefts, bottoms, rights, tops = zip(*boxes)
    edges = (min(lefts), min(bottoms), max(rights), max(tops))
    return Setting(Box(*(round(float(edge), 4) for edge in edges)), tuple(glyphs))


def _path_data(outline: Any) -> str:
    names = {outline.MOVETO: "M", outline.LINETO: "L", outline.CURVE3: "Q", outline.CURVE4: "C", outline.CLOSEPOLY: "Z"}
    parts = []
    for points, code in outline.iter_segments(simplify=False):
        # y points down in an SVG
        numbers = [] if code == outline.CLOSEPOLY else [-v if n % 2 else v for n, v in enumerate(points)]
        parts.append(names[code] + " ".join(map(number, numbers)))
    return "".join(parts)


typeset = Record(Path(__file__).with_name("typeset.json"))
