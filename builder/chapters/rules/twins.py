"""Twins: the same text in each language."""

from __future__ import annotations

from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter
from .registry import rule

# What twins have in common: attribute of Text -> its name in a message.
AGREE = {
    "display_formulas": "display formulas",
    "formulas": "inline formulas",
    "inline_code": "inline code",
    "code_blocks": "code blocks",
    "figures": "figures",
    "links": "link targets",
    "tables": "table cells",
    "collapsed": "collapsed parts",
}


def groups(book: Book, chapter: Chapter) -> list[list[Cell]]:
    """The cells that have a language, in groups of twins: each has one of each language at most, in the book's order."""
    order = [language.code for language in book.languages]
    found: list[list[Cell]] = [[]]
    for cell in chapter.all_cells:
        language = cell.language if cell.is_markdown else None
        if language not in order:
            found.append([])
            continue
        if found[-1] and order.index(language) <= order.index(found[-1][-1].language):
            found.append([])
        found[-1].append(cell)
    return [group for group in found if group]


def whole_groups(book: Book, chapter: Chapter) -> list[list[Cell]]:
    """The groups of twins that lack no language."""
    return [group for group in groups(book, chapter) if len(group) == len(book.languages)]


@rule("chapter")
def texts_have_twins(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A text in one language has a twin in each other one, right behind it, in the order of the configuration."""
    tagged = any(cell.language for cell in chapter.all_cells if cell.is_markdown)
    for group in groups(book, chapter) if tagged else ():
        present = [cell.language for cell in group]
        missing = [language for language in book.languages if language.code not in present]
        if missing:
            yield Problem(
                chapter.where(group[0]),
                f"has no twin in {' and '.join(language.name for language in missing)}",
                f"Put it right behind, tagged lang-{missing[0].code}; the order is "
                f"{', '.join(language.code for language in book.languages)}.",
            )


@rule("chapter")
def twins_agree(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Twins have the same heading levels, formulas, inline code, code blocks, figures, links, table cells and collapsed parts."""
    for one, *others in whole_groups(book, chapter):
        for other in others:
            yield from compare(chapter, one, other)


def compare(chapter: Chapter, one: Cell, other: Cell) -> Iterator[Problem]:
    where, twin = chapter.where(one), f"cell {other.number} ({other.id})"
    levels = [[level for level, _ in cell.text.headings] for cell in (one, other)]
    if levels[0] != levels[1]:
        what = f"its heading levels {levels[0]} differ from {levels[1]} in its twin, {twin}"
        yield Problem(where, what, "Give both the same headings.")
    for attribute, name in AGREE.items():
        here, there = getattr(one.text, attribute), getattr(other.text, attribute)
        if here == there:
            continue
        if isinstance(here, set):
            only = ", ".join(sorted(here - there)) or "nothing", ", ".join(sorted(there - here)) or "nothing"
            detail = f"only here: {only[0]}; only there: {only[1]}"
        else:
            detail = f"here: {here}; there: {there}"
        yield Problem(where, f"its {name} differ from those of its twin, {twin}", f"Let both agree ({detail}).")
