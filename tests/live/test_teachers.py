"""live/teachers: each key of a ready exercise is what the core computes for its address."""

from __future__ import annotations

import json
import re

from test_predict_modules import LIVE, node, read_words

EXERCISES = json.loads((LIVE / "teachers" / "exercises.json").read_text("utf-8"))
WORDS = read_words("teachers")


def test_each_key_is_what_the_core_computes():
    computed = node("lab/compute.js", f"""
      const {{ read }} = await import({json.dumps((LIVE / "address.js").as_uri())});
      const answer = given.map((address) => {{
        const {{ outputs, parameters }} = it.compute(read(address).state);
        const names = outputs.map(({{ name, shape }}) => `${{name}} (${{shape.join(", ")}})`);
        const total = parameters.reduce((sum, one) => sum + one.total, 0);
        return {{ names, total, data: outputs.map(({{ data }}) => data) }};
      }});""", [exercise["address"] for exercise in EXERCISES])  # fmt: skip
    for exercise, result in zip(EXERCISES, computed, strict=True):
        assert result["names"] == exercise["shapes"], exercise["id"]
        assert result["total"] == exercise.get("count", result["total"]), exercise["id"]
    by_name = {exercise["id"]: result for exercise, result in zip(EXERCISES, computed)}
    y, h, c = by_name["encoder"]["data"]
    assert y == h != c  # what its key says
    [rows] = by_name["masked"]["data"]
    assert all(sentence[1] == sentence[2] == sentence[3] != sentence[0] for sentence in rows)


def test_every_language_names_the_key():
    assert len(WORDS) > 1
    for words in WORDS.values():
        assert list(words["exercises"]) == [exercise["id"] for exercise in EXERCISES]
        for exercise in EXERCISES:
            key = words["exercises"][exercise["id"]]["key"]
            named = re.findall(r"`(\w+ \([\d, ]+\))`", key)
            assert named == exercise["shapes"] and str(exercise.get("count", "")) in key, exercise["id"]
