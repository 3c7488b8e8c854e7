"""What a chapter has to have."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book, Language
from ..markdown import parse
from ..notebook import Cell, Chapter, parsed
from .code import no_python, nodes
from .headings import anchored
from .registry import rule

# Chapters without the parts of a teaching chapter, by what they are: the first page, questions and answers, a list of words.
WITHOUT_PARTS = {"index", "faq", "glossary"}

FEW = 5  # a chapter with no more code cells than these teaches nothing that could be asked

EXERCISES, SOURCES = "exercises", "sources"

UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|TBD)\b|작성 중")
EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u231a\u231b\u23e9-\u23fa\u25fd\u25fe\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\u20e3\ufe0f]"
)
UNANSWERED = 'print("Replace ... with your answer.")'


def teaches(book: Book, chapter: Chapter) -> bool:
    """Whether a chapter has to have the parts of a teaching chapter."""
    return chapter.name not in WITHOUT_PARTS and sum(cell.is_code for cell in chapter.all_cells) > FEW


@rule("chapter")
def chapters_have_exercises_and_sources(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """A chapter of more than five code cells has ``## Exercises``, at least one, and names its ``## Sources``."""
    if not teaches(book, chapter):
        return
    for anchor, title in ((EXERCISES, "## Exercises"), (SOURCES, "## Sources")):
        if anchor not in chapter.anchors:
            yield Problem(chapter.file, f"has no section '{title}'", "Add it in all languages, see CONTRIBUTING.md.")
    if EXERCISES in chapter.anchors and not any("exercise" in cell.tags for cell in chapter.all_cells):
        yield Problem(chapter.file, "has no exercise", "Write one whose answer can be checked, see CONTRIBUTING.md.")


@rule("chapter")
def exercises_are_numbered(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Exercises are numbered from 1, each number once."""
    exercises = [
        (cell, int(found[1])) for cell, anchor in anchored(chapter) if (found := re.match(r"exercise-(\d+)-", anchor))
    ]
    numbers = [number for _, number in exercises]
    for place, (cell, number) in enumerate(exercises):
        if number != place + 1:
            twice = number in numbers[:place]
            what = f"exercise {number} stands there twice" if twice else f"its exercises have the numbers {numbers}"
            yield Problem(chapter.where(cell), what, "Number them 1, 2, 3 …")
            return


@rule("chapter")
def headings_of_exercises_are_alike(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """The English heading of an exercise is ``Exercise 2: Count the parameters``: a number, and a capital letter behind it."""
    for cell in chapter.texts("en"):
        for _, title in cell.text.headings:
            if re.match(r"Exercise\b", title) and not re.match(r"Exercise \d+: (?:[A-Z]|`)", title):
                yield Problem(chapter.where(cell), f"the heading is '{title}'", "Write 'Exercise 1: Two shapes'.")


@rule("chapter")
def exercises_have_collapsed_solutions(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Before the cell of an exercise stands its task with a collapsed solution, whose last code block defines ``answer``."""
    for cell in chapter.all_cells:
        if "exercise" not in cell.tags:
            continue
        if UNANSWERED not in cell.source or not re.search(r"^answer = \.\.\.", cell.source, re.M):
            what = "does not wait for an answer"
            yield Problem(chapter.where(cell), what, f"It needs a line 'answer = ...' and {UNANSWERED}.")
        for language in book.languages:
            task = task_of(chapter, cell, language)
            solution = task.text.code_blocks[-1][1] if task and task.text.code_blocks else ""
            if not re.search(r"\banswer\b", solution):
                what = f"has no collapsed solution in {language.name} that defines answer"
                yield Problem(chapter.where(cell), what, "Put the task with <details> and a code block before it.")
            elif wrong := no_python(solution) or "".join(parsed(solution)[2][:1]) or no_value(solution):
                what = f"its solution cannot be run: {wrong}"
                yield Problem(chapter.where(task), what, "Mend the last block of code: a test runs it.")


def task_of(chapter: Chapter, cell: Cell, language: Language) -> Cell | None:
    """The text with the collapsed solution before the cell of an exercise, if no other section begins between them."""
    for text in reversed(chapter.texts(language.code)):
        if text.number < cell.number and (text.text.collapsed or text.text.headings):
            kinds = [token.type for token in parse(text.source) if token.type in ("heading_open", "html_block")]
            return text if kinds[-1] == "html_block" and text.text.collapsed else None
    return None


# What a solution is written with that can be tried here at once, and ends at once.
PLAIN = (ast.Module, ast.Assign, ast.Name, ast.Constant, ast.Tuple, ast.Set, ast.UnaryOp, ast.unaryop, ast.expr_context,
         ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)  # fmt: skip
LARGE = 10**6


def no_value(solution: str) -> str:
    """Why a solution without names and calls, ``answer = 1 / 0``, has no value; nothing when it has one, or is another."""
    found = nodes(solution)
    large = any(isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value > LARGE for node in found)
    if large or not all(isinstance(node, PLAIN) for node in found):
        return ""
    try:
        exec(compile(parsed(solution)[0], "solution", "exec"), {"__builtins__": {}})
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


@rule("chapter")
def chapters_are_in_the_table(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """The first page links to each chapter, in every language."""
    index = book.chapters[0]
    if chapter is index:
        return
    for language in book.languages:
        links = [link.partition("#")[0] for cell in index.texts(language.code) for link in cell.text.links]
        if f"{chapter.name}.ipynb" not in links:
            what = f"{language.name}: no link leads to {chapter.name}.ipynb"
            yield Problem(index.file, what, "Add a line to its table of chapters.")


@rule("cell")
def nothing_is_unfinished(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Nothing says TODO or the like."""
    if found := UNFINISHED.search(cell.source):
        yield Problem(chapter.where(cell), f"says {found[0]}", "Finish it, or leave it out.")


@rule("cell")
def no_emoji(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No emoji: fonts of paper lack them, and screen readers read their names aloud."""
    if found := EMOJI.search(cell.source):
        yield Problem(chapter.where(cell), f"has the emoji {found[0]}", "Say it in words.")
