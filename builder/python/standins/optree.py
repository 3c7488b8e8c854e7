"""Stand-in for the part of optree that Keras uses: nested containers as trees, in the order that optree gives their leaves.

Needed because its wheel is compiled. Unnecessary once PyPI has one for WebAssembly, or Keras takes its own trees when optree is
missing. ``tests/python/test_standins.py`` compares it with optree.
"""

import sys
import types
from collections import OrderedDict, defaultdict, deque

__version__ = "0"
__path__ = []
sys.modules["optree.utils"] = utils = types.ModuleType("optree.utils")

registered = {}
NOTHING = object()


def register_pytree_node(cls, flatten, unflatten, *, namespace=None, **options):
    registered[cls] = (flatten, unflatten)
    return cls


def register_pytree_node_class(cls=None, *, namespace=None, **options):
    if cls is None:
        return lambda cls: register_pytree_node_class(cls, namespace=namespace)
    return register_pytree_node(cls, lambda node: node.tree_flatten(), cls.tree_unflatten, namespace=namespace)


def in_order(keys):
    try:
        return sorted(keys)
    except TypeError:
        return sorted(keys, key=lambda key: (type(key).__qualname__, str(key)))


def parts(node, none_is_leaf):
    """What a node is made of: names, children, and how it is made of children again; None for a leaf."""
    kind = type(node)
    if kind in registered:
        flatten, unflatten = registered[kind]
        children, metadata, *names = flatten(node)
        children = list(children)
        names = list(names[0]) if names and names[0] is not None else list(range(len(children)))
        return names, children, lambda new: unflatten(metadata, new)
    if node is None:
        return None if none_is_leaf else ([], [], lambda new: None)
    if kind in (list, tuple):
        return list(range(len(node))), list(node), kind
    if kind is deque:
        return list(range(len(node))), list(node), lambda new: deque(new, maxlen=node.maxlen)
    if kind in (dict, defaultdict):
        keys, before = in_order(node), list(node)  # leaves come in the order of the keys; a dictionary keeps its own

        def rebuild(new):
            values = dict(zip(keys, new))
            pairs = {key: values[key] for key in before}
            return pairs if kind is dict else defaultdict(node.default_factory, pairs)

        return keys, [node[key] for key in keys], rebuild
    if kind is OrderedDict:
        keys = list(node)
        return keys, [node[key] for key in keys], lambda new: OrderedDict(zip(keys, new))
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        return list(range(len(node))), list(node), lambda new: kind(*new)
    return None


class PyTreeSpec:
    """The form of a tree without its leaves."""

    def __init__(self, rebuild=None, branches=()):
        self.rebuild, self.branches = rebuild, list(branches)
        self.num_leaves = 1 if rebuild is None else sum(branch.num_leaves for branch in self.branches)
        self.num_nodes = 1 + sum(branch.num_nodes for branch in self.branches)

    def unflatten(self, leaves):
        left = iter(leaves)
        tree = self.build(left)
        if next(left, NOTHING) is not NOTHING:
            raise ValueError("Too many leaves for PyTreeSpec.")
        return tree

    def build(self, leaves):
        if self.rebuild is not None:
            return self.rebuild([branch.build(leaves) for branch in self.branches])
        leaf = next(leaves, NOTHING)
        if leaf is NOTHING:
            raise ValueError("Too few leaves for PyTreeSpec.")
        return leaf


def tree_flatten_with_path(tree, is_leaf=None, *, none_is_leaf=False, namespace=""):
    paths, leaves = [], []

    def walk(node, path):
        found = None if is_leaf is not None and is_leaf(node) else parts(node, none_is_leaf)
        if found is None:
            leaves.append(node)
            paths.append(path)
            return PyTreeSpec()
        names, children, rebuild = found
        return PyTreeSpec(rebuild, [walk(child, (*path, name)) for name, child in zip(names, children)])

    form = walk(tree, ())
    return paths, leaves, form


def tree_flatten(tree, is_leaf=None, *, none_is_leaf=False, namespace=""):
    _, leaves, form = tree_flatten_with_path(tree, is_leaf, none_is_leaf=none_is_leaf)
    return leaves, form


def tree_unflatten(treespec, leaves):
    return treespec.unflatten(leaves)


def tree_leaves(tree, is_leaf=None, *, none_is_leaf=False, namespace=""):
    return tree_flatten(tree, is_leaf, none_is_leaf=none_is_leaf)[0]


def tree_paths(tree, is_leaf=None, *, none_is_leaf=False, namespace=""):
    return tree_flatten_with_path(tree, is_leaf, none_is_leaf=none_is_leaf)[0]


def tree_is_leaf(tree, is_leaf=None, *, none_is_leaf=False, namespace=""):
    return (is_leaf is not None and is_leaf(tree)) or parts(tree, none_is_leaf) is None


def tree_map(function, tree, *others, is_leaf=None, none_is_leaf=False, namespace=""):
    found = None if is_leaf is not None and is_leaf(tree) else parts(tree, none_is_leaf)
    if found is None:
        return function(tree, *others)
    names, children, rebuild = found
    columns = [matching(tree, names, other, none_is_leaf) for other in others]
    options = {"is_leaf": is_leaf, "none_is_leaf": none_is_leaf}
    return rebuild([tree_map(function, *together, **options) for together in zip(children, *columns)])


def matching(tree, names, other, none_is_leaf):
    """The children of another tree in the order of the first one's."""
    found = parts(other, none_is_leaf)
    if found is None or len(found[1]) != len(names):
        raise ValueError(f"Structures do not match: {tree!r} and {other!r}.")
    if isinstance(tree, dict):
        if set(found[0]) != set(names):
            raise ValueError(f"Dictionary keys do not match: {list(tree)} and {list(other)}.")
        children = dict(zip(found[0], found[1]))
        return [children[name] for name in names]
    if isinstance(other, dict) or (isinstance(tree, (list, tuple)) and not isinstance(other, type(tree))):
        raise ValueError(f"Expected an instance of {type(tree).__name__}, got {other!r}.")
    return found[1]
