"""Texts as outlines: recorded once, the same with every Python and Matplotlib."""

import json
import subprocess
import sys

import pytest

from figures.canvas import Box
from figures.errors import FigureError
from figures.typesetting import Record, typeset
from support import ROOT


@pytest.fixture
def record(tmp_path):
    return Record(tmp_path / "typeset.json")


def reopened(record: Record, texts) -> Record:
    record.path.write_text(record.content(texts), "utf-8")
    return Record(record.path)


def test_a_recorded_text_is_as_it_was_set(record):
    texts = ("$h_{t-1}$", r"$\overrightarrow{h}$", "LSTM(u, return_state=True)", "␣")
    before = [record(text) for text in texts]
    again = reopened(record, texts)
    assert record.recorded == set() and again.recorded == set(texts)
    assert [again(text) for text in texts] == before


def test_a_formula_has_its_subscript_below(record):
    letter, index = record("$h_t$").glyphs
    assert index.x > letter.x and index.y < letter.y and index.scale == 0.7 and letter.scale == 1
    assert record("$h_t$").box.bottom < 0


def test_spaces_are_not_glyphs(record):
    assert len(record("a b").glyphs) == 2 and record("a b").glyphs[1].x > record("ab").glyphs[1].x


def test_a_record_holds_the_texts_that_are_asked_for(record):
    record("$y$")
    with record.watched() as texts:
        record("$x$")
    record("$z$")
    assert texts == {"$x$"} == json.loads(record.content(texts))["texts"].keys()


def test_letters_that_the_font_lacks_are_refused(record):
    with pytest.raises(FigureError, match="'h는' has letters that DejaVu Sans Mono lacks: 는.*serves every language"):
        record("h는")


@pytest.mark.parametrize(
    ("text", "reason"), [("$\\nothing$", r"Unknown symbol: \nothing."), ("$h_$", "found end of text  (at char 2).")]
)
def test_a_formula_that_cannot_be_set_is_named(record, text, reason):
    with pytest.raises(FigureError) as error:
        record(text)
    assert str(error.value) == f"The formula {text} cannot be set: {reason}"


def test_the_line_of_a_fraction_is_drawn(record):
    above, below, line = sorted(record(r"$\frac{a}{b}$").glyphs, key=lambda glyph: "Q" not in glyph.outline)
    assert above.y > below.y and line.outline.startswith("M") and line.outline.count("L") == 4
    ink = [float(number) for number in line.outline.strip("MZ").replace("L", " ").split()]
    assert above.y > -ink[1] > below.y


def test_a_text_that_shows_nothing_is_refused(record):
    with pytest.raises(FigureError, match="' ' shows nothing"):
        record(" ")


def test_a_damaged_record_is_refused_with_a_remedy(record):
    record.path.write_text('<<<<<<< HEAD\n{"glyphs": {}}', "utf-8")
    with pytest.raises(FigureError, match="typeset.json cannot be read.*Restore it from git"):
        record("$x$")


def test_without_matplotlib_a_new_text_says_what_to_do(record, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(FigureError, match="'new' is not in typeset.json yet, and Matplotlib.*make figures"):
        record("new")


def test_the_record_holds_what_matplotlib_sets(record, pytestconfig):
    """Nobody has changed it by hand. Versions of Matplotlib place glyphs a little differently, but draw the same ones.

    `make check` looks at each tenth text: to set them all takes as long as to read the rules of the whole book.
    """
    assert len(typeset.recorded) > 200
    for text in sorted(typeset.recorded)[:: 10 if pytestconfig.getoption("--check") else 1]:
        kept, anew = typeset(text), record(text)
        assert [(g.outline, g.scale) for g in kept.glyphs] == [(g.outline, g.scale) for g in anew.glyphs], text
        for one, other in zip(
            (*kept.box.edges, *(g.x for g in kept.glyphs)), (*anew.box.edges, *(g.x for g in anew.glyphs))
        ):
            assert abs(one - other) < 15 + 0.01 * kept.box.width, text


def test_the_record_is_written_as_it_is_read():
    assert typeset.content(typeset.recorded) == typeset.path.read_text("utf-8")


def test_drawing_needs_no_packages_but_yaml():
    program = (
        "import sys\n"
        "for name in ('matplotlib', 'numpy', 'tensorflow', 'keras'): sys.modules[name] = None\n"
        "import figures\n"
        "from pathlib import Path\n"
        "print(figures.stale(Path('book/images')))\n"
        "print(sorted({m.partition('.')[0] for m, module in sys.modules.items() if module and getattr(module, '__file__', None)"
        " and 'site-packages' in module.__file__}))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    troubles, packages = done.stdout.splitlines()
    assert troubles == "[]" and set(json.loads(packages.replace("'", '"'))) - {"_distutils_hack"} == {"yaml"}


def test_box_is_around_the_ink(record):
    assert record("$x$").box.left > 0
    assert isinstance(record("$x$").box, Box)
