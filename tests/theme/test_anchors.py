"""theme/extension/anchors.py"""

from __future__ import annotations

import pytest


def test_sections_have_the_names_that_the_cut_recorded(book):
    book.write("one", "# 하나", "## 둘째 부분", "### 셋째", anchors="one second-part third")
    built = book.build("ko")
    assert built.warnings == ""
    assert [section["id"] for section in built.article("one").select("section")] == ["one", "second-part", "third"]
    links = [link["href"] for link in built.page("one").select(".toc-tree a")]
    assert links == ["#", "#second-part", "#third"], "the contents of the page lead there"


def test_links_between_chapters_lead_to_these_names(book):
    book.write("one", "# 하나", "## 둘째 부분", anchors="one second-part")
    book.write("two", "# 둘\n\n[둘째 부분](one.ipynb#second-part)", anchors="two")
    built = book.build("ko")
    assert built.warnings == ""
    assert built.article("two").find("a", string="둘째 부분")["href"] == "one.html#second-part"


def test_a_link_leads_to_the_address_that_was_typed(book):
    book.write(
        "one", "# One\n\n[a](https://x.org/?a=1&b=2) <https://x.org/?c=1&d=2> [e](https://x.org/?e=1&amp;amp;f=2)"
    )
    links = [link["href"] for link in book.build("ko").article("one").select('a[href^="https://x"]')]
    assert links == ["https://x.org/?a=1&b=2", "https://x.org/?c=1&d=2", "https://x.org/?e=1&amp;f=2"]


def test_names_that_do_not_fit_are_refused_with_the_page(book):
    book.write("one", "# One", "## Second", anchors="one")
    with pytest.raises(Exception, match="one: 2 sections but 1 anchors; run make site again"):
        book.build()


def test_without_names_the_headings_give_them(book):
    book.write("one", "# One", "## Second part")
    assert [section["id"] for section in book.build("").article("one").select("section")] == ["one", "second-part"]
