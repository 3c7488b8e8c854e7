"""Re-execute chapters in a clean kernel and record their outputs.

    python tools/record.py [CHAPTER ...]

A chapter is named by its file (``book/lstm.ipynb``) or by its stem (``lstm``); without a name all are
recorded. The notebook is replaced in one step and only after every cell has run, so an interrupted or
failing recording leaves the old file as it was.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from cell import read_notebook

ROOT = Path(__file__).resolve().parent.parent

# TensorFlow announces its CPU features on stderr, and nbval compares stderr.
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


class RecordError(Exception):
    """A chapter could not be recorded; the text says which cell and what to do."""


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop what differs between machines or runs and is not content; cell ids and tags stay."""
    notebook.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        cell.source = cell.source.replace("\r\n", "\n").strip("\n")
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = output.text.replace("\r\n", "\n")
    return notebook


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write ``notebook`` to ``path`` in one step: a full disk or a kill cannot leave half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(draft, "w", encoding="utf-8", newline="\n") as file:
            nbformat.write(notebook, file)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def execute(notebook: nbformat.NotebookNode, folder: Path, kernel: str = "python3") -> None:
    """Run every cell of ``notebook`` in a new kernel whose working directory is ``folder``.

    In a virtual environment, the kernel ``python3`` is the environment's own.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=600,
        kernel_name=kernel,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
        coalesce_streams=True,
        record_timing=False,
    )
    client.execute(env={**os.environ, **QUIET})


def record(path: Path) -> bool:
    """Execute and rewrite the notebook at ``path``; return whether the file changed.

    Raises:
        RecordError: the file is not a notebook, or one of its cells failed; the file is unchanged.
    """
    try:
        before = path.read_bytes()
        notebook = read_notebook(before)
    except FileNotFoundError:
        raise RecordError(f"{path}: no such notebook. Chapters are the files book/*.ipynb.") from None
    except ValueError as error:
        raise RecordError(f"{path}: not a readable notebook ({error}). 'git diff' shows what was changed.") from None
    try:
        execute(notebook, path.parent)
    except CellExecutionError as error:
        code = [(number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
        number, cell = max(code, key=lambda place: place[1].execution_count or 0)
        raise RecordError(
            f"{path}: cell {number} ({cell.id}) raised {error.ename}: {error.evalue}\n"
            "  Mend the cell, or show the error on purpose with try/except and print. The recorded file is unchanged."
        ) from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise RecordError(f"{path}: {error}. The recorded file is unchanged.") from None
    write(normalise(notebook), path)
    return path.read_bytes() != before


def main(names: list[str]) -> int:
    paths = [ROOT / "book" / f"{Path(name).stem}.ipynb" for name in names] or sorted((ROOT / "book").glob("*.ipynb"))
    failed = 0
    for path in paths:
        try:
            changed = record(path)
        except (RecordError, OSError) as error:
            print(error, file=sys.stderr)
            failed = 1
        else:
            print(f"{path.relative_to(ROOT)}: {'recorded' if changed else 'unchanged'}")
    return failed


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("Interrupted. The chapter that was running keeps its old outputs.")
