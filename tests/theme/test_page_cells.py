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
    "data": (cell('%config a\nkorean = """\n%x"""', "", "data"), "Data: korean · 3 lines"),
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


def attempt(output: str, code: str = "try:\n    f()\nexcept ValueError as error:\n    print(error)"):
    return cell(code, output)


def test_mistakes_and_exercises_are_cards(book):
    parts = ["## What goes wrong\n\n### Two names\n\nText.", attempt("not enough values to unpack it all\n")]
    parts += ["### No error\n\nText.", cell("x", "1\n"), "### No code\n\nText.", "#### Inner\n\nText."]
    parts += ["## Exercises\n\n### Exercise 1: One\n\nText.", cell("answer = ...", "", "exercise")]
    parts += ["## How it works\n\nText.\n\n### Another\n\nText.", cell("answer = ...", "", "exercise")]
    parts += ["## Sources\n\n### Books\n\nText."]
    book.write("one", "# One\n\nA sentence.", *parts)
    article = book.build().article("one")
    assert [card["id"] for card in article.select("section.mistake")] == ["two-names", "no-error", "no-code"]
    assert [card["id"] for card in article.select("section.exercise")] == ["exercise-1-one", "another"]
    assert [quote.find_parent("section")["id"] for quote in article.select(".message")] == ["two-names"]


def test_a_mistake_begins_with_the_message_that_its_reader_met(book):
    warned = "with warnings.catch_warnings(record=True) as caught:\n    f()\nprint(caught[0].message)"
    said = {
        "ValueError\nnot enough values to unpack it all\n": "not enough values to unpack it all",
        "Exception encountered when calling LSTM.call().\n\nlist index out of range\n": "list index out of range",
        "Only one of them can be set, whichever.\nReceived: 1\n": "Only one of them can be set, whichever.",
        "Two lines, of which the second\ngoes on\n\nmore\n": "Two lines, of which the second goes on",
    }
    cells = [attempt(output) for output in said]
    cells.append(attempt("Layer 'a' was passed an input with a mask\nand will destroy it.\ny (2, 8)\n", warned))
    parts = [part for number, one in enumerate(cells) for part in (f"### Case {number}\n\nText.", one)]
    book.write("one", "# One\n\nA sentence.", "## What goes wrong", *parts)
    cards = book.build().article("one").select("section.mistake")
    first = [card.h3.find_next_sibling() for card in cards]
    assert {one["class"][0] for one in first} == {"message"}
    warning = "Layer 'a' was passed an input with a mask and will destroy it."
    assert [one.text for one in first] == [*said.values(), warning]


def test_assertions_are_marked_without_text(book):
    source = "assert 1\nfor i in x:\n    assert i\nnp.testing.assert_equal(1, 1)\nx = 1  # assert\n"
    book.write("one", "# One\n\nA sentence.", cell(source), cell(source, "", "exercise"))
    first, exercise = book.build().article("one").select("div.cell")
    marks = first.select(".asserted")
    assert [mark["aria-label"] for mark in marks] == ["checked when this page was built"] * 3
    assert first.pre.text == source and not any(mark.text for mark in marks)
    assert not exercise.select(".asserted")


def test_code_has_a_span_for_each_stretch_of_a_colour(book):
    source = 'np.testing.assert_equal(x[0], 1)\nassert y is not None, f\'z {y}\'\n# one\n# two\nt = """a\nb"""'
    book.write("one", "# One\n\nWords of `code = 1`.", cell(source))
    article = book.build().article("one")
    code = article.select_one(".cell_input pre")
    assert code.text == source + "\n"
    inline = article.select_one("p > code")
    assert inline.text == "code = 1" and not inline.select("span")
    spans = [(span["class"][0], span.text) for span in code.select("span") if span["class"] != ["asserted"]]
    assert spans == [
        ("m", "0"), ("m", "1"), ("k", "assert"), ("k", "is not None"), ("s", "f'z {"), ("s", "}'"),
        ("c1", "# one\n# two"), ("s", '"""a\nb"""'),
    ]  # fmt: skip


def test_what_begins_far_to_the_right_can_begin_nearer_on_a_phone(book):
    code = "x = f(1,\n        2)\nname = function(1,\n                2)"
    book.write("one", "# One", cell(code))
    pre = book.build().article("one").select_one(".cell_input pre")
    assert [span.text for span in pre.select(".deep")] == [" " * 12] and pre.text.strip() == code


def test_what_a_phone_breaks_goes_on_below_its_own_beginning(book):
    within = "a_long_name = some_function('first', second)"
    code = "\n".join([
        "for x in y:", f"    {within}", "    short = 1", "    for z in x:", f"        {within} # 긴", f"            {within}",
        within, 't = """', f'    words of a text that are in one {within}"""', "f(1,", f"{' ' * 16}{within})",
    ])  # fmt: skip
    book.write("one", "# One", cell(code))
    pre = book.build().article("one").select_one(".cell_input pre")
    assert pre.text.strip() == code
    found = [(span["class"][0], span.text) for span in pre.select("[class^=in-]")]
    assert found == [
        ("in-4", within), ("in-8", f"{within} # 긴"), ("in-12", within), ("in-4", " " * 12 + within + ")"),
    ]  # fmt: skip
