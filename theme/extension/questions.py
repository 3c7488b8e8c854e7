"""Questions: each entry of the page of frequent questions is a card that begins with the sentence that answers."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

PAGE = "faq"
SHORT = 25  # letters of an answer, such as "No.", that needs the next sentence
END = re.compile(r"[.!?](?=\s)")


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", make_cards)


def make_cards(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html" or docname != PAGE:
        return
    for section in doctree.findall(nodes.section):
        title, *rest = section.children
        inner = isinstance(section.parent.parent, nodes.section)  # a question stands in a part, and this in the page
        if inner and rest and isinstance(rest[0], nodes.paragraph):
            section["classes"].append("question")
            part_answer(rest[0])


def part_answer(paragraph: nodes.paragraph) -> None:
    """Make of its first sentence a paragraph of its own, before the rest."""
    paragraph["classes"].append("answer-first")
    letters = 0
    for place, child in enumerate(paragraph.children):
        ends = END.finditer(child.astext()) if isinstance(child, nodes.Text) else ()
        end = next((found.end() for found in ends if letters + found.end() >= SHORT), None)
        letters += len(child.astext())
        if end is None:
            continue
        rest = nodes.paragraph("", "", nodes.Text(child.astext()[end:].lstrip()), *paragraph.children[place + 1 :])
        paragraph.children[place:] = [nodes.Text(child.astext()[:end])]
        paragraph.setup_child(paragraph[-1])
        if rest.astext().strip():
            paragraph.parent.insert(paragraph.parent.index(paragraph) + 1, rest)
        return
