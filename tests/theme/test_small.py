"""theme/extension/small.py"""

from __future__ import annotations

import io
import re

import pytest
from nbformat.v4 import new_code_cell
from PIL import Image, ImageChops

from builder.chapters.images import draw
from support import ROOT
from theme.extension import live, review, small

FIGURES = sorted((ROOT / "book" / "images").glob("*.svg"))


def test_tags_stand_in_line_and_what_is_written_stays_as_it_is():
    page = "<div>\n    <p>one\n  two</p> \n\n  <b>x</b> <i>y</i><!-- z -->\n</div>\n"
    kept = "<pre> <b>1</b>\n    <b>2</b></pre><textarea>\n  <a>\n</textarea><script>\n  <a>\n</script>"
    assert small.small_page(page + kept) == "<div>\n<p>one\n  two</p>\n<b>x</b> <i>y</i>\n</div>\n" + kept


def test_a_page_has_the_icons_that_it_shows_and_says_them_in_its_language(book):
    book.write("one", "# 하나\n\n문장입니다.")
    page = book.build("ko").page("one")
    symbols = {f"#{symbol['id']}": symbol.title.text for symbol in page.select("symbol")}
    assert set(symbols) == {use["href"] for use in page.select("use")} and len(symbols) == 6
    assert all(re.search("[가-힣]", title) for title in symbols.values())
    assert not page.select(".back-to-top")


def test_programs_and_pictures_of_an_edition_are_small(book):
    pytest.importorskip("minify")
    (book.root / "images").mkdir()
    (book.root / "images" / "dot.svg").write_text((ROOT / "book" / "images" / "lstm-cell.svg").read_text("utf-8"))
    book.write("one", "# One\n\n![A dot and more](images/dot.svg)", new_code_cell("x"))
    folder = book.build().folder
    for file, source in {"_static/book.js": "theme/static/book.js", "_images/dot.svg": "images/dot.svg"}.items():
        assert (folder / file).stat().st_size < (book.root / source).stat().st_size * 0.9


def test_a_plot_whose_dark_colours_hang_on_its_light_ones_stays_as_it_is(book):
    plot = '<svg xmlns="http://www.w3.org/2000/svg"><style>[fill="#ffffff"]{fill:#000000}</style>\n<path fill="#ffffff" d="M0 0L9 9"/>\n</svg>'
    (book.root / "images").mkdir()
    (book.root / "images" / "plot.svg").write_text(plot)
    book.write("one", "# One\n\n![A line](images/plot.svg)")
    assert (book.build().folder / "_images" / "plot.svg").read_text() == plot


def test_the_plain_build_is_as_jupyter_book_makes_it(book):
    folder = book.build("").folder
    assert (folder / "_static" / "book.js").read_bytes() == (ROOT / "theme" / "static" / "book.js").read_bytes()
    assert "svg-arrow-right" in (folder / "index.html").read_text("utf-8")


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: path.stem)
def test_a_small_picture_is_the_same_when_it_is_drawn(path):
    pytest.importorskip("minify")
    whole = path.read_text("utf-8")
    less = live.small(path.name, whole)
    assert len(less) < len(whole)
    drawn, again = (Image.open(io.BytesIO(draw(svg, 2))).convert("RGBA") for svg in (whole, less))
    apart = ImageChops.difference(drawn, again).getextrema()
    assert max(most for _, most in apart) < 32, apart  # the edge of a line, in some pixels, is a shade lighter
    views = re.compile(r'<view id="([^"]+)" viewBox="([^"]+)"')
    assert views.findall(less) == views.findall(whole)


def test_the_end_of_a_question_stays_for_the_cards_of_the_next_build():
    """theme/extension/review.py reads it in the pages, of which a later build writes only those that have changed."""
    page = '<!-- of furo --><div class="choice" data-id="lstm.a" data-key="2">?</div><!-- choice -->'
    (question,) = review.QUESTION.findall(small.UNSEEN.sub("", page))
    assert question == ("lstm.a", "2", "?")
