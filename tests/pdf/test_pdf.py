"""make pdf: the PDF and the EPUB of each edition, read again; what is said when they cannot be made."""

from __future__ import annotations

import contextlib
import os
import posixpath
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pypdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup

from builder.chapters.book import Book, load_book
from builder.chapters.markdown import Text, without_comments
from builder.chapters.notebook import Cell
from builder.messages import Refused
from builder.pdf import document, typst
from builder.pdf.document import Document
from builder.pdf.downloads import fingerprint, fresh
from builder.pdf.make import make
from support import (
    LANGUAGES,
    LOCKED,
    ROOT,
    as_ordinary_user,
    cell,
    change,
    load,
    run_apart,
    run_builder,
    small_book,
    snapshot,
    the_book,
    whole_book,
    write,
)

NAME = "recurrent-layers-value-by-value"
PAPER = {f"{NAME}-{code}.{ending}" for code in LANGUAGES for ending in ("pdf", "epub")} | {"sources"}


@pytest.fixture(scope="module")
def book() -> Book:
    return the_book()


# `make test` sets one edition of the whole book: the Korean one, which asks more of fonts and of lines.
EDITIONS = ["ko", *(pytest.param(code, marks=pytest.mark.prove) for code in LANGUAGES if code != "ko")]


@pytest.fixture(scope="module", params=EDITIONS)
def made(request, tmp_path_factory) -> tuple[str, Path, Path]:
    """The language, the PDF and the EPUB of an edition of the whole book."""
    book = load_book(whole_book(tmp_path_factory.mktemp("내 책 folder") / "book"))
    (language,) = (language for language in book.languages if language.code == request.param)
    return request.param, *make(replace(book, languages=(language,)))


WIDTH, MARGIN = 595, 88  # of A4 and beside its column, in points


class Pdf:
    """A PDF as its readers see it."""

    def __init__(self, path: Path):
        self.reader = pypdf.PdfReader(path)
        self.runs: list[tuple[int, int, float, float]] = []  # page, height, left, right
        self.hanging: list[tuple[int, float, float, str]] = []  # page, left, right, words of those in the margins
        with contextlib.closing(pypdfium2.PdfDocument(path)) as document:
            self.pages = [self._read(number, page) for number, page in enumerate(document, 1)]
        self.text = "\n".join(self.pages)
        self.outline = list(self._outline(self.reader.outline, 1))
        self.tags: list[tuple[str, str]] = []
        self._tags(self.reader.trailer["/Root"]["/StructTreeRoot"])

    def _read(self, number: int, page: pypdfium2.PdfPage) -> str:
        text = page.get_textpage()
        for left, bottom, right, top in map(text.get_rect, range(text.count_rects())):
            self.runs.append((number, round(bottom), left, right))
            # To read the words of all of them takes as long as to set the book.
            if not (left > MARGIN and right < WIDTH - MARGIN):
                self.hanging.append((number, left, right, text.get_text_bounded(left, bottom, right, top)))
        return text.get_text_bounded()

    def _outline(self, entries: list, level: int):
        for entry in entries:
            if isinstance(entry, list):
                yield from self._outline(entry, level + 1)
            else:
                yield level, entry.title, self.reader.get_destination_page_number(entry) + 1

    def _tags(self, node) -> None:
        """(kind, alt text) of everything that is tagged, in the order of reading."""
        node = node.get_object()
        if isinstance(node, dict):
            if "/S" in node:
                self.tags.append((node["/S"], node.get("/Alt", "")))
            node = node.get("/K", [])
        for child in node if isinstance(node, list) else [node]:
            if not isinstance(child, int):
                self._tags(child)

    def links(self) -> list[tuple[int, str, str]]:
        """(page, kind, target) of every link; kind is 'in' or 'out'."""
        found = []
        for number, page in enumerate(self.reader.pages, 1):
            for annotation in page.get("/Annots", []):
                link = annotation.get_object()
                if "/Dest" in link:
                    found.append((number, "in", link["/Dest"]))
                else:
                    found.append((number, "out", link["/A"]["/URI"]))
        return found


