"""Copies of the book to measure: its sources, and a stock Jupyter Book of the same notebooks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from ..chapters.book import Book
from ..editions.edition import Edition
from ..editions.write import write_editions
from ..messages import PRINTED, Refused

SOURCES = ("theme", "book", "live", "_config.yml", "_toc.yml", "requirements.txt")
STOCK = 'title: Stock\nauthor: ""\nlogo: ""\nexecute:\n  execute_notebooks: "off"\n'
JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", "-q"]


def seconds(command: list[str], folder: Path, **environment: str) -> float:
    """How long a program takes, with some variables of the environment set.

    Raises:
        Refused: it fails.
    """
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, **PRINTED, env={**os.environ, **environment})
    if done.returncode:
        raise Refused(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def stock_source(book: Book, folder: Path) -> Path:
    """The edition that names the anchors as a Jupyter Book without any settings of this one."""
    edition = Edition(book, book.anchor_language)
    if not edition.folder.is_dir():
        write_editions([edition])
    leave_out = shutil.ignore_patterns("notebooks", "theme", "_config.yml", "_build")
    shutil.copytree(edition.folder, folder, ignore=leave_out)
    (folder / "_config.yml").write_text(STOCK)
    return folder


def copy_sources(root: Path, folder: Path) -> Path:
    """Copy the book, without what was built and without the programs."""
    folder.mkdir(parents=True)
    for name in SOURCES:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        elif source.exists():
            shutil.copy(source, folder / name)
    return folder
