"""Small books that Sphinx builds in this process, with the book's own configuration."""

from __future__ import annotations

import gc
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
import sphinx.locale
import sphinxcontrib.katex
import yaml
from bs4 import BeautifulSoup, Tag
from jinja2.bccache import Bucket, BytecodeCache
from jupyter_book.config import get_final_config
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.util.console import strip_colors
from sphinx.util.docutils import docutils_namespace, patch_docutils

from builder.chapters.live import live_pages
from support import ROOT


class Compiled(BytecodeCache):
    """The templates of the theme, compiled once for all books."""

    def __init__(self):
        self.kept = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@dataclass
class Book:
    """A book of which each chapter is a list of cells: Markdown as text, or a notebook's code cell."""

    root: Path

    def write(self, name: str, *cells: str | nbformat.NotebookNode, **facts: str) -> None:
        """Write a chapter; ``facts``: what an edition says of it in the notebook's metadata, such as ``anchors``."""
        cells = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        for number, cell in enumerate(cells):
            cell.id = f"{name}-{number}"
        metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
        metadata.update(facts)
        nbformat.write(new_notebook(cells=cells, metadata=metadata), self.root / f"{name}.ipynb")

    def build(self, edition: str = "en", parts: list[list[str]] | None = None, **settings) -> Built:
        """Build all chapters, ``index`` first, or those of ``parts``; warnings are errors."""
        names = sorted(path.stem for path in self.root.glob("*.ipynb"))
        contents = {"format": "jb-book", "root": "index"}
        if parts:
            contents["parts"] = [
                {"caption": f"Part {number}", "chapters": [{"file": name} for name in part]}
                for number, part in enumerate(parts, 1)
            ]
        elif chapters := [{"file": name} for name in names if name != "index"]:
            contents["chapters"] = chapters
        (self.root / "_toc.yml").write_text(yaml.safe_dump(contents))
        config, _ = get_final_config(
            user_yaml=ROOT / "_config.yml",
            cli_config={"latex_individualpages": False, "external_toc_path": "_toc.yml"},
            sourcedir=self.root,
        )
        known = {"language": edition or "en", "book_edition": edition, "book_live_pages": list(live_pages(self.root))}
        settings = {**config, **known, **settings}
        pages, notes, warnings = self.root / "_build" / "html", self.root / "_build" / "notes", io.StringIO()
        gc.freeze()  # sphinx_external_toc looks at all that garbage is searched in, such as what other tests have left
        locale.translators.clear()  # Sphinx keeps the words of the edition before
        with patch_docutils(self.root), docutils_namespace():
            app = Sphinx(
                self.root, None, pages, notes, "html", settings, None, warnings, warningiserror=True, keep_going=True
            )
            app.builder.templates.environment.bytecode_cache = COMPILED
            app.build()
        return Built(pages, app.statuscode, strip_colors(warnings.getvalue()))


@dataclass
class Built:
    """What Sphinx made of a book."""

    folder: Path
    status: int
    warnings: str

    def page(self, name: str) -> BeautifulSoup:
        return BeautifulSoup((self.folder / f"{name}.html").read_text("utf-8"), "html.parser")

    def article(self, name: str) -> Tag:
        return self.page(name).select_one("article")


@pytest.fixture
def book(tmp_path, monkeypatch) -> Book:
    """A book whose first chapter has nothing but a title; the tests write the others."""
    monkeypatch.setattr(sys, "path", [*sys.path])  # Jupyter Book appends to it
    monkeypatch.setattr(
        sphinxcontrib.katex, "render_latex", sphinxcontrib.katex.render_latex
    )  # the extension replaces it
    monkeypatch.setattr(sphinx.locale, "translators", {})  # an earlier book's language would stand in for English
    root = tmp_path / "book"
    shutil.copytree(ROOT / "theme", root / "theme", ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
    book = Book(root)
    book.write("index", "# Book\n\nThe first sentence. The second one.")
    return book


@pytest.fixture
def printed():
    """A function that makes a code cell with an output."""

    def printed(data: dict[str, str] | str, **metadata) -> nbformat.NotebookNode:
        if isinstance(data, str):
            output = nbformat.v4.new_output("stream", name="stdout", text=data)
        else:
            output = nbformat.v4.new_output("display_data", data=data)
        return new_code_cell("show()", execution_count=1, outputs=[output], metadata=metadata)

    return printed