@pytest.fixture(scope="module")
def pdf(made) -> tuple[str, Pdf]:
    code, pdf, _ = made
    return code, Pdf(pdf)


@pytest.fixture(scope="module")
def epub(made) -> tuple[str, dict[str, bytes]]:
    code, _, epub = made
    with zipfile.ZipFile(epub) as archive:
        assert archive.testzip() is None
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        return code, {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


@pytest.fixture(scope="module")
def pages(epub) -> dict[str, BeautifulSoup]:
    """The pages of the EPUB."""
    _, files = epub
    return {name: BeautifulSoup(content, "html.parser") for name, content in files.items() if name.endswith(".xhtml")}


def cells(book: Book, code: str) -> list[Cell]:
    """The cells of an edition."""
    return [cell for chapter in book.chapters for cell in chapter.cells(code)]


def title(book: Book, code: str) -> str:
    return next(language.title for language in book.languages if language.code == code)


def texts(book: Book, code: str) -> list[Text]:
    return [cell.text for cell in cells(book, code) if cell.is_markdown]


def headings(book: Book, code: str) -> list[tuple[int, str]]:
    return [heading for chapter in book.chapters for heading in chapter.headings(code)]


def squeezed(words: str) -> str:
    """Words without what typesetting changes: spaces, hyphens, the form of quotation marks, marks of Markdown."""
    return re.sub(r"[\s\"'“”‘’`*\N{WORD JOINER}\N{SOFT HYPHEN}\\$_-]", "", words)


# -- the PDF ----------------------------------------------------------------------------------------------------------


def test_the_outline_names_every_chapter_and_section(book, pdf):
    code, pdf = pdf
    expected = [(level, squeezed(words)) for level, words in headings(book, code)]
    outline = [(level, squeezed(words)) for level, words, _ in pdf.outline]
    assert outline == expected and len(outline) > 200


def test_a_heading_stands_on_the_page_that_the_outline_and_the_contents_name(pdf):
    _, pdf = pdf
    first = pdf.outline[0][2]
    contents = "|".join(squeezed(line) for page in pdf.pages[1 : first - 1] for line in page.splitlines())
    for level, words, number in pdf.outline:
        assert squeezed(words) in squeezed(pdf.pages[number - 1]), words
        if level < 3:
            assert re.search(rf"{re.escape(squeezed(words))}[.|]*{number}(?!\d)", contents), words


def test_chapters_begin_on_a_page_of_their_own_and_all_pages_are_numbered(pdf):
    _, pdf = pdf
    begins = {number: words for level, words, number in pdf.outline if level == 1}
    current = None
    for number, page in enumerate(pdf.pages, 1):
        lines = page.strip().splitlines()
        assert number == 1 or lines[-1].strip() == str(number), number
        current = begins.get(number, current)
        if current:
            assert squeezed(lines[0]).startswith(squeezed(current)[:20]), number


def test_every_figure_and_plot_is_there_with_its_alt_text(book, pdf):
    code, pdf = pdf
    expected = []
    for chapter in book.chapters:
        for part in chapter.cells(code):
            if part.is_markdown:
                expected += [figure.alt for figure in part.text.images]
            elif part.draws:
                expected.append(chapter.plot_alt(part, code))
    found = [alt for kind, alt in pdf.tags if kind == "/Figure"]
    assert [squeezed(alt) for alt in found] == [squeezed(alt) for alt in expected] and len(found) > 50


def test_every_formula_is_set_and_none_is_left_as_latex(book, pdf):
    code, pdf = pdf
    found = [alt for kind, alt in pdf.tags if kind == "/Formula"]
    for text in texts(book, code):
        for formula in [*text.display_formulas, *text.formulas]:
            assert " ".join(formula.split()) in found, formula
    assert "⊙" in pdf.text


def test_nothing_is_left_over(book, pdf):
    """No marks of Markdown, HTML or LaTeX in the text, apart from code that holds them."""
    code, pdf = pdf
    marks = re.compile(r"TODO|FIXME|\?\?\?|\N{REPLACEMENT CHARACTER}|</?\w+>|<!--|\]\(|\*\*|\\\w{2,}|\$\$|\w\$\w")
    blocks = [block for text in texts(book, code) for _, block in text.code_blocks]
    blocks += [part.source for part in cells(book, code) if part.is_code]
    typed = squeezed("".join(blocks) + "".join(inline for text in texts(book, code) for inline in text.inline_code))
    assert [line for line in pdf.text.splitlines() if marks.search(line) and squeezed(line) not in typed] == []


def test_links_lead_to_pages_of_the_pdf_and_to_the_same_sources(book, pdf):
    code, pdf = pdf
    inside, outside = Counter(), Counter()
    for text in texts(book, code):
        for link in text.links:
            name, _, anchor = link.partition(".ipynb#")
            if ".ipynb" in link:
                inside[f"{name}--{anchor}" if anchor else name.removesuffix(".ipynb")] += 1
            else:
                outside[link] += 1
    names = set(pdf.reader.named_destinations)
    first = pdf.outline[0][2]
    led = Counter(target for page, kind, target in pdf.links() if kind == "in" and page >= first)
    assert set(led) <= names and set(led) == set(inside)
    assert set(outside) == {target for _, kind, target in pdf.links() if kind == "out"}
    assert all(led[target] >= count for target, count in inside.items()), "a link over two lines counts twice"


def test_a_link_leads_to_the_page_of_its_heading(book, pdf):
    code, pdf = pdf
    names = [
        chapter.name if level == 1 else f"{chapter.name}--{anchor}"
        for chapter in book.chapters
        for (level, _), anchor in zip(chapter.headings(code), chapter.anchors)
    ]
    led = pdf.reader.named_destinations
    assert [pdf.reader.get_destination_page_number(led[name]) + 1 for name in names] == [
        page for *_, page in pdf.outline
    ]


def test_all_fonts_are_embedded(pdf):
    _, pdf = pdf
    names = set()
    for page in pdf.reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            names.add(re.sub(r"^/\w+\+", "", font["/BaseFont"]))
            for part in [part.get_object() for part in font.get("/DescendantFonts", [font])]:
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(part["/FontDescriptor"]), font["/BaseFont"]
    assert any(name.startswith("NanumGothic") for name in names) and any("Math" in name for name in names)


def test_what_it_says_about_itself(book, pdf):
    code, pdf = pdf
    assert pdf.reader.metadata.title == title(book, code)
    assert pdf.reader.trailer["/Root"]["/Lang"] == code
    assert pdf.reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "/CreationDate" not in pdf.reader.metadata
    assert squeezed(title(book, code)) in squeezed(pdf.pages[0]) and "CC BY 4.0" in pdf.pages[0]
    assert not pdf.pages[0].strip().endswith("1"), "the title page has no number"
    width, height = pdf.reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)


