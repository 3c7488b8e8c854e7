"""Measure every page of the built site, beside a stock Jupyter Book of the same notebooks.

A page is named as in the table: ``index`` is the landing page, ``en/lstm`` a chapter; without a name all are measured.
What a reader meets is measured in the browser (``measures.py``). Lighthouse looks at each page as a phone does (medians of its
runs), axe-core and html-validate look for faults, and all links within the site are followed. What a page misses is listed
below the table. The stock build is there to compare with and has no marks.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import repeat
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from ..chapters.book import Book, load_book
from ..messages import Refused, refuse
from ..server import serve
from ..site.build import site_folder
from .browser import axe_everywhere, browse, chromium
from .lighthouse import Row, html_faults, install, lighthouse
from .links import broken_links, parsed
from .measures import Measures, measure
from .stock import JUPYTER_BOOK, seconds, stock_source

HEAD = ["perf.", "access.", "best pr.", "SEO", "FCP ms", "LCP ms", "CLS", "KiB", "without plots", "requests",
        "to third parties", "axe", "HTML", "links"]  # fmt: skip


def pages_of(site: Path) -> list[str]:
    """The pages below a folder, as addresses without ``.html``; the landing page comes first."""
    names = [path.relative_to(site).as_posix().removesuffix(".html") for path in site.rglob("*.html")]
    return sorted(names, key=lambda name: ("/" in name, name))


def in_stock(names: list[str], chapters: Collection[str]) -> list[str]:
    """The pages of the stock build to compare pages of the site with: each chapter once, whatever its edition."""
    below = dict.fromkeys(name.split("/", 1)[1] for name in names if "/" in name)
    return [name for name in below if name in chapters]  # the lab is no chapter


def look(tools: Path, browser: Browser, site: Path, address: str, names: list[str], times: int) -> Iterator[Row]:
    """What Lighthouse, axe-core, html-validate and the links say of each page."""
    axe = Axe.from_file(tools / "axe-core" / "axe.min.js")
    faults = html_faults(tools, [site / f"{name}.html" for name in names])
    for name in names:
        file = site / f"{name}.html"
        robots = parsed(file).css_first("meta[name=robots]")
        indexed = not robots or "noindex" not in robots.attributes["content"]
        row = lighthouse(tools, f"{address}{name}.html", indexed, times)
        row.faults = {
            "axe": axe_everywhere(browser, axe, f"{address}{name}.html"),
            "HTML": faults[file],
            "links": broken_links(site, name),
        }
        yield row


def line(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def audit(root: Path, names: list[str], runs: int) -> None:
    """Print the table.

    Args:
        names: the pages; all when none is named.
        runs: how often Lighthouse looks at each; with 0 neither it does nor axe-core, html-validate and the links.

    Raises:
        Refused: a page misses a mark, or cannot be measured.
    """
    site, book = site_folder(root), load_book(root)
    refuse(book.unreadable)
    known = pages_of(site)
    if not known:
        raise Refused("There is no site yet. Run 'make site' first.")
    if unknown := [name for name in names if name not in known]:
        raise Refused(f"There is no page '{unknown[0]}'. Pages are: {', '.join(known)}.")
    chromium()
    tools = install(root) if runs else None
    chosen, missed, wider = names or known, [], Counter()
    with browse() as browser, serve(site) as address:
        head = ["page", *Measures.HEAD, *(HEAD if tools else [])]
        line(*head)
        print(f"|{'---|' * len(head)}")
        rows = look(tools, browser, site, address, chosen, runs) if tools else repeat(None)
        for name, row in zip(chosen, rows):
            found = measure(browser, f"{address}{name}.html")
            line(name, *found.cells(), *(row.cells() if row else []))
            missed += [f"{name}: {miss}" for part in (found, row) if part for miss in part.misses()]
            wider.update({width: number for width, number in zip((390, 1440), found.wider)})
        print(f"Boxes of code wider than their frame: {wider[390]} at 390 px, {wider[1440]} at 1440 px.", flush=True)
        if tools:
            compare(tools, browser, book, chosen, runs)
    if missed:
        raise Refused("\n".join([*missed, f"{len(missed)} marks missed."]))


def compare(tools: Path, browser: Browser, book: Book, names: list[str], runs: int) -> None:
    """Print the table of the same chapters in a stock Jupyter Book."""
    chapters = in_stock(names, [chapter.name for chapter in book.chapters])
    if not chapters:
        return
    with tempfile.TemporaryDirectory() as work:
        stock = stock_source(book, Path(work) / "stock")
        seconds([*JUPYTER_BOOK, "."], stock)
        pages = stock / "_build" / "html"
        line("page", *HEAD)
        print(f"|{'---|' * (len(HEAD) + 1)}")
        with serve(pages) as address:
            for name, row in zip(chapters, look(tools, browser, pages, address, chapters, runs)):
                line(f"stock {name}", *row.cells())
