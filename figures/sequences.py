"""Layers over time: unrolled, what they hand back, and two directions."""

from collections.abc import Callable
from functools import partial

from .canvas import Box, Point
from .catalogue import figure
from .vocabulary import SMALL, STEPS, Drawing, Node, Side

PITCH = 2.6  # from one time step to the next


# --- unrolled --------------------------------------------------------------------------------------------------------


def _cells(d: Drawing, y: float, text: str, width: float = 1.4, height: float = 0.95) -> list[Node]:
    return [d.box(Point(t * PITCH, y), text, "ink", width, height, size=SMALL) for t in STEPS]


def _along(
    d: Drawing, cells: list[Node], symbol: str, role: str, shift: float = 0.0, side: Side = "above", last: bool = True
) -> None:
    """The state, handed from one time step to the next; the first one is zero."""
    reach = PITCH - cells[0].width
    ends = [cells[0].left(shift).moved(-reach), *(cell.right(shift) for cell in cells)]
    starts = [cell.left(shift) for cell in cells] + ([cells[-1].right(shift).moved(reach)] if last else [])
    for t, (end, start) in enumerate(zip(ends, starts)):
        d.wire(end, start, role=role)
        d.value(end.middle(start), f"{symbol}_{t}", "(B, u)", side)


@figure(
    "simple-rnn-unrolled",
    "A SimpleRNN layer unrolled over four time steps",
    "Starting from h_0 = 0, each time step takes a word x_t and the previous state, and gives h_t, upwards and to the next step. "
    "All four boxes use the same W, U and b.",
)
def simple_rnn_unrolled() -> Drawing:
    d = Drawing()
    cells = _cells(d, 0, "$W, U, b$")
    d.inputs(cells)
    d.outputs(cells)
    _along(d, cells, "h", "hidden", last=False)
    return d


@figure(
    "lstm-unrolled",
    "An LSTM layer unrolled over four time steps",
    "Two states go from step to step: the cell state c_t above, the hidden state h_t below. Only h_t also leaves upwards at each step. All boxes use the same weights.",
)
def lstm_unrolled() -> Drawing:
    d = Drawing()
    cells = _cells(d, 0, "$W, U, b$", height=1.9)
    d.inputs(cells)
    d.outputs(cells)
    _along(d, cells, "c", "cell", shift=0.45)
    _along(d, cells, "h", "hidden", shift=-0.45, side="below")
    return d


# --- what comes back -------------------------------------------------------------------------------------------------


def _returns(cell_state: bool) -> Drawing:
    """Four rows, one for each combination; what is returned is filled, what stays inside is hollow."""
    d = Drawing()
    states = ["h", "c"] if cell_state else ["h"]
    tile, gap, rows = 1.0, 0.18, 1.02
    block = 2.5 + rows * (len(states) - 1)  # height of one combination
    out = 4 * (tile + gap) + 1.3  # where the names of what is returned stand
    for number, (sequences, state) in enumerate([(False, False), (True, False), (False, True), (True, True)]):
        top = -number * block
        d.text(Point(0, top), f"return_sequences={sequences}, return_state={state}", "ink", 13.5, "left")
        level = {"h": top - 1.0, "c": top - 1.0 - rows}
        tiles = {}
        for symbol in states:
            for t in STEPS:
                returned = symbol == "h" and sequences or t == 4 and (symbol == "h" or state)
                tiles[symbol, t] = d.tile(
                    Point((t - 0.5) * (tile + gap), level[symbol]),
                    f"{symbol}_{t}",
                    width=tile,
                    height=0.66,
                    hollow=not returned,
                )
        first, last = tiles["h", 1 if sequences else 4], tiles["h", 4]
        around = 0.1
        d.outline(Box.around([*first.box.corners, *last.box.corners]).grown(around))
        high = 0.22 if state else 0
        d.wire(Point(last.box.right + around, level["h"] + high), Point(out, level["h"] + high))
        d.value(
            Point(out, level["h"] + high), "y", "(B, T, u)" if sequences else "(B, u)", "right", role="ink", beside=True
        )
        if state:
            low = level["h"] - 0.42
            d.wire(
                Point(last.box.right, level["h"] - 0.2),
                Point(out - 0.55, level["h"] - 0.2),
                Point(out - 0.55, low),
                Point(out, low),
                role="hidden",
            )
            d.value(Point(out, low), "h", "(B, u)", "right", beside=True)
            if cell_state:
                d.wire(tiles["c", 4].right(), Point(out, level["c"]), role="cell")
                d.value(Point(out, level["c"]), "c", "(B, u)", "right", beside=True)
    return d


