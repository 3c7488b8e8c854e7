"""The outputs of the chapters tell when their code is changed: a sample of `make mutants`, and in `make prove` all of it."""

from __future__ import annotations

import os
import random
from functools import cache

import pytest

from builder.chapters.comparison import EXEMPT
from builder.quality.mutants import Code, Mutant, mutants_of, read_equivalent, try_mutants
from support import ROOT, run_apart, the_book

KINDS = {
    "argument order", "axis", "direction", "function", "index", "mask", "operator", "slice", "state hand-over", "switch",
    "units", "unpacking", "wrapper",
}  # fmt: skip


def trains(cells) -> bool:
    return any(EXEMPT & set(cell.metadata.get("tags", [])) for cell in cells)


@cache
def population() -> list[Mutant]:
    """The changes that the cell itself can tell without a training before it, and that are not listed.

    Those whose cells need few others come first.
    """
    equivalent, found = read_equivalent(ROOT), []
    for chapter in the_book().chapters:
        code = Code(chapter)
        for mutant in mutants_of(chapter):
            place = code.place[mutant.cell]
            needed = code.without(place)
            if mutant.key not in equivalent and code.tells[place] and not trains(needed):
                found.append((len(needed), mutant))
    return [mutant for _, mutant in sorted(found, key=lambda one: one[0])]


def sample() -> list[Mutant]:
    """One of each fourth kind, of the quarter that is tried soonest; always the same ones for the same chapters."""
    chosen = []
    for kind in sorted(KINDS)[::4]:
        of_kind = [mutant for mutant in population() if mutant.kind == kind]
        chosen += random.Random(kind).sample(of_kind[: len(of_kind) // 4 + 1], min(1, len(of_kind)))
    return chosen


def test_every_kind_finds_a_place():
    assert {mutant.kind for mutant in population()} == KINDS


def test_a_sample_is_told(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)  # the other tests run beside it; TensorFlow is loaded once
    chosen = sample()
    results = try_mutants(the_book().chapters, chosen)
    assert len(results) == len(chosen) == 4
    assert [str(result.mutant) for result in results if not result.killed] == []


@pytest.mark.prove
def test_every_change_is_told_or_listed():
    done = run_apart(ROOT, "mutants")
    assert done.returncode == 0, done.stdout + done.stderr
