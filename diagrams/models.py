"""Whole models: what goes in, which layers, what comes out; and the map of the book.

A frame is one layer, and the boxes in it are that layer at each time step, with the same weights. In models-stateful
a frame is one call of the layer, and the boxes in it are the rows of the batch.
"""

from functools import partial
from itertools import pairwise

from .drawing import REACH, SMALL, SYMBOL, Drawing, Node, figure

STEPS = range(1, 5)
PITCH, WIDE, HIGH = 2.15, 1.25, 1.0  # from one time step to the next; the size of the box of one time step
# The two states of an LSTM: symbol, meaning, how far above the middle of a box they pass, and where their names stand.
STATES = (("c", "cell", 0.2, "above"), ("h", "hidden", -0.2, "below"))
FRAME = 0.45  # from a box to the frame around its layer
LABEL = 0.4  # from a frame to the middle of the code above it
TURN = 0.4  # from a frame to the nearest wire that goes around it, and from there to the next
PRIME, FORWARD, BACKWARD = r"%s_%s^{\prime}", r"\overrightarrow{%s}", r"\overleftarrow{%s}"


# --- words of these figures ------------------------------------------------------------------------------------------


def _steps(d: Drawing, y: float, text: str = "LSTM", steps=STEPS) -> list[Node]:
    """A layer, drawn once for each time step; step 1 stands at x = 0."""
    return [d.box(((t - 1) * PITCH, y), text, "ink", WIDE, HIGH, size=SMALL) for t in steps]


def _around(d: Drawing, boxes: list[Node], by: float = FRAME, **style) -> Node:
    lefts, rights = zip(*((box.left()[0], box.right()[0]) for box in boxes))
    bottoms, tops = zip(*((box.bottom()[1], box.top()[1]) for box in boxes))
    return d.frame(min(lefts) - by, min(bottoms) - by, max(rights) + by, max(tops) + by, **style)


def _states(d: Drawing, boxes: list[Node], name: str | None = "%s_%s") -> None:
    """c and h, handed from each box to the next in the list, which may run to the left."""
    for t, (one, other) in enumerate(pairwise(boxes), 1):
        for symbol, role, shift, side in STATES:
            right = one.x < other.x
            start, end = (one.right(shift), other.left(shift)) if right else (one.left(shift), other.right(shift))
            d.wire(start, end, role=role)
            if name:
                d.value(((start[0] + end[0]) / 2, start[1] + shift / 4), name % (symbol, t), side=side)


def _lines(d: Drawing, at, *lines: str, step: float = 0.46) -> None:
    """Lines of code, and of shapes, one below the other, from ``at`` to the right, their middle at its height."""
    x, y = at[0], at[1] + (len(lines) - 1) / 2 * step
    for n, line in enumerate(lines):
        d.text((x, y - n * step), line, "muted" if line.startswith("$") else "ink", align="left")


