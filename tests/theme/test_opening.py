"""theme/extension/opening.py and chapters.py"""

from __future__ import annotations

import pytest
from nbformat.v4 import new_code_cell

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"></svg>'


def figure(book, name: str) -> str:
    (book.root / "images").mkdir(exist_ok=True)
    (book.root / "images" / f"{name}.svg").write_text(SVG)
    return f"![A gate of {name}. It is open.](images/{name}.svg)\n\n*Look at it.*"


def test_a_title_has_a_name_and_what_it_is_about(book):
    book.write("one", "# The `f` layer: what `y` is: more\n\nA sentence.")
    title = book.build().article("one").h1
    title.select_one(".headerlink").decompose()
    assert [part.text for part in title.find_all("span", recursive=False)] == ["The f layer", ": ", "what y is: more"]
    assert title.text == "The f layer: what y is: more"


@pytest.mark.parametrize("title", ["Questions", "At 10:30"])
def test_a_title_without_a_colon_stays_whole(book, title):
    book.write("one", f"# {title}\n\nA sentence.")
    assert not book.build().article("one").select("h1 .name")


def test_the_top_of_a_chapter_says_which_it_is_and_what_it_takes(book):
    exercises = [new_code_cell("answer = ...", execution_count=n, metadata={"tags": ["exercise"]}) for n in (1, 2)]
    book.write("one", "# One\n\nA sentence.", "## Exercises", *exercises)
    book.write("two", "# Two\n\nA sentence.", "## Back", anchors="two what-comes-back", minutes="35")
    built = book.build(book_downloads=["book.pdf", "book.epub"])
    one, two = built.article("one"), built.article("two")
    assert one.select_one("h1").find_previous_sibling(class_="eyebrow").text == "Chapter 1 of 2"
    assert [part.text for part in one.select_one("h1 + .page-row")] == ["2 exercises", "Notebook", "The book as PDF"]
    assert [(part.text, part.get("href")) for part in two.select_one("h1 + .page-row")] == [
        ("about 35 min", None),
        ("Notebook", "notebooks/two.ipynb"),
        ("The book as PDF", "book.pdf"),
        ("Skip to “Back”", "#what-comes-back"),
    ]
    assert not built.article("index").select(".ticks, .fact")


def test_the_last_of_several_parts_has_no_numbers(book):
    for name in ("one", "two", "three", "words"):
        book.write(name, f"# {name}\n\nA sentence.")
    built = book.build(parts=[["one", "two"], ["three"], ["words"]])
    said = {name: built.article(name).select_one(".eyebrow") for name in ("two", "three", "words")}
    assert {name: part and part.text for name, part in said.items()} == {
        "two": "Chapter 2 of 3",
        "three": "Chapter 3 of 3",
        "words": None,
    }


def test_the_key_figure_leads_from_the_first_screen_to_its_place(book):
    chapter = ["# One\n\nWhat it is for.\n\nWhat to read first.", f"## Part\n\n{figure(book, 'a')}", figure(book, "b")]
    book.write("one", *chapter, figure="b")
    article = book.build().article("one")
    lead, key, _ = article.select("section > p:not(.page-row)")[:3]
    assert (lead["class"], key["class"]) == (["lead"], ["key-figure"])
    image = key.a.img
    assert article.select_one(key.a["href"]).name == "figure"
    assert key.select_one(".number").text == article.select_one(f"{key.a['href']} .number").text == "Figure 1.2"
    assert image["src"].endswith("b.svg") and image["alt"] == "A gate of b."
    assert image.get("loading") is None and (image["width"], image["style"]) == ("200", "--ratio: 2.000")
    assert len(article.select("figure")) == 2 and all(img["loading"] == "lazy" for img in article.select("figure img"))


def test_the_key_figure_leads_to_its_chapter_from_the_one_before(book):
    book.write("one", "# One\n\nWhat it is for.")
    book.write("two", "# Two\n\nWhat it is for.", figure(book, "b"), figure="b")
    built = book.build()
    image = built.page("one").select_one("footer a.next-page img")
    assert (built.folder / image["src"]).is_file() and image["src"].endswith("/b.svg")
    assert (image["alt"], image["width"], image["loading"]) == ("", "200", "lazy")
    assert built.page("index").select("footer a.next-page") and not built.page("index").select("footer img")


@pytest.mark.parametrize("named", [{}, {"figure": ""}])
def test_a_chapter_without_a_key_figure_has_none(book, named):
    book.write("one", "# One\n\nWhat it is for.", **named)
    assert not book.build().article("one").select(".key-figure")
