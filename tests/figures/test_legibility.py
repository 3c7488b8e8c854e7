"""Every figure: legible on a phone and on both grounds, nothing on top of anything else, nothing cut off."""

import gzip
import itertools
import xml.etree.ElementTree as ET
from functools import cache

import pytest

from figures import catalogue
from figures.canvas import Box
from figures.colours import COLOURS
from figures.vocabulary import Drawing

PHONE = 328  # pixels that a page leaves for a picture on a phone of 360
NAMES = sorted(catalogue())


@cache
def drawn(name: str) -> Drawing:
    return catalogue()[name].draw()


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb after WCAG 2.1."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", NAMES)
def test_labels_do_not_touch_each_other_or_a_wire(name):
    drawing = drawn(name)
    for one, other in itertools.combinations(drawing.labels, 2):
        assert not one.box.overlaps(other.box), f"{one.text} and {other.text} overlap"
    for label in drawing.labels:
        for wire in drawing.wires:
            for stretch in wire.stretches:
                assert not label.box.crossed_by(*stretch), f"a wire along {stretch} runs through {label.text}"


@pytest.mark.parametrize("name", NAMES)
def test_wires_and_labels_keep_out_of_other_boxes(name):
    drawing = drawn(name)
    for node in drawing.nodes:
        inside = Box(node.box.left + 0.02, node.box.bottom + 0.02, node.box.right - 0.02, node.box.top - 0.02)
        for wire in drawing.wires:
            for stretch in wire.stretches if not wire.dash else ():
                assert not inside.crossed_by(*stretch), f"a wire along {stretch} runs through the box at {node.at}"
        for label in drawing.labels:
            within = node.box.contains(label.box)
            assert within or not label.box.overlaps(inside), f"{label.text} stands on the edge of the box at {node.at}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off(name):
    drawing = drawn(name)
    assert drawing.labels, "a figure without labels"
    for label in drawing.labels:
        assert drawing.canvas.extent.contains(label.box), f"{label.text} is cut off"


@pytest.mark.parametrize("name", NAMES)
def test_text_is_large_enough_on_a_phone(name):
    drawing = drawn(name)
    shrink = min(1, PHONE / drawing.canvas.size[0])
    for label in drawing.labels:
        assert label.size * shrink >= 9, f"{label.text} would be {label.size * shrink:.1f} pixels high"


@pytest.mark.parametrize("name", NAMES)
def test_text_stands_out_on_light_and_dark_ground(name):
    for label in drawn(name).labels:
        for colour, ground in itertools.product(label.colours, ("light", "dark")):
            ratio = contrast(getattr(COLOURS[colour], ground), getattr(COLOURS[label.on], ground))
            assert ratio >= 4.5, (
                f"{label.text}: {colour} on {label.on} has a contrast of {ratio:.2f} on {ground} ground"
            )


@pytest.mark.parametrize("name", NAMES)
def test_file_has_title_and_description_and_is_small(name):
    text = catalogue()[name].svg()
    root = ET.fromstring(text)
    for tag in ("title", "desc"):
        assert root.findtext(f"{{http://www.w3.org/2000/svg}}{tag}", "").strip()
    assert len(gzip.compress(text.encode(), mtime=0)) <= 30 * 1024
