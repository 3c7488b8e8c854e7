"""Review: the page of cards, made of the choice questions of the chapters and of the rows of the glossary.

They are taken from the pages that have just been written, so a card says what its page says. Without scripts the page is
the list of all cards, with their answers folded away. A book without ``live/review`` has no such page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path

from sphinx.application import Sphinx

from . import live
from .page import about, sentence

PAGE, GLOSSARY = "review", "glossary"

QUESTION = re.compile(r'<div class="choice" data-id="([^"]+)" data-key="(\d+)"[^>]*>(.*?)</div><!-- choice -->', re.S)
CELL = re.compile(r'<details class="check">.*', re.S)
ROW = re.compile(r'<tr class="row-(?:even|odd)">' + r"<td><p>(.*?)</p></td>\s*" * 4 + "</tr>", re.S)
LABEL = re.compile(r'<span class="label">[^<]*</span>')
TAG = re.compile(r"<[^>]+>")


def setup(app: Sphinx) -> None:
    app.connect("html-collect-pages", make_page)


def make_page(app: Sphinx) -> Iterator[tuple[str, dict, str]]:
    """Hand Sphinx the page with all cards."""
    if not live.has_page(app, PAGE):
        return
    words = live.words(app, PAGE)
    body = (
        f'<section id="review"><h1>{escape(words["title"])}</h1>\n<p>{escape(words["lead"])}</p>\n'
        f"<noscript><p>{escape(words['bare'])}</p></noscript>\n"
        f'<div class="cards">\n{"".join(collect(app))}</div>\n</section>'
    )
    yield PAGE, {
        "title": words["title"],
        "body": body,
        "review_words": json.dumps(words, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        **about(app, PAGE, words["title"], sentence(words["lead"]), card=app.config.root_doc),
        "predict": {
            "words": live.address(app, f"predict/words.{app.config.book_edition}.json"),
            "style": live.address(app, "predict/predict.css"),
        },
        "review_program": live.address(app, "review/review.js"),
    }, "review.html"  # fmt: skip


def collect(app: Sphinx) -> Iterator[str]:
    """The cards as HTML: the questions in the order of the chapters, then the terms."""
    for page in [app.config.root_doc, *app.env.toctree_includes.get(app.config.root_doc, [])]:
        text = Path(app.outdir, f"{page}.html").read_text(encoding="utf-8")
        for name, key, inside in QUESTION.findall(text):
            yield f'<div class="choice" data-id="{name}" data-key="{key}">{CELL.sub("", inside)}</div>\n'
        if page == GLOSSARY:
            yield from terms(app, text)


def terms(app: Sphinx, text: str) -> Iterator[str]:
    words = live.words(app, PAGE)
    for term, other, meaning, place in ROW.findall(LABEL.sub("", text)):
        english = other if f'<span lang="{app.config.book_anchor_language}">' in other else term
        name = re.sub(r"\W+", "-", unescape(TAG.sub("", english)).lower()).strip("-")
        yield (
            f'<div class="term" data-id="{GLOSSARY}.{name}"><p><strong>{term}</strong> ({other}): {escape(words["term"])}</p>\n'
            f"<details><summary>{escape(words['show'])}</summary>\n<p>{meaning} ({place})</p></details></div>\n"
        )