for layer, name in (("SimpleRNN", "simple-rnn-returns"), ("LSTM", "lstm-returns"), ("GRU", "gru-returns")):
    figure(
        name,
        f"What a {layer} layer hands back",
        "The four combinations of return_sequences and return_state. y is h_4, or h_1 to h_4 with return_sequences=True; return_state=True adds h_4 as h"
        + (" and c_4 as c; c_1 to c_3 never leave the layer." if layer == "LSTM" else "."),
    )(partial(_returns, layer == "LSTM"))


# --- two ways through time -------------------------------------------------------------------------------------------


@figure(
    "lstm-additive-path",
    "The way of the state through a SimpleRNN and through an LSTM",
    "Above, h_t passes through the matrix U and tanh at each time step. Below, c_t is multiplied by f_t and has i_t * g_t added to it.",
)
def additive_path() -> Drawing:
    d = Drawing()
    places = (0.9, 2.1, 3.5)  # of the operations within a time step
    pitch = 4.6
    for row, (symbol, role) in enumerate((("h", "hidden"), ("c", "cell"))):
        y = -3.2 * row
        before = Point(0, y)
        d.value(before, f"{symbol}_0", "(B, u)", "left")
        for n in range(2):
            first, second, third = (n * pitch + place for place in places)
            if symbol == "h":
                add = d.pointwise(Point(second, y), "+")
                operations = [
                    d.box(Point(first, y), "$U$", "hidden", 0.8),
                    add,
                    d.activation(Point(third, y), role="hidden"),
                ]
                below = [(add, rf"x_{n + 1} W + b", "ink")]
            else:
                keep, add = d.pointwise(Point(first, y), role="cell"), d.pointwise(Point(third, y), "+", role="cell")
                operations = [keep, add]
                below = [(keep, f"f_{n + 1}", "gate"), (add, rf"i_{n + 1} \odot g_{n + 1}", "ink")]
            for operation in operations:
                d.wire(before, operation.left(), role=role)
                before = operation.right()
            for operation, term, colour in below:
                start = Point(operation.x, y - 1.0)
                d.wire(start, operation.bottom(), role=colour)
                d.equation(Point(operation.x, y - 1.36), term)
            d.value(before.moved(0.4), f"{symbol}_{n + 1}", side="above")
        d.wire(before, Point(2 * pitch + 0.9, y), role=role)
    return d


# --- two directions --------------------------------------------------------------------------------------------------

AHEAD, BACK = r"\overrightarrow", r"\overleftarrow"  # the direction in which a layer reads
HALF = 0.46  # the forward layer stands left of the middle of a time step, the backward layer as far right


