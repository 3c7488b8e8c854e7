"""Cases for ``live/core.js``, computed by the installed Keras: what it hands back, every gate on the way, what it says.

A layer is described as in ``live/core.js``, and only the keys that a description has are passed to Keras, so that its
defaults are compared too.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import logging
import re
import sys
from functools import cache

import numpy as np

# Loaded when it is used first: each worker imports this module to collect its tests, and few need Keras.
found = importlib.util.find_spec("keras")
found.loader = importlib.util.LazyLoader(found.loader)
keras = sys.modules["keras"] = importlib.util.module_from_spec(found)
found.loader.exec_module(keras)

STATES = {"SimpleRNN": ["h"], "LSTM": ["h", "c"], "GRU": ["h"]}
GATES = {
    "SimpleRNN": "h",
    "LSTM": "ifgo",
    "GRU": "zrg",
}  # the order of their columns, which step_through compares with Keras
MERGE_MODES = ["concat", "sum", "ave", "mul", None]
# (features, units, time); the base grid takes the first ones in turn
SIZES = [(3, 2, 3), (2, 3, 3), (1, 1, 2), (4, 2, 6), (2, 4, 1)]
MASKS = {
    "right": lambda time: [step < (time + 1) // 2 for step in range(time)],
    "left": lambda time: [step >= time // 2 for step in range(time)],
    "middle": lambda time: [step % 3 != 1 for step in range(time)],
    "ends": lambda time: [0 < step < time - 1 for step in range(time)],
    "everything": lambda time: [False] * time,
    "nothing": lambda time: [True] * time,
}
VARIANTS = [
    {"type": "SimpleRNN"},
    {"type": "SimpleRNN", "use_bias": False},
    {"type": "LSTM"},
    {"type": "LSTM", "use_bias": False},
    {"type": "GRU"},
    {"type": "GRU", "use_bias": False},
    {"type": "GRU", "reset_after": False},
    {"type": "GRU", "reset_after": False, "use_bias": False},
]
WAYS = [{}, {"go_backwards": True}] + [{"bidirectional": {"merge_mode": mode}} for mode in MERGE_MODES]
SWITCHES = [
    {"return_sequences": sequences, "return_state": state} for sequences in (False, True) for state in (False, True)
]
# Weights are set anyway, and an orthogonal matrix takes longer than a call.
WITHOUT_DRAWING = {"kernel_initializer": "zeros", "recurrent_initializer": "zeros"}
NOT_OF_THE_CELL = {"bidirectional", "type", "units"}


def make(layer: dict, **more) -> keras.layers.Layer:
    """The layer of Keras that a description means."""
    arguments = {key: value for key, value in layer.items() if key not in NOT_OF_THE_CELL} | more
    inner = getattr(keras.layers, layer["type"])(*([layer["units"]] if "units" in layer else []), **arguments)
    return inner if layer.get("bidirectional") is None else keras.layers.Bidirectional(inner, **layer["bidirectional"])


def random_weights(made: keras.layers.Layer, random: np.random.Generator) -> list[np.ndarray]:
    """Random also where Keras begins with zeros, and small enough that no activation runs away."""
    weights = [random.uniform(-0.8, 0.8, weight.shape).astype("float32") for weight in made.weights]
    made.set_weights(weights)
    return weights


def names(layer: dict) -> list[str]:
    """What the tensors are called that such a layer hands back, in order."""
    wrapper = layer.get("bidirectional")
    split = wrapper is not None and wrapper.get("merge_mode", "concat") is None
    states = STATES[layer["type"]] if layer.get("return_state") else []
    prefixes = [""] if wrapper is None else ["forward_", "backward_"]
    return (["forward_y", "backward_y"] if split else ["y"]) + [p + state for p in prefixes for state in states]


def as_list(results) -> list:
    return list(results) if isinstance(results, (list, tuple)) else [results]


def listed(arrays) -> list:
    return [np.asarray(array).tolist() for array in arrays]


class Grid:
    """Collects cases; a layer is built once and called with every mask and initial state."""

    def __init__(self, seed: int = 0):
        self.random = np.random.default_rng(seed)
        self.cases: list[dict] = []
        self.built: dict[tuple, list] = {}

    def draw(self, *shape: int) -> np.ndarray:
        return self.random.uniform(-1, 1, shape).astype("float32")

    def initial(self, layer: dict, batch: int) -> list[np.ndarray]:
        count = len(STATES[layer["type"]]) * (1 if layer.get("bidirectional") is None else 2)
        return [self.draw(batch, layer["units"]) for _ in range(count)]

    def add(self, layer: dict, features: int, time: int, calls: list[tuple[bool, bool]], about: str) -> None:
        """Call the layer once for each (masked, with an initial state)."""
        made = make(layer, **WITHOUT_DRAWING)
        made.build((None, None, features))
        weights = random_weights(made, self.random)
        mask = np.array([kind(time) for kind in MASKS.values()])
        shared = {
            "kind": "call",
            "about": about,
            "layer": layer,
            "features": features,
            "weights": listed(weights),
            "count": made.count_params(),
            "described": [
                {
                    "name": weight.name,
                    "direction": direction_of(run),
                    "shape": list(weight.shape),
                    "blocks": blocks(layer),
                }
                for run in runs(made)
                for weight in run.weights
            ],
        }
        symbolic = made.compute_output_shape((None, None, features))
        symbolic = [list(shape) for shape in (symbolic if isinstance(symbolic[0], (tuple, list)) else [symbolic])]
        for masked, started in calls:
            x = self.draw(len(mask), time, features)
            initial = self.initial(layer, len(mask)) if started else None
            results = as_list(made(x, mask=mask if masked else None, initial_state=initial))
            self.cases.append(
                {
                    **shared,
                    "symbolic": symbolic,
                    "x": x.tolist(),
                    "mask": mask.tolist() if masked else None,
                    "initial_state": listed(initial) if started else None,
                    "expected": [
                        {"name": name, "shape": list(result.shape), "data": np.asarray(result).tolist()}
                        for name, result in zip(names(layer), results, strict=True)
                    ],
                }
            )

    def base(self, everything: bool = True) -> None:
        """All layers in all ways with all switches, masked or not, with and without initial states.

        Without everything each layer in each way is called once, with switches by turns: any two of these four are tried together.
        """
        calls = list(itertools.product((False, True), repeat=2))
        for (v, variant), (w, way), (s, switches) in itertools.product(*map(enumerate, (VARIANTS, WAYS, SWITCHES))):
            features, units, time = SIZES[(v + s) % 3]
            layer = {**variant, **way, **switches, "units": units}
            if everything:
                self.add(layer, features, time, calls, "grid")
            elif s == (v + w) % 4:
                self.add(layer, features, time, [calls[(v + w // 2) % 4]], "grid")

    def zeros_for_mask(self) -> None:
        for variant, sequences, backwards in itertools.product(VARIANTS[::2], (False, True), (False, True)):
            switches = {"return_sequences": sequences, "return_state": True, "go_backwards": backwards}
            layer = {**variant, **switches, "units": 2, "zero_output_for_mask": True}
            self.add(layer, 3, 4, [(True, False), (True, True)], "zero_output_for_mask")

    def sizes(self) -> None:
        for variant, size in itertools.product(VARIANTS, SIZES[3:]):
            features, units, time = size
            every = {"return_sequences": True, "return_state": True, "units": units}
            self.add({**variant, **every}, features, time, [(True, True)], "sizes")
            wrapper = {"bidirectional": {"merge_mode": "concat"}}
            self.add({**variant, **every, **wrapper}, features, time, [(True, False)], "sizes")

    def defaults(self) -> None:
        """Descriptions that leave out all they can."""
        for type in STATES:
            self.add({"type": type, "units": 2}, 3, 4, [(False, False)], "defaults")
            self.add({"type": type, "units": 2, "bidirectional": {}}, 3, 4, [(True, False)], "defaults")

    def activations(self, everything: bool = True) -> None:
        """Every activation in every place for one, or in one of these places by turns."""
        # In double precision, because an exponential as a gate makes large numbers whose difference is small.
        every = {"return_sequences": True, "units": 3, "dtype": "float64"}
        for number, name in enumerate(
            [*sorted(set(keras.src.activations.ALL_OBJECTS_DICT) - {"glu", "threshold"}), None]
        ):
            places = [
                {"type": "SimpleRNN", "activation": name},
                {"type": "LSTM", "activation": name},
                {"type": "LSTM", "recurrent_activation": name},
                {"type": "GRU", "activation": name},
                {"type": "GRU", "recurrent_activation": name, "reset_after": False},
            ]
            for layer in places if everything else [places[number % len(places)]]:
                self.add({**layer, **every}, 2, 2, [(False, True)], f"activation {name}")

    def broadcasts(self) -> None:
        """A mask of one row, a mask with a third axis, a state of one row and one without its list serve all rows."""
        for type in STATES:
            layer = {"type": type, "units": 2, "return_sequences": True}
            made = make(layer)
            made.build((None, None, 3))
            weights = random_weights(made, self.random)
            x = self.draw(2, 4, 3)
            states = len(STATES[type])
            mask = np.array([[True, False, True, True]])
            both = np.array([[True, False, True, True], [False, True, True, False]])
            for given in (
                {"mask": mask},
                {"mask": both[..., None]},
                {"initial_state": [self.draw(1, 2) for _ in range(states)]},
                {"initial_state": [self.draw(2, 2), self.draw(2, 1)] if states == 2 else self.draw(2, 2)},
            ):
                result = made(x, **given)
                case = {"kind": "call", "about": "broadcast", "layer": layer, "features": 3, "weights": listed(weights)}
                case |= {"x": x.tolist(), "mask": None, "initial_state": None, "alone": False}
                case |= {
                    key: listed(value) if isinstance(value, list) else value.tolist() for key, value in given.items()
                }
                case["expected"] = [{"name": "y", "shape": list(result.shape), "data": np.asarray(result).tolist()}]
                self.cases.append(case)

    def traces(self) -> None:
        """Every gate at every step, from the layer's own cell and slices of its weights."""
        for variant, way, (started, masked) in itertools.product(
            VARIANTS, [{}, {"go_backwards": True}, {"bidirectional": {}}], [(False, False), (True, True)]
        ):
            features, units, time = 3, 2, 4
            layer = {**variant, **way, "units": units, "return_state": True}
            made = make(layer)
            made.build((None, None, features))
            weights = random_weights(made, self.random)
            mask = np.array([kind(time) for kind in MASKS.values()]) if masked else None
            x = self.draw(len(MASKS), time, features)
            initial = self.initial(layer, len(MASKS)) if started else None
            per_run = len(STATES[layer["type"]])
            self.cases.append(
                {
                    "kind": "trace",
                    "about": "trace",
                    "layer": layer,
                    "weights": listed(weights),
                    "x": x.tolist(),
                    "mask": None if mask is None else mask.tolist(),
                    "initial_state": listed(initial) if started else None,
                    "directions": [
                        follow(run, x, mask, initial[k * per_run : (k + 1) * per_run] if started else None)
                        for k, run in enumerate(runs(made))
                    ],
                }
            )

    def stacks(self) -> None:
        """Stacks behind a Masking layer, which hands its mask from layer to layer."""
        wrapped = {"bidirectional": {"merge_mode": "sum"}}
        every = {"return_sequences": True}
        first = [
            {"type": "LSTM", "units": 3, **every},
            {"type": "GRU", "units": 2, "go_backwards": True, **every},
            {"type": "SimpleRNN", "units": 2, **wrapped, **every},
            {"type": "LSTM", "units": 2, "bidirectional": {}, **every},
        ]
        last = [
            {"type": "GRU", "units": 2},
            {"type": "LSTM", "units": 2, **every, "return_state": True},
            {"type": "GRU", "units": 3, "bidirectional": {"merge_mode": None}, **every},
        ]
        stacks = [[one, last[0]] for one in first] + [[first[3], first[0], last[1]], [first[2], first[1], last[2]]]
        x = self.draw(4, 4, 3)
        mask = np.array([MASKS[kind](4) for kind in ("nothing", "right", "left", "middle")])
        x[~mask] = 0
        for stack in stacks:
            made = [make(layer) for layer in stack]
            result = keras.layers.Masking()(x)
            for layer in made:
                result = layer(result)  # once, to build it
                if layer is not made[-1]:
                    random_weights(layer, self.random)
            weights = [random_weights(layer, self.random) for layer in made]
            for masked in (False, True):
                result = keras.layers.Masking()(x) if masked else keras.ops.convert_to_tensor(x)
                shapes = []
                for layer in made:
                    result = layer(result)
                    shapes.append([list(part.shape) for part in as_list(result)])
                self.cases.append(
                    {
                        "kind": "stack",
                        "about": "stack",
                        "layers": stack,
                        "weights": [listed(one) for one in weights],
                        "x": x.tolist(),
                        "mask": mask.tolist() if masked else None,
                        "shapes": shapes,
                        "expected": [
                            {"name": name, "shape": list(part.shape), "data": np.asarray(part).tolist()}
                            for name, part in zip(names(stack[-1]), as_list(result), strict=True)
                        ],
                    }
                )

    def first_weights(self) -> None:
        for variant, way, forget in itertools.product(VARIANTS, [{}, {"bidirectional": {}}], (None, False, True)):
            if forget is not None and variant["type"] != "LSTM":
                continue
            layer = {**variant, **way, "units": 3} | ({} if forget is None else {"unit_forget_bias": forget})
            made = make(layer)
            made.build((None, None, 5))
            self.cases.append(
                {
                    "kind": "initial",
                    "about": "first weights",
                    "layer": layer,
                    "features": 5,
                    "names": [weight.name for weight in made.weights],
                    "weights": listed(made.get_weights()),
                }
            )

    def reads(self) -> None:
        """Layers whose inputs are changed step by step under Node."""
        stacks = [[{**v, **w, **s}] for v, w, s in itertools.product(VARIANTS[::2], WAYS, SWITCHES)]
        stacks += [[{**VARIANTS[2], "return_sequences": True, "zero_output_for_mask": True}]]
        stacks += [
            [{"type": "LSTM", **one, "return_sequences": True}, {"type": "GRU", **two, **switches}]
            for one, two, switches in itertools.product(WAYS[:3], WAYS[:3], SWITCHES[::2])
        ]
        masks = [None, *(kind(4) for kind in MASKS.values())]
        for stack in stacks:
            described, weights, features = [], [], 2
            for layer in stack:
                described.append({**layer, "units": 2})
                weights.append([self.draw(*shape).tolist() for shape in self.shapes(layer, features)])
                features = 4 if layer.get("bidirectional") == {"merge_mode": "concat"} else 2
            case = {"kind": "reads", "about": "what a number has read", "layers": described, "weights": weights}
            self.cases.append(case | {"x": self.draw(1, 4, 2).tolist(), "masks": masks})

    def shapes(self, layer: dict, features: int) -> list[tuple[int, ...]]:
        """Shapes of the weights of a layer of two units; built once for all with the same cell."""
        of_cell = ("type", "use_bias", "reset_after")
        cell = {key: layer[key] for key in of_cell if key in layer}
        key = (features, *cell.values())
        if key not in self.built:
            made = make({**cell, "units": 2})
            made.build((None, None, features))
            self.built[key] = [tuple(weight.shape) for weight in made.weights]
        return self.built[key] * (2 if layer.get("bidirectional") else 1)