def _bars(d: Drawing, left: float, bottom: float, values, pitch: float, length: float, upright: bool = True) -> None:
    """Values between 0 and 1 as bars: side by side and upright, or one below the other and lying."""
    thick, across = 0.62 * pitch, len(values) * pitch
    for n, value in enumerate(values):
        along, side = value * length / 2, (n + 0.5) * pitch
        if upright:
            d.box((left + side, bottom + along), "", "ink", thick, 2 * along, radius=0)
        else:
            d.box((left + along, bottom + across - side), "", "ink", 2 * along, thick, radius=0)
    d.wire((left, bottom), (left + across, bottom) if upright else (left, bottom + across), arrow=False)


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
    d.text((frame.left()[0], frame.top()[1] + LABEL), "return_sequences=False", align="left")
    d.wire(last.top(), (last.x, split), role="hidden", arrow=False)
    d.value((last.x, (frame.top()[1] + split) / 2), "h_4", "(B, u)", "right", beside=True)
    either, other = ("1", "sigmoid", [0.8]), ("k", "softmax", [0.2, 0.7, 0.1])
    for x, (units, activation, values) in ((boxes[1].x, either), (last.x, other)):
        multiply = d.box((x, dense), f"Dense({units})", width=2.2)
        activate = d.box((x, squash), activation, width=2.0, height=0.7, radius=0.35)
        d.wire((last.x, split), *([(x, split)] if x != last.x else []), multiply.bottom(), role="hidden", dash=True)
        d.wire(multiply.top(), activate.bottom())
        d.wire(activate.top(), (x, answer))
        _bars(d, x - thick * len(values) / 2, answer + 0.15, values, thick, tall)
        d.value((x, answer + tall), "y", f"(B, {units})", "above", beside=True)
    d.fork((last.x, split), "hidden")
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
    low = frame.top()[1] + 1.55
    dense = [d.box((box.x, low), "Dense", width=WIDE) for box in boxes]
    softmax = [d.box((box.x, low + 1.15), "softmax", width=1.75, height=0.7, radius=0.35) for box in boxes]
    answers = _around(d, dense + softmax, by=0.25)
    given, between = boxes[0].bottom()[1] - REACH, (frame.top()[1] + answers.bottom()[1]) / 2
    found = answers.top()[1] + 0.5 + side
    for t, (box, one, other, letter, answer) in enumerate(zip(boxes, dense, softmax, "hell", "ello"), 1):
        one_hot = ["input" if of == letter else "none" for of in letters]
        d.matrix(box.x - cell / 2, given, 4, 1, lambda row, _, one_hot=one_hot: one_hot[row], cell)
        d.wire((box.x, given), box.bottom(), role="input")
        d.text((box.x, given - side - LABEL), letter, "input", SYMBOL)
        d.wire(box.top(), one.bottom(), role="hidden")
        d.value((box.x, between), f"h_{t}", side="right")
        d.wire(one.top(), other.bottom())
        d.wire(other.top(), (box.x, found - side - 0.1))
        chances = [0.85 if of == answer else 0.08 for of in letters]
        _bars(d, box.x - length / 2, found - side, chances, cell, length, upright=False)
        d.text((box.x, found + LABEL), answer, "ink", SYMBOL)
    for top in (given, found):
        for row, letter in enumerate(letters):
            d.text((frame.left()[0] + 0.1, top - (row + 0.5) * cell), letter, "muted")
        _lines(d, (frame.right()[0] + 0.25, top - side / 2), "$(B, T, 4)$")
    _lines(d, (frame.right()[0] + 0.25, between), "$(B, T, u)$")
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
    middle = (frames[0].top()[1] + frames[1].bottom()[1]) / 2
    for t, (one, other) in enumerate(zip(lower, upper), 1):
        d.wire(one.top(), other.bottom(), role="hidden")
        d.value((one.x, middle), f"h_{t}", side="right")
    last = upper[-1]
    end = (last.x, last.top()[1] + REACH)
    d.wire(last.top(), end, role="hidden")
    d.value(end, r"h_4^{\prime}", r"(B, u^{\prime})", "above", beside=True)
    right = frames[0].right()[0] + 0.25
    _lines(d, (right, 0), "return_sequences", "=True")
    _lines(d, (right, middle), "$(B, T, u)$")
    _lines(d, (right, storey), "return_sequences", "=False")
    return d


