"""theme/extension/sidebar.py"""

from __future__ import annotations

from theme.extension import sidebar

NAMES = ("index", "one", "two", "three")


def lists(book) -> dict:
    built = book.build()
    return {name: built.page(name).select_one(".sidebar-tree") for name in NAMES}


def test_the_list_of_chapters_is_that_of_furo(book, monkeypatch):
    for name in NAMES[1:]:
        book.write(name, f"# Chapter `{name}`", "## Part")
    ours = lists(book)
    monkeypatch.setattr(sidebar, "list_chapters", lambda *arguments: None)
    book.write("index", "# Book again")
    for name in NAMES[1:]:
        book.write(name, f"# Chapter `{name}`", "## Part", "New text, so that Sphinx writes the page again.")
    for name, listed in lists(book).items():
        furo = str(listed).replace('<ul class="current">', "<ul>")  # by which nothing is styled
        assert str(ours[name]) == furo


def test_the_list_marks_the_page_it_stands_on(book):
    for name in NAMES[1:]:
        book.write(name, f"# Chapter `{name}`", "## Part")
    marked = {name: [link.text for link in listed.select(".current-page > a")] for name, listed in lists(book).items()}
    assert marked == {"index": [], "one": ["Chapter one"], "two": ["Chapter two"], "three": ["Chapter three"]}


def test_the_list_is_made_once_for_all_pages(book, monkeypatch):
    made = []
    make = sidebar.get_navigation_tree
    monkeypatch.setattr(sidebar, "get_navigation_tree", lambda tree: made.append(tree) or make(tree))
    for name in NAMES[1:]:
        book.write(name, f"# Chapter `{name}`", "## Part")
    lists(book)
    assert len(made) == 1
