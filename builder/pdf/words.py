"""The words of the interface that stand on paper too."""

from __future__ import annotations

from ..chapters.book import Book, Language
from ..chapters.translations import translations

LICENCE = "Text and figures: CC BY 4.0. Code: MIT."


def words(book: Book, language: Language) -> dict[str, str]:
    """The words of the interface in a language, by the English ones; what has no translation stays English."""
    path = book.root / "theme" / "locale" / language.code / "LC_MESSAGES" / "sphinx.po"
    if not path.is_file():
        return {}
    return {one.english: one.words for one in translations(path) if one.english and one.words}
