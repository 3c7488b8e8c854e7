"""A chapter's file: reading and writing notebooks, and what a cell is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import nbformat

from .markdown import Text, read_text, slug

# What a plot shows, in a Markdown cell behind the code cell that draws it: <!-- plot alt: what it shows -->
PLOT_ALT = re.compile(r"<!--\s*plot alt:\s*(.*?)\s*-->", re.S)

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read_notebook(content: bytes) -> nbformat.NotebookNode:
    """The notebook that a file holds.

    Raises:
        ValueError: it is none; the text says why, in one line.
    """
    try:
        notebook = nbformat.v4.reads(content.decode("utf-8"))
        nbformat.validate(notebook)
    except (ValueError, TypeError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise ValueError(str(error).splitlines()[0]) from None
    return notebook


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Drop what differs between machines or runs and is not content; cell ids and tags stay."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        cell.source = cell.source.replace("\r\n", "\n").strip("\n")
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = output.text.replace("\r\n", "\n")
    return notebook


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
    def draws(self) -> bool:
        """Whether its outputs hold a plot."""
        return any("image/png" in output.get("data", {}) for output in self.outputs)

    @property
    def plot_width(self) -> dict[str, str]:
        """The width at which a plot of double density is meant to be shown."""
        sizes = [output.get("metadata", {}).get("image/png", {}) for output in self.outputs]
        return next(({"width": f"{size['width']}px"} for size in sizes if "width" in size), {})


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
        return [heading for cell in self.texts(language) for heading in cell.text.headings]

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """The anchors of its headings, in order; the same in all editions."""
        return tuple(slug(heading) for _, heading in self.headings(self.anchor_language))

    def plot_alt(self, cell: Cell, language: str) -> str:
        """The alt text, in a language, of the plot that a cell draws; empty when there is none."""
        for behind in self.all_cells[cell.number :]:
            if not behind.is_markdown:
                break
            if behind.language in (None, language) and (match := PLOT_ALT.search(behind.source)):
                return match[1]
        return ""

    def where(self, cell: Cell) -> str:
        """The place of a cell, as messages name it."""
        return f"{self.file}, cell {cell.number} ({cell.id})"
