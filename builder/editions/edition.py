"""An edition: the book in one language, as a whole Jupyter Book source and as notebooks that run alone.

The steps from a chapter to a page and to a notebook are small functions, each of which changes one thing about a notebook
that is theirs to change.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from nbformat import NotebookNode

from ..chapters.book import CHAPTERS, Book, Language
from ..chapters.live import files_below, live_pages
from ..chapters.markdown import published, with_addresses
from ..chapters.notebook import SVG, Chapter, write_notebook
from ..chapters.plots import themed
from ..chapters.questions import TAG

# What lies in the folders of the sources and belongs to no edition.
LEFT_BEHIND = {"__pycache__", ".DS_Store"}


@dataclass(frozen=True, eq=False)  # one is another than the next, whatever they hold
class Edition:
    """The book in one language.

    Attributes:
        downloads: names of the files that its first page offers besides notebooks.
        python: what the pages need to know about the Python that runs their cells; empty when there is none.
    """

    book: Book
    language: Language
    downloads: tuple[str, ...] = ()
    python: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where it is written."""
        return self.book.root / "_build" / "editions" / self.language.code

    def files(self) -> dict[str, bytes]:
        """Path below its folder -> content.

        ``<chapter>.ipynb`` are the pages, ``notebooks/<chapter>.ipynb`` the same chapters ready to run alone.
        """
        settings = {"_config.yml": self.config(), "_toc.yml": without_folder(self.book.toc)}
        files = {
            name: yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()
            for name, content in settings.items()
        }
        for folder in ("theme", "live", f"{CHAPTERS}images"):
            for path in sorted(files_below(self.book.root, folder)):
                if path.is_file() and not LEFT_BEHIND & set(path.parts) and path.suffix != ".mo":
                    files[path.relative_to(self.book.root).as_posix().removeprefix(CHAPTERS)] = path.read_bytes()
        for chapter in self.book.chapters:
            files[f"{chapter.name}.ipynb"] = write_notebook(self.page(chapter))
            files[f"notebooks/{chapter.name}.ipynb"] = write_notebook(self.notebook(chapter))
        return files

    def config(self) -> dict[str, Any]:
        """Its ``_config.yml``: that of the book with what a page needs to know about its edition."""
        config = copy.deepcopy(self.book.config)
        config["title"] = self.language.title
        settings = config["sphinx"]["config"]
        settings.update(language=self.language.code, book_edition=self.language.code)
        settings["book_downloads"] = list(self.downloads)
        settings["book_python"] = dict(self.python)
        settings["book_live_pages"] = list(live_pages(self.book.root))
        if self.book.repository:
            settings["book_links"] = self.book.repository.links(self.language.code)
        if self.book.site:
            settings.update(book_site=self.book.site, html_baseurl=f"{self.book.site}{self.language.code}/")
        return config

    def page(self, chapter: Chapter) -> NotebookNode:
        """A chapter as Jupyter Book makes a page of it."""
        page = without_notes(self.in_one_language(chapter))
        page.metadata.update(
            anchors=" ".join(chapter.anchors),
            minutes=str(chapter.minutes),
            figure=PurePosixPath(chapter.key_figure).stem,
        )
        return with_names(self.with_plots(page, chapter))

    def notebook(self, chapter: Chapter) -> NotebookNode:
        """A chapter as a notebook that needs no other file."""
        notebook = without_notes(self.in_one_language(chapter))
        return with_data_folded(self.with_addresses_that_leave(notebook))

    # -- the steps ----------------------------------------------------------------------------------------------------

    def in_one_language(self, chapter: Chapter) -> NotebookNode:
        """A copy of a chapter that holds the cells of this language, without the tags that say so."""
        notebook = NotebookNode(copy.copy(chapter.notebook), metadata=copy.deepcopy(chapter.notebook.metadata))
        notebook.cells = [copy.deepcopy(cell.node) for cell in chapter.cells(self.language.code)]
        for cell in notebook.cells:
            cell.metadata.tags = [tag for tag in cell.metadata.get("tags", []) if not tag.startswith("lang-")]
            if not cell.metadata.tags:
                del cell.metadata["tags"]
        return notebook

    def with_plots(self, notebook: NotebookNode, chapter: Chapter) -> NotebookNode:
        """Give plots their alt text and their width, where MyST-NB looks for them, a name, and the colours of the page."""
        images = {
            cell.id: {"alt": chapter.plot_alt(cell, self.language.code), **cell.plot_width}
            for cell in chapter.all_cells
            if cell.draws
        }
        for cell in notebook.cells:
            if cell.id in images:
                cell.metadata.update(mystnb={"image": images[cell.id]}, name=cell.id)
                for output in cell.outputs:
                    if SVG in output.get("data", {}):
                        output.data[SVG] = themed(output.data[SVG])
        return notebook

    def with_addresses_that_leave(self, notebook: NotebookNode) -> NotebookNode:
        """Embed the figures, and let links lead out of a lone notebook.

        In one step: a figure that is embedded is a word of 50 000 letters, which a second reading would read again.
        """
        for cell in texts(notebook):
            cell.source = with_addresses(
                cell.source, lambda kind, to: self.book.images.embedded(to) if kind == "image" else self.address(to)
            )
        return notebook

    def address(self, link: str) -> str | None:
        """The address to which the link to another chapter leads in a lone notebook; None for another link.

        On the published site; without its address, the notebook beside this one.
        """
        target, hash_, anchor = link.partition("#")
        if not target.endswith(".ipynb") or "/" in target:
            return None
        if not self.book.site:
            return target  # notebooks give headings other anchors
        return f"{self.book.site}{self.language.code}/{target.removesuffix('.ipynb')}.html{hash_}{anchor}"


def texts(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def without_notes(notebook: NotebookNode) -> NotebookNode:
    """Take out the comments, which are for authors."""
    for cell in texts(notebook):
        cell.source = published(cell.source).strip("\n")
    return notebook


def with_data_folded(notebook: NotebookNode) -> NotebookNode:
    """Fold the cells that hold data, which nobody has to read: the first for JupyterLab, the second for Colab."""
    for cell in notebook.cells:
        if "data" in cell.metadata.get("tags", []):
            cell.metadata.update(jupyter={"source_hidden": True}, cellView="form")
    return notebook


def with_names(notebook: NotebookNode) -> NotebookNode:
    """Give the cells of questions and exercises their name, the same in all languages, under which a page knows them."""
    for cell in notebook.cells:
        if {TAG, "exercise"} & set(cell.metadata.get("tags", [])):
            cell.metadata["name"] = cell.id
    return notebook


def without_folder(contents: Any) -> Any:
    """The contents of an edition, whose chapters lie at its root."""
    if isinstance(contents, dict):
        return {key: without_folder(value) for key, value in contents.items()}
    if isinstance(contents, list):
        return [without_folder(value) for value in contents]
    return contents.removeprefix(CHAPTERS) if isinstance(contents, str) else contents
