"""Choice questions, which the page asks and whose key a code cell asserts."""

from __future__ import annotations

from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter
from ..questions import FEWEST, TAG, asserted, read_question
from .parts import teaches
from .registry import rule

LEAST = 3  # questions of a chapter


def question_cells(book: Book, chapter: Chapter, cell: Cell) -> list[Cell]:
    """The texts right before the cell of a choice question that ask it, one in each language."""
    before = chapter.all_cells[max(0, cell.number - 1 - len(book.languages)) : cell.number - 1]
    return [text for text in before if text.is_markdown and text.language]


@rule("cell")
def choice_questions_have_their_form(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Before a cell tagged ``choice``: a question that begins in bold, a numbered list, a collapsed list that answers each choice."""
    if TAG not in cell.tags:
        return
    texts = question_cells(book, chapter, cell)
    if len(texts) < len(book.languages):
        yield Problem(chapter.where(cell), "has no question before it", "Put its twins there, see CONTRIBUTING.md.")
    for text in texts:
        question = read_question(text.source)
        if question is None:
            what = "is no choice question, though a cell tagged 'choice' follows"
            yield Problem(
                chapter.where(text), what, "Give it the form that CONTRIBUTING.md shows, and nothing beside it."
            )
        elif question.choices < FEWEST or question.choices != question.answers:
            what = f"has {question.choices} choices and {question.answers} answers"
            yield Problem(chapter.where(text), what, f"Give at least {FEWEST} choices, each with its answer.")


@rule("cell")
def choice_questions_have_one_key(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A cell tagged ``choice`` asserts which choice holds: the one whose answer begins in bold, in every language."""
    if TAG not in cell.tags:
        return
    key = asserted(cell.source)
    if key is None:
        what = "does not assert which choice holds"
        yield Problem(chapter.where(cell), what, "It needs a line such as 'assert holds == [False, True, False]'.")
        return
    if len(key) != 1:
        yield Problem(chapter.where(cell), f"says that {len(key)} choices hold", "Let one hold, and the others not.")
    for text in question_cells(book, chapter, cell):
        question = read_question(text.source)
        if question and question.right != key:
            said = " and ".join(map(str, question.right)) or "none"
            what = f"calls choice {said} right, but the cell asserts {' and '.join(map(str, key)) or 'none'}"
            yield Problem(chapter.where(text), what, "Begin the answer of the right choice, and no other, in bold.")


@rule("chapter")
def teaching_chapters_ask(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A chapter that has exercises asks at least three choice questions, at the end of the sections that they are about."""
    if teaches(book, chapter) and sum(TAG in cell.tags for cell in chapter.all_cells) < LEAST:
        yield Problem(chapter.file, f"asks fewer than {LEAST} choice questions", "Write them, see CONTRIBUTING.md.")
