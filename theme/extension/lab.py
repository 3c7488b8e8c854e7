"""Lab: the page on which the reader changes a line of code and sees what comes back, and the lab inside chapters.

What both show first is written while the book is built, by the program that changes it in the page, so that the page's
place is kept and can be read before the program is there. In a chapter the lab takes the place of the picture whose name
``live/lab/figures.json`` has; where no program runs, and on paper, the picture stands. A book without the folder
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


def folder(app: Sphinx) -> Path | None:
    """Where the programs are, when this book has the page."""
    found = live.folder(app)
    return found if found and (found / "lab").is_dir() else None


def words_file(app: Sphinx) -> Path:
    return Path(app.srcdir, "live", "lab", f"words.{app.config.book_edition}.json")


@lru_cache(maxsize=4)  # once a build, of which each has an application of its own
def words(app: Sphinx) -> dict:
    """The words of the page in the language of the edition."""
    file = words_file(app)
    if not file.exists():
        raise ExtensionError(f"The lab has no words in this language. Translate live/lab/words.en.json to {file.name}.")
    return json.loads(file.read_text(encoding="utf-8"))


def make_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Put the programs beside the pages, and hand Sphinx the page with what it shows first."""
    if folder(app) is None:
        return
    yield PAGE, {
        "title": words(app)["title"],
        "body": first_states(app)["page"],
        "lab_words": json.dumps(words(app), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        **about(app, PAGE, words(app)["title"], sentence(words(app)["lead"]), card=app.config.root_doc),
        "lab_files": [live.address(app, "lab/lab.css"), live.address(app, "lab/lab.js")],
    }, "lab.html"  # fmt: skip


def make_figures(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the lab into the figures whose pictures it takes the place of."""
    if app.builder.format != "html" or folder(app) is None:
        return
    for figure in doctree.findall(nodes.figure):
        image = figure.next_node(nodes.image)
        html = first_states(app)["figures"].get(Path(image["uri"]).stem) if image else None
        if html:
            files = f'data-program="{live.address(app, "lab/lab.js")}" data-words="{live.address(app, f"lab/{words_file(app).name}")}"'
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
    command = [NODE if NODE.exists() else "node", "--no-warnings", folder(app) / "lab" / "render.mjs", words_file(app)]
    words(app)  # are there
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise ExtensionError(f"The page of the lab cannot be written:\n{done.stderr}")
    return json.loads(done.stdout)
