"""The figures: as committed, legible on a phone and on both grounds, nothing on top of anything else."""

import gzip
import itertools
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import nbformat
import pytest
from cell import read_text
from cut import Book

import diagrams.__main__ as drawer
from diagrams import COLOURS, FIGURES, LAYERS, Drawing
from diagrams.drawing import ROLES, SYMBOL_PATTERN
from support import CHAPTERS, ROOT

PHONE = 328  # pixels that a page leaves for a picture on a phone of 360
NAMES = sorted(FIGURES)


@cache
def drawn(name: str) -> Drawing:
    return FIGURES[name].draw()


def svg(name: str) -> str:
    return FIGURES[name].draw().svg(FIGURES[name].title, FIGURES[name].description)


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb after WCAG 2.1."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def overlap(a, b) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def crosses(start, end, box) -> bool:
    """Whether a stretch of a wire, horizontal, vertical or slanting, passes through a box."""
    (x0, y0), (x1, y1) = start, end
    steps = max(2, int(max(abs(x1 - x0), abs(y1 - y0)) / 0.02))
    points = ((x0 + (x1 - x0) * n / steps, y0 + (y1 - y0) * n / steps) for n in range(steps + 1))
    return any(box[0] < x < box[2] and box[1] < y < box[3] for x, y in points)


@pytest.mark.parametrize("name", NAMES)
def test_labels_do_not_touch_each_other_or_a_wire(name):
    drawing = drawn(name)
    for one, other in itertools.combinations(drawing.labels, 2):
        assert not overlap(one.box, other.box), f"{one.text} and {other.text} overlap"
    for label in drawing.labels:
        for wire in drawing.wires:
            for start, end in itertools.pairwise(wire):
                assert not crosses(start, end, label.box), f"a wire from {start} to {end} runs through {label.text}"


@pytest.mark.parametrize("name", NAMES)
def test_wires_and_labels_keep_out_of_other_boxes(name):
    drawing, edge = drawn(name), 0.02
    for node in drawing.nodes:
        (left, bottom), (right, top) = (node.left()[0], node.bottom()[1]), (node.right()[0], node.top()[1])
        inside = (left + edge, bottom + edge, right - edge, top - edge)
        for wire in drawing.wires:
            for start, end in itertools.pairwise(wire) if wire not in drawing.dashed else ():
                assert not crosses(start, end, inside), (
                    f"a wire from {start} to {end} runs through the box at {node.x}, {node.y}"
                )
        for label in drawing.labels:
            a, b, c, d = label.box
            within = left <= a and bottom <= b and c <= right and d <= top
            assert within or not overlap(label.box, inside), (
                f"{label.text} stands on the edge of the box at {node.x}, {node.y}"
            )


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off(name):
    drawing = drawn(name)
    left, bottom, right, top = drawing.extent
    assert drawing.labels, "a figure without labels"
    for label in drawing.labels:
        a, b, c, d = label.box
        assert left <= a and bottom <= b and c <= right and d <= top, f"{label.text} is cut off"


@pytest.mark.parametrize("name", NAMES)
def test_text_is_large_enough_on_a_phone(name):
    drawing = drawn(name)
    shrink = min(1, PHONE / drawing.size[0])
    for label in drawing.labels:
        assert label.size * shrink >= 9, f"{label.text} would be {label.size * shrink:.1f} pixels high"


@pytest.mark.parametrize("name", NAMES)
def test_text_stands_out_on_light_and_dark_ground(name):
    for label in drawn(name).labels:
        for colour, ground in itertools.product(label.colours, (0, 1)):
            ratio = contrast(COLOURS[colour][ground], COLOURS[label.on][ground])
            assert ratio >= 4.5, (
                f"{label.text}: {colour} on {label.on} has a contrast of {ratio:.2f} on {('light', 'dark')[ground]} ground"
            )


