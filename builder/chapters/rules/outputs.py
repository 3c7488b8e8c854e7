"""Recorded outputs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter
from .registry import rule

ADDRESS_OR_PATH = re.compile(r"\bat 0x[0-9a-f]{6,}|(?<![\w.])/(?:home|root|Users|tmp|usr|opt|mnt)/\w|\b[A-Z]:\\\\?\w")


@rule("chapter")
def cells_ran_in_order(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Each code cell holds code, and all have run, in order."""
    executed = 0
    for cell in chapter.all_cells:
        if not cell.is_code:
            continue
        count, remedy = cell.node.execution_count, f"Run 'make record CHAPTER={chapter.name}'."
        if not cell.source.strip():
            yield Problem(chapter.where(cell), "an empty code cell", "Remove it.")
        elif count is None:
            yield Problem(chapter.where(cell), "was not executed", remedy)
        elif count != executed + 1:
            yield Problem(chapter.where(cell), f"has execution count {count} instead of {executed + 1}", remedy)
        executed = count or executed  # so that one cell left out is one problem


@rule("cell")
def no_errors(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No cell ends in an error, unless it is tagged ``raises-exception``."""
    for output in cell.outputs:
        if output.output_type == "error" and "raises-exception" not in cell.tags:
            what = f"ends in {output.ename}: {output.evalue}"
            yield Problem(chapter.where(cell), what, "Mend the cell, or tag it raises-exception.")


@rule("cell")
def no_warnings(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Nothing is written to stderr."""
    for output in cell.outputs:
        if output.get("name") == "stderr":
            line = output.text.strip().splitlines()[0] if output.text.strip() else ""
            remedy = "Remove the cause of the warning, then 'make record'."
            yield Problem(chapter.where(cell), f"wrote to stderr: {line}", remedy)


@rule("cell")
def no_traces_of_a_machine(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No output holds an object's address or a path of a machine: they differ in every run."""
    for output in cell.outputs:
        if match := ADDRESS_OR_PATH.search(json.dumps([output.get("text"), output.get("data", {}).get("text/plain")])):
            what = f"prints a machine's path or address ('{match[0]}')"
            yield Problem(chapter.where(cell), what, "Print something that lasts.")
