"""theme/extension/page.py"""

from __future__ import annotations

import json

import pytest


def data(page) -> dict:
    return json.loads(page.select_one('script[type="application/ld+json"]').string)


def described(page, name: str) -> str:
    return page.select_one(f'meta[name="{name}"], meta[property="{name}"]')["content"]


@pytest.mark.parametrize(
    ("paragraph", "sentence"),
    [
        ("You know `y`, 3.5 of them. And more.", "You know y, 3.5 of them."),
        ("값 `y`를 압니다! 더 압니다.", "값 y를 압니다!"),
        ("Without\nan end", "Without an end"),
    ],
)
def test_the_first_sentence_describes_a_page(book, paragraph, sentence):
    book.write("one", f"# One\n\n{paragraph}\n\nAnother paragraph.")
    page = book.build().page("one")
    assert described(page, "description") == described(page, "og:description") == data(page)["description"] == sentence


def test_the_language_switch_leads_to_the_same_page(book):
    book.write("one", "# One\n\nA sentence.")
    page = book.build("ko").page("one")
    links = {(link["lang"], link["href"]) for link in page.select(".languages a[hreflang]")}
    assert ("en", "../en/one.html") in links


def test_structured_data_is_of_the_edition(book):
    book.write("one", "# One\n\nA sentence.")
    chapter = data(book.build("ko").page("one"))
    assert chapter["@type"] == "LearningResource"
    assert (chapter["name"], chapter["inLanguage"]) == ("One", "ko")
    assert chapter["isPartOf"] == {"@type": "Book", "name": "순환 층, 값 하나까지", "inLanguage": "ko"}
    assert "url" not in chapter


def test_with_an_address_a_page_says_its_own_and_the_other_languages(book):
    book.write("one", "# One\n\nA sentence.")
    page = book.build(book_site="https://example.org/book/").page("one")
    assert data(page)["url"] == described(page, "og:url") == "https://example.org/book/en/one.html"
    assert data(page)["isPartOf"]["url"] == "https://example.org/book/en/index.html"
    others = {link["hreflang"]: link["href"] for link in page.select('link[rel="alternate"][hreflang]')}
    assert others["ko"] == "https://example.org/book/ko/one.html"


def test_a_title_cannot_end_the_script_of_the_structured_data(book):
    book.write("one", "# Layers `</script>` here\n\nA sentence.")
    assert data(book.build().page("one"))["name"] == "Layers </script> here"


def test_links_and_downloads_reach_the_page(book):
    book.write("one", "# One\n\nA sentence.")
    links = {"colab": "https://colab.example/{chapter}.ipynb"}
    built = book.build(book_links=links, book_downloads=["book.pdf"])
    assert built.page("one").find("a", href="https://colab.example/one.ipynb")
    assert built.page("index").find("a", href="book.pdf")


def test_the_plain_build_has_no_edition(book):
    book.write("one", "# One\n\nA sentence.")
    page = book.build("").page("one")
    assert not page.select(".languages a, meta[name=description], script[type='application/ld+json']")
