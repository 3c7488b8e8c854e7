"""theme/extension/tables.py"""

from __future__ import annotations

LONG = "long " * 9


def tables(book, *texts: str):
    book.write("one", "# One\n\nA sentence.\n\n" + "\n\nText.\n\n".join(texts))
    return book.build().article("one").select("table")


def read(row) -> list[str]:
    """What a phone shows of a row, line by line."""
    return [" ".join(cell.text.split()) for cell in row.select("td") if cell.text.strip()]


def test_a_table_with_sentences_is_read_row_by_row_and_names_its_columns(book):
    head = "| symbol | the `meaning` | shape |\n|---|---|---|\n"
    rows, matrix = tables(book, f"{head}| $h$ | {LONG} | `(1, 3)` |\n| $c$ | | 1 |", f"{head}| $h$ | short | 1 |")
    assert "rows" in rows["class"] and "rows" not in matrix["class"] and not matrix.select(".label")
    first, second = rows.select("tbody tr")
    assert read(first)[1:] == [f"the meaning: {LONG.strip()}", "shape: (1, 3)"]
    assert read(second)[1:] == ["shape: 1"], "a blank cell has no name"
    assert first.select_one(".label code"), "a name keeps its code"


def test_first_cells_that_are_no_names_have_the_name_of_their_column_too(book):
    head = "| returns | a | meaning |\n|---|---|---|\n"
    twice, value, name = tables(
        book,
        f"{head}| yes | 1 | {LONG} |\n| yes | 2 | b |",
        f"{head}| `True` | 1 | {LONG} |\n| x | 2 | b |",
        f"{head}| h | 1 | {LONG} |\n| c | 2 | b |",
    )
    assert read(twice.select("tr")[2])[0] == "returns: yes" and read(value.select("tr")[1])[0] == "returns: True"
    assert read(name.select("tr")[1])[0] == "h"
    assert [table.get("class").count("named") for table in (twice, value, name)] == [0, 0, 1]


def test_cells_that_a_row_leaves_blank_are_said_again(book):
    head = "| sequences | state | returned | meaning |\n|---|---|---|---|\n"
    (table,) = tables(book, f"{head}| `False` | `True` | y | {LONG} |\n| | | h | |\n| | | c | b |")
    again = [read(row) for row in table.select("tbody tr")[1:]]
    settings = ["sequences: False", "state: True"]
    assert again == [[*settings, "returned: h"], [*settings, "returned: c", "meaning: b"]]
    assert len(table.select("td > p.again")) == 4


def test_a_long_cell_stands_below_its_name(book):
    head = "| name | meaning | other |\n|---|---|---|\n"
    (table,) = tables(book, f"{head}| a | {LONG * 2} | {LONG} |")
    assert [label.text for label in table.select(".label.above")] == ["meaning: "]


def test_two_columns_keep_their_head(book):
    (table,) = tables(book, f"| old | new |\n|---|---|\n| `a` | {LONG} |\n| `b` | c |")
    assert "pairs" in table["class"] and not table.select(".label")
