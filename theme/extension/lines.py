"""Lines: where a line of a page may break, and where it must not."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

CARD = 80  # columns of code in a card on a wide screen: what an output has more is read on in the next line


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", keep_together)


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
        is_output = block.get("language") == "myst-ansi"
        if is_output and max(map(len, block.astext().splitlines()), default=0) > CARD:
            block["classes"].append("long-lines")