@figure(
    "bilstm-two-directions",
    "A bidirectional LSTM over four time steps",
    "The forward LSTM passes its state from left to right, the backward LSTM from right to left. No wire joins the two. "
    "At each time step the two hidden states, side by side, are y_t.",
)
def two_directions() -> Drawing:
    d = Drawing()
    pitch, width, words, split, backward, forward, output = 2.85, 1.32, 0, 0.55, 2.2, 4.2, 6.3
    for way, y, shift in ((AHEAD, forward, -HALF), (BACK, backward, HALF)):
        cells = [d.box(Point(t * pitch + shift, y), "LSTM", "ink", width, 0.9) for t in STEPS]
        reading = list(zip(STEPS, cells)) if way == AHEAD else list(zip(STEPS, cells))[::-1]
        for (t, cell), (_, following) in zip(reading, reading[1:]):
            start, end = (cell.right(), following.left()) if way == AHEAD else (cell.left(), following.right())
            d.wire(start, end)
            middle = start.middle(end).x + (0.15 if way == AHEAD else -0.15)  # beside the wire that crosses
            d.value(Point(middle, y), f"{way}{{h}}_{t}", side="above", role="hidden")
            d.value(Point(middle, y), f"{way}{{c}}_{t}", side="below", role="cell")
        for t, cell in zip(STEPS, cells):
            x = t * pitch
            half = d.tile(Point(x + shift, output), f"{way}{{h}}_{t}", "hidden", 2 * HALF, 0.95)
            d.wire(Point(x, split), Point(cell.x, split), cell.bottom(), role="input")
            d.wire(cell.top(), half.bottom(), role="hidden")
    for t in STEPS:
        d.wire(Point(t * pitch, words), Point(t * pitch, split), role="input", arrow=False)
        d.fork(Point(t * pitch, split), "input")
        d.value(Point(t * pitch, words), f"x_{t}", "(B, n)", "below")
        d.value(Point(t * pitch, output + 0.5), f"y_{t}", "(B, 2u)", "above", role="ink")
    return d


def _reading(d: Drawing, way: str, tiles: list[Node]) -> None:
    """Arrows between the time steps, in the order in which a layer reads them."""
    for one, other in zip(tiles, tiles[1:]):
        ends = (one.right(), other.left())
        d.wire(*(ends if way == AHEAD else ends[::-1]), role="muted")


def _states(
    d: Drawing, forward: float, backward: float, pitch: float, lit: Callable[[str, int], bool]
) -> tuple[list[Node], list[Node]]:
    """Both layers' hidden states in a row each, with arrows in the order of reading; those that are not lit are hollow."""
    rows = []
    for way, y in ((AHEAD, forward), (BACK, backward)):
        tiles = [
            d.tile(Point(t * pitch, y), f"{way}{{h}}_{t}", "hidden", 1.05, 0.95, hollow=not lit(way, t)) for t in STEPS
        ]
        _reading(d, way, tiles)
        rows.append(tiles)
    return rows[0], rows[1]


@figure(
    "bilstm-glue-last",
    "What a bidirectional LSTM glues together with return_sequences=False",
    "Of the forward states only the one at t=4 goes into y, of the backward states only the one at t=1. Both have read all words.",
)
def glue_last() -> Drawing:
    d = Drawing()
    pitch, forward, backward = 1.75, 3.7, 0.8
    ahead, back = _states(d, forward, backward, pitch, lambda way, t: t == (4 if way == AHEAD else 1))
    middle, x = (forward + backward) / 2, 4 * pitch + 2.0
    one = d.tile(Point(x, middle), f"{AHEAD}{{h}}_4", "hidden", 1.05, 0.95)
    two = d.tile(Point(x + 1.05, middle), f"{BACK}{{h}}_1", "hidden", 1.05, 0.95)
    d.wire(ahead[3].right(), Point(one.x, forward), one.top(), role="hidden")
    below = backward - 1.0
    d.wire(back[0].bottom(), Point(back[0].x, below), Point(two.x, below), two.bottom(), role="hidden")
    d.value(Point(two.x - 0.3, middle + 0.82), "y", "(B, 2u)", "right", role="ink", beside=True)
    d.text(Point(ahead[3].x, forward + 0.85), "forward_h")
    d.text(Point(back[0].x, backward + 0.85), "backward_h")
    for t, tile in zip(STEPS, ahead):
        d.text(Point(tile.x, middle + 0.2), f"$t={t}$", "muted")
    return d


