"""Figures: pictures and plots with their number and caption, and their size so that the page does not jump."""

from __future__ import annotations

import itertools
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
from sphinx.locale import get_translation
from sphinx.writers.html5 import HTML5Translator

from . import chapters
from .cells import cells

_ = get_translation("sphinx")

SVG_SIZE = re.compile(r'<svg [^>]*?width="([0-9]{1,5})" height="([0-9]{1,5})"')


def setup(app: Sphinx) -> None:
    # Sphinx counts in the book as a whole, and Jupyter Book insists on it.
    app.connect("config-inited", lambda app, config: setattr(config, "numfig", False), priority=900)
    app.connect("doctree-read", make_figures)
    app.connect("doctree-resolved", number_figures, priority=450)  # before a copy of one opens the chapter
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
    """Make a figure of each picture that stands alone, and of each plot, with the paragraph in emphasis behind it."""
    taken = {anchor for section in doctree.findall(nodes.section) for anchor in section["ids"]}
    for paragraph in list(doctree.findall(nodes.paragraph)):
        if len(paragraph) == 1 and isinstance(paragraph[0], nodes.image):
            make_figure(paragraph, paragraph[0], free(name(paragraph[0]["uri"]), taken), take_caption(paragraph))
    for cell in cells(doctree):
        images = [image for output in cell[1:] for image in output.findall(nodes.image)]
        if images:
            caption = take_caption(cell)
            anchor = free(f"figure-{cell['cell_metadata'].get('name', 'plot')}", taken)
            for image in images:  # the same in several forms, of which one is shown
                make_figure(image, image, anchor, caption)


def make_figure(place: nodes.Node, image: nodes.image, anchor: str, caption: list[nodes.Node] | None) -> None:
    figure = nodes.figure("", ids=[anchor])
    place.replace_self(figure)
    figure += image
    if caption is not None:
        figure += nodes.caption("", "", *(child.deepcopy() for child in caption))


def take_caption(node: nodes.Element) -> list[nodes.Node] | None:
    """What the paragraph right behind says when it is in emphasis as a whole; it is taken out."""
    behind = node.parent.children[node.parent.index(node) + 1 :]
    found = next((one for one in behind if not isinstance(one, nodes.comment)), None)
    if isinstance(found, nodes.paragraph) and len(found) == 1 and isinstance(found[0], nodes.emphasis):
        found.parent.remove(found)
        return found[0].children
    return None


def free(anchor: str, taken: set[str]) -> str:
    """The anchor, or the next one that nothing else on the page has: ``figure-dot``, ``figure-dot-2``."""
    names = itertools.chain([anchor], (f"{anchor}-{count}" for count in itertools.count(2)))
    found = next(name for name in names if name not in taken)
    taken.add(found)
    return found


def name(uri: str) -> str:
    """The anchor of a figure: ``images/lstm/cell.svg`` -> ``figure-lstm-cell``."""
    folder, *parts = Path(uri).with_suffix("").parts
    return "-".join(["figure", *(parts if folder == "images" else parts[-1:])])


def number_figures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Write its number in front of each caption: Figure 3.2 is the second of chapter 3, as builder/pdf/document.py counts."""
    if app.builder.format != "html":
        return
    chapter = chapters.find(app, docname)
    of_chapter = f"{chapter.number}." if chapter and chapter.number else ""
    for count, figure in enumerate(doctree.findall(nodes.figure), 1):
        caption = next(figure.findall(nodes.caption), None)
        if caption is None:
            caption = nodes.caption()
            figure += caption
        label = nodes.inline("", _("Figure {}").format(f"{of_chapter}{count}"), classes=["number"])
        caption.insert(0, [label, nodes.Text(" ")])


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
