"""A chapter's file: reading and writing notebooks, and what a cell is."""

from __future__ import annotations

import ast
import json
import re
import warnings
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import PurePosixPath
from typing import Any

import nbformat
from nbformat.validator import get_validator

from .markdown import Text, comments, read_text, slug
from .plots import tidy

# What a plot shows, in a Markdown cell behind the code cell that draws it: <!-- plot alt: what it shows -->
PLOT_ALT = re.compile(r"<!--\s*plot alt:\s*(.*?)\s*-->", re.S)

# The colours of a terminal; and what else it takes for an order, or no program can write.
COLOUR = re.compile(r"\x1b\[[\d;]*m")
# Control characters, such of no width and of the direction, other ends of a line, private letters, syllables that show
# nothing, and the sign for a lost one.
NO_LETTER = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufeff\ufff9-\uffff"
    "\u034f\u115f\u1160\u180e\u3164\uffa0\U000e0000-\U0010ffff]"
)

WORD = re.compile(r"[^\W\d_]{2,}")

MAGIC = ("%", "!")  # how a line begins that only IPython understands

CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

SVG = "image/svg+xml"  # the kind of an output that is a plot

UNNAMED = "unnamed-"
DEEP = 40


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
def parsed(source: str) -> tuple[ast.Module, str, tuple[str, ...]]:
    """The code of a cell as a tree and as text, without the lines that only IPython understands, and these lines.

    Such a line is one at which Python stumbles: a line of a string may begin with ``%``, too.

    Raises:
        SyntaxError: it is no Python.
    """
    lines, magic = source.split("\n"), []
    while True:
        try:
            code = "\n".join(lines)
            return tree_of(code), code, tuple(magic)
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            if not (0 <= place < len(lines) and lines[place].startswith(MAGIC)):
                raise
            magic.append(lines[place])
            lines[place] = ""


def python(source: str) -> str:
    """The code of a cell without the lines that only IPython understands; what is no Python stays as it is."""
    try:
        return parsed(source)[1]
    except SyntaxError:
        return source


def read_notebook(content: bytes) -> nbformat.NotebookNode:
    """The notebook that a file holds.

    Colab keeps the ids of cells in their metadata and names an older form of notebooks; the ids are put back.

    Raises:
        ValueError: it is none; the text says why, in one line.
    """
    notebook = strict_json(content)
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise ValueError("it is not in form 4 of notebooks: 'nbformat' is not 4")
    if not isinstance(notebook.get("cells"), list) or not all(isinstance(cell, dict) for cell in notebook["cells"]):
        raise ValueError("it has no list of cells")
    notebook["nbformat_minor"] = 5
    name_cells(notebook["cells"])
    validator = get_validator(version=4, version_minor=5)
    if wrong := next(iter(validator.iter_errors(notebook)), None):
        raise ValueError(" ".join(wrong.message.removeprefix("data.").split())[:200])
    return nbformat.v4.reads(json.dumps(notebook))


def strict_json(content: bytes) -> Any:
    """What a JSON file holds, when every program reads it alike.

    Raises:
        ValueError: one does not; the text says why, in one line.
    """
    try:
        found = json.loads(content.decode("utf-8"))
        deep = deeper_than(DEEP, found)
    except RecursionError:
        deep = True
    if deep:
        raise ValueError("it has too many brackets within brackets")
    try:
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise ValueError("it holds half a letter, '\\ud800' to '\\udfff'") from None
    except ValueError:
        raise ValueError("it holds NaN or Infinity, which are no JSON") from None
    return found


def deeper_than(levels: int, whole: Any) -> bool:
    """Whether lists or mappings stand within each other so often that a program that follows them would be ended."""
    level = [whole]
    for _ in range(levels):
        parts = [part for part in level if isinstance(part, (dict, list))]
        children = [child for part in parts for child in (part.values() if isinstance(part, dict) else part)]
        level = list({id(child): child for child in children}.values())  # in YAML, a part can stand in many places
    return bool(level)


def name_cells(cells: list[dict[str, Any]]) -> None:
    """Give cells without an id the one in their metadata; one that nobody has named is called after its place."""
    for number, cell in enumerate(cells, 1):
        if "id" not in cell:
            metadata = cell.get("metadata")
            kept = metadata.get("id") if isinstance(metadata, dict) else None
            named = isinstance(kept, str) and CELL_ID.fullmatch(kept)
            cell["id"] = kept if named else f"{UNNAMED}{number}"


