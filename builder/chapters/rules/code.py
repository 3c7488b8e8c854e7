"""The code of the cells."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter
from .registry import rule

PACKAGES = {"keras", "tensorflow", "numpy", "matplotlib"}


def modules(source: str) -> Iterator[str]:
    """The packages that code imports; lines of IPython's magic are not looked at."""
    try:
        tree = ast.parse(re.sub(r"^[%!].*", "", source, flags=re.M))
    except (SyntaxError, ValueError):  # also a null byte
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


@rule("cell")
def only_three_packages(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Code imports TensorFlow with Keras, NumPy, Matplotlib and Python's standard library, so that it runs everywhere."""
    for module in modules(cell.source) if cell.is_code else ():
        if module not in PACKAGES | sys.stdlib_module_names:
            remedy = "Do without it: a reader has TensorFlow, NumPy and Matplotlib only."
            yield Problem(chapter.where(cell), f"imports {module or 'from a neighbouring file'}", remedy)
