"""Lab: the page on which the reader changes a line of code and sees what comes back, and the lab inside chapters.

What both show first is written while the book is built, by the program that changes it in the page, so that the page's
place is kept and can be read before the program is there. In a chapter the lab takes the place of the picture whose name
``live/lab/figures.json`` has; where no program runs, and on paper, the picture stands. A book without
``live/lab`` has neither.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from . import live
from .formulas import NODE
from .page import about, sentence

PAGE = "lab"


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", make_page)
    app.connect("doctree-resolved", make_figures)
    app.connect("html-page-context", style_figures)


def make_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Put the programs beside the pages, and hand Sphinx the page with what it shows first."""
    if not live.has_page(app, PAGE):
        return
    words = live.words(app, PAGE) | {"slips": live.words(app, "predict")["slips"]}
    yield PAGE, {
        "title": words["title"],
        "body": first_states(app)["page"],
        "lab_words": json.dumps(words, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        **about(app, PAGE, words["title"], sentence(words["lead"]), card=app.config.root_doc),
        "lab_files": [live.address(app, "lab/lab.css"), live.address(app, "lab/lab.js")],
    }, "lab.html"  # fmt: skip


def make_figures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the lab into the figures whose pictures it takes the place of."""
    if app.builder.format != "html" or not live.has_page(app, PAGE):
        return
    for figure in doctree.findall(nodes.figure):
        image = figure.next_node(nodes.image)
        html = first_states(app)["figures"].get(Path(image["uri"]).stem) if image else None
        if html:
            files = f'data-program="{live.address(app, "lab/lab.js")}" data-words="{live.address(app, f"lab/words.{app.config.book_edition}.json")}"'
            figure.insert(0, nodes.raw("", f'<div class="live" {files}>{html}</div>', format="html"))
            figure["classes"].append("has-live")


def style_figures(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template of a page with such a figure how the lab looks: to fetch it would let the page wait or jump."""
    if doctree and any("has-live" in figure["classes"] for figure in doctree.findall(nodes.figure)):
        live.address(app, "lab/lab.css")
        context["live_style"] = Path(app.outdir, "_static", "live", "lab", "lab.css").read_text(encoding="utf-8")


@lru_cache(maxsize=4)  # once a build, of which each has an application of its own
def first_states(app: Sphinx) -> dict:
    """What the lab shows first, as HTML: its page, and by the name of a picture the figure in its place."""
    live.words(app, PAGE)  # are there
    folder = Path(app.srcdir, "live", PAGE)
    words = folder / f"words.{app.config.book_edition}.json"
    command = [NODE if NODE.exists() else "node", "--no-warnings", folder / "render.mjs", words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise ExtensionError(f"The page of the lab cannot be written:\n{done.stderr}")
    return json.loads(done.stdout)
