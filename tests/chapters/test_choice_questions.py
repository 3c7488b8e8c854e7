"""Choice questions: their form, and that text and code cell name the same choice."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from nbformat.v4 import new_notebook

from builder.chapters.notebook import Chapter
from builder.chapters.questions import asserted, read_question
from builder.chapters.rules import questions as rules
from support import code, the_book, twins

ENGLISH = """**Check yourself.** Which is it?

1. One.
2. Two.
3. Three.

<details>
<summary>Show the answer</summary>

1. It is more.
2. **Right.** It is two.
3. It is less.

</details>"""
KOREAN = """**확인 문제.** 어느 것입니까?

1. 하나
2. 둘
3. 셋

<details>
<summary>답 보기</summary>

1. 더 많습니다.
2. **맞습니다.** 둘입니다.
3. 더 적습니다.

</details>"""
CHECK = "holds = [1 == 2, 2 == 2, 3 == 2]\nassert holds == [False, True, False]"

# what is replaced in the English twin or in the code -> what is said, and of which cell
SPOILT = {
    "no bold question": ("**Check yourself.** Which", "Which", "is no choice question", "ask-en"),
    "something beside it": ("Which is it?", "Which is it?\n\n- One more list.\n\n1. And one.", "has 4 choices and 3 answers", "ask-en"),
    "no fold": ("<details>\n<summary>Show the answer</summary>\n\n", "Answers:\n\n***\n\n", "is no choice question", "ask-en"),
    "a choice too many": ("3. Three.", "3. Three.\n4. Four.", "has 4 choices and 3 answers", "ask-en"),
    "two choices": ("1. One.\n2. Two.\n3. Three.", "1. One.\n2. Two.", "has 2 choices and 3 answers", "ask-en"),
    "another key in the text": ("1. It is more.\n2. **Right.** ", "1. **Right.** It is more.\n2. ", "calls choice 1 right, but the cell asserts 2", "ask-en"),
    "none is right": ("**Right.** ", "", "calls choice none right", "ask-en"),
    "another key in the code": ("[False, True, False]", "[False, False, True]", "calls choice 2 right, but the cell asserts 3", "ask-en"),
    "two keys": ("[False, True, False]", "[True, True, False]", "says that 2 choices hold", "ask"),
    "no assertion": ("assert holds == [False, True, False]", "print(holds)", "does not assert which choice holds", "ask"),
}  # fmt: skip


def chapter(change=lambda cell: None) -> Chapter:
    """A chapter that asks one question; ``change`` is called with each of its cells."""
    question = code("ask", CHECK, 1)
    question.metadata.tags = ["choice"]
    notebook = new_notebook(cells=[*twins("ask", KOREAN, ENGLISH), question])
    for cell in notebook.cells:
        change(cell)
    return Chapter("one", notebook, "en")


def said(chapter: Chapter) -> list[tuple[str, str]]:
    """(cell, what is wrong) of each problem that the rules of this file find."""
    book = SimpleNamespace(languages=the_book().languages)
    looks = (rules.choice_questions_have_their_form, rules.choice_questions_have_one_key)
    found = [problem for cell in chapter.all_cells for look in looks for problem in look(book, chapter, cell)]
    found += rules.teaching_chapters_ask(book, chapter)
    assert all(problem.remedy for problem in found)
    return [(problem.where.rpartition("(")[2].rstrip(")"), problem.what) for problem in found]


def test_a_choice_question_is_read():
    question = read_question(ENGLISH)
    assert (question.choices, question.answers, question.right) == (3, 3, (2,))
    assert asserted(CHECK) == (2,)


def test_its_form_is_allowed():
    assert said(chapter()) == []


@pytest.mark.parametrize("how", SPOILT)
def test_another_form_is_refused_with_its_cell(how):
    old, new, says, where = SPOILT[how]
    changed = []

    def change(cell):
        if cell.id in ("ask", "ask-en") and old in cell.source:
            changed.append(cell.id)
            cell.source = cell.source.replace(old, new)

    found = said(chapter(change))
    assert len(changed) == 1
    assert any(place == where and what.startswith(says) for place, what in found), found


def test_a_cell_without_a_question_is_refused():
    def change(cell):
        cell.metadata.tags = [tag for tag in cell.metadata.tags if not tag.startswith("lang")]

    assert said(chapter(change)) == [("ask", "has no question before it")]


def test_a_teaching_chapter_asks_three(monkeypatch):
    monkeypatch.setattr(rules, "teaches", lambda book, chapter: True)
    assert said(chapter()) == [("book/one.ipynb", "asks fewer than 3 choice questions")]
