"""Live: the programs and styles of ``live/``, beside the pages of an edition under addresses that change with their text.

A browser that keeps a file for hours then never runs it together with a newer one. A program is loaded by the page that
needs it (``address``), or, when it is written so in the page, as soon as its element comes near view::

    <div data-program="_static/live/lab/lab.js?v=0c1d2e3f">      see static/book.js
"""

from __future__ import annotations

import json
import posixpath
import re
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

try:
    import minify

    minify.config({"svg-precision": 5})  # else what is left out of a path makes other numbers long
except ModuleNotFoundError:  # it has no build for Apple silicon, where a site is made but not published
    minify = None

# What takes a value apart stays behind what is named before it: minify 2.24.9 and later put it first, where that has no
# value yet (its issue 958). They move nothing over a statement.
APART = re.compile(r"^(?=[ \t]*(?:const|let) [{\[])", re.M)
KINDS = {".js": "application/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
IMPORT = re.compile(r"""(?<=\bfrom ")\.{1,2}/[^"]+(?=")|(?<=\bimport\(")\.{1,2}/[^"]+(?="\))""")


def folder(app: Sphinx) -> Path | None:
    """Where the programs are, when this book has them."""
    found = Path(app.srcdir, "live")
    return found if app.config.book_edition and found.is_dir() else None


def has_page(app: Sphinx, name: str) -> bool:
    """Whether a folder of ``live/`` makes a page of its own; which do, the configuration of an edition says."""
    return folder(app) is not None and name in app.config.book_live_pages


@lru_cache(maxsize=64)  # each file once a build, of which each has an application of its own
def address(app: Sphinx, name: str) -> str:
    """Put a file of ``live/``, and what it imports, beside the pages; return its address below them."""
    source = Path(app.srcdir, "live", name)
    if not source.is_file():
        raise ExtensionError(f"There is no live/{name}. Is it written right where it is imported or loaded?")
    text = source.read_text(encoding="utf-8")
    if name.endswith(".js"):
        text = IMPORT.sub(lambda found: imported(app, name, found[0]), text)
    text = small(f"live/{name}", text)
    target = Path(app.outdir, "_static", "live", name)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return f"_static/live/{name}?v={crc32(text.encode()):08x}"


def small(name: str, text: str) -> str:
    """The text of a file without what only people need, such as comments; of words nothing is taken away."""
    kind = KINDS.get(Path(name).suffix)
    if not (kind and minify):
        return text
    try:
        return minify.string(kind, APART.sub("0;", text) if kind == KINDS[".js"] else text)
    except minify.MinifyError as error:
        raise ExtensionError(f"{name} cannot be read: {error}") from error


def imported(app: Sphinx, name: str, other: str) -> str:
    """What a program writes to import another one, with the other's version."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(name), other))
    _, _, version = address(app, path).partition("?")
    return f"{other}?{version}"


@lru_cache(maxsize=8)
def words(app: Sphinx, name: str) -> dict:
    """The words of a folder of ``live/`` in the language of the edition."""
    file = Path(app.srcdir, "live", name, f"words.{app.config.book_edition}.json")
    if not file.is_file():
        raise ExtensionError(
            f"live/{name} has no words in this language. Translate words.en.json there to {file.name}."
        )
    return json.loads(file.read_text(encoding="utf-8"))
