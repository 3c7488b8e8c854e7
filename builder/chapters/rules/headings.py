"""Headings and the anchors that they give."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..notebook import Chapter
from .registry import rule


def has_languages(chapter: Chapter) -> bool:
    """Whether a text of the chapter says in which language it is; else there is a problem of its own."""
    texts = [cell for cell in chapter.all_cells if cell.is_markdown]
    return not texts or any(cell.language for cell in texts)


@rule("chapter")
def one_title(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A chapter has one title, ``#``, at its top."""
    for language in book.languages if has_languages(chapter) else ():
        levels = [level for level, _ in chapter.headings(language.code)]
        if levels[:1] != [1] or levels.count(1) != 1:
            what = f"{language.code}: a chapter has one title (# …), at its top"
            yield Problem(chapter.file, what, "Mend the headings.")


@rule("chapter")
def no_level_is_skipped(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A heading is at most one level below the one before."""
    for language in book.languages if has_languages(chapter) else ():
        headings = chapter.headings(language.code)
        for (before, _), (level, heading) in zip(headings, headings[1:]):
            if level > before + 1:
                what = f"{language.code}: the heading '{heading}' skips a level"
                yield Problem(chapter.file, what, f"Use {'#' * (before + 1)}.")


@rule("chapter")
def anchors_are_single(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """No two headings of a chapter give the same anchor."""
    for anchor, count in Counter(chapter.anchors if has_languages(chapter) else ()).items():
        if count > 1:
            what = f"{count} headings have the anchor #{anchor}"
            yield Problem(chapter.file, what, "Word the English headings differently.")


@rule("chapter")
def anchors_begin_with_a_letter(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """An English heading begins with a Latin letter, for its anchor does."""
    for anchor in dict.fromkeys(chapter.anchors if has_languages(chapter) else ()):
        if not re.fullmatch(r"[a-z][\w-]*", anchor):
            what = f"a heading has the anchor '#{anchor}'"
            yield Problem(chapter.file, what, "Begin the English heading with a Latin letter.")
