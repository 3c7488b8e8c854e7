"""theme/extension/sidebar.py"""

from __future__ import annotations


def test_the_list_of_chapters_is_that_of_furo(book, monkeypatch):
    from theme.extension import sidebar

    for name in ("one", "two", "three"):
        book.write(name, f"# Chapter `{name}`")
    ours = book.build()
    monkeypatch.setattr(sidebar, "list_chapters", lambda *arguments: None)
    furo = book.build(html_title="built again")
    for name in ("index", "one", "two", "three"):
        listed = ours.page(name).select_one(".sidebar-tree")
        assert str(listed) == str(furo.page(name).select_one(".sidebar-tree"))
        marked = [link.text for link in listed.select(".current-page > a")]
        assert marked == ([f"Chapter {name}"] if name != "index" else [])
