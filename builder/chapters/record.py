"""Execute chapters again in a clean kernel and record their outputs."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from ..files import write
from ..messages import Refused
from .notebook import normalise, read_notebook, write_notebook

# TensorFlow announces its CPU features on stderr, and nbval compares stderr.
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}

SECONDS = 600  # how long a cell may take


def execute(
    notebook: nbformat.NotebookNode, folder: Path, kernel: str = "python3", on_cell_start: Callable | None = None
) -> None:
    """Run every cell of ``notebook`` in a new kernel whose working directory is ``folder``.

    In a virtual environment, the kernel ``python3`` is the environment's own. ``on_cell_start`` is called with each ``cell``
    and its ``cell_index``.
    """
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name=kernel,
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": str(folder)}},
        coalesce_streams=True,
        record_timing=False,
        on_cell_start=on_cell_start,
    )
    try:
        client.execute(env={**os.environ, **QUIET})
    finally:
        atexit.unregister(
            client._cleanup_kernel
        )  # nbclient leaves it behind when a kernel does not start; it would fail


def record(path: Path) -> bool:
    """Execute and rewrite the notebook at ``path``; return whether the file changed.

    Raises:
        Refused: the file is not a notebook, one of its cells failed, or the file was changed meanwhile; it stays as it is.
    """
    try:
        before = path.read_bytes()
        notebook = read_notebook(before)
    except FileNotFoundError:
        raise Refused(f"{path}: no such notebook. Chapters are the files book/*.ipynb.") from None
    except ValueError as error:
        raise Refused(f"{path}: not a readable notebook ({error}). 'git diff' shows what was changed.") from None
    where = ""

    def begin(cell: nbformat.NotebookNode, cell_index: int) -> None:
        nonlocal where
        where = f"cell {cell_index + 1} ({cell.id})"

    def refused(what: str, remedy: str) -> Refused:
        return Refused(f"{path}: {what}\n  {remedy} The recorded file is unchanged.")

    try:
        execute(notebook, path.parent, on_cell_start=begin)
    except CellExecutionError as error:
        what = f"{where} raised {error.ename}: {error.evalue}"
        raise refused(what, "Mend the cell, or show the error on purpose with try/except and print.") from None
    except CellTimeoutError:
        what = f"{where} did not end within {SECONDS} seconds"
        raise refused(what, "Mend a loop that does not end, or let the cell do less.") from None
    except Exception as error:  # a DeadKernelError is a RuntimeError; a kernel that does not start raises many kinds
        if where and not isinstance(error, RuntimeError):
            raise
        what = f"the kernel died in {where}" if where else f"the kernel did not start ({error})"
        raise refused(
            what, "Is memory left on this machine? A cell that ends Python itself has to be mended."
        ) from None
    after = write_notebook(normalise(notebook))
    if not path.is_file() or path.read_bytes() != before:
        raise Refused(f"{path}: was changed while it was recorded.\n  Your change is kept; record it again.")
    write(path, after)
    return after != before
