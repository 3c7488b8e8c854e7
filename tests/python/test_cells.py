"""builder/python/cells.py: what becomes of the book's cells in the Python of the pages, and how it answers to others."""

from __future__ import annotations

import pytest

from builder.chapters.book import load_book
from builder.messages import Refused
from builder.python import bundle, cells
from support import ROOT, code, run_builder, small_book, spoilt, the_book

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


# What a cell prints that runs is recorded, but for these. Other random numbers are no reason: a cell that cannot run here draws
# its random numbers above the line that stops it, and the cells below print what is recorded.
MESSAGE, UNTRAINED = "NumPy's own message, or Keras's for it", "its model has not been trained"
PRINTS_OTHERWISE = {
    "inputs": {"wrong-features-layer": MESSAGE},
    "bilstm": {"wrong-state-code": MESSAGE},
    "models": {
        "hello-read-code": UNTRAINED,
        "targets-mixed": MESSAGE,
        "write-results": UNTRAINED,
        "stateful-refused": MESSAGE,
        "wrong-sequences": "a model runs without a graph, and knows the size of the batch",
    },
    "series": {"several-errors": UNTRAINED},
    "faq": {"gpu-kernel-code": "it prints the name of the backend", "old-names-code": MESSAGE},
}


# And these end with an error by themselves, not for want of what a cell above makes.
FAILS = {
    "cells": {
        "unroll-open": "there is no graph, so the number of time steps is known at each call",
        "wrong-h": "an array is taken apart in another way, and the message is NumPy's",
    },
    "models": {
        "stateful-sizes": "a model runs without a graph, and looks at the size of the last batch",
        "wrong-mixed": "tensors are arrays, so there is nothing to mix",
    },
    "faq": {"stateful-sizes-code": "a model runs without a graph, and looks at the size of the last batch"},
}


@pytest.mark.parametrize(("outcome", "known"), [("other", PRINTS_OTHERWISE), ("fails", FAILS)])
def test_a_cell_that_does_otherwise_has_a_reason(found, outcome, known):
    cells_of = {chapter: {cell for cell, now in cells.items() if now == outcome} for chapter, cells in found[0].items()}
    assert {chapter: found for chapter, found in cells_of.items() if found} == {
        chapter: set(reasons) for chapter, reasons in known.items()
    }


@pytest.mark.parametrize(
    ("ran", "becomes"),
    [
        ({"text": "0.5\n"}, "same"),
        ({"text": "0.5\n", "draws": True}, "draws"),
        ({"text": "0.5001\n"}, "near"),
        ({"text": "0.5001\n", "draws": True}, "draws"),
        ({"text": "0.51\n"}, "other"),
        ({"text": "0.51\n", "draws": True}, "other"),
        ({"text": ""}, "other"),
        ({"error": "NotImplementedError: fit", "kind": "training"}, "training"),
        ({"error": "MemoryError", "kind": "memory"}, "fails"),
        ({"error": "NameError: name 'model' is not defined", "kind": "error"}, "fails"),
    ],
)
def test_an_outcome_has_a_name(ran, becomes):
    assert cells.outcome(code("one", "print(0.5)", 1, "0.5\n"), {**RAN, **ran}) == becomes


def becomes(*pairs):
    """What becomes of cells, each a source and what it ends with: nothing, or an error and its kind."""
    ran = [{**RAN, "error": error[0], "kind": error[1]} if error else RAN for _, *error in pairs]
    return list(cells.chapter_outcomes([code(str(n), pair[0], 1) for n, pair in enumerate(pairs)], ran).values())


TF, FIT = ("NotInThisPage: tensorflow", "absent"), ("NotImplementedError: fit", "training")
UNKNOWN, EMPTY = ("NameError: name 'a' is not defined", "error"), ("KeyError: 'LSTM'", "error")


def test_a_cell_waits_for_the_one_above_that_would_have_given_the_name():
    """And not for one that has been followed by another of that name."""
    sources = ["%config x\na = tf()", "b = a", "c = 1", "b + c", "def b(): c", "d.fit()\na = 1", "a", "b", "c"]
    ends = [TF, UNKNOWN, (), UNKNOWN, (), FIT, UNKNOWN, UNKNOWN, UNKNOWN]
    assert becomes(*((source, *end) for source, end in zip(sources, ends))) == [
        "absent", "after absent", "silent", "after absent", "silent", "training", "after training", "fails", "fails"]  # fmt: skip


def test_a_cell_waits_for_the_one_above_that_would_have_filled_or_trained_what_it_reads():
    """Whatever its error says, and also through a cell that runs."""
    train = "def train(name):\n    models[name] = make()"
    ends = [("models = {}",), (train,), ("train('LSTM')", *FIT), ("models['LSTM']", *EMPTY), ("models, 1", *EMPTY)]
    assert becomes(*ends)[2:] == ["training", "after training", "after training"]
    ends = [("m = make()",), ("m.fit(x)", *FIT), ("p = m(x)",), ("assert p > 0.9", "AssertionError", "error")]
    assert becomes(*ends)[2:] == ["silent", "after training"]


@pytest.mark.parametrize(
    "error",
    ["AssertionError: Keras accepted it", "ValueError: Exception encountered when calling LSTM.call().\n\nmore"],
)
def test_where_keras_does_otherwise_no_cell_above_is_to_blame(error):
    assert becomes(("m.fit(x)", *FIT), ("k = [m]", error, "error"), ("m + 1", *EMPTY)) == [
        "training",
        "fails",
        "after training",
    ]
    assert becomes(("a = m(x)", error, "error"), ("a", *UNKNOWN), ("b = a", *UNKNOWN)) == [
        "fails",
        *["after fails"] * 2,
    ]


