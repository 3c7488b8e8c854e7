"""theme/extension/figures.py"""

from __future__ import annotations

import base64
import struct

import pytest

DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><circle cx="5" cy="5" r="4"/></svg>'


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height) + b"\x08\x06\x00\x00\x00" + bytes(4)


@pytest.fixture(autouse=True)
def images(book):
    folder = book.root / "images"
    folder.mkdir()
    (folder / "dot.svg").write_text(DOT)
    (folder / "unsized.svg").write_text(DOT.replace(' width="20" height="10"', ""))
    (folder / "red.png").write_bytes(png(6, 4))


def test_a_picture_and_the_emphasis_behind_it_are_a_figure_with_a_number(book):
    book.write("one", "# One\n\n![one dot](images/dot.svg)\n\n*A small dot.*\n\nText.")
    figure = book.build().article("one").select_one("figure")
    assert figure["id"] == "figure-dot"
    assert figure.img["alt"] == "one dot"
    assert figure.figcaption.select_one(".caption-text").text == "Figure 1.1 A small dot."
    assert figure.figcaption.select_one(".number").text == "Figure 1.1"


@pytest.mark.parametrize("behind", ["Text with *emphasis*.", "## Second", "- a list\n\n*Not right behind.*"])
def test_other_text_is_no_caption(book, behind):
    book.write("one", f"# One\n\n![one dot](images/dot.svg)\n\n{behind}")
    article = book.build().article("one")
    assert article.figure.select_one(".caption-text").text.strip() == "Figure 1.1"


def test_figures_and_plots_are_counted_together_in_each_chapter(book, printed):
    dot = "![one dot](images/dot.svg)\n\n*A dot.*"
    plot = printed({"image/svg+xml": DOT, "text/plain": "<Figure>"}, mystnb={"image": {"alt": "a plot"}}, name="drawn")
    for name in ("index", "one", "two", "words"):
        book.write(name, f"# {name}\n\n{dot}", plot, "*A plot.*\n\nText.", dot)
    built = book.build("ko", parts=[["one", "two"], ["words"]])
    for name, number in {"index": "", "one": "1.", "two": "2.", "words": ""}.items():
        figures = built.article(name).select("figure")
        assert [figure.select_one(".caption-text").text for figure in figures] == [
            f"그림 {number}1 A dot.",
            f"그림 {number}2 A plot.",
            f"그림 {number}3 A dot.",
        ]
        assert [figure["id"] for figure in figures] == ["figure-dot", "figure-drawn", "figure-dot-2"]
        assert figures[1].img["alt"] == "a plot" and figures[1].find_parent(class_="cell_output")


def test_a_picture_in_a_sentence_is_no_figure(book):
    book.write("one", "# One\n\nThis ![dot](images/dot.svg) is a dot.")
    article = book.build().article("one")
    assert article.select("p > img") and not article.select("figure")


@pytest.mark.parametrize(
    ("source", "size"),
    [("images/dot.svg", ("20", "10")), ("images/red.png", ("6", "4")), ("images/unsized.svg", (None, None))],
)
def test_pictures_say_their_size_and_wait_until_they_are_in_view(book, source, size):
    book.write("one", f'# One\n\n![a "dot"]({source})')
    image = book.build().article("one").img
    assert (image.get("width"), image.get("height")) == size
    assert image["loading"] == "lazy"
    assert image["alt"] == 'a "dot"'


def test_a_missing_picture_is_a_warning_that_names_it(book):
    book.write("one", "# One\n\n![gone](images/gone.svg)")
    built = book.build()
    assert built.status == 1
    assert "one.ipynb" in built.warnings and "image file not readable: images/gone.svg" in built.warnings


def test_a_picture_of_another_site_is_left_there(book):
    book.write("one", "# One\n\n![far](https://example.org/far.svg)")
    assert book.build().article("one").img["src"] == "https://example.org/far.svg"


def test_a_plot_of_double_density_is_shown_at_half_its_size(book, printed):
    plot = {"image/png": base64.b64encode(png(600, 301)).decode()}
    book.write("one", "# One", printed(plot, mystnb={"image": {"alt": "a plot", "width": "300px"}}))
    image = book.build().article("one").img
    assert (image["width"], image["height"], image["alt"]) == ("300", "150", "a plot")


def test_an_alt_text_keeps_all_its_letters(book):
    book.write("one", "# One\n\n![2\\*u, 3\\*u &amp; more\nin _two_ lines](images/dot.svg)")
    assert book.build().article("one").img["alt"] == "2*u, 3*u & more in two lines"


def test_no_two_things_of_a_page_have_one_anchor(book):
    for folder in ("a", "b"):
        (book.root / "images" / folder).mkdir()
        (book.root / "images" / folder / "dot.svg").write_text(DOT)
    (book.root / "images" / "a-dot.svg").write_text(DOT)
    names = ["a/dot", "b/dot", "a-dot", "dot", "dot"]
    text = "\n\n".join(f"![one](images/{name}.svg)" for name in names)
    book.write("one", f"# One\n\n{text}\n\n## Figure dot", anchors="one figure-dot")
    article = book.build().article("one")
    found = [figure["id"] for figure in article.select("figure")]
    assert found == ["figure-a-dot", "figure-b-dot", "figure-a-dot-2", "figure-dot-2", "figure-dot-3"]
