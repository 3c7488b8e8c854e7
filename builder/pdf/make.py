"""Set each edition as a PDF and as an EPUB, in ``_build/pdf/``, which is replaced only when all files are there."""

from __future__ import annotations

import shutil
from pathlib import Path

from ..chapters.book import Book
from ..files import new_folder
from ..messages import Refused
from .blame import blamed
from .document import Document
from .downloads import fingerprint, pdf_folder, places
from .epub import write_epub
from .typst import set_formula, write_pdf


def make(book: Book) -> list[Path]:
    """Make the PDF and the EPUB of every edition of a book without problems; return their paths.

    Raises:
        Refused: something in the text has no form on paper, or a font is missing.
        OSError: a folder cannot be written.
    """
    folder = pdf_folder(book.root)
    with new_folder(folder) as new:
        (new / "sources").write_text(fingerprint(book))
        for language in book.languages:
            work = new / "work"
            pdf, epub = places(book, language, new)
            try:
                document = Document(book, language, work)
                write_epub(document, write_pdf(document, pdf), epub)
            except Refused as error:
                raise Refused(blamed(book, language, str(error), set_formula)) from None
            shutil.rmtree(work)
    return [path for language in book.languages for path in places(book, language, folder)]
