"""Print how long things take on this machine. Nothing here passes or fails.

Times are medians of REPEAT runs that alternate with what they are compared with.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Request

from ..chapters.book import load_book
from ..chapters.record import execute
from ..messages import PRINTED, Refused, refuse
from ..server import serve
from ..site.build import build, site_folder
from ..site.jupyter_book import JupyterBook
from .browser import browse
from .seeds import measured, print_seeds
from .stock import JUPYTER_BOOK, copy_sources, seconds, stock_source

REPEAT = 5
PUBLISHED = {"GITHUB_REPOSITORY": "owner/book", "GITHUB_SERVER_URL": "https://github.com"}  # else there are no cards


def row(what: str, times: list[float]) -> None:
    print(f"| {what} | {statistics.median(times):.2f} | {min(times):.2f}-{max(times):.2f} |", flush=True)


def make_site(root: Path) -> list[str]:
    """The command that builds the site of another folder."""
    return [sys.executable, "-m", "builder", "site", "--root", str(root)]


def edit(folder: Path, number: int) -> None:
    """Change one sentence of one chapter, in both languages."""
    path = folder / "book" / "lstm.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for language in ("ko", "en"):
        cell = [cell for cell in notebook.cells if f"lang-{language}" in cell.metadata.get("tags", [])][1]
        cell.source = f"{cell.source.partition('(edit')[0].rstrip()} (edit {number})"
    nbformat.write(notebook, path)


def site(root: Path, work: Path) -> None:
    """`make site` of both editions against one stock, single-language Jupyter Book build of the same notebooks."""
    ours = copy_sources(root, work / "ours")
    stock = stock_source(load_book(ours), work / "stock")
    os.environ.update(PUBLISHED)
    times: dict[str, list[float]] = {"stock": [], "full": [], "slow": [], "edit": [], "none": [], "serve": []}
    command = make_site(ours)
    for number in range(REPEAT):
        shutil.rmtree(stock / "_build", ignore_errors=True)
        times["stock"].append(seconds([*JUPYTER_BOOK, "."], stock))
        shutil.rmtree(ours / "_build", ignore_errors=True)
        times["slow"].append(seconds(command, root, BOOK_FAST_START="0"))
        shutil.rmtree(ours / "_build")
        times["full"].append(seconds(command, root))
        edit(ours, number)
        times["edit"].append(seconds(command, root))
        times["none"].append(seconds(command, root))
    with JupyterBook() as jupyter_book:
        nothing = {language: [] for language in load_book(ours).languages}
        build(load_book(ours), jupyter_book, nothing)
        for number in range(REPEAT):
            edit(ours, REPEAT + number)
            start = time.perf_counter()
            build(load_book(ours), jupyter_book, nothing)
            times["serve"].append(time.perf_counter() - start)
    row("stock `jupyter-book build`, one language, default theme", times["stock"])
    row("`make site`, both editions, from nothing", times["full"])
    row("the same without builder/site/fast_start.py", times["slow"])
    row("`make site` after an edit of one chapter in both languages", times["edit"])
    row("the same edit while `make serve` is running", times["serve"])
    row("`make site` with nothing changed", times["none"])


def chapters(root: Path, work: Path) -> None:
    """Each chapter from top to bottom, kernel start and imports included, and the peak memory of its kernel."""
    program = (
        "import json, resource, sys, time; import nbformat; from pathlib import Path; "
        "from builder.chapters.record import execute; notebook = nbformat.read(sys.argv[1], 4); start = time.perf_counter(); "
        "execute(notebook, Path(sys.argv[2])); "
        "print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))"
    )
    for path in sorted((root / "book").glob("*.ipynb")):
        results = []
        for _ in range(3):
            command = [sys.executable, "-c", program, str(path), str(work)]
            results.append(json.loads(subprocess.run(command, cwd=root, capture_output=True, **PRINTED).stdout))
        peak = max(memory for _, memory in results) / (1024 if sys.platform == "linux" else 1024**2)
        row(f"{path.stem}.ipynb, top to bottom (peak memory {peak:.0f} MiB)", [duration for duration, _ in results])


def tests(root: Path, work: Path) -> None:
    """nbval against its floor: a kernel that imports TensorFlow for each chapter, spread over the cores.

    Chapters that train networks for a minute (with cells tagged 'measured') cannot be near it, and are counted apart.
    """
    chapters = sorted((root / "book").glob("*.ipynb"))
    short = [path for path in chapters if not measured(nbformat.read(path, as_version=4))]

    def start_and_import(_: Path) -> None:
        execute(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import tensorflow")]), work)

    def check(paths: list[Path]) -> float:
        return seconds([sys.executable, "-m", "pytest", "--nbval", "-n", "auto", "-q", *map(str, paths)], root)

    floor, quick, everything = [], [], []
    for _ in range(3):
        start = time.perf_counter()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(start_and_import, short))
        floor.append(time.perf_counter() - start)
        quick.append(check(short))
        everything.append(check(chapters))
    row(f"floor: {len(short)} kernels that import tensorflow, on {os.cpu_count()} cores", floor)
    row(f"nbval over the {len(short)} chapters that train little", quick)
    row(f"nbval over all {len(chapters)}, as in `make test`", everything)


def clone(root: Path, work: Path) -> None:
    """From clone to first site: environment, packages, both editions."""
    times = []
    for number in range(2):
        start = time.perf_counter()
        folder = work / f"clone{number}"
        seconds(["git", "clone", "-q", str(root), str(folder)], work)
        seconds(["make", "site"], folder)
        times.append(time.perf_counter() - start)
    row("from `git clone` to the first site (network and package cache as they are)", times)


def synthetic_book(root: Path, folder: Path, size: int) -> Path:
    """The book with copies of one chapter, with changed text, in place of its chapters: ``size`` notebooks in all."""
    copy_sources(root, folder)
    names = [f"copy{number}" for number in range(1, size)]
    for name, source in [("index", "index"), *((name, "simple_rnn") for name in names)]:
        notebook = nbformat.read(root / "book" / f"{source}.ipynb", as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                cell.source = re.sub(r"\]\(\w+\.ipynb[^)]*", f"]({names[0]}.ipynb", cell.source)
                if name != "index":
                    cell.source = re.sub(r"^(# .*|\w.*[.다])$", rf"\1 ({name})", cell.source, flags=re.M)
        nbformat.write(notebook, folder / "book" / f"{name}.ipynb")
    for path in (folder / "book").glob("*.ipynb"):
        if path.stem not in {"index", *names}:
            path.unlink()
    chapters = "".join(f"  - file: book/{name}\n" for name in names)
    (folder / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:\n{chapters}")
    return folder


def weight(site: Path, name: str) -> float:
    """KiB of text, scripts, styles and fonts that a page loads at once, compressed as on the web."""
    with serve(site) as address, browse() as browser, browser.new_page() as page:
        loaded = []
        page.on("requestfinished", lambda request: loaded.append(request))
        page.goto(f"{address}{name}.html", wait_until="networkidle")
        return sum(r.sizes()["responseBodySize"] for r in loaded if r.resource_type != "image") / 1024


def growth(root: Path, work: Path) -> None:
    """Books of 10, 50 and 200 chapters: what a chapter costs to build, and what its page weighs, must not grow."""
    folders = {size: synthetic_book(root, work / str(size), size) for size in (10, 50, 200)}
    times: dict[int, list[float]] = {size: [] for size in folders}
    for _ in range(3):
        for size, folder in folders.items():
            shutil.rmtree(folder / "_build", ignore_errors=True)
            times[size].append(seconds(make_site(folder), root))
    print("\n| chapters, in two languages | seconds, median | range | seconds a chapter | KiB of a chapter's page |")
    print("|---|---|---|---|---|")
    for size, folder in folders.items():
        median = statistics.median(times[size])
        kib = weight(folder / "_build" / "site", "en/copy1")
        lowest, highest = min(times[size]), max(times[size])
        print(f"| {size} | {median:.1f} | {lowest:.1f}-{highest:.1f} | {median / size:.3f} | {kib:.1f} |", flush=True)


# From a changed switch of the lab to the new numbers on the page, in seconds.
ANSWERS = """() => Array.from({ length: 40 }, (_, k) => {
  const field = document.getElementById("lab-0-return_state");
  const start = performance.now();
  field.value = k % 2 ? "false" : "true";
  field.dispatchEvent(new Event("change", { bubbles: true }));
  document.body.offsetHeight; // laid out, too
  return (performance.now() - start) / 1000;
})"""

# Four layers of as many units, steps, features and sentences as live/lab/compute.js computes.
LARGEST = f"?v=1&l={'~'.join(['bi.lstm.12.s'] * 4)}&t=12&f=16&b=3"


def lab(root: Path, work: Path) -> None:
    """How soon the lab answers a key: its aim is 0.016, a frame of a screen. The site has to be built."""
    site = site_folder(root)
    if not (site / "en" / "lab.html").is_file():
        raise Refused("There is no lab to measure. Run 'make site' first.")
    with serve(site) as address, browse() as browser, browser.new_page() as page:
        for name, query in (("lab", ""), ("bilstm", ""), ("lab", LARGEST)):
            page.goto(f"{address}en/{name}.html{query}")
            page.locator("#lab").scroll_into_view_if_needed()
            page.wait_for_selector("#lab.ready")
            times = page.evaluate(ANSWERS)
            what = f"the lab answers a key, {name}{', the largest that shows numbers' if query else ''}"
            print(f"| {what} | {statistics.median(times):.4f} | {min(times):.4f}-{max(times):.4f} |", flush=True)


def house(root: Path, work: Path) -> None:
    """The programs in lines, and what it takes to prove them: `make check`, then `make test`, in this folder as it is."""
    for room in ("builder", "figures", "theme", "tests"):
        lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in (root / room).rglob("*.py"))
        print(f"| lines of Python in {room}/ | {lines} | |", flush=True)
    for command in ("check", "test"):
        row(f"`make {command}`", [seconds(["make", command], root)])


def resident(browser: Browser) -> float:
    """Megabytes of memory that the processes of pages hold."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    texts = [Path(f"/proc/{one['id']}/status").read_text() for one in processes if one["type"] == "renderer"]
    return sum(int(re.search(r"VmRSS:\s+(\d+) kB", text)[1]) for text in texts) / 1000


