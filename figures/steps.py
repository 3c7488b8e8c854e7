"""One step at a time: a cell inside its layer, cells on top of each other, a leaky cell, and where dropout acts."""

from .canvas import Box, Point
from .catalogue import figure
from .vocabulary import REACH, SMALL, SYMBOL, Drawing, Node

SHAPE_H, SHAPE_X = "(B, u)", "(B, n)"
STEPS = range(1, 5)
PITCH = 2.6  # from one time step to the next


@figure(
    "cell-in-layer",
    "A recurrent layer as a loop around one cell",
    "Four time steps of an LSTM layer; the second is lit: the cell takes x_2, h_1 and c_1 and gives h_2 and c_2.",
)
def cell_in_layer() -> Drawing:
    d = Drawing({"step"})
    shift, half = 0.45, 0.7
    part = ["before", "step", "after", "after"]
    boxes = []
    d.frame(Box(PITCH - half - 0.55, -1.55, 4 * PITCH + half + 0.55, 1.55))
    for t, name in zip(STEPS, part):
        with d.part(name):
            box = d.box(Point(t * PITCH, 0), "cell", "ink", 2 * half, 1.9, size=SMALL)
            boxes.append(box)
            start, end = Point(box.x, box.box.bottom - REACH - 0.3), Point(box.x, box.box.top + REACH + 0.3)
            d.wire(start, box.bottom(), role="input")
            d.value(start, f"x_{t}", SHAPE_X, "below")
            d.wire(box.top(), end, role="hidden")
            d.value(end, f"h_{t}", SHAPE_H, "above")
    reach = PITCH - 2 * half
    for t in range(5):
        start = boxes[t - 1].box.right if t else boxes[0].box.left - reach
        end = boxes[t].box.left if t < 4 else boxes[3].box.right + reach
        with d.part("step" if t in (1, 2) else "other"):
            for symbol, role, level, side in (("c", "cell", shift, "above"), ("h", "hidden", -shift, "below")):
                d.wire(Point(start, level), Point(end, level), role=role)
                if t in (1, 2):
                    d.value(Point((start + end) / 2, level), f"{symbol}_{t}", side=side)
    d.text(Point(PITCH - half - 0.45, 1.9), "LSTM", "muted", align="left")
    return d


@figure(
    "cell-stacks",
    "Two cells in one layer, and two layers: the order of the computation",
    "The numbers say what is computed first: with cells on top of each other one time step after the other, with layers "
    "one layer after the other.",
)
def stacks() -> Drawing:
    d = Drawing()
    pitch, rise, side, pad = 1.9, 1.75, 1.0, 0.26

    def panel(title: str, y: float, number) -> dict[tuple[int, int], Node]:
        d.text(Point(pitch - side / 2 - pad, y + rise + 2.35), title, align="left")
        boxes = {}
        for t in STEPS:
            for row in (0, 1):
                box = d.box(Point(t * pitch, y + row * rise), str(number(t, row)), "hidden", side, 0.8, size=SYMBOL)
                boxes[t, row] = box
            low, high = boxes[t, 0], boxes[t, 1]
            d.wire(Point(low.x, y - 1.25), low.bottom(), role="input")
            d.value(Point(low.x, y - 1.25), f"x_{t}", side="below")
            d.wire(low.top(), high.bottom(), role="hidden")
            d.wire(high.top(), Point(high.x, high.box.top + 0.85), role="hidden")
            d.value(Point(high.x, high.box.top + 0.85), f"y_{t}", side="above", role="hidden")
        for row in (0, 1):
            for t in (1, 2, 3):
                d.wire(boxes[t, row].right(), boxes[t + 1, row].left(), role="hidden")
        return boxes

    columns = panel("RNN([cell, cell])", 0, lambda t, row: 2 * t - 1 + row)
    for t in STEPS:
        low, high = columns[t, 0], columns[t, 1]
        d.outline(Box(low.box.left - pad, low.box.bottom - pad, high.box.right + pad, high.box.top + pad))
    rows = panel("LSTM, LSTM", -6.7, lambda t, row: t + 4 * row)
    for row in (0, 1):
        first, last = rows[1, row], rows[4, row]
        d.outline(Box(first.box.left - pad, first.box.bottom - pad, last.box.right + pad, last.box.top + pad))
    return d


