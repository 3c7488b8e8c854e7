"""Recorded outputs."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..images import is_png, is_svg, needs_fonts
from ..notebook import NO_LETTER, SVG, Cell, Chapter
from .registry import rule

PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|tmp|usr|opt|mnt)/\w|\b[A-Z]:(?:\\\\?|/)\w")
ADDRESS_OR_PATH = re.compile(rf"\bat 0x[0-9a-f]{{6,}}|{PATH.pattern}")

# HTML that a page, Colab and GitHub show alike: what Keras and tables write.
TAGS = {"b", "br", "code", "div", "em", "i", "p", "pre", "span", "strong", "table", "tbody", "td", "th", "thead", "tr"}
TAG = re.compile(r"<[/!?]?([A-Za-z][\w:-]*)?[^>]*>?")
HANDLER = re.compile(r"\son\w+\s*=|javascript:", re.I)

SHOWN = {"text/plain", "text/html", "image/png", SVG}


@rule("chapter")
def cells_ran_in_order(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Each code cell holds code, and all have run, in order."""
    executed = 0
    for cell in chapter.all_cells:
        if not cell.is_code:
            continue
        count, remedy = cell.node.execution_count, f"Run 'make record CHAPTER={chapter.name}'."
        if not cell.source.strip():
            yield Problem(chapter.where(cell), "an empty code cell", "Remove it.")
        elif count is None:
            yield Problem(chapter.where(cell), "was not executed", remedy)
        elif count != executed + 1:
            yield Problem(chapter.where(cell), f"has execution count {count} instead of {executed + 1}", remedy)
        executed = count or executed  # so that one cell left out is one problem


@rule("cell")
def no_errors(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No cell ends in an error, unless it is tagged ``raises-exception``."""
    for output in cell.outputs:
        if output.output_type == "error" and "raises-exception" not in cell.tags:
            what = f"ends in {output.ename}: {output.evalue}"
            yield Problem(chapter.where(cell), what, "Mend the cell, or tag it raises-exception.")


@rule("cell")
def no_warnings(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Nothing is written to stderr."""
    for output in cell.outputs:
        if output.get("name") == "stderr":
            line = output.text.strip().splitlines()[0] if output.text.strip() else ""
            remedy = "Remove the cause of the warning, then 'make record'."
            yield Problem(chapter.where(cell), f"wrote to stderr: {line}", remedy)


@rule("cell")
def outputs_can_be_shown(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """An output is printed text, an SVG or a PNG, with its text: no widget, script or other picture, which paper lacks."""
    for kind, content in (
        (kind, content) for output in cell.outputs for kind, content in output.get("data", {}).items()
    ):
        where = chapter.where(cell)
        if kind in ("image/jpeg", "application/pdf"):
            remedy = "Put %config InlineBackend.figure_format = \"svg\" before the first plot, then 'make record'."
            yield Problem(where, f"draws a plot as {kind}", remedy)
        elif kind not in SHOWN:
            remedy = "Print words or numbers, or draw with Matplotlib; then 'make record'."
            yield Problem(where, f"puts out {kind}, which not all readers show", remedy)
        elif kind == "image/png" and not is_whole(content):
            yield Problem(where, "holds a plot that is no whole PNG", f"Run 'make record CHAPTER={chapter.name}'.")
        elif kind == SVG and not (isinstance(content, str) and is_svg(content)):
            what = "holds a plot that is no whole SVG of shapes, without scripts, HTML and other files"
            yield Problem(where, what, f"Draw it with Matplotlib, then 'make record CHAPTER={chapter.name}'.")
        elif kind == SVG and needs_fonts(content):
            what = "draws a plot whose letters need a font, and are blank on paper"
            yield Problem(where, what, "Leave svg.fonttype of Matplotlib as it is, 'path'; then 'make record'.")
    if any(output.get("data") and not isinstance(output.data.get("text/plain"), str) for output in cell.outputs):
        yield Problem(
            chapter.where(cell), "has an output without its text", f"Run 'make record CHAPTER={chapter.name}'."
        )


@rule("cell")
def html_of_outputs_is_plain(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """HTML that a cell puts out sets words: it has no image, drawing, script or form, and no control characters."""
    for html in [output.get("data", {}).get("text/html") for output in cell.outputs]:
        if not isinstance(html, str):
            continue
        odd = [
            match[0] for match in TAG.finditer(html) if (match[1] or "").lower() not in TAGS or HANDLER.search(match[0])
        ]
        control = NO_LETTER.search(html)
        if odd or control:
            what = f"'{odd[0][:40]}'" if odd else f"the control character U+{ord(control[0]):04X}"
            remedy = "Print words or numbers, or draw with Matplotlib; then 'make record'."
            yield Problem(chapter.where(cell), f"puts out HTML with {what}, which not all readers show", remedy)


def is_whole(content: object) -> bool:
    try:
        return isinstance(content, str) and is_png(base64.b64decode("".join(content.split()), validate=True))
    except (ValueError, binascii.Error):
        return False


@rule("cell")
def no_orders_to_a_terminal(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Nothing is printed that moves the cursor of a terminal or is no letter; colours may be, paper leaves them out."""
    for text in cell.printed:
        if match := NO_LETTER.search(text):
            what = f"prints the control character U+{ord(match[0]):04X}"
            yield Problem(chapter.where(cell), what, "Use verbose=0 or print plain lines, then 'make record'.")
            break


@rule("cell")
def no_traces_of_a_machine(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No output holds an object's address or a path of a machine: they differ in every run."""
    for output, text in zip(cell.outputs, cell.printed):
        html = output.get("data", {}).get("text/html")
        if match := ADDRESS_OR_PATH.search("\n".join([text, html if isinstance(html, str) else ""])):
            what = f"prints a machine's path or address ('{match[0]}')"
            yield Problem(chapter.where(cell), what, "Print something that lasts.")
