"""Points, paths and glyphs -> SVG, in named layers. What they mean is not known here.

Lengths are in units of ``UNIT`` pixels, y points up, and the size of a picture follows from what stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from html import escape
from itertools import groupby
from math import hypot

from .colours import colour
from .errors import FigureError

UNIT = 40
MARGIN = 0.3
DASHES = ' stroke-dasharray="5 4"'


class Layer(IntEnum):
    """What lies on what, from the bottom up."""

    FRAME = 0
    MUTED_WIRE = 1
    MUTED_FORK = 2
    WIRE = 3
    BOX = 4
    SIGN = 5
    TEXT = 6


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float

    def __iter__(self) -> Iterator[float]:
        return iter((self.x, self.y))

    def __add__(self, other: Point) -> Point:
        return Point(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Point) -> Point:
        return Point(self.x - other.x, self.y - other.y)

    def __mul__(self, factor: float) -> Point:
        return Point(self.x * factor, self.y * factor)

    def moved(self, right: float = 0.0, up: float = 0.0) -> Point:
        return Point(self.x + right, self.y + up)

    def distance(self, other: Point) -> float:
        return hypot(other.x - self.x, other.y - self.y)

    def middle(self, other: Point) -> Point:
        return Point((self.x + other.x) / 2, (self.y + other.y) / 2)

    def direction(self, goal: Point) -> Point:
        """Of length 1, from here to the goal; nothing when one stands there already."""
        length = max(self.distance(goal), 1e-9)
        return Point((goal.x - self.x) / length, (goal.y - self.y) / length)

    def turned(self) -> Point:
        """As a direction, a quarter to the left."""
        return Point(-self.y, self.x)

    def towards(self, goal: Point, reach: float) -> Point:
        """The point on the way to the goal, at most ``reach`` away and at most half way."""
        length = self.distance(goal)
        share = min(reach, length / 2) / length if length else 0.0
        return Point(self.x + (goal.x - self.x) * share, self.y + (goal.y - self.y) * share)


@dataclass(frozen=True, slots=True)
class Box:
    """The edges of a rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def around(cls, points: Iterable[Point]) -> Box:
        xs, ys = zip(*points)
        return cls(min(xs), min(ys), max(xs), max(ys))

    @property
    def edges(self) -> tuple[float, float, float, float]:
        return self.left, self.bottom, self.right, self.top

    @property
    def corners(self) -> tuple[Point, Point]:
        """At the lower left and at the upper right."""
        return Point(self.left, self.bottom), Point(self.right, self.top)

    @property
    def middle(self) -> Point:
        return Point((self.left + self.right) / 2, (self.bottom + self.top) / 2)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    def grown(self, by: float) -> Box:
        """Larger by so much on every side."""
        return Box(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def contains(self, other: Box) -> bool:
        return (
            self.left <= other.left
            and self.bottom <= other.bottom
            and other.right <= self.right
            and other.top <= self.top
        )

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def crossed_by(self, start: Point, end: Point) -> bool:
        """Whether the stretch between two points passes through the inside."""
        enter, leave = 0.0, 1.0  # between which shares of the way one is inside
        for begin, step, low, high in (
            (start.x, end.x - start.x, self.left, self.right),
            (start.y, end.y - start.y, self.bottom, self.top),
        ):
            if step:
                first, second = sorted(((low - begin) / step, (high - begin) / step))
                enter, leave = max(enter, first), min(leave, second)
            elif not low < begin < high:
                return False
        return enter < leave


@dataclass(frozen=True, slots=True)
class Glyph:
    """The outline of a glyph as SVG path data, and where and how large it stands in its text; y points up."""

    outline: str
    x: float
    y: float
    scale: float


def number(value: float) -> str:
    """With one decimal at most: a tenth of a pixel."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


class Canvas:
    """Marks under construction. A colour is given by what it means, see colours.py."""

    def __init__(self) -> None:
        self._marks: list[tuple[Layer, str]] = []
        self._uses: set[tuple[str, str]] = set()  # (fill or stroke, meaning of a colour)
        self._names: dict[str, str] = {}  # of the glyphs, by their outlines
        self.views: dict[str, Box] = {}  # parts that a page can show alone, as image.svg#name
        self._edges: Box | None = None

    # --- marks -------------------------------------------------------------------------------------------------------

    def line(
        self, layer: Layer, points: Sequence[Point], stroke: str, width: float, corner: float = 0.0, dash: bool = False
    ) -> None:
        """A line through points, rounded at its corners."""
        self._grow(Box.around(points))
        data = [f"M{_xy(points[0])}"]
        for before, at, after in zip(points, points[1:], points[2:]):
            if corner:
                data.append(f"L{_xy(at.towards(before, corner))}Q{_xy(at)} {_xy(at.towards(after, corner))}")
            else:
                data.append(f"L{_xy(at)}")
        data.append(f"L{_xy(points[-1])}")
        self._add(
            layer,
            f'<path d="{"".join(data)}" {self._paint(None, stroke)} stroke-width="{width}"{DASHES if dash else ""}/>',
        )

    def polygon(self, layer: Layer, points: Sequence[Point], fill: str) -> None:
        self._grow(Box.around(points))
        data = "L".join(map(_xy, points))
        self._add(layer, f'<path d="M{data}Z" {self._paint(fill)}/>')

    def circle(
        self,
        layer: Layer,
        at: Point,
        radius: float,
        fill: str | None,
        stroke: str | None = None,
        width: float | None = None,
    ) -> None:
        self._grow(Box(at.x, at.y, at.x, at.y).grown(radius))
        x, y = _xy(at).split(" ")
        line = f' stroke-width="{width}"' if stroke else ""
        self._add(layer, f'<circle cx="{x}" cy="{y}" r="{number(radius * UNIT)}" {self._paint(fill, stroke)}{line}/>')

    def rectangle(
        self,
        layer: Layer,
        box: Box,
        fill: str | None,
        stroke: str,
        width: float,
        radius: float = 0.0,
        dash: bool = False,
    ) -> None:
        self._grow(box)
        x, y = _xy(Point(box.left, box.top)).split(" ")
        style = (f' rx="{number(radius * UNIT)}"' if radius else "") + (DASHES if dash else "")
        size = f'width="{number(box.width * UNIT)}" height="{number(box.height * UNIT)}"'
        self._add(layer, f'<rect x="{x}" y="{y}" {size}{style} {self._paint(fill, stroke)} stroke-width="{width}"/>')

    def glyphs(self, at: Point, scale: float, glyphs: Iterable[tuple[Glyph, str]], box: Box) -> None:
        """Glyphs, each with its colour, where their text begins, as large as ``scale`` says; box: around their ink."""
        self._grow(box)
        groups = ""
        for fill, group in groupby(glyphs, key=lambda pair: pair[1]):
            uses = ""
            for glyph, _ in group:
                name = self._names.setdefault(glyph.outline, f"g{len(self._names)}")
                resize = f" scale({glyph.scale:g})" if glyph.scale != 1 else ""
                place = f"translate({number(glyph.x)} {number(-glyph.y)}){resize}"
                uses += f'<use href="#{name}" transform="{place}"/>'
            groups += f"<g {self._paint(fill)}>{uses}</g>"
        self._add(Layer.TEXT, f'<g transform="translate({_xy(at)}) scale({scale:g})">{groups}</g>')

    # --- the finished picture ----------------------------------------------------------------------------------------

    @property
    def extent(self) -> Box:
        """The edges of the picture with its margin.

        Raises:
            FigureError: nothing was drawn.
        """
        if self._edges is None:
            raise FigureError("Nothing stands in it.")
        return self._edges.grown(MARGIN)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return round(self.extent.width * UNIT), round(self.extent.height * UNIT)

    def svg(self, title: str, description: str) -> str:
        """The picture as SVG, in light colours, and in dark ones where the page is dark."""
        extent, (width, height) = self.extent, self.size
        ground = self._paint("ground")
        body = "\n".join(markup for _, markup in sorted(self._marks, key=lambda mark: mark[0]))
        glyphs = "".join(f'<path id="{name}" d="{data}"/>' for data, name in self._names.items())
        views = "".join(
            f'<view id="{name}" viewBox="{" ".join(map(number, self._pixels(box)))}"/>\n'
            for name, box in self.views.items()
        )
        dark = "".join(f".{kind[0]}-{meaning}{{{kind}:{colour(meaning).dark}}}" for kind, meaning in sorted(self._uses))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">\n'
            f"<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>\n"
            f"<style>@media (prefers-color-scheme:dark){{{dark}}}</style>\n<defs>{glyphs}</defs>\n{views}"
            f'<rect width="{width}" height="{height}" rx="6" {ground}/>\n'
            f'<g transform="translate({number(-extent.left * UNIT)} {number(extent.top * UNIT)})">\n{body}\n</g>\n</svg>\n'
        )

    def _pixels(self, box: Box) -> tuple[float, ...]:
        """Left, top, width and height in the picture."""
        left, top = box.left - self.extent.left, self.extent.top - box.top
        return tuple(UNIT * length for length in (left, top, box.width, box.height))

    def _add(self, layer: Layer, markup: str) -> None:
        self._marks.append((layer, markup))

    def _grow(self, box: Box) -> None:
        corners = self._edges.corners if self._edges else ()
        self._edges = Box.around([*corners, *box.corners])

    def _paint(self, fill: str | None, stroke: str | None = None) -> str:
        """The attributes that give a mark its light colours, and the classes that give it the dark ones."""
        uses = [(kind, meaning) for kind, meaning in (("fill", fill), ("stroke", stroke)) if meaning]
        self._uses.update(uses)
        attributes = [f'{kind}="{colour(meaning).light}"' for kind, meaning in uses]
        classes = " ".join(f"{kind[0]}-{meaning}" for kind, meaning in uses)
        return " ".join([*([] if fill else ['fill="none"']), *attributes, f'class="{classes}"'])


def _xy(point: Point) -> str:
    return f"{number(point.x * UNIT)} {number(-point.y * UNIT)}"
