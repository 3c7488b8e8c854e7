"""Whole models: what goes in, which layers, what comes out.

A frame is one layer, and the boxes in it are that layer at each time step, with the same weights. In models-stateful
a frame is one call of the layer, and the boxes in it are the rows of the batch.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from .canvas import Box, Point
from .catalogue import figure
from .vocabulary import REACH, SMALL, STEPS, SYMBOL, Drawing, Node, Side

PITCH, WIDE, HIGH = 2.15, 1.25, 1.0  # from one time step to the next; the size of the box of one time step
FRAME = 0.45  # from a box to the frame around its layer
LABEL = 0.4  # from a frame to the middle of the code above it
TURN = 0.4  # from a frame to the nearest wire that goes around it, and from there to the next
PRIME, FORWARD, BACKWARD = r"%s_%s^{\prime}", r"\overrightarrow{%s}", r"\overleftarrow{%s}"


class State(NamedTuple):
    """A state of an LSTM: symbol, meaning, how far above the middle of a box it passes, and where its name stands."""

    symbol: str
    role: str
    shift: float
    side: Side


STATES = (State("c", "cell", 0.2, "above"), State("h", "hidden", -0.2, "below"))


# --- words of these figures ------------------------------------------------------------------------------------------


def _steps(d: Drawing, y: float, text: str = "LSTM", steps: Iterable[int] = STEPS) -> list[Node]:
    """A layer, drawn once for each time step; step 1 stands at x = 0."""
    return [d.box(Point((t - 1) * PITCH, y), text, "ink", WIDE, HIGH, size=SMALL) for t in steps]


def _around(d: Drawing, boxes: list[Node], by: float = FRAME) -> Node:
    return d.frame(Box.around(corner for box in boxes for corner in box.box.corners).grown(by))


def _states(d: Drawing, boxes: Sequence[Node], name: str | None = "%s_%s") -> None:
    """c and h, handed from each box to the next in the list, which may run to the left."""
    for t, (one, other) in enumerate(pairwise(boxes), 1):
        for symbol, role, shift, side in STATES:
            right = one.x < other.x
            start, end = (one.right(shift), other.left(shift)) if right else (one.left(shift), other.right(shift))
            d.wire(start, end, role=role)
            if name:
                d.value(start.middle(end).moved(up=shift / 4), name % (symbol, t), side=side)


def _lines(d: Drawing, at: Point, *lines: str, step: float = 0.46) -> None:
    """Lines of code, and of shapes, one below the other, from ``at`` to the right, their middle at its height."""
    first = at.moved(up=(len(lines) - 1) / 2 * step)
    for n, line in enumerate(lines):
        d.text(first.moved(up=-n * step), line, "muted" if line.startswith("$") else "ink", align="left")


# --- one answer, or one at every time step ---------------------------------------------------------------------------


@figure(
    "models-many-to-one",
    "From a sequence to one answer",
    "An LSTM reads x_1 to x_4; only h_4 leaves it. From h_4, Dense(1) with sigmoid makes one probability, or "
    "Dense(k) with softmax makes k of them.",
)
def many_to_one() -> Drawing:
    d = Drawing()
    split, dense, squash, answer = 2.2, 3.3, 4.6, 5.6  # heights
    thick, tall = 0.5, 1.0  # of the bars
    boxes = _steps(d, 0)
    frame = _around(d, boxes)
    _states(d, boxes)
    d.inputs(boxes)
    last = boxes[-1]
    d.text(Point(frame.box.left, frame.box.top + LABEL), "return_sequences=False", align="left")
    d.wire(last.top(), Point(last.x, split), role="hidden", arrow=False)
    d.value(Point(last.x, (frame.box.top + split) / 2), "h_4", "(B, u)", "right", beside=True)
    either, other = ("1", "sigmoid", [0.8]), ("k", "softmax", [0.2, 0.7, 0.1])
    for x, (units, activation, values) in ((boxes[1].x, either), (last.x, other)):
        multiply = d.box(Point(x, dense), f"Dense({units})", width=2.2)
        activate = d.box(Point(x, squash), activation, width=2.0, height=0.7, radius=0.35)
        d.wire(
            Point(last.x, split),
            *([Point(x, split)] if x != last.x else []),
            multiply.bottom(),
            role="hidden",
            dash=True,
        )
        d.wire(multiply.top(), activate.bottom())
        d.wire(activate.top(), Point(x, answer))
        d.bars(Point(x - thick * len(values) / 2, answer + 0.15), values, thick, tall)
        d.value(Point(x, answer + tall), "y", f"(B, {units})", "above", beside=True)
    d.fork(Point(last.x, split), "hidden")
    return d


@figure(
    "models-many-to-many",
    "From a sequence to an answer at every time step",
    "The letters h, e, l, l go in as one-hot vectors. Every h_t goes through the same Dense and softmax, which "
    "gives a probability for each letter; "
    "the largest are those of e, l, l, o.",
)
def many_to_many() -> Drawing:
    d = Drawing()
    letters, cell, length = "helo", 0.42, 1.15
    side = cell * len(letters)
    boxes = _steps(d, 0)
    frame = _around(d, boxes)
    _states(d, boxes)
    low = frame.box.top + 1.55
    dense = [d.box(Point(box.x, low), "Dense", width=WIDE) for box in boxes]
    softmax = [d.box(Point(box.x, low + 1.15), "softmax", width=1.75, height=0.7, radius=0.35) for box in boxes]
    answers = _around(d, dense + softmax, by=0.25)
    given, between = boxes[0].box.bottom - REACH, (frame.box.top + answers.box.bottom) / 2
    found = answers.box.top + 0.5 + side
    for t, (box, one, other, letter, answer) in enumerate(zip(boxes, dense, softmax, "hell", "ello"), 1):
        for row, of in enumerate(letters):
            d.matrix(Point(box.x - cell / 2, given - row * cell), 1, 1, ["input" if of == letter else "none"], cell)
        d.wire(Point(box.x, given), box.bottom(), role="input")
        d.text(Point(box.x, given - side - LABEL), letter, "input", SYMBOL)
        d.wire(box.top(), one.bottom(), role="hidden")
        d.value(Point(box.x, between), f"h_{t}", side="right")
        d.wire(one.top(), other.bottom())
        d.wire(other.top(), Point(box.x, found - side - 0.1))
        chances = [0.85 if of == answer else 0.08 for of in letters]
        d.bars(Point(box.x - length / 2, found - side), chances, cell, length, upright=False)
        d.text(Point(box.x, found + LABEL), answer, "ink", SYMBOL)
    for top in (given, found):
        for row, letter in enumerate(letters):
            d.text(Point(frame.box.left + 0.1, top - (row + 0.5) * cell), letter, "muted")
        _lines(d, Point(frame.box.right + 0.25, top - side / 2), "$(B, T, 4)$")
    _lines(d, Point(frame.box.right + 0.25, between), "$(B, T, u)$")
    return d


# --- layer upon layer ------------------------------------------------------------------------------------------------


@figure(
    "models-stacking",
    "Two LSTM layers, one on top of the other",
    "With return_sequences=True the lower layer hands h_1 to h_4 up; they are the inputs of the upper layer, "
    "time step by time step. Only h'_4 leaves the upper layer.",
)
def stacking() -> Drawing:
    d = Drawing()
    storey = 3.3
    lower, upper = _steps(d, 0), _steps(d, storey)
    frames = [_around(d, lower), _around(d, upper)]
    _states(d, lower)
    _states(d, upper, PRIME)
    d.inputs(lower)
    middle = (frames[0].box.top + frames[1].box.bottom) / 2
    for t, (one, other) in enumerate(zip(lower, upper), 1):
        d.wire(one.top(), other.bottom(), role="hidden")
        d.value(Point(one.x, middle), f"h_{t}", side="right")
    last = upper[-1]
    end = last.top().moved(up=REACH)
    d.wire(last.top(), end, role="hidden")
    d.value(end, r"h_4^{\prime}", r"(B, u^{\prime})", "above", beside=True)
    right = frames[0].box.right + 0.25
    _lines(d, Point(right, 0), "return_sequences", "=True")
    _lines(d, Point(right, middle), "$(B, T, u)$")
    _lines(d, Point(right, storey), "return_sequences", "=False")
    return d


def _decoder(d: Drawing, y: float, starts: dict[str, list[Point]], units: str) -> None:
    """An LSTM of three time steps; its first states come from the points in ``starts``, which lie above it, h "
    "above c."""
    boxes = _steps(d, y, steps=range(1, 4))
    frame = _around(d, boxes)
    _states(d, boxes, PRIME)
    d.inputs(boxes, r"x_%s^{\prime}")
    d.outputs(boxes, r"h_%s^{\prime}", f"(B, {units})")
    for turn, (symbol, role, shift, _) in enumerate(STATES, 1):
        left = frame.box.left - turn * TURN
        *before, turned = starts[symbol]
        d.wire(*before, Point(left, turned.y), Point(left, y + shift), boxes[0].left(shift), role=role)
    d.text(
        Point(frame.box.left, boxes[0].box.bottom - REACH - 1.7), f"LSTM({units}, return_sequences=True)", align="left"
    )


