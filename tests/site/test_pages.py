"""The built site, read as a browser without JavaScript would: every page of both editions."""

from __future__ import annotations

import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from selectolax.lexbor import LexborHTMLParser, LexborNode

from builder.chapters.book import load_book
from builder.editions.edition import Edition
from builder.quality.links import broken_links, parsed
from builder.site.build import archive
from builder.site.search_index import pages_of_words
from support import CHAPTERS, LANGUAGES, ROOT, the_book
from theme.extension.fonts import letters_of_formulas

HANGUL = re.compile(r"[가-힣]")
PAGES = [f"{language}/{path.stem}.html" for language in LANGUAGES for path in CHAPTERS]
LIVE = [address for address, _ in pages_of_words(the_book(), the_book().languages[0])]  # pages that are no chapters


@pytest.fixture(scope="session")
def read(site):
    return lambda name: parsed(site / name)


def without(page: LexborHTMLParser, *parts: str) -> LexborHTMLParser:
    """A copy of a page in which some parts are missing."""
    rest = LexborHTMLParser(page.html)
    for part in rest.css(", ".join(parts)):
        part.decompose()
    return rest


def article(page: LexborHTMLParser) -> LexborNode:
    """A copy of the text of a page, without code, formulas, and words marked as another language's."""
    others = f'[lang]:not([lang="{language_of(page)}"])'
    parts = ("pre", "code", "script", "style", ".math", ".headerlink", others)
    return without(page, *(f"article {part}" for part in parts)).css_first("article")


def language_of(page: LexborHTMLParser) -> str:
    return page.css_first("html").attributes["lang"]


def texts(part: LexborNode) -> list[str]:
    """Every piece of text between two tags."""
    return [node.text_content for node in part.traverse(include_text=True) if node.is_text_node]


def values(page: LexborHTMLParser, selector: str, name: str) -> list[str]:
    """An attribute of all elements that match."""
    return [element.attributes[name] for element in page.css(selector)]


@pytest.mark.parametrize("name", PAGES)
def test_figures_and_plots_have_numbers_in_order_and_captions(read, name):
    numbers, word = the_book().numbers, {"ko": "그림", "en": "Figure"}[name[:2]]
    of_chapter = f"{numbers[Path(name).stem]}." if Path(name).stem in numbers else ""
    figures = read(name).css("article figure")
    labels = [figure.css_first("figcaption .number").text() for figure in figures]
    assert labels == [f"{word} {of_chapter}{count}" for count in range(1, len(figures) + 1)]
    assert all(len(figure.css_first(".caption-text").text().split()) > 4 for figure in figures)
    assert len(read(name).css(".cell_output img")) == len(read(name).css(".cell_output figure img"))
    assert not read(name).css('.cell_output img[src$=".png"]')


@pytest.mark.parametrize("name", PAGES)
def test_page_declares_its_language_and_title(read, name):
    page = read(name)
    language = name.split("/")[0]
    assert language_of(page) == language
    assert bool(HANGUL.search(page.css_first("title").text())) == (language == "ko")
    assert len(page.css("h1")) == 1


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("en/")])
def test_no_hangul_in_the_english_edition(read, name):
    # The sentences whose spaces are restored are Korean, also in English.
    page = without(read(name), '[lang="ko"]', *([".cell pre"] if name == "en/models.html" else []))
    attributes = [value for element in page.css("*") for value in element.attributes.values() if value]
    assert [text for text in texts(page.root) + attributes if HANGUL.search(text)] == []


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("ko/")])
def test_no_english_paragraph_in_the_korean_edition(read, name):
    for block in article(read(name)).css("p, li, td, th, h1, h2, h3, summary, figcaption"):
        text = " ".join(block.text(separator=" ").split())
        words = re.findall(r"[A-Za-z]{2,}", text)
        assert len(words) < 5 or HANGUL.search(text), text


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith("ko/")])
def test_the_interface_of_the_korean_edition_is_korean(read, name):
    book_words = {"Furo", "JavaScript", "English", "MIT", "CC", "BY", "Enter", "Esc"}  # names of keys, too
    page = without(
        read(name),
        "article section",
        ".sidebar-tree",
        ".toc-tree",
        ".related-pages .title",
        "script",
        "style",
        "symbol",
        "code",
    )
    for text in texts(page.body):
        words = set(re.findall(r"[A-Za-z]{2,}", text)) - book_words
        assert not words or HANGUL.search(text), text
    for label in values(page, "[aria-label]", "aria-label"):
        assert HANGUL.search(label), label


