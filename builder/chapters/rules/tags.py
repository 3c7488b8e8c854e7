"""Tags of cells."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter
from .registry import rule

# Those that mean something to nbval, the tests, the benchmark or a notebook front end; any other is taken for a slip.
KNOWN = {"choice", "data", "exercise", "measured", "raises-exception", "nbval-ignore-output", "nbval-skip"}


def language_tags(book: Book) -> list[str]:
    return [f"lang-{language.code}" for language in book.languages]


@rule("cell")
def tags_are_known(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A cell carries no other tags than those of the languages and the few that CONTRIBUTING.md names."""
    known = [*language_tags(book), *sorted(KNOWN)]
    for tag in cell.tags:
        if tag not in known:
            near = difflib.get_close_matches(tag.lower(), known, 1, 0.5)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known tags: {', '.join(known)}."
            yield Problem(chapter.where(cell), f"unknown tag '{tag}'", hint)


@rule("cell")
def code_has_no_language(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A code cell carries no language tag: code and its outputs belong to all editions."""
    if cell.is_code and cell.language:
        what = f"a code cell carries 'lang-{cell.language}'"
        yield Problem(chapter.where(cell), what, "Code belongs to all editions: remove the tag.")


@rule("cell")
def one_language_a_cell(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A Markdown cell carries at most one language tag."""
    chosen = [tag for tag in cell.tags if tag.startswith("lang-")]
    if not cell.is_code and len(chosen) > 1:
        yield Problem(chapter.where(cell), f"carries {' and '.join(chosen)}", "Keep one language a cell.")


@rule("chapter")
def languages_are_tagged(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A chapter with texts says of some in which language they are."""
    texts = [cell for cell in chapter.all_cells if cell.is_markdown]
    if texts and not any(cell.language for cell in texts):
        remedy = f"Give each Markdown cell one of the tags {', '.join(language_tags(book))}."
        yield Problem(chapter.file, "no cell carries a language tag", remedy)


@rule("cell")
def exercises_are_tagged(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A cell that waits for an answer carries the tag ``exercise``; else no test tries the solution."""
    if cell.is_code and re.search(r"^answer = \.\.\.", cell.source, re.M) and "exercise" not in cell.tags:
        what = "waits for an answer but has no tag 'exercise'"
        yield Problem(chapter.where(cell), what, "Add it, or no test tries the solution.")
