"""The vocabulary of the diagrams: input, state, gate, activation, pointwise operation, time step, wire, shape.

Lengths are in units of ``UNIT`` pixels, y points up, and the size of a drawing follows from what stands in it. Formulas are set
by matplotlib's mathtext in Computer Modern, the letters that the site's formulas have, and drawn as outlines: a picture
looks the same wherever it is shown, and needs no font.
"""

import re
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import escape
from itertools import groupby

from matplotlib import rc_context
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path as Outline
from matplotlib.textpath import text_to_path

UNIT = 40
SYMBOL, SMALL = 19, 15  # sizes of symbols and of shapes and code, in pixels
LINE, BOLD, CASING = 2, 3.2, 8  # widths of wires, of wires in a lit part, and of the gap where a wire crosses another
CORNER, FORK, ARROW, GAP = 0.2, 0.09, 0.24, 0.16
MARGIN = 0.3
REACH = 0.95  # length of a wire between the box of a time step and a symbol

# (light, dark). Hues after Okabe and Ito (2008), "Color universal design", darkened until text in them can be read; each stands
# for one meaning in every diagram and in the plots of the chapters.
COLOURS = {
    "ground": ("#ffffff", "#131416"),
    "ink": ("#1f2328", "#e8eaed"),
    "muted": ("#686d73", "#9ba1a7"),
    "faint": ("#c9cdd2", "#4b5056"),
    "input": ("#0072b2", "#6cc1f2"),
    "hidden": ("#b34700", "#ff9f5c"),
    "cell": ("#00785a", "#3fd0a4"),
    "gate": ("#a3437c", "#ee9fcb"),
    "candidate": ("#7a5c00", "#e3c14d"),
    "input-tint": ("#e8f3fb", "#0f3046"),
    "hidden-tint": ("#fdebdd", "#45260f"),
    "cell-tint": ("#dcf3ec", "#0c3a2e"),
    "gate-tint": ("#f9e4f0", "#43203a"),
    "candidate-tint": ("#f8f0d3", "#3b300b"),
    "ink-tint": ("#f0f2f4", "#24272b"),
}
# In plots that set layers side by side, where a colour stands for a layer; each also has a marker and a line of its own.
LAYERS = {"SimpleRNN": "black", "LSTM": "#e69f00", "GRU": "#56b4e9", "Bidirectional": "#cc79a7"}
# What a letter of a formula stands for; the others are ink.
ROLES = {"x": "input", "h": "hidden", "c": "cell", "g": "candidate", **dict.fromkeys("fiozr", "gate")}
SYMBOL_PATTERN = re.compile(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])'?(?:_(?:\{[^}]*\}|[A-Za-z0-9]))?")


@dataclass(frozen=True)
class Figure:
    """What a file of book/images shows: how it is drawn, and the title and description that it carries."""

    draw: Callable[[], "Drawing"]
    title: str
    description: str


FIGURES: dict[str, Figure] = {}  # by the name of the file, without .svg


def figure(name: str, title: str, description: str):
    """Make the function below draw book/images/<name>.svg."""

    def register(draw: Callable[[], "Drawing"]):
        assert name not in FIGURES, f"two figures have the name {name}"
        FIGURES[name] = Figure(draw, title, description)
        return draw

    return register


def role_of(symbol: str) -> str:
    """The meaning, and so the colour, of a symbol such as ``h_{t-1}``."""
    return ROLES.get(symbol[0], "ink")


@cache
def _glyphs(text: str) -> tuple[list, dict]:
    """[(glyph, x, y, scale)] and {glyph: outline} of a text at size 100; text between dollar signs is a formula."""
    if text.startswith("$"):
        with rc_context({"mathtext.fontset": "cm"}):
            placed, outlines, _ = text_to_path.get_glyphs_mathtext(FontProperties(), text)
    else:
        font = get_font(findfont(FontProperties(family="DejaVu Sans Mono")))
        font.set_size(text_to_path.FONT_SCALE, text_to_path.DPI)
        placed, outlines, _ = text_to_path.get_glyphs_with_font(font, text)
    return list(placed), dict(outlines)


