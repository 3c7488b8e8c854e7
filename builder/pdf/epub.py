"""The EPUB."""

from __future__ import annotations

import json
import re
import shutil
import uuid
from pathlib import Path

from .document import Document
from .pandoc import pandoc
from .words import LICENCE, words


def write_epub(document: Document, cover: bytes, place: Path) -> None:
    """Write the EPUB."""
    book, language, folder = document.book, document.language, document.folder
    (folder / "cover.png").write_bytes(cover)
    year = re.search(r"[1-9][0-9]{3}", str(book.config.get("copyright", "")))  # Python knows no year 0000
    year = year[0] if year else "1980"
    metadata = {
        "title": language.title,
        "lang": language.code,
        "date": year,
        "description": language.description,
        "rights": words(book, language).get(LICENCE, LICENCE),
        "identifier": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, (book.site or '') + place.name)}",
    }
    (folder / "metadata.json").write_text(json.dumps(metadata), "utf-8")
    shutil.copy(book.root / "theme" / "pdf" / "epub.css", folder)
    pandoc(
        document.json(document.blocks), "--from=json", "--to=epub3", "--mathml", "--toc", "--toc-depth=2",
        "--split-level=1", "--metadata-file=metadata.json", "--css=epub.css", "--epub-cover-image=cover.png",
        f"--output={place}", folder=folder, year=int(year),
    )  # fmt: skip
