"""Page: what the head of a page says of it, the switch to the other languages, and where its chapter can be run."""

from __future__ import annotations

import json
import re

from docutils import nodes
from sphinx.application import Sphinx

LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def setup(app: Sphinx) -> None:
    app.add_config_value("book_languages", {}, "html")
    app.add_config_value("book_site", "", "html")
    app.add_config_value("book_links", {}, "html")
    app.add_config_value("book_downloads", [], "html")
    app.connect("html-page-context", switch_language)
    app.connect("html-page-context", describe)


def switch_language(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template the edition being built and the addresses of the page in every language."""
    if not app.config.book_edition:
        return
    context["edition"] = app.config.book_edition
    context["editions"] = [
        {"code": code, "name": language["name"], "href": f"../{code}/{pagename}.html"}
        for code, language in app.config.book_languages.items()
    ]


def describe(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template of a chapter what it is about, and where it can be had."""
    if not app.config.book_edition or doctree is None:
        return
    context["links"] = {name: link.format(chapter=pagename) for name, link in app.config.book_links.items()}
    context["has_notebook"] = True
    context["downloads"] = app.config.book_downloads
    context.update(about(app, pagename, doctree.next_node(nodes.title).astext(), first_sentence(doctree)))


def about(app: Sphinx, pagename: str, title: str, description: str, card: str = "") -> dict[str, str]:
    """What a template needs to say of a page what it is about; ``card``: the chapter whose social card it has."""
    site = app.config.book_site
    learning_resource = structured_data(app, pagename, title, description)
    return {
        "description": description,
        "full_address": f"{site}{{}}/{pagename}.html" if site else "",
        "site": site,
        "card": card or pagename,
        "learning_resource": json.dumps(learning_resource, ensure_ascii=False).replace("<", "\\u003c"),
    }


def first_sentence(doctree: nodes.document) -> str:
    """The first sentence of a chapter, which says what its reader will be able to do."""
    paragraph = next(doctree.findall(nodes.paragraph), None)
    return sentence(paragraph.astext().replace("\N{WORD JOINER}", "")) if paragraph else ""


def sentence(text: str) -> str:
    """The first sentence of a text."""
    text = " ".join(text.split())
    return re.match(r".*?[.!?](?=\s|$)|.*", text)[0]


def structured_data(app: Sphinx, pagename: str, title: str, description: str) -> dict:
    """A page in the words of schema.org, for search engines."""
    edition, site = app.config.book_edition, app.config.book_site
    chapter = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": title,
        "description": description,
        "inLanguage": edition,
        "learningResourceType": "tutorial",
        "isAccessibleForFree": True,
        "license": LICENCE,
        "isPartOf": {"@type": "Book", "name": app.config.book_languages[edition]["title"], "inLanguage": edition},
    }
    if site:
        chapter["url"] = f"{site}{edition}/{pagename}.html"
        chapter["isPartOf"]["url"] = f"{site}{edition}/index.html"
    return chapter
