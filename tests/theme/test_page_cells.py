"""theme/extension/cells.py"""

from __future__ import annotations

import base64
import struct

from nbformat.v4 import new_code_cell, new_output

PNG = base64.b64encode(
    b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 6, 4) + b"\x08\x06\x00\x00\x00" + bytes(4)
)
SETUP = "import math\n\nsentence = [\n" + "    1,\n" * 7 + "]\nx = 1\n\n\ndef show():\n    pass"


def cell(source: str, output: str = "", *tags: str, image: bool = False):
    outputs = [new_output("stream", name="stdout", text=output)] if output else []
    if image:
        outputs = [new_output("display_data", data={"image/png": PNG.decode()})]
    metadata = {"tags": list(tags)} if tags else {}
    if image:
        metadata["mystnb"] = {"image": {"alt": "a plot of one line", "width": "3px"}}
    return new_code_cell(source, execution_count=1, outputs=outputs, metadata=metadata)


FOLDED = {
    "setup": (cell(SETUP), "Setup: imports, sentence, show · 16 lines"),
    "plot": (cell("x = 1\ny", image=True), "Code of this figure, 2 lines"),
    "data": (cell('korean = """\nx\n"""', "", "data"), "Data: korean · 3 lines"),
    "exercise": (cell("answer = ...", "Replace ... with your answer.\n", "exercise"), "Check your answer in code"),
}
OPEN = {
    "short": cell("import math"),
    "other": cell("x = 1"),
    "result": cell(SETUP, "a result\n"),
    "no": cell(SETUP[8:]),
}


def test_code_that_few_read_is_folded_in_its_cell_and_other_code_is_open(book):
    for name, one in [*((name, one) for name, (one, _) in FOLDED.items()), *OPEN.items()]:
        book.write(name, "# One\n\nA sentence.", one)
    built = book.build()
    for name, (_, summary) in FOLDED.items():
        found = built.article(name).select_one("div.cell")
        assert found.details.summary.text == summary
        assert found.details.select_one(".cell_input pre") and not found.details.select(".cell_output")
        assert bool(found.select("img")) == (name == "plot"), "a plot stays in view"
        assert "Replace" not in found.text
    assert not any(built.article(name).select("div.cell details") for name in OPEN)


def test_only_the_first_cell_is_a_setup_and_words_are_of_the_edition(book):
    book.write("one", "# 하나\n\n문장입니다.", cell(SETUP), cell(SETUP))
    first, second = book.build("ko").article("one").select("div.cell")
    assert first.summary.text == "준비: 불러오기, sentence, show · 16줄" and not second.select("details")


def test_mistakes_and_exercises_are_cards_with_the_message_first(book):
    attempt = cell(
        "try:\n    f()\nexcept ValueError as error:\n    print(error)",
        "ValueError\nnot enough values to unpack it all\n",
    )
    parts = ["## What goes wrong\n\n### Two names\n\nText.", attempt, "### No error\n\nText.", cell("x", "1\n")]
    parts += [
        "## Exercises\n\n### Exercise 1: One\n\nText.",
        cell("answer = ...", "", "exercise"),
        "## Sources\n\n### Books\n\nText.",
    ]
    book.write("one", "# One\n\nA sentence.", *parts)
    cards = book.build().article("one").select("section.mistake, section.exercise")
    assert [card["id"] for card in cards] == ["two-names", "no-error", "exercise-1-one"]
    message = cards[0].h3.find_next_sibling()
    assert message["class"] == ["message"] and message.text == "not enough values to unpack it all"
    assert not cards[1].select(".message")


def test_assertions_are_marked_without_text(book):
    source = "assert 1\nfor i in x:\n    assert i\nnp.testing.assert_equal(1, 1)\nx = 1  # assert\n"
    book.write("one", "# One\n\nA sentence.", cell(source), cell(source, "", "exercise"))
    first, exercise = book.build().article("one").select("div.cell")
    marks = first.select(".asserted")
    assert [mark["aria-label"] for mark in marks] == ["checked when this page was built"] * 3
    assert first.pre.text == source and not any(mark.text for mark in marks)
    assert not exercise.select(".asserted")
