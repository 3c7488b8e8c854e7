"""The words of the figures: gate, activation, pointwise operation, value, wire, time step, array, shape.

A ``Drawing`` is made of them. Lengths are in units of ``canvas.UNIT`` pixels, and y points up.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, get_args

from .canvas import UNIT, Box, Canvas, Layer, Point
from .colours import coloured, role_of
from .errors import FigureError
from .typesetting import SIZE, typeset

SYMBOL, SMALL = 19, 15  # sizes of symbols and of shapes and code, in pixels
LINE, BOLD, CASING = 2, 3.2, 8  # widths of wires, of wires in a lit part, and of the gap where a wire crosses another
CORNER, FORK, ARROW, GAP = 0.2, 0.09, 0.24, 0.16
REACH = 0.95  # length of a wire between the box of a time step and a symbol
STEPS = range(1, 5)  # the time steps of the running sentence

Side = Literal["center", "left", "right", "above", "below"]  # where a text stands as seen from its point
Align = Literal["center", "left", "right"]
Roles = Sequence[str] | Callable[[int, int], str] | None  # of the columns of an array, or of (row, column)


@dataclass(frozen=True)
class Node:
    """A box, circle or tile: its middle, its size, and the points where wires meet it."""

    at: Point
    width: float
    height: float

    @property
    def x(self) -> float:
        return self.at.x

    @property
    def y(self) -> float:
        return self.at.y

    @property
    def box(self) -> Box:
        right, up = self.width / 2, self.height / 2
        return Box(self.x - right, self.y - up, self.x + right, self.y + up)

    def top(self, shift: float = 0.0) -> Point:
        return Point(self.x + shift, self.box.top)

    def bottom(self, shift: float = 0.0) -> Point:
        return Point(self.x + shift, self.box.bottom)

    def left(self, shift: float = 0.0) -> Point:
        return Point(self.box.left, self.y + shift)

    def right(self, shift: float = 0.0) -> Point:
        return Point(self.box.right, self.y + shift)


@dataclass(frozen=True)
class Label:
    """A text as drawn: the box around its ink, its colours and the colour it stands on, its size in pixels."""

    text: str
    box: Box
    colours: frozenset[str]
    on: str
    size: float
    muted: bool


@dataclass(frozen=True)
class Wire:
    """A wire as drawn; a dashed one carries no value."""

    points: tuple[Point, ...]
    dash: bool

    @property
    def stretches(self) -> list[tuple[Point, Point]]:
        return list(zip(self.points, self.points[1:]))


@dataclass
class Drawing:
    """A figure under construction, and what stands in it, for the tests to look at.

    lit: the parts that are drawn in colour; everything else is muted. None draws everything in colour.
    """

    lit: set[str] | None = None
    labels: list[Label] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    equations: list[str] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    canvas: Canvas = field(default_factory=Canvas)
    _parts: tuple[str, ...] = ()
    _areas: list[tuple[Box, str]] = field(default_factory=list)  # filled, with their colour

    # --- parts -------------------------------------------------------------------------------------------------------

    @contextmanager
    def part(self, *names: str) -> Iterator[None]:
        """What is drawn inside belongs to these parts of the figure, and is lit with any of them."""
        before, self._parts = self._parts, names
        yield
        self._parts = before

    @property
    def _muted(self) -> bool:
        return self.lit is not None and not self.lit & set(self._parts)

    @property
    def _line(self) -> float:
        return BOLD if self.lit is not None and not self._muted else LINE

    def _tone(self, role: str) -> str:
        """The colour of a line of this meaning."""
        return "faint" if self._muted else role

    # --- values ------------------------------------------------------------------------------------------------------

    def value(
        self,
        at: Point,
        symbol: str,
        shape: str = "",
        side: Side = "center",
        role: str | None = None,
        beside: bool = False,
    ) -> None:
        """A symbol where a wire begins or ends or beside a wire, with its shape in small letters below it (or beside it).

        Raises:
            FigureError: there is no such side.
        """
        if side not in get_args(Side):
            raise FigureError(f"{symbol} cannot stand {side!r}; the sides are {', '.join(get_args(Side))}.")
        lines: list[tuple[str, float, str]] = [(f"${symbol}$", SYMBOL, role or role_of(symbol))]
        if shape:
            lines.append((f"${shape}$", SMALL, "muted"))
        widths = [_width(text, size) for text, size, _ in lines]
        if beside:
            self._side_by_side(at, lines, widths, side)
        else:
            self._stacked(at, lines, widths, side)

    def _side_by_side(self, at: Point, lines: list[tuple[str, float, str]], widths: list[float], side: Side) -> None:
        x, y = at
        gap = 0.14
        total = sum(widths) + gap * (len(lines) - 1)
        x = {"left": x - gap - total, "right": x + gap}.get(side, x - total / 2)
        y += {"above": 0.42, "below": -0.42}.get(side, 0)
        for (text, size, colour), width in zip(lines, widths):
            self.text(Point(x + width / 2, y), text, colour, size)
            x += width + gap

    def _stacked(self, at: Point, lines: list[tuple[str, float, str]], widths: list[float], side: Side) -> None:
        x, y = at
        gap, step, wide = 0.14, 0.5, max(widths)
        above = step * (len(lines) - 1)  # of the last line stands the first
        x += {"left": -(gap + wide / 2), "right": gap + wide / 2}.get(side, 0)
        y += {"above": 0.36 + above, "below": -0.36}.get(side, above / 2)
        for (text, size, colour), width in zip(lines, widths):
            shift = {"left": (wide - width) / 2, "right": (width - wide) / 2}.get(side, 0)
            self.text(Point(x + shift, y), text, colour, size)
            y -= step

    # --- boxes -------------------------------------------------------------------------------------------------------

    def gate(self, at: Point, activation: str, role: str = "gate", width: float = 1.25, height: float = 0.8) -> Node:
        """A box that multiplies by weights, adds a bias and applies an activation."""
        return self.box(at, f"${activation}$", role, width, height)

    def activation(self, at: Point, name: str = r"\tanh", role: str = "ink") -> Node:
        """An activation alone, without weights: a rounded box."""
        return self.box(at, f"${name}$", role, 1.25, 0.66, radius=0.33)

    def pointwise(self, at: Point, sign: str = r"\odot", role: str = "ink") -> Node:
        """An operation entry by entry: product, sum, or 1 minus."""
        node = self._node(at, 0.66, 0.66)
        self.canvas.circle(Layer.BOX, at, node.width / 2, "ground", self._tone(role), self._line)
        if sign in (r"\odot", "+"):
            self._sign(node, sign, role)
        else:
            self.text(at, f"${sign}$", "ink", SMALL)
        return node

    def tile(
        self,
        at: Point,
        symbol: str,
        role: str | None = None,
        width: float = 1.0,
        height: float = 0.72,
        hollow: bool = False,
    ) -> Node:
        """A vector as one box: hollow when it stays inside."""
        colour = role or role_of(symbol)
        node = self._node(at, width, height)
        self._rectangle(node.box, "ground" if hollow else f"{colour}-tint", "faint" if hollow else colour, 0.14)
        below = 0.09 if "arrow" in symbol else 0  # room for the arrow above the letter
        self.text(at.moved(up=-below), f"${symbol}$", "muted" if hollow else colour, SYMBOL)
        return node

    def box(
        self,
        at: Point,
        text: str,
        role: str = "ink",
        width: float = 1.1,
        height: float = 0.8,
        radius: float = 0.1,
        size: float | None = None,
    ) -> Node:
        """An operation with a name, in code or as a formula."""
        node = self._node(at, width, height)
        self._rectangle(node.box, f"{role}-tint", role, radius)
        if text:
            self.text(at, text, role, size or (SYMBOL if text.startswith("$") else SMALL))
        return node

    def frame(self, box: Box, dash: bool = False) -> Node:
        """The border of a cell, layer or group; it stands behind everything."""
        self._rectangle(box, "ground", "faint", 0.3, Layer.FRAME, dash=dash)
        return Node(box.middle, box.width, box.height)

    def outline(self, box: Box, role: str = "ink", bold: bool = False) -> None:
        """A border around things already drawn, which belong together."""
        self._rectangle(box, None, role, 0.2, Layer.SIGN, BOLD if bold else None)

    def matrix(self, corner: Point, rows: int, columns: int, roles: Roles = None, cell: float = 0.4) -> Node:
        """An array as a grid of entries.

        corner: the upper left one; roles: the meaning of each column, or a function of (row, column); cell: the side of an entry.
        """
        for row in range(rows):
            for column in range(columns):
                role = roles(row, column) if callable(roles) else roles[column] if roles else "ink"
                entry = Node(corner.moved((column + 0.5) * cell, -(row + 0.5) * cell), cell, cell)
                fill, stroke = ("ground", "faint") if role == "none" else (f"{role}-tint", role)
                self._rectangle(entry.box, fill, stroke, 0, line=1)
        return Node(corner.moved(columns * cell / 2, -rows * cell / 2), columns * cell, rows * cell)

    def bars(self, corner: Point, values: Sequence[float], pitch: float, length: float, upright: bool = True) -> None:
        """Values between 0 and 1 as bars: side by side and upright, or one below the other and lying.

        corner: the lower left one; pitch: from one bar to the next; length: of a bar that stands for 1.
        """
        thick, across = 0.62 * pitch, len(values) * pitch
        for n, value in enumerate(values):
            along, side = value * length / 2, (n + 0.5) * pitch
            if upright:
                self.box(corner.moved(side, along), "", "ink", thick, 2 * along, radius=0)
            else:
                self.box(corner.moved(along, across - side), "", "ink", 2 * along, thick, radius=0)
        self.wire(corner, corner.moved(across) if upright else corner.moved(up=across), arrow=False)

    # --- lines -------------------------------------------------------------------------------------------------------

    def wire(self, *points: Point, role: str = "ink", arrow: bool = True, dash: bool = False) -> None:
        """A wire along horizontal and vertical stretches; where it crosses another, the lower one is interrupted."""
        self.wires.append(Wire(points, dash))
        layer, colour = Layer.MUTED_WIRE if self._muted else Layer.WIRE, self._tone(role)
        tip = points[-1]
        along = points[-2].direction(tip)
        line = [*points[:-1], tip - along * ARROW * 0.8] if arrow else points
        gap = [line[0].towards(line[1], GAP), *line[1:-1], line[-1].towards(line[-2], GAP)]
        self.canvas.line(layer, gap, "ground", CASING)
        self.canvas.line(layer, line, colour, self._line, CORNER, dash)
        if arrow:
            back, wing = tip - along * ARROW, along.turned() * (ARROW * 0.45)
            self.canvas.polygon(layer, [tip, back + wing, back - wing], colour)

    def fork(self, at: Point, role: str = "ink") -> None:
        """The dot where one wire becomes two: both carry the same value."""
        self.canvas.circle(Layer.MUTED_FORK if self._muted else Layer.WIRE, at, FORK, self._tone(role))

    def bracket(
        self, start: Point, end: Point, text: str = "", colour: str = "muted", away: float = 0.42, size: float = SMALL
    ) -> None:
        """A measure line from start to end, with a text on its left-hand side as one walks."""
        across = start.direction(end).turned()
        for at in (start, end):
            self._stroke([at - across * 0.1, at + across * 0.1], colour)
        self._stroke([start, end], colour)
        if text:
            lies = abs(across.y) > abs(across.x)
            self.text(
                start.middle(end) + across * (away if lies else _width(text, size) / 2 + 0.22), text, colour, size
            )

    # --- time steps --------------------------------------------------------------------------------------------------

    def inputs(self, boxes: Iterable[Node], name: str = "x_%s", shape: str = "(B, n)") -> None:
        """The input of each time step, from below; one box a time step, whose number stands for the %s of the name."""
        for t, box in enumerate(boxes, 1):
            start = box.bottom().moved(up=-REACH)
            self.wire(start, box.bottom(), role="input")
            self.value(start, name.replace("%s", str(t)), shape, "below")

    def outputs(self, boxes: Iterable[Node], name: str = "h_%s", shape: str = "(B, u)") -> None:
        """The hidden state of each time step, leaving upwards."""
        for t, box in enumerate(boxes, 1):
            end = box.top().moved(up=REACH)
            self.wire(box.top(), end, role="hidden")
            self.value(end, name.replace("%s", str(t)), shape, "above")

    # --- texts -------------------------------------------------------------------------------------------------------

    def text(self, at: Point, text: str, colour: str = "ink", size: float = SMALL, align: Align = "center") -> Label:
        """A formula between dollar signs, or code. Its symbols take the colour of their meaning in an `equation` only."""
        return self._set(at, text, [colour] * len(typeset(text).glyphs), size, align)

    def equation(self, at: Point, formula: str, size: float = SYMBOL, align: Align = "center") -> Label:
        """A formula whose symbols have the colours of their meaning."""
        self.equations.append(formula)
        colours = [colour for part, colour in coloured(formula) for _ in typeset(f"${part}$").glyphs]
        return self._set(at, f"${formula}$", colours, size, align)

    # --- how it is drawn ---------------------------------------------------------------------------------------------

    def _node(self, at: Point, width: float, height: float) -> Node:
        self.nodes.append(Node(at, width, height))
        return self.nodes[-1]

    def _rectangle(
        self,
        box: Box,
        fill: str | None,
        stroke: str,
        radius: float,
        layer: Layer = Layer.BOX,
        line: float | None = None,
        dash: bool = False,
    ) -> None:
        if self._muted:
            fill = fill and "ground"
        if fill:
            self._areas.append((box, fill))
        self.canvas.rectangle(layer, box, fill, self._tone(stroke), line or self._line, radius, dash)

    def _sign(self, node: Node, sign: str, role: str) -> None:
        """The dot of the elementwise product, the cross of the sum: drawn, so that they stand in the middle."""
        if sign == "+":
            arm = 0.2
            self._stroke([node.at.moved(-arm), node.at.moved(arm)], role, Layer.SIGN)
            self._stroke([node.at.moved(up=-arm), node.at.moved(up=arm)], role, Layer.SIGN)
        else:
            self.canvas.circle(Layer.SIGN, node.at, 0.11, self._tone(role))
        colours = frozenset({"muted" if self._muted else role})
        self.labels.append(Label(f"${sign}$", node.box, colours, "ground", SYMBOL, self._muted))

    def _stroke(self, points: Sequence[Point], colour: str, layer: Layer = Layer.WIRE) -> None:
        self.canvas.line(layer, points, self._tone(colour), 1.6)

    def _set(self, at: Point, text: str, colours: list[str], size: float, align: Align) -> Label:
        """Set a text, with a colour for each glyph."""
        setting = typeset(text)
        if len(colours) != len(setting.glyphs):
            raise FigureError(f"{text}: {len(colours)} colours for {len(setting.glyphs)} glyphs")
        if self._muted:
            colours = ["muted"] * len(colours)
        left, bottom, right, top = (edge * size / SIZE / UNIT for edge in setting.box.edges)
        x = at.x - {"center": (left + right) / 2, "left": left, "right": right}[align]
        # half the height of a capital letter: the middle of the letters, not of their box
        y = at.y - 0.34 * size / UNIT
        box = Box(x + left, y + bottom, x + right, y + top)
        on = next((fill for area, fill in reversed(self._areas) if area.contains(box)), "ground")
        self.labels.append(Label(text, box, frozenset(colours), on, size, self._muted))
        self.canvas.glyphs(Point(x, y), size / SIZE, zip(setting.glyphs, colours), box)
        return self.labels[-1]


def _width(text: str, size: float) -> float:
    return typeset(text).box.width * size / SIZE / UNIT