def _number(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def _path_data(outline: Outline) -> str:
    names = {Outline.MOVETO: "M", Outline.LINETO: "L", Outline.CURVE3: "Q", Outline.CURVE4: "C", Outline.CLOSEPOLY: "Z"}
    parts = []
    for points, code in outline.iter_segments(simplify=False):
        numbers = [] if code == Outline.CLOSEPOLY else [-v if n % 2 else v for n, v in enumerate(points)]
        parts.append(names[code] + " ".join(map(_number, numbers)))
    return "".join(parts)


@dataclass(frozen=True)
class Node:
    """A box, circle or tile: its middle, its size, and the points where wires meet it."""

    x: float
    y: float
    width: float
    height: float

    def top(self, shift: float = 0.0) -> tuple[float, float]:
        return self.x + shift, self.y + self.height / 2

    def bottom(self, shift: float = 0.0) -> tuple[float, float]:
        return self.x + shift, self.y - self.height / 2

    def left(self, shift: float = 0.0) -> tuple[float, float]:
        return self.x - self.width / 2, self.y + shift

    def right(self, shift: float = 0.0) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + shift


@dataclass
class Label:
    """A text as drawn: its box (left, bottom, right, top) in units, its colour and the colour it stands on."""

    text: str
    box: tuple[float, float, float, float]
    colours: set[str]
    on: str
    size: float
    muted: bool


@dataclass
class Drawing:
    """A picture under construction.

    lit: the parts that are drawn in colour; everything else is muted. None draws everything in colour.
    """

    lit: set[str] | None = None
    labels: list[Label] = field(default_factory=list)
    wires: list[list[tuple[float, float]]] = field(default_factory=list)
    dashed: list[list[tuple[float, float]]] = field(default_factory=list)  # those of the wires that carry no value
    equations: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    _shapes: list[tuple[int, str]] = field(default_factory=list)  # (layer, markup with {x,y} in pixels, y up)
    _parts: tuple[str, ...] = ()
    _areas: list[tuple[tuple[float, float, float, float], str]] = field(default_factory=list)
    _defs: dict[str, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _extent: list[float] = field(default_factory=lambda: [1e9, 1e9, -1e9, -1e9])

    # --- parts -------------------------------------------------------------------------------------------------------

    @contextmanager
    def part(self, *names: str):
        """What is drawn inside belongs to these parts of the picture, and is lit with any of them."""
        before, self._parts = self._parts, names
        yield
        self._parts = before

    @property
    def _muted(self) -> bool:
        return self.lit is not None and not self.lit & set(self._parts)

    @property
    def _line(self) -> float:
        return BOLD if self.lit is not None and not self._muted else LINE

    # --- words of the vocabulary -------------------------------------------------------------------------------------

    def value(
        self, at, symbol: str, shape: str = "", side: str = "center", role: str | None = None, beside: bool = False
    ) -> None:
        """A symbol where a wire begins or ends or beside a wire, with its shape in small letters below it (or beside it).

        side: where the text stands as seen from ``at``: "center", "left", "right", "above" or "below".
        """
        x, y = at
        gap = 0.14
        lines = [(f"${symbol}$", SYMBOL, role or role_of(symbol))] + ([(f"${shape}$", SMALL, "muted")] if shape else [])
        widths = [self._width(text, size) for text, size, _ in lines]
        if beside:
            total = sum(widths) + gap * (len(lines) - 1)
            x = {"left": x - gap - total, "right": x + gap}.get(side, x - total / 2)
            y += {"above": 0.42, "below": -0.42}.get(side, 0)
            for (text, size, colour), width in zip(lines, widths):
                self.text((x + width / 2, y), text, colour, size)
                x += width + gap
            return
        step = 0.5
        if side in ("left", "right"):
            x += (gap + max(widths) / 2) * (1 if side == "right" else -1)
            y += step / 2 * (len(lines) - 1)
        elif side == "above":
            y += 0.36 + step * (len(lines) - 1)
        elif side == "below":
            y -= 0.36
        else:
            y += step / 2 * (len(lines) - 1)
        for (text, size, colour), width in zip(lines, widths):
            shift = {"left": (max(widths) - width) / 2, "right": (width - max(widths)) / 2}.get(side, 0)
            self.text((x + shift, y), text, colour, size)
            y -= step

    def gate(self, at, activation: str, role: str = "gate", width: float = 1.25, height: float = 0.8) -> Node:
        """A box that multiplies by weights, adds a bias and applies an activation."""
        return self.box(at, f"${activation}$", role, width, height)

    def activation(self, at, name: str = r"\tanh", role: str = "ink") -> Node:
        """An activation alone, without weights: a rounded box."""
        return self.box(at, f"${name}$", role, 1.25, 0.66, radius=0.33)

    def pointwise(self, at, sign: str = r"\odot", role: str = "ink") -> Node:
        """An operation entry by entry: product, sum, or 1 minus."""
        node = self._node(at, 0.66, 0.66)
        self._ellipse(node, role)
        if sign in (r"\odot", "+"):
            self._sign(node, sign, role)
        else:
            self.text(at, f"${sign}$", "ink", SMALL)
        return node

    def tile(
        self, at, symbol: str, role: str | None = None, width: float = 1.0, height: float = 0.72, hollow: bool = False
    ) -> Node:
        """A vector as one box: hollow when it stays inside."""
        colour = role or role_of(symbol)
        node = self._node(at, width, height)
        self._rect(node, "ground" if hollow else f"{colour}-tint", "faint" if hollow else colour, radius=0.14)
        below = 0.09 if "arrow" in symbol else 0  # room for the arrow above the letter
        self.text((node.x, node.y - below), f"${symbol}$", "muted" if hollow else colour, SYMBOL)
        return node

    def box(
        self, at, text: str, role: str = "ink", width: float = 1.1, height: float = 0.8, radius: float = 0.1, size=None
    ) -> Node:
        node = self._node(at, width, height)
        self._rect(node, f"{role}-tint", role, radius)
        if text:
            self.text(at, text, "ink" if role == "ink" else role, size or (SYMBOL if text.startswith("$") else SMALL))
        return node

    def frame(self, left: float, bottom: float, right: float, top: float, dash: bool = False) -> Node:
        """The border of a cell, layer or group; it stands behind everything."""
        node = Node((left + right) / 2, (bottom + top) / 2, right - left, top - bottom)
        self._rect(node, "ground", "faint", radius=0.3, layer=0, dash=dash)
        return node

    def outline(
        self, left: float, bottom: float, right: float, top: float, role: str = "ink", bold: bool = False
    ) -> Node:
        """A border around things already drawn, which belong together."""
        node = Node((left + right) / 2, (bottom + top) / 2, right - left, top - bottom)
        self._rect(node, None, role, radius=0.2, layer=6, line=BOLD if bold else None)
        return node

    def wire(self, *points, role: str = "ink", arrow: bool = True, dash: bool = False) -> None:
        """A wire along horizontal and vertical stretches; where it crosses another, the lower one is interrupted."""
        points = [tuple(p) for p in points]
        self.wires.append(points)
        if dash:
            self.dashed.append(points)
        for point in points:
            self._grow(*point, *point)
        (x0, y0), (x1, y1) = points[-2:]
        length = max(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, 1e-9)
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        line = list(points)
        if arrow:
            line[-1] = (x1 - ux * ARROW * 0.8, y1 - uy * ARROW * 0.8)
        data = [f"M{self._xy(*line[0])}"]
        for before, corner, after in zip(line, line[1:], line[2:]):
            a, b = _towards(corner, before, CORNER), _towards(corner, after, CORNER)
            data.append(f"L{self._xy(*a)}Q{self._xy(*corner)} {self._xy(*b)}")
        data.append(f"L{self._xy(*line[-1])}")
        d = "".join(data)
        colour = "faint" if self._muted else role
        layer = 2 if self._muted else 4
        style = ' stroke-dasharray="5 4"' if dash else ""
        gap = [_towards(line[0], line[1], GAP), *line[1:-1], _towards(line[-1], line[-2], GAP)]
        around = "M" + "L".join(self._xy(*point) for point in gap)
        self._add(layer, f'<path d="{around}" fill="none" {self._paint("stroke", "ground")} stroke-width="{CASING}"/>')
        self._add(
            layer, f'<path d="{d}" fill="none" {self._paint("stroke", colour)} stroke-width="{self._line}"{style}/>'
        )
        if arrow:
            wing = ARROW * 0.45
            back = (x1 - ux * ARROW, y1 - uy * ARROW)
            a, b = (back[0] - uy * wing, back[1] + ux * wing), (back[0] + uy * wing, back[1] - ux * wing)
            self._add(
                layer, f'<path d="M{self._xy(x1, y1)}L{self._xy(*a)}L{self._xy(*b)}Z" {self._paint("fill", colour)}/>'
            )

    def fork(self, at, role: str = "ink") -> None:
        """The dot where one wire becomes two: both carry the same value."""
        x, y = self._xy(*at).split(" ")
        layer = 3 if self._muted else 4
        self._add(
            layer,
            f'<circle cx="{x}" cy="{y}" r="{FORK * UNIT:g}" {self._paint("fill", "faint" if self._muted else role)}/>',
        )

    def inputs(self, boxes: list[Node], name: str = "x_%s", shape: str = "(B, n)") -> None:
        """The input of each time step, from below; one box a time step."""
        for t, box in enumerate(boxes, 1):
            start = (box.x, box.bottom()[1] - REACH)
            self.wire(start, box.bottom(), role="input")
            self.value(start, name % t, shape, "below")

    def outputs(self, boxes: list[Node], name: str = "h_%s", shape: str = "(B, u)") -> None:
        """The hidden state of each time step, leaving upwards."""
        for t, box in enumerate(boxes, 1):
            end = (box.x, box.top()[1] + REACH)
            self.wire(box.top(), end, role="hidden")
            self.value(end, name % t, shape, "above")

    def matrix(self, left: float, top: float, rows: int, columns: int, roles=None, cell: float = 0.4) -> Node:
        """An array as a grid of entries. roles: the meaning of each column, a list; or a function of (row, column)."""
        for row in range(rows):
            for column in range(columns):
                role = roles(row, column) if callable(roles) else roles[column] if roles else "ink"
                middle = Node(left + (column + 0.5) * cell, top - (row + 0.5) * cell, cell, cell)
                self._rect(
                    middle,
                    f"{role}-tint" if role != "none" else "ground",
                    "faint" if role == "none" else role,
                    0,
                    line=1,
                )
        return Node(left + columns * cell / 2, top - rows * cell / 2, columns * cell, rows * cell)

    def bracket(
        self, start, end, text: str = "", colour: str = "muted", away: float = 0.42, size: float = SMALL
    ) -> None:
        """A measure line from start to end, with a text on its left-hand side as one walks."""
        (x0, y0), (x1, y1) = start, end
        length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
        nx, ny = -(y1 - y0) / length, (x1 - x0) / length
        for x, y in (start, end):
            self._stroke([(x - nx * 0.1, y - ny * 0.1), (x + nx * 0.1, y + ny * 0.1)], colour)
        self._stroke([start, end], colour)
        if text:
            width = self._width(text, size)
            reach = away if abs(ny) > abs(nx) else width / 2 + 0.22
            self.text(((x0 + x1) / 2 + nx * reach, (y0 + y1) / 2 + ny * reach), text, colour, size)

    def text(self, at, text: str, colour: str = "ink", size: float = SMALL, align: str = "center") -> Label:
        """A formula between dollar signs, or code. Its symbols take the colour of their meaning in an `equation` only."""
        return self._set(at, text, [("", colour)], size, align)

    def equation(self, at, formula: str, size: float = SYMBOL, align: str = "center") -> Label:
        """A formula whose symbols have the colours of their meaning."""
        runs, last = [], 0
        for match in SYMBOL_PATTERN.finditer(formula):
            runs += [(formula[last : match.start()], "ink"), (match.group(), role_of(match.group()))]
            last = match.end()
        self.equations.append(formula)
        return self._set(at, f"${formula}$", [*runs, (formula[last:], "ink")], size, align)

    # --- the finished picture ----------------------------------------------------------------------------------------

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        left, bottom, right, top = self.extent
        return (right - left) * UNIT, (top - bottom) * UNIT

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of the picture with its margin, in units."""
        left, bottom, right, top = self._extent
        return left - MARGIN, bottom - MARGIN, right + MARGIN, top + MARGIN

    def svg(self, title: str, description: str) -> str:
        """The picture as SVG, in light colours, and in dark ones where the page is dark."""
        width, height = (round(v) for v in self.size)
        left, _, _, top = self.extent
        body = "\n".join(markup for _, markup in sorted(self._shapes, key=lambda shape: shape[0]))
        glyphs = "".join(f'<path id="{name}" d="{data}"/>' for data, name in self._defs.items())
        dark = "".join(
            f".{kind[0]}-{colour}{{{kind}:{COLOURS[colour][1]}}}"
            for kind, colour in sorted(use.split(" ") for use in self._used | {"fill ground"})
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">\n'
            f"<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>\n"
            f"<style>@media (prefers-color-scheme:dark){{{dark}}}</style>\n<defs>{glyphs}</defs>\n"
            f'<rect width="{width}" height="{height}" rx="6" {self._paint("fill", "ground")}/>\n'
            f'<g transform="translate({_number(-left * UNIT)} {_number(top * UNIT)})">\n{body}\n</g>\n</svg>\n'
        )

    # --- how it is drawn ---------------------------------------------------------------------------------------------

    def _xy(self, x: float, y: float) -> str:
        return f"{_number(x * UNIT)} {_number(-y * UNIT)}"

    def _paint(self, kind: str, colour: str) -> str:
        self._used.add(f"{kind} {colour}")
        return f'{kind}="{COLOURS[colour][0]}" class="{kind[0]}-{colour}"'

    def _add(self, layer: int, markup: str) -> None:
        self._shapes.append((layer, markup))

    def _grow(self, left: float, bottom: float, right: float, top: float) -> None:
        e = self._extent
        self._extent = [min(e[0], left), min(e[1], bottom), max(e[2], right), max(e[3], top)]

    def _node(self, at, width: float, height: float) -> Node:
        self.nodes.append(Node(*at, width, height))
        return self.nodes[-1]

    def _paint_area(self, fill: str | None, stroke: str) -> tuple[str | None, str]:
        if self._muted:
            fill, stroke = fill and "ground", "faint"
        if not fill:
            self._used.add(f"stroke {stroke}")
            return None, f'fill="none" stroke="{COLOURS[stroke][0]}" class="s-{stroke}"'
        self._used |= {f"fill {fill}", f"stroke {stroke}"}
        return fill, f'fill="{COLOURS[fill][0]}" stroke="{COLOURS[stroke][0]}" class="f-{fill} s-{stroke}"'

    def _rect(
        self,
        node: Node,
        fill: str | None,
        stroke: str,
        radius: float,
        layer: int = 5,
        line: float | None = None,
        dash: bool = False,
    ) -> None:
        left, top = node.left()[0], node.top()[1]
        fill, paint = self._paint_area(fill, stroke)
        self._grow(left, node.bottom()[1], node.right()[0], top)
        if fill:
            self._areas.append(((left, node.bottom()[1], node.right()[0], top), fill))
        x, y = self._xy(left, top).split(" ")
        style = f' rx="{_number(radius * UNIT)}"' if radius else ""
        style += ' stroke-dasharray="5 4"' if dash else ""
        self._add(
            layer,
            f'<rect x="{x}" y="{y}" width="{_number(node.width * UNIT)}" height="{_number(node.height * UNIT)}"{style} {paint} '
            f'stroke-width="{line or self._line}"/>',
        )

    def _ellipse(self, node: Node, role: str) -> None:
        fill, paint = self._paint_area("ground", role)
        self._grow(node.left()[0], node.bottom()[1], node.right()[0], node.top()[1])
        x, y = self._xy(node.x, node.y).split(" ")
        self._add(
            5, f'<circle cx="{x}" cy="{y}" r="{_number(node.width / 2 * UNIT)}" {paint} stroke-width="{self._line}"/>'
        )

    def _sign(self, node: Node, sign: str, role: str) -> None:
        """The dot of the elementwise product, the cross of the sum: drawn, so that they stand in the middle."""
        colour = "faint" if self._muted else role
        x, y = self._xy(node.x, node.y).split(" ")
        if sign == "+":
            a = 0.2
            self._stroke([(node.x - a, node.y), (node.x + a, node.y)], colour, 6)
            self._stroke([(node.x, node.y - a), (node.x, node.y + a)], colour, 6)
        else:
            self._add(6, f'<circle cx="{x}" cy="{y}" r="{_number(0.11 * UNIT)}" {self._paint("fill", colour)}/>')
        box = (node.left()[0], node.bottom()[1], node.right()[0], node.top()[1])
        self.labels.append(Label(f"${sign}$", box, {"muted" if self._muted else role}, "ground", SYMBOL, self._muted))

    def _stroke(self, points, colour: str, layer: int = 4, width: float = 1.6) -> None:
        for point in points:
            self._grow(*point, *point)
        data = "M" + "L".join(self._xy(*point) for point in points)
        colour = "faint" if self._muted else colour
        self._add(layer, f'<path d="{data}" fill="none" {self._paint("stroke", colour)} stroke-width="{width}"/>')

    def _width(self, text: str, size: float) -> float:
        left, _, right, _ = _bounds(text)
        return (right - left) * size / 100 / UNIT

    def _set(self, at, text: str, runs: list[tuple[str, str]], size: float, align: str) -> Label:
        """Set a text in one colour, ``[("", colour)]``, or a formula in runs of (part of the formula, its colour)."""
        placed, outlines = _glyphs(text)
        left, bottom, right, top = (v * size / 100 / UNIT for v in _bounds(text))
        x = at[0] - {"center": (left + right) / 2, "left": left, "right": right}[align]
        # half the height of a capital letter: the middle of the letters, not of their box
        y = at[1] - 0.34 * size / UNIT
        if self._muted:
            runs = [("", "muted")]
        if len(runs) == 1:
            colours = [runs[0][1]] * len(placed)
        else:
            colours = [colour for run, colour in runs if run.strip() for _ in _glyphs(f"${run}$")[0]]
        assert len(colours) == len(placed), f"{text}: {len(colours)} colours for {len(placed)} glyphs"
        box = (x + left, y + bottom, x + right, y + top)
        self._grow(*box)
        on = next((fill for area, fill in reversed(self._areas) if _inside(box, area)), "ground")
        label = Label(text, box, set(colours), on, size, self._muted)
        self.labels.append(label)
        uses = []
        for (glyph, gx, gy, scale), colour in zip(placed, colours):
            if len(outlines[glyph][0]):  # not a space
                name = self._defs.setdefault(_path_data(Outline(*outlines[glyph])), f"g{len(self._defs)}")
                resize = f" scale({scale:g})" if scale != 1 else ""
                place = f"translate({_number(gx)} {_number(-gy)}){resize}"
                uses.append((colour, f'<use href="#{name}" transform="{place}"/>'))
        inner = "".join(
            f"<g {self._paint('fill', colour)}>{''.join(use for _, use in group)}</g>"
            for colour, group in groupby(uses, key=lambda use: use[0])
        )
        self._add(7, f'<g transform="translate({self._xy(x, y)}) scale({size / 100:g})">{inner}</g>')
        return label


@cache
def _bounds(text: str) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a text at size 100."""
    placed, outlines = _glyphs(text)
    boxes = []
    for glyph, x, y, scale in placed:
        vertices, codes = outlines[glyph]
        if len(vertices):
            box = Outline(vertices, codes).get_extents()
            boxes.append((x + box.x0 * scale, y + box.y0 * scale, x + box.x1 * scale, y + box.y1 * scale))
    lefts, bottoms, rights, tops = zip(*boxes)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _inside(box, area) -> bool:
    return area[0] <= box[0] and area[1] <= box[1] and box[2] <= area[2] and box[3] <= area[3]


def _towards(start, goal, reach: float) -> tuple[float, float]:
    """The point on the way from start to goal, at most ``reach`` away and at most half way."""
    (x0, y0), (x1, y1) = start, goal
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    share = min(reach, length / 2) / length
    return x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
