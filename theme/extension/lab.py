"""Lab: the page on which the reader changes a line of code and sees what comes back.

Its text is written while the book is built, by the program that changes it in the page, so that it can be read without
scripts. A book without the folder ``live/lab`` has no such page.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from . import live
from .formulas import NODE
from .page import about, sentence

PAGE = "lab"


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", make_page)


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
        "body": first_state(app),
        "lab_words": json.dumps(words(app), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        **about(app, PAGE, words(app)["title"], sentence(words(app)["lead"]), card=app.config.root_doc),
        "lab_files": [live.address(app, "lab/lab.css"), live.address(app, "lab/lab.js")],
    }, "lab.html"  # fmt: skip


def first_state(app: Sphinx) -> str:
    """The page's own text as HTML."""
    command = [NODE if NODE.exists() else "node", "--no-warnings", folder(app) / "lab" / "render.mjs", words_file(app)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise ExtensionError(f"The page of the lab cannot be written:\n{done.stderr}")
    return done.stdout
