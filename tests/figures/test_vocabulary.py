"""The words that figures are made of."""

import pytest

from figures.canvas import Box, Point
from figures.errors import FigureError
from figures.vocabulary import REACH, Drawing, Node

ORIGIN = Point(0, 0)


def test_wires_meet_a_node_at_its_sides():
    node = Node(Point(2, 1), 4, 2)
    assert node.box == Box(0, 0, 4, 2)
    assert (node.top(), node.bottom(), node.left(), node.right()) == (
        Point(2, 2),
        Point(2, 0),
        Point(0, 1),
        Point(4, 1),
    )
    assert node.top(0.5) == Point(2.5, 2) and node.right(-0.5) == Point(4, 0.5)


@pytest.mark.parametrize(
    ("side", "right", "up"),
    [("left", -1, None), ("right", 1, None), ("above", 0, 1), ("below", 0, -1), ("center", 0, None)],
)
@pytest.mark.parametrize("beside", [True, False])
def test_a_value_stands_on_its_side(side, right, up, beside):
    d = Drawing()
    d.value(ORIGIN, "h_t", "(B, u)", side, beside=beside)
    box = Box.around(corner for label in d.labels for corner in label.box.corners)
    assert (box.left > 0) == (right > 0) and (box.right < 0) == (right < 0)
    if up:
        assert (box.bottom > 0) == (up > 0) and (box.top < 0) == (up < 0)
    assert [label.text for label in d.labels] == ["$h_t$", "$(B, u)$"]


def test_an_unknown_side_is_refused():
    with pytest.raises(FigureError, match="h_t cannot stand 'abov'; the sides are center, left, right, above, below"):
        Drawing().value(ORIGIN, "h_t", side="abov")


def test_only_lit_parts_have_colour():
    d = Drawing({"one"})
    for name in ("one", "two"):
        with d.part(name):
            d.text(ORIGIN, "LSTM", "input")
            d.gate(ORIGIN, r"\sigma")
    with d.part("one", "two"):
        d.text(ORIGIN, "LSTM", "hidden")
    d.text(ORIGIN, "LSTM", "hidden")
    assert [label.muted for label in d.labels] == [False, False, True, True, False, True]
    assert [label.colours for label in d.labels][-2:] == [{"hidden"}, {"muted"}]


def test_without_a_lit_part_everything_has_colour():
    d = Drawing()
    with d.part("one"):
        d.text(ORIGIN, "LSTM", "input")
    assert d.labels[0].colours == {"input"} and not d.labels[0].muted


def test_a_text_knows_the_box_it_stands_on():
    d = Drawing()
    d.gate(ORIGIN, r"\sigma")
    d.text(Point(3, 0), "LSTM")
    assert [label.on for label in d.labels] == ["gate-tint", "ground"]


def test_an_equation_has_the_colours_of_its_symbols():
    d = Drawing()
    d.equation(ORIGIN, r"h_t = o_t \odot \tanh(c_t)")
    assert d.labels[0].colours == {"hidden", "gate", "cell", "ink"} and d.equations == [r"h_t = o_t \odot \tanh(c_t)"]


@pytest.mark.parametrize(("align", "edge"), [("left", "left"), ("right", "right")])
def test_a_text_is_aligned_at_its_ink(align, edge):
    assert getattr(Drawing().text(Point(2, 0), "LSTM", align=align).box, edge) == pytest.approx(2)


def test_a_dashed_wire_is_known_as_one():
    d = Drawing()
    d.wire(ORIGIN, Point(1, 0), Point(1, 1))
    d.wire(ORIGIN, Point(0, 1), dash=True)
    assert [wire.dash for wire in d.wires] == [False, True]
    assert d.wires[0].stretches == [(ORIGIN, Point(1, 0)), (Point(1, 0), Point(1, 1))]


def test_time_steps_have_inputs_and_outputs():
    d = Drawing()
    boxes = [d.box(Point(x, 0), "LSTM") for x in (0, 3)]
    d.inputs(boxes)
    d.outputs(boxes)
    assert {"$x_1$", "$x_2$", "$h_1$", "$h_2$"} <= {label.text for label in d.labels}
    assert d.wires[0].points == (boxes[0].bottom().moved(up=-REACH), boxes[0].bottom())


def test_bars_are_as_long_as_their_values():
    d = Drawing()
    d.bars(ORIGIN, [1, 0.5], 1.0, 2.0)
    d.bars(Point(10, 0), [1, 0.5], 1.0, 2.0, upright=False)
    assert [(node.at, node.height) for node in d.nodes[:2]] == [(Point(0.5, 1), 2), (Point(1.5, 0.5), 1)]
    assert [(node.at, node.width) for node in d.nodes[2:]] == [(Point(11, 1.5), 2), (Point(10.5, 0.5), 1)]


def test_an_array_is_a_grid():
    d = Drawing()
    grid = d.matrix(Point(1, 2), 2, 3, lambda row, column: "input" if row else "none", 0.5)
    assert grid.box == Box(1, 1, 2.5, 2)
    svg = d.canvas.svg("", "")
    assert svg.count('class="f-input-tint s-input"') == svg.count('class="f-ground s-faint"') == 3
