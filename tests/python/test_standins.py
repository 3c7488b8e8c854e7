"""builder/python/standins/: what stands in for packages that cannot be had for WebAssembly."""

from __future__ import annotations

import importlib.util
import sys
from collections import OrderedDict, defaultdict, deque, namedtuple

import optree
import pytest

from builder.python.bundle import STANDINS
from builder.python.imports import imports
from support import ROOT

Pair = namedtuple("Pair", "left right")
TREES = {
    "leaf": 1,
    "nothing": None,
    "nested": {"b": [1, (2, None)], "a": {"y": 3, "x": 4}},
    "mixed keys": {1: "one", "a": "letter"},
    "ordered": OrderedDict([("b", 1), ("a", [2])]),
    "default": defaultdict(list, {"b": [1], "a": [2, 3]}),
    "named": Pair([1], {"k": Pair(2, 3)}),
    "deque": deque([1, [2]], maxlen=5),
    "empty": [[], {}, ()],
}


@pytest.fixture(scope="module")
def standin():
    spec = importlib.util.spec_from_file_location("standin_for_optree", STANDINS / "optree.py")
    module = importlib.util.module_from_spec(spec)
    kept = sys.modules.get("optree.utils")
    spec.loader.exec_module(module)
    sys.modules["optree.utils"] = kept
    return module


@pytest.mark.parametrize("none_is_leaf", [False, True])
@pytest.mark.parametrize("tree", TREES.values(), ids=TREES)
def test_trees_are_taken_apart_and_made_again_as_by_optree(standin, tree, none_is_leaf):
    options = {"none_is_leaf": none_is_leaf}
    for one in (standin, optree):
        leaves, form = one.tree_flatten(tree, **options)
        again = one.tree_unflatten(form, leaves)
        assert again == tree and type(again) is type(tree)
    assert standin.tree_flatten(tree, **options)[0] == optree.tree_flatten(tree, **options)[0]
    assert standin.tree_paths(tree, **options) == optree.tree_paths(tree, **options)
    twice = {one: one.tree_map(lambda *leaves: [leaves], tree, tree, **options) for one in (standin, optree)}
    assert twice[standin] == twice[optree]
    if isinstance(tree, dict):
        assert list(twice[standin]) == list(tree)


@pytest.mark.parametrize(
    ("tree", "other"), [([1, 2], [1]), ([1], (1,)), ({"a": 1}, {"b": 1}), ([1], 1), ((1,), {"a": 1})]
)
def test_trees_of_another_form_are_refused_as_by_optree(standin, tree, other):
    for one in (standin, optree):
        with pytest.raises((ValueError, TypeError)):
            one.tree_map(lambda *leaves: leaves, tree, other)


def test_each_stand_in_says_why_it_is_there_and_until_when(python_bundle):
    text = imports(ROOT)
    for path in STANDINS.glob("*.py"):
        if path.stem != "book_page":
            rest = text.partition(f"{path.name}\n")[2].partition(".py\n")[0]
            assert "Needed because" in rest and "Unnecessary" in rest, path.name
    assert "from the bundle   keras: " in text and "    jax" in text and "    scipy" in text