@pytest.mark.parametrize("name", NAMES)
def test_file_has_title_and_description_and_is_small(name):
    text = svg(name)
    root = ET.fromstring(text)
    for tag in ("title", "desc"):
        assert root.findtext(f"{{http://www.w3.org/2000/svg}}{tag}", "").strip()
    assert len(gzip.compress(text.encode(), mtime=0)) <= 30 * 1024


@pytest.mark.parametrize("name", NAMES)
def test_committed_file_is_what_the_code_draws(name):
    if sys.version_info < (3, 11):
        pytest.skip("matplotlib for Python 3.10 spaces formulas a little differently")
    path = ROOT / "book" / "images" / f"{name}.svg"
    assert svg(name) == svg(name) == path.read_text("utf-8"), "run: make diagrams"


def placed() -> list[tuple[str, str, set[str], list[str]]]:
    """Each place of a figure: (figure, cell, letters in the formulas of the chapter, display formulas of the cell)."""
    book = Book(ROOT)
    book.read()
    places, everything = [], set()
    for chapter, notebook in reversed(book.notebooks.items()):  # the map, in the index, looks ahead
        texts = {cell.id: read_text(cell.source) for cell in notebook.cells if cell.cell_type == "markdown"}
        formulas = " ".join(formula for text in texts.values() for formula in [*text.formulas, *text.display_formulas])
        letters = {symbol[0] for symbol in SYMBOL_PATTERN.findall(formulas)}
        letters |= {name for text in texts.values() for name in text.inline_code if len(name) == 1}
        everything |= letters
        for cell, text in texts.items():
            for source in text.figures:
                known = everything if "map" in source else letters
                places.append((Path(source).stem, f"{chapter}: {cell}", known, text.display_formulas))
    return places


def test_symbols_of_a_figure_are_those_of_its_chapter():
    for name, where, letters, _ in placed():
        for label in drawn(name).labels:
            if label.text.startswith("$"):
                strange = {symbol[0] for symbol in SYMBOL_PATTERN.findall(label.text.strip("$"))} - letters
                assert not strange, (
                    f"{where}: no formula of the chapter has the letters {strange} of {label.text} in {name}"
                )


def test_lit_part_has_its_equation_beside_it_and_its_symbols():
    seen = 0
    for name, where, _, formulas in placed():
        drawing = drawn(name)
        if drawing.lit is None or not drawing.equations:
            continue
        seen += 1
        (equation,) = drawing.equations
        assert equation in formulas, f"{where}: {name} shows {equation}, the cell has {formulas}"
        vectors = {s for s in SYMBOL_PATTERN.findall(equation) if s[0] in ROLES}
        lit = [label.text.strip("$") for label in drawing.labels if not label.muted]
        lit_symbols = {s for text in lit if text != equation for s in SYMBOL_PATTERN.findall(text) if s[0] in ROLES}
        assert lit_symbols == vectors, f"{name}: lit are {sorted(lit_symbols)}, the equation has {sorted(vectors)}"
    assert seen


def test_every_figure_is_in_a_chapter():
    assert {name for name, *_ in placed()} == set(NAMES)


def test_every_file_is_drawn():
    assert sorted(path.stem for path in (ROOT / "book" / "images").iterdir()) == NAMES


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_plots_use_the_colours_of_the_figures(path):
    known = {light for light, _ in COLOURS.values()} | set(LAYERS.values())
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            for colour in re.findall(r"#[0-9a-fA-F]{6}\b", cell.source):
                assert colour.lower() in known, f"{cell.id}: {colour} stands for nothing in diagrams/drawing.py"


def test_an_unknown_figure_is_refused():
    done = subprocess.run([sys.executable, "-m", "diagrams", "lstm-sell"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode and "No figure is named lstm-sell" in done.stderr and "lstm-cell" in done.stderr


def test_the_gallery_shows_every_figure(tmp_path, monkeypatch):
    monkeypatch.setattr(drawer, "GALLERY", tmp_path / "gallery.html")
    drawer.gallery()
    page = (tmp_path / "gallery.html").read_text("utf-8")
    assert all(page.count(f"images/{name}.svg") == 4 for name in NAMES)