def test_a_cell_that_waits_stands_below_one_of_its_kind():
    for chapter, known in cells.read(ROOT).items():
        above = set()
        for cell, becomes in known.items():
            assert becomes in cells.OUTCOMES
            assert not becomes.startswith("after ") or becomes.removeprefix("after ") in above, (chapter, cell)
            above.add(becomes)


@pytest.mark.parametrize(
    ("source", "said"), [("x = (", "one.ipynb, cell 6 (value): is no Python"), (None, "one.ipynb: is not a readable")]
)
def test_no_cell_is_run_of_a_chapter_with_problems(tmp_path, monkeypatch, source, said):
    monkeypatch.setattr(bundle, "make", lambda root: pytest.fail("too late"))
    done = run_builder(spoilt(small_book(tmp_path / "book"), source), "cells")
    assert done.returncode == 1 and said in done.stderr and "was not replaced" in done.stderr, done.stderr


@pytest.mark.parametrize("content", ["<<<<<<< HEAD\n{}", "[]"])
def test_what_is_committed_is_read_before_the_cells_run(tmp_path, monkeypatch, content):
    monkeypatch.setattr(cells, "outcomes", lambda book: pytest.fail("too late"))
    book = load_book(small_book(tmp_path))
    cells.cells_file(tmp_path).parent.mkdir(parents=True)
    cells.cells_file(tmp_path).write_text(content)
    with pytest.raises(Refused, match="^live/run/cells.json: cannot be read"):
        cells.write(book)


def test_a_cell_that_does_worse_is_not_forgotten():
    report = {
        "outcomes": [[{**RAN, "error": "NameError: y\nmore"}, RAN, RAN, {**RAN, "text": "2"}, {**RAN, "error": "E"}]]
    }
    before = {"lstm": {"a": "same", "b": "training", "c": "silent", "d": "same", "e": "other", "gone": "same"}}
    after = {"lstm": {"a": "fails", "b": "absent", "c": "draws", "d": "other", "e": "fails", "new": "fails"}}
    lost, printed, other = cells.worse(before, after, report)
    assert lost.where == "book/lstm.ipynb, cell a" and "(NameError: y)" in lost.what and "--accept" in lost.remedy
    assert printed.where.endswith("cell d") and "it printed: '2'" in printed.what
    assert other.where.endswith("cell e") and "prints something else in the page until now" in other.what


# -- what a reader may type -----------------------------------------------------------------------------------------------

TYPED = {
    "value": "1 + 1",
    "syntax": "x = 1\nif x\n    print(x)",
    "deep": "def f():\n    return 1 / 0\n\nf()",
    "lines": "for number in range(1_000_000): print(number)",
    "memory": "import numpy as np\nnp.ones(150_000_000)",
    "more memory": "np.ones(10_000_000_000 // 8)",
    "bytes": "bytes(10**10)",
    "a list": "[0] * 10**10",
    "a range": "list(range(10**10))",
    "arange": "np.arange(10**10)",
    "a float": "2.0**5000",
    "after memory": "np.zeros(3)",
    "raise": "raise SystemExit(3)",
    "train": "import keras\nm = keras.Sequential([keras.layers.Dense(1)])\nm.compile('sgd', 'mse')\nm.fit(np.ones((2, 2)), np.ones(2))",
    "absent": "import tensorflow as tf\ntwo = 2\ntf.constant(two)",
    "part of the absent": "from tensorflow.io import gfile",
    "its keras": "print(two, tf.keras.layers.LSTM(3).units)",
    "magic": "%config InlineBackend.figure_format = 'retina'\nprint('on', '''\n%s''')",
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
        ("bytes", "memory", 1, "cannot fit 'int'"),
        ("a list", "memory", 1, "cannot fit 'int'"),
        ("a range", "memory", 1, "too large to convert"),
        ("arange", "memory", 1, "Maximum allowed size"),
        ("a float", "error", 1, "OverflowError"),
        ("raise", "error", 1, "SystemExit: 3"),
        ("train", "training", 4, "fit not implemented for NumPy backend"),
        ("absent", "absent", 3, "tensorflow.constant is not available in this page"),
        ("part of the absent", "absent", 1, "No module named 'tensorflow.io'"),
    ],
)
def test_an_error_names_its_line_and_its_kind(typed, name, kind, line, said):
    ran = typed[name]
    assert (ran["kind"], ran["line"]) == (kind, line) and said in ran["error"], ran


def test_what_is_typed_answers_as_in_a_notebook(typed):
    assert typed["value"]["text"] == "2\n" and typed["magic"]["text"] == "on \n%s\n"
    assert typed["after memory"]["text"] == "array([0., 0., 0.])\n"
    assert typed["plot"]["draws"] and typed["plot"]["text"] == typed["plot"]["error"] == ""


def test_a_cell_goes_on_up_to_the_line_that_needs_tensorflow(typed):
    """What it makes above that line is there for the cells below; and what is of Keras works by its other name, too."""
    assert typed["its keras"]["text"] == "2 3\n"


def test_a_million_lines_are_cut(typed):
    assert len(typed["lines"]["text"]) == 100_000
    assert len(typed["lines"]["text"]) + typed["lines"]["dropped"] == len("\n".join(map(str, range(1_000_000)))) + 1
