"""Execute chapters again in a clean kernel and record their outputs."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from ..files import write
from ..messages import Refused
from .notebook import normalise, read_notebook, write_notebook

# TensorFlow announces its CPU features on stderr, and nbval compares stderr.
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}

SECONDS = 600  # how long a cell may take


def execute(notebook: nbformat.NotebookNode, folder: Path, kernel: str = "python3") -> None:
    """Run every cell of ``notebook`` in a new kernel whose working directory is ``folder``.

    In a virtual environment, the kernel ``python3`` is the environment's own.
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
    )
    client.execute(env={**os.environ, **QUIET})


def record(path: Path) -> bool:
    """Execute and rewrite the notebook at ``path``; return whether the file changed.

    Raises:
        Refused: the file is not a notebook, or one of its cells failed; the file is unchanged.
    """
    try:
        before = path.read_bytes()
        notebook = read_notebook(before)
    except FileNotFoundError:
        raise Refused(f"{path}: no such notebook. Chapters are the files book/*.ipynb.") from None
    except ValueError as error:
        raise Refused(f"{path}: not a readable notebook ({error}). 'git diff' shows what was changed.") from None
    try:
        execute(notebook, path.parent)
    except CellExecutionError as error:
        code = [(number, cell) for number, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
        number, cell = max(code, key=lambda place: place[1].execution_count or 0)
        raise Refused(
            f"{path}: cell {number} ({cell.id}) raised {error.ename}: {error.evalue}\n"
            "  Mend the cell, or show the error on purpose with try/except and print. The recorded file is unchanged."
        ) from None
    except (CellTimeoutError, DeadKernelError) as error:
        raise Refused(f"{path}: {error}. The recorded file is unchanged.") from None
    after = write_notebook(normalise(notebook))
    write(path, after)
    return after != before
