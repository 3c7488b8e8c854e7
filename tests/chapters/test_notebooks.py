"""Notebooks as front ends and mistakes leave them: read, or refused in a sentence with its remedy."""

from __future__ import annotations

import base64
import copy
import json

import pytest

from builder.chapters.book import load_book
from builder.chapters.images import is_png
from builder.chapters.notebook import read_notebook
from builder.chapters.record import record
from builder.chapters.rules import problems
from builder.editions.edition import Edition
from forms import PNG, PROLOGUE, prints, shows
from support import load, run_builder, small_book


@pytest.fixture
def folder(tmp_path):
    return small_book(tmp_path / "book", pages=False)


def path(folder):
    return folder / "book" / "one.ipynb"


def content(folder) -> dict:
    return json.loads(path(folder).read_text("utf-8"))


def by_id(notebook: dict, id: str) -> dict:
    return next(cell for cell in notebook["cells"] if cell["id"] == id)


def said(folder, notebook: dict | None = None) -> str:
    """What is wrong with the book, with this as its chapter ``one``."""
    if notebook is not None:
        path(folder).write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return "\n".join(map(str, problems(load_book(folder))))


def as_colab_saves_it(folder) -> dict:
    """Without cell ids, which it keeps in the metadata, and in an older form."""
    notebook = content(folder)
    notebook["nbformat_minor"] = 0
    notebook["metadata"]["colab"] = {"provenance": [], "authorship_tag": "ABX9"}
    for cell in notebook["cells"]:
        cell["metadata"]["id"] = cell.pop("id")
        if cell["cell_type"] == "code":
            cell["metadata"]["executionInfo"] = {"user": {"displayName": "Kim Private", "userId": "1"}}
            cell["metadata"]["outputId"] = "aa-bb"
    return notebook


def test_a_notebook_as_colab_saves_it_is_asked_to_be_recorded_and_keeps_its_ids(folder):
    before = path(folder).read_bytes()
    notebook = as_colab_saves_it(folder)
    assert said(folder, notebook) == (
        "book/one.ipynb: is not as 'make record' writes it\n    Run 'make record CHAPTER=one'; by hand: one line of text is "
        "one string, and the last one of a cell ends without \\n."
    )
    assert record(path(folder))
    assert path(folder).read_bytes() == before


def test_nothing_of_an_author_reaches_an_edition(folder):
    notebook = as_colab_saves_it(folder)
    notebook["metadata"]["widgets"] = {"Kim Private": 1}
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            if output["output_type"] != "stream":
                output["metadata"] = {"Kim Private": 1}
    said(folder, notebook)
    book = load_book(folder)
    for language in book.languages:
        for name, written in Edition(book, language).files().items():
            assert not name.endswith(".ipynb") or b"Kim" not in written and b"colab" not in written, name


def test_cells_that_nobody_has_named(folder):
    notebook = content(folder)
    notebook["nbformat_minor"] = 4
    for cell in notebook["cells"]:
        del cell["id"]
    assert "book/one.ipynb, cell 3 (unnamed-3): has no id\n    Name it in a text editor" in said(folder, notebook)


def test_double_ids_name_both_cells(folder):
    notebook = content(folder)
    notebook["cells"].append(copy.deepcopy(by_id(notebook, "value")))
    notebook["cells"][-1]["execution_count"] = 3
    assert said(folder, notebook) == (
        "book/one.ipynb, cell 7 (value): has the id of cell 6\n    Give one of the two another id, in a text editor."
    )


PLOT = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><circle cx="5" cy="5" r="4"/></svg>'

