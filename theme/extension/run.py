"""Run: what a page needs so that its code cells can be run in it (``live/run/``), when the site holds the Python for that.

Nothing of Python stands in a page: only what becomes of each of its cells, which ``make cells`` has found out, and the words of
the buttons.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from . import live

FOLDER = "../python/"  # where the site has the bundle, seen from an edition


def setup(app: Sphinx) -> None:
    app.add_config_value("book_python", {}, "html")
    app.connect("html-page-context", offer)


def offer(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template of a chapter with code what its cells need."""
    if not app.config.book_python or doctree is None or live.folder(app) is None:
        return
    notebook = json.loads(Path(app.srcdir, f"{pagename}.ipynb").read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
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
        "notebook": f"notebooks/{pagename}.ipynb",
        "colab": app.config.book_links.get("colab", "").format(chapter=pagename),
        "words": words,
        "changes": changes(notebook["cells"], words["lead"], pagename),
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
