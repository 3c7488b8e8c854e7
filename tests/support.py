"""What several tests need: small books, the commands of the builder, runs of a notebook."""

from __future__ import annotations

import atexit
import contextlib
import functools
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from builder import __main__ as commands
from builder.chapters.book import Book, load_book
from builder.chapters.notebook import normalise, write_notebook
from builder.chapters.rules import terms
from builder.editions.edition import Edition
from builder.editions.write import write_editions
from builder.quality.stock import copy_sources
from builder.site import jupyter_book
from builder.site.jupyter_book import JupyterBook

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))


@functools.cache
def the_book() -> Book:
    """The book of this repository."""
    return load_book(ROOT)


LANGUAGES = tuple(language.code for language in the_book().languages)


def text(language: str, id: str, source: str) -> nbformat.NotebookNode:
    return new_markdown_cell(source, id=f"{id}-{language}", metadata={"tags": [f"lang-{language}"]})


def twins(id: str, korean: str, english: str) -> list[nbformat.NotebookNode]:
    return [text("ko", id, korean), text("en", id, english)]


def code(id: str, source: str, count: int | None, output: str = "") -> nbformat.NotebookNode:
    outputs = [new_output("stream", name="stdout", text=output)] if output else []
    return new_code_cell(source, id=id, execution_count=count, outputs=outputs)


def glossary() -> list[tuple[str, str, str]]:
    """(Korean term, English term, chapter that explains it) of every row of the glossary."""
    rows = [(korean, english, chapter) for korean, english, chapter, _ in terms.glossary(the_book())]
    assert len(rows) > 40
    return rows


def small_book(folder: Path, pages: bool = True) -> Path:
    """A book of two chapters without TensorFlow, with a figure, a formula, links and a table.

    Args:
        pages: whether it has what only pages need, in its settings and as a theme of its own. Without that it is made in a
            tenth of the time; its theme is a link to what all tests of a worker share.
    """
    sources, settings, theme = parts_of_a_small_book()
    shutil.copytree(sources, folder, dirs_exist_ok=True)
    if pages:
        shutil.copytree(theme, folder / "theme")
    else:
        (folder / "theme").symlink_to(theme, target_is_directory=True)
        ours = {key: value for key, value in settings.items() if key.startswith("book_")}
        write_config(folder, {"sphinx": {"config": ours}})
    return folder


