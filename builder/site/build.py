"""Build the site: write the editions, let Jupyter Book build them side by side, put them in place in one step."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..chapters.book import Book, Language
from ..editions.edition import Edition
from ..editions.write import write_editions
from ..files import new_folder
from .cards import cards
from .jupyter_book import JupyterBook
from .root_pages import write_root_pages
from .search_index import Index

# What no page needs: Sphinx's notes, its scripts and furo's (see theme/extension), the interfaces of Pagefind.
LEAVE_OUT = [".buildinfo*", "objects.inv", "*.po", "*.mo"]
LEAVE_OUT += [
    "searchtools.js",
    "language_data.js",
    "doctools.js",
    "sphinx_highlight.js",
    "translations.js",
    "furo*.js*",
]
LEAVE_OUT += ["pagefind-*ui.*", "pagefind-highlight.js"]


def site_folder(root: Path) -> Path:
    """Where the site stands."""
    return root / "_build" / "site"


def build(
    book: Book, jupyter_book: JupyterBook, downloads: Mapping[Language, list[Path]], python: Path | None = None
) -> Path:
    """Build ``_build/site/`` of a book without problems, and return its path.

    Args:
        jupyter_book: the worker, which may still be loading.
        downloads: language -> files that the first page of its edition offers.
        python: the folder with the Python that runs the cells in the pages, if there is one.

    Raises:
        Refused: Jupyter Book refused an edition, or there is no index to search in.
        OSError: a folder cannot be written.
    """
    site = site_folder(book.root)
    with new_folder(site) as new:
        bundle = json.loads((python / "bundle.json").read_text(encoding="utf-8")) if python else {}
        editions = [
            Edition(book, language, tuple(path.name for path in downloads[language]), bundle)
            for language in book.languages
        ]
        write_editions(editions)
        book.images.ask(list(cards(book).values()))
        with Index(book) as index, ThreadPoolExecutor() as pool:
            archives = {edition: pool.submit(archive, edition) for edition in editions}
            jupyter_book.build([edition.folder for edition in editions])
        leave_out = shutil.ignore_patterns(*LEAVE_OUT)
        for edition in editions:
            place = new / edition.language.code
            shutil.copytree(edition.folder / "_build" / "html", place, ignore=leave_out)
            shutil.copytree(edition.folder / "notebooks", place / "notebooks")
            (place / "notebooks.zip").write_bytes(archives[edition].result())
            shutil.copytree(index.folder(edition.language), place / "pagefind", ignore=leave_out)
            for path in downloads[edition.language]:
                shutil.copy(path, place)
        if python:
            shutil.copytree(python, new / "python")  # once, for all editions
        write_root_pages(book, new)
        (new / ".nojekyll").touch()  # GitHub Pages would drop the folders whose names begin with _
    book.images.keep()
    return site


def archive(edition: Edition) -> bytes:
    """The notebooks of an edition in one file with a folder; the same notebooks give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for path in sorted((edition.folder / "notebooks").glob("*.ipynb")):
            entry = zipfile.ZipInfo(f"notebooks-{edition.language.code}/{path.name}")  # dated 1980
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            file.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
