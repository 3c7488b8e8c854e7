"""Attention over the outputs of a layer: one query, a score and a weight for each time step, a weighted sum."""

from .canvas import Point
from .catalogue import figure
from .vocabulary import Drawing

STEPS = range(1, 5)


@figure(
    "attention-over-outputs",
    "Attention over the outputs of a bidirectional layer",
    "From below: the rows y_1 to y_4 of y. The query q meets each of them in a dot product. A softmax over the four products gives the weights "
    "alpha_1 to alpha_4. The rows times their weights, added, are the context vector.",
)
def over_outputs() -> Drawing:
    d = Drawing()
    pitch, rows, bus, dots, softmax, weights, total = 2.3, 0, 1.15, 2.3, 3.9, 5.3, 6.9
    left, right, shift = pitch - 0.85, 4 * pitch + 0.85, 0.38
    across, middle = right - left, (left + right) / 2
    query = d.tile(Point(left - 1.5, bus), "q", "hidden", 1.1, 0.9)
    above = d.box(Point(middle, softmax), "softmax", "ink", across, 0.8)
    adding = d.box(
        Point(middle, total), r"$\alpha_1 y_1 + \alpha_2 y_2 + \alpha_3 y_3 + \alpha_4 y_4$", "ink", across, 0.95
    )
    d.wire(query.right(), Point(4 * pitch - shift, bus), role="hidden", arrow=False)
    for t in STEPS:
        x = t * pitch
        row = d.tile(Point(x, rows), f"y_{t}", "hidden", 1.5, 0.9)
        dot = d.box(Point(x, dots), rf"$q \cdot y_{t}$", "ink", 1.7, 0.9)
        weight = d.tile(Point(x, weights), rf"\alpha_{t}", "ink", 1.1, 0.85)
        d.wire(row.top(shift), dot.bottom(shift), role="hidden")
        corner = Point(x - shift, bus)
        d.wire(corner, dot.bottom(-shift), role="hidden")
        if t < 4:
            d.fork(corner, "hidden")
        d.wire(dot.top(), Point(x, above.box.bottom))
        d.wire(Point(x, above.box.top), weight.bottom())
        d.wire(weight.top(), Point(x, adding.box.bottom))
    end = Point(middle, adding.box.top + 0.8)
    d.wire(adding.top(), end, role="hidden")
    d.value(end, r"\bar{y}", "(B, 1, 2u)", "above", role="hidden")
    for y, shape in ((rows, "(B, T, 2u)"), (weights, "(B, 1, T)")):
        d.text(Point(query.x, y), f"${shape}$", "muted")
    d.text(Point(query.x, bus + 0.85), "$(B, 1, 2u)$", "muted")
    return d
