"""One time step of each layer, drawn from the same few words; each picture with one part lit beside its equation."""

from collections.abc import Callable, Sequence
from functools import partial

from .canvas import Box, Point
from .catalogue import figure
from .vocabulary import SMALL, Drawing, Node

SHAPE_H, SHAPE_X = "(B, u)", "(B, n)"
PORT = 0.3  # the state enters a box left of its middle, the input as far right of it

LSTM = {
    "forget-gate": r"f_t = \sigma(x_t W_f + h_{t-1} U_f + b_f)",
    "input-gate": r"i_t = \sigma(x_t W_i + h_{t-1} U_i + b_i)",
    "candidate": r"g_t = \tanh(x_t W_g + h_{t-1} U_g + b_g)",
    "cell-state": r"c_t = f_t \odot c_{t-1} + i_t \odot g_t",
    "output-gate": r"o_t = \sigma(x_t W_o + h_{t-1} U_o + b_o)",
    "hidden-state": r"h_t = o_t \odot \tanh(c_t)",
}
GRU = {
    "update-gate": r"z_t = \sigma(x_t W_z + b_z + h_{t-1} U_z + d_z)",
    "reset-gate": r"r_t = \sigma(x_t W_r + b_r + h_{t-1} U_r + d_r)",
    "candidate": r"g_t = \tanh(x_t W_g + b_g + r_t \odot (h_{t-1} U_g + d_g))",
    "hidden-state": r"h_t = z_t \odot h_{t-1} + (1 - z_t) \odot g_t",
}


def _beside(d: Drawing, equation: str | None, cell: Node, below: float) -> None:
    if equation:
        with d.part(*(d.lit or ())):
            d.equation(Point(cell.x, below), equation)


def _hand_on(d: Drawing, split: Point, above: float, to: Point) -> None:
    """h_t leaves twice: upwards to the height ``above``, and to the point ``to`` on the right, to the next time step."""
    up = Point(split.x, above)
    d.wire(split, up, role="hidden")
    d.wire(split, *([Point(split.x, to.y)] if to.y != split.y else []), to, role="hidden")
    d.fork(split, "hidden")
    d.value(up, "h_t", SHAPE_H, "above", beside=True)
    d.value(to, "h_t", SHAPE_H, "right")


def _light(draw: Callable[[str], Drawing], layer: str, equations: dict[str, str]) -> None:
    """A figure for each equation of a layer, with the part lit that computes it."""
    for part, equation in equations.items():
        figure(
            f"{layer.lower()}-{part}",
            f"One time step of {'an' if layer == 'LSTM' else 'a'} {layer}: {part.replace('-', ' ')}",
            f"The part that computes {equation} is lit.",
        )(partial(draw, part))


def _feed(
    d: Drawing, boxes: list[tuple[Node, str]], start: Point, bus: float, ends: Sequence[Point], role: str
) -> None:
    """A wire from start along the level ``bus`` with a branch to each end; a stretch belongs to the parts of all boxes behind it."""
    before = start
    for number, end in enumerate(ends):
        corner, last = Point(end.x, bus), number == len(ends) - 1
        way = [before, corner] if before.y == bus else [before, Point(before.x, bus), corner]
        with d.part(*(name for _, name in boxes[number:])):
            d.wire(*way, *([end] if last else []), role=role, arrow=last)
        before = corner
    for end, (_, name) in list(zip(ends, boxes))[:-1]:
        with d.part(name):
            d.wire(Point(end.x, bus), end, role=role)
            d.fork(Point(end.x, bus), role)