def _decoder(d: Drawing, y: float, starts: dict[str, tuple], units: str) -> None:
    """An LSTM of three time steps; its first states come from the points in ``starts``, which lie above it, h "
    "above c."""
    boxes = _steps(d, y, steps=range(1, 4))
    frame = _around(d, boxes)
    _states(d, boxes, PRIME)
    d.inputs(boxes, r"x_%s^{\prime}")
    d.outputs(boxes, r"h_%s^{\prime}", f"(B, {units})")
    for turn, (symbol, role, shift, _) in enumerate(STATES, 1):
        left = frame.left()[0] - turn * TURN
        *before, (_, level) = starts[symbol]
        d.wire(*before, (left, level), (left, y + shift), boxes[0].left(shift), role=role)
    d.text((frame.left()[0], boxes[0].bottom()[1] - REACH - 1.7), f"LSTM({units}, return_sequences=True)", align="left")


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
    d.text((frame.left()[0], frame.top()[1] + LABEL), "LSTM(u, return_state=True)", align="left")
    _states(d, encoder)
    d.inputs(encoder)
    starts = {}
    for turn, (symbol, _, shift, _) in enumerate(STATES[::-1], 1):
        right, level = frame.right()[0] + turn * TURN, levels[symbol]
        starts[symbol] = [encoder[-1].right(shift), (right, shift), (right, level), (0, level)]
        d.value((encoder[-1].x, level), f"{symbol}_4", "(B, u)", "above" if symbol == "h" else "below", beside=True)
    d.text((encoder[1].x, sum(levels.values()) / 2), "initial_state=[h, c]")
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
    d.text((frame.x, frame.top()[1] + LABEL), "Bidirectional(LSTM(u, return_state=True))")
    _states(d, forward, None)
    _states(d, backward[::-1], None)
    for t, (one, other) in enumerate(zip(forward, backward), 1):
        d.value((one.x, words), f"x_{t}", "(B, n)")
        for box, end in ((one, one.bottom()), (other, other.top())):
            d.wire((one.x, words + (0.55 if box is one else -0.55)), end, role="input")
    starts, level = {}, frame.bottom()[1] - 0.95
    for turn, (symbol, role, shift, _) in enumerate(STATES[::-1], 1):
        x = 2.8 * turn - 1.2
        join = d.box((x, level), "Concatenate", role, 2.8, size=SMALL)
        right, left = frame.right()[0] + turn * TURN, frame.left()[0] - turn * TURN
        d.wire(forward[-1].right(shift), (right, shift), (right, level), join.right(), role=role)
        d.wire(backward[0].left(shift), (left, back + shift), (left, level), join.left(), role=role)
        d.value((forward[-1].x, level), FORWARD % symbol + "_4", side="above", role=role)
        d.value((frame.left()[0] + 0.2, level), BACKWARD % symbol + "_1", side="above", role=role)
        out = frame.bottom()[1] - 2.6 - turn
        starts[symbol] = [join.bottom(), (x, out), (0, out)]
        at, side = ((0, out), "above") if symbol == "h" else ((x, (join.bottom()[1] + out) / 2), "right")
        d.value(at, rf"[\,{FORWARD % symbol}_4, {BACKWARD % symbol}_1\,]", "(B, 2u)", side, role=role, beside=True)
        level -= 1.3
    d.text((1.7, out + 0.5), "initial_state=[h, c]")
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
    frame = _around(d, [*boxes, Node(3 * PITCH, chain, WIDE, HIGH)])
    _states(d, boxes)
    end = frame.right()[0] + 0.6
    for symbol, role, shift, side in STATES:
        d.wire(boxes[1].right(shift), (end, chain + shift), role=role)
        d.value((end, chain + 1.6 * shift), f"{symbol}_2", "(B, u)", "right", beside=True)
        d.value(((boxes[1].right()[0] + 2 * PITCH) / 2, chain + shift), f"{symbol}_2", side=side)
    layer = d.box((frame.x, both), "Bidirectional", width=frame.width, height=0.9)
    for t, real in enumerate(mask):
        x, output = t * PITCH, f"h_{min(t, 1) + 1}"
        d.tile((x, 0), f"x_{t + 1}" if real else "0", "input" if real else None, hollow=not real)
        d.text((x, told), str(real), "ink" if real else "muted")
        above = d.tile((x, shown), output)
        below = d.tile((x, answers), f"y_{t + 1}" if real else "0", "hidden" if real else None, hollow=not real)
        start = boxes[t].top() if real else (x, chain + STATES[1][2])
        d.wire(start, above.bottom(), role="hidden")
        d.wire((x, layer.bottom()[1]), below.top(), role="hidden")
        if real:
            d.wire((x, 0.36), boxes[t].bottom(), role="input")
            d.wire((x, told - 0.3), (x, layer.top()[1]), role="input")
        else:
            d.fork(start, "hidden")
    d.text((frame.left()[0] - 0.15, told), "mask", align="right")
    for y, shape in ((shown, "(B, T, u)"), (0, "(B, T, n)"), (told, "(B, T)"), (answers, "(B, T, 2u)")):
        _lines(d, (frame.right()[0] + 0.15, y), f"${shape}$")
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
    rows = [[d.box((x, -lane * row), "LSTM", "ink", WIDE, HIGH, size=SMALL) for x in xs] for row in range(2)]
    frames = [d.frame(x - half, -lane - 1.85, x + half, 1.3) for x in xs]
    top, stop = frames[0].top()[1], xs[1] + half + 0.75
    for number, x in enumerate(xs, 1):
        d.text((x, top - LABEL), f"batch_{number}")
    for row, boxes in enumerate(rows):
        for number, box in enumerate(boxes, 1):
            below = box.bottom()[1] - 0.6
            d.wire((box.x, below), box.bottom(), role="input")
            d.text((box.x, below - 0.32), f"batch_{number}[{row}]", "input")
        one, two, three = boxes
        for symbol, role, shift, side in STATES:
            d.wire(one.right(shift), two.left(shift), role=role)
            d.value(((one.x + two.x) / 2, one.y + shift), symbol, side=side)
            d.wire(two.right(shift), (stop - 0.2, two.y + shift), role=role)
            for box in (one, three):
                start = (box.x - half - 0.5, box.y + shift)
                d.wire(start, box.left(shift), role=role)
                d.text((start[0] - 0.2, start[1]), "$0$", role)
    d.wire((stop, top + LABEL), (stop, frames[0].bottom()[1]), arrow=False, dash=True)
    d.text((stop, top + 2 * LABEL), "reset_state()")
    d.text((-half, top + 2 * LABEL), "LSTM(u, stateful=True)", align="left")
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
    _lines(d, (right + 0.25, 0), "$(B, T)$")
    for name, gives, shape in layers:
        layer = d.box((middle, y + way + high / 2), name, "ink", right - left, high, size=13.5)
        for x in xs:
            d.wire((x, y), (x, y + way), role=role)
        y, role = layer.top()[1], gives
        _lines(d, (right + 0.25, y + way / 2), f"${shape}$")
    ground = y + way + 0.15
    line, turn, top = ground + half * tall, ground + tall + 0.25, ground + tall + 1.15
    d.wire((left, line), (right, line), arrow=False, dash=True)
    d.text((right + 0.25, line), "$0.5$", "muted", align="left")
    _bars(d, left + tile / 2 - pitch / 2, ground, chances, pitch, tall)
    for x, letter, chance in zip(xs, letters, chances):
        d.box((x, 0), letter, "input", tile, tile, size=SYMBOL)
        d.wire((x, y), (x, ground - 0.15))
        d.text((x, top), letter, "ink", SYMBOL)
        if chance > half:
            space = x + pitch / 2
            d.wire((x, ground + chance * tall), (x, turn), (space, turn), (space, top - 0.5), role="hidden")
            d.text((space, top + 0.05), "␣", "hidden", 28)
    return d