@figure(
    "models-encoder-decoder",
    "The final states of an encoder start a decoder",
    "An LSTM reads x_1 to x_4. Its final states h_4 and c_4 go to the first time step of a second LSTM, as its "
    "initial_state. That one reads x'_1 to x'_3 and gives h'_1 to h'_3.",
)
def encoder_decoder() -> Drawing:
    d = Drawing()
    levels = {"h": -3.5, "c": -4.4}
    encoder = _steps(d, 0)
    frame = _around(d, encoder)
    d.text(Point(frame.box.left, frame.box.top + LABEL), "LSTM(u, return_state=True)", align="left")
    _states(d, encoder)
    d.inputs(encoder)
    starts: dict[str, list[Point]] = {}
    for turn, (symbol, _, shift, _) in enumerate(STATES[::-1], 1):
        right, level = frame.box.right + turn * TURN, levels[symbol]
        starts[symbol] = [encoder[-1].right(shift), Point(right, shift), Point(right, level), Point(0, level)]
        d.value(
            Point(encoder[-1].x, level), f"{symbol}_4", "(B, u)", "above" if symbol == "h" else "below", beside=True
        )
    d.text(Point(encoder[1].x, sum(levels.values()) / 2), "initial_state=[h, c]")
    _decoder(d, levels["c"] - 3.1, starts, "u")
    return d