@figure(
    "lstm-cell",
    "One time step of an LSTM",
    "x_t and h_(t-1) enter the forget gate, the input gate, the candidate and the output gate. c_(t-1) times f_t plus i_t times g_t is c_t; "
    "tanh of c_t times o_t is h_t.",
)
def lstm(lit: str | None = None) -> Drawing:
    d = Drawing({lit} if lit else None)
    x_bus, h_bus, gates_y, middle, line = 0, 0.8, 2.1, 3.55, 6.5
    left, right, top = 0, 9.1, 7.3
    cell = d.frame(Box(left, -0.5, right, top))
    names = [
        ("forget-gate", r"\sigma", "gate"),
        ("input-gate", r"\sigma", "gate"),
        ("candidate", r"\tanh", "candidate"),
        ("output-gate", r"\sigma", "gate"),
    ]
    boxes = []
    for number, (name, activation, role) in enumerate(names):
        with d.part(name):
            boxes.append((d.gate(Point(1.2 + 1.95 * number, gates_y), activation, role), name))
    forget, into, candidate, out = (node for node, _ in boxes)
    # the cell state, from left to right
    with d.part("cell-state"):
        keep = d.pointwise(Point(forget.x, line), role="cell")
        new = d.pointwise(Point((into.x + candidate.x) / 2, 4.9), role="cell")
        add = d.pointwise(Point(new.x, line), "+", role="cell")
        d.wire(Point(left - 0.6, line), keep.left(), role="cell")
        d.value(Point(left - 0.6, line), "c_{t-1}", SHAPE_H, "left")
        d.wire(keep.right(), add.left(), role="cell")
        d.wire(new.top(), add.bottom(), role="cell")
    with d.part("cell-state", "forget-gate"):
        d.wire(forget.top(), keep.bottom(), role="gate")
        d.value(Point(forget.x, middle), "f_t", SHAPE_H, "right")
    with d.part("cell-state", "input-gate"):
        d.wire(into.top(), Point(into.x, new.y), new.left(), role="gate")
        d.value(Point(into.x, middle), "i_t", SHAPE_H, "right")
    with d.part("cell-state", "candidate"):
        d.wire(candidate.top(), Point(candidate.x, new.y), new.right(), role="candidate")
        d.value(Point(candidate.x, middle), "g_t", SHAPE_H, "right")
    # what the cell shows
    with d.part("hidden-state"):
        squash = d.activation(Point(out.x, 5.35), role="cell")
        show = d.pointwise(Point(out.x, 4.1), role="hidden")
    with d.part("cell-state", "hidden-state"):
        d.wire(add.right(), Point(right + 0.75, line), role="cell")
        d.value(Point(right + 0.75, line), "c_t", SHAPE_H, "right")
    with d.part("hidden-state"):
        d.wire(Point(out.x, line), squash.top(), role="cell")
        d.fork(Point(out.x, line), "cell")
        d.wire(squash.bottom(), show.top(), role="cell")
        split = Point(right - 0.6, show.y)
        d.wire(show.right(), split, role="hidden", arrow=False)
        _hand_on(d, split, top + 0.55, Point(right + 0.75, h_bus))
    with d.part("hidden-state", "output-gate"):
        d.wire(out.top(), show.bottom(), role="gate")
        d.value(Point(out.x, 3.2), "o_t", SHAPE_H, "right")
    # what every box is given
    _feed(d, boxes, Point(left - 0.6, h_bus), h_bus, [box.bottom(-PORT) for box, _ in boxes], "hidden")
    _feed(d, boxes, Point(0.55, -1.1), x_bus, [box.bottom(PORT) for box, _ in boxes], "input")
    with d.part(*(name for _, name in boxes)):
        d.value(Point(left - 0.6, h_bus), "h_{t-1}", SHAPE_H, "left")
        d.value(Point(0.55, -1.1), "x_t", SHAPE_X, "below", beside=True)
    _beside(d, lit and LSTM[lit], cell, -2.5)
    return d


_light(lstm, "LSTM", LSTM)


@figure(
    "simple-rnn-cell",
    "One time step of a SimpleRNN",
    "x_t times W, h_(t-1) times U and b are added; tanh of the sum is h_t, the output and the state for the next time step.",
)
def simple_rnn() -> Drawing:
    d = Drawing()
    left, right, bottom, top, path = 0, 7.2, 0, 4.6, 2.9
    cell = d.frame(Box(left, bottom, right, top))
    recurrent = d.box(Point(1.5, path), "$U$", "hidden", 0.9)
    add = d.pointwise(Point(3.2, path), "+")
    kernel = d.box(Point(add.x, 1.2), "$W$", "input", 0.9)
    squash = d.activation(Point(5.1, path), role="hidden")
    split = Point(right - 0.7, path)
    d.wire(Point(left - 0.6, path), recurrent.left(), role="hidden")
    d.value(Point(left - 0.6, path), "h_{t-1}", SHAPE_H, "left")
    d.wire(recurrent.right(), add.left(), role="hidden")
    d.wire(Point(add.x, bottom - 0.6), kernel.bottom(), role="input")
    d.value(Point(add.x, bottom - 0.6), "x_t", SHAPE_X, "below", beside=True)
    d.wire(kernel.top(), add.bottom(), role="input")
    d.wire(Point(add.x, top - 0.75), add.top())
    d.value(Point(add.x, top - 0.72), "b", "(u)", "above", beside=True)
    d.wire(add.right(), squash.left())
    d.wire(squash.right(), split, role="hidden", arrow=False)
    _hand_on(d, split, top + 0.55, Point(right + 0.75, path))
    d.text(Point(kernel.box.right + 0.15, kernel.y), "$(n, u)$", "muted", align="left")
    d.text(Point(recurrent.x, recurrent.box.bottom - 0.35), "$(u, u)$", "muted")
    d.equation(Point(cell.x, -1.9), r"h_t = \tanh(x_t W + h_{t-1} U + b)")
    return d