def test_the_text_can_be_copied(book, pdf):
    """Also Korean: all paragraphs, in order, as far as a page does not cut them."""
    code, pdf = pdf
    shown = squeezed(pdf.text)
    counted = found = 0
    for part in cells(book, code):
        if part.is_markdown:
            prose = re.sub(r"```.*?```|<[^>]*>|^[|#>].*$|^!.*$", "", without_comments(part.source), flags=re.S | re.M)
            for sentence in re.findall(r"(?:^|(?<=[.!?] ))[^$`\[\]|*\n]{30,}?[.!?](?=\s|$)", prose, re.M):
                counted += 1
                found += squeezed(sentence) in shown
    assert counted > 200 and found > 0.93 * counted, f"{found} of {counted}"


def test_code_and_what_it_prints_is_there_whole_but_what_is_folded_on_the_pages(book, pdf):
    code, pdf = pdf
    shown, setups = squeezed(pdf.text), 0
    for part in cells(book, code):
        if part.is_code:
            printed = "".join(part.printed)
            setups += part.id == "setup"
            folded = "data" in part.tags or part.draws or (part.id == "setup" and setups > 1)
            asks = "exercise" in part.tags and "Replace ..." in printed
            for line in ("" if asks else printed if folded else f"{part.source}\n{printed}").splitlines():
                assert squeezed(line) in shown or part.draws, line
    assert squeezed("Replace ... with your answer.") not in shown
    words = {
        "ko": ("준비: 불러오기,", "이 그림을 그리는 코드,", "데이터:"),
        "en": ("Setup: imports,", "Code of this figure,", "Data:"),
    }
    counts = [shown.count(squeezed(word)) for word in words[code]]
    plots = sum(part.draws for part in cells(book, code) if part.is_code)
    data = sum("data" in part.tags for part in cells(book, code) if part.is_code)
    assert setups > 5 and counts == [setups - 1, plots, data]


