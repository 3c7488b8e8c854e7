"""A chapter with everything that it may hold, in every form in which it is published: page, notebook, search, PDF, EPUB."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
import zipfile

import nbformat
import pypdf
import pytest
from bs4 import BeautifulSoup

from forms import ALLOWED, PNG, PROLOGUE, in_language, prints, shows
from support import cell, change, code, load, run_builder, save, small_book, twins

DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="15pt" viewBox="0 0 30 15">'
    '<path d="M1 1h9v9z" fill="#0072b2"/></svg>'
)
NAME = "recurrent-layers-value-by-value-en"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = small_book(tmp_path_factory.mktemp("all") / "book")
    images = folder / "book" / "images"
    for name in ("a", "b"):
        (images / name).mkdir()
    (images / "a" / "x.svg").write_text(PROLOGUE, "utf-8")
    (images / "b" / "x.svg").write_bytes((images / "dot.svg").read_bytes())
    (images / "b" / "x.png").write_bytes(base64.b64decode(PNG))
    figures = [f"![ALT](images/{name})\n\n*A dot.*" for name in ("a/x.svg", "b/x.svg", "b/x.png")]
    text = "\n\n".join([*figures, *ALLOWED.values(), "![2*u, 3*u &amp; ALT2](images/dot.svg)\n\n*A dot.*"])
    for language in ("ko", "en"):
        change(folder, language, "\n\n$$\nc_t", f"\n\n{in_language(text, language)}\n\n$$\nc_t")
    notebook = load(folder, "one")
    coloured = prints("\x1b[1mModel\x1b[0m \x1b[38;5;33mblue\x1b[39m <b>\nlayer\tunits\n")
    cell(notebook, "shape").outputs = [nbformat.from_dict(one) for one in (coloured, shows(**{"image/png": PNG}))]
    plot = shows(**{"image/svg+xml": DRAWN})
    behind = [in_language("<!-- plot alt: ALT -->\n\n*A dot.*", language) for language in ("ko", "en")]
    notebook.cells[3:3] = [*twins("dots", *behind), code("draws", "1", 2), *twins("circles", *behind)]
    cell(notebook, "draws").outputs = [nbformat.from_dict(plot)]
    cell(notebook, "value").execution_count = 3
    error = nbformat.v4.new_output(
        "error", ename="ZeroDivisionError", evalue="no", traceback=["\x1b[31mZero\x1b[39m", "no"]
    )
    notebook.cells.append(nbformat.v4.new_code_cell("1 / 0", id="fails", execution_count=4, outputs=[error]))
    notebook.cells[-1].metadata.tags = ["raises-exception"]
    save(folder, "one", notebook.cells)
    env = {"GITHUB_REPOSITORY": "me/book", "GITHUB_SERVER_URL": "https://github.com"}
    for command in ("pdf", "site"):
        done = run_builder(folder, command, env=env)
        assert done.returncode == 0, done.stderr
    return folder / "_build"


def test_the_page_shows_it_without_a_sign_left(built):
    page = BeautifulSoup((built / "site" / "en" / "one.html").read_text("utf-8"), "html.parser").select_one("article")
    assert len(page.select("figure img")) == 8 and page.select_one('img[alt="there is one small dot"]')
    assert "y = 2" in page.get_text() and "\n\n\ny = 2" in page.get_text()
    assert page.select_one('img[alt="2*u, 3*u & one of them"], img[alt="2*u, 3*u & 하나 더 있다"]')
    for part in page.select("pre, code, .katex"):
        part.decompose()
    assert not re.search(r"\*\*|~~|\$[^5]|\]\(|<!--|\\[a-z]", page.get_text())


def test_the_notebook_needs_no_other_file(built):
    notebook = nbformat.read(built / "site" / "en" / "notebooks" / "one.ipynb", as_version=4)
    text = cell(notebook, "part-en").source
    assert text.count("(data:image/png;base64,") == 6 and "images/" not in text and "plot alt" not in text
    assert "`<!--`" in text and "(https://me.github.io/book/en/index.html)" in text


def test_the_search_finds_words_not_colours(built):
    sections = "".join(path.read_text("utf-8") for path in (built / "search" / "en").glob("one*.html"))
    assert "\x1b" not in sections and "Model blue" in sections


def test_the_epub_is_well_formed(built):
    with zipfile.ZipFile(built / "pdf" / f"{NAME}.epub") as archive:
        pages = [
            archive.read(name).decode() for name in archive.namelist() if name.endswith((".xhtml", ".opf", ".ncx"))
        ]
        pictures = {archive.read(name) for name in archive.namelist() if "/media/" in name}
    for page in pages:
        ET.fromstring(page)
    text = "".join(pages)
    assert "[31m" not in text and "[1m" not in text and "Model blue &lt;b&gt;" in text
    assert PROLOGUE.encode() in pictures and len(pictures) > 3
    assert [picture for picture in pictures if b"#6cc1f2" in picture and b'width="40"' in picture]


def test_the_pdf_holds_it(built):
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(built / "pdf" / f"{NAME}.pdf").pages)
    assert "Model blue <b>" in text and "layer   units" in text and "[1m" not in text and "Zero" in text
    assert "**k" not in text and "k k(hidden state)" in text


def test_page_pdf_and_epub_number_figures_alike(built):
    numbers = [f"Figure 1.{count}" for count in range(1, 9)]
    page = BeautifulSoup((built / "site" / "en" / "one.html").read_text("utf-8"), "html.parser")
    assert [label.text for label in page.select("figure .number")] == numbers
    pdf = "\n".join(page.extract_text() for page in pypdf.PdfReader(built / "pdf" / f"{NAME}.pdf").pages)
    with zipfile.ZipFile(built / "pdf" / f"{NAME}.epub") as archive:
        epub = "".join(archive.read(name).decode() for name in sorted(archive.namelist()) if name.endswith(".xhtml"))
    for text in (pdf, epub):
        assert re.findall(r"Figure\s1\.\d", text.replace("&#160;", " ")) == [
            number.replace(" ", "\N{NO-BREAK SPACE}") for number in numbers
        ]


def test_each_chapter_has_a_card(built):
    made = {path.relative_to(built / "site" / "cards").as_posix() for path in built.glob("site/cards/*/*")}
    assert made == {f"{language}/{name}.png" for language in ("ko", "en") for name in ("index", "one")}
