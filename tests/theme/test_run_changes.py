"""theme/extension/run.py: the changes that texts suggest, and what is said of a cell beforehand."""

from __future__ import annotations

import json
import shutil

import pytest
from nbformat.v4 import new_code_cell
from sphinx.errors import ExtensionError

from builder.python.cells import OUTCOMES, RANKS
from support import LANGUAGES, ROOT
from theme.extension.run import changes


def suggestion(text: str) -> list[dict]:
    """Two code cells, and a text below them."""
    cells = ("code", "u = 3\nn, T = 5, 4"), ("code", "for T in (1, 2):\n    u = T"), ("markdown", text)
    return [{"cell_type": kind, "id": f"{kind}-en", "source": [source]} for kind, source in cells]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**Try.** Write `u = 4`, then `n, T = 5, 2`; `T` is new.", [["u = 4", 1], ["n, T = 5, 2", 0]]),
        ("Words.\n\n**Try.** A new cell:\n\n```python\nu = 4\n```", []),
        ("**Not that.** Write `u = 4`.", []),
    ],
)
def test_a_change_belongs_to_the_nearest_cell_with_such_a_line(text, found):
    assert changes(suggestion(text), "Try.", "one") == found


def test_a_suggestion_without_a_change_stops_the_build():
    with pytest.raises(ExtensionError, match="one, cell markdown-en: 'Try.' names no change"):
        changes(suggestion("**Try.** Write `v = 4`."), "Try.", "one")


COLAB = "https://colab.research.google.com/github/owner/book/blob/gh-pages/en/notebooks/{chapter}.ipynb"


@pytest.mark.parametrize("links", [{"colab": COLAB}, {}], ids=["Colab", "no address"])
def test_a_cell_that_cannot_run_says_why_and_where_it_can(book, printed, links):
    words = json.loads((ROOT / "live/run/words.en.json").read_text("utf-8"))
    shutil.copytree(ROOT / "live", book.root / "live")
    cells = [
        printed("1\n"),
        printed("1\n"),
        printed("1\n", tags=["data"]),
        printed("1\n"),
        new_code_cell("1 + 1", execution_count=1),
    ]
    becomes = ["same", "training", "fails", "draws"]
    known = {f"one-{number}": outcome for number, outcome in enumerate(becomes, 1)}
    (book.root / "live/run/cells.json").write_text(json.dumps({"one": known}))
    book.write("one", "# One\n\nA sentence.", *cells)
    built = book.build(book_python={"name": "x"}, book_links=links)
    lines = [cell.select_one(".run-line") for cell in built.article("one").select("div.cell")]
    assert lines[0] is lines[4] is None
    colab = [(words["colab"], COLAB.format(chapter="one"))] if links else []
    for line, outcome in zip(lines[1:4], becomes[1:]):
        assert line.text.startswith(words["beforehand"][outcome])
        assert line.find_previous_sibling().select("pre"), "it stands below the code"
        links = [(link.text, link["href"]) for link in line.select("a")]
        assert links == ([] if outcome == "draws" else [*colab, (words["download"], "notebooks/one.ipynb")])
    assert lines[2].parent.name == "details", "it is folded with its code"
    assert json.loads(built.page("one").select_one("#run-data").text)["colab"] == "".join(link for _, link in colab)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_cell_that_cannot_run_has_a_sentence(language):
    words = json.loads((ROOT / f"live/run/words.{language}.json").read_text("utf-8"))
    assert words["beforehand"].keys() == {"draws"} | {name for name in OUTCOMES if RANKS[name] == RANKS["fails"]}
