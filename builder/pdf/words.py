"""The words of the interface that stand on paper too."""

from __future__ import annotations

from babel.messages.pofile import read_po

from ..chapters.book import Book, Language

LICENCE = "Text and figures: CC BY 4.0. Code: MIT."


def words(book: Book, language: Language) -> dict[str, str]:
    """The words of the interface in a language, by the English ones; what has no translation stays English."""
    path = book.root / "theme" / "locale" / language.code / "LC_MESSAGES" / "sphinx.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id and message.string}
