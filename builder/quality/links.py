"""Links: those inside the site lead to files and anchors, which the tests hold; those that lead out are tried with LinkChecker,
which needs the network and depends on the world, so it is a command of its own.
"""

from __future__ import annotations

import functools
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag

from selectolax.lexbor import LexborHTMLParser

from ..messages import Refused
from ..server import serve
from ..site.build import site_folder

SETTINGS = Path(__file__).with_name("links.ini")


def try_links(root: Path) -> None:
    """Let LinkChecker print the links that lead nowhere.

    Raises:
        Refused: there are some.
    """
    starts = [site_folder(root) / "index.html", *sorted(root.glob("*.md"))]
    # It is shown the files by a server, because it gives up the rights to read them when it is started by root.
    with serve(root) as address:
        pages = [f"{address}{path.relative_to(root).as_posix()}" for path in starts]
        if subprocess.run([sys.executable, "-m", "linkcheck", "-f", str(SETTINGS), *pages]).returncode:
            raise Refused("Links lead nowhere; they are listed above.")


@functools.cache
def parsed(file: Path) -> LexborHTMLParser:
    return LexborHTMLParser(file.read_text(encoding="utf-8"))


@functools.cache
def anchors(file: Path) -> frozenset[str]:
    return frozenset(tag.attributes["id"] for tag in parsed(file).css("[id]"))


def broken_links(site: Path, name: str) -> list[str]:
    """The addresses in a page, of links, pictures, scripts and styles, that lead to no file or no anchor of the site."""
    file, broken = site / f"{name}.html", []
    page = parsed(file)
    addresses = [tag.attributes[name] or "" for name in ("href", "src") for tag in page.css(f"[{name}]")]
    for address in addresses:
        if re.match(r"(https?|mailto|data):", address) or address in ("#", "#svg-menu"):
            continue
        target, anchor = urldefrag(unquote(re.sub(r"\?[^#]*", "", address)))
        folder = site if target.startswith("/") else file.parent
        there = (folder / target.lstrip("/")).resolve() if target else file
        if not there.is_file():
            broken.append(address)
        elif anchor and there.suffix == ".html" and anchor not in anchors(there):
            broken.append(address)
    return broken