@figure(
    "cell-leaky",
    "One time step of a leaky cell",
    "h_(t-1) times 1 - a plus the candidate g_t times a is h_t. The candidate is tanh of x_t W + h_(t-1) U + b.",
)
def leaky() -> Drawing:
    d = Drawing()
    left, right, bottom, top, line = 0, 7.9, -0.4, 4.7, 3.7
    cell = d.frame(Box(left, bottom, right, top))
    enter = Point(0.9, line)
    candidate = d.gate(Point(2.6, 1.2), r"\tanh", "candidate")
    keep = d.box(Point(2.6, line), "$1 - a$", "hidden", 1.35, size=SMALL)
    new = d.box(Point(4.6, 1.2), "$a$", "candidate", 0.9)
    add = d.pointwise(Point(5.8, line), "+", role="hidden")
    d.wire(Point(left - 0.6, line), enter, role="hidden", arrow=False)
    d.value(Point(left - 0.6, line), "h_{t-1}", SHAPE_H, "left")
    d.wire(enter, keep.left(), role="hidden")
    d.wire(enter, Point(enter.x, candidate.y), candidate.left(), role="hidden")
    d.fork(enter, "hidden")
    d.wire(keep.right(), add.left(), role="hidden")
    d.wire(Point(candidate.x, bottom - 0.6), candidate.bottom(), role="input")
    d.value(Point(candidate.x, bottom - 0.6), "x_t", SHAPE_X, "below", beside=True)
    d.wire(candidate.right(), new.left(), role="candidate")
    d.value(Point((candidate.box.right + new.box.left) / 2, candidate.y), "g_t", side="above")
    d.wire(new.right(), Point(add.x, new.y), add.bottom(), role="candidate")
    split = Point(right - 0.7, line)
    d.wire(add.right(), split, role="hidden", arrow=False)
    d.wire(split, Point(split.x, top + 0.55), role="hidden")
    d.value(Point(split.x, top + 0.55), "h_t", SHAPE_H, "above", beside=True)
    d.wire(split, Point(right + 0.75, line), role="hidden")
    d.fork(split, "hidden")
    d.value(Point(right + 0.75, line), "h_t", SHAPE_H, "right")
    d.equation(Point(cell.x, bottom - 1.75), r"h_t = (1 - a) h_{t-1} + a g_t")
    return d


@figure(
    "cell-dropout",
    "Where dropout and recurrent_dropout act",
    "Each x_t is multiplied by the same mask D_x, each h_(t-1) by the same mask D_h, before it enters its time step.",
)
def dropout() -> Drawing:
    d = Drawing()
    boxes = [d.box(Point(t * PITCH, 0), "cell", "ink", 1.2, 0.95, size=SMALL) for t in STEPS]
    gap, over, under, drop = PITCH / 2, 1.2, -2.45, 0.66
    start = boxes[0].x - 2 * gap + 0.1
    inputs = [d.pointwise(Point(box.x, -1.5), role="input") for box in boxes]
    states = [d.pointwise(Point(box.x - gap, 0), role="hidden") for box in boxes]
    d.wire(Point(start, over), Point(states[-1].x, over), states[-1].top(), role="gate")
    d.wire(
        Point(start, under),
        Point(inputs[-1].x - drop, under),
        Point(inputs[-1].x - drop, -1.5),
        inputs[-1].left(),
        role="gate",
    )
    for state, into in list(zip(states, inputs))[:-1]:
        d.wire(Point(state.x, over), state.top(), role="gate")
        d.fork(Point(state.x, over), "gate")
        d.wire(Point(into.x - drop, under), Point(into.x - drop, -1.5), into.left(), role="gate")
        d.fork(Point(into.x - drop, under), "gate")
    d.value(Point(start, over), "D_h", SHAPE_H, "left", role="gate")
    d.value(Point(start, under), "D_x", SHAPE_X, "left", role="gate")
    d.wire(Point(start, 0), states[0].left(), role="hidden")
    d.value(Point(start, 0), "h_0", side="left")
    for t, (box, into, state) in enumerate(zip(boxes, inputs, states), 1):
        d.wire(state.right(), box.left(), role="hidden")
        d.wire(Point(box.x, -3.4), into.bottom(), role="input")
        d.value(Point(box.x, -3.4), f"x_{t}", side="below")
        d.wire(into.top(), box.bottom(), role="input")
        d.wire(box.top(), Point(box.x, 2.0), role="hidden")
        d.value(Point(box.x, 2.0), f"h_{t}", side="above")
        if t < 4:
            d.wire(box.right(), states[t].left(), role="hidden")
    return d
