"""builder/chapters/needs.py: which cells a cell needs, and which need it."""

from __future__ import annotations

import pytest

from builder.chapters.needs import dependent, needed

CELLS = [
    "import numpy as np\nimport keras",
    "def double(x):\n    return factor * x",
    "layer = keras.layers.LSTM(3)",
    "factor = 2",
    "layer.set_weights(w)",
    "y = layer(double(1))",
    "other = np.ones(3)",
    "print(y[0])",
]


def test_what_a_cell_needs():
    assert needed(CELLS, [5]) == [0, 1, 2, 3, 4, 5], "a function reads when it is called; set_weights changes a layer"
    assert needed(CELLS, [6]) == [0, 6]
    assert needed([*CELLS, "layer = 3", "layer + 1"], [9]) == [8, 9]


def test_what_depends_on_a_cell():
    assert dependent(CELLS, 3) == [5, 7]
    assert dependent(CELLS, 4) == [5, 7]
    assert dependent(CELLS, 6) == []
    assert dependent(["x = 1", "x = 2", "print(x)"], 0) == []


def test_what_a_function_changes_a_cell_changes_that_calls_it():
    """Also when it calls another one that does; and what it makes for itself is nobody else's."""
    train = "def train(name):\n    own = {}\n    own[name] = 0\n    models[name] = name"
    cells = [
        "models, own = {}, {}",
        train,
        "def both(a, b):\n    train(a)\n    train(b)",
        "both(1, 2)",
        "models[1]",
        "own",
    ]
    assert needed(cells, [4]) == [0, 1, 2, 3, 4]
    assert needed(cells, [5]) == [0, 5]
    assert dependent(cells, 3) == [4]


def test_a_cell_reads_what_a_function_reads_that_it_defines_and_calls():
    cells = ["model = 1", "def use(): return model", "def use(): return model\nuse()"]
    assert needed(cells, [2]) == [0, 2]
    assert needed(cells, [1]) == [1]


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("for x in made:\n    print(x)", False),
        ("for y in made:\n    x = y\n    print(x)", False),
        ("for y in made:\n    print(x)\n    x = y", True),
        ("for y in x:\n    print(y)", True),
        ("with made() as x:\n    print(x)", False),
        ("try:\n    f()\nexcept ValueError as x:\n    print(x)", False),
        ("if made:\n    x = 1\nprint(x)", False),
        ("if x:\n    print(1)", True),
        ("while x < 3:\n    x += 1", True),
        ("x += 1", True),
    ],
)
def test_a_name_that_a_cell_binds_before_it_reads_it_comes_from_nowhere_else(cell, read):
    assert dependent(["x = 1", cell], 0) == ([1] if read else [])
