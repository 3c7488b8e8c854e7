"""Anchors: the names that lead to the sections of a page, the same in every language; and where links lead."""

from __future__ import annotations

import html

from docutils import nodes
from sphinx.application import Sphinx


def setup(app: Sphinx) -> None:
    app.add_config_value("book_anchor_language", "", "env")
    app.connect("doctree-read", name_anchors, priority=400)  # before Sphinx collects the tables of contents
    app.connect("doctree-read", lead_there)


def name_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Give the sections of a page the anchor names that the cut recorded, in order of appearance."""
    anchors = next(
        (f[1].astext().split() for f in doctree.findall(nodes.field) if f[0].astext() == "anchors"),
        None,
    )
    if anchors is None:
        return
    sections = list(doctree.findall(nodes.section))
    if len(sections) != len(anchors):
        raise ValueError(f"{app.env.docname}: {len(sections)} sections but {len(anchors)} anchors; run make site again")
    for section, anchor in zip(sections, anchors):
        section["ids"] = [anchor]
    # MyST resolves links such as lstm.ipynb#what-comes-back by this table of slug -> (line, id, title).
    app.env.metadata[app.env.docname]["myst_slugs"] = {
        anchor: (section.line, anchor, section[0].astext()) for section, anchor in zip(sections, anchors)
    }


def lead_there(app: Sphinx, doctree: nodes.document) -> None:
    """Let a link lead to its address: MyST writes & as &amp; there, and so does Sphinx when it writes the page."""
    for link in doctree.findall(nodes.reference):
        if "refuri" in link:
            link["refuri"] = html.unescape(link["refuri"])
