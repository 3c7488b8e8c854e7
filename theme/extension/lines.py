"""Lines: where a line of a page may break, and where it must not."""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.application import Sphinx

CARD = 80  # columns of code in a card on a wide screen: what an output has more is read on in the next line

# Columns of an output on a phone, and up to how many more fit in smaller letters.
PHONE, SMALLER = 46, {"small": 51, "smaller": 57}


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", keep_together)
    app.connect("doctree-resolved", keep_hyphens)


def keep_together(app: Sphinx, doctree: nodes.document) -> None:
    """Mark what a line must not break: short code, short formulas, and both from the particle or comma behind them.

    Korean writes particles without a space, and a browser would let a line begin with one.
    """
    for node in doctree.findall(lambda node: isinstance(node, (nodes.literal, nodes.math))):
        if len(node.astext()) <= (20 if isinstance(node, nodes.literal) else 30):  # what fits a phone in any case
            node["classes"].append("short")
        behind = node.next_node(descend=False, siblings=True)
        in_prose = not isinstance(node.parent, nodes.title)
        if in_prose and isinstance(behind, nodes.Text) and not behind.astext()[:1].isspace():
            node.parent.replace(behind, nodes.Text("\N{WORD JOINER}" + behind.astext()))
    for block in doctree.findall(nodes.literal_block):
        if block.get("language") == "myst-ansi" and (kind := width(block.astext().splitlines())):
            block["classes"].append(kind)


def width(lines: list[str]) -> str:
    """The class of an output that has long lines: they read on in the next line, on a phone only, or get smaller letters."""
    widest = max(map(len, lines), default=0)
    if widest > CARD:
        return "long-lines"
    if widest > PHONE and all(is_sentence(line) for line in lines if len(line) > PHONE):
        return "sentences"
    return next((kind for kind, most in SMALLER.items() if PHONE < widest <= most), "")


def is_sentence(line: str) -> bool:
    """Whether a line is mostly words, with no columns that stand below those of other lines."""
    letters = sum(letter.isalpha() for letter in line)
    return not re.search(r"\S {2,}\S", line) and letters > len(line.replace(" ", "")) / 2


def whole(text: str) -> str:
    """A text in which no line ends within ``3-D``."""
    return re.sub(r"(?<=\d-)(?=D\b)", "\N{WORD JOINER}", text)


def keep_hyphens(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for text in list(doctree.findall(nodes.Text)):
        if isinstance(text.parent, (nodes.literal, nodes.literal_block, nodes.raw, nodes.math)):
            continue
        if (new := whole(text.astext())) != text.astext():
            text.parent.replace(text, nodes.Text(new))
