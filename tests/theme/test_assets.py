"""theme/extension/assets.py"""

from __future__ import annotations

import re

import pytest

from figures.colours import COLOURS
from support import ROOT


@pytest.fixture
def built(book):
    book.write("one", "# One\n\nThe value $h_t$.")
    return book.build()


def test_a_page_loads_one_style_sheet_named_after_its_text(built, book):
    (sheet,) = built.page("one").select("link[rel=stylesheet]")
    assert re.fullmatch(r"_static/edition\.css\?v=[0-9a-f]{8}", sheet["href"])
    css = book.root / "theme" / "static" / "book.css"
    css.write_text(css.read_text("utf-8") + "\n.licence { color: red }", "utf-8")
    again = book.build(html_title="built again")
    assert again.page("one").select_one("link[rel=stylesheet]")["href"] != sheet["href"]


def test_the_style_sheet_holds_those_of_theme_formulas_and_book(built):
    css = (built.folder / "_static" / "edition.css").read_text("utf-8")
    assert ".sidebar-drawer" in css and ".katex " in css and ".licence" in css and "--brand-wash" in css
    assert 'data-theme="dark"' in css or "data-theme=dark" in css
    assert "/*" not in css


def test_files_that_a_style_sheet_names_are_there(built):
    css = (built.folder / "_static" / "edition.css").read_text("utf-8")
    named = {name.strip("\"'") for name in re.findall(r"url\(([^)]*)\)", css)}
    files = {name for name in named if not name.startswith("data:")}
    assert any("KaTeX_Main-Regular.woff2" in name for name in files)
    for name in files:
        if name.endswith(".woff2"):  # the older formats of KaTeX's fonts are not part of the book
            assert (built.folder / "_static" / name).is_file(), name


def test_scripts_wait_until_the_text_can_be_read(built):
    scripts = built.page("one").select("script[src]")
    assert any("book.js" in script["src"] for script in scripts)
    assert all(script.has_attr("defer") for script in scripts)
    loaded = " ".join(script["src"] for script in scripts)
    assert not re.search("furo|doctools|sphinx_highlight|translations|documentation_options", loaded)


def test_the_fonts_of_text_and_formulas_are_fetched_early(built):
    def early(name: str) -> int:
        return len(built.page(name).select("link[rel=preload][as=font]"))

    assert (early("index"), early("one")) == (1, 3)


def test_an_edition_has_no_search_of_sphinx(built):
    assert not (built.folder / "search.html").exists()
    assert not (built.folder / "searchindex.js").exists()


def test_the_plain_build_keeps_the_search_and_the_style_sheets(book):
    built = book.build("")
    assert (built.folder / "search.html").exists()
    assert len(built.page("index").select("link[rel=stylesheet]")) > 1


def test_the_hues_of_the_pages_are_those_of_the_figures():
    css = (ROOT / "theme" / "static" / "book.css").read_text("utf-8")
    hues = {name: tuple(pair) for name, *pair in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", css)}
    for meaning in ("ink", "input", "hidden", "cell", "gate", "candidate"):
        assert hues[meaning] == COLOURS[meaning], meaning