# Run a cell; after how many seconds its output stands there.
PRESS = """(cell) => new Promise((done) => {
  const start = performance.now();
  const observer = new MutationObserver(() => {
    if (cell.querySelector(".run-panel:not(.run-busy) > pre:not([hidden])")) done((performance.now() - start) / 1000);
  });
  observer.observe(cell, { attributes: true, childList: true, subtree: true });
  cell.querySelector(".run-run").click();
})"""


def run(root: Path, work: Path) -> None:
    """Python in a page of Chromium: the first press, a later page, after Stop; memory, and what is loaded. The site has to be built."""
    site = site_folder(root)
    if not (site / "python").is_dir():
        raise Refused("The cells of the site have no Run button. Run 'make python' and 'make site' first.")
    times: dict[str, list[float]] = {"first": [], "again": [], "stopped": []}
    memory: dict[str, list[float]] = {"before": [], "after": []}
    loaded: dict[str, list[float]] = {"before": [], "after": []}
    for _ in range(REPEAT):
        with serve(site) as address, browse() as browser, browser.new_context() as context:
            found: list[Request] = []
            context.on("requestfinished", lambda request, found=found: found.append(request))

            def megabytes(found=found) -> float:
                ours = [
                    request for request in found if re.search(r"/python/|/run/(session|worker|python)", request.url)
                ]
                return sum(request.sizes()["responseBodySize"] for request in ours) / 1e6

            for key in ("first", "again"):
                page = context.new_page()
                page.goto(f"{address}en/index.html", wait_until="networkidle")
                cell = page.locator("article div.cell").first
                cell.locator(".run-run").wait_for()
                if key == "first":
                    memory["before"].append(resident(browser))
                    loaded["before"].append(megabytes())
                times[key].append(cell.evaluate(PRESS))
                if key == "first":
                    memory["after"].append(resident(browser))
                    loaded["after"].append(megabytes())
                    page.close()
            cell.get_by_role("button", name="Edit", exact=True).click()
            editor = cell.locator("textarea")
            book = editor.input_value()
            editor.fill("while True: print('on')")
            cell.locator(".run-run").click()
            cell.locator(".run-panel > pre", has_text="on").wait_for()
            cell.locator(".run-stop").click()
            editor.fill(book)
            times["stopped"].append(cell.evaluate(PRESS))
    row("Python in a page: from the first press to its output", times["first"])
    row("the same on a later page, from what the browser keeps", times["again"])
    row("the same after Stop", times["stopped"])
    for when in ("before", "after"):
        print(f"| megabytes of memory of the page's processes, {when} the press | {statistics.median(memory[when]):.0f} "
              f"| {min(memory[when]):.0f}-{max(memory[when]):.0f} |")  # fmt: skip
        print(f"| megabytes of Python loaded {when} the press | {statistics.median(loaded[when]):.2f} "
              f"| {min(loaded[when]):.2f}-{max(loaded[when]):.2f} |", flush=True)  # fmt: skip


PARTS: dict[str, Callable[[Path, Path], None]] = {
    "site": site,
    "chapters": chapters,
    "tests": tests,
    "clone": clone,
    "seeds": print_seeds,
    "growth": growth,
    "lab": lab,
    "run": run,
    "house": house,
}


def benchmark(root: Path, names: list[str]) -> None:
    """Measure the parts of these names; all when none is named.

    Raises:
        Refused: there is no such part, or what is measured fails.
    """
    if unknown := [name for name in names if name not in PARTS]:
        raise Refused(f"There is no part '{unknown[0]}'. Parts are: {', '.join(PARTS)}.")
    refuse(load_book(root).unreadable)
    print("| what | seconds, median | range |\n|---|---|---|")
    for name in names or PARTS:
        with tempfile.TemporaryDirectory() as work:
            PARTS[name](root, Path(work))
