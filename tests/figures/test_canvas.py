"""Points, boxes and marks."""

import xml.etree.ElementTree as ET

import pytest

from figures.canvas import UNIT, Box, Canvas, Layer, Point, number
from figures.errors import FigureError

SQUARE = Box(0, 0, 1, 1)


def test_points_add_and_move():
    assert Point(1, 2) + Point(3, 5) == Point(4, 7) == Point(1, 2).moved(3, 5)
    assert Point(4, 7) - Point(3, 5) == Point(1, 2)
    assert Point(1, 2) * 3 == Point(3, 6)
    assert Point(1, 2).moved(up=1) == Point(1, 3)
    x, y = Point(1, 2)
    assert (x, y) == (1, 2)


def test_points_know_where_others_are():
    here, there = Point(1, 1), Point(4, 5)
    assert here.distance(there) == 5
    assert here.middle(there) == Point(2.5, 3)
    assert here.direction(there) == Point(0.6, 0.8)
    assert here.direction(there).turned() == Point(-0.8, 0.6)
    assert here.direction(here) == Point(0, 0)


def test_towards_goes_half_way_at_most():
    here, there = Point(0, 0), Point(10, 0)
    assert here.towards(there, 2) == Point(2, 0)
    assert here.towards(there, 8) == Point(5, 0)
    assert here.towards(here, 8) == here


def test_a_point_cannot_be_changed():
    with pytest.raises(AttributeError):
        Point(1, 2).x = 3


def test_boxes():
    box = Box.around([Point(1, 5), Point(3, 2), Point(2, 2)])
    assert box == Box(1, 2, 3, 5) and (box.width, box.height, box.middle) == (2, 3, Point(2, 3.5))
    assert box.grown(1) == Box(0, 1, 4, 6)
    assert box.grown(1).contains(box) and box.contains(box) and not box.contains(box.grown(1))
    assert SQUARE.overlaps(Box(0.9, 0.9, 2, 2)) and SQUARE.overlaps(Box(0.4, 0.4, 0.6, 0.6))
    assert not SQUARE.overlaps(Box(1, 0, 2, 1)), "they only touch"


@pytest.mark.parametrize(
    ("start", "end", "crosses"),
    [
        (Point(-1, 0.5), Point(2, 0.5), True),
        (Point(0.5, 2), Point(0.5, -1), True),
        (Point(-0.1, 0.9), Point(0.2, 1.2), False),  # passes a corner
        (Point(-0.1, 0.7), Point(0.4, 1.2), True),  # cuts it
        (Point(0.2, 0.2), Point(0.3, 0.3), True),
        (Point(0.5, 1), Point(0.5, 2), False),  # begins at the edge and leaves
        (Point(-1, 1), Point(2, 1), False),  # runs along the edge
        (Point(0.5, 2), Point(0.5, 1.5), False),
        (Point(0.5, 0.5), Point(0.5, 0.5), True),
    ],
)
def test_what_crosses_a_box(start, end, crosses):
    assert SQUARE.crossed_by(start, end) == SQUARE.crossed_by(end, start) == crosses


def test_numbers_have_one_decimal_at_most():
    assert [number(v) for v in (1.0, 1.25, -0.04, 12.349)] == ["1", "1.2", "0", "12.3"]


def drawn(canvas: Canvas) -> ET.Element:
    return ET.fromstring(canvas.svg("A & B", "x < y"))


def test_layers_lie_on_each_other_in_their_order():
    canvas = Canvas()
    canvas.rectangle(Layer.BOX, SQUARE, "ground", "ink", 2)
    canvas.line(Layer.WIRE, [Point(0, 0), Point(1, 0)], "input", 2)
    canvas.rectangle(Layer.FRAME, SQUARE.grown(1), "ground", "faint", 2)
    canvas.line(Layer.WIRE, [Point(0, 0), Point(0, 1)], "hidden", 2)
    marks = list(drawn(canvas).find("{*}g"))
    assert [mark.get("class") for mark in marks] == ["f-ground s-faint", "s-input", "s-hidden", "f-ground s-ink"]


def test_the_size_follows_from_the_marks():
    canvas = Canvas()
    canvas.circle(Layer.BOX, Point(5, 5), 0.5, "ink")
    canvas.line(Layer.WIRE, [Point(5, 5), Point(8, 5)], "ink", 2)
    assert canvas.extent == Box(4.2, 4.2, 8.3, 5.8)
    assert canvas.size == (round(4.1 * UNIT), round(1.6 * UNIT))
    assert drawn(canvas).get("viewBox") == f"0 0 {canvas.size[0]} {canvas.size[1]}"


def test_an_empty_picture_is_refused():
    with pytest.raises(FigureError, match="Nothing stands in it"):
        Canvas().svg("", "")


def test_dark_colours_are_those_that_are_used():
    canvas = Canvas()
    canvas.polygon(Layer.WIRE, [Point(0, 0), Point(1, 0), Point(0, 1)], "gate")
    style = drawn(canvas).findtext("{*}style")
    assert style == "@media (prefers-color-scheme:dark){.f-gate{fill:#ee9fcb}.f-ground{fill:#131416}}"


def test_title_and_description_are_escaped():
    canvas = Canvas()
    canvas.circle(Layer.BOX, Point(0, 0), 1, "ink")
    assert drawn(canvas).findtext("{*}title") == "A & B" and drawn(canvas).findtext("{*}desc") == "x < y"
