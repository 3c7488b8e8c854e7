"""builder/python/cells.py: what becomes of the book's cells in the Python of the pages, and how it answers to others."""

from __future__ import annotations

import nbformat
import pytest

from builder.python import cells
from builder.quality.comparison import EXEMPT, differs
from support import ROOT, code, the_book

RAN = {"text": "", "error": "", "kind": "", "line": 0, "dropped": 0, "draws": False, "ms": 1}


@pytest.fixture(scope="module")
def found(python_bundle):
    return cells.outcomes(the_book())


def test_every_cell_of_the_book_does_what_is_committed(found):
    """What a cell does has got better or worse: `make cells` writes it anew."""
    assert found[0] == cells.read(ROOT)


def test_the_chapters_on_layers_run_whole_but_for_training(found):
    for chapter in ("index", "inputs", "simple_rnn", "lstm", "gru", "bilstm"):
        assert set(found[0][chapter].values()) <= {*cells.WHOLE, "other", "training"}, chapter


def test_what_a_cell_prints_is_recorded_up_to_the_last_digits(found):
    """In the chapters on layers; a message of TensorFlow is another one in NumPy."""
    other = {}
    for chapter, recorded, ran in zip(the_book().chapters, cells.code_of(the_book()).values(), found[1]["outcomes"]):
        for cell, one in zip(recorded, ran):
            outputs = [nbformat.v4.new_output("stream", text=one["text"])] if one["text"] else []
            if not one["error"] and not EXEMPT & set(cell.metadata.get("tags", [])) and differs(cell.outputs, outputs):
                other.setdefault(chapter.name, set()).add(cell.id)
    expected = {"inputs": {"wrong-features-layer"}, "bilstm": {"attention-mask", "wrong-state-code"}}
    for chapter in ("index", "inputs", "simple_rnn", "lstm", "gru", "bilstm"):
        assert other.get(chapter, set()) == expected.get(chapter, set()), chapter


@pytest.mark.parametrize(
    ("ran", "becomes"),
    [
        ({"text": "1\n"}, "same"),
        ({"text": "1\n", "draws": True}, "draws"),
        ({"text": "2\n"}, "other"),
        ({"error": "NotImplementedError: fit", "kind": "training"}, "training"),
        ({"error": "NameError: x", "kind": "error"}, "above"),
    ],
)
def test_an_outcome_has_a_name(ran, becomes):
    assert cells.outcome(code("one", "print(1)", 1, "1\n"), {**RAN, **ran}) == becomes


def test_a_cell_that_no_longer_runs_is_not_forgotten():
    report = {"outcomes": [[{**RAN, "error": "NameError: y\nmore"}, RAN, RAN]]}
    before = {"lstm": {"a": "same", "b": "training", "c": "silent", "gone": "same"}}
    (problem,) = cells.worse(before, {"lstm": {"a": "above", "b": "absent", "c": "draws"}}, report)
    assert problem.where == "book/lstm.ipynb, cell a" and "(NameError: y)" in problem.what
    assert "--accept" in problem.remedy


# -- what a reader may type -----------------------------------------------------------------------------------------------

TYPED = {
    "value": "1 + 1",
    "syntax": "x = 1\nif x\n    print(x)",
    "deep": "def f():\n    return 1 / 0\n\nf()",
    "lines": "for number in range(1_000_000): print(number)",
    "memory": "import numpy as np\nnp.ones(150_000_000)",
    "more memory": "np.ones(10_000_000_000 // 8)",
    "after memory": "np.zeros(3)",
    "raise": "raise SystemExit(3)",
    "train": "import keras\nm = keras.Sequential([keras.layers.Dense(1)])\nm.compile('sgd', 'mse')\nm.fit(np.ones((2, 2)), np.ones(2))",
    "absent": "import tensorflow as tf",
    "magic": "%config InlineBackend.figure_format = 'retina'\nprint('on')",
    "plot": "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 2])\nplt.show()",
}


@pytest.fixture(scope="module")
def typed(python_bundle):
    (ran,) = cells.run(ROOT, [list(TYPED.values())])["outcomes"]
    return dict(zip(TYPED, ran))


@pytest.mark.parametrize(
    ("name", "kind", "line", "said"),
    [
        ("syntax", "error", 2, "SyntaxError: expected ':'"),
        ("deep", "error", 4, "ZeroDivisionError: division by zero"),
        ("memory", "memory", 2, "Unable to allocate 1.12 GiB"),
        ("more memory", "memory", 1, "array is too big"),
        ("raise", "error", 1, "SystemExit: 3"),
        ("train", "training", 4, "fit not implemented for NumPy backend"),
        ("absent", "absent", 1, "No module named 'tensorflow'"),
    ],
)
def test_an_error_names_its_line_and_its_kind(typed, name, kind, line, said):
    ran = typed[name]
    assert (ran["kind"], ran["line"]) == (kind, line) and said in ran["error"], ran


def test_what_is_typed_answers_as_in_a_notebook(typed):
    assert typed["value"]["text"] == "2\n" and typed["magic"]["text"] == "on\n"
    assert typed["after memory"]["text"] == "array([0., 0., 0.])\n"
    assert typed["plot"]["draws"] and typed["plot"]["text"] == typed["plot"]["error"] == ""


def test_a_million_lines_are_cut(typed):
    assert len(typed["lines"]["text"]) == 100_000
    assert len(typed["lines"]["text"]) + typed["lines"]["dropped"] == len("\n".join(map(str, range(1_000_000)))) + 1