def write_config(folder: Path, config: dict) -> None:
    (folder / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")


@functools.cache
def parts_of_a_small_book() -> tuple[Path, dict, Path]:
    """Its sources, their settings, and its theme, made once by each worker."""
    kept = tempfile.TemporaryDirectory()
    atexit.register(kept.cleanup)
    folder, theme = Path(kept.name, "book"), Path(kept.name, "theme")
    shutil.copytree(ROOT / "theme", theme, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "book" / "images").mkdir(parents=True)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    settings = config["sphinx"]["config"]
    settings["book_languages"] = {code: settings["book_languages"][code] for code in ("ko", "en")}
    write_config(folder, config)
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n  - file: book/one\n")
    (folder / "book" / "images" / "dot.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><circle cx="5" cy="5" r="4"/></svg>'
    )
    save(
        folder,
        "index",
        twins("title", "# 책", "# Book")
        + twins(
            "more", "## 다음 장\n\n[다음](one.ipynb#second-part)", "## Next chapter\n\n[next](one.ipynb#second-part)"
        ),
    )
    save(
        folder,
        "one",
        twins("title", "# 하나\n\n값 $h_t$는 `y`입니다.", "# One\n\nThe value $h_t$ is `y`.")
        + [code("shape", "print((1, 4, 3))", 1, "(1, 4, 3)\n")]
        + twins(
            "part",
            "## 둘째 부분\n\n$$\nc_t = f_t\n$$\n\n![가운데에 점 하나가 보입니다](images/dot.svg)\n\n*작은 점.*\n\n| 이름 | 형상 |\n|---|---|\n| `y` | 3 |",
            "## Second part\n\n$$\nc_t = f_t\n$$\n\n![one dot in the middle](images/dot.svg)\n\n*A small dot.*\n\n| name | shape |\n|---|---|\n| `y` | 3 |",
        )
        + [code("value", "print(0.5)", 2, "0.5\n")],
    )
    return folder, settings, theme


def save(folder: Path, chapter: str, cells: list[nbformat.NotebookNode]) -> None:
    """Write a chapter in the form of `make record`."""
    write(folder, chapter, normalise(new_notebook(cells=cells)))


def spoilt(folder: Path, source: str | None) -> Path:
    """A small book whose last cell has another code; without any, the marks of a conflict stand in that chapter's file."""
    path = folder / "book" / "one.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].source = source or ""
    write(folder, "one", notebook)
    if source is None:
        path.write_text(f"<<<<<<< HEAD\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    return folder


def write(folder: Path, chapter: str, notebook: nbformat.NotebookNode) -> None:
    """Write a chapter as it is."""
    (folder / "book" / f"{chapter}.ipynb").write_bytes(write_notebook(notebook))


def load(folder: Path, chapter: str) -> nbformat.NotebookNode:
    return nbformat.read(folder / "book" / f"{chapter}.ipynb", as_version=4)


def cell(notebook: nbformat.NotebookNode, id: str) -> nbformat.NotebookNode:
    return next(cell for cell in notebook.cells if cell.id == id)


def change(folder: Path, language: str, old: str, new: str) -> None:
    """Change the text of the second part of the small book in one language."""
    notebook = load(folder, "one")
    part = cell(notebook, f"part-{language}")
    assert old in part.source
    part.source = part.source.replace(old, new)
    write(folder, "one", notebook)


def link_to(folder: Path, chapter: str) -> None:
    """Add a chapter to the first page of the small book, in both languages."""
    notebook = load(folder, "index")
    for language in ("ko", "en"):
        cell(notebook, f"title-{language}").source += f"\n\n[{chapter}]({chapter}.ipynb)"
    write(folder, "index", notebook)


def whole_book(folder: Path) -> Path:
    """A copy of the sources of the real book."""
    return copy_sources(ROOT, folder)


def editions(folder: Path) -> dict[str, Edition]:
    """Write the editions of the book in ``folder``, and return them by language."""
    book = load_book(folder)
    found = {language.code: Edition(book, language) for language in book.languages}
    write_editions(found.values())
    return found


class Done(NamedTuple):
    """What a command said."""

    returncode: int
    stdout: str
    stderr: str


@functools.cache
def worker() -> JupyterBook:
    """The Jupyter Book that all builds of a test run share: it takes longer to load than to build."""
    loaded = JupyterBook()
    atexit.register(loaded.__exit__)
    return loaded


def run_builder(folder: Path, *arguments: str, env: dict[str, str] | None = None) -> Done:
    """Run a command of the builder on the book in ``folder``, in this process."""
    out, err = io.StringIO(), io.StringIO()
    shared = mock.patch.object(jupyter_book, "JupyterBook", lambda: contextlib.nullcontext(worker()))
    with (
        shared,
        mock.patch.dict(os.environ, env or {}),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            status = commands.main([*arguments, "--root", str(folder)])
        except SystemExit as end:
            status = end.code
    return Done(status, out.getvalue(), err.getvalue())


def run_apart(folder: Path, *arguments: str, **options) -> subprocess.CompletedProcess:
    """The same in a process of its own, where it can be killed, limited, or run elsewhere."""
    environment = {**os.environ, **options.pop("env", {})}
    command = [*options.pop("before", []), *builder_command(folder, *arguments)]
    options = {"cwd": ROOT, "capture_output": True, "text": True, "encoding": "utf-8", **options}
    return subprocess.run(command, env=environment, **options)


def builder_command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "builder", *arguments, "--root", str(folder)]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def nbval(folder: Path) -> dict[str, dict[str, int]]:
    """Run nbval over the notebooks in ``folder``, strict as in `make test`; count failed and passed cells of each."""
    report = folder / "report.json"
    subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "nbval_report",
            "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "--nbval",
            f"--nbval-sanitize-with={ROOT / 'tests' / 'nbval_sanitize.cfg'}", str(folder),
        ],
        cwd=folder, capture_output=True, env={**os.environ, "NBVAL_REPORT": str(report), "PYTHONPATH": str(ROOT / "tests")},
    )  # fmt: skip
    return json.loads(report.read_text())


LOCKED = "Only a user without special rights meets a read-only folder."


def as_ordinary_user() -> list[str] | None:
    """A prefix for a command that makes folder permissions count for root too; None when that cannot be had."""
    if os.name != "posix" or os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        return None
    return ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]


def sampled(pages, few: tuple[str, ...] = ("index", "faq", "models")) -> list:
    """Pages for a property of the theme that none of them can break alone: `make test` looks at a few, `make prove` at all.

    By default these are the landing page, the short questions, and the longest page.
    """
    return [pytest.param(page, marks=[] if page.rpartition("/")[2] in few else pytest.mark.prove) for page in pages]


def unfold(page) -> None:
    """Open the code that is folded in its cell."""
    page.evaluate("document.querySelectorAll('.cell > details').forEach((fold) => { fold.open = true; })")


def settle(page, load) -> None:
    """Do what loads a page, and wait until it asks for nothing more.

    Playwright's "networkidle" is now and then lost by a busy browser without windows, or comes before the page is read to its end.
    """
    asked, coming = [], set()
    handlers = {
        "request": lambda request: (asked.append(request), coming.add(request)),
        "requestfinished": lambda request: coming.discard(request),
        "requestfailed": lambda request: coming.discard(request),
    }
    for event, handler in handlers.items():
        page.on(event, handler)
    load()
    for _ in range(100):
        number = len(asked)
        page.wait_for_timeout(300)
        if not coming and len(asked) == number:
            break
    else:
        raise AssertionError(f"{page.url} goes on loading: {[request.url for request in coming]}")
    for event, handler in handlers.items():
        page.remove_listener(event, handler)


def wait_until(page, condition: str) -> None:
    """Wait until an expression is true in a page; Playwright's own way needs eval, which the site's policy forbids."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not within 30 seconds: {condition}")
