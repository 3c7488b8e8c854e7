"""What an edition is made of."""

from __future__ import annotations

import base64
import errno
import os
import struct

import nbformat
import pytest
import yaml

from builder.github import find_repository
from builder.messages import Refused
from forms import shows
from support import cell, change, editions, load, run_builder, save, small_book, snapshot, text, write, write_config


@pytest.fixture
def folder(tmp_path):
    return small_book(tmp_path / "book of mine")


def edition(folder, language, name):
    path = folder / "_build" / "editions" / language / name
    return nbformat.read(path, as_version=4) if name.endswith(".ipynb") else path.read_text(encoding="utf-8")


def problems(folder) -> str:
    """What is wrong with a book; nothing when it is all right."""
    return run_builder(folder, "check").stderr


def test_an_edition_has_its_language_and_the_shared_cells(folder):
    editions(folder)
    korean, english = edition(folder, "ko", "one.ipynb"), edition(folder, "en", "one.ipynb")
    assert [c.id for c in korean.cells] == ["title-ko", "shape", "part-ko", "value"]
    assert [c.id for c in english.cells] == ["title-en", "shape", "part-en", "value"]
    assert korean.cells[1].outputs == english.cells[1].outputs != []
    assert "tags" not in korean.cells[0].metadata


def test_anchors_are_the_english_headings_in_every_edition(folder):
    editions(folder)
    for language in ("ko", "en"):
        assert edition(folder, language, "one.ipynb").metadata.anchors == "one second-part"


def test_an_edition_is_a_whole_jupyter_book(folder):
    editions(folder)
    config = yaml.safe_load(edition(folder, "en", "_config.yml"))
    assert config["title"] == "Recurrent layers, value by value"
    assert config["sphinx"]["config"]["language"] == config["sphinx"]["config"]["book_edition"] == "en"
    toc = yaml.safe_load(edition(folder, "en", "_toc.yml"))
    assert toc == {"format": "jb-book", "root": "index", "chapters": [{"file": "one"}]}
    assert ((folder / "_build" / "editions" / "en") / "images" / "dot.svg").exists()


def test_notebooks_that_run_alone_embed_their_pictures_at_double_density(folder):
    editions(folder)
    page, alone = edition(folder, "en", "one.ipynb"), edition(folder, "en", "notebooks/one.ipynb")
    assert "](images/dot.svg)" in cell(page, "part-en").source
    source = cell(alone, "part-en").source
    assert "![one dot in the middle](data:image/png;base64," in source
    png = base64.b64decode(source.split("base64,")[1].split(")")[0])
    assert struct.unpack(">II", png[16:24]) == (40, 20)


def test_a_plot_has_the_colours_of_pages_on_the_page_only(folder):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30pt" height="15pt" viewBox="0 0 30 15"><path fill="#0072b2"/></svg>'
    notebook = load(folder, "one")
    cell(notebook, "shape").outputs = [nbformat.from_dict(shows(**{"image/svg+xml": svg}))]
    write(folder, "one", notebook)
    editions(folder)
    page, alone = edition(folder, "en", "one.ipynb"), edition(folder, "en", "notebooks/one.ipynb")
    assert cell(page, "shape").metadata.name == "shape"
    (shown,), (kept,) = (cell(one, "shape").outputs for one in (page, alone))
    assert kept.data["image/svg+xml"] == svg
    assert (
        '[fill="#0072b2"]{fill:#6cc1f2}' in shown.data["image/svg+xml"] and 'width="40"' in shown.data["image/svg+xml"]
    )


def test_data_is_folded_in_the_notebooks_of_readers_only(folder):
    """JupyterLab and Colab show it as one line, so that nobody scrolls past hundreds of sentences."""
    notebook = load(folder, "one")
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.metadata["tags"] = ["data"]
    write(folder, "one", notebook)
    editions(folder)
    page, alone = edition(folder, "en", "one.ipynb"), edition(folder, "en", "notebooks/one.ipynb")
    folded = cell(alone, code.id).metadata
    assert (folded.jupyter.source_hidden, folded.cellView) == (True, "form")
    assert "jupyter" not in cell(page, code.id).metadata
    assert all("cellView" not in other.metadata for other in alone.cells if other.id != code.id)


@pytest.mark.parametrize(
    ("repository", "expected"),
    [
        (None, "one.ipynb"),
        ("Owner/the-book", "https://owner.github.io/the-book/en/one.html#second-part"),
        ("owner/owner.github.io", "https://owner.github.io/en/one.html#second-part"),
        ("not a repository", "one.ipynb"),
    ],
)
def test_links_of_lone_notebooks_lead_to_the_site_when_its_address_is_known(folder, monkeypatch, repository, expected):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    if repository:
        monkeypatch.setenv("GITHUB_REPOSITORY", repository)
    editions(folder)
    assert f"[next]({expected})" in cell(edition(folder, "en", "notebooks/index.ipynb"), "more-en").source
    assert "[next](one.ipynb#second-part)" in cell(edition(folder, "en", "index.ipynb"), "more-en").source


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("https://github.com/me/book.git", "https://me.github.io/book/"),
        ("git@github.com:me/book.git", "https://me.github.io/book/"),
        ("https://example.org/me/book.git", None),
    ],
)
def test_the_address_comes_from_the_remote(tmp_path, monkeypatch, origin, expected):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    os.system(f'git init -q "{tmp_path}" && git -C "{tmp_path}" remote add origin {origin}')
    repository = find_repository(tmp_path)
    assert (repository and repository.site) == expected


