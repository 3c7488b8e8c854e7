"""theme/extension/predict.py"""

from __future__ import annotations

import shutil

import pytest
from nbformat.v4 import new_code_cell

from support import ROOT

QUESTION = """Text before.

**Check yourself.** Which of $h_t$ and `y`?

1. One.
2. Two.
3. Three.

<details>
<summary>Show the answer</summary>

1. No.
2. No.
3. **Right.** Yes.

</details>"""


@pytest.fixture
def asking(book):
    """A book with a chapter that asks a question."""
    cell = new_code_cell(
        "assert holds == [False, False, True]", execution_count=1, metadata={"tags": ["choice"], "name": "ask-it"}
    )
    book.write("one", "# One\n\nA sentence.", QUESTION, cell, "## Next\n\nText behind.")
    return book


def test_a_question_and_its_cell_stand_in_one_element(asking):
    shutil.copytree(ROOT / "live", asking.root / "live")
    built = asking.build()
    (question,) = built.article("one").select(".choice")
    assert question["data-id"] == "one.ask-it" and question["data-key"] == "3"
    assert [part.name for part in question.find_all(recursive=False)] == ["p", "ol", "details", "details"]
    assert "Text before" not in question.text and "Text behind" not in question.text
    assert (built.folder / question["data-program"].partition("?")[0]).is_file()
    assert not built.page("index").select(".choice, .predict-switch")


def test_the_switch_stands_where_a_cell_prints_shapes(book, printed):
    shutil.copytree(ROOT / "live", book.root / "live")
    book.write("one", "# One\n\nA sentence.", printed("y  shape (1, 4, 3)\n[[1]]\n"))
    book.write("two", "# Two\n\nA sentence.", printed("x (4, 5) -> (1, 3)\n"))
    built = book.build()
    (switch,) = built.page("one").select(".predict-switch")
    assert ".predict-switch" in str(built.page("one").select_one("head noscript"))
    assert not switch.has_attr("hidden") and (built.folder / switch["data-reveal"].partition("?")[0]).is_file()
    assert not built.page("two").select(".predict-switch")


def test_a_book_without_the_programs_keeps_lists(asking):
    assert not asking.build().page("one").select(".choice, #predict, .predict-switch")