@figure(
    "models-encoder-decoder-bidirectional",
    "The final states of a bidirectional encoder start a decoder",
    "The forward LSTM ends at t = 4, the backward LSTM at t = 1. Their hidden states are concatenated, and so "
    "are their cell states. Both go to the first time step of "
    "an LSTM with 2u units, as its initial_state.",
)
def encoder_decoder_bidirectional() -> Drawing:
    d = Drawing()
    words, back = -1.75, -3.5
    forward, backward = _steps(d, 0), _steps(d, back)
    frame = _around(d, forward + backward, by=0.3)
    d.text(Point(frame.x, frame.box.top + LABEL), "Bidirectional(LSTM(u, return_state=True))")
    _states(d, forward, None)
    _states(d, backward[::-1], None)
    for t, (one, other) in enumerate(zip(forward, backward), 1):
        d.value(Point(one.x, words), f"x_{t}", "(B, n)")
        for box, end in ((one, one.bottom()), (other, other.top())):
            d.wire(Point(one.x, words + (0.55 if box is one else -0.55)), end, role="input")
    starts: dict[str, list[Point]] = {}
    level = frame.box.bottom - 0.95
    for turn, (symbol, role, shift, _) in enumerate(STATES[::-1], 1):
        x = 2.8 * turn - 1.2
        join = d.box(Point(x, level), "Concatenate", role, 2.8, size=SMALL)
        right, left = frame.box.right + turn * TURN, frame.box.left - turn * TURN
        d.wire(forward[-1].right(shift), Point(right, shift), Point(right, level), join.right(), role=role)
        d.wire(backward[0].left(shift), Point(left, back + shift), Point(left, level), join.left(), role=role)
        d.value(Point(forward[-1].x, level), FORWARD % symbol + "_4", side="above", role=role)
        d.value(Point(frame.box.left + 0.2, level), BACKWARD % symbol + "_1", side="above", role=role)
        out = frame.box.bottom - 2.6 - turn
        starts[symbol] = [join.bottom(), Point(x, out), Point(0, out)]
        at = Point(0, out) if symbol == "h" else Point(x, (join.box.bottom + out) / 2)
        side: Side = "above" if symbol == "h" else "right"
        d.value(at, rf"[\,{FORWARD % symbol}_4, {BACKWARD % symbol}_1\,]", "(B, 2u)", side, role=role, beside=True)
        level -= 1.3
    d.text(Point(1.7, out + 0.5), "initial_state=[h, c]")
    _decoder(d, out - 3.1, starts, "2u")
    return d


