"""Change the code of the chapters in one place at a time, and look whether the recorded outputs tell.

A change that nothing tells survives: then a reader could make that mistake in the book's own code and the book would not notice.
It is answered by a better cell, or listed in ``tests/book/equivalent.yml`` with the reason why nothing can tell.
"""

from __future__ import annotations

import ast
import os
import queue
import resource
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import yaml
from nbformat import NotebookNode

from ..chapters.comparison import EXEMPT, texts
from ..chapters.needs import dependent, needed
from ..chapters.notebook import Cell, Chapter, python
from ..files import read
from ..messages import Problem, Refused, refuse
from .forked import ForkedRuns, Outcome, Plan

EQUIVALENT = Path("tests", "book", "equivalent.yml")

FEW = 6  # cells of a chapter for which it does not pay to run all of it

# What is not changed: cells that wait for an answer, that try claims of which most are false, that hold a text, or whose
# outputs are not compared.
UNCHANGED = {"choice", "exercise", "data", *EXEMPT}

RECURRENT = {"SimpleRNN", "LSTM", "GRU", "SimpleRNNCell", "LSTMCell", "GRUCell", "ConvLSTM2D", "RNN"}
WRAPPERS = {"Bidirectional", "TimeDistributed"}
SWITCHES = {"return_sequences", "return_state", "go_backwards", "reset_after", "unit_forget_bias", "mask_zero", "stateful",
            "use_bias", "shuffle"}  # fmt: skip
MERGE_MODES = {"concat": "sum", "sum": "mul", "mul": "ave", "ave": "sum"}
OPERATORS = {ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "+"), ast.Div: ("/", "*"), ast.Pow: ("**", "*")}
FUNCTIONS = {"sigmoid": "np.tanh", "np.tanh": "(lambda z: 1 / (1 + np.exp(-z)))", "np.max": "np.min", "np.min": "np.max", "np.mean": "np.sum",
             "np.sum": "np.mean", "np.argmax": "np.argmin", "np.zeros": "np.ones", "np.ones": "np.zeros",
             "max": "min", "min": "max", "softmax": "np.exp"}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of a cell.

    Attributes:
        chapter, cell: where it is.
        kind: what was changed: ``operator``, ``index``, ….
        number: of the line, counted from 1 within its cell.
        line: how the line begins in which the change is.
        was, now: the code that was changed, before and after.
        source: the whole cell, changed.
        again: how often the same change of a like line is made in the cell before it.
    """

    chapter: str
    cell: str
    kind: str
    number: int
    line: str
    was: str
    now: str
    source: str
    again: int = 0

    def __str__(self) -> str:
        return f"{self.chapter}, {self.cell}, line {self.number}, {self.kind}: {self.change}\n    {self.line}"

    @property
    def change(self) -> str:
        was, now = (" ".join(code.split()) for code in (self.was, self.now))
        return f"{was} -> {now}" + (f" ({self.again + 1})" if self.again else "")

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it in the list of equivalent ones, which does not change when other lines do."""
        return self.chapter, self.cell, self.line, self.change


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
            elif word.arg == "axis":
                self.add("axis", word.value, "1" if self.code(word.value) == "0" else "0")
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
            if "go_backwards" not in given and not self.code(node.func).endswith("Cell"):
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
        if isinstance(node.op, ast.MatMult):
            self.add("operator", node, self.part(node.left))
        elif type(node.op) in OPERATORS:
            old, new = OPERATORS[type(node.op)]
            lines = self.source.splitlines(keepends=True)
            content, start = self.source.encode(), offset(lines, node.lineno, node.col_offset)
            left = offset(lines, node.left.end_lineno, node.left.end_col_offset)
            right = offset(lines, node.right.lineno, node.right.col_offset)
            between = content[left:right].decode()
            if between.strip(" ()\n") == old:
                end = offset(lines, node.end_lineno, node.end_col_offset)
                changed = content[start:left].decode() + between.replace(old, new) + content[right:end].decode()
                self.add("operator", node, changed)
        self.generic_visit(node)

    def part(self, node: ast.expr) -> str:
        """The code of a part of an expression, to stand where the expression stood."""
        code = self.code(node)
        return f"({code})" if isinstance(node, (ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare)) else code

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
            self.add("operator", node, self.part(node.operand))
        elif isinstance(node.op, ast.Invert):
            self.add("operator", node, self.part(node.operand))
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
                self.add("index", part, str(part.value - 1 if part.value else 1))
            elif isinstance(part, ast.UnaryOp) and isinstance(part.operand, ast.Constant):
                self.add("index", part, "-2" if part.operand.value == 1 else "-1")
        self.generic_visit(node)


