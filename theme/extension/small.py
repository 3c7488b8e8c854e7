"""Small: an edition as it is sent, without what nobody sees or hears, when all its pages have been written."""

from __future__ import annotations

import re
from pathlib import Path
from zlib import crc32

from sphinx.application import Sphinx

from . import live
from .assets import SHEET, merged
from .styles import used

BY_COLOUR = re.compile(r'\[(?:fill|stroke)="')  # a plot's dark colours hang on how its light ones are written
UNSEEN = re.compile(r'<!--(?! choice -->).*?-->|<a href="#" class="back-to-top.*?</a>', re.S)  # which furo has
SPACE = re.compile(r"<(pre|script|style|textarea)\b.*?</\1>|(?<=>)[ \t]*\n[ \t\n]*(?=<)", re.S)
NAMES = re.compile(r'<(?:script|style)>(.*?)</|<([a-z]\w*)| (?:class|id)="([^"]*)"|(--[\w-]+)', re.S)


def setup(app: Sphinx) -> None:
    app.connect("build-finished", make_small)


def make_small(app: Sphinx, exception: Exception | None) -> None:
    """Write everything from its source: Sphinx leaves what a build before this has written, and what is small gets no smaller."""
    if exception or not app.config.book_edition:
        return
    static, images = Path(app.outdir, "_static"), Path(app.outdir, "_images")
    sources = {images / name: Path(app.srcdir, source) for source, (_, name) in app.env.images.items()}
    sources = {image: source for image, source in sources.items() if image.suffix == ".svg" and image.is_file()}
    for folder in app.config.html_static_path:
        sources.update({static / file.name: file for file in Path(app.confdir, folder).glob("*.js")})
    for file, source in sources.items():
        text = read(source)
        if not BY_COLOUR.search(text):
            write(file, live.small(source.name, text))
    before = {file: read(file) for file in Path(app.outdir).glob("*.html")}
    pages = {file: small_page(page) for file, page in before.items()}
    names = (" ".join(map("".join, NAMES.findall(page))) for page in pages.values())
    programs = [
        *(file for file in sources if file.suffix == ".js"),
        *static.glob("live/**/*.js"),
        *static.glob("live/**/*.css"),
    ]
    css = used(live.small(SHEET, read(merged(app))), [*names, *map(read, programs)])
    write(Path(app.outdir, SHEET), css)
    address = f"{SHEET}?v={crc32(css.encode()):08x}"  # which changes with its text
    for file, page in pages.items():
        if (page := re.sub(rf"{re.escape(SHEET)}(\?v=\w+)?", address, page)) != before[file]:
            write(file, page)


def small_page(page: str) -> str:
    """A page without comments, a link that only furo's program would show, and the steps by which its tags stand in."""
    return SPACE.sub(lambda part: part[0] if part[1] else "\n", UNSEEN.sub("", page))


def read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