def test_unchanged_files_are_not_rewritten_and_stale_ones_go(folder):
    editions(folder)
    output = folder / "_build" / "editions"
    times = {path: path.stat().st_mtime_ns for path in output.rglob("*") if path.is_file()}
    (output / "ko" / "old.ipynb").write_text("{}")
    notebook = load(folder, "one")
    cell(notebook, "title-en").source += " Indeed."
    write(folder, "one", notebook)
    editions(folder)
    now = {path: path.stat().st_mtime_ns for path in output.rglob("*") if path.is_file()}
    assert now.keys() == times.keys()
    changed = {path.relative_to(output).as_posix() for path in times if now[path] != times[path]}
    assert changed == {"en/one.ipynb", "en/notebooks/one.ipynb"}


@pytest.mark.parametrize("locked", ["theme/static", "live"])
def test_a_folder_that_cannot_be_read_is_named(folder, monkeypatch, locked):
    """As for an ordinary user when it belongs to another one; it is not left out of the book."""
    (folder / "live").mkdir()
    scandir = os.scandir

    def refusing(path):
        if os.fspath(path) == os.fspath(folder / locked):
            raise PermissionError(errno.EACCES, "Permission denied", os.fspath(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(Refused, match=f"^{locked}: cannot be read: Permission denied"):
        editions(folder)


def test_a_third_language_needs_cells_and_one_line_of_configuration(folder):
    config = yaml.safe_load((folder / "_config.yml").read_text(encoding="utf-8"))
    config["sphinx"]["config"]["book_languages"]["ja"] = {"name": "日本語", "title": "本", "description": "本"}
    write_config(folder, config)
    assert "has no twin in 日本語" in problems(folder)
    for chapter in ("index", "one"):
        notebook = load(folder, chapter)
        cells = []
        for old in notebook.cells:
            cells.append(old)
            if old.id.endswith("-en"):
                cells.append(text("ja", old.id[:-3], old.source.replace("Second part", "第二部")))
        save(folder, chapter, cells)
    assert problems(folder) == ""
    editions(folder)
    assert [c.id for c in edition(folder, "ja", "one.ipynb").cells] == ["title-ja", "shape", "part-ja", "value"]
    assert edition(folder, "ja", "one.ipynb").metadata.anchors == "one second-part"


def test_windows_line_endings_are_the_same_book(folder):
    editions(folder)
    before = snapshot(folder / "_build")
    for path in [*folder.glob("*.yml"), *folder.glob("book/*.ipynb")]:
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    notebook = load(folder, "one")
    for old in notebook.cells:
        old.source = old.source.replace("\n", "\r\n")
    (folder / "book" / "one.ipynb").write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\r\n")
    assert problems(folder) == ""
    editions(folder)
    assert snapshot(folder / "_build") == before


FENCE = "```python\nimport a\n\n\nanswer = 1  # [next](one.ipynb) ![one dot](images/dot.svg) <!-- stays -->\n```"


def test_code_reaches_pages_and_notebooks_letter_by_letter(folder, monkeypatch):
    """What looks like a comment, a link or a picture in a block of code is code; two blank lines are two."""
    monkeypatch.setenv("GITHUB_REPOSITORY", "me/book")
    notebook = load(folder, "one")
    for language in ("ko", "en"):
        cell(notebook, f"part-{language}").source += f"\n\n<!-- for authors -->\n\n{FENCE}\n\n[1](index.ipynb)"
    write(folder, "one", notebook)
    assert problems(folder) == ""
    editions(folder)
    for name, link in (
        ("one.ipynb", "index.ipynb"),
        ("notebooks/one.ipynb", "https://me.github.io/book/en/index.html"),
    ):
        source = cell(edition(folder, "en", name), "part-en").source
        assert source.endswith(f"\n\n{FENCE}\n\n[1]({link})") and "authors" not in source


@pytest.mark.parametrize("form", ["](<images/dot.svg>)", "]( images/dot.svg )"])
def test_pictures_are_embedded_in_whatever_form_they_are_written(folder, form):
    change(folder, "en", "](images/dot.svg)", form)
    assert problems(folder) == ""
    editions(folder)
    source = cell(edition(folder, "en", "notebooks/one.ipynb"), "part-en").source
    assert "(data:image/png;base64," in source.replace("( ", "(") and "dot.svg" not in source


@pytest.mark.parametrize(
    "form", ["(<one.ipynb#second-part>)", "( one.ipynb#second-part )", "(one%2Eipynb#second-part)"]
)
def test_links_leave_in_whatever_form_they_are_written(folder, monkeypatch, form):
    monkeypatch.setenv("GITHUB_REPOSITORY", "me/book")
    notebook = load(folder, "index")
    for language in ("ko", "en"):
        one = cell(notebook, f"more-{language}")
        one.source = one.source.replace("(one.ipynb#second-part)", form)
    write(folder, "index", notebook)
    assert problems(folder) == ""
    editions(folder)
    source = cell(edition(folder, "en", "notebooks/index.ipynb"), "more-en").source
    assert (
        source.replace("( ", "(")
        .replace(" )", ")")
        .endswith("[next](https://me.github.io/book/en/one.html#second-part)")
    )