def offset(lines: Sequence[str], line: int, column: int) -> int:
    """Where a place of ``ast`` is in the bytes of a source."""
    return sum(len(one.encode()) for one in lines[: line - 1]) + column


def mutants_of(chapter: Chapter) -> Iterator[Mutant]:
    """Every change of a chapter, cell by cell."""
    for cell in chapter.all_cells:
        if cell.is_code and not UNCHANGED & set(cell.tags):
            yield from changes_of(chapter, cell)


def changes_of(chapter: Chapter, cell: Cell) -> Iterator[Mutant]:
    """Every change of a cell; one that is not Python, or leaves the same code, is none."""
    source = python(cell.source)
    lines = source.splitlines(keepends=True)
    content, made, again = source.encode(), {ast.dump(ast.parse(source))}, Counter()
    for kind, node, now in Changes(source).found:
        start = offset(lines, node.lineno, node.col_offset)
        end = offset(lines, node.end_lineno, node.end_col_offset)
        changed = (content[:start] + now.encode() + content[end:]).decode()
        try:
            code = ast.dump(ast.parse(changed))
        except SyntaxError:
            continue
        if code in made:
            continue
        made.add(code)
        line, was = lines[node.lineno - 1].strip(), content[start:end].decode()
        mutant = Mutant(chapter.name, cell.id, kind, node.lineno, line, was, now, changed)
        yield replace(mutant, again=again[mutant.key])
        again[mutant.key] += 1