@figure(
    "bilstm-glue-every",
    "What a bidirectional LSTM glues together with return_sequences=True",
    "At each time step the forward and the backward state of this time step form one row of y. forward_h is in the first half of the last row, "
    "backward_h in the second half of the first row.",
)
def glue_every() -> Drawing:
    d = Drawing()
    pitch, forward, backward, output, shift = 2.9, 2.2, 0, 4.7, 0.53
    size = (2 * shift, 0.95)
    for way, y, side in ((AHEAD, forward, -shift), (BACK, backward, shift)):
        tiles = [d.tile(Point(t * pitch + side, y), f"{way}{{h}}_{t}", "hidden", *size) for t in STEPS]
        for t, tile in zip(STEPS, tiles):
            half = d.tile(Point(tile.x, output), f"{way}{{h}}_{t}", "hidden", *size)
            d.wire(tile.top(), half.bottom(), role="hidden")
            if t == (4 if way == AHEAD else 1):
                for node in (tile, half):
                    d.outline(node.box, bold=True)
        _reading(d, way, tiles)
    for t in STEPS:
        d.text(Point(t * pitch, output + 0.85), f"y[:, {t - 1}]")
    d.text(Point(4 * pitch, forward - 0.85), "forward_h", align="right")
    d.text(Point(pitch, backward - 0.85), "backward_h", align="left")
    d.value(Point(2.5 * pitch, output + 1.15), "y", "(B, T, 2u)", "above", role="ink", beside=True)
    return d


@figure(
    "bilstm-returns",
    "What a bidirectional LSTM hands back with both switches on",
    "The hidden states of all time steps are y. The last states that each direction computes come along: forward_h and forward_c at t=4, backward_h and "
    "backward_c at t=1. The other cell states never leave the layer.",
)
def both_returns() -> Drawing:
    d = Drawing()
    pitch, forward, backward, beyond, out = 1.6, 3.5, 1.6, 1.3, 1.0
    ahead, back = _states(d, forward, backward, pitch, lambda way, t: True)
    for way, y, side, hidden, name in (
        (AHEAD, forward + beyond, 1, ahead[3], "forward"),
        (BACK, backward - beyond, -1, back[0], "backward"),
    ):
        ends = [t == (4 if way == AHEAD else 1) for t in STEPS]
        cells = [
            d.tile(Point(t * pitch, y), f"{way}{{c}}_{t}", "cell", 1.05, 0.95, hollow=not end)
            for t, end in zip(STEPS, ends)
        ]
        _reading(d, way, cells)
        for node, symbol, role in ((hidden, "h", "hidden"), (cells[ends.index(True)], "c", "cell")):
            start = node.right() if side > 0 else node.left()
            d.wire(start, start.moved(side * out), role=role)
            d.text(start.moved(side * (out + 0.15)), f"{name}_{symbol}", align="left" if side > 0 else "right")
    every = Box.around([corner for tile in (*ahead, *back) for corner in tile.box.corners]).grown(0.14)
    d.outline(every)
    middle = Point(every.right, (forward + backward) / 2)
    d.wire(middle, middle.moved(out - 0.14))
    d.value(middle.moved(out - 0.14), "y", "(B, T, 2u)", "right", role="ink", beside=True)
    return d


@figure(
    "bilstm-merge-modes",
    "The merge modes of a bidirectional layer",
    "concat puts the two halves side by side, 2u wide; sum, mul and ave give one vector of u; None gives both, unmerged.",
)
def merge_modes() -> Drawing:
    d = Drawing()
    one, other = f"{AHEAD}{{h}}", f"{BACK}{{h}}"
    step, name, picture, shape = 1.25, 0, 2.6, 7.4
    rows = {
        "'concat'": ([one, other], 0, "(B, 2u)"),
        "'sum'": ([f"{one} + {other}"], 0, "(B, u)"),
        "'mul'": ([rf"{one} \odot {other}"], 0, "(B, u)"),
        "'ave'": ([f"({one} + {other}) / 2"], 0, "(B, u)"),
        "None": ([one, other], 0.5, r"(B, u),\ (B, u)"),
    }
    for number, (mode, (tiles, gap, size)) in enumerate(rows.items()):
        y, x = -number * step, picture
        d.text(Point(name, y), mode, align="left")
        for symbol in tiles:
            width = 1.1 if len(tiles) > 1 else 1.1 + 0.16 * len(symbol.replace(AHEAD, "").replace(BACK, ""))
            d.tile(Point(x + width / 2, y), symbol, "hidden", width, 0.9)
            x += width + gap
        d.text(Point(shape, y), f"${size}$", "muted", align="left")
    return d
