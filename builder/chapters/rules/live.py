"""Words and data of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...messages import Problem
from ..book import Book
from ..live import read_live, words
from .registry import rule


@rule("book")
def live_files_can_be_read(book: Book) -> Iterator[Problem]:
    """Each JSON file of ``live/`` can be read: pages and their programs are made of it."""
    yield from read_live(book.root)[1]


@rule("book")
def words_are_the_same_in_each_language(book: Book) -> Iterator[Problem]:
    """A folder of ``live/`` with words has them in each language of the book, under the same names, and each is a text."""
    contents, unreadable = read_live(book.root)
    for folder, languages in words(contents).items():
        expected = texts(languages.get(book.anchor_language.code, {}))
        for language in book.languages:
            file = f"live/{folder}/words.{language.code}.json"
            found = texts(languages.get(language.code, {}))
            if any(problem.where == file for problem in unreadable):
                continue
            if not found:
                yield Problem(
                    file, "holds no words, or is missing", f"Translate words.{book.anchor_language.code}.json there."
                )
            elif expected and (names := sorted(found.keys() ^ expected.keys())):
                what = f"has not the words that {book.anchor_language.name} has; in one of the two is no {names[0]!r}"
                yield Problem(file, what, "Give the words the same names in both files.")
            elif no_text := sorted(name for name, word in found.items() if not isinstance(word, str)):
                yield Problem(file, f"the word {no_text[0]!r} is no text", "Put it into quotation marks.")


def texts(content: Any, name: str = "") -> dict[str, Any]:
    """What stands in words, by their names: ``paste.left`` is one within another."""
    if not isinstance(content, dict):
        return {name: content}
    return {
        inner: word for key, part in content.items() for inner, word in texts(part, f"{name}.{key}".strip(".")).items()
    }