def test_no_line_leaves_its_column(pdf):
    """The margins are 32 mm wide, and in a table nothing reaches into the next column."""
    _, pdf = pdf
    assert len(pdf.runs) > 100 * len(pdf.pages)
    for page, left, right, words in pdf.hanging:
        assert not words[-1:].isalnum(), (page, words)  # Typst lets a comma, and the space behind it, stand there
        assert left > MARGIN and right < WIDTH - MARGIN + 4, (page, words)
    for (*place, left, right), (*next_place, begin, _) in pairwise(sorted(pdf.runs)):
        assert place != next_place or right < begin + 2 or begin < left + 1, (place, left, right, begin)


@pytest.mark.parametrize("made", EDITIONS[1:], indirect=True)
def test_the_english_edition_has_korean_only_where_it_is_marked(book, pdf):
    code, pdf = pdf
    marked = "".join(
        part.source + "".join(output.get("text", "") for output in part.outputs)
        if part.is_code
        else "".join(re.findall(r'<span lang="ko">(.*?)</span>', part.source))
        for part in cells(book, code)
    )
    for run in re.findall(r"[가-힣]+", pdf.text):
        assert run in marked, run


# -- the EPUB ---------------------------------------------------------------------------------------------------------


def test_every_file_of_the_epub_is_xml_and_every_link_leads_somewhere(epub, pages):
    code, files = epub
    for name, content in files.items():
        if name.endswith((".xhtml", ".opf", ".ncx", ".xml", ".svg")):
            ET.fromstring(content)
    anchors = {name: {tag["id"] for tag in page.select("[id]")} for name, page in pages.items()}
    followed = 0
    for name, page in pages.items():
        for tag in page.select("[href], [src], image"):
            address = unquote(tag.get("href") or tag.get("src") or tag.get("xlink:href"))
            if re.match(r"https?:", address):
                continue
            file, _, anchor = address.partition("#")
            file = posixpath.normpath(posixpath.join(posixpath.dirname(name), file)) if file else name
            assert file in files, f"{name}: {address}"
            assert not anchor or anchor in anchors[file], f"{name}: {address}"
            followed += 1
    assert followed > 400 and ".ipynb" not in "".join(
        tag["href"] for page in pages.values() for tag in page.select("a[href]")
    )


