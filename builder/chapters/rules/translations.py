"""Translations of the words of the interface, in ``theme/locale/``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..translations import translations
from .registry import rule

CHARSET = re.compile(r"charset=([^\s;]*)")
FILLED = re.compile(r"%[a-z]?|\{\w*\}?|\}")  # what a program fills in, or half of it


def filled(text: str) -> list[str]:
    """What programs fill into a text: by ``%`` in its order, by ``{}`` in any order when all are numbered."""
    found = FILLED.findall(text)
    braces = [sign for sign in found if sign[0] != "%"]
    if set(braces) == {"{}"}:
        braces = [f"{{{number}}}" for number in range(len(braces))]
    return [sign for sign in found if sign[0] == "%"] + sorted(braces)


@rule("book")
def translations_are_whole(book: Book) -> Iterator[Problem]:
    """A translation is in UTF-8, in whole quotation marks, and has the same ``{}``, ``%d`` and ``%s`` as its English text."""
    for path in sorted(book.root.glob("theme/locale/*/LC_MESSAGES/*.po")):
        name = path.relative_to(book.root).as_posix()
        try:
            found = translations(path)
        except (OSError, ValueError) as error:
            yield Problem(name, f"cannot be read: {error}", f"Mend it; 'git diff {name}' shows what has changed.")
            continue
        for one in found:
            where = f"{name}, line {one.line}"
            if not one.english:
                charset = CHARSET.search(one.words)
                if charset and charset[1].lower() != "utf-8":
                    yield Problem(where, f"names the charset {charset[1]}", "Write charset=UTF-8, and save it so.")
            elif one.words and filled(one.words) != filled(one.english):
                what = f"the translation '{one.words}' has other signs to fill in than '{one.english}'"
                signs = " ".join(FILLED.findall(one.english)) or "none"
                yield Problem(where, what, f"Give it the same: {signs}. Several {{}} may be numbered: {{1}} {{0}}.")
