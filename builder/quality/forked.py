"""Run cells of a chapter in processes forked from one with TensorFlow loaded, so that many versions of a cell cost little.

The cells before it run once, and each version continues from there in a fork of its own. TensorFlow's threads do not survive a
fork, so this goes well where operations run one by one; where a model is trained or predicts, each version starts anew from a
process that has computed nothing. The process that forks is a program, ``python -m builder.quality.forked``, which is asked in
JSON, one line at a time.
"""

from __future__ import annotations

import gc
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import takewhile
from types import TracebackType
from typing import TypedDict

import nbformat
from nbformat import NotebookNode

from ..chapters.comparison import EXEMPT, differs
from ..chapters.notebook import python
from ..chapters.record import QUIET

# With one thread an operation runs in the thread that asks for it.
SETTINGS = {**QUIET, "MPLBACKEND": "agg", "TF_NUM_INTRAOP_THREADS": "1", "TF_NUM_INTEROP_THREADS": "1"}

# What starts TensorFlow's threads for certain. Where something else does, a version hangs and is then started anew.
THREADS = re.compile(r"\.(fit|predict|evaluate|train_on_batch|adapt)\(|tf\.function|tf\.data")

LATE = "took too long"
HANGS = 20  # seconds after which a version that continues in a fork is taken to hang
LONGEST = 240  # seconds that a version may take which starts anew


@dataclass
class Outcome:
    """What came of a run.

    Attributes:
        cell: id of the first cell that differed from what is recorded, or None when none did.
        why: what was different there.
    """

    cell: str | None = None
    why: str = ""


class Plan(TypedDict):
    """What is tried at a cell.

    Attributes:
        versions: the cell without a change, and then changed.
        behind: ids of the cells that run behind a version that the cell itself does not tell; more of them if those fail.
    """

    versions: list[NotebookNode]
    behind: list[list[str]]


