"""A decoder in training and at work: what it reads at each time step, and when it stops.

A row of boxes is one layer, drawn once for each time step, with the same weights.
"""

from itertools import pairwise

from .canvas import Point
from .catalogue import figure
from .vocabulary import REACH, SMALL, SYMBOL, Drawing, Node

WIDE, HIGH, PITCH = 1.25, 1.0, 2.15  # the box of one time step; from one to the next
SIDE = 0.2  # from the middle of a box to each of its two states
LIFT, ABOVE = 1.15, 0.6  # from a box to the middle of its Dense, and from there to the letter
START, STOP = "<", ">"
WORD = "XL"


def _row(d: Drawing, y: float) -> list[Node]:
    """The decoder from its first states on, one box for each letter and one for the stop symbol."""
    boxes = [d.box(Point(t * PITCH, y), "LSTM", "ink", WIDE, HIGH, size=SMALL) for t in range(len(WORD) + 1)]
    enter = boxes[0].box.left - 1.1
    for symbol, role, shift in (("c", "cell", SIDE), ("h", "hidden", -SIDE)):
        d.wire(Point(enter, y + shift), boxes[0].left(shift), role=role)
        d.value(Point(enter, y + 1.2 * shift), f"{symbol}_T", side="left")
        for one, other in pairwise(boxes):
            d.wire(one.right(shift), other.left(shift), role=role)
    return boxes


def _sign(d: Drawing, at: Point, text: str, role: str) -> None:
    d.text(at, text, role, SYMBOL)


@figure(
    "models-decoder-writes",
    "A decoder in training, and a decoder that writes",
    "Above, in training, the decoder reads the start symbol and then the right letters, X and L, whatever it answers. "
    "Below, in use, each letter that it answers is what it reads next; the stop symbol ends it.",
)
def decoder_writes() -> Drawing:
    d = Drawing()
    for y, feeds_back in ((0.0, False), (-6.6, True)):
        boxes = _row(d, y)
        for box, reads, answers in zip(boxes, START + WORD, WORD + STOP):
            dense = d.box(Point(box.x, box.box.top + LIFT), "Dense", width=WIDE)
            given, found = box.box.bottom - REACH, dense.box.top + ABOVE
            d.wire(box.top(), dense.bottom(), role="hidden")
            d.wire(dense.top(), Point(box.x, found))
            _sign(d, Point(box.x, found + 0.32), answers, "ink")
            if reads == START or not feeds_back:
                d.wire(Point(box.x, given), box.bottom(), role="input")
                _sign(d, Point(box.x, given - 0.32), reads, "input")
        d.text(Point(boxes[0].box.left - 1.7, y + 3.75), "one_step" if feeds_back else "teacher", align="left")
        for one, other in pairwise(boxes) if feeds_back else ():
            between, low = (one.x + other.x) / 2, other.box.bottom - 0.6
            found = one.box.top + LIFT + 0.4 + ABOVE + 0.32
            d.wire(
                Point(one.x + 0.3, found),
                Point(between, found),
                Point(between, low),
                Point(other.x, low),
                other.bottom(),
                role="input",
            )
    return d
