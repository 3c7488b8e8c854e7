"""The code of the cells."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter
from .languages import HANGUL
from .registry import rule

PACKAGES = {"keras", "tensorflow", "numpy", "matplotlib"}
COLUMNS = 80
LINES = 30

WRITING = {"save", "savez", "savetxt", "savefig", "write", "to_json", "write_text", "write_bytes", "save_weights", "urlopen",
           "urlretrieve", "get_file", "load_data", "loadtxt", "genfromtxt"}  # fmt: skip


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    """What the code of a cell is made of, without lines of IPython's magic; nothing when it is no Python."""
    try:
        return tuple(ast.walk(ast.parse(re.sub(r"^[%!].*", "", source, flags=re.M))))
    except (SyntaxError, ValueError):  # also a null byte
        return ()


def modules(source: str) -> Iterator[str]:
    """The packages that code imports."""
    for node in nodes(source):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    """(name of what is called, without what stands before the dot; the call)."""
    for node in nodes(source):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", "")), node


@rule("cell")
def only_three_packages(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Code imports TensorFlow with Keras, NumPy, Matplotlib and Python's standard library, so that it runs everywhere."""
    for module in modules(cell.source) if cell.is_code else ():
        if module not in PACKAGES | sys.stdlib_module_names:
            remedy = "Do without it: a reader has TensorFlow, NumPy and Matplotlib only."
            yield Problem(chapter.where(cell), f"imports {module or 'from a neighbouring file'}", remedy)


@rule("cell")
def lines_fit(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A line of code has at most 80 columns, in cells and in code blocks of texts."""
    blocks = [cell.source] if cell.is_code else [text for _, text in cell.text.code_blocks] if cell.is_markdown else []
    for line in (line for block in blocks for line in block.splitlines() if "data" not in cell.tags):
        if len(line) > COLUMNS:
            what = f"a code line has {len(line)} columns: {line.strip()[:30]}…"
            yield Problem(chapter.where(cell), what, f"Break it: a screen shows {COLUMNS}.")


@rule("cell")
def cells_are_short(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A code cell has at most 30 lines, unless it holds data."""
    lines = len(cell.source.splitlines())
    if cell.is_code and lines > LINES and "data" not in cell.tags:
        yield Problem(chapter.where(cell), f"has {lines} lines", "Divide it, with a sentence between.")


@rule("cell")
def comments_are_english(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Comments in code are English: all editions share the code."""
    for line in cell.source.splitlines() if cell.is_code else ():
        comment = line.partition("#")[2]
        if HANGUL.search(comment) and not re.search(r"[\"'][^\"']*#", line):
            yield Problem(chapter.where(cell), f"has a Korean comment: {comment.strip()[:30]}", "Write it in English.")


@rule("cell")
def no_files(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Code reads and writes no file outside a temporary folder, and downloads nothing."""
    writes = cell.is_code and "tempfile" not in cell.source and "folder" not in cell.source
    for name, call in calls(cell.source) if writes else ():
        if name in WRITING if isinstance(call.func, ast.Attribute) else name == "open":
            yield Problem(chapter.where(cell), f"calls {name}", "Use a temporary folder (tempfile), and no network.")


@rule("chapter")
def chance_is_fixed(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """The first code cell of a chapter that uses Keras calls ``keras.utils.set_random_seed``."""
    code = [cell for cell in chapter.all_cells if cell.is_code]
    if any(re.search(r"\bkeras\.", cell.source) for cell in code) and "set_random_seed(" not in code[0].source:
        what = "does not call keras.utils.set_random_seed"
        yield Problem(chapter.where(code[0]), what, "Call it with 1: the recorded numbers have to come again.")


@rule("cell")
def training_is_tagged(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A cell that trains and prints a number carries the tag ``measured``: chance moves what it prints."""
    trains = cell.is_code and any(name in ("fit", "train_on_batch") for name, _ in calls(cell.source))
    printed = "".join(output.get("text", "") for output in cell.outputs)
    if trains and re.search(r"\d\.\d", printed) and not {"measured", "nbval-ignore-output"} & set(cell.tags):
        yield Problem(chapter.where(cell), "trains and prints decimals", "Tag it 'measured', and quote no lucky run.")
