"""Assets: the style sheets and scripts that a page loads, and that it does so quickly.

A phone waits for every style sheet, and for every script without ``defer``, before it is done with a page.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

# Style sheets of which the book needs a few rules or none (these rules stand in static/book.css), and what serves Sphinx's
# search or pages that this book does not have; the search of an edition is static/search.js.
NOT_NEEDED = ("_static/mystnb.", "_static/pygments.css", "_static/styles/furo-extensions.css", "_static/katex-math.css",
              "_static/documentation_options.js", "_static/doctools.js", "_static/sphinx_highlight.js",
              "_static/translations.js")  # fmt: skip
FURO = "_static/scripts/furo.js"  # of which book.js does what this book needs
SHEET = "_static/edition.css"


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", replace_search)
    app.connect("html-page-context", load_quickly, priority=900)  # behind all that add style sheets and scripts


def replace_search(app: Sphinx) -> None:
    """Build no search page and no index: an edition has those that the build of the site makes with Pagefind."""
    if app.config.book_edition and app.builder.format == "html":
        app.builder.search = False


@lru_cache(maxsize=4)  # once a build, of which each has an application of its own
def merge_sheets(app: Sphinx, names: tuple[str, ...]) -> None:
    """Write the style sheets ``names`` as one, of which small.py gives the pages what they need."""
    text_of_all = ""
    for name in names:
        folder = name.removeprefix("_static/").rpartition("/")[0]
        text = Path(app.outdir, name).read_text(encoding="utf-8")
        text_of_all += re.sub(r"url\((?![\"']?data:)", f"url({folder}/" if folder else "url(", text) + "\n"
    merged(app).write_text(re.sub(r"/\*.*?\*/", "", text_of_all, flags=re.S), encoding="utf-8")


def merged(app: Sphinx) -> Path:
    return Path(app.doctreedir, "edition.css")


def load_quickly(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Let a page load one style sheet in place of all, and its scripts only once the text can be read."""
    context["script_files"] = [script for script in context["script_files"] if script.filename != FURO]
    if not app.config.book_edition:
        return
    names = tuple(sheet.filename for sheet in context["css_files"] if not sheet.filename.startswith(NOT_NEEDED))
    merge_sheets(app, names)
    context["css_files"] = [SHEET]
    formulas = doctree.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block))) if doctree else iter(())
    context["has_formulas"] = next(formulas, None) is not None
    context["script_files"] = [
        type(script)(script.filename, priority=script.priority, **{**script.attributes, "defer": "defer"})
        for script in context["script_files"]
        if script.filename and not script.filename.startswith(NOT_NEEDED)
    ]
