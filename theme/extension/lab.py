"""Lab: the page on which the reader changes a line of code and sees what comes back.

Its text is written while the book is built, by the program that changes it in the page, so that it can be read without
scripts. A book without the folder ``live/lab`` has no such page.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from .formulas import NODE

PAGE = "lab"
# What the page loads. Comments, which stand in lines of their own, stay behind.
SCRIPTS = ("core.js", "parse.js", "address.js", "lab/compute.js", "lab/predict.js", "lab/view.js", "lab/lab.js")
STYLE = "lab/lab.css"
COMMENT = re.compile(r"^[ \t]*(?://.*\n|/\*(?:.|\n)*?\*/[ \t]*\n)", re.M)


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", make_page)


def folder(app: Sphinx) -> Path | None:
    """Where the programs are, when this book has the page."""
    found = Path(app.srcdir, "live")
    return found if app.config.book_edition and (found / "lab").is_dir() else None


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
    live = folder(app)
    if live is None:
        return
    versions = {name: copy(live / name, Path(app.outdir, "_static", "live", name)) for name in (*SCRIPTS, STYLE)}
    yield PAGE, {
        "title": words(app)["title"],
        "body": first_state(app, live),
        "lab_words": json.dumps(words(app), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        "lab_description": words(app)["lead"],
        "lab_files": [f"_static/live/{name}?v={versions[name]}" for name in (STYLE, SCRIPTS[-1])],
    }, "lab.html"  # fmt: skip


def copy(source: Path, target: Path) -> str:
    """Copy a program without its comments; return what changes with its text."""
    text = COMMENT.sub("", source.read_text(encoding="utf-8"))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return f"{crc32(text.encode()):08x}"


def first_state(app: Sphinx, live: Path) -> str:
    """The page's own text as HTML."""
    command = [NODE if NODE.exists() else "node", "--no-warnings", live / "lab" / "render.mjs", words_file(app)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise ExtensionError(f"The page of the lab cannot be written:\n{done.stderr}")
    return done.stdout
