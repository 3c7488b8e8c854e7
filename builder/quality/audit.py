"""Measure every page of the built site, beside a stock Jupyter Book of the same notebooks.

A page is named as in the table: ``index`` is the landing page, ``en/lstm`` a chapter; without a name all are measured.
Lighthouse looks at each page as a phone does (medians of its runs), axe-core and html-validate look for faults, and all
links within the site are followed. What a page misses is listed below the table. The stock build is there to compare with
and has no marks.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from ..chapters.book import load_book
from ..messages import Refused
from ..server import serve
from ..site.build import site_folder
from .browser import axe_everywhere, browse, chromium
from .lighthouse import Row, html_faults, install, lighthouse
from .links import broken_links, parsed
from .stock import JUPYTER_BOOK, seconds, stock_source

HEAD = ["page", "perf.", "access.", "best pr.", "SEO", "FCP ms", "LCP ms", "CLS", "KiB", "without plots", "requests",
        "to third parties", "axe", "HTML", "links"]  # fmt: skip


def pages_of(site: Path) -> list[str]:
    """The pages below a folder, as addresses without ``.html``; the landing page comes first."""
    names = [path.relative_to(site).as_posix().removesuffix(".html") for path in site.rglob("*.html")]
    return sorted(names, key=lambda name: ("/" in name, name))


def in_stock(names: list[str], chapters: Collection[str]) -> list[str]:
    """The pages of the stock build to compare pages of the site with: each chapter once, whatever its edition."""
    below = dict.fromkeys(name.split("/", 1)[1] for name in names if "/" in name)
    return [name for name in below if name in chapters]  # the lab is no chapter


def measure(tools: Path, browser: Browser, site: Path, names: list[str], times: int, label: str = "") -> dict[str, Row]:
    """Measure pages of a site and print a line of the table for each."""
    axe = Axe.from_file(tools / "axe-core" / "axe.min.js")
    faults = html_faults(tools, [site / f"{name}.html" for name in names])
    rows = {}
    with serve(site) as address:
        for name in names:
            file = site / f"{name}.html"
            robots = parsed(file).find("meta", attrs={"name": "robots"})
            indexed = not robots or "noindex" not in robots["content"]
            row = lighthouse(tools, f"{address}{name}.html", indexed, times)
            row.faults = {
                "axe": axe_everywhere(browser, axe, f"{address}{name}.html"),
                "HTML": faults[file],
                "links": broken_links(site, name),
            }
            rows[name] = row
            print(f"| {' | '.join([label + name, *row.cells()])} |", flush=True)
    return rows


def audit(root: Path, names: list[str], runs: int) -> None:
    """Print the table.

    Args:
        names: the pages; all when none is named.
        runs: how often Lighthouse looks at each.

    Raises:
        Refused: a page misses a mark, or cannot be measured.
    """
    site, book = site_folder(root), load_book(root)
    known = pages_of(site)
    if not known:
        raise Refused("There is no site yet. Run 'make site' first.")
    if unknown := [name for name in names if name not in known]:
        raise Refused(f"There is no page '{unknown[0]}'. Pages are: {', '.join(known)}.")
    chromium()
    tools = install(root)
    with tempfile.TemporaryDirectory() as work, browse() as browser:
        stock = stock_source(book, Path(work) / "stock")
        seconds([*JUPYTER_BOOK, "."], stock)
        print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
        rows = measure(tools, browser, site, names or known, runs)
        if chapters := in_stock(names or known, [chapter.name for chapter in book.chapters]):
            measure(tools, browser, stock / "_build" / "html", chapters, runs, "stock ")
    missed = [f"{name}: {miss}" for name, row in rows.items() for miss in row.misses()]
    if missed:
        raise Refused("\n".join([*missed, f"{len(missed)} marks missed."]))