def runs(made: keras.layers.Layer) -> list[keras.layers.Layer]:
    """The layers that read, of which Bidirectional has two."""
    return [made.forward_layer, made.backward_layer] if isinstance(made, keras.layers.Bidirectional) else [made]


def direction_of(run) -> str:
    return "backward" if run.go_backwards else "forward"


def blocks(layer: dict) -> list[dict]:
    units = layer["units"]
    return [{"gate": gate, "from": k * units, "to": (k + 1) * units} for k, gate in enumerate(GATES[layer["type"]])]


def follow(run, x: np.ndarray, mask: np.ndarray | None, initial: list[np.ndarray] | None) -> dict:
    """One direction: with which weights it reads, from which states, and what it computes."""
    weights = (run.cell.kernel, run.cell.recurrent_kernel, run.cell.bias)
    steps = step_through(run, x, mask, initial)
    return {
        "direction": direction_of(run),
        "weights": {
            name: None if weight is None else np.asarray(weight).tolist()
            for name, weight in zip(("kernel", "recurrent_kernel", "bias"), weights)
        },
        "initial": steps[0]["before"],
        "steps": steps,
    }


def step_through(run, x: np.ndarray, mask: np.ndarray | None, initial: list[np.ndarray] | None) -> list[dict]:
    """What the cell of a layer computes step by step: its states by Keras, its gates from slices of the weights."""
    cell, time = run.cell, x.shape[1]
    kind = type(cell).__name__.removesuffix("Cell")
    units = cell.units
    kernel, recurrent = (np.asarray(weight) for weight in (cell.kernel, cell.recurrent_kernel))
    bias = None if cell.bias is None else np.asarray(cell.bias)
    states = initial or [np.zeros((len(x), units), dtype="float32") for _ in STATES[kind]]

    def part(position: int, x_t: np.ndarray, h: np.ndarray) -> dict:
        columns = slice(position * units, (position + 1) * units)
        both = kind == "GRU" and cell.reset_after
        row = None if bias is None else (bias[0] if both else bias)[columns]
        second = bias[1][columns] if both and bias is not None else None
        parts = {"xW": x_t @ kernel[:, columns], "b": row, "hU": h @ recurrent[:, columns], "d": second}
        parts["z"] = parts["xW"] + parts["hU"] + (0 if row is None else row) + (0 if second is None else second)
        return parts

    steps = []
    for position in range(time):
        step = time - 1 - position if run.go_backwards else position
        x_t, h = x[:, step], states[0]
        if kind == "SimpleRNN":
            parts = {"h": part(0, x_t, h)}
            parts["h"]["value"] = np.asarray(cell.activation(parts["h"]["z"]))
            products, by_hand = {}, [parts["h"]["value"]]
        elif kind == "LSTM":
            parts = {gate: part(k, x_t, h) for k, gate in enumerate(GATES[kind])}
            for gate, one in parts.items():
                one["value"] = np.asarray((cell.activation if gate == "g" else cell.recurrent_activation)(one["z"]))
            i, f, g, o = (parts[gate]["value"] for gate in "ifgo")
            products = {"kept": f * states[1], "written": i * g}
            c = products["kept"] + products["written"]
            by_hand = [o * np.tanh(c), c]
        else:
            parts = {gate: part(k, x_t, h) for k, gate in enumerate(GATES[kind])}
            for gate in "zr":
                parts[gate]["value"] = np.asarray(cell.recurrent_activation(parts[gate]["z"]))
            z, r, g = parts["z"]["value"], parts["r"]["value"], parts["g"]
            if cell.reset_after:
                g["reset"] = r * (g["hU"] + (0 if g["d"] is None else g["d"]))
                g["z"] = g["xW"] + (0 if g["b"] is None else g["b"]) + g["reset"]
            else:
                g["reset"] = r * h
                g["hU"] = g["reset"] @ recurrent[:, 2 * units :]
                g["z"] = g["xW"] + (0 if g["b"] is None else g["b"]) + g["hU"]
            g["value"] = np.asarray(cell.activation(g["z"]))
            products = {"kept": z * h, "written": (1 - z) * g["value"]}
            by_hand = [products["kept"] + products["written"]]
        _, computed = cell(keras.ops.convert_to_tensor(x_t), [keras.ops.convert_to_tensor(state) for state in states])
        computed = listed_arrays(computed)
        for ours, theirs in zip(by_hand, computed, strict=True):  # else the slices would be named wrongly here
            np.testing.assert_allclose(ours, theirs, atol=1e-6)
        read = np.ones(len(x), dtype=bool) if mask is None else mask[:, step]
        after = [np.where(read[:, None], new, old) for new, old in zip(computed, states)]
        record = {
            "step": step,
            "position": position,
            "read": read.tolist(),
            "x": x_t.tolist(),
            "before": dict(zip(STATES[kind], listed(states))),
            "computed": dict(zip(STATES[kind], listed(computed))),
            "after": dict(zip(STATES[kind], listed(after))),
            "parts": {
                gate: [
                    {
                        name: None if value is None else (value if value.ndim == 1 else value[row]).tolist()
                        for name, value in one.items()
                    }
                    for row in range(len(x))
                ]
                for gate, one in parts.items()
            },
        }
        record |= {name: product.tolist() for name, product in products.items()}
        if kind == "LSTM":
            record["tanh_c"] = np.tanh(computed[1]).tolist()
        steps.append(record)
        states = after
    return steps


