"""Run the cells of a chapter in a process that is forked from one with TensorFlow loaded, so that it starts in no time.

The process that forks has imported TensorFlow and computed nothing: what TensorFlow starts for computing would not survive a
fork. It is a program of its own, ``python -m builder.quality.forked``, which is asked one chapter a line, in JSON.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from types import TracebackType

import nbformat
from nbformat import NotebookNode

from ..chapters.record import QUIET
from .comparison import EXEMPT, differs

SETTINGS = {**QUIET, "MPLBACKEND": "agg"}

# Lines for the notebook's own display, which here is not looked at.
MAGIC = re.compile(r"^%.*$", re.M)


@dataclass
class Outcome:
    """What came of a run.

    Attributes:
        cell: id of the first cell that differed from what is recorded, or None when none did.
        why: what was different there.
    """

    cell: str | None = None
    why: str = ""


class ForkedRuns:
    """The process that forks; use it as a context manager. One run at a time."""

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

    def run(self, cells: Sequence[NotebookNode], seconds: int = 120) -> Outcome:
        """Run code cells one after the other and compare each with its recorded outputs, up to the first that differs.

        Args:
            seconds: how long they may take together; one that takes longer differs.
        """
        self.process.stdin.write(json.dumps([cells, seconds]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError("The process that forks has ended; see the message above.")
        return Outcome(**json.loads(answer))


def run_cells(cells: Sequence[NotebookNode]) -> Outcome:
    """Run code cells in this process, and compare."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    shell = InteractiveShell.instance()
    for cell in cells:
        with capture_output() as captured:
            done = shell.run_cell(MAGIC.sub("", cell.source), store_history=True)
        error = done.error_before_exec or done.error_in_exec
        if error is not None and "raises-exception" not in cell.metadata.get("tags", []):
            return Outcome(cell.id, f"{type(error).__name__}: {error}")
        if EXEMPT & set(cell.metadata.get("tags", [])):
            continue
        outputs = [nbformat.v4.new_output("stream", name="stdout", text=captured.stdout)]
        outputs += [nbformat.v4.new_output("display_data", data=output.data) for output in captured.outputs]
        if differs(cell.outputs, outputs):
            return Outcome(cell.id, "puts out something else")
    return Outcome()


def answer(cells: Sequence[NotebookNode], seconds: int) -> Outcome:
    """Run code cells in a fork of this process, which is ended when it takes too long or dies."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        signal.alarm(seconds)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            outcome = run_cells(cells)
        os.write(writing, json.dumps(asdict(outcome)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as file:
        text = file.read()
    _, status = os.waitpid(child, 0)
    if text:
        return Outcome(**json.loads(text))
    return Outcome("?", "took too long" if status == signal.SIGALRM else f"the process died ({status})")


def main() -> None:
    """Answer until nobody asks any more."""
    import matplotlib.pyplot  # noqa: F401
    import tensorflow  # noqa: F401

    for line in iter(sys.stdin.readline, ""):
        cells, seconds = json.loads(line)
        outcome = answer([nbformat.from_dict(cell) for cell in cells], seconds)
        print(json.dumps(asdict(outcome)), flush=True)


if __name__ == "__main__":
    main()