class ForkedRuns:
    """The process that forks; use it as a context manager. One request at a time."""

    def __enter__(self) -> ForkedRuns:
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **SETTINGS},
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def run(self, before: Sequence[NotebookNode], versions: Iterable[Sequence[NotebookNode]]) -> list[Outcome]:
        """Run code cells, and then one or another sequence of cells, of which each cell is compared with its recorded outputs.

        Args:
            before: what comes before all versions, and is not compared.
            versions: sequences of cells; each stops at the first cell that differs. The first one is the control: when it
                differs, the same is said of all.
        """
        return [Outcome(**one) for one in self.ask("run", before, list(versions))]

    def walk(self, cells: Sequence[NotebookNode], plan: Mapping[str, Plan]) -> dict[str, list[Outcome | None]]:
        """Run a chapter once, and at some of its cells try versions of this cell, each in a fork.

        Args:
            plan: id of a cell -> its versions, the first one without a change, and what may run behind them.

        Returns:
            What comes of the versions of each cell: None for one that has to be run otherwise, and nothing of a cell whose
            control differs.
        """
        found = self.ask("walk", cells, plan)
        return {cell: [one and Outcome(**one) for one in outcomes] for cell, outcomes in found.items()}

    def ask(self, *request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("The process that forks has ended; see the message above.")
        return json.loads(answer)


def shell():
    """What runs cells, in this process."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False  # its thread would not survive a fork either
    shell.showtraceback = lambda *args, **kwargs: None  # drawing one takes longer than most cells
    return shell


def run_cells(cells: Sequence[NotebookNode], compare: bool = True) -> Outcome:
    """Run code cells in this process up to the first that differs from what is recorded."""
    from IPython.utils.capture import capture_output

    for cell in cells:
        tags = set(cell.metadata.get("tags", []))
        with capture_output() as captured:
            done = shell().run_cell(python(cell.source))
        error = done.error_before_exec or done.error_in_exec
        if error is not None and "raises-exception" not in tags:
            return Outcome(cell.id, f"{type(error).__name__}: {error}")
        if not compare or EXEMPT & tags:
            continue
        outputs = [nbformat.v4.new_output("stream", name="stdout", text=captured.stdout)]
        outputs += [nbformat.v4.new_output("display_data", data=output.data) for output in captured.outputs]
        if error is not None:
            outputs.append(nbformat.v4.new_output("error", ename=type(error).__name__, evalue=str(error)))
        if differs(cell.outputs, outputs):
            return Outcome(cell.id, "puts out something else")
    return Outcome()


def fork(work: Callable[[], object], seconds: int) -> tuple[str, int]:
    """Do something in a fork of this process, which is ended when it takes too long; what it returns, and how it ended."""
    reading, writing = os.pipe()
    chance = random.getstate()
    child = os.fork()
    if not child:
        random.setstate(chance)  # which Python seeds anew in a fork
        signal.alarm(seconds)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        with os.fdopen(writing, "w") as file:
            json.dump(work(), file)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        text = file.read()
    return text, os.waitpid(child, 0)[1]


def in_fork(work: Callable[[], list[Outcome]], seconds: int) -> list[Outcome]:
    """The outcomes of something done in a fork."""
    text, status = fork(lambda: [asdict(one) for one in work()], seconds)
    if text:
        return [Outcome(**one) for one in json.loads(text)]
    return [Outcome("?", LATE if status == signal.SIGALRM else f"the process died ({status})")]


def start_anew(before: Sequence[NotebookNode], version: Sequence[NotebookNode]) -> Outcome:
    """Run the cells before a version and the version, in one fork."""

    def work() -> list[Outcome]:
        first = run_cells(before, compare=False)
        return [first if first.cell else run_cells(version)]

    return in_fork(work, LONGEST)[0]


def continue_each(before: Sequence[NotebookNode], versions: Sequence[Sequence[NotebookNode]]) -> list[Outcome]:
    """Run the cells before the versions in one fork, and each version in a fork of that."""

    def work() -> list[Outcome]:
        first = run_cells(before, compare=False)
        signal.alarm(0)
        if first.cell:
            return [first] * len(versions)
        return with_control(versions, lambda version: in_fork(lambda: [run_cells(version)], HANGS)[0])

    found = in_fork(work, LONGEST)
    return found if len(found) == len(versions) else found[:1] * len(versions)


def with_control(
    versions: Sequence[Sequence[NotebookNode]], run: Callable[[Sequence[NotebookNode]], Outcome]
) -> list[Outcome]:
    control = run(versions[0])
    if control.cell:
        return [control] * len(versions)
    return [control, *(run(version) for version in versions[1:])]


def answer(before: Sequence[NotebookNode], versions: Sequence[Sequence[NotebookNode]]) -> list[Outcome]:
    """What comes of each version; those that hang in a fork start anew."""
    threads = any(THREADS.search(cell.source) for cells in (before, *versions[:1]) for cell in cells)
    if not threads:
        found = continue_each(before, versions)
        if found[0].why != LATE:
            return [start_anew(before, version) if one.why == LATE else one for one, version in zip(found, versions)]
    return with_control(versions, lambda version: start_anew(before, version))


def walk(cells: Sequence[NotebookNode], plan: Mapping[str, Plan]) -> dict[str, list[Outcome | None]]:
    """What comes of the versions at each cell of a chapter; see ``ForkedRuns.walk``."""
    found = {}
    last = max((place for place, cell in enumerate(cells) if cell.id in plan), default=-1)
    for place, cell in enumerate(cells[: last + 1]):
        if cell.id in plan and not THREADS.search(cell.source):
            outcomes = at_cell(plan[cell.id]["versions"], plan[cell.id]["behind"], cells[place + 1 :])
            if outcomes is not None:
                found[cell.id] = outcomes
        signal.alarm(LONGEST)
        stopped = run_cells([cell], compare=False)
        signal.alarm(0)
        if stopped.cell:
            break
    return found


def at_cell(
    versions: Sequence[NotebookNode], behinds: Sequence[Sequence[str]], rest: Sequence[NotebookNode]
) -> list[Outcome | None] | None:
    """What comes of the versions of the next cell: alone, and those that it does not tell with cells behind it.

    None stands for a version that has to be run otherwise: it hangs, or cells that start threads may tell.
    """

    def attempt(version: NotebookNode, behind: Sequence[NotebookNode] = ()) -> Outcome:
        return in_fork(lambda: [run_cells([version, *behind])], HANGS)[0]

    outcomes: list[Outcome | None] = [attempt(versions[0])]
    if outcomes[0].cell:
        return None
    outcomes += [attempt(version) for version in versions[1:]]
    left = [number for number, outcome in enumerate(outcomes) if number and outcome.cell is None]
    known = True
    for behind in behinds:
        chosen = [cell for cell in rest if cell.id in behind]
        if not left or not chosen:
            continue
        quick = list(takewhile(lambda cell: not THREADS.search(cell.source), chosen))
        known = len(quick) == len(chosen)
        if quick and attempt(versions[0], quick).cell is not None:
            known = False
            continue
        for number in left if quick else ():
            outcomes[number] = attempt(versions[number], quick)
        break
    return [None if outcome.why == LATE or outcome.cell is None and not known else outcome for outcome in outcomes]


def walked(cells: Sequence[NotebookNode], plan: Mapping[str, Plan]) -> dict[str, list[dict | None]]:
    """What ``walk`` finds, in a fork of this process."""

    def work() -> dict[str, list[dict | None]]:
        return {cell: [one and asdict(one) for one in outcomes] for cell, outcomes in walk(cells, plan).items()}

    text, _ = fork(work, 0)
    return json.loads(text) if text else {}


def main() -> None:
    """Answer until nobody asks any more."""
    import keras  # noqa: F401
    import matplotlib.pyplot  # noqa: F401
    import tensorflow  # noqa: F401

    shell()
    gc.freeze()  # what is not looked at for garbage stays shared with the forks
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for line in iter(sys.stdin.readline, ""):
            kind, first, second = nbformat.from_dict(json.loads(line))
            if kind == "run":
                found = [asdict(one) for one in answer(first, second)]
            else:
                found = walked(first, second)
            print(json.dumps(found), file=answers, flush=True)
        os.chdir(os.sep)


if __name__ == "__main__":
    main()
