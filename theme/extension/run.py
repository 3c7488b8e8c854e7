"""Run: what a page needs so that its code cells can be run in it (``live/run/``), when the site holds the Python for that.

Nothing of Python stands in a page: only what becomes of each of its cells, which ``make cells`` has found out, the words of
the buttons, and a line at each cell that a reader would press in vain.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from . import live
from .cells import cells

FOLDER = "../python/"  # where the site has the bundle, seen from an edition


def setup(app: Sphinx) -> None:
    app.add_config_value("book_python", {}, "html")
    app.connect(
        "doctree-resolved", say_beforehand, priority=450
    )  # after cells.py has folded code: the line stands with it
    app.connect("html-page-context", offer)


def say_beforehand(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Say at each cell what it cannot do in the page, and where it can.

    It is written here, not by the program: a page that grows later leads a reader astray.
    """
    if not app.config.book_python or live.folder(app) is None:
        return
    words, known = live.words(app, "run"), outcomes(app).get(page, {})
    ids = [cell["id"] for cell in notebook(app, page)["cells"] if cell["cell_type"] == "code"]
    offered = " · ".join(
        f'<a href="{escape(address)}"{" download" * (name == "download")}>{escape(words[name])}</a>'
        for name, address in elsewhere(app, page).items()
        if address
    )
    for cell, id in zip(cells(doctree), ids):
        becomes = known.get(id)
        if becomes not in words["beforehand"]:
            continue
        said = escape(words["beforehand"][becomes]) + ("" if becomes == "draws" else f" {offered}")
        place = next(number for number, part in enumerate(cell) if "cell_input" in part.get("classes", []))
        line = f'<p class="run-line" data-pagefind-ignore>{said}</p>'
        cell.insert(place + 1, nodes.raw("", line, format="html"))


def notebook(app: Sphinx, page: str) -> dict:
    path = Path(app.srcdir, f"{page}.ipynb")
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"cells": []}


def elsewhere(app: Sphinx, page: str) -> dict[str, str]:
    """Where the whole chapter runs: the address on Colab, where one is known, and that of the notebook."""
    colab = app.config.book_links.get("colab", "").format(chapter=page)
    return {"colab": colab, "download": f"notebooks/{page}.ipynb"}


def offer(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template of a chapter with code what its cells need."""
    if not app.config.book_python or doctree is None or live.folder(app) is None:
        return
    chapter = notebook(app, pagename)["cells"]
    code = [cell for cell in chapter if cell["cell_type"] == "code"]
    if not code:
        return
    shown = len(re.findall(r'<div class="cell [^"]*docutils', context["body"]))
    if shown != len(code):
        raise ExtensionError(
            f"{pagename} shows {shown} of {len(code)} code cells, so the buttons would stand at others."
        )
    words = live.words(app, "run")
    known = outcomes(app).get(pagename, {})
    data = {
        "base": FOLDER,
        "bundle": app.config.book_python,
        "worker": live.address(app, "run/worker.js"),
        "style": live.address(app, "run/run.css"),
        **elsewhere(app, pagename),
        "words": {name: word for name, word in words.items() if name != "beforehand"},
        "changes": changes(chapter, words["lead"], pagename),
        # a cell that nobody has tried yet is offered: what it cannot do it will say
        "cells": [
            [known.get(cell["id"], "silent"), int("exercise" in cell["metadata"].get("tags", []))] for cell in code
        ],
    }
    context["run_data"] = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    context["run_program"] = live.address(app, "run/run.js")


def changes(cells: list[dict], lead: str, chapter: str) -> list[list]:
    """The changes that texts suggest: what to write, and the number of the code cell above that has such a line.

    A suggestion is a paragraph that begins with ``lead`` in bold. A change is code in it of the form ``name = value``, and it
    replaces the line of that name; other code in it is prose.

    Raises:
        ExtensionError: a suggestion holds neither such a change nor code of its own behind it.
    """
    found, code = [], []
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            code.append([line.split(" = ")[0].strip() for line in source.splitlines() if " = " in line])
            continue
        paragraphs = source.split("\n\n")
        for paragraph, behind in zip(paragraphs, [*paragraphs[1:], ""]):
            if not paragraph.startswith(f"**{lead}**"):
                continue
            suggested = []
            for change in re.findall(r"`([^`\n]+ = [^`\n]+)`", paragraph):
                name = change.split(" = ")[0]
                suggested += [[change, number] for number, names in enumerate(code) if name in names][-1:]
            if not suggested and not behind.startswith("```"):
                raise ExtensionError(
                    f"{chapter}, cell {cell['id']}: '{lead}' names no change of a code cell above. Write it as code, such as "
                    "`units = 4`, with a name that begins a line of that cell."
                )
            found += suggested
    return found


@lru_cache(maxsize=4)  # once a build, of which each has an application of its own
def outcomes(app: Sphinx) -> dict[str, dict[str, str]]:
    """Chapter -> id of a cell -> what becomes of it."""
    path = live.folder(app) / "run" / "cells.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
