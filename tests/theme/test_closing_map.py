"""theme/extension/closing_map.py"""

from __future__ import annotations

from test_landing import MAP


def chapters(book, drawn: str = MAP) -> None:
    (book.root / "images").mkdir()
    for name in ("book-map", "map-one"):
        (book.root / "images" / f"{name}.svg").write_text(drawn)
    book.write("index", "# Book\n\nA sentence.\n\n![the map of it](images/book-map.svg)\n\n*All.*")
    book.write("one", "# 하나: `x`\n\nA sentence.\n\n![where one stands](images/map-one.svg)\n\n*You are here.*")
    book.write("two", "# Two\n\nA sentence.")


def test_the_closing_map_is_links_with_titles(book):
    chapters(book)
    figure = book.build().article("one").select_one("figure.closing-map")
    links = figure.select("ol > li > a")
    assert [(link["href"], " ".join(link.text.split())) for link in links] == [
        ("one.html", "1 하나"),
        ("two.html", "2 Two"),
    ]
    assert [link.get("aria-current") for link in links] == ["page", None] and links[1]["rel"] == ["next"]
    assert [(link.img["src"].rsplit("/")[-1], link.img["alt"]) for link in links] == [
        ("book-map.svg#one", ""),
        ("book-map.svg#two", ""),
    ]
    assert "You are here." in figure.figcaption.text


def test_without_a_sign_for_each_chapter_the_picture_stays(book):
    chapters(book, drawn=MAP.replace("two", "other"))
    figure = book.build().article("one").select_one("figure")
    assert figure.img["src"].endswith("map-one.svg") and not figure.select("li")