# --- padding, and states that stay -----------------------------------------------------------------------------------


@figure(
    "models-masking",
    "A padded sequence and its mask",
    "The mask is True, True, False, False. At the two masked time steps c_2 and h_2 of an LSTM pass unchanged, "
    "and its output repeats h_2. "
    "A Bidirectional layer gives y_1, y_2, and zeros at the masked time steps.",
)
def masking() -> Drawing:
    d = Drawing()
    mask = [True, True, False, False]
    chain, shown, told, both, answers = 2.1, 4.3, -0.75, -2.6, -4.1
    boxes = _steps(d, chain, steps=range(1, 3))
    frame = _around(d, [*boxes, Node(Point(3 * PITCH, chain), WIDE, HIGH)])
    _states(d, boxes)
    end = frame.box.right + 0.6
    for symbol, role, shift, side in STATES:
        d.wire(boxes[1].right(shift), Point(end, chain + shift), role=role)
        d.value(Point(end, chain + 1.6 * shift), f"{symbol}_2", "(B, u)", "right", beside=True)
        d.value(Point((boxes[1].box.right + 2 * PITCH) / 2, chain + shift), f"{symbol}_2", side=side)
    layer = d.box(Point(frame.x, both), "Bidirectional", width=frame.width, height=0.9)
    for t, real in enumerate(mask):
        x, output = t * PITCH, f"h_{min(t, 1) + 1}"
        d.tile(Point(x, 0), f"x_{t + 1}" if real else "0", "input" if real else None, hollow=not real)
        d.text(Point(x, told), str(real), "ink" if real else "muted")
        above = d.tile(Point(x, shown), output)
        below = d.tile(Point(x, answers), f"y_{t + 1}" if real else "0", "hidden" if real else None, hollow=not real)
        start = boxes[t].top() if real else Point(x, chain + STATES[1].shift)
        d.wire(start, above.bottom(), role="hidden")
        d.wire(Point(x, layer.box.bottom), below.top(), role="hidden")
        if real:
            d.wire(Point(x, 0.36), boxes[t].bottom(), role="input")
            d.wire(Point(x, told - 0.3), Point(x, layer.box.top), role="input")
        else:
            d.fork(start, "hidden")
    d.text(Point(frame.box.left - 0.15, told), "mask", align="right")
    for y, shape in ((shown, "(B, T, u)"), (0, "(B, T, n)"), (told, "(B, T)"), (answers, "(B, T, 2u)")):
        _lines(d, Point(frame.box.right + 0.15, y), f"${shape}$")
    return d


