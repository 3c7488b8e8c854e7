"""Change the code of the chapters in one place at a time, and look whether the recorded outputs tell.

A change that nothing tells survives: then a reader could make that mistake in the book's own code and the book would not notice.
It is answered by a better cell, or listed in ``tests/book/equivalent.toml`` with the reason why nothing can tell.
"""

from __future__ import annotations

import ast
import os
import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nbformat import NotebookNode

from ..chapters.notebook import Cell, Chapter
from .forked import ForkedRuns, Outcome

RECURRENT = {"SimpleRNN", "LSTM", "GRU", "SimpleRNNCell", "LSTMCell", "GRUCell", "ConvLSTM2D", "RNN"}
WRAPPERS = {"Bidirectional", "TimeDistributed"}
SWITCHES = {"return_sequences", "return_state", "go_backwards", "reset_after", "unit_forget_bias", "mask_zero", "stateful",
            "use_bias", "shuffle"}  # fmt: skip
MERGE_MODES = {"concat": "sum", "sum": "mul", "mul": "ave", "ave": "sum"}
OPERATORS = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.Pow: "*"}
FUNCTIONS = {"sigmoid": "np.tanh", "np.tanh": "np.arctan", "np.max": "np.min", "np.min": "np.max", "np.mean": "np.sum",
             "np.sum": "np.mean", "np.argmax": "np.argmin", "np.zeros": "np.ones", "np.ones": "np.zeros",
             "max": "min", "min": "max", "softmax": "np.exp"}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of a cell.

    Attributes:
        chapter, cell: where it is.
        kind: what was changed: ``operator``, ``index``, ….
        line: the line as it stands in the chapter, counted from 1 within its cell.
        was, now: the code that was changed, before and after.
        source: the whole cell, changed.
    """

    chapter: str
    cell: str
    kind: str
    line: int
    was: str
    now: str
    source: str

    def __str__(self) -> str:
        return f"{self.chapter}, {self.cell}, line {self.line}, {self.kind}: {self.was} -> {self.now}"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it in the list of equivalent ones, which does not change when lines are added."""
        return self.chapter, self.cell, self.was, self.now


class Changes(ast.NodeVisitor):
    """The changes of one cell: (kind, node that is replaced, new code)."""

    def __init__(self, source: str):
        self.source = source
        self.found: list[tuple[str, ast.AST, str]] = []
        self.visit(ast.parse(source))

    def code(self, node: ast.AST) -> str:
        return ast.get_source_segment(self.source, node) or ""

    def add(self, kind: str, node: ast.AST, new: str) -> None:
        if new != self.code(node):
            self.found.append((kind, node, new))

    def visit_Assert(self, node: ast.Assert) -> None:
        """An assertion is what tells; it is not changed."""

    def visit_Try(self, node: ast.Try) -> None:
        """An error shown on purpose stays the same whatever stands around it."""

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "assert_allclose":
            return
        if name in RECURRENT:
            self.recurrent(node)
        if name in WRAPPERS and node.args:
            self.add("wrapper", node, self.code(node.args[0]))
        if self.code(node.func) in FUNCTIONS:
            self.add("function", node.func, FUNCTIONS[self.code(node.func)])
        if name == "Masking":
            self.add("mask", node, "keras.layers.Identity()")
        if name in ("concatenate", "hstack", "vstack", "stack", "dot", "matmul") and node.args:
            first = node.args[0]
            if isinstance(first, (ast.List, ast.Tuple)) and len(first.elts) > 1:
                self.swap("argument order", first, first.elts)
        for word in node.keywords:
            if word.arg in SWITCHES and isinstance(word.value, ast.Constant) and isinstance(word.value.value, bool):
                kind = "mask" if word.arg == "mask_zero" else "switch"
                self.add(kind, word.value, str(not word.value.value))
            elif word.arg == "merge_mode" and isinstance(word.value, ast.Constant):
                self.add("merge mode", word.value, repr(MERGE_MODES.get(word.value.value, "concat")))
            elif word.arg == "initial_state":
                if isinstance(word.value, (ast.List, ast.Tuple)) and len(word.value.elts) > 1:
                    self.swap("state hand-over", word.value, word.value.elts)
                self.add("state hand-over", word, "initial_state=None")
            elif word.arg == "mask":
                self.add("mask", word, "mask=None")
            elif word.arg == "axis" and isinstance(word.value, ast.Constant) and isinstance(word.value.value, int):
                self.add("axis", word.value, str(0 if word.value.value else 1))
        self.generic_visit(node)

    def recurrent(self, node: ast.Call) -> None:
        units = node.args[0] if node.args else None
        if isinstance(units, ast.Constant) and isinstance(units.value, int):
            self.add("units", units, str(units.value + 1))
        given = {word.arg for word in node.keywords}
        text = self.code(node)
        if text.endswith(")"):
            comma = "" if text.rstrip(") \n").endswith(("(", ",")) else ", "
            body = text[:-1].rstrip().removesuffix(",")
            if "go_backwards" not in given and not getattr(node.func, "attr", "").endswith("Cell"):
                self.add("direction", node, f"{body}{comma or ', '}go_backwards=True)")

    def swap(self, kind: str, node: ast.AST, elements: Sequence[ast.expr]) -> None:
        """Exchange the first two elements."""
        text, start = self.code(node), node
        first, second = (self.code(element) for element in elements[:2])
        if first != second and text.count(first) and text.count(second):
            new = text.replace(first, "\0", 1)
            if "\0" in new and second in new:
                self.add(kind, start, new.replace(second, first, 1).replace("\0", second))

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            if isinstance(target, (ast.Tuple, ast.List)) and len(target.elts) > 1:
                names = [element for element in target.elts if not isinstance(element, ast.Starred)]
                if len(names) == len(target.elts):
                    for one, other in zip(names, names[1:]):
                        texts = [self.code(element) for element in target.elts]
                        place = target.elts.index(one)
                        texts[place], texts[place + 1] = self.code(other), self.code(one)
                        self.add("unpacking", target, ", ".join(texts))
        self.visit(node.value)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        left, right = self.code(node.left), self.code(node.right)
        between = self.between(node.left, node.right)
        if isinstance(node.op, ast.MatMult):
            self.add("operator", node, left)
        elif type(node.op) in OPERATORS and between.strip() and "(" not in between and ")" not in between:
            old = between.strip()
            self.add("operator", node, f"{left}{between.replace(old, OPERATORS[type(node.op)])}{right}")
        self.generic_visit(node)

    def between(self, left: ast.expr, right: ast.expr) -> str:
        lines = self.source.splitlines(keepends=True)
        start, end = offset(lines, left.end_lineno, left.end_col_offset), offset(lines, right.lineno, right.col_offset)
        return self.source.encode()[start:end].decode()

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
            self.add("operator", node, self.code(node.operand))
        elif isinstance(node.op, ast.Invert):
            self.add("operator", node, self.code(node.operand))
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        for part in node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]:
            if isinstance(part, ast.Slice):
                for bound in (part.lower, part.upper):
                    if bound is not None:
                        self.add("slice", bound, f"{self.code(bound)} + 1")
                if part.step is not None:
                    self.add("slice", part.step, "1")
            elif isinstance(part, ast.Constant) and isinstance(part.value, int):
                self.add("index", part, "-1" if part.value == 0 else str(part.value - 1))
            elif isinstance(part, ast.UnaryOp) and isinstance(part.operand, ast.Constant):
                self.add("index", part, "0")
        self.generic_visit(node)


