"""theme/extension/answers.py"""

from __future__ import annotations

import json
import shutil

import pytest
from nbformat.v4 import new_code_cell

from support import ROOT
from theme.extension.answers import read_exercise

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
        ("7", ['assert f(answer) > 1, "More."', 'assert f(answer) < 3, "Less."']),  # which one, only the cell knows
        ("7", ['assert answer == right, f"{right}?"']),
        ("7", ["for one in right:", '    assert one == answer, "?"']),
        ("7", ["with some():", '    assert answer == right, "?"']),
    ],
)
def test_what_only_the_cell_can_judge_is_left_to_it(solution, lines):
    assert read(solution, *lines) is None
    assert read_exercise("a = 3\nanswer = a", CHECK.format('assert answer == a, "?"')) is None


@pytest.fixture
def lesson(book):
    """A book with a chapter that has an exercise for the page, and one for the cell."""
    task = "## {}\n\nWhich shape?\n\n<details>\n<summary>Show</summary>\n\n```python\nanswer = {}\n```\n\n</details>"
    check = new_code_cell(CHECK.format('assert answer == right, "Axes & <time>?"'), metadata={"tags": ["exercise"]})
    book.write("one", "# One\n\nA sentence.", task.format("First", "(1, 4, 3)"), check, task.format("Second", "np.ones(3)"),
               check.copy())  # fmt: skip
    return book


@pytest.mark.parametrize("edition", ["en", "ko"])
def test_the_field_stands_between_task_and_solution(lesson, edition):
    shutil.copytree(ROOT / "live", lesson.root / "live")
    built = lesson.build(edition)
    (answer,) = built.article("one").select(".answer")
    assert answer.find_parent("section")["id"] == "first"
    assert answer.find_previous_sibling().text == "Which shape?" and answer.find_next_sibling().name == "details"
    assert json.loads(answer["data-exercise"]) == {"key": [1, 4, 3], "hints": [[None, "Axes & <time>?"]]}
    assert (built.folder / answer["data-program"].partition("?")[0]).is_file()
    assert answer.fieldset.has_attr("disabled") and answer.select_one("[role=status]").text == ""
    assert ".answer" in str(built.page("one").select_one("head noscript"))


def test_a_book_without_the_programs_has_no_field(lesson):
    assert not lesson.build().page("one").select(".answer")