class Code:
    """The code cells of a chapter, and which of them a change of one has to be tried with."""

    def __init__(self, chapter: Chapter):
        self.chapter = chapter
        self.cells = [NotebookNode(cell.node) for cell in chapter.all_cells if cell.is_code]
        self.place = {cell.id: place for place, cell in enumerate(self.cells)}
        self.sources = [python(cell.source) for cell in self.cells]
        self.unnamed: set[str] = set()  # the cells that need more than names tell

    @cached_property
    def tells(self) -> list[bool]:
        """Which cells can tell: not those that are exempt or wait for an answer, and not those that only draw."""
        return [
            not UNCHANGED & set(cell.metadata.get("tags", []))
            and bool(texts(cell.outputs).strip() or "assert" in cell.source)
            for cell in self.cells
        ]

    def without(self, place: int) -> list[NotebookNode]:
        """What a cell needs before it."""
        return [self.cells[other] for other in needed(self.sources, [place]) if other < place]

    def behind(self, place: int) -> tuple[list[NotebookNode], list[NotebookNode]]:
        """What a cell and those that depend on it need before it, and what runs behind it; nothing when none can tell.

        A cell that needs an exempt one in between does not count: what a change makes of a training, chance makes of it too.
        """
        telling = [
            other for other in dependent(self.sources, place) if self.tells[other] and not self.apart(place, other)
        ]
        if not telling:
            return [], []
        places = needed(self.sources, [place, *telling])
        return [self.cells[other] for other in places if other < place], [
            self.cells[other] for other in places if other > place
        ]

    def apart(self, place: int, other: int) -> bool:
        """Whether an exempt cell stands between a cell and one that needs both."""
        between = (self.cells[one] for one in needed(self.sources, [place, other]) if one > place)
        return any(EXEMPT & set(cell.metadata.get("tags", [])) for cell in between)

    def whole(self, place: int, before, behind) -> tuple[list[NotebookNode], list[NotebookNode]]:
        """The cells before and behind a cell and all between them, without exempt ones that were not needed and what needs those."""
        kept = {cell.id for cell in (*before, *behind)}
        left_out = {cell.id for cell in self.cells if UNCHANGED & set(cell.metadata.get("tags", []))} - kept
        for other, cell in enumerate(self.cells):
            if not left_out & {self.cells[one].id for one in needed(self.sources, [other])}:
                kept.add(cell.id)
        last = self.place[behind[-1].id] if behind else place
        chosen = [other for other in range(last + 1) if self.cells[other].id in kept]
        return [self.cells[other] for other in chosen if other < place], [
            self.cells[other] for other in chosen if other > place
        ]

    def walk(self) -> list[NotebookNode]:
        """The cells of the chapter, without exempt ones that nothing needs which tells."""
        telling = [place for place, tells in enumerate(self.tells) if tells]
        return [*self.whole(telling[-1], [self.cells[place] for place in needed(self.sources, telling)], [])[0],
                self.cells[telling[-1]]] if telling else []  # fmt: skip

    def plan(self, mutants: Iterable[Mutant]) -> dict[str, Plan]:
        """What is tried at each cell of a walk through the chapter."""
        plan: dict[str, Plan] = {}
        for mutant in mutants:
            place = self.place[mutant.cell]
            if mutant.cell not in plan:
                before, behind = self.behind(place)
                more = self.whole(place, before, behind)[1] if behind else []
                ids = [[cell.id for cell in cells] for cells in (behind, more)]
                plan[mutant.cell] = {"versions": [self.cells[place]], "behind": ids}
            plan[mutant.cell]["versions"].append({**self.cells[place], "source": mutant.source})
        return plan

    def draws(self, place: int) -> bool:
        """Whether a cell only draws: what it leaves behind are names of loops and axes, and pictures are not compared."""
        outputs = self.cells[place].outputs
        drawn = any(kind.startswith("image/") for output in outputs for kind in output.get("data", ()))
        return drawn and not self.tells[place]

    def seen(self, place: int) -> bool:
        """Whether a change of a cell can be told at all: by itself, or by a cell that depends on it."""
        return self.tells[place] or not self.draws(place) and bool(self.behind(place)[1])


@dataclass(frozen=True)
class Result:
    """What came of a mutant."""

    mutant: Mutant
    outcome: Outcome

    @property
    def killed(self) -> bool:
        return self.outcome.cell is not None

    @property
    def cheap(self) -> bool:
        """Whether it did not even run, which proves nothing about what is compared."""
        return self.outcome.why.startswith(("NameError", "SyntaxError", "UnboundLocalError"))


def try_cell(runs: ForkedRuns, code: Code, mutants: Sequence[Mutant]) -> list[Result]:
    """Run the mutants of one cell: alone with what the cell needs, then those left with all that depends on it."""
    place = code.place[mutants[0].cell]
    results, left = [], list(mutants)
    for before, behind in ((code.without(place), []), code.behind(place)):
        if results and not behind:
            break
        versions = [{**code.cells[place], "source": mutant.source} for mutant in left]
        outcomes = unchanged_and(runs, code, place, (before, behind), versions)
        tried = [Result(mutant, outcome) for mutant, outcome in zip(left, outcomes)]
        results = [result for result in results if result.killed] + tried
        left = [result.mutant for result in tried if not result.killed]
        if not left:
            break
    return results


