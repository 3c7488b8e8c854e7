"""theme/extension/landing.py"""

from __future__ import annotations

import shutil

from nbformat.v4 import new_code_cell

from support import ROOT

MAP = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="50" height="60">'
    '<view id="one" viewBox="0 0 9 9"/><view id="two" viewBox="9 0 9 9"/></svg>'
)
TABLE = "| chapter | what you learn |\n|---|---|\n| [One](one.ipynb) | how `a` is |\n| [Two](two.ipynb) | why |\n"


def index(book, table: str = TABLE, drawn: str = MAP) -> None:
    (book.root / "images").mkdir()
    (book.root / "images" / "book-map.svg").write_text(drawn)
    for name in ("one", "two"):
        exercise = new_code_cell("answer = ...", execution_count=1, metadata={"tags": ["exercise"]})
        book.write(name, f"# {name.title()}: about\n\nA sentence.", exercise, new_code_cell("1", execution_count=2))
    book.write(
        "index",
        "# Book\n\nThe question?\n\nMore.",
        f"## The chapters\n\n![the map of it](images/book-map.svg)\n\n*Follow the arrows.*\n\n{table}",
        "## Which question brings you here?\n\n- [Why `a`?](two.ipynb#two)\n- [How?](one.ipynb#one)",
        "## Run it yourself\n\nLike this.",
        anchors="book the-chapters which-question-brings-you-here run-it-yourself",
    )
    for name in ("one", "two"):
        assert (book.root / f"{name}.ipynb").exists()


def test_two_ways_lead_into_the_book_with_what_was_counted(book):
    index(book)
    article = book.build(parts=[["one"], ["two"]]).article("index")
    lead = article.select_one("p.lead")
    ways, proof = lead.find_next_siblings("p")[:2]
    assert [(link.text, link["href"]) for link in ways.select("a")] == [
        ("Start with chapter 1: One", "one.html"),
        ("I came with a question", "two.html"),
    ]
    assert proof.text.startswith("1 chapters, 2 exercises with solutions, 4 code cells. ")


def test_the_table_of_all_chapters_is_a_list_with_the_signs_of_the_map(book):
    index(book)
    article = book.build(parts=[["one"], ["two"]]).article("index")
    first, second = article.select("ul.chapter-cards > li")
    assert [part.name for part in first.find_all(recursive=False)] == ["img", "p", "p"]
    assert first.img["src"].endswith("_images/book-map.svg#one") and first.img["alt"] == ""
    assert " ".join(first.text.split()) == "1 One how a is" and first.a["href"] == "one.html"
    assert " ".join(second.text.split()) == "Two why"
    assert not article.select("table, figure"), "the map stands there in parts"


def test_without_a_sign_for_each_chapter_the_map_stays(book):
    index(book, drawn=MAP.replace("two", "other"))
    article = book.build().article("index")
    assert len(article.select(".chapter-cards img")) == 1 and article.select("figure")


def test_a_table_that_leads_to_some_chapters_stays_one(book):
    index(book, table="\n".join(TABLE.splitlines()[:3]))
    article = book.build().article("index")
    assert article.select("table") and article.select("figure") and not article.select(".chapter-cards")


def test_downloads_stand_where_the_text_says_how_to_run_it(book):
    index(book)
    built = book.build(book_downloads=["book.pdf"])
    row = built.article("index").select_one(".page-row")
    assert row.find_previous_sibling().name == "h2" and row.parent["id"] == "run-it-yourself"
    assert [link["href"] for link in row.select("a")] == ["notebooks/index.ipynb", "notebooks.zip", "book.pdf"]


def test_the_search_of_every_page_begins_with_the_questions(book):
    index(book)
    for name in ("index", "one"):
        found = book.build().page(name).select("dialog.search .frequent a")
        assert [(link.text, link["href"]) for link in found] == [("Why a?", "two.html#two"), ("How?", "one.html#one")]


def test_the_cells_of_the_first_page_can_be_run(book):
    """Its body stays whole until the programs that look at it have done so."""
    shutil.copytree(ROOT / "live", book.root / "live")
    cell = new_code_cell("1", execution_count=1)
    book.write("index", "# Book\n\nA sentence.", "## Run it yourself", cell, anchors="book run-it-yourself")
    page = book.build(book_python={"name": "x"}).page("index")
    assert page.select_one("#run-data") and page.select_one("#run-it-yourself .cell")
