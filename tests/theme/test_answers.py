"""theme/extension/answers.py"""

from __future__ import annotations

import json
import shutil

import pytest
from nbformat.v4 import new_code_cell

from support import ROOT
from theme.extension.answers import read_exercise, read_said

CHECK = """answer = ...  # a shape

if answer is ...:
    print("Replace ... with your answer.")
else:
    right = computed()
    {}
    print("Correct!")"""


def read(solution: str, *lines: str) -> dict | None:
    return read_exercise(f"answer = {solution}", CHECK.format("\n    ".join(lines)))


@pytest.mark.parametrize(
    ("solution", "lines", "key", "hints"),
    [
        ("(1, 4)", ['assert answer == right, "Axes?"'], [1, 4], [[None, "Axes?"]]),
        ("4 * 7 - 2**3", ['assert answer == right, ("Count" " again.")'], 20, [[None, "Count again."]]),
        ('{"d", "b"}', ['hint = "Which?"', "assert set(answer) == right, hint"], {"set": ["b", "d"]}, [[None, "Which?"]]),
        ("(({1}, 2),)", ['assert right, "?"'], [[{"set": [1]}, 2]], [[None, "?"]]),
        ("0.2", ["assert other", 'assert f(answer) < right, "?"'], 0.2, [[None, "?"]]),
        ("((1, 2), (3,))", ['assert len(answer) == right, "How many?"', 'assert answer[1] == right, "Two?"',
         'assert tuple(answer) == right, "Axes?"'], [[1, 2], [3]], [["length", "How many?"], [1, "Two?"], [None, "Axes?"]]),
        ("(5, 6)", ["for yours, flag in zip(answer, (True, False), strict=True):", '    assert yours == f(flag), f"{flag}?"'],
         [5, 6], [[0, "True?"], [1, "False?"]]),
        ("int(np.ceil(5.2))", ['assert not np.isclose(answer, 2.5), "Two?"', 'assert answer >= right, "More."', 'assert answer == right, "?"'],
         6, [[{"is": 2.5}, "Two?"], ["below", "More."], [None, "?"]]),
        ("6", ['assert f(answer) > 1, "More."', 'assert g(answer) <= 3, "Less."'], 6, [["below", "More."], ["above", "Less."]]),
        ("next(n for n in range(9) if 2**n > 60) - np.log(1)", ['assert answer == right, "?"'], 6, [[None, "?"]]),
        ("(5, 6)", ["for number, (one, two) in enumerate(zip(answer, right), 1):", '    assert one == two, f"No. {number}?"'],
         [5, 6], [[0, "No. 1?"], [1, "No. 2?"]]),
    ],
)  # fmt: skip
def test_key_and_hints_are_read_from_solution_and_check(solution, lines, key, hints):
    assert read(solution, *lines) == {"key": key, "hints": hints}


def test_how_far_a_number_may_be_off_is_what_the_check_allows():
    assert read("(1 / 4, 2)", 'assert np.allclose(answer, right, atol=5e-3), "?"')["near"] == 0.005


@pytest.mark.parametrize(
    ("solution", "lines"),
    [
        ("np.zeros(3)", ['assert answer == right, "?"']),  # wants code
        ("lambda x: x", ['assert answer == right, "?"']),
        ('"relu"', ['assert answer == right, "?"']),  # others may be right too
        ("[1, 2]", ['assert answer == right, "?"']),
        ("(1, 2)", ["assert answer == right"]),  # nothing to say
        (
            "7",
            ['assert f(answer) > 1, "More."', 'assert f(answer) < 9, "?"', 'assert g(answer) < 3, "Less."'],
        ),  # which one?
        ("(1, 2)", ['assert f(answer) > 1, "More."', 'assert f(answer) < 3, "Less."']),
        ("right / 2", ['assert answer == right, "?"']),
        ("np.log(0)", ['assert answer == right, "?"']),
        ("7", ['assert answer == right, f"{right}?"']),
        ("7", ["for one in right:", '    assert one == answer, "?"']),
        ("7", ["with some():", '    assert answer == right, "?"']),
    ],
)
def test_what_only_the_cell_can_judge_is_left_to_it(solution, lines):
    assert read(solution, *lines) is None


