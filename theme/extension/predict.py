"""Predict: what the page asks. Choice questions, and the switch with which a reader guesses shapes before seeing them.

The programs are in ``live/predict``; a book without them has plain lists and outputs, as a page without scripts has.
"""

from __future__ import annotations

import re
from html import escape

from docutils import nodes
from sphinx.application import Sphinx

from . import live
from .cells import cells, printed

# A line of an output in which a shape stands, such as ``y  shape (1, 4, 3)``; live/predict/shapes.js reads it.
SHAPE = re.compile(r"^[^()\[\]\n]{1,36} \((?:\d+,|\d+(?:, \d+)+)\)$", re.M)


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", mark_questions)
    app.connect("html-page-context", offer)


def present(app: Sphinx) -> bool:
    found = live.folder(app)
    return app.builder.format == "html" and found is not None and (found / "predict").is_dir()


def mark_questions(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put each choice question, with the cell that asserts its key, into an element of its own."""
    if not present(app):
        return
    for cell in cells(doctree):
        if "tag_choice" in cell["classes"]:
            mark(cell, page, live.address(app, "predict/choices.js"), live.words(app, "predict")["choices"]["cell"])


def mark(cell: nodes.container, page: str, program: str, summary: str) -> None:
    section = cell.parent
    end = section.index(cell)
    lists = [place for place in range(end) if isinstance(section[place], nodes.enumerated_list)]
    start = next(place for place in range(lists[-2], -1, -1) if begins_in_bold(section[place]))
    key = next(number for number, item in enumerate(section[lists[-1]], 1) if begins_in_bold(item[0]))
    name = f"{page}.{cell['cell_metadata']['name']}"
    data = {"id": name, "key": key, "program": program}
    attributes = "".join(f' data-{key}="{escape(str(value))}"' for key, value in data.items())
    # The cell is folded here, not by the program: a page that grows or shrinks later leads a reader astray.
    section.insert(end + 1, nodes.raw("", "</details></div><!-- choice -->", format="html"))
    section.insert(end, nodes.raw("", f'<details class="check"><summary>{escape(summary)}</summary>', format="html"))
    section.insert(start, nodes.raw("", f'<div class="choice"{attributes}>', format="html"))


def begins_in_bold(node: nodes.Node) -> bool:
    first = next((child for child in node.children if child.astext()), None)
    return isinstance(node, nodes.paragraph) and isinstance(first, nodes.strong)


def offer(app: Sphinx, page: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template what the programs need, and the switch where a cell prints shapes."""
    if not present(app) or doctree is None:
        return
    asking = [cell for cell in cells(doctree) if not {"tag_exercise", "tag_choice"} & set(cell["classes"])]
    context["predict"] = {
        "words": live.address(app, f"predict/words.{app.config.book_edition}.json"),
        "style": live.address(app, "predict/predict.css"),
        "reveal": live.address(app, "predict/reveal.js") if any(SHAPE.search(printed(cell)) for cell in asking) else "",
    }
