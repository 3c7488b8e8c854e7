"""theme/extension/lab.py"""

from __future__ import annotations

import shutil

import pytest

from support import ROOT


@pytest.fixture
def live(book):
    """The programs of the live figures, in the book."""
    shutil.copytree(ROOT / "live", book.root / "live")
    book.write("one", "# One\n\nA sentence.")
    return book.root / "live"


def test_a_book_without_the_programs_has_no_lab(book):
    book.write("one", "# One\n\nA sentence.")
    built = book.build()
    assert not (built.folder / "lab.html").exists()
    assert [link["href"] for link in built.page("one").select(".sidebar-tree a")] == ["index.html", "#"]


def test_the_plain_build_has_no_lab(book, live):
    assert not (book.build("").folder / "lab.html").exists()


@pytest.mark.parametrize(("edition", "title"), [("en", "Shape lab"), ("ko", "형상 실험실")])
def test_the_lab_is_a_page_in_the_language_of_the_edition(book, live, edition, title):
    built = book.build(edition)
    assert built.article("lab").h1.text == title
    assert ("lab.html", title) in [(link["href"], link.text) for link in built.page("one").select(".sidebar-tree a")]
    assert built.page("lab").select_one('meta[name="description"]')["content"]
    assert not built.page("one").select('[href*="_static/live"], [src*="_static/live"]')


def test_the_lab_says_what_it_is_about_where_the_site_is_known(book, live):
    site = "https://owner.github.io/the-book/"
    languages = {code: {"name": code, "title": code} for code in ("ko", "en")}
    head = book.build("en", book_site=site, book_languages=languages).page("lab").head
    assert {link["hreflang"]: link["href"] for link in head.select('link[rel="alternate"][hreflang]')} == {
        "ko": f"{site}ko/lab.html", "en": f"{site}en/lab.html", "x-default": site,
    }  # fmt: skip
    assert head.select_one('meta[property="og:image"]')["content"] == f"{site}cards/en/index.png"
    assert len(head.select('meta[name="description"]')) == 1
    assert '"LearningResource"' in head.select_one('script[type="application/ld+json"]').string


def test_a_state_that_cannot_be_written_stops_the_build(book, live):
    (live / "lab" / "view.js").write_text("export const BEGIN = ;", "utf-8")
    with pytest.raises(Exception, match="The page of the lab cannot be written"):
        book.build()


def test_a_language_without_words_stops_the_build(book, live):
    (live / "lab" / "words.en.json").unlink()
    with pytest.raises(Exception, match="live/lab has no words in this language"):
        book.build()
