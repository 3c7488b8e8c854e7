"""builder/python/standins/: what stands in for packages that cannot be had for WebAssembly."""

from __future__ import annotations

import importlib.util
import sys
from collections import OrderedDict, defaultdict, deque, namedtuple

import numpy as np
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


def load(name: str):
    """A stand-in under another name than that of what it stands for."""
    spec = importlib.util.spec_from_file_location(f"standin_for_{name}", STANDINS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def standin():
    kept = sys.modules.get("optree.utils")
    module = load("optree")
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


SEEDS = [(0, 0), (3, 1), (123456789, 987654321), (2**31 - 3, 5), (2**40 + 7, 2**35)]  # Keras's are of 64 bits
SHAPES = [(), (1,), (3,), (4,), (2, 5), (1, 4, 5), (7, 1, 129)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("seed", SEEDS, ids=str)
def test_random_numbers_are_those_of_tensorflow(seed, shape):
    """Drawn as Keras's backend for TensorFlow draws them."""
    import tensorflow as tf  # here, so that collecting the tests does not load it

    random = load("tensorflow_random")
    cast = tf.cast(tf.math.floormod(tf.constant(seed, "int64"), tf.int32.max - 1), "int32")
    for low, high in ((0, 1), (-0.5, 2.5)):
        drawn = tf.random.stateless_uniform(shape, cast, low, high)
        np.testing.assert_allclose(random.uniform(np.array(seed), shape, low, high), drawn, atol=1e-6)
    for mean, deviation in ((0, 1), (3, 0.05)):
        drawn = tf.random.stateless_normal(shape, cast, mean, deviation)
        np.testing.assert_allclose(random.normal(np.array(seed), shape, mean, deviation), drawn, atol=2e-6)
    values = np.linspace(-3, 3, int(np.prod(shape)), dtype="float32").reshape(shape)
    for rate in (0.1, 0.5, 0.9):
        for noise in (shape, *([(*shape[:-1], 1)] if shape else [])):  # and one that all of the last axis share
            drawn = tf.nn.experimental.stateless_dropout(values, rate, cast, noise_shape=noise)
            np.testing.assert_array_equal(random.dropout(np.array(seed), values, rate, noise), drawn)


def test_each_stand_in_says_why_it_is_there_and_until_when(python_bundle):
    text = imports(ROOT)
    for path in STANDINS.glob("*.py"):
        if path.stem != "book_page":
            rest = text.partition(f"{path.name}\n")[2].partition(".py\n")[0]
            assert "Needed because" in rest and "Unnecessary" in rest, path.name
    assert "from the bundle   keras: " in text and "    jax" in text and "    scipy" in text
