"""`make mutants`: each kind of change makes what it says, and a cell is tried with what it needs."""

from __future__ import annotations

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_output

from builder.chapters.notebook import Cell, Chapter
from builder.messages import Refused
from builder.quality import mutants
from builder.quality.forked import run_cells
from builder.quality.mutants import Code, changes_of, mutants_of, print_mutants, read_equivalent
from support import run_builder, small_book, spoilt

CHANGES = [
    ("operator", "f * c + i * g", {"f * c - i * g", "f + c + i * g", "f * c + i + g"}),
    ("operator", "x @ W - b", {"x @ W + b", "x - b"}),
    ("operator", "-x", {"x"}),
    ("operator", "~known", {"known"}),
    ("operator", "(a + b) * c", {"(a + b) + c", "(a - b) * c"}),
    ("index", "y[0, -1]", {"y[1, -1]", "y[0, -2]"}),
    ("index", "shape[2]", {"shape[1]"}),
    ("slice", "x[1:n]", {"x[1 + 1:n]", "x[1:n + 1]"}),
    ("slice", "x[::-1]", {"x[::1]"}),
    ("unpacking", "y, h, c = run", {"h, y, c = run", "y, c, h = run"}),
    ("units", "LSTM(3)", {"LSTM(4)"}),
    ("switch", "f(return_state=True)", {"f(return_state=False)"}),
    ("direction", "GRU(3, name='a')", {"GRU(3, name='a', go_backwards=True)"}),
    ("direction", "GRUCell(3)", set()),
    ("wrapper", "Bidirectional(LSTM(3), name='a')", {"LSTM(3)"}),
    ("mask", "f(x, mask=known)", {"f(x, mask=None)"}),
    ("mask", "Embedding(4, 3, mask_zero=True)", {"Embedding(4, 3, mask_zero=False)"}),
    ("mask", "Masking()", {"keras.layers.Identity()"}),
    ("merge mode", "f(merge_mode='mul')", {"f(merge_mode='ave')"}),
    ("state hand-over", "f(x, initial_state=[h, c])", {"f(x, initial_state=[c, h])", "f(x, initial_state=None)"}),
    ("axis", "f(x, axis=-1)", {"f(x, axis=0)"}),
    ("axis", "f(x, axis=0)", {"f(x, axis=1)"}),
    ("function", "np.max(x)", {"np.min(x)"}),
    ("argument order", "np.concatenate([a, b])", {"np.concatenate([b, a])"}),
]


def chapter(*cells: nbformat.NotebookNode) -> Chapter:
    return Chapter("one", nbformat.v4.new_notebook(cells=list(cells)), "en")


def code(id: str, source: str, printed: str = "", tags: tuple[str, ...] = ()) -> nbformat.NotebookNode:
    outputs = [new_output("stream", name="stdout", text=printed)] if printed else []
    return new_code_cell(source, id=id, outputs=outputs, metadata={"tags": list(tags)})


def made(source: str, kind: str | None = None) -> list[str]:
    cell = Cell(1, code("cell", source))
    return [mutant.source for mutant in changes_of(chapter(cell.node), cell) if kind in (None, mutant.kind)]


@pytest.mark.parametrize(("kind", "source", "changed"), CHANGES, ids=lambda value: value if type(value) is str else "")
def test_a_kind_makes_what_it_says(kind, source, changed):
    assert set(made(source, kind)) == changed


def test_only_the_place_is_changed_and_all_of_it_is_python():
    source = "값 = f(\n    a,  # 하나\n    b[0],\n) * 2\n"
    assert set(made(source)) == {source.replace("[0]", "[1]"), source.replace(") * 2", ") + 2")}


def test_a_line_of_a_string_stays():
    assert made('%config a\nx = b[0], """\n%d"""') == ['\nx = b[1], """\n%d"""']


def test_assertions_and_errors_shown_on_purpose_are_not_changed():
    assert made("assert a + b == c[0]\nnp.testing.assert_allclose(a + b, c)") == []
    assert made("try:\n    f(a + b)\nexcept ValueError as error:\n    print(error)") == []


@pytest.mark.parametrize("tag", ["exercise", "data", "measured", "nbval-skip", "nbval-ignore-output"])
def test_cells_whose_outputs_are_not_compared_are_not_changed(tag):
    assert len(list(mutants_of(chapter(code("a", "b[0]"))))) == 1
    assert list(mutants_of(chapter(code("a", "b[0]", tags=(tag,))))) == []


def test_like_changes_of_like_lines_have_names_of_their_own():
    keys = [mutant.key for mutant in mutants_of(chapter(code("a", "f(x[0])\nf(x[0])")))]
    assert keys == [("one", "a", "f(x[0])", "0 -> 1"), ("one", "a", "f(x[0])", "0 -> 1 (2)")]


def test_only_what_something_tells_is_tried():
    cells = [code("a", "x = b[0]"), code("b", "y = x[0]", "1\n", ("measured",)), code("c", "z = b[1]", "2\n")]
    known = Code(chapter(*cells))
    assert [known.seen(place) for place in range(3)] == [False, False, True]


