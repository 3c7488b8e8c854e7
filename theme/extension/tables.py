"""Tables: whether a table is read row by row, so that a phone may set each row as a paragraph, or across, as a matrix.

A paragraph has no columns above it, so it names them itself, and says again what a row leaves blank because the row before
says it. Wide screens show neither.
"""

from __future__ import annotations

import re
from itertools import pairwise

from docutils import nodes
from sphinx.application import Sphinx

SHORT = 24  # letters of a cell that stands in a line of a phone together with others
LONG = 60  # letters of a cell that begins a line of its own below the name of its column
VALUE = re.compile(r"True|False|None|[-\d.]+")


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", sort, priority=700)  # behind landing, which makes a list of one


def sort(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give tables with sentences the class ``rows``, and their cells the names of their columns.

    Two columns, such as symbol and meaning, need none: their head stands once above all rows.
    """
    if app.builder.format != "html" or not app.config.book_edition:
        return
    for table in doctree.findall(nodes.table):
        head = next((row for part in table.findall(nodes.thead) for row in part), None)
        rows = [row for part in table.findall(nodes.tbody) for row in part]
        if head is None or all(length(cell) <= SHORT for row in rows for cell in row):
            continue
        table["classes"].append("rows")
        named = names(rows)
        if named:
            table["classes"].append("named")
        say_again(rows)
        if named and len(head) == 2:
            table["classes"].append("pairs")
            continue
        for place, name in list(enumerate(head))[named:]:
            for cell in (row[place] for row in rows if place < len(row)):
                if cell.astext() and name.astext():
                    words = [*name[0].deepcopy().children, nodes.Text(": ")]
                    classes = ["label", "above"] if length(cell) > LONG else ["label"]
                    cell[0].insert(0, nodes.inline("", "", *words, classes=classes))


def names(rows: list[nodes.row]) -> bool:
    """Whether the first cells name their rows: all are different, and none is a mere value."""
    first = [row[0].astext() for row in rows if row[0].astext()]
    return len(set(first)) == len(first) and not any(VALUE.fullmatch(text) for text in first)


def say_again(rows: list[nodes.row]) -> None:
    """Fill the blank cells at the start of a row with those of the row before."""
    for before, row in pairwise(rows):
        for above, cell in zip(before, row):
            if cell.astext():
                break
            cell.children = []
            cell += [child.deepcopy() for child in above]
            for child in cell:
                child["classes"].append("again")


def length(cell: nodes.Node) -> int:
    """About how many letters of it one sees."""
    typed = sum(len(node.astext()) for node in cell.findall(nodes.math))
    return len(cell.astext()) - typed + typed // 3
