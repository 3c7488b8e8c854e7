"""Cut the bilingual book into one Jupyter Book source per language.

    python tools/cut.py            check every chapter, then write _build/editions/<language>/

The languages and the name of the one whose headings give the anchors stand in ``_config.yml``
(``book_languages``, ``book_anchor_language``). A Markdown cell belongs to the language of its tag ``lang-<code>``; a cell
without such a tag, and every code cell, belongs to all editions.

Every problem of a run is reported, with file, cell and remedy; when there is one, nothing is written.
"""

from __future__ import annotations

import base64
import copy
import json
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat
import yaml

from cell import COMMENT, draws, language_of, plot_alt, plot_width, read_notebook, read_text, slug
from check import Problem, check_chapter, check_contents
from pictures import Pictures
from repository import find_repository

ROOT = Path(__file__).resolve().parent.parent

ZOOM = 2  # a figure is embedded at double density


class BookError(Exception):
    """The book has problems; ``problems`` holds all of them."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        count = f"{len(problems)} problem" + "s" * (len(problems) > 1)
        super().__init__("\n".join([*map(str, problems), f"{count}; nothing was written."]))


class Book:
    """The sources of the book.

    Attributes:
        languages: code -> name, title and description of the edition, and what it says at an address without a page
            (``missing``).
        chapters: paths of the chapters below ``root``, without ending, in the order of the table of contents.
        repository: where the site will be published and its sources are, or None when it is not known.
        pictures: draws the figures.
        downloads: code -> names of the files that the first page of the edition offers besides notebooks.
        notebooks: chapter path -> notebook; filled by ``read``.
        anchors: chapter path -> anchors of its headings, in order; filled by ``read``.
        problems: what is wrong with the sources; filled by ``read``.

    Raises:
        BookError: ``_config.yml`` or ``_toc.yml`` cannot be read at all.
    """

    def __init__(self, root: Path = ROOT):
        self.root = root
        self.problems: list[Problem] = []
        self.config = self._yaml("_config.yml")
        self.toc = self._yaml("_toc.yml")
        try:
            settings = self.config["sphinx"]["config"]
            self.languages: dict[str, dict] = dict(settings["book_languages"])
            self.anchor_language: str = settings["book_anchor_language"]
            self.languages[self.anchor_language]
        except (KeyError, TypeError):
            raise BookError(
                [
                    Problem(
                        "_config.yml",
                        "the languages of the book are missing",
                        "List them under sphinx: config: book_languages, and name one of them as book_anchor_language.",
                    )
                ]
            ) from None
        self.chapters = list(toc_files(self.toc))
        self.repository = find_repository(root)
        self.pictures = Pictures(root)
        self.downloads: dict[str, list[str]] = {}
        self.notebooks: dict[str, nbformat.NotebookNode] = {}

    def folder(self, code: str) -> Path:
        """Where the edition of a language is written."""
        return self.root / "_build" / "editions" / code

    def read(self) -> None:
        """Read every chapter and note what is wrong."""
        images = sorted((self.root / "book").rglob("*.svg"))
        self.pictures.ask([image.read_text("utf-8", "replace") for image in images], ZOOM)
        self.problems += check_contents(self)
        for chapter in self.chapters:
            if (notebook := self.read_chapter(chapter)) is not None:
                self.notebooks[chapter] = notebook
        self.anchors = {chapter: self._anchors(notebook) for chapter, notebook in self.notebooks.items()}
        for chapter in self.notebooks:
            self.problems += check_chapter(self, chapter)

    def keep_pictures(self) -> None:
        """Keep what was drawn for the next build."""
        for place, png in self.pictures.new().items():
            write_if_changed(place, png)

    def _yaml(self, name: str) -> dict:
        try:
            return yaml.safe_load((self.root / name).read_text(encoding="utf-8"))
        except (OSError, ValueError, yaml.YAMLError) as error:
            raise BookError([Problem(name, f"cannot be read: {error}", "Restore or mend it.")]) from None

    def read_chapter(self, chapter: str) -> nbformat.NotebookNode | None:
        """The notebook of a chapter, or None, with a problem noted, when it cannot be read."""
        path = self.root / f"{chapter}.ipynb"
        if not path.exists():
            return None
        try:
            notebook = read_notebook(path.read_bytes())
        except ValueError as error:
            file = f"{chapter}.ipynb"
            self.problems.append(
                Problem(file, f"is not a readable notebook ({error})", f"'git diff {file}' shows why.")
            )
            return None
        for cell in notebook.cells:
            cell.source = cell.source.replace("\r\n", "\n")
        return notebook

    def _anchors(self, notebook: nbformat.NotebookNode) -> list[str]:
        return [
            slug(heading)
            for cell in notebook.cells
            if cell.cell_type == "markdown" and language_of(cell) in (None, self.anchor_language)
            for _, heading in read_text(cell.source).headings
        ]

    def edition(self, code: str) -> dict[str, bytes]:
        """The files of one edition, that of the language ``code``.

        Returns:
            path below the edition's folder -> content. ``<chapter>.ipynb`` are the pages, ``notebooks/<chapter>.ipynb``
            the same chapters ready to run alone.
        """
        files: dict[str, bytes] = {}
        config = copy.deepcopy(self.config)
        config["title"] = self.languages[code]["title"]
        config["sphinx"]["config"].update(language=code, book_edition=code)
        config["sphinx"]["config"]["book_downloads"] = self.downloads.get(code, [])
        site = self.repository.site if self.repository else None
        if self.repository:
            config["sphinx"]["config"]["book_links"] = self.repository.links(code)
        if site:
            config["sphinx"]["config"].update(book_site=site, html_baseurl=f"{site}{code}/")
        toc = json.loads(re.sub(r'"book/([\w-]+)"', r'"\1"', json.dumps(self.toc)))
        for name, content in (("_config.yml", config), ("_toc.yml", toc)):
            files[name] = yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()
        for folder in ("theme", "book/images"):
            for path in sorted((self.root / folder).rglob("*")):
                if path.is_file() and not {"__pycache__", ".DS_Store"} & set(path.parts) and path.suffix != ".mo":
                    files[path.relative_to(self.root).as_posix().removeprefix("book/")] = path.read_bytes()
        for chapter, notebook in self.notebooks.items():
            name = chapter.removeprefix("book/")
            page = copy.deepcopy(notebook)
            page.cells = [
                cell for cell in page.cells if cell.cell_type != "markdown" or language_of(cell) in (None, code)
            ]
            for cell in page.cells:
                cell.metadata.tags = [tag for tag in cell.metadata.get("tags", []) if not tag.startswith("lang-")]
                if not cell.metadata.tags:
                    del cell.metadata["tags"]
                if cell.cell_type == "markdown":
                    cell.source = re.sub(r"\n{3,}", "\n\n", COMMENT.sub("", cell.source)).strip()
            alone = copy.deepcopy(page)
            for cell in alone.cells:
                if cell.cell_type == "markdown":
                    cell.source = self._stand_alone(cell.source, code, site)
            page.metadata["anchors"] = " ".join(self.anchors[chapter])
            images = {
                cell.id: {"alt": plot_alt(notebook.cells, number, code), **plot_width(cell)}
                for number, cell in enumerate(notebook.cells)
                if draws(cell)
            }
            for cell in page.cells:
                if cell.id in images:  # MyST-NB puts these on the page's <img>
                    cell.metadata["mystnb"] = {"image": images[cell.id]}
            files[f"{name}.ipynb"] = nbformat.v4.writes(page).encode() + b"\n"
            files[f"notebooks/{name}.ipynb"] = nbformat.v4.writes(alone).encode() + b"\n"
        return files

    def embedded(self, src: str) -> str | None:
        """The image as a PNG data URI: what Colab writes itself, and the one form that it shows. None if it is no image."""
        path = self.root / "book" / src
        if path.suffix == ".svg":
            png = self.pictures.png(path.read_text("utf-8", "replace"), ZOOM)
        else:
            png = path.read_bytes()
        if png and png.startswith(b"\x89PNG"):
            return f"data:image/png;base64,{base64.b64encode(png).decode()}"

    def _stand_alone(self, source: str, code: str, site: str | None) -> str:
        """Embed the images of a Markdown cell and let its links lead to the site or to the notebook next to it."""
        text = read_text(source)
        for src in text.figures:
            source = source.replace(f"]({src})", f"]({self.embedded(src)})")
        for link in set(text.links):
            target, hash_, anchor = link.partition("#")
            if target.endswith(".ipynb") and "/" not in target:
                there = f"{site}{code}/{target[:-6]}.html{hash_}{anchor}" if site else target
                source = source.replace(f"]({link})", f"]({there})")
        return source


def toc_files(toc: dict | list):
    """Yield the files that a table of contents names, in order."""
    if isinstance(toc, list):
        for entry in toc:
            yield from toc_files(entry)
    elif isinstance(toc, dict):
        for key, value in toc.items():
            if key in ("root", "file"):
                yield value
            elif isinstance(value, (dict, list)):
                yield from toc_files(value)


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write ``content`` in one step unless the file holds it already, so that an incremental build stays one."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.tmp")
    draft.write_bytes(content)
    os.replace(draft, path)
    return True


def cut(book: Book) -> None:
    """Read and check the book and write its editions to ``book.folder(code)``.

    Raises:
        BookError: with every problem found; nothing was written.
    """
    book.read()
    if book.problems:
        raise BookError(book.problems)
    book.keep_pictures()
    editions = {code: book.edition(code) for code in book.languages}
    for code, files in editions.items():
        folder = book.folder(code)
        changed = [name for name, content in files.items() if write_if_changed(folder / name, content)]
        gone = {path.name for path in folder.glob("*.ipynb")} - files.keys()
        if gone or any(name.startswith(("theme/", "images/")) for name in changed):
            # Sphinx keeps the page of a chapter that is gone, and does not see that a style sheet, a translation, its
            # extension or a picture alone has changed.
            shutil.rmtree(folder / "_build", ignore_errors=True)
        for path in sorted(folder.rglob("*"), reverse=True):
            name = path.relative_to(folder)
            if name.parts[0] == "_build" or path.suffix == ".mo" or "__pycache__" in name.parts:
                continue
            if path.is_file() and name.as_posix() not in files:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()


if __name__ == "__main__":
    try:
        book = Book()
        cut(book)
        print(*(book.folder(code).relative_to(ROOT) for code in book.languages), sep="\n")
    except BookError as error:
        sys.exit(str(error))