# --- the way back through time ---------------------------------------------------------------------------------------


def _slope(d: Drawing, at, of: str, by: str, role: str = "ink") -> None:
    """The derivative of one symbol by another."""
    x, y = at
    d.text((x, y + 0.34), rf"$\partial {of}$", role, SYMBOL)
    d.text((x, y - 0.34), rf"$\partial {by}$", role, SYMBOL)
    d.box((x, y), "", role, 0.75, 0.01, radius=0)


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
    boxes = [d.box(((t - 1) * pitch, 0), "$W, U, b$", "ink", 1.4, HIGH, size=SMALL) for t in STEPS]
    d.inputs(boxes)
    result = d.box((4 * pitch - 0.5, back / 2), "$s$", width=0.8)
    factors = [d.box((box.x, back), "", "hidden", 1.2, tall) for box in boxes[1:]]
    for t, factor in enumerate(factors, 2):
        _slope(d, (factor.x, back), f"h_{t}", f"h_{t - 1}", "hidden")
    for t, (box, after) in enumerate(zip(boxes, [*boxes[1:], result]), 1):
        way = [after.left()] if t < 4 else [(result.x, 0), result.bottom()]
        d.wire(box.right(), *way, role="hidden")
        d.value(((box.right()[0] + way[0][0]) / 2, 0), f"h_{t}", side="above")
    d.wire(result.top(), (result.x, back), factors[-1].right(), dash=True)
    _slope(d, ((factors[-1].right()[0] + result.x) / 2, back + over), "s", "h_4")
    d.wire(factors[0].left(), (boxes[0].x + 0.55, back), dash=True)
    for t, (before, factor) in enumerate(pairwise(factors), 2):
        d.wire(factor.left(), before.right(), dash=True)
        _slope(d, ((before.x + factor.x) / 2, back + over), "s", f"h_{t}")
    _slope(d, (boxes[0].x, back), "s", "h_1")
    terms, step = [("s", "h_1"), ("s", "h_4"), ("h_4", "h_3"), ("h_3", "h_2"), ("h_2", "h_1")], 1.5
    left = (boxes[0].left()[0] + result.right()[0] - step * (len(terms) - 1)) / 2
    for n, (of, by) in enumerate(terms):
        _slope(d, (left + n * step, product), of, by, "ink" if of == "s" else "hidden")
        if n:
            d.text((left + (n - 0.5) * step, product), "$=$" if n == 1 else r"$\cdot$", size=SYMBOL)
    return d


# --- the map of the book ---------------------------------------------------------------------------------------------