def test_a_solution_may_have_several_lines():
    check = CHECK.format('assert answer == right, "?"')
    assert read_exercise("a = 3\nanswer = (a, 2 * a)", check)["key"] == [3, 6]
    assert read_exercise("a = np.zeros(3)\nanswer = 2 * a", check) is None
    assert read_exercise("def answer(): pass", check) is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['assert answer == 1, "Not yet: one?"', 'assert answer == 1, "Not yet: no."', 'assert answer, "Not yet: two?"'],
         ["Not yet: one?", "Not yet: two?"]),
        (['assert answer == 1, "Not yet: one."', 'hint = "Not yet: two."', "assert answer == 1, hint"], ["Not yet: two."]),
        (['for one in right:', '    hint = "Not yet: one?"', "    assert one, hint", 'assert answer, "Not one."'], ["Not yet: one?"]),
        (['assert len(answer) == 3, "Not yet: three?"', 'assert answer > 3, "Not yet: too small."', 'assert answer, "Wrong."'], []),
        (['assert answer >= 3, "Not yet: too small."', 'assert answer == 3, "Not yet: too large."'], []),
        (['assert not np.isclose(answer, 2), "Not yet: two?"', 'assert answer == 3, "Not yet: three."'], ["Not yet: three."]),
        (["for number in (1, 2):", '    assert answer, f"Not yet: number {number}?"'], []),
    ],
)  # fmt: skip
def test_what_helps_before_there_is_an_answer(lines, said):
    assert read_said(CHECK.format("\n    ".join(lines))) == said


@pytest.fixture
def lesson(book):
    """A book with a chapter that has an exercise for the page, and one for the cell."""
    task = "## {}\n\nWhich shape?\n\n<details>\n<summary>Show</summary>\n\n```python\nanswer = {}\n```\n\n</details>"
    line = 'assert answer == right, "Not yet: axes & <time>?"'
    check = new_code_cell(CHECK.format(line), metadata={"tags": ["exercise"], "name": "check"})
    book.write("one", "# One\n\nA sentence.", task.format("First", "(1, 4, 3)"), check, task.format("Second", "np.ones(3)"),
               check.copy())  # fmt: skip
    return book


@pytest.mark.parametrize(
    ("edition", "translation", "hint", "language"),
    [
        ("en", None, "Axes & <time>?", None),
        ("ko", "축은?", "축은?", None),
        ("ko", None, "Axes & <time>?", "en"),
    ],
)
def test_field_and_hint_stand_between_task_and_solution(lesson, edition, translation, hint, language):
    shutil.copytree(ROOT / "live", lesson.root / "live")
    if translation:
        hints = lesson.root / "live" / "predict" / "hints.ko.json"
        hints.write_text(json.dumps({"axes & <time>?": translation}), encoding="utf-8")
    built = lesson.build(edition)
    article = built.article("one")
    (answer,) = article.select(".answer")
    assert answer.find_parent("section")["id"] == "first" and answer["data-id"] == "one.check"
    assert answer.find_previous_sibling().text == "Which shape?"
    exercise = json.loads(answer["data-exercise"])
    assert (
        exercise["key"] == [1, 4, 3]
        and exercise["hints"][0][1].lower() == hint.lower()
        and exercise.get("lang") == language
    )
    folds = article.select("details.hint")
    assert (
        len(folds) == 2
        and folds[0].find_previous_sibling() is answer
        and folds[0].find_next_sibling().name == "details"
    )
    assert [(fold.p.text, fold.p.get("lang")) for fold in folds] == [(hint, language)] * 2
    assert (built.folder / answer["data-program"].partition("?")[0]).is_file()
    assert answer.fieldset.has_attr("disabled") and answer.select_one("[role=status]").text == ""
    assert ".answer" in str(built.page("one").select_one("head noscript"))


def test_a_book_without_the_programs_has_no_field_and_no_hint(lesson):
    assert not lesson.build().page("one").select(".answer, .hint")