@pytest.mark.parametrize("name", [*PAGES, *(f"{language}/{page}" for language in LANGUAGES for page in LIVE)])
def test_the_sidebar_lists_all_chapters_and_live_pages_in_order_and_marks_the_page(read, name):
    items = read(name).css(".sidebar-tree li")
    order = [chapter.name for chapter in the_book().chapters]  # the first page first
    order += [page.removesuffix(".html") for page in LIVE]
    own = name.split("/")[1].removesuffix(".html")
    links = [item.css_first("a").attributes["href"] for item in items]
    assert links == ["#" if chapter == own else f"{chapter}.html" for chapter in order]
    marked = [order[number] for number, item in enumerate(items) if "current-page" in item.attributes["class"]]
    assert marked == [own]


@pytest.mark.parametrize("name", PAGES)
def test_switch_leads_to_the_same_page_of_the_other_edition(read, site, name):
    language, file = name.split("/")
    for other in set(LANGUAGES) - {language}:
        link = f'a[data-language="{other}"][href="../{other}/{file}"][lang="{other}"][hreflang="{other}"]'
        for around in (".mobile-header ", "aside ", ""):
            assert len(read(name).css(around + link)) == (1 if around else 2)
        assert len(read(name).css("a[data-language]")) == 2 * (len(LANGUAGES) - 1)
        assert (site / other / file).exists()


@pytest.mark.parametrize("chapter", [path.stem for path in CHAPTERS])
def test_sections_have_the_same_anchors_in_both_editions(read, chapter):
    anchors = {tuple(values(read(f"{language}/{chapter}.html"), "article section[id]", "id")) for language in LANGUAGES}
    assert len(anchors) == 1
    (names,) = anchors
    assert len(set(names)) == len(names) > 3


@pytest.mark.parametrize("name", ["index.html", "404.html", *PAGES])
def test_internal_links_and_files_resolve(site, name):
    assert broken_links(site, name.removesuffix(".html")) == []


def test_stylesheets_name_files_that_exist(site):
    for sheet in site.rglob("*.css"):
        for address in re.findall(r"url\(['\"]?([^)'\"]+)", sheet.read_text(encoding="utf-8")):
            if not address.startswith("data:"):
                assert (sheet.parent / address).exists(), f"{sheet}: {address}"


@pytest.mark.parametrize("name", PAGES)
def test_nothing_comes_from_elsewhere(read, name):
    page = read(name)
    loaded = values(page, "script[src], img[src], iframe[src]", "src")
    loaded += values(page, 'link[rel~="stylesheet"], link[rel~="icon"], link[rel~="preload"]', "href")
    assert [address for address in loaded if re.match(r"(https?:)?//", address)] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_formula_reached_the_page_rendered(read, name):
    language, file = name.split("/")
    cells = [cell.text for cell in the_book().chapter(file[:-5]).texts(language)]
    page = read(name)
    shown = [tag.text().strip() for tag in page.css(".math annotation[encoding='application/x-tex']")]
    squeezed = {" ".join(formula.split()) for formula in shown}
    for text in cells:
        for formula in [*text.display_formulas, *text.formulas]:
            assert " ".join(formula.split()) in squeezed, formula
    assert len(page.css("div.math .katex-display")) == sum(len(text.display_formulas) for text in cells)
    assert page.css(".katex-error") == []
    assert "$" not in article(page).text(), "a formula was left as text"


@pytest.mark.parametrize("name", PAGES)
def test_every_image_has_alt_text(read, name):
    emblems = ".chapter-cards > li:has(a) > img, a:has(> .title) > img"  # the link says what it is
    for image in read(name).css(f"article img:not({emblems})"):
        alt = image.attributes.get("alt") or ""
        assert len(alt.split()) > 2 and bool(HANGUL.search(alt)) == name.startswith("ko/"), image.html


