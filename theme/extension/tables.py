"""Tables: whether a table is read row by row, so that a phone may set each row as a paragraph, or across, as a matrix."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

SHORT = 24  # letters of a cell that stands in a line of a phone together with others


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", sort, priority=700)  # behind landing, which makes a list of one


def sort(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give tables with sentences the class ``rows``, and short cells behind the second column the name of their column."""
    if app.builder.format != "html" or not app.config.book_edition:
        return
    for table in doctree.findall(nodes.table):
        head = next((row for part in table.findall(nodes.thead) for row in part), None)
        rows = [row for part in table.findall(nodes.tbody) for row in part]
        if head is None or all(length(cell) <= SHORT for row in rows for cell in row):
            continue
        table["classes"].append("rows")
        for place, name in list(enumerate(head))[2:]:
            cells = [row[place] for row in rows if place < len(row)]
            if max(map(length, cells), default=0) <= SHORT:
                for cell in cells:
                    if cell.children and cell.astext():
                        cell[0].insert(0, nodes.inline("", f"{name.astext()}: ", classes=["label"]))


def length(cell: nodes.Node) -> int:
    """About how many letters of it one sees."""
    typed = sum(len(node.astext()) for node in cell.findall(nodes.math))
    return len(cell.astext()) - typed + typed // 3
