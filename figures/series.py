"""Series: windows and their targets, forecasts fed back, one vector to a sequence, features that do not change."""

from .canvas import Box, Point
from .catalogue import figure
from .vocabulary import REACH, SMALL, SYMBOL, Drawing, Node

PITCH = 1.15  # from one value of a series to the next
ROW = 1.25  # from one window to the next
TILE = {"width": 1.0, "height": 0.8}
STEP, WIDE, HIGH = 2.15, 1.25, 1.0  # from one time step of a layer to the next; the box of one time step


# --- windows ---------------------------------------------------------------------------------------------------------


@figure(
    "series-windows",
    "Windows of a series and their targets",
    "A series of values m_1 to m_8. The window X_1 holds m_1 to m_4, and its target y_1 is m_5. X_2 and X_3 start one value "
    "later each, and so do their targets.",
)
def windows() -> Drawing:
    d = Drawing()
    length, count = 4, 8
    for t in range(1, count + 1):
        d.tile(Point(t * PITCH, 0), f"m_{t}", "ink", **TILE)
    first, last = PITCH - 0.5, length * PITCH + 0.5
    d.bracket(Point(last, -0.85), Point(first, -0.85), "$T$", size=SYMBOL)
    for i in range(1, 4):
        y = -0.95 - i * ROW
        for t in range(i, i + length):
            d.tile(Point(t * PITCH, y), f"m_{t}", "input", **TILE)
        target = d.tile(Point((i + length) * PITCH + 0.55, y), f"m_{i + length}", "hidden", **TILE)
        d.wire(Point((i + length - 1) * PITCH + 0.5, y), target.left())
        d.equation(Point(i * PITCH - 0.95, y), f"X_{i}")
        d.text(Point(target.box.right + 0.5, y), f"$y_{i}$", "hidden", SYMBOL)
    return d


@figure(
    "series-feedback",
    "Forecasts that are fed back",
    "The model reads m_1 to m_4 and forecasts the fifth value. This forecast takes the last place of the next window, and "
    "the model forecasts the sixth value, and so on: the third window holds two forecasts.",
)
def feedback() -> Drawing:
    d = Drawing()
    length, steps, row = 4, 3, 1.75
    model, answer = 0.95, 2.75  # how far the model and its forecast stand from the last value of a window
    for i in range(1, steps + 1):
        y = -i * row
        for t in range(i, i + length):
            own = t > length
            d.tile(Point(t * PITCH, y), rf"\hat{{m}}_{t}" if own else f"m_{t}", "hidden" if own else "input", **TILE)
        right = (i + length - 1) * PITCH
        box = d.box(Point(right + 0.5 + model, y), "LSTM", width=1.15)
        d.wire(Point(right + 0.5, y), box.left(), role="input")
        out = d.tile(Point(right + 0.5 + answer - 0.15, y), rf"\hat{{m}}_{i + length}", "hidden", **TILE)
        d.wire(box.right(), out.left(), role="hidden")
        if i < steps:
            place, level = (i + length) * PITCH, y - row / 2
            d.wire(out.bottom(), Point(out.x, level), Point(place, level), Point(place, y - row + 0.4), role="hidden")
    return d


# --- one vector to a sequence ----------------------------------------------------------------------------------------


def _layer(d: Drawing, xs: list[float], y: float) -> tuple[list[Node], Node]:
    """An LSTM unrolled: its time steps, handed from each to the next, and the frame around them."""
    boxes = [d.box(Point(x, y), "LSTM", "ink", WIDE, HIGH, size=SMALL) for x in xs]
    for one, other in zip(boxes, boxes[1:]):
        for role, shift in (("cell", 0.2), ("hidden", -0.2)):
            d.wire(one.right(shift), other.left(shift), role=role)
    return boxes, d.frame(Box(xs[0] - 1.0, y - 0.85, xs[-1] + 1.0, y + 0.85))