@figure(
    "models-stateful",
    "States that stay from batch to batch",
    "A stateful layer is called with three batches of two rows. Row i of batch_2 starts from the states that "
    "row i of batch_1 ended with. "
    "reset_state() comes before batch_3, so its rows start from zero.",
)
def stateful() -> Drawing:
    d = Drawing()
    column, lane, cut, half = 3.9, 2.9, 1.1, 1.35  # half: of the width of a frame
    xs = [0, column, 2 * column + cut]
    rows = [[d.box(Point(x, -lane * row), "LSTM", "ink", WIDE, HIGH, size=SMALL) for x in xs] for row in range(2)]
    frames = [d.frame(Box(x - half, -lane - 1.85, x + half, 1.3)) for x in xs]
    top, stop = frames[0].box.top, xs[1] + half + 0.75
    for number, x in enumerate(xs, 1):
        d.text(Point(x, top - LABEL), f"batch_{number}")
    for row, boxes in enumerate(rows):
        for number, box in enumerate(boxes, 1):
            below = box.box.bottom - 0.6
            d.wire(Point(box.x, below), box.bottom(), role="input")
            d.text(Point(box.x, below - 0.32), f"batch_{number}[{row}]", "input")
        one, two, three = boxes
        for symbol, role, shift, side in STATES:
            d.wire(one.right(shift), two.left(shift), role=role)
            d.value(Point((one.x + two.x) / 2, one.y + shift), symbol, side=side)
            d.wire(two.right(shift), Point(stop - 0.2, two.y + shift), role=role)
            for box in (one, three):
                start = Point(box.x - half - 0.5, box.y + shift)
                d.wire(start, box.left(shift), role=role)
                d.text(start.moved(-0.2), "$0$", role)
    d.wire(Point(stop, top + LABEL), Point(stop, frames[0].box.bottom), arrow=False, dash=True)
    d.text(Point(stop, top + 2 * LABEL), "reset_state()")
    d.text(Point(-half, top + 2 * LABEL), "LSTM(u, stateful=True)", align="left")
    return d


# --- a small task ----------------------------------------------------------------------------------------------------


@figure(
    "models-spacing",
    "Restoring spaces",
    "The letters of thecatsat go in. A bidirectional LSTM and a Dense with sigmoid give, for each letter, the "
    "probability of a space after it. Where it is above 0.5, "
    "after e and after t, a space is set: the cat sat.",
)
def spacing() -> Drawing:
    d = Drawing()
    pitch, tile, high, way, tall, half = 1.1, 0.8, 0.75, 0.5, 1.6, 0.5
    letters, chances = "thecatsat", [0.05, 0.2, 0.85, 0.1, 0.3, 0.75, 0.15, 0.1, 0.2]
    xs = [n * pitch for n in range(len(letters))]
    left, right, middle = -tile / 2, xs[-1] + tile / 2, xs[-1] / 2
    layers = [
        ("Embedding", "input", "(B, T, n)"),
        ("Bidirectional(LSTM(u, return_sequences=True))", "hidden", "(B, T, 2u)"),
        ('Dense(1, activation="sigmoid")', "ink", "(B, T, 1)"),
    ]
    y, role = tile / 2, "input"
    _lines(d, Point(right + 0.25, 0), "$(B, T)$")
    for name, gives, shape in layers:
        layer = d.box(Point(middle, y + way + high / 2), name, "ink", right - left, high, size=13.5)
        for x in xs:
            d.wire(Point(x, y), Point(x, y + way), role=role)
        y, role = layer.box.top, gives
        _lines(d, Point(right + 0.25, y + way / 2), f"${shape}$")
    ground = y + way + 0.15
    line, turn, top = ground + half * tall, ground + tall + 0.25, ground + tall + 1.15
    d.wire(Point(left, line), Point(right, line), arrow=False, dash=True)
    d.text(Point(right + 0.25, line), "$0.5$", "muted", align="left")
    d.bars(Point(left + tile / 2 - pitch / 2, ground), chances, pitch, tall)
    for x, letter, chance in zip(xs, letters, chances):
        d.box(Point(x, 0), letter, "input", tile, tile, size=SYMBOL)
        d.wire(Point(x, y), Point(x, ground - 0.15))
        d.text(Point(x, top), letter, "ink", SYMBOL)
        if chance > half:
            space = x + pitch / 2
            d.wire(
                Point(x, ground + chance * tall),
                Point(x, turn),
                Point(space, turn),
                Point(space, top - 0.5),
                role="hidden",
            )
            d.text(Point(space, top + 0.05), "␣", "hidden", 28)
    return d