@figure(
    "book-map",
    "The map of the book",
    "A path leads from inputs to SimpleRNN, LSTM, GRU, Bidirectional, long_term, models and series, with a sign of "
    "what each chapter adds; faq and glossary stand aside.",
)
def book_map(lit: str | None = None) -> Drawing:
    d = Drawing({lit} if lit else None)
    across, down, width, height = 4.25, 3.35, 3.45, 2.45

    def inputs(x, y):
        for n in (2, 1, 0):
            d.matrix(x - 1.4 + 0.15 * n, y + 0.3 + 0.15 * n, 4, 5, ["input"] * 5, 0.2)
        d.text((x + 0.85, y), "$(B, T, n)$", "input")

    def simple_rnn(x, y):
        tile = d.tile((x, y - 0.2), "h")
        over, right, left = y + 0.5, x + 1.1, x - 1.1
        loop = [(right, tile.y), (right, over), (left, over), (left, tile.y)]
        d.wire(tile.right(), *loop, tile.left(), role="hidden")

    def lstm(x, y):
        for symbol, role, level in (("c", "cell", y + 0.27), ("h", "hidden", y - 0.47)):
            tile = d.tile((x, level), symbol, height=0.62)
            d.wire((x - 1.3, level), tile.left(), role=role)
            d.wire(tile.right(), (x + 1.3, level), role=role)

    def gru(x, y):
        for symbol, shift in (("z", -0.65), ("r", 0.65)):
            d.gate((x + shift, y), symbol, width=0.9)

    def bidirectional(x, y):
        for level, reach in ((y + 0.3, 1.3), (y - 0.5, -1.3)):
            d.wire((x - reach, level), (x + reach, level), role="hidden")

    def long_term(x, y):
        _bars(d, x - 1.3, y - 0.65, [0.62**n for n in range(7)], 2.6 / 7, 1.3)
        d.text((x + 0.45, y + 0.4), r"$\partial h_t / \partial h_1$", "hidden")

    def models(x, y):
        tile = d.tile((x - 1.05, y), "h", width=0.7)
        dense = d.box((x + 0.4, y), "Dense", width=1.3)
        d.wire(tile.right(), dense.left(), role="hidden")
        d.wire(dense.right(), (x + 1.5, y))

    def series(x, y):
        for row in range(2):
            left, top = x - 1.35 + 0.45 * row, y + 0.4 - 0.6 * row
            window = d.matrix(left, top, 1, 3, ["input"] * 3, 0.4)
            target = d.matrix(left + 1.75, top, 1, 1, ["hidden"], 0.4)
            d.wire(window.right(), target.left())

    def faq(x, y):
        d.text((x, y), "?", "muted", 30)

    def glossary(x, y):
        for row, role in enumerate(("hidden", "cell", "gate")):
            for side in (-0.55, 0.55):
                d.box((x + side, y + 0.45 - 0.5 * row), "", role, 0.9, 0.32)

    stations = {"inputs": inputs, "SimpleRNN": simple_rnn, "LSTM": lstm, "GRU": gru, "Bidirectional": bidirectional}
    stations |= {"long_term": long_term, "models": models, "series": series}
    asides = {"faq": faq, "glossary": glossary}  # off the path, in a row of their own
    row = -(-len(stations) // 3)
    numbers = [*range(len(stations)), *range(3 * row, 3 * row + len(asides))]
    places = {}
    for n, (name, emblem) in zip(numbers, (stations | asides).items()):
        x, y, aside = n % 3 * across, -(n // 3) * down, name in asides
        places[name] = d.frame(x - width / 2, y - height / 2, x + width / 2, y + height / 2, dash=aside)
        with d.part(name):
            if name == lit:
                d.outline(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            d.text((x, y + height / 2 - 0.42), name)
            emblem(x, y - 0.3)
    for (name, one), (_, other) in pairwise([(name, places[name]) for name in stations]):
        with d.part(name):  # the way on from where one stands
            if one.y == other.y:
                d.wire(one.right(), other.left())
            else:
                channel = (one.bottom()[1] + other.top()[1]) / 2
                d.wire(one.bottom(), (one.x, channel), (other.x, channel), other.top())
    return d


for chapter in ("inputs", "SimpleRNN", "LSTM", "GRU", "Bidirectional", "long_term", "models", "series"):
    figure(
        f"map-{chapter.lower().replace('_', '-')}",
        f"The map of the book: {chapter}",
        f"The station {chapter} and the way to the next one are lit.",
    )(partial(book_map, chapter))