@figure(
    "series-one-to-many",
    "From a window to the values of several steps",
    "An LSTM reads x_1 to x_4 and hands back h_4. RepeatVector(3) makes three copies of it. A second LSTM reads the copies, "
    "one at each of three time steps, and the same Dense(1) makes one value from each of its hidden states.",
)
def one_to_many() -> Drawing:
    d = Drawing()
    copy, second, dense, answer = 2.4, 5.55, 7.6, 8.6
    reader, frame = _layer(d, [t * STEP for t in range(4)], 0)
    d.inputs(reader)
    right = frame.box.right + 0.25
    xs = [(t + 0.5) * STEP for t in range(3)]
    repeat = d.box(Point(xs[1], copy), "RepeatVector(3)", width=2 * STEP + WIDE)
    last = reader[-1]
    turn = frame.box.top + 0.35
    d.wire(last.top(), Point(last.x, turn), Point(xs[1], turn), repeat.bottom(), role="hidden")
    d.value(Point(last.x - 0.25, turn), "h_4", side="above")
    d.text(Point(right, turn + 0.1), "$(B, u)$", "muted", align="left")
    writer, upper = _layer(d, xs, second)
    between = (repeat.box.top + upper.box.bottom) / 2
    for t, (box, x) in enumerate(zip(writer, xs), 1):
        d.wire(Point(x, repeat.box.top), box.bottom(), role="hidden")
        d.value(Point(x, between), "h_4", side="right")
        multiply = d.box(Point(x, dense), "Dense(1)", width=1.95)
        d.wire(box.top(), multiply.bottom(), role="hidden")
        d.wire(multiply.top(), Point(x, answer))
        d.value(Point(x, answer), f"y_{t}", side="above")
    d.text(Point(right, between), "$(B, 3, u)$", "muted", align="left")
    d.text(Point(right, second), "$(B, 3, u)$", "muted", align="left")
    d.text(Point(right, answer + 0.36), "$(B, 3, 1)$", "muted", align="left")
    d.text(Point(right, last.box.bottom - REACH - 0.35), "$(B, T, n)$", "muted", align="left")
    return d


# --- features that do not change -------------------------------------------------------------------------------------


@figure(
    "series-static",
    "Three ways to give a model features that do not change",
    "Left: the vector A is concatenated with the summary h of the LSTM, before the Dense. Middle: Dense layers turn A into the "
    "initial state of the LSTM. Right: RepeatVector(T) gives every time step a copy of A, concatenated with x, before the LSTM.",
)
def static() -> Drawing:
    d = Drawing()
    panel, side = 4.4, 2.1
    low, middle, high, out = 2.0, 4.1, 6.2, 7.4

    def start(left: float, static_to: float, sequence_to: float, x: float = 0.0, a: float = side) -> None:
        for at, symbol, shape, role, up in (
            (x, "x", "(B, T, n)", "input", sequence_to),
            (a, "A", "(B, P)", "ink", static_to),
        ):
            tile = d.tile(Point(left + at, 0), symbol, role, **TILE)
            d.text(Point(left + at, -0.75), f"${shape}$", "muted")
            d.wire(tile.top(), Point(left + at, up), role=role)

    def dense(x: float, top: float, role: str = "hidden") -> None:
        box = d.box(Point(x, high), "Dense", width=1.35)
        d.wire(Point(x, top), box.bottom(), role=role)
        d.wire(box.top(), Point(x, out))
        d.value(Point(x, out), "y", "(B, 1)", "above", beside=True)

    half = 0.4
    # the summary and A, side by side
    lstm = d.box(Point(0, low), "LSTM", width=WIDE)
    d.box(Point(side / 2, middle), "Concatenate", width=side + 1.3)
    start(0, middle - half, low - half)
    d.wire(lstm.top(), Point(0, middle - half), role="hidden")
    d.value(Point(0, (low + middle) / 2), "h", side="right")
    d.text(Point(side / 2 + 0.15, (middle + high) / 2), "$(B, u + P)$", "muted", align="left")
    dense(side / 2, middle + half, "ink")
    # A as the initial state
    left = panel
    lstm = d.box(Point(left, middle), "LSTM", width=WIDE)
    states = d.box(Point(left + side, low), "Dense", width=1.35)
    start(left, low - half, middle - half)
    for role, shift, reach in (("cell", 0.18, 0.3), ("hidden", -0.18, -0.3)):
        d.wire(states.top(reach), Point(left + side + reach, middle + shift), lstm.right(shift), role=role)
    d.value(Point(left + side / 2, middle + 0.18), "c_0", side="above")
    d.value(Point(left + side / 2, middle - 0.18), "h_0", side="below")
    dense(left, middle + half)
    # A at every time step
    left = 2 * panel
    repeat = d.box(Point(left + side, low - 0.1), "RepeatVector", width=2.95, height=0.8)
    join = d.box(Point(left + side / 2, middle - 0.55), "Concatenate", width=side + 1.3)
    lstm = d.box(Point(left + side / 2, middle + 0.75), "LSTM", width=WIDE)
    start(left, repeat.box.bottom, join.box.bottom)
    d.wire(repeat.top(), Point(left + side, join.box.bottom))
    d.wire(join.top(), lstm.bottom())
    dense(left + side / 2, lstm.box.top)
    return d