@pytest.mark.parametrize("name", PAGES)
def test_page_offers_its_notebook(read, site, name):
    language, file = name.split("/")
    assert values(read(name), ".page-row a[download]", "href")[0] == f"notebooks/{file[:-5]}.ipynb"
    notebook = json.loads((site / language / "notebooks" / f"{file[:-5]}.ipynb").read_text(encoding="utf-8"))
    tags = {tag for cell in notebook["cells"] for tag in cell["metadata"].get("tags", [])}
    assert not any(tag.startswith("lang-") for tag in tags)
    prose = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    prose = re.sub(r'<span lang="ko">.*?</span>', "", prose)
    assert bool(HANGUL.search(prose)) == (language == "ko")


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_edition_offers_all_its_notebooks_in_one_archive(read, site, language):
    assert values(read(f"{language}/index.html"), '.page-row a[href$=".zip"]', "href") == ["notebooks.zip"]
    assert not read(f"{language}/lstm.html").css('a[href$=".zip"]')
    with zipfile.ZipFile(site / language / "notebooks.zip") as file:
        packed = {name: file.read(name) for name in file.namelist()}
    folder = site / language / "notebooks"
    assert packed == {f"notebooks-{language}/{path.name}": path.read_bytes() for path in folder.iterdir()}
    edition = Edition(load_book(site.parents[1]), next(one for one in the_book().languages if one.code == language))
    times = {path: path.stat().st_mtime_ns for path in (edition.folder / "notebooks").iterdir()}
    archives = []
    for other in (1_000_000_000, 2_000_000_000):
        for path in times:
            os.utime(path, (other, other))
        archives.append(archive(edition))
    for path, time in times.items():  # in `make check` they are the contributor's
        os.utime(path, ns=(time, time))
    assert archives[0] == archives[1]


def test_the_door_works_without_javascript(read):
    door = read("index.html")
    links = list(zip(values(door, "body a", "href"), values(door, "body a", "lang")))
    assert links == [(f"{language}/index.html", language) for language in LANGUAGES]
    script = door.css_first("script").text()
    assert "navigator.languages" in script and 'localStorage.getItem("language")' in script


def test_search_index_holds_every_section_and_every_live_page(read, site):
    for language in the_book().languages:
        entry = json.loads((site / language.code / "pagefind" / "pagefind-entry.json").read_text(encoding="utf-8"))
        sections = sum(len(read(f"{language.code}/{path.stem}.html").css("article section[id]")) for path in CHAPTERS)
        assert [index["page_count"] for index in entry["languages"].values()] == [sections + len(LIVE)]


def test_nothing_of_the_search_of_sphinx_is_left(read, site):
    assert not [*site.glob("*/search*"), *site.glob("*/_static/*searchtools*")]
    for name in PAGES:
        scripts = " ".join(values(read(name), "script[src]", "src"))
        assert "book.js" in scripts and not re.search("search|doctools|highlight|pagefind", scripts)


def test_nothing_of_the_build_machine_is_published(site):
    for path in site.rglob("*"):
        if path.suffix in (".html", ".js", ".ipynb", ".css"):
            assert str(site.parent.parent) not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_term_of_the_glossary_occurs_in_the_section_that_explains_it(read, language):
    rows = read(f"{language}/glossary.html").css("article tbody tr")
    missing = []
    for row in rows:
        term = re.sub(r" \(.*", "", row.css_first("td").text())
        name, _, anchor = row.css("td")[-1].css_first("a").attributes["href"].partition("#")
        page = read(f"{language}/{name}")
        section = page.css_first(f'[id="{anchor}"]' if anchor else "article")
        if term.lower() not in section.text().lower():
            missing.append(f"{term}: {name}#{anchor}")
    assert len(rows) > 40 and not missing, "\n".join(missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_of_a_formula_is_in_its_font(site, language):
    def letters(font: Path) -> set[str]:
        return set(map(chr, TTFont(font).getBestCmap()))

    upright, italic = letters_of_formulas(page.read_text("utf-8") for page in (site / language).glob("*.html"))
    assert len(upright) > 20 and len(italic) > 20
    for font in (site / language / "_static" / "katex" / "fonts").glob("*.woff2"):
        shown = italic if "Math" in font.name else upright
        whole = ROOT / "theme" / "static" / "katex" / "fonts" / font.name
        assert shown & letters(whole) <= letters(font), font.name
