"""The code of the cells."""

from __future__ import annotations

import ast
import re
import sys
import warnings
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


# Lines that only IPython understands, and those of them that a chapter may have: they are for the display of a notebook.
MAGIC = re.compile(r"^[%!].*", re.M)
ALLOWED_MAGIC = re.compile(r"%(?:config|matplotlib)\b")


def tree_of(source: str) -> ast.Module:
    """Python as a tree.

    Raises:
        SyntaxError: it is no Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a backslash in a string, which Python tells when the cell runs
        try:
            return ast.parse(source)
        except (ValueError, MemoryError, RecursionError) as error:  # a null byte; too many brackets
            raise SyntaxError(str(error) or type(error).__name__) from None


@cache
def parsed(source: str) -> tuple[ast.Module, tuple[str, ...]]:
    """The code of a cell, and the lines of it that only IPython understands, which the code is without.

    Raises:
        SyntaxError: it is no Python.
    """
    try:
        return tree_of(source), ()  # a line of a string may begin with %
    except SyntaxError:
        return tree_of(MAGIC.sub("", source)), tuple(MAGIC.findall(source))


@cache
def nodes(source: str) -> tuple[ast.AST, ...]:
    """What the code of a cell is made of; nothing when it is no Python."""
    try:
        return tuple(ast.walk(parsed(source)[0]))
    except SyntaxError:
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


def no_python(source: str) -> str:
    """Why code is no Python, with its line; nothing when it is."""
    try:
        parsed(source)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}" if error.lineno else str(error.msg)
    return ""


@rule("cell")
def code_is_python(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """The code of a cell is Python; of IPython's own lines it has `%config` and `%matplotlib` only."""
    if not cell.is_code:
        return
    wrong = no_python(cell.source)
    for line in MAGIC.findall(cell.source) if wrong else parsed(cell.source)[1]:
        if not ALLOWED_MAGIC.match(line):
            what = f"has a line that only a notebook understands, '{line[:40]}'"
            yield Problem(chapter.where(cell), what, "Leave it out: a reader has the packages, and a cell is Python.")
    if wrong:
        remedy = "Mend it; show an error of syntax on purpose with compile(…) within try and except."
        yield Problem(chapter.where(cell), f"is no Python: {wrong}", remedy)


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
