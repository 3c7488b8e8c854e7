"""theme/extension/sidebar.py and the ways between chapters"""

from __future__ import annotations

from theme.extension import sidebar

NAMES = ("index", "one", "two", "three", "words")


def pages(book) -> dict:
    for name in NAMES[1:]:
        book.write(name, f"# Chapter `{name}`: what & why\n\nWhat it is for. More.", "## Part", minutes="35")
    built = book.build("ko", parts=[["one", "two", "three"], ["words"]])
    return {name: built.page(name) for name in NAMES}


def test_the_list_has_the_groups_of_the_contents_and_the_first_page(book):
    tree = pages(book)["one"].select_one(".sidebar-tree")
    assert [caption.text for caption in tree.select(".caption")] == ["Part 1", "Part 2"]
    groups = [[" ".join(link.text.split()) for link in group.select("a")] for group in tree.select("ul")]
    about = "what & why"
    assert groups[0] == ["처음으로"]
    assert groups[1] == [f"{number} Chapter {name} {about}" for number, name in enumerate(NAMES[1:4], 1)]
    assert groups[2] == [f"Chapter words {about}"]
    assert [link["href"] for link in tree.select("a")] == ["index.html", "#", "two.html", "three.html", "words.html"]


def test_the_list_marks_the_page_it_stands_on(book):
    for name, page in pages(book).items():
        (marked,) = page.select(".sidebar-tree [aria-current]")
        assert marked["aria-current"] == "page" and marked["href"] == "#"
        assert [marked.parent] == page.select(".sidebar-tree .current-page") and marked.parent["data-page"] == name


def test_the_list_is_made_once_for_all_pages(book, monkeypatch):
    made = []
    make = sidebar.item
    monkeypatch.setattr(sidebar, "item", lambda page, *about: made.append(page) or make(page, *about))
    pages(book)
    assert sorted(made) == sorted(NAMES)


def test_where_chapters_have_pages_below_them_the_list_is_that_of_furo(book, monkeypatch):
    monkeypatch.setattr(sidebar.chapters, "groups", lambda app: (("", (sidebar.chapters.entry(app, "index", 1),)),))
    book.write("one", "# One\n\nA sentence.")
    assert not book.build().page("one").select(".sidebar-tree .name")


def test_a_page_ends_with_the_next_chapter(book):
    ends = {name: page.select_one("footer .related-pages") for name, page in pages(book).items()}
    (card,) = ends["one"].select("a.next-page")
    assert [" ".join(part.text.split()) for part in card.find_all("span", recursive=False)] == [
        "다음 · 2장 · 약 35분",
        "Chapter two what & why",
        "What it is for.",
    ]
    ways = {name: [(link["rel"], link["href"]) for link in end.select("a")] for name, end in ends.items()}
    assert ways == {
        "index": [(["next"], "one.html")],
        "one": [(["next"], "two.html"), (["prev"], "index.html")],
        "two": [(["next"], "three.html"), (["prev"], "one.html")],
        "three": [(["next"], "words.html"), (["prev"], "two.html")],
        "words": [(["prev"], "three.html")],
    }
    assert ends["three"].select_one(".context").text.split() == ["다음"], "what is looked up in has no number"
    assert ends["one"].select_one(".prev-page").text.split() == ["←", "처음으로"]
