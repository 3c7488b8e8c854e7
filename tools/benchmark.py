"""Print how long things take on this machine. Nothing here passes or fails.

    python tools/benchmark.py [site] [chapters] [tests] [clone] [seeds] [growth]

Without a name, all parts are measured. Times are medians of REPEAT runs that alternate with what they are compared with.
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
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from build import Pages
from build import build as build_site
from cell import language_of
from cut import ROOT, Book, cut
from record import execute

REPEAT = 5
NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")
PROJECT = ("tools", "theme", "book", "_config.yml", "_toc.yml")
STOCK = 'title: Stock\nauthor: ""\nlogo: ""\nexecute:\n  execute_notebooks: "off"\n'
PUBLISHED = {"GITHUB_REPOSITORY": "owner/book", "GITHUB_SERVER_URL": "https://github.com"}  # else there are no cards
JUPYTER_BOOK = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", "-q"]


def seconds(command: list[str], folder: Path, **environment: str) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def row(what: str, times: list[float]) -> None:
    print(f"| {what} | {statistics.median(times):.2f} | {min(times):.2f}-{max(times):.2f} |", flush=True)


def copy_project(folder: Path) -> Path:
    """Copy what building needs, without what was built."""
    for name in PROJECT:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        else:
            shutil.copy(source, folder / name)
    return folder


def edit(folder: Path, number: int) -> None:
    """Change one sentence of one chapter, in both languages."""
    path = folder / "book" / "lstm.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for language in ("ko", "en"):
        cell = [cell for cell in notebook.cells if cell.cell_type == "markdown" and language_of(cell) == language][1]
        cell.source = f"{cell.source.partition('(edit')[0].rstrip()} (edit {number})"
    nbformat.write(notebook, path)


def stock_source(book: Book, folder: Path) -> Path:
    """The edition that names the anchors, once it is cut, as a Jupyter Book without any settings of this one."""
    leave_out = shutil.ignore_patterns("notebooks", "theme", "_config.yml", "_build")
    shutil.copytree(book.folder(book.anchor_language), folder, ignore=leave_out)
    (folder / "_config.yml").write_text(STOCK)
    return folder


def site(work: Path) -> None:
    """`make site` of both editions against one stock, single-language Jupyter Book build of the same notebooks."""
    ours = copy_project(work / "ours")
    book = Book(ours)
    cut(book)
    stock = stock_source(book, work / "stock")
    os.environ.update(PUBLISHED)
    times: dict[str, list[float]] = {"stock": [], "full": [], "slow": [], "edit": [], "none": [], "serve": []}
    command = [sys.executable, str(ours / "tools" / "build.py")]
    for number in range(REPEAT):
        shutil.rmtree(stock / "_build", ignore_errors=True)
        times["stock"].append(seconds([*JUPYTER_BOOK, "."], stock))
        shutil.rmtree(ours / "_build", ignore_errors=True)
        times["slow"].append(seconds(command, ours, BOOK_FAST_START="0"))
        shutil.rmtree(ours / "_build")
        times["full"].append(seconds(command, ours))
        edit(ours, number)
        times["edit"].append(seconds(command, ours))
        times["none"].append(seconds(command, ours))
    with Pages() as pages:
        build_site(pages, ours)
        for number in range(REPEAT):
            edit(ours, REPEAT + number)
            start = time.perf_counter()
            build_site(pages, ours)
            times["serve"].append(time.perf_counter() - start)
    row("stock `jupyter-book build`, one language, default theme", times["stock"])
    row("`make site`, both editions, from nothing", times["full"])
    row("the same without tools/fast_start.py", times["slow"])
    row("`make site` after an edit of one chapter in both languages", times["edit"])
    row("the same edit while `make serve` is running", times["serve"])
    row("`make site` with nothing changed", times["none"])


def chapters(work: Path) -> None:
    """Each chapter from top to bottom, kernel start and imports included, and the peak memory of its kernel."""
    program = (
        "import json, resource, sys, time; sys.path.insert(0, 'tools'); import nbformat; from pathlib import Path; "
        "from record import execute; notebook = nbformat.read(sys.argv[1], 4); start = time.perf_counter(); "
        "execute(notebook, Path(sys.argv[2])); "
        "print(json.dumps([time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss]))"
    )
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        results = []
        for _ in range(3):
            command = [sys.executable, "-c", program, str(path), str(work)]
            results.append(json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout))
        peak = max(memory for _, memory in results) / (1024 if sys.platform == "linux" else 1024**2)
        row(f"{path.stem}.ipynb, top to bottom (peak memory {peak:.0f} MiB)", [duration for duration, _ in results])


def tests(work: Path) -> None:
    """nbval against its floor: a kernel that imports TensorFlow for each chapter, spread over the cores.

    Chapters that train networks for a minute (with cells tagged 'measured') cannot be near it, and are counted apart.
    """
    chapters = sorted((ROOT / "book").glob("*.ipynb"))
    short = [path for path in chapters if not measured(nbformat.read(path, as_version=4))]

    def start_and_import(_: Path) -> None:
        execute(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import tensorflow")]), work)

    def check(paths: list[Path]) -> float:
        return seconds([sys.executable, "-m", "pytest", "--nbval", "-n", "auto", "-q", *map(str, paths)], ROOT)

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


def clone(work: Path) -> None:
    """From clone to first site: environment, packages, both editions."""
    times = []
    for number in range(2):
        start = time.perf_counter()
        folder = work / f"clone{number}"
        seconds(["git", "clone", "-q", str(ROOT), str(folder)], work)
        seconds(["make", "site"], folder)
        times.append(time.perf_counter() - start)
    row("from `git clone` to the first site (network and package cache as they are)", times)


def measured(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """The cells of a chapter whose numbers chance moves, tagged 'measured'."""
    return [cell for cell in notebook.cells if "measured" in cell.metadata.get("tags", [])]


def reseed(notebook: nbformat.NotebookNode, seed: int) -> int:
    """Let a chapter draw other random numbers; return how many places were changed."""
    changed = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source, count = re.subn(r"(set_random_seed\(|^seed = )\d+", rf"\g<1>{seed}", cell.source, flags=re.M)
            changed += count
    return changed


# What a chapter says of runs that it leaves out to be short: chapter -> code that is run behind its own.
LEFT_OUT = {
    "long_term": """