def listed_arrays(tensors) -> list[np.ndarray]:
    return [np.asarray(tensor) for tensor in as_list(tensors)]


# ---- What Keras says to impossible calls ----

COLOURS = re.compile(r"\x1b\[\dm")
MACHINE = re.compile(r"\{\{function_node [^}]*\}\} ")


def ones(*shape: int) -> list:
    return np.full(shape, 0.5).tolist()


def weights_of(layer: dict, features: int) -> list:
    """Weights in the right shapes also for a layer that Keras refuses for another reason."""
    units = layer["units"] if isinstance(layer.get("units"), int) and layer["units"] > 0 else 1
    columns = {"SimpleRNN": 1, "LSTM": 4, "GRU": 3}[layer["type"]] * units
    bias = ones(2, columns) if layer["type"] == "GRU" and layer.get("reset_after", True) else ones(columns)
    one = [ones(features, columns), ones(units, columns), bias]
    return one * (1 if layer.get("bidirectional") is None else 2)


def impossible(everything: bool = True) -> list[dict]:
    """Calls that Keras refuses, as the arguments of callLayer; without everything the layers take turns at every second call."""
    cases: list[dict] = []

    def add(about: str, layer: dict, x=None, weights=None, features: int = 3, **options) -> None:
        given = {"about": about, "layer": layer, "x": ones(2, 4, 3) if x is None else x, "options": options}
        if next(turns) % 2 or everything:
            cases.append(given | {"weights": weights_of(layer, features) if weights is None else weights})

    for turn, (type, wrapper) in enumerate(itertools.product(STATES, (None, {"merge_mode": "concat"}))):
        # With this start, what one of a type's two layers leaves out the other tries.
        turns = itertools.count(turn + turn // 2)
        plain = {"type": type, "bidirectional": wrapper}
        layer = {**plain, "units": 3}
        count = len(STATES[type]) * (1 if wrapper is None else 2)
        states = [ones(2, 3)] * count
        for units in (0, -1, -2.5, 2.5, "3", "a", None, False, [3]):
            add("units", {**plain, "units": units})
        add("units", plain)
        for name in ("Tanh", "foo", "", "ReLU", 3, "glu", "threshold"):
            add("activation", {**layer, "activation": name})
        add("activation", {**layer, "units": 4, "activation": "glu"})
        add("order", {**layer, "units": 0, "activation": "foo"})
        if type != "SimpleRNN":
            for name in ("Sigmoid", "hard sigmoid", "glu", "threshold"):
                add("recurrent_activation", {**layer, "recurrent_activation": name})
            add("recurrent_activation", {**layer, "units": 4, "recurrent_activation": "glu"})
            add("order", {**layer, "activation": "foo", "recurrent_activation": "bar"})
        if wrapper:
            for mode in ("avg", "Concat", "", "none", "None", "add", 0, False):
                add("merge_mode", {**layer, "bidirectional": {"merge_mode": mode}})
            add("go_backwards", {**layer, "go_backwards": True})
            add("order", {**layer, "go_backwards": True, "bidirectional": {"merge_mode": "avg"}})
            add("order", {**layer, "units": 0, "bidirectional": {"merge_mode": "avg"}})

        for shape in ((4, 3), (3,), (1, 2, 4, 3)):
            add("rank of x", layer, x=ones(*shape))
        add("no steps", layer, x=[[], []])  # two axes, as NumPy counts them
        for x in ([[[1, 2, 3], [4, 5]]], [[[1, 2], [3, 4]], [[5, 6]]], [[1, 2], 3]):
            add("uneven x", layer, x=x)
        add("features", layer, features=5)
        add(
            "features",
            {**layer, "use_bias": False},
            weights=[w for k, w in enumerate(weights_of(layer, 5)) if k % 3 < 2],
        )
        weights = weights_of(layer, 3)
        add("weights", layer, weights=weights[:-1])
        add("weights", layer, weights=[*weights, weights[0]])
        add("weights", layer, weights=[])
        for position in range(len(weights)):
            for wrong in (ones(2, 2), ones(7)):
                add("weights", layer, weights=[*weights[:position], wrong, *weights[position + 1 :]])
        add("weights", {**layer, "use_bias": False}, weights=weights)
        if type == "GRU":
            add("weights", {**layer, "reset_after": False}, weights=weights)

        for number in range(7):
            add("number of states", layer, initial_state=[ones(2, 3)] * number)
        for position in range(count):
            for shape in ((2, 4), (3, 3), (2, 1), (3, 4)):
                wrong = [*states[:position], ones(*shape), *states[position + 1 :]]
                add("shape of a state", layer, initial_state=wrong)
                if type == "GRU":
                    add("shape of a state", {**layer, "reset_after": False}, initial_state=wrong)
        add("one state", layer, x=ones(4, 4, 3), initial_state=ones(4, 3))
        add("one state", layer, x=ones(3, 4, 3), initial_state=ones(3, 3))
        add("one state", layer, initial_state=ones(2, 4))
        for shape in ((2, 5), (2, 3), (3, 4), (3, 5), (3, 3), (2,), (4,), (2, 4, 2)):
            mask = np.ones(shape, dtype=bool).tolist()
            add("mask", layer, mask=mask)
            add("mask", {**layer, "return_sequences": True}, mask=mask)
            add("order", layer, mask=mask, initial_state=[ones(2, 4)] * count)
        right = np.ones((2, 4), dtype=bool).tolist()
        add("number of states", layer, mask=right, initial_state=[*states, *states[:2]])
        add("order", layer, x=ones(2, 4, 5), mask=right, initial_state=[ones(2, 4)] * count)
    return cases


def impossible_stacks() -> list[dict]:
    """Stacks whose joints do not fit, as the arguments of stackShapes."""
    lstm, gru, simple = ({"type": type, "units": units} for type, units in (("LSTM", 3), ("GRU", 2), ("SimpleRNN", 4)))
    every, state = {"return_sequences": True}, {"return_state": True}
    both = {"bidirectional": {}}
    split = {"bidirectional": {"merge_mode": None}}
    stacks = [
        [lstm, lstm],
        [lstm, gru],
        [simple, simple, simple],
        [{**lstm, **every}, gru, simple],
        [{**lstm, **every}, {**lstm, **every}, lstm, lstm],
        [{**lstm, **both}, {**lstm, **both}],
        [{**gru, **both, **every}, {**gru, **both}, {**gru, **both}],
        [{**lstm, **state}, lstm],
        [{**lstm, **state, **every}, gru],
        [{**gru, **state, **every}, gru],
        [{**lstm, **split}, gru],
        [{**lstm, **split, **every}, {**gru, **both}],
        [{**lstm, **both, **state, **every}, lstm],
        [{**lstm, **split, **state, **every}, lstm],
        [{**lstm, **every}, {**lstm, **split, **every}, gru],
        [{**lstm, **every}, {**lstm, **both, **every}, {**lstm, **state}, lstm],
        [{**lstm, **every}, {**gru, "units": 0}],
        [{**lstm, **every}, {**gru, "activation": "foo"}],
        [{**lstm, **every}, {**gru, **both, "go_backwards": True}],
        [{**lstm, "units": 2.5}, gru],
    ]
    return [
        {"about": "stack", "layers": stack, "shape": shape} for stack in stacks for shape in ([2, 4, 3], [None, 4, 3])
    ]


def quiet() -> None:
    """TensorFlow's own lines about arrays that a refused call has left unused are no news here."""
    logging.getLogger("tensorflow").setLevel(logging.CRITICAL)


# How Keras 3.12 says it, the last for Python 3.10, and how it is said since.
WORDS_BEFORE = {
    r'^Input 0 of layer "(\w+)"': r"Input 0 with name 'None' of layer '\1'",
    "Found invalid entry": "Found invalid dimension",
}


def refusal(act) -> dict | None:
    """What Keras raises, without the colours of a terminal and the name of the machine's own function."""
    try:
        act()
    except Exception as error:
        message = MACHINE.sub("", COLOURS.sub("", str(error)))
        for old, new in WORDS_BEFORE.items():
            message = re.sub(old, new, message)
        return {"type": type(error).__name__, "message": message}
    return None


@cache
def built(layer: str, features: int) -> keras.layers.Layer:
    """The first layer of a session, so it is called lstm, not lstm_7; most refused calls share one."""
    keras.utils.clear_session(free_memory=False)
    made = make(json.loads(layer), **WITHOUT_DRAWING)
    made.build((None, None, features))
    return made


def call_keras(case: dict) -> None:
    options = case["options"]
    weights = [np.array(weight, dtype="float32") for weight in case["weights"]]
    made = built(json.dumps(case["layer"]), len(weights[0]) if weights else 0)
    x = np.array(case["x"], dtype="float32")
    made.set_weights(weights)
    arrays = {}
    if options.get("mask") is not None:
        arrays["mask"] = np.array(options["mask"])
    if options.get("initial_state") is not None:
        given = options["initial_state"]
        alone = bool(given) and not isinstance(given[0][0], list)
        arrays["initial_state"] = (
            np.array(given, dtype="float32") if alone else [np.array(state, dtype="float32") for state in given]
        )
    made(x, **arrays)


def stack_keras(case: dict) -> None:
    shape = case["shape"]
    keras.utils.clear_session(free_memory=False)
    stack = [make(layer) for layer in case["layers"]]
    if shape[0] is None:
        keras.Sequential([keras.Input(shape[1:]), *stack])
    else:
        keras.Sequential(stack)(np.zeros(shape, dtype="float32"))


def errors(everything: bool = True) -> list[dict]:
    quiet()
    found = []
    for case in impossible(everything):
        found.append({**case, "kind": "error", "keras": refusal(lambda case=case: call_keras(case))})
    for case in impossible_stacks():
        found.append({**case, "kind": "stack error", "keras": refusal(lambda case=case: stack_keras(case))})
    return found


def cases(everything: bool = True) -> list[dict]:
    grid = Grid()
    grid.base(everything)
    grid.activations(everything)
    for part in (
        grid.zeros_for_mask,
        grid.sizes,
        grid.defaults,
        grid.broadcasts,
        grid.traces,
        grid.stacks,
        grid.first_weights,
        grid.reads,
    ):
        part()
    return grid.cases + errors(everything)
