"""Figures: a picture with its caption, and its size so that the page does not jump when it arrives."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from html import escape
from pathlib import Path
from urllib.parse import quote

from docutils import nodes
from markdown_it.tree import SyntaxTreeNode
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

SVG_SIZE = re.compile(r'<svg [^>]*?width="(\d+)" height="(\d+)"')


def setup(app: Sphinx) -> None:
    # A caption says what to see; a number would change with every figure added. Jupyter Book insists on numbers.
    app.connect("config-inited", lambda app, config: setattr(config, "numfig", False), priority=900)
    app.connect("doctree-read", make_figures)
    DocutilsRenderer.renderInlineAsText = letters
    app.add_node(nodes.image, override=True, html=(write_image, lambda writer, node: None))


def letters(renderer: DocutilsRenderer, tokens: Iterable[SyntaxTreeNode]) -> str:
    """The letters of an alt text; MyST's own function leaves out escaped ones, entities, and the space of a new line."""
    found = {
        "softbreak": lambda token: " ",
        "text": lambda token: token.content,
        "text_special": lambda token: token.content,
    }
    return "".join(
        found.get(token.type, lambda token: letters(renderer, token.children or []))(token) for token in tokens
    )


def make_figures(app: Sphinx, doctree: nodes.document) -> None:
    """Make a figure of a picture and the paragraph in emphasis behind it, its caption."""
    for paragraph in list(doctree.findall(nodes.paragraph)):
        image = paragraph[0] if len(paragraph) == 1 else None
        if not isinstance(image, nodes.image):
            continue
        figure = nodes.figure("", image, ids=[name(image["uri"])])
        caption = paragraph.next_node(nodes.paragraph, descend=False, siblings=True)
        if caption is not None and len(caption) == 1 and isinstance(caption[0], nodes.emphasis):
            figure += nodes.caption("", "", *caption[0].children)
            caption.parent.remove(caption)
        paragraph.replace_self(figure)


def name(uri: str) -> str:
    """The anchor of a figure: ``images/lstm/cell.svg`` -> ``figure-lstm-cell``."""
    folder, *parts = Path(uri).with_suffix("").parts
    return "-".join(["figure", *(parts if folder == "images" else parts[-1:])])


def size(path: Path) -> tuple[int, int]:
    """Width and height of a picture in pixels; zeros when it does not say."""
    if path.suffix == ".svg":
        found = SVG_SIZE.search(path.read_text("utf-8"))
        return (int(found[1]), int(found[2])) if found else (0, 0)
    return struct.unpack(">II", path.read_bytes()[16:24])  # where a PNG keeps it


def views(app: Sphinx, image: nodes.image) -> set[str]:
    """The parts of a picture that have names, by which it can be shown cut to them: ``book-map.svg#lstm``."""
    path = Path(app.srcdir, image["uri"])
    return set(re.findall(r'<view id="([^"]+)"', path.read_text("utf-8"))) if path.suffix == ".svg" else set()


def write_image(writer: HTML5Translator, node: nodes.image) -> None:
    """Write a picture with its size, so that the page keeps its place free, and let it wait until it is nearly in view."""
    if node["uri"] not in writer.builder.images:  # that of another site, or a missing one, of which Sphinx has warned
        HTML5Translator.visit_image(writer, node)
        return
    width, height = size(Path(writer.builder.srcdir, node["uri"]))
    if "width" in node:  # a plot of double density
        shown = int(node["width"].removesuffix("px"))
        width, height = shown, round(height * shown / width)
    place = f'width="{width}" height="{height}" ' if width else ""
    # In the first screen a picture is no taller than the style lets it be, and comes at once.
    last = f'style="--ratio: {width / height:.3f}"' if node.get("at_once") and height else 'loading="lazy"'
    source = f"{writer.builder.imgpath}/{quote(writer.builder.images[node['uri']])}{node.get('view', '')}"
    writer.body.append(f'<img src="{source}" alt="{escape(node.get("alt", ""))}" {place}{last} />')