for T, units, rate, epochs in ((20, 32, 0.002, 30), (40, 32, 0.002, 30), (40, 64, 0.01, 12)):
    keras.utils.set_random_seed(1)
    x_train, y_train = adding_problem(5000, T)
    x_test, y_test = adding_problem(1000, T)
    model, _, _ = train(keras.layers.SimpleRNN(units), x_train, y_train, rate=rate, epochs=epochs)
    print(f"SimpleRNN({units})  T={T}  {epochs} epochs  test MSE {np.mean((model(x_test) - y_test) ** 2):.4f}")
"""
}


def seeds(work: Path) -> None:
    """What training results chance moves: every number of the cells tagged 'measured', over seeds 1 to 5."""
    print("\n| measured | seeds 1 to 5 |\n|---|---|")
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        found: dict[str, list[str]] = {}
        for seed in range(1, 6):
            notebook = nbformat.read(path, as_version=4)
            if path.stem in LEFT_OUT:
                tagged = {"tags": ["measured"]}
                notebook.cells.append(nbformat.v4.new_code_cell(LEFT_OUT[path.stem], id="left-out", metadata=tagged))
            cells = measured(notebook)
            if not cells:
                break
            reseed(notebook, seed)
            execute(notebook, work)
            for cell in cells:
                for line in "".join(output.get("text", "") for output in cell.outputs).splitlines():
                    if values := NUMBER.findall(line):
                        found.setdefault(f"{path.stem}, {cell.id}: {NUMBER.sub('#', line)}", []).append(
                            ", ".join(values)
                        )
        for what, values in found.items():
            print(f"| {what} | {' / '.join(values)} |", flush=True)


def synthetic_book(folder: Path, size: int) -> Path:
    """The book with copies of one chapter, with changed text, in place of its chapters: ``size`` notebooks in all."""
    copy_project(folder)
    names = [f"copy{number}" for number in range(1, size)]
    for name, source in [("index", "index"), *((name, "simple_rnn") for name in names)]:
        notebook = nbformat.read(ROOT / "book" / f"{source}.ipynb", as_version=4)
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
    from audit import browse, serve

    with serve(site) as address, browse() as browser, browser.new_page() as page:
        loaded = []
        page.on("requestfinished", lambda request: loaded.append(request))
        page.goto(f"{address}{name}.html", wait_until="networkidle")
        return sum(r.sizes()["responseBodySize"] for r in loaded if r.resource_type != "image") / 1024


def growth(work: Path) -> None:
    """Books of 10, 50 and 200 chapters: what a chapter costs to build, and what its page weighs, must not grow."""
    folders = {size: synthetic_book(work / str(size), size) for size in (10, 50, 200)}
    times: dict[int, list[float]] = {size: [] for size in folders}
    for _ in range(3):
        for size, folder in folders.items():
            shutil.rmtree(folder / "_build", ignore_errors=True)
            times[size].append(seconds([sys.executable, str(folder / "tools" / "build.py")], folder))
    print("\n| chapters, in two languages | seconds, median | range | seconds a chapter | KiB of a chapter's page |")
    print("|---|---|---|---|---|")
    for size, folder in folders.items():
        median = statistics.median(times[size])
        kib = weight(folder / "_build" / "site", "en/copy1")
        lowest, highest = min(times[size]), max(times[size])
        print(f"| {size} | {median:.1f} | {lowest:.1f}-{highest:.1f} | {median / size:.3f} | {kib:.1f} |", flush=True)


PARTS = {"site": site, "chapters": chapters, "tests": tests, "clone": clone, "seeds": seeds, "growth": growth}


def main(names: list[str]) -> str | None:
    if unknown := set(names) - set(PARTS):
        return f"There is no part '{unknown.pop()}'. Parts are: {', '.join(PARTS)}."
    print("| what | seconds, median | range |\n|---|---|---|")
    for name in names or PARTS:
        with tempfile.TemporaryDirectory() as work:
            PARTS[name](Path(work))
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