def test_the_epub_declares_what_it_is_and_lists_its_files(book, epub):
    code, files = epub
    space = {"o": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
    package = ET.fromstring(files["EPUB/content.opf"])
    assert package.find(".//dc:language", space).text == code
    assert package.find(".//dc:title", space).text == title(book, code)
    assert package.find(".//dc:date", space).text == str(book.config["copyright"])
    items = {item.get("href"): item for item in package.iterfind(".//o:item", space)}
    assert {f"EPUB/{name}" for name in items} | {"EPUB/content.opf"} == {
        name for name in files if name.startswith("EPUB/")
    }
    cover = next(name for name, item in items.items() if item.get("properties") == "cover-image")
    assert files[f"EPUB/{cover}"].startswith(b"\x89PNG")


def test_the_epub_holds_every_heading_formula_and_picture(book, epub, pages):
    code, _ = epub
    contents = pages["EPUB/nav.xhtml"].select("nav#toc a")
    pages = [page for name, page in sorted(pages.items()) if re.search(r"/ch\d+\.xhtml$", name)]
    assert len(pages) == len(book.chapters)
    found = [(int(tag.name[1]), squeezed(tag.get_text())) for page in pages for tag in page.select("h1, h2, h3")]
    assert [level for level, _ in found] == [level for level, _ in headings(book, code)]
    assert [squeezed(a.get_text()) for a in contents if ".xhtml" in a["href"]][-1]
    tex = {" ".join(tag.get_text().split()) for page in pages for tag in page.select("math annotation")}
    for text in texts(book, code):
        assert {" ".join(formula.split()) for formula in [*text.display_formulas, *text.formulas]} <= tex
    pictures = [tag for page in pages for tag in page.select("img")]
    assert len(pictures) > 50 and all(len(tag.get("alt", "").split()) > 3 for tag in pictures)
    assert not re.search(r"\\[A-Za-z]{3,}", "".join(tag.get_text() for page in pages for tag in page.select("p")
                         if not tag.select("annotation")))  # fmt: skip


# -- making them ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def once(tmp_path_factory) -> Path:
    folder = small_book(tmp_path_factory.mktemp("paper") / "book")
    done = run_builder(folder, "pdf")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(once, tmp_path) -> Path:
    """A small book with its PDFs, in a folder of its own."""
    copy = tmp_path / "내 book"
    subprocess.run(["cp", "-a", str(once), str(copy)], check=True)
    return copy


def paper(folder: Path) -> Path:
    return folder / "_build" / "pdf"


def change_both(folder: Path, old: str, new: str) -> None:
    """Change both languages of the small book."""
    for language in ("ko", "en"):
        change(folder, language, old, new)


def refused(folder: Path, old: dict[str, bytes], **options) -> str:
    """What is said when nothing could be made; what stood there still stands there, and nothing else."""
    done = run_apart(folder, "pdf", **options) if options else run_builder(folder, "pdf")
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stderr
    assert snapshot(paper(folder)) == old
    assert not (folder / "_build" / "pdf.new").exists()
    return done.stderr


def test_the_same_sources_give_the_same_bytes_wherever_and_whenever(folder):
    before = snapshot(paper(folder))
    assert set(before) == PAPER
    elsewhere = {"TZ": "Asia/Seoul", "LANG": "C", "SOURCE_DATE_EPOCH": "1000000000", "HOME": str(folder)}
    done = run_apart(folder, "pdf", env=elsewhere)
    assert done.returncode == 0, done.stderr
    assert snapshot(paper(folder)) == before


def test_quotation_marks_are_turned_also_before_a_particle(folder):
    for language, words in (("ko", "'상태'는 \"x\"와"), ("en", "'state' is \"x\" and")):
        old = "$$\nc_t = f_t\n$$"
        change(folder, language, old, f"{old}\n\n{words} (\"y\"). **'z'**: `'c'` \"`d`\"")
    assert run_builder(folder, "pdf").returncode == 0
    for language in ("ko", "en"):
        text = " ".join(Pdf(paper(folder) / f"{NAME}-{language}.pdf").text.split()).replace("\N{WORD JOINER}", "")
        with zipfile.ZipFile(paper(folder) / f"{NAME}-{language}.epub") as archive:
            pages = [archive.read(name) for name in archive.namelist() if "/ch" in name]
        book = "".join(BeautifulSoup(page, "html.parser").get_text() for page in pages)
        words = "‘상태’는 “x”와" if language == "ko" else "‘state’ is “x” and"
        assert f"{words} (“y”). ‘z’: 'c' “d”" in text and f"{words} (“y”). ‘z’: 'c' “d”" in book


def test_a_folded_part_stands_open_with_its_title(folder):
    """Whose words are no Markdown. And a copyright may name no year."""
    path = folder / "_config.yml"
    path.write_text(re.sub("(?m)^copyright: .*", "copyright: 0000 me", path.read_text("utf-8")), "utf-8")
    change_both(
        folder,
        "$$\nc_t",
        "<details>\n<summary>1. y z</summary>\n\nqqq\n\n```python\nanswer = 1\n```\n\n</details>\n\n$$\nc_t",
    )
    assert run_builder(folder, "pdf").returncode == 0
    text = Pdf(paper(folder) / f"{NAME}-en.pdf").text
    assert re.search(r"1\. y z\s+qqq\s+answer = 1", text)


def test_mistakes_and_exercises_are_cards(folder):
    blocks = [
        {"t": "Header", "c": [level, [anchor, [], []], []]}
        for level, anchor in [(1, "one"), (3, "one--a"), (2, "one--exercises"), (3, "one--b"), (4, "one--c"), (3, "one--d"),
                              (2, "one--what-goes-wrong"), (3, "one--e"), (2, "one--more"), (3, "one--f")]
    ]  # fmt: skip
    done = document.cards(blocks, load_book(folder).chapter("one"))
    kinds = [(block["c"][0][1], len(block["c"][1])) for block in done if block["t"] == "Div"]
    assert kinds == [(["exercise"], 2), (["exercise"], 1), (["mistake"], 1)] and done[-1] == blocks[-1]


def test_names_are_found_beside_lines_that_are_for_the_display():
    code = '%config A.b = 1\nx = 1\nlong = """\n%b"""\ndef f_x(): pass'
    assert document.defined(code) == ["long", "f_x"]


@pytest.mark.parametrize("tex", [r"\smash{f_t}", r"\llbracket f_t", r"\N"])
def test_a_formula_that_has_no_form_on_paper_names_its_cell(folder, tex):
    """KaTeX knows these; pandoc knows two of them not, and Typst not what pandoc makes of the third."""
    before = snapshot(paper(folder))
    change_both(folder, "c_t = f_t", f"c_t = {tex}")
    assert f"book/one.ipynb, cell 4 (part-ko): 'c_t = {tex}' has no form on paper" in refused(folder, before)


def test_a_letter_that_no_font_has_is_refused_not_set_as_a_box(folder):
    before = snapshot(paper(folder))
    change_both(folder, "| `y` | 3 |", "| `y` | ๛ |")
    words = refused(folder, before)
    assert "book/one.ipynb, cell 4 (part-ko): '๛' has no form on paper" in words and "font" in words


def test_a_missing_korean_font_is_said(folder, monkeypatch):
    before = snapshot(paper(folder))
    monkeypatch.setattr(typst, "find_spec", lambda name: None)
    assert "The font NanumGothic is missing. Remove .venv" in refused(folder, before)


def test_problems_in_the_sources_are_named(folder):
    before = snapshot(paper(folder))
    change_both(folder, "c_t = f_t", "c_t = f_t\n$$\n\n[x](nowhere.ipynb)\n\n$$\nq")
    assert "the link nowhere.ipynb leads nowhere" in refused(folder, before)
    (folder / "_toc.yml").unlink()
    assert "_toc.yml: cannot be read" in refused(folder, before)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a <b>word</b>", "book/one.ipynb: HTML that has no form on paper: <b>"),
        ('<div class="x">\n\nword\n\n</div>', 'book/one.ipynb: HTML that has no form on paper: <div class="x">'),
        ("</details>", "book/one.ipynb: HTML that has no form on paper: </details>"),
        ("<details>\n<summary>word</summary>\n\nword", "book/one.ipynb: a <details> without its end"),
        ('a <span lang="ko">word', 'book/one.ipynb: a <span lang="ko"> without its end'),
        ("```\nword", "ko: a cell leaves a block of code or of HTML open"),
    ],
)
def test_html_that_the_rules_should_have_refused_is_not_lost_on_paper(tmp_path, source, words):
    """The second net: a rule may have a hole, and pandoc leaves HTML out without a word."""
    folder = small_book(tmp_path / "book")
    notebook = load(folder, "one")
    cell(notebook, "title-ko").source += f"\n\n{source}"
    write(folder, "one", notebook)
    book = load_book(folder)
    with pytest.raises(Refused, match=re.escape(words)):
        Document(book, book.languages[0], tmp_path / "work")


