"""What training results chance moves: every number of the cells tagged ``measured``, over seeds 1 to 5."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError

from ..chapters.record import execute
from ..messages import Refused

NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")


def measured(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells of a chapter whose numbers chance moves, tagged 'measured'."""
    return [cell for cell in notebook.cells if "measured" in cell.metadata.get("tags", [])]


def reseed(notebook: nbformat.NotebookNode, seed: int) -> int:
    """Let a chapter draw other random numbers; return how many places were changed."""
    changed = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source, count = re.subn(r"(set_random_seed\(|^seed = )\d+", rf"\g<1>{seed}", cell.source, flags=re.M)
            changed += count
    return changed


# What a chapter says of runs that it leaves out to be short: chapter -> code that is run behind its own.
LEFT_OUT = {
    "long_term": """
keras.utils.set_random_seed(1)
x_train, y_train = subtraction_problem(5000, 40)
x_test, y_test = subtraction_problem(1000, 40)
for units, rate, epochs in ((32, 0.002, 30), (64, 0.01, 12)):
    model, _, _ = train([keras.layers.SimpleRNN(units)], x_train, y_train, rate=rate, epochs=epochs)
    test_error = np.mean((np.asarray(model(x_test)) - y_test) ** 2)
    print(f"SimpleRNN({units})  T=40  {epochs} epochs  test MSE {test_error:.4f}")
"""
}


def print_seeds(root: Path, work: Path) -> None:
    """Run each chapter that has such cells five times, and print their numbers side by side.

    Raises:
        Refused: a cell failed.
    """
    print("\n| measured | seeds 1 to 5 |\n|---|---|")
    for path in sorted((root / "book").glob("*.ipynb")):
        found: dict[str, list[str]] = {}
        for seed in range(1, 6):
            notebook = nbformat.read(path, as_version=4)
            if path.stem in LEFT_OUT:
                tagged = {"tags": ["measured"]}
                notebook.cells.append(nbformat.v4.new_code_cell(LEFT_OUT[path.stem], id="left-out", metadata=tagged))
            cells = measured(notebook)
            if not cells:
                break
            reseed(notebook, seed)
            try:
                execute(notebook, work)
            except CellExecutionError as error:
                what = f"with seed {seed} a cell raised {error.ename}: {error.evalue}"
                raise Refused(
                    f"book/{path.name}: {what}\n  Mend it, so that 'make record' records the chapter."
                ) from None
            for cell in cells:
                for line in "".join(output.get("text", "") for output in cell.outputs).splitlines():
                    if values := NUMBER.findall(line):
                        found.setdefault(f"{path.stem}, {cell.id}: {NUMBER.sub('#', line)}", []).append(
                            ", ".join(values)
                        )
        for what, values in found.items():
            print(f"| {what} | {' / '.join(values)} |", flush=True)
