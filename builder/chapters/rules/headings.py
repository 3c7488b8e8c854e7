"""Headings and the anchors that they give."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..markdown import parse, slug
from ..notebook import Cell, Chapter
from .registry import rule


def has_languages(chapter: Chapter) -> bool:
    """Whether a text of the chapter says in which language it is; else there is a problem of its own."""
    texts = [cell for cell in chapter.all_cells if cell.is_markdown]
    return not texts or any(cell.language for cell in texts)


@rule("chapter")
def one_title(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A chapter has one title, ``#``, at its top."""
    for language in book.languages if has_languages(chapter) else ():
        headings = chapter.placed_headings(language.code)
        titles = [cell for cell, level, _ in headings if level == 1]
        if [level for _, level, _ in headings][:1] == [1] and len(titles) == 1:
            continue
        cells = titles[1:] or [cell for cell, _, _ in headings] or chapter.texts(language.code)
        where = chapter.where(cells[0]) if cells else chapter.file
        yield Problem(where, f"{language.code}: a chapter has one title (# …), at its top", "Mend the headings.")


@rule("chapter")
def no_level_is_skipped(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A heading is at most one level below the one before."""
    for language in book.languages if has_languages(chapter) else ():
        headings = chapter.placed_headings(language.code)
        for (_, before, _), (cell, level, heading) in zip(headings, headings[1:]):
            if level > before + 1:
                what = f"{language.code}: the heading '{heading}' skips a level"
                yield Problem(chapter.where(cell), what, f"Use {'#' * (before + 1)}.")


def anchored(chapter: Chapter) -> list[tuple[Cell, str]]:
    """The anchors of a chapter, each with the cell that gives it."""
    headings = chapter.placed_headings(chapter.anchor_language) if has_languages(chapter) else []
    return [(cell, anchor) for (cell, _, _), anchor in zip(headings, chapter.anchors)]


@rule("chapter")
def anchors_are_single(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """No two headings of a chapter give the same anchor."""
    cells: dict[str, list[Cell]] = {}
    for cell, anchor in anchored(chapter):
        cells.setdefault(anchor, []).append(cell)
    for anchor, found in cells.items():
        if len(found) > 1:
            others = " and ".join(f"cell {cell.number} ({cell.id})" for cell in found[:-1])
            what = f"{len(found)} headings have the anchor #{anchor}, another one in {others}"
            yield Problem(chapter.where(found[-1]), what, "Word the English headings differently.")


@rule("chapter")
def anchors_begin_with_a_letter(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """An English heading begins with a Latin letter, for its anchor does."""
    for cell, anchor in anchored(chapter):
        if not re.fullmatch(r"[a-z][\w-]*", anchor):
            what = f"a heading has the anchor '#{anchor}'"
            yield Problem(chapter.where(cell), what, "Begin the English heading with a Latin letter.")


@rule("cell")
def headings_stand_free(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A heading is one line of words, outside of lists, quotations and folded parts, where it would end a section."""
    tokens = parse(cell.source) if cell.is_markdown else []
    folded = 0
    for token, inside in zip(tokens, tokens[1:]):
        if token.type == "html_block":
            folded += token.content.count("<details") - token.content.count("</details>")
        if token.type != "heading_open":
            continue
        where, words = chapter.where(cell), " ".join(inside.content.split())
        if token.level:
            yield Problem(where, f"the heading '{words}' stands in a list or a quotation", "Write it in **bold**.")
        elif folded > 0:
            yield Problem(where, f"the heading '{words}' stands in a folded part", "Write it in **bold**.")
        elif "\n" in inside.content:
            remedy = "Put a blank line above the line of - or =, or write it behind # in one line."
            yield Problem(where, f"the heading '{words}' takes more than one line", remedy)
        elif not words:
            yield Problem(where, "a heading without words", "Write them, or put a \\ before the #.")


LONGEST = 120  # letters
LONGEST_ANCHOR = 200  # bytes: a file of the search is called after it, and 255 is what a system of files allows


@rule("cell")
def headings_are_short(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A heading has at most 120 letters: addresses and files are called after it."""
    for _, heading in cell.text.headings if cell.is_markdown else ():
        if len(heading) > LONGEST or len(slug(heading).encode()) > LONGEST_ANCHOR:
            what = f"the heading '{heading[:40]}…' has {len(heading)} letters"
            yield Problem(chapter.where(cell), what, "Say the rest in the text below it.")


@rule("chapter")
def the_title_comes_first(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Nothing stands above the title of a chapter: on paper it would end the chapter before."""
    for language in book.languages if has_languages(chapter) else ():
        first = next(iter(chapter.cells(language.code)), None)
        tokens = parse(first.source) if first and first.is_markdown else []
        if first and chapter.headings(language.code) and (not tokens or tokens[0].type != "heading_open"):
            yield Problem(
                chapter.where(first), f"{language.code}: stands above the title", "Begin with # and the title."
            )
