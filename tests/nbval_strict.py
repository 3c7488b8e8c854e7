"""A pytest plug-in for `make test` and `make matrix`: one run of a chapter proves what readers of all its forms rely on.

The code runs alone, as in the notebook that a reader downloads: in an empty folder that stays empty, with the pinned
TensorFlow, NumPy and Matplotlib and nothing else, or with those of ``--nbval-kernel-name``. nbval compares decimals too, with
a tolerance (see builder/chapters/comparison.py). Behind each exercise its solution is pasted in, and has to be right. Where the
page says whether an answer is too small or too large, the cell has to say the same.
"""

import copy
import re
import sys
import tempfile
from pathlib import Path
from textwrap import indent

from builder.site import fast_start

fast_start.skip_packages()  # this plug-in is loaded before conftest.py

import nbformat
import nbval.plugin
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

from builder.chapters.comparison import EXEMPT, other_decimals
from builder.chapters.markdown import read_text
from builder.quality.kernels import environment
from theme.extension.answers import read_exercise

ROOT = Path(__file__).resolve().parent.parent
UNANSWERED, CORRECT = "Replace ... with your answer.", "Correct!"

compare_masked, collect = IPyNbCell.compare_outputs, IPyNbFile.collect


def readers_kernel() -> str:
    """The kernel of an environment that holds the pinned TensorFlow, NumPy, Matplotlib and a kernel only."""
    return environment(ROOT, sys.executable, "pinned", (ROOT / "requirements.txt").read_text(encoding="utf-8"))


class KernelAlone(RunningKernel):
    """A kernel of an environment that holds what a reader has, in a folder of its own."""

    chosen: str | None = None  # that of --nbval-kernel-name

    def __init__(self, kernel_name, cwd=None, **options):
        self.folder = tempfile.TemporaryDirectory()
        super().__init__(self.chosen or readers_kernel(), cwd=self.folder.name, **options)

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


class Refused(IPyNbCell):
    """An exercise with a wrong answer pasted in, of which the page would say what ``hint`` is."""

    hint = ""

    def compare_outputs(self, test, ref, skip_compare=None):
        printed = "".join(output.get("text", "") for output in test)
        self.comparison_traceback = [f"The cell says: {printed}", f"The page says: {self.hint}"]
        return printed.strip() == self.hint


def solution(notebook, cell):
    """The last collapsed solution before an exercise."""
    before = [
        read_text(one.source) for one in notebook.cells[: notebook.cells.index(cell)] if one.cell_type == "markdown"
    ]
    answer = next((text.code_blocks[-1][1] for text in reversed(before) if text.collapsed), None)
    assert answer, f"{cell.id} has no collapsed solution before it"
    return answer


def solved(notebook, cell):
    """The code of an exercise with its solution pasted in."""
    return pasted(cell, solution(notebook, cell))


def pasted(cell, answer):
    source, replaced = re.subn(r"^answer = \.\.\..*$", lambda _: answer, cell.source, flags=re.M)
    assert replaced == 1, f"{cell.id} has no line 'answer = ...'"
    return source


def collect_with_solutions(file):
    for item in collect(file):
        yield item
        if "exercise" not in item.cell.metadata.get("tags", []):
            continue

        def another(kind, name, source, item=item):
            cell = copy.deepcopy(item.cell)
            cell.source = source
            name = f"{item.name} {name}"
            return kind.from_parent(file, name=name, cell_num=item.cell_num, cell=cell, options=item.options)

        yield another(Solved, "solved", solved(file.nb, item.cell))
        exercise = read_exercise(solution(file.nb, item.cell), item.cell.source) or {"hints": []}
        for side, hint in exercise["hints"]:
            if side in ("below", "above"):
                sign, key = (-1 if side == "below" else 1), exercise["key"]
                wrong = pasted(item.cell, f"answer = {key + sign * (1 if isinstance(key, int) else key / 10)}")
                source = f"try:\n{indent(wrong, '    ')}\nexcept AssertionError as told:\n    print(told)"
                refused = another(Refused, side, source)
                refused.hint = hint
                yield refused


def compare_outputs(cell, test, ref, skip_compare=None):
    if not compare_masked(cell, test, ref, skip_compare):
        return False
    if EXEMPT & set(cell.cell.metadata.get("tags", [])):
        return True
    recorded, new = ([nbformat.from_dict(output) for output in outputs] for outputs in (ref, test))
    cell.comparison_traceback = list(other_decimals(recorded, new))
    return not cell.comparison_traceback


def pytest_configure(config):
    KernelAlone.chosen = config.getoption("nbval_kernel_name")
    IPyNbCell.compare_outputs, IPyNbFile.collect = compare_outputs, collect_with_solutions
    nbval.plugin.RunningKernel = KernelAlone