BAD_OUTPUTS = {
    "half an SVG": ([shows(**{"image/svg+xml": PLOT[:-6]})], "holds a plot that is no whole SVG of shapes"),
    "no SVG": ([shows(**{"image/svg+xml": "<svg/>"})], "holds a plot that is no whole SVG"),
    "script in SVG": ([shows(**{"image/svg+xml": PLOT.replace("circle", "script")})], "holds a plot that is no whole SVG"),
    "file in SVG": (
        [shows(**{"image/svg+xml": PLOT.replace("<circle", '<image href="x.png"/><circle')})], "holds a plot that is no whole SVG"
    ),
    "letters in SVG": (
        [shows(**{"image/svg+xml": PLOT.replace("<circle", "<text>a</text><circle")})],
        "draws a plot whose letters need a font, and are blank on paper\n    Leave svg.fonttype",
    ),
    "jpeg": ([shows(**{"image/jpeg": "aaaa"})], "draws a plot as image/jpeg\n    Put %config"),
    "gif": ([shows(**{"image/gif": "aaaa"})], "puts out image/gif"),
    "two plots": ([shows(**{"image/png": PNG}), shows(**{"image/png": PNG})], "draws 2 plots\n    Let each cell draw one"),
    "half a PNG": ([shows(**{"image/png": PNG[:60]})], "holds a plot that is no whole PNG"),
    "no base64": ([shows(**{"image/png": "점"})], "holds a plot that is no whole PNG"),
    "no alt": ([shows(**{"image/png": PNG})], "draws a plot that has no alt text in 한국어"),
    "no caption": ([shows(**{"image/svg+xml": PLOT})], "draws a plot that has no caption in English\n    Let the Markdown"),
    "widget": ([shows(**{"application/vnd.jupyter.widget-view+json": {"a": 1}})], "puts out application/vnd.jupyter.widget"),
    "script": ([shows(**{"application/javascript": "a"})], "puts out application/javascript"),
    "plotly": ([shows(**{"application/vnd.plotly.v1+json": {}})], "puts out application/vnd.plotly"),
    "latex": ([shows(**{"text/latex": "$x$"})], "puts out text/latex"),
    "markdown": ([shows(**{"text/markdown": "**x**"})], "puts out text/markdown"),
    "html alone": ([{**shows(), "data": {"text/html": "<b>a</b>"}}], "has an output without its text"),
    "no text": ([{**shows(), "data": {"image/png": PNG}}], "has an output without its text"),
    "path in html": ([shows(**{"text/html": "<a>/home/kim/x</a>"})], "prints a machine's path or address"),
    "script in html": ([shows(**{"text/html": "<script>a</script>"})], "puts out HTML with '<script>', which not all"),
    "image in html": ([shows(**{"text/html": "<b>a</b><img src='a'/>"})], "puts out HTML with '<img src='a'/>'"),
    "drawing in html": ([shows(**{"text/html": "<SVG viewBox='0 0 1 1'></SVG>"})], "puts out HTML with '<SVG"),
    "handler in html": ([shows(**{"text/html": "<p onclick='a()'>b</p>"})], "puts out HTML with '<p onclick"),
    "half a tag": ([shows(**{"text/html": "<iframe src=a"})], "puts out HTML with '<iframe"),
    "null in html": ([shows(**{"text/html": "<b>\0</b>"})], "puts out HTML with the control character U+0000"),
    "backspace": ([prints("a\b\b")], "prints the control character U+0008\n    Use verbose=0"),
    "carriage return": ([prints("1/2\r2/2")], "prints the control character U+000D"),
    "cursor": ([prints("\x1b[2K a")], "prints the control character U+001B"),
    "null": ([prints("\0")], "prints the control character U+0000"),
    "null in data": ([{**shows(), "data": {"text/plain": "\0"}}], "prints the control character U+0000"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_OUTPUTS)
def test_an_output_that_not_all_readers_show_is_refused(folder, name):
    outputs, expected = BAD_OUTPUTS[name]
    notebook = content(folder)
    by_id(notebook, "shape")["outputs"] = outputs
    found = said(folder, notebook)
    assert f"book/one.ipynb, cell 3 (shape): {expected}" in found, found


PLOT_ALTS = {
    "two in a cell": ("<!-- plot alt: one dot in the middle -->\n\n<!-- plot alt: one dot at the left -->", PLOT,
                      "has an alt text for a plot that has one already"),
    "no plot": ("<!-- plot alt: one dot in the middle -->", "", "has the alt text of a plot, but the code cell before it draws none"),
    "one": ("<!-- plot alt: one dot in the middle -->", PLOT, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", PLOT_ALTS)
def test_each_alt_text_of_a_plot_has_a_plot_of_its_own(folder, name):
    alts, plot, expected = PLOT_ALTS[name]
    notebook = content(folder)
    by_id(notebook, "shape")["outputs"] = [shows(**{"image/svg+xml": plot})] if plot else []
    by_id(notebook, "part-en")["source"] = f"{alts}\n\n*A caption.*"
    found = said(folder, notebook)
    assert (
        (f"book/one.ipynb, cell 5 (part-en): {expected}" in found) if expected else ("(part-en): has a" not in found)
    ), found


def test_colours_of_a_terminal_are_allowed(folder):
    notebook = content(folder)
    by_id(notebook, "shape")["outputs"] = [prints("\x1b[1mModel\x1b[0m \x1b[38;5;33mred\x1b[39m\n")]
    assert "control" not in said(folder, notebook)
    assert load_book(folder).chapter("one").all_cells[2].printed == ["Model red\n"]


def change_cell(**changes: object):
    def change(notebook: dict) -> None:
        by_id(notebook, "part-ko").update(changes)

    return change


BAD_CELLS = {
    "raw": (change_cell(cell_type="raw"), "a raw cell\n    Make it a Markdown cell"),
    "attachment": (
        change_cell(attachments={"dot.png": {"image/png": PNG}}),
        "holds the pasted picture 'dot.png'\n    Save the picture in book/images/",
    ),
    "control character": (change_cell(source="## 둘째\n\na\x08"), "line 3 holds the control character U+0008"),
    "direction": (change_cell(source="## \u202e둘째"), "line 1 holds the control character U+202E"),
    "private letter": (change_cell(source="## \ue000둘째"), "line 1 holds the control character U+E000"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_CELLS)
def test_a_cell_that_no_page_shows_is_refused(folder, name):
    spoil, expected = BAD_CELLS[name]
    notebook = content(folder)
    spoil(notebook)
    found = said(folder, notebook)
    assert f"book/one.ipynb, cell 4 (part-ko): {expected}" in found, found


UNREADABLE = {
    "[]": "it is not in form 4",
    "3": "it is not in form 4",
    '{"nbformat": 3, "worksheets": []}': "it is not in form 4",
    '{"nbformat": 4, "cells": 3}': "it has no list of cells",
    '{"nbformat": 4, "cells": [3]}': "it has no list of cells",
    '{"nbformat": 4, "cells": [{}], "metadata": {}}': "cells[0]",
    '{"nbformat": 4, "cells": [], "metadata": {}, "nbformat_minor": "5", "x": 1}': "x",
    "[" * 100_000: "too many brackets",
    '{"nbformat": 4, "cells": [], "metadata": ' + '{"a":' * 60 + "1" + "}" * 61: "too many brackets",
    '{"nbformat": 4, "cells": [], "metadata": {"a": "\\ud800"}}': "half a letter",
    '{"nbformat": 4, "cells": [], "metadata": {"a": NaN}}': "NaN",
    '{"nbformat": 4, "cells": [], "metadata": {"a": 1e999}}': "NaN or Infinity",
    '{"nbformat": 4, "cells": [], "metadata": {"a": ' + "9" * 5000 + "}}": "",
    "\ufeff{}": "BOM",
    "<<<<<<< HEAD\n{}": "Expecting value",
}  # fmt: skip


@pytest.mark.parametrize("text", UNREADABLE, ids=lambda text: text[:40])
def test_what_is_no_notebook_is_named_in_one_line(folder, text):
    path(folder).write_text(text, "utf-8")
    for command in (["check"], ["record", "one"]):
        done = run_builder(folder, *command)
        assert done.returncode == 1 and "one.ipynb" in done.stderr and "readable notebook (" in done.stderr, done.stderr
        assert UNREADABLE[text] in done.stderr
        assert path(folder).read_text("utf-8") == text


def test_what_is_not_utf8_is_named(folder):
    path(folder).write_bytes(b'{"a": "\xff"}')
    assert "book/one.ipynb: is not a readable notebook (" in said(folder)


def test_reading_keeps_what_is_content(folder):
    notebook = read_notebook(path(folder).read_bytes())
    assert notebook == load(folder, "one")


@pytest.mark.parametrize(
    ("toc", "expected"),
    [
        ("- file: book/../x", "'book/../x', which is no name for a chapter"),
        ("- file: /etc/passwd", "'/etc/passwd', which is no name"),
        ("- file: book/One Two", "which is no name"),
        ("- file: book/하나", "which is no name"),
        ("- file: book/sub/one", "which is no name"),
        (f"- file: book/{'a' * 300}", "which is no name"),
        ("- url: https://x.org", "no line of _toc.yml names it"),
        ("- file: 3", "_toc.yml: is no table of contents"),
        ("- file: book/one\n- file: book/one", "_toc.yml: is no table of contents"),
        ("- {}", "_toc.yml: is no table of contents"),
        ("  3", "_toc.yml: is no table of contents"),
        ("  &a [*a]", "_toc.yml: cannot be read: it has too many brackets"),
        ("!!python/object:os.system {}", "_toc.yml: cannot be read"),
    ],
)
def test_contents_that_name_no_chapters(folder, toc, expected):
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:\n{toc}\n", "utf-8")
    done = run_builder(folder, "check")
    assert done.returncode == 1 and expected in done.stderr, done.stderr


@pytest.mark.parametrize("languages", ["{no: {name: a, title: b, description: c}}", "{../x: {name: a, title: b, description: c}}",
                                       "{en: {name: 1, title: b, description: c}}", "{en: 3}", "[en]", "{}"])  # fmt: skip
def test_languages_that_are_none(folder, languages):
    (folder / "_config.yml").write_text(
        f"sphinx:\n  config:\n    book_languages: {languages}\n    book_anchor_language: en\n", "utf-8"
    )
    done = run_builder(folder, "check")
    assert done.returncode == 1 and "the languages of the book are missing, or one of them is incomplete" in done.stderr


# -- images -----------------------------------------------------------------------------------------------------------


def test_only_a_whole_png_is_one():
    png = base64.b64decode(PNG)
    assert is_png(png)
    assert not any(is_png(png[:length]) for length in range(len(png) - 12))
    assert not any(is_png(png[:place] + bytes([png[place] ^ 1]) + png[place + 1 :]) for place in range(8, len(png)))


@pytest.mark.parametrize(
    "svg",
    ['<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"/>', '<?xml version="1.0"?>', "<svg/>", "", "\0",
     '<svg xmlns="http://www.w3.org/2000/svg" width="-1" height="0"/>', "<svg" * 10_000, "<svg xmlns='http://www.w3.org/2000/svg'>" + "<g>" * 5_000,
     '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>a</script></svg>',
     '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image width="9" height="9" href="https://x.org/a.png"/></svg>',
     '<!DOCTYPE svg [<!ENTITY a "b">]><html xmlns="http://www.w3.org/1999/xhtml"/>'],
    ids=range(11),
)  # fmt: skip
def test_a_drawing_that_cannot_be_drawn_is_named(folder, svg):
    (folder / "book" / "images" / "dot.svg").write_text(svg, "utf-8")
    assert "book/images/dot.svg is no SVG or PNG that can be drawn\n    Save it again" in said(folder)


def test_a_drawing_that_is_no_utf8_is_named(folder):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><!-- é --></svg>'
    (folder / "book" / "images" / "dot.svg").write_bytes(drawing.encode("latin-1"))
    assert "book/images/dot.svg is no SVG or PNG that can be drawn" in said(folder)


@pytest.mark.parametrize("place", ["/home/kim/dot.png", "C:\\Users\\kim\\dot.png", "file:///Users/kim/dot.png"])
def test_a_drawing_that_names_a_folder_of_its_author_is_refused(folder, place):
    (folder / "book" / "images" / "dot.svg").write_text(
        PROLOGUE.replace("<circle", f'<g id="a" name="{place}"/><circle'), "utf-8"
    )
    found = said(folder)
    assert "(part-ko): book/images/dot.svg holds the path" in found and "    Save it as plain SVG" in found


def test_what_keras_writes_as_html_is_allowed(folder):
    notebook = content(folder)
    html = '<pre style="white-space:pre">a &lt; b <span style="font-weight: bold">c</span></pre>\n<table><tr><td>1</td></tr></table>'
    by_id(notebook, "shape")["outputs"] = [shows(**{"text/html": html})]
    assert "HTML" not in said(folder, notebook)


@pytest.mark.parametrize("svg", [PROLOGUE, "\ufeff" + PROLOGUE, PROLOGUE.split("\n", 3)[3]])
def test_a_drawing_as_other_programs_write_it_is_one(folder, svg):
    (folder / "book" / "images" / "dot.svg").write_text(svg, "utf-8")
    assert said(folder) == ""