@figure(
    "gru-cell",
    "One time step of a GRU",
    "x_t and h_(t-1) enter the update gate, the reset gate and the candidate; r_t multiplies the recurrent part of the candidate. "
    "h_(t-1) times z_t plus g_t times 1 - z_t is h_t.",
)
def gru(lit: str | None = None) -> Drawing:
    d = Drawing({lit} if lit else None)
    x_bus, h_bus, gates_y, reset_y, candidate_y, mix, line = 0, 0.8, 2.1, 3.35, 4.55, 5.9, 7.1
    left, right, top = 0, 8.9, 7.9
    cell = d.frame(Box(left, -0.5, right, top))
    with d.part("update-gate"):
        update = d.gate(Point(2.0, gates_y), r"\sigma")
    with d.part("reset-gate"):
        reset = d.gate(Point(4.1, gates_y), r"\sigma")
    with d.part("candidate"):
        recurrent = d.box(Point(6.2, gates_y), "$U_g, d_g$", "hidden", 1.25, size=SMALL)
        forget = d.pointwise(Point(recurrent.x, reset_y), role="candidate")
        apart = 0.5  # the input passes beside the box of U_g
        candidate = d.gate(Point(recurrent.x + apart, candidate_y), r"\tanh", "candidate")
    with d.part("hidden-state"):
        keep = d.pointwise(Point(update.x, line), role="hidden")
        rest = d.pointwise(Point(4.1, mix), "1-", role="gate")
        new = d.pointwise(Point(candidate.x, mix), role="hidden")
        add = d.pointwise(Point(candidate.x, line), "+", role="hidden")
    # the state, from left to right
    enter, leave = Point(0.55, line), Point(right - 0.6, line)
    with d.part("hidden-state"):
        d.wire(enter, keep.left(), role="hidden")
        d.wire(keep.right(), add.left(), role="hidden")
        d.wire(rest.right(), new.left(), role="gate")
        d.wire(new.top(), add.bottom(), role="hidden")
        d.wire(add.right(), leave, role="hidden", arrow=False)
        _hand_on(d, leave, top + 0.55, Point(right + 0.75, line))
    d.fork(enter, "hidden")
    everything = ("hidden-state", "update-gate", "reset-gate", "candidate")
    with d.part(*everything):
        d.wire(Point(left - 0.6, line), enter, role="hidden", arrow=False)
        d.value(Point(left - 0.6, line), "h_{t-1}", SHAPE_H, "left")
    with d.part("update-gate", "hidden-state"):
        split = Point(update.x, mix)
        d.wire(update.top(), split, role="gate", arrow=False)
        d.wire(split, keep.bottom(), role="gate")
        d.wire(split, rest.left(), role="gate")
        d.fork(split, "gate")
        d.value(Point(update.x, reset_y), "z_t", SHAPE_H, "right")
    with d.part("reset-gate", "candidate"):
        d.wire(reset.top(), Point(reset.x, reset_y), forget.left(), role="gate")
        d.value(Point(reset.x, reset_y + 0.1), "r_t", SHAPE_H, "above")
    with d.part("candidate"):
        d.wire(recurrent.top(), forget.bottom(), role="hidden")
        d.wire(forget.top(), candidate.bottom(-apart), role="hidden")
    with d.part("candidate", "hidden-state"):
        d.wire(candidate.top(), new.bottom(), role="candidate")
        d.value(Point(candidate.x, 5.3), "g_t", SHAPE_H, "right", beside=True)
    # what every box is given
    boxes = [(update, "update-gate"), (reset, "reset-gate"), (recurrent, "candidate")]
    _feed(d, boxes, enter, h_bus, [update.bottom(-PORT), reset.bottom(-PORT), recurrent.bottom()], "hidden")
    _feed(
        d, boxes, Point(1.2, -1.1), x_bus, [update.bottom(PORT), reset.bottom(PORT), candidate.bottom(apart)], "input"
    )
    with d.part("update-gate", "reset-gate", "candidate"):
        d.value(Point(1.2, -1.1), "x_t", SHAPE_X, "below", beside=True)
    _beside(d, lit and GRU[lit], cell, -2.5)
    return d


_light(gru, "GRU", GRU)


@figure(
    "gru-reset-before-after",
    "Where the reset gate of a GRU acts",
    "With reset_after=True h_(t-1) is first multiplied by U_g, then by the reset gate; with reset_after=False the other way round.",
)
def reset_before_after() -> Drawing:
    d = Drawing()
    places = (1.1, 2.6, 4.2, 5.8)  # of the four operations
    for row, after in enumerate((True, False)):
        y = -4.0 * row
        d.text(Point(-1.3, y + 1.5), f"reset_after={after}", align="left")
        product, linear = (places[1], places[0]) if after else places[:2]
        recurrent, reset = (
            d.box(Point(linear, y), "$U_g, d_g$" if after else "$U_g$", "hidden", 1.25, size=SMALL),
            d.pointwise(Point(product, y), role="candidate"),
        )
        add, squash = d.pointwise(Point(places[2], y), "+"), d.activation(Point(places[3], y), role="candidate")
        before = Point(-0.2, y)
        d.value(before, "h_{t-1}", SHAPE_H, "left")
        for node in sorted((recurrent, reset), key=lambda n: n.x):
            d.wire(before, node.left(), role="hidden")
            before = node.right()
        d.wire(before, add.left(), role="hidden")
        d.wire(add.right(), squash.left())
        d.wire(squash.right(), Point(places[3] + 1.5, y), role="candidate")
        d.value(Point(places[3] + 1.5, y), "g_t", SHAPE_H, "right")
        for node, term, role in ((reset, "r_t", "gate"), (add, "x_t W_g + b_g", "ink")):
            d.wire(Point(node.x, y - 1.1), node.bottom(), role=role)
            d.equation(Point(node.x, y - 1.46), term)
    return d
