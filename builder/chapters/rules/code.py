"""The code of the cells."""

from __future__ import annotations

import ast
import contextlib
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from functools import cache

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter, parsed
from .languages import HANGUL
from .registry import rule

PACKAGES = {"keras", "tensorflow", "numpy", "matplotlib"}
COLUMNS = 80
LINES = 30

# What reads or writes files, or goes to the network: functions of these names, and methods.
WRITING = {"save", "savez", "savez_compressed", "savetxt", "savefig", "imsave", "write", "write_text", "write_bytes", "tofile", "to_json",
           "to_csv", "save_weights", "save_model", "export", "memmap", "mkdir", "makedirs", "touch", "rmtree", "copyfile", "unlink",
           "urlopen", "urlretrieve", "get_file", "load_data", "loadtxt", "genfromtxt", "fromfile", "load", "load_model", "load_weights",
           "imread", "read_text", "read_bytes", "system", "popen", "Popen", "open"}  # fmt: skip
# What gives a place that ends with the cell: in memory, or in a folder that is removed.
PASSING = {"tempfile", "BytesIO", "StringIO", "stdout"}
# Those of them that are known without a module or an object before the dot; a chapter may define a function ``write``.
BY_NAME = {"open", "urlopen", "urlretrieve", "get_file", "Popen"}
EXEMPT = {"measured", "nbval-ignore-output", "nbval-skip"}  # tags of cells whose numbers no test compares
SMALL = 2  # of these a chapter may have anyway


# Lines that only IPython understands, and those of them that a chapter may have: they are for the display of a notebook.
MAGIC = re.compile(r"^[%!].*", re.M)
ALLOWED_MAGIC = re.compile(r"%(?:config|matplotlib)\b")


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


def called(node: ast.AST) -> str:
    """The name of what a call calls, without what stands before the dot; empty for what is no call."""
    return getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""


def calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    """The calls in code, with their names."""
    return ((called(node), node) for node in nodes(source) if isinstance(node, ast.Call))


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
    for line in MAGIC.findall(cell.source) if wrong else parsed(cell.source)[2]:
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
    """A code cell has fewer than 30 lines, unless it holds data."""
    lines = len(cell.source.splitlines())
    if cell.is_code and lines >= LINES and "data" not in cell.tags:
        yield Problem(chapter.where(cell), f"has {lines} lines", "Divide it, with a sentence between.")


@cache
def comments(source: str) -> tuple[str, ...]:
    """The comments of the code of a cell."""
    found = []
    with contextlib.suppress(tokenize.TokenError, SyntaxError, ValueError):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                found.append(token.string.lstrip("# "))
    return tuple(found)


@rule("cell")
def comments_are_english(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Comments in code are English: all editions share the code."""
    for comment in comments(cell.source) if cell.is_code and HANGUL.search(cell.source) else ():
        if HANGUL.search(comment):
            yield Problem(chapter.where(cell), f"has a Korean comment: {comment[:30]}", "Write it in English.")


def used(node: ast.AST) -> set[str]:
    """The names and attributes in an expression."""
    return {getattr(part, "id", getattr(part, "attr", "")) for part in ast.walk(node)} - {""}


def bound(node: ast.AST) -> list[tuple[ast.expr, ast.expr]]:
    """(target, value) of a statement that gives names to values."""
    if isinstance(node, ast.Assign):
        return [(target, node.value) for target in node.targets]
    if isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value:
        return [(node.target, node.value)]
    if isinstance(node, (ast.For, ast.comprehension)):
        return [(node.target, node.iter)]
    if isinstance(node, ast.withitem) and node.optional_vars:
        return [(node.optional_vars, node.context_expr)]
    return []


def line_of(node: ast.AST) -> int:
    """In which line a part of code begins."""
    place = getattr(node, "context_expr", getattr(node, "iter", node))
    return getattr(place, "lineno", 0)


@rule("chapter")
def no_files(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Code reads and writes no file outside a temporary folder (`tempfile`), and downloads nothing."""
    passing = set(PASSING)
    for cell in chapter.all_cells:
        for node in sorted(nodes(cell.source), key=line_of) if cell.is_code else ():
            for target, value in bound(node):
                names = {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
                passing = passing | names if used(value) & passing else passing - (names - PASSING)
            known = WRITING if isinstance(getattr(node, "func", None), ast.Attribute) else BY_NAME
            if called(node) in known and not used(node) & passing:
                what = f"calls {called(node)}"
                yield Problem(chapter.where(cell), what, "Use a temporary folder (tempfile), and no network.")


@rule("chapter")
def chance_is_fixed(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """The first code cell of a chapter that uses Keras calls ``keras.utils.set_random_seed``."""
    code = [cell for cell in chapter.all_cells if cell.is_code]
    if any(re.search(r"\bkeras\.", cell.source) for cell in code) and "set_random_seed(" not in code[0].source:
        what = "does not call keras.utils.set_random_seed"
        yield Problem(chapter.where(code[0]), what, "Call it with 1: the recorded numbers have to come again.")


@cache
def training(chapter: Chapter) -> frozenset[int]:
    """The numbers of the cells that train, by themselves or by a function from above."""
    functions, found = {"fit", "train_on_batch"}, set()
    for cell in chapter.all_cells:
        if not cell.is_code:
            continue
        defined = [node for node in nodes(cell.source) if isinstance(node, ast.FunctionDef)]
        inside = {part for function in defined for part in ast.walk(function)}
        for function in defined:
            if any(called(call) in functions for call in ast.walk(function)):
                functions.add(function.name)
        if any(called(node) in functions for node in nodes(cell.source) if node not in inside):
            found.add(cell.number)
    return frozenset(found)


@rule("chapter")
def training_is_tagged(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A cell that trains, by itself or by a function from above, and prints decimals is tagged `measured`: chance moves them."""
    for cell in chapter.all_cells:
        printed = "".join(output.get("text", "") for output in cell.outputs)
        if cell.number in training(chapter) and re.search(r"\d\.\d", printed) and not EXEMPT & set(cell.tags):
            yield Problem(
                chapter.where(cell), "trains and prints decimals", "Tag it 'measured', and quote no lucky run."
            )


def not_compared(chapter: Chapter) -> list[Cell]:
    """The code cells of a chapter whose numbers no test compares; `make check` lists them."""
    return [cell for cell in chapter.all_cells if cell.is_code and EXEMPT & set(cell.tags)]


@rule("chapter")
def few_cells_are_exempt(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """At most a quarter of the code cells of a chapter carry `measured` or another tag for which no test compares numbers."""
    cells, all_cells = not_compared(chapter), sum(cell.is_code for cell in chapter.all_cells)
    if len(cells) > SMALL and len(cells) > all_cells / 4:
        what = f"{len(cells)} of {all_cells} code cells are tagged so that no test compares their numbers"
        yield Problem(chapter.where(cells[-1]), what, "Tag only those whose numbers chance moves.")