def unchanged_and(runs: ForkedRuns, code: Code, place: int, around, versions) -> list[Outcome]:
    """What comes of the versions, in a surrounding in which the cell without a change tells nothing.

    Names do not tell all that is needed: random numbers continue from cell to cell. Then it is tried with more of the chapter,
    and at last with all that stands before it.
    """
    cell, whole = code.cells[place], code.whole(place, *around)
    known = not code.unnamed & {one.id for one in (*around[0], cell, *around[1])}
    for before, behind in (around, whole, (code.cells[:place], whole[1]))[not known :]:
        control, *outcomes = runs.run(before, [[one, *behind] for one in (cell, *versions)])
        if control.cell is None:
            return outcomes
        code.unnamed.add(control.cell)
    return [Outcome(None, f"without a change {control.cell} {control.why}")] * len(versions)


def try_mutants(
    chapters: Iterable[Chapter],
    mutants: Sequence[Mutant],
    report: Callable[[list[Result]], None] = lambda results: None,
) -> list[Result]:
    """Run mutants on all cores, cell by cell.

    Args:
        report: is called with the results of each cell as they come.
    """
    codes = {chapter.name: Code(chapter) for chapter in chapters}
    waiting: queue.SimpleQueue[tuple[str, list[Mutant]]] = queue.SimpleQueue()
    walking = 0  # chapters, whose cells may still come to the queue
    for name in codes:
        of_chapter = [mutant for mutant in mutants if mutant.chapter == name]
        cells = dict.fromkeys(mutant.cell for mutant in of_chapter)
        if len(cells) > FEW:
            walking += 1
            waiting.put(("", of_chapter))
        else:
            for cell in cells:
                waiting.put((cell, [mutant for mutant in of_chapter if mutant.cell == cell]))
    results: list[Result] = []
    failed: list[Exception] = []

    def done(found: list[Result]) -> None:
        results.extend(found)
        report(found)

    def work() -> None:
        nonlocal walking
        try:
            with ForkedRuns() as runs:
                while not failed:
                    try:
                        cell, of_one = waiting.get(timeout=1)
                    except queue.Empty:
                        if walking:
                            continue
                        return
                    if cell:
                        done(try_cell(runs, codes[of_one[0].chapter], of_one))
                        continue
                    code = codes[of_one[0].chapter]
                    found = runs.walk(code.walk(), code.plan(of_one))
                    for cell in dict.fromkeys(mutant.cell for mutant in of_one):
                        of_cell = [mutant for mutant in of_one if mutant.cell == cell]
                        outcomes = found[cell][1:] if cell in found else [None] * len(of_cell)
                        settled = [Result(mutant, outcome) for mutant, outcome in zip(of_cell, outcomes) if outcome]
                        if settled:
                            done(settled)
                        rest = [mutant for mutant, outcome in zip(of_cell, outcomes) if not outcome]
                        if rest:
                            waiting.put((cell, rest))
                    walking -= 1
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(min(os.cpu_count() or 1, len(mutants)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    order = {mutant: place for place, mutant in enumerate(mutants)}
    return sorted(results, key=lambda result: order[result.mutant])


def read_equivalent(root: Path) -> dict[tuple[str, str, str, str], str]:
    """The list of mutants that nothing can tell: key -> why.

    Raises:
        Refused: the list cannot be read.
    """
    text = read(root, EQUIVALENT.as_posix())
    try:
        listed = yaml.safe_load(text) or {}
        return {
            (chapter, cell, line, change): why
            for chapter, cells in listed.items()
            for cell, groups in cells.items()
            for group in groups
            for line, changes in group["changes"].items()
            for change in changes
            for why in [group["why"]]
        }
    except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        refuse([Problem(EQUIVALENT.as_posix(), f"cannot be read: {error!r}", "Restore or mend it.")])


def write_table(rows: Mapping[str, Counter], columns: Sequence[str], head: str) -> None:
    print(f"\n| {head} | " + " | ".join(columns) + " |\n|---|" + "---:|" * len(columns))
    whole = sum(rows.values(), Counter())
    for name, row in [*sorted(rows.items()), ("all", whole)]:
        print(f"| {name} | " + " | ".join(str(row[column]) for column in columns) + " |")


def print_mutants(root: Path, chapters: Sequence[Chapter], kinds: Sequence[str]) -> None:
    """Try the mutants of some chapters, and print by kind and by chapter what came of them.

    Raises:
        Refused: there is no such kind, or something survived that is not listed, or is listed and does not occur or is told.
    """
    equivalent = read_equivalent(root)
    made = [mutant for chapter in chapters for mutant in mutants_of(chapter)]
    if unknown := sorted(set(kinds) - {mutant.kind for mutant in made}):
        known = ", ".join(sorted({mutant.kind for mutant in made}))
        raise Refused(f"No change is of the kind '{unknown[0]}'. Kinds are: {known}.")
    mutants = [mutant for mutant in made if not kinds or mutant.kind in kinds]
    codes = {chapter.name: Code(chapter) for chapter in chapters}
    seen = {key: codes[key[0]].seen(codes[key[0]].place[key[1]]) for key in {(m.chapter, m.cell) for m in mutants}}
    tried = [mutant for mutant in mutants if seen[mutant.chapter, mutant.cell]]

    def report(results: list[Result]) -> None:
        of = results[0].mutant
        left = [result for result in results if not result.killed and result.mutant.key not in equivalent]
        lines = [f"  survived: {result.mutant} {result.outcome.why}" for result in left]
        print("\n".join([f"{of.chapter}, {of.cell}: {len(results)} tried", *lines]), flush=True)

    results = try_mutants(chapters, tried, report)
    by_kind: dict[str, Counter] = {}
    by_chapter: dict[str, Counter] = {}
    survived, unjust = [], []
    for mutant, came in [
        *((mutant, "not compared") for mutant in mutants if not seen[mutant.chapter, mutant.cell]),
        *((result.mutant, outcome(result, equivalent)) for result in results),
    ]:
        for table, name in ((by_kind, mutant.kind), (by_chapter, mutant.chapter)):
            table.setdefault(name, Counter()).update(["made", came])
        if came == "survived":
            survived.append(mutant)
        elif came == "killed" and mutant.key in equivalent:
            unjust.append(mutant)
    columns = ("made", "killed", "equivalent", "not compared", "survived")
    write_table(by_kind, columns, "kind")
    write_table(by_chapter, columns, "chapter")
    cheap = sum(result.cheap for result in results)
    print(f"\n{cheap} of the killed ones did not know a name. {cpu_seconds():.0f} seconds of processor time.")
    print("\nNot compared, because of a tag, or because only such a cell or a plot shows them:")
    for chapter in chapters:
        tagged = [cell.id for cell in chapter.all_cells if cell.is_code and EXEMPT & set(cell.tags)]
        shown = [cell for name, cell in seen if name == chapter.name and not seen[name, cell]]
        if tagged or shown:
            print(f"  {chapter.name}: {', '.join(tagged)}" + f" | {', '.join(sorted(shown))}" * bool(shown))
    present = {mutant.key for mutant in mutants}
    names = {chapter.name for chapter in chapters}
    gone = [] if kinds else [key for key in equivalent if key[0] in names and key not in present]
    remedy = f"Let the cell tell, or list it in {EQUIVALENT.as_posix()} with the reason why nothing can."
    refuse(
        [
            Problem(f"book/{m.chapter}.ipynb, {m.cell}", f"nothing tells {m.change} in '{m.line}'.", remedy)
            for m in survived
        ]
        + [Problem(EQUIVALENT.as_posix(), f"{m.key} is told.", "Remove it.") for m in unjust]
        + [Problem(EQUIVALENT.as_posix(), f"{key} does not occur.", "Mend or remove it.") for key in gone]
    )


def outcome(result: Result, equivalent: Mapping) -> str:
    if result.killed:
        return "killed"
    return "equivalent" if result.mutant.key in equivalent else "survived"


def cpu_seconds() -> float:
    """The processor time of this process and of those that it started and that have ended."""
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(time.ru_utime + time.ru_stime for time in times)