@pytest.mark.skipif(as_ordinary_user() is None, reason=LOCKED)
def test_a_read_only_folder(folder):
    before = snapshot(paper(folder))
    (folder / "_build").chmod(0o555)
    try:
        words = refused(folder, before, before=as_ordinary_user())
    finally:
        (folder / "_build").chmod(0o755)
    assert "Permission denied" in words and "make the folder writable" in words


# -- on the site ------------------------------------------------------------------------------------------------------


def offered(folder: Path) -> dict[str, list[str]]:
    """language -> the files that the first page offers besides notebooks; no other page does, and none is missing."""
    site, found = folder / "_build" / "site", {}
    for language in ("ko", "en"):
        pages = {
            path.stem: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in site.glob(f"{language}/*.html")
        }
        links = {
            name: [a["href"] for a in page.select('a[href$=".pdf"], a[href$=".epub"]')] for name, page in pages.items()
        }
        assert links["one"] == [file for file in links["index"] if file.endswith(".pdf")]
        assert {path.name for path in (site / language).iterdir() if path.suffix in (".pdf", ".epub")} == set(
            links["index"]
        )
        found[language] = links["index"]
    return found


def test_the_site_offers_them_while_they_are_made_from_the_same_sources(folder, monkeypatch):
    build = {"GITHUB_REPOSITORY": "Owner/the-book", "GITHUB_SERVER_URL": "https://github.com"}
    assert run_builder(folder, "site").returncode == 0
    everything = {code: [f"{NAME}-{code}.pdf", f"{NAME}-{code}.epub"] for code in ("ko", "en")}
    assert offered(folder) == everything
    page = BeautifulSoup((folder / "_build" / "site" / "ko" / "index.html").read_text("utf-8"), "html.parser")
    words = [a.get_text() for a in page.select(".page-row a")]
    assert words == ["노트북 내려받기", "노트북 모두 내려받기", "PDF 내려받기", "EPUB 내려받기"]
    for path in paper(folder).glob("*.*"):
        assert (folder / "_build" / "site" / path.stem[-2:] / path.name).read_bytes() == path.read_bytes()

    with monkeypatch.context() as there:
        for name, value in build.items():
            there.setenv(name, value)
        assert not any(fresh(load_book(folder)).values()), "their title page has another address, none"
    change_both(folder, "c_t = f_t", "c_t = g_t")
    assert run_builder(folder, "site").returncode == 0
    assert offered(folder) == {"ko": [], "en": []}, "the text has changed"
    assert run_builder(folder, "pdf", env=build).returncode == 0
    assert "https://owner.github.io/the-book/ko/" in Pdf(paper(folder) / f"{NAME}-ko.pdf").pages[0]
    (paper(folder) / f"{NAME}-ko.epub").unlink()
    assert run_builder(folder, "site", env=build).returncode == 0
    assert offered(folder) == {**everything, "ko": everything["ko"][:1]}


@pytest.mark.skipif(sys.platform != "linux", reason="others have names of letters only")
def test_a_name_that_is_no_text_is_a_source_too(tmp_path):
    folder = small_book(tmp_path / "book")
    before = fingerprint(load_book(folder))
    (folder / "theme" / "pdf" / os.fsdecode(b"\xff.typ")).touch()
    assert fingerprint(load_book(folder)) != before


def test_a_site_without_them_offers_none(tmp_path):
    """Nor one with the trace of some that is damaged."""
    folder = small_book(tmp_path / "book")
    paper(folder).mkdir(parents=True)
    (paper(folder) / "sources").write_bytes(b"\xff")
    assert run_builder(folder, "site").returncode == 0
    assert offered(folder) == {"ko": [], "en": []}


def test_a_publication_makes_them_before_the_site():
    text = (ROOT / ".github" / "workflows" / "publish.yml").read_text("utf-8")
    assert 0 < text.index("make pdf") < text.index("make site")