@pytest.mark.parametrize(("tags", "seen"), [(("measured",), False), ((), True)])
def test_what_only_a_training_in_between_hands_on_is_not_tried(tags, seen):
    cells = [code("a", "x = b[0]"), code("b", "y = train(x)", tags=tags), code("c", "print(y)", "1\n")]
    assert Code(chapter(*cells)).seen(0) == seen
    cells.insert(1, code("d", "print(x)", "1\n"))
    assert Code(chapter(*cells)).seen(0)


def test_where_chance_goes_on_from_an_exempt_cell_all_before_a_cell_is_run():
    one = chapter(code("a", "draw()", tags=("measured",)), code("b", "x = draw()\nprint(x[0])", "1\n"))

    class Runs:
        def run(self, before, versions):
            drawn = any(cell.id == "a" for cell in before)
            return [mutants.Outcome(None if drawn and cell["source"] == "ok" else "b") for cell, *_ in versions]

    of_one = mutants.Code(one)
    of_one.cells[1]["source"] = "ok"
    found = mutants.unchanged_and(Runs(), of_one, 1, ([], []), [{"source": "ok"}, {"source": "changed"}])
    assert [outcome.cell for outcome in found] == [None, "b"]


@pytest.mark.parametrize(("assertion", "seen"), [("", False), ("\nassert y", True)])
def test_a_cell_that_only_draws_is_not_tried(assertion, seen):
    cells = [code("a", "y = x[0]\nplot(y)" + assertion), code("b", "print(y)", "1\n")]
    cells[0].outputs = data(image_png="a")
    assert Code(chapter(*cells)).seen(0) == seen


def data(**kinds: str) -> list[nbformat.NotebookNode]:
    return [new_output("display_data", data={kind.replace("_", "/"): value for kind, value in kinds.items()})]


ERROR = [new_output("error", ename="ValueError", evalue="shape (3,)", traceback=[])]
OTHER_ERROR = [new_output("error", ename="ValueError", evalue="shape (4,)", traceback=[])]


@pytest.mark.parametrize(("outputs", "told"), [(ERROR, None), (OTHER_ERROR, "a")])
def test_a_cell_that_ends_in_an_error_is_compared_by_its_words(outputs, told):
    cell = code("a", "raise ValueError('shape (3,)')", tags=("raises-exception",))
    cell.outputs = outputs
    assert run_cells([cell]).cell == told


def listed(folder, text: str, encoding: str = "utf-8"):
    (folder / "tests" / "book").mkdir(parents=True)
    (folder / mutants.EQUIVALENT).write_text(text, encoding=encoding)
    return folder


ENTRY = "one:\n  a:\n    - why: one row\n      changes:\n        print(b[0]): [0 -> 1]\n"


def test_a_list_in_another_encoding_is_named(tmp_path):
    with pytest.raises(Refused, match=f"^{mutants.EQUIVALENT.as_posix()}: cannot be read"):
        read_equivalent(listed(tmp_path, ENTRY.replace("one row", "한 행"), "euc-kr"))


def test_a_kind_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="No change is of the kind 'nonsense'. Kinds are: index."):
        print_mutants(listed(tmp_path, "{}"), [chapter(code("a", "b[0]"))], ["nonsense"])


@pytest.mark.parametrize(
    ("source", "said"), [("x = (", "one.ipynb, cell 6 (value): is no Python"), (None, "one.ipynb: is not a readable")]
)
def test_no_change_is_tried_of_a_chapter_with_problems(tmp_path, source, said):
    done = run_builder(spoilt(small_book(tmp_path / "book"), source), "mutants")
    assert done.returncode == 1 and said in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("listing", "told", "says"),
    [
        ("{}", False, "nothing tells 0 -> 1 in 'print(b[0])'"),
        ("{}", True, None),
        (ENTRY, False, None),
        (ENTRY, True, "is told"),
        (ENTRY.replace("b[0]", "b[7]"), True, "does not occur"),
        ("one: 3", True, "cannot be read"),
    ],
)
def test_what_survives_is_refused_unless_it_is_listed(tmp_path, monkeypatch, capsys, listing, told, says):
    def results(chapters, tried, report):
        return [mutants.Result(one, mutants.Outcome("a" if told else None)) for one in tried]

    monkeypatch.setattr(mutants, "try_mutants", results)
    one = chapter(code("a", "print(b[0])", "1\n"))
    if says is None:
        print_mutants(listed(tmp_path, listing), [one], [])
        assert "| all | 1 |" in capsys.readouterr().out
    else:
        with pytest.raises(Refused, match=re.escape(says)):
            print_mutants(listed(tmp_path, listing), [one], [])


def test_the_list_has_a_reason_for_each(tmp_path):
    assert read_equivalent(listed(tmp_path, ENTRY)) == {("one", "a", "print(b[0])", "0 -> 1"): "one row"}