def without_colours(text: str) -> str:
    """What a cell has printed, without the colours of a terminal."""
    return COLOUR.sub("", text)


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop what differs between machines or runs and is not content; ids and tags of cells and the key figure stay."""
    figure = notebook.metadata.get("figure")
    notebook.metadata = nbformat.from_dict(METADATA | ({"figure": figure} if isinstance(figure, str) else {}))
    notebook.nbformat_minor = 5
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        cell.source = cell.source.replace("\r\n", "\n").strip("\n")
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = output.text.replace("\r\n", "\n")
            if isinstance(svg := output.get("data", {}).get(SVG), str):
                output.data[SVG] = tidy(svg)
            if "metadata" in output:
                output.metadata = nbformat.from_dict(sizes(output.metadata))
    return notebook


def sizes(metadata: dict[str, Any]) -> dict[str, Any]:
    """What the metadata of an output says of the size at which its picture is shown."""
    size = metadata.get("image/png")
    size = (
        {key: size[key] for key in ("height", "width") if type(size.get(key)) is int} if isinstance(size, dict) else {}
    )
    return {"image/png": size} if size else {}


def write_notebook(notebook: nbformat.NotebookNode) -> bytes:
    """The content of the file of a notebook."""
    return nbformat.v4.writes(notebook).encode() + b"\n"


@dataclass(frozen=True, eq=False)
class Cell:
    """A cell of a chapter.

    Attributes:
        number: its place in the chapter, counted from 1 as messages count.
        node: what nbformat has read; whoever changes it copies it first.
    """

    number: int
    node: nbformat.NotebookNode

    @property
    def id(self) -> str:
        return self.node.id

    @property
    def source(self) -> str:
        return self.node.source

    @property
    def outputs(self) -> list[nbformat.NotebookNode]:
        """What a code cell has put out; nothing for another cell."""
        return self.node.get("outputs", [])

    @property
    def is_markdown(self) -> bool:
        return self.node.cell_type == "markdown"

    @property
    def is_code(self) -> bool:
        return self.node.cell_type == "code"

    @property
    def tags(self) -> list[str]:
        return self.node.metadata.get("tags", [])

    @property
    def language(self) -> str | None:
        """The code of the language in its tag; None for a cell of all editions."""
        return next((tag[5:] for tag in self.tags if tag.startswith("lang-")), None)

    @property
    def text(self) -> Text:
        """What the text of a Markdown cell is made of."""
        return read_text(self.source)

    @property
    def plots(self) -> list[nbformat.NotebookNode]:
        """Those of its outputs that are pictures."""
        return [output for output in self.outputs if any(kind.startswith("image/") for kind in output.get("data", {}))]

    @property
    def draws(self) -> bool:
        """Whether its outputs hold a plot."""
        return bool(self.plots)

    @property
    def plot_width(self) -> dict[str, str]:
        """The width at which a plot of double density is meant to be shown."""
        found = [sizes(output.metadata).get("image/png", {}) for output in self.plots]
        return next(({"width": f"{size['width']}px"} for size in found if "width" in size), {})

    @property
    def printed(self) -> list[str]:
        """What it has put out in letters, output by output; an empty one where that is nothing."""
        return [
            without_colours(
                output.get("text") or output.get("data", {}).get("text/plain") or "\n".join(output.get("traceback", []))
            )
            for output in self.outputs
        ]

    @property
    def plot_alts(self) -> list[str]:
        """The alt texts of plots that a Markdown cell holds in comments."""
        found = [PLOT_ALT.fullmatch(comment) for comment in comments(self.source)]
        return [match[1] for match in found if match]


@dataclass(frozen=True, eq=False)
class Chapter:
    """A chapter in all its languages.

    Attributes:
        name: that of its file and of its page, ``lstm``.
        notebook: what nbformat has read; whoever changes it copies it first.
        anchor_language: code of the language whose headings name the anchors.
    """

    name: str
    notebook: nbformat.NotebookNode
    anchor_language: str

    @property
    def file(self) -> str:
        """Its path below the root of the book, for messages."""
        return f"book/{self.name}.ipynb"

    @cached_property
    def all_cells(self) -> tuple[Cell, ...]:
        return tuple(Cell(number, node) for number, node in enumerate(self.notebook.cells, 1))

    def cells(self, language: str) -> list[Cell]:
        """The cells of the edition in a language: all code, and the texts in it or for all languages."""
        return [cell for cell in self.all_cells if not cell.is_markdown or cell.language in (None, language)]

    def texts(self, language: str) -> list[Cell]:
        """The Markdown cells of the edition in a language."""
        return [cell for cell in self.cells(language) if cell.is_markdown]

    def headings(self, language: str) -> list[tuple[int, str]]:
        """(level, text) of each heading of the edition in a language."""
        return [(level, heading) for _, level, heading in self.placed_headings(language)]

    def placed_headings(self, language: str) -> list[tuple[Cell, int, str]]:
        """(cell, level, text) of each heading of the edition in a language."""
        return [(cell, *heading) for cell in self.texts(language) for heading in cell.text.headings]

    @property
    def key_figure(self) -> str:
        """The source of the figure that stands for the chapter, ``images/lstm-cell.svg``; empty for one without figures.

        The metadata of the notebook name it, else it is the first.
        """
        shown = [source for cell in self.texts(self.anchor_language) for source in cell.text.figures]
        named = [source for source in shown if PurePosixPath(source).stem == self.notebook.metadata.get("figure")]
        return next(iter(named + shown), "")

    @property
    def minutes(self) -> int:
        """How long working through it takes, estimated and rounded to five minutes: the same in every language.

        200 words of text a minute, 4 seconds for a line of code, 3 minutes for an exercise.
        """
        read = [cell for cell in self.all_cells if cell.is_code and not {"exercise", "choice", "data"} & set(cell.tags)]
        lines = sum(bool(line.strip()) for cell in read for line in cell.source.splitlines())
        words = sum(len(WORD.findall(cell.source)) for cell in self.texts(self.anchor_language))
        exercises = sum("exercise" in cell.tags for cell in self.all_cells)
        return max(5, 5 * round((words / 200 + lines / 15 + exercises * 3) / 5))

    @property
    def formulas(self) -> list[tuple[str, bool]]:
        """Each formula as it was typed, and whether it is a display."""
        return [formula for cell in self.all_cells if cell.is_markdown for formula in cell.text.tex]

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """The anchors of its headings, in order; the same in all editions."""
        return tuple(slug(heading) for _, heading in self.headings(self.anchor_language))

    def plot_alt(self, cell: Cell, language: str) -> str:
        """The alt text, in a language, of the plot that a cell draws; empty when there is none."""
        for behind in self.all_cells[cell.number :]:
            if not behind.is_markdown:
                break
            if behind.language in (None, language) and behind.plot_alts:
                return behind.plot_alts[0]
        return ""

    def where(self, cell: Cell) -> str:
        """The place of a cell, as messages name it."""
        return f"{self.file}, cell {cell.number} ({cell.id})"