# --- the way back through time ---------------------------------------------------------------------------------------


def _slope(d: Drawing, at: Point, of: str, by: str, role: str = "ink") -> None:
    """The derivative of one symbol by another."""
    d.text(at.moved(up=0.34), rf"$\partial {of}$", role, SYMBOL)
    d.text(at.moved(up=-0.34), rf"$\partial {by}$", role, SYMBOL)
    d.box(at, "", role, 0.75, 0.01, radius=0)


@figure(
    "long-term-bptt",
    "Backpropagation through time",
    "Below, values go to the right: h_1 to h_4, and the result s. Above, gradients come back to the left: at "
    "each time step the gradient is multiplied by "
    "the derivative of h_t by h_(t-1), until it has become the gradient of s by h_1.",
)
def bptt() -> Drawing:
    d = Drawing()
    pitch, back, tall, over, product = 2.55, 3.0, 1.6, 0.8, 5.5
    boxes = [d.box(Point((t - 1) * pitch, 0), "$W, U, b$", "ink", 1.4, HIGH, size=SMALL) for t in STEPS]
    d.inputs(boxes)
    result = d.box(Point(4 * pitch - 0.5, back / 2), "$s$", width=0.8)
    factors = [d.box(Point(box.x, back), "", "hidden", 1.2, tall) for box in boxes[1:]]
    for t, factor in enumerate(factors, 2):
        _slope(d, Point(factor.x, back), f"h_{t}", f"h_{t - 1}", "hidden")
    for t, (box, after) in enumerate(zip(boxes, [*boxes[1:], result]), 1):
        way = [after.left()] if t < 4 else [Point(result.x, 0), result.bottom()]
        d.wire(box.right(), *way, role="hidden")
        d.value(Point((box.box.right + way[0].x) / 2, 0), f"h_{t}", side="above")
    d.wire(result.top(), Point(result.x, back), factors[-1].right(), dash=True)
    _slope(d, Point((factors[-1].box.right + result.x) / 2, back + over), "s", "h_4")
    d.wire(factors[0].left(), Point(boxes[0].x + 0.55, back), dash=True)
    for t, (before, factor) in enumerate(pairwise(factors), 2):
        d.wire(factor.left(), before.right(), dash=True)
        _slope(d, Point((before.x + factor.x) / 2, back + over), "s", f"h_{t}")
    _slope(d, Point(boxes[0].x, back), "s", "h_1")
    terms, step = [("s", "h_1"), ("s", "h_4"), ("h_4", "h_3"), ("h_3", "h_2"), ("h_2", "h_1")], 1.5
    left = (boxes[0].box.left + result.box.right - step * (len(terms) - 1)) / 2
    for n, (of, by) in enumerate(terms):
        _slope(d, Point(left + n * step, product), of, by, "ink" if of == "s" else "hidden")
        if n:
            d.text(Point(left + (n - 0.5) * step, product), "$=$" if n == 1 else r"$\cdot$", size=SYMBOL)
    return d
