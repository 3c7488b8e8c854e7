"""theme/extension/lines.py"""

from __future__ import annotations

import pytest

from theme.extension.lines import width


def text(built) -> str:
    return built.article("one").select_one("section > p:not(.page-row)").text


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("값 `y`는 큽니다.", "값 y\u2060는 큽니다."),
        ("값 `y`, 그리고", "값 y\u2060, 그리고"),
        ("The `y` is", "The y is"),
        ("`y`\nis", "y\nis"),
    ],
)
def test_code_holds_fast_to_what_follows_without_a_space(book, source, shown):
    book.write("one", f"# One\n\n{source}")
    assert text(book.build()) == shown


def test_a_formula_holds_fast_to_its_particle(book):
    book.write("one", "# 하나\n\n값 $h_t$는 큽니다.")
    assert text(book.build()).endswith("\u2060는 큽니다.")


def test_titles_are_left_alone(book):
    book.write("one", "# `y`는 무엇인가")
    built = book.build()
    assert "\u2060" not in built.article("one").h1.text
    assert "\u2060" not in built.page("one").title.text


def test_short_code_and_short_formulas_are_marked(book):
    book.write("one", f"# One\n\n`{'a' * 20}` and `{'b' * 21}`, ${'c' * 30}$ and ${'d' * 31}$")
    parts = book.build().article("one").select("p :is(code, .math)")
    assert {part.text[0]: "short" in part["class"] for part in parts} == {"a": True, "b": False, "c": True, "d": False}


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["x" * 46], ""),
        (["1" * 81], "long-lines"),
        (["1" * 51], "small"),
        (["1" * 52], "smaller"),
        (["1" * 58], ""),
        (["expected ndim=3, found ndim=2. Full shape received: (4, 5)"], "sentences"),
        (["LSTM      relu  step 1: 0.19  step 10: 1065.37 at"], "small"),
        (["a sentence that is too long for the screen of a phone", "1" * 51], "smaller"),
    ],
)
def test_outputs_with_long_lines_are_marked(lines, kind):
    assert width(lines) == kind


def test_code_has_long_lines_only_by_its_rule(book, printed):
    book.write("one", "# One", printed("y" * 81 + "\n"), f"```\n{'z' * 81}\n```")
    marked = {
        pre.text[0]: pre.find_parent(class_="long-lines") is not None
        for pre in book.build().article("one").select("pre")
    }
    assert (marked["y"], marked["z"]) == (True, False)


def test_a_line_does_not_end_within_3_d(book):
    book.write("one", "# One: a 3-D tensor\n\nA 3-D tensor, `3-D` x-DD.")
    built = book.build()
    assert text(built) == "A 3-\u2060D tensor, 3-D x-DD."
    assert built.page("one").select_one(".sidebar-tree small").text == "a 3-\u2060D tensor"
    assert built.page("one").title.text.startswith("One: a 3-D tensor")
