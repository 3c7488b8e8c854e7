"""Which PDF and EPUB files there are, and whether they still match the sources; needs none of the programs that make them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ..chapters.book import Book, Language
from ..chapters.markdown import slug

# What the files are made of, and the programs that make them.
SOURCES = ("_config.yml", "_toc.yml", "requirements.txt", "book/*.ipynb", "book/images/**/*", "theme/pdf/*",
           "theme/locale/*/LC_MESSAGES/*.po")  # fmt: skip
PROGRAMS = ("chapters/*.py", "pdf/*.py")


def pdf_folder(root: Path) -> Path:
    """Where the files stand."""
    return root / "_build" / "pdf"


def fingerprint(book: Book) -> str:
    """A hash of everything that the PDF and the EPUB depend on."""
    found = hashlib.sha256(str(book.site).encode())
    package = Path(__file__).resolve().parents[1]
    for folder, patterns in ((book.root, SOURCES), (package, PROGRAMS)):
        for path in sorted(path for pattern in patterns for path in folder.glob(pattern) if path.is_file()):
            name = path.relative_to(folder).as_posix()
            found.update(os.fsencode(f"{name} ") + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def fresh(book: Book) -> dict[Language, list[Path]]:
    """language -> its PDF and EPUB, if they were made from the sources as they are now; else nothing."""
    folder = pdf_folder(book.root)
    made_from = folder / "sources"
    if not (made_from.is_file() and made_from.read_bytes() == fingerprint(book).encode()):
        return {language: [] for language in book.languages}
    return {
        language: [path for path in places(book, language, folder) if path.is_file()] for language in book.languages
    }


def places(book: Book, language: Language, folder: Path) -> list[Path]:
    """Where the PDF and the EPUB of a language stand in ``folder``."""
    name = f"{slug(book.anchor_language.title)}-{language.code}"
    return [folder / f"{name}.{ending}" for ending in ("pdf", "epub")]
