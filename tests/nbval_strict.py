"""A pytest plug-in for `make test`: one run of a chapter proves what readers of all its forms rely on.

The code runs alone, as in the notebook that a reader downloads: in an empty folder that stays empty, with the pinned
TensorFlow, NumPy and Matplotlib and nothing else. nbval compares decimals too, with a tolerance (see
builder/quality/comparison.py). Behind each exercise its solution is pasted in, and has to be right.
"""

import copy
import re
import sys
import tempfile
from pathlib import Path

import nbformat
import nbval.plugin
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

from builder.chapters.markdown import read_text
from builder.quality.comparison import EXEMPT, other_decimals
from builder.quality.kernels import environment

ROOT = Path(__file__).resolve().parent.parent
UNANSWERED, CORRECT = "Replace ... with your answer.", "Correct!"

compare_masked, collect = IPyNbCell.compare_outputs, IPyNbFile.collect


def readers_kernel() -> str:
    """The kernel of an environment that holds the pinned TensorFlow, NumPy, Matplotlib and a kernel only."""
    return environment(ROOT, sys.executable, "pinned", (ROOT / "requirements.txt").read_text(encoding="utf-8"))


class KernelAlone(RunningKernel):
    """A kernel of an environment that holds what a reader has, in a folder of its own."""

    def __init__(self, kernel_name, cwd=None, **options):
        self.folder = tempfile.TemporaryDirectory()
        super().__init__(readers_kernel(), cwd=self.folder.name, **options)

    def stop(self):
        super().stop()
        left = sorted(path.name for path in Path(self.folder.name).iterdir())
        self.folder.cleanup()
        assert not left, f"The chapter leaves files behind: {left}"


class Solved(IPyNbCell):
    """An exercise with its solution pasted in."""

    def compare_outputs(self, test, ref, skip_compare=None):
        printed = "".join(output.get("text", "") for output in test)
        unanswered = "".join(output.get("text", "") for output in ref).strip()
        self.comparison_traceback = [f"The solution prints: {printed}", f"Without an answer: {unanswered}"]
        return printed.strip().endswith(CORRECT) and unanswered == UNANSWERED


def solved(notebook, cell):
    """The code of an exercise with the last collapsed solution before it pasted in."""
    before = [
        read_text(one.source) for one in notebook.cells[: notebook.cells.index(cell)] if one.cell_type == "markdown"
    ]
    answer = next((text.code_blocks[-1][1] for text in reversed(before) if text.collapsed), None)
    assert answer, f"{cell.id} has no collapsed solution before it"
    source, replaced = re.subn(r"^answer = \.\.\..*$", lambda _: answer, cell.source, flags=re.M)
    assert replaced == 1, f"{cell.id} has no line 'answer = ...'"
    return source


def collect_with_solutions(file):
    for item in collect(file):
        yield item
        if "exercise" in item.cell.metadata.get("tags", []):
            cell = copy.deepcopy(item.cell)
            cell.source = solved(file.nb, item.cell)
            yield Solved.from_parent(
                file, name=f"{item.name} solved", cell_num=item.cell_num, cell=cell, options=item.options
            )


def compare_outputs(cell, test, ref, skip_compare=None):
    if not compare_masked(cell, test, ref, skip_compare):
        return False
    if EXEMPT & set(cell.cell.metadata.get("tags", [])):
        return True
    recorded, new = ([nbformat.from_dict(output) for output in outputs] for outputs in (ref, test))
    cell.comparison_traceback = list(other_decimals(recorded, new))
    return not cell.comparison_traceback


def pytest_configure():
    IPyNbCell.compare_outputs, IPyNbFile.collect = compare_outputs, collect_with_solutions
    nbval.plugin.RunningKernel = KernelAlone
