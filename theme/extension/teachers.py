"""Teachers: the page of ready exercises, each a link to the lab, with its key folded away.

A book without ``live/teachers`` has no such page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from sphinx.application import Sphinx

from . import lab, live
from .page import about, sentence

PAGE = "teachers"


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", make_page)


def say(text: str) -> str:
    """A sentence of the words as HTML; what stands between ` is code."""
    return re.sub(r"`([^`]+)`", r'<code class="docutils literal notranslate">\1</code>', escape(text, quote=False))


def make_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Hand Sphinx the page."""
    if not live.has_page(app, PAGE):
        return
    words = live.words(app, PAGE)
    exercises = json.loads(Path(app.srcdir, "live", PAGE, "exercises.json").read_text(encoding="utf-8"))
    parts = [f"<h1>{escape(words['title'])}</h1>\n<p>{say(words['lead'])}</p>\n<ol>"]
    for exercise in exercises:
        said = words["exercises"][exercise["id"]]
        link = f'<a href="{lab.PAGE}.html?{escape(exercise["address"])}">{escape(words["open"])}</a>'
        key = f"<details><summary>{escape(words['key'])}</summary>\n<p>{say(said['key'])}</p></details>"
        parts.append(f'<li id="{exercise["id"]}"><p>{say(said["ask"])} {link}</p>\n{key}</li>')
    parts.append(f"</ol>\n<section><h2>{escape(words['more'])}</h2>\n<p>{say(words['how'])}</p></section>")
    yield PAGE, {
        "title": words["title"],
        "body": f'<section id="teachers">{"".join(parts)}</section>',
        **about(app, PAGE, words["title"], sentence(words["lead"]), card=app.config.root_doc),
    }, "page.html"  # fmt: skip