def offset(lines: Sequence[str], line: int, column: int) -> int:
    """Where a place of ``ast`` is in the bytes of a source."""
    return sum(len(one.encode()) for one in lines[: line - 1]) + column


def mutants_of(chapter: Chapter) -> Iterator[Mutant]:
    """Every change of a chapter, cell by cell; exercises wait for an answer and are left out."""
    for cell in chapter.all_cells:
        if cell.is_code and not {"exercise", "data", "measured"} & set(cell.tags):
            yield from changes_of(chapter, cell)


def changes_of(chapter: Chapter, cell: Cell) -> Iterator[Mutant]:
    source = "\n".join("" if line.startswith("%") else line for line in cell.source.splitlines())
    lines = source.splitlines(keepends=True)
    for kind, node, new in Changes(source).found:
        start = offset(lines, node.lineno, node.col_offset)
        end = offset(lines, node.end_lineno, node.end_col_offset)
        content = source.encode()
        changed = (content[:start] + new.encode() + content[end:]).decode()
        yield Mutant(chapter.name, cell.id, kind, node.lineno, content[start:end].decode(), new, changed)


def with_change(chapter: Chapter, mutant: Mutant) -> list[NotebookNode]:
    """The code cells of a chapter with one of them changed."""
    cells = []
    for cell in chapter.all_cells:
        if cell.is_code:
            node = NotebookNode(cell.node)
            node.source = mutant.source if cell.id == mutant.cell else cell.source
            cells.append(node)
    return cells


@dataclass(frozen=True)
class Result:
    """What came of a mutant."""

    mutant: Mutant
    outcome: Outcome

    @property
    def killed(self) -> bool:
        return self.outcome.cell is not None


def try_mutants(chapters: Sequence[Chapter], mutants: Sequence[Mutant], report=lambda result: None) -> list[Result]:
    """Run mutants on all cores; each runs its chapter up to the first cell that tells.

    Args:
        report: is called with each result as it comes.
    """
    by_name = {chapter.name: chapter for chapter in chapters}
    waiting: queue.SimpleQueue[Mutant] = queue.SimpleQueue()
    for mutant in mutants:
        waiting.put(mutant)
    results: list[Result] = []

    def work() -> None:
        with ForkedRuns() as runs:
            while True:
                try:
                    mutant = waiting.get_nowait()
                except queue.Empty:
                    return
                result = Result(mutant, runs.run(with_change(by_name[mutant.chapter], mutant)))
                results.append(result)
                report(result)

    threads = [threading.Thread(target=work) for _ in range(os.cpu_count() or 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results, key=lambda result: mutants.index(result.mutant))


def print_mutants(chapters: Sequence[Chapter], equivalent: dict[tuple[str, str, str, str], str]) -> list[Mutant]:
    """Try every mutant of the chapters, print killed and survived by kind, and return those that nothing tells.

    Args:
        equivalent: key of a mutant -> why nothing can tell it.
    """
    start = time.perf_counter()
    everything = [mutant for chapter in chapters for mutant in mutants_of(chapter)]
    tried = [mutant for mutant in everything if mutant.key not in equivalent]
    results = try_mutants(chapters, tried)
    made, killed = Counter(mutant.kind for mutant in everything), Counter(r.mutant.kind for r in results if r.killed)
    listed = Counter(mutant.kind for mutant in everything if mutant.key in equivalent)
    print("| kind | made | killed | equivalent | survived |\n|---|---|---|---|---|")
    for kind in [*sorted(made), None]:
        row = [sum(count.values()) if kind is None else count[kind] for count in (made, killed, listed)]
        print(f"| {kind or 'all'} | {row[0]} | {row[1]} | {row[2]} | {row[0] - row[1] - row[2]} |")
    print(f"{time.perf_counter() - start:.0f} s")
    survived = [result.mutant for result in results if not result.killed]
    for mutant in survived:
        print(f"survived: {mutant}")
    return survived
