"""What several tests need: copies of the book, small books, runs of a notebook."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cell import language_of
from cut import Book
from search import GLOSSARY_ROW

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "book").glob("*.ipynb"))
LANGUAGES = tuple(Book(ROOT).languages)


def text(language: str, id: str, source: str) -> nbformat.NotebookNode:
    return new_markdown_cell(source, id=f"{id}-{language}", metadata={"tags": [f"lang-{language}"]})


def twins(id: str, korean: str, english: str) -> list[nbformat.NotebookNode]:
    return [text("ko", id, korean), text("en", id, english)]


def code(id: str, source: str, count: int | None, output: str = "") -> nbformat.NotebookNode:
    outputs = [new_output("stream", name="stdout", text=output)] if output else []
    return new_code_cell(source, id=id, execution_count=count, outputs=outputs)


def glossary() -> list[tuple[str, str, str]]:
    """(Korean term, English term, chapter that explains it) of every row of the glossary."""
    cells = nbformat.read(ROOT / "book" / "glossary.ipynb", as_version=4).cells
    text = "\n".join(cell.source for cell in cells if language_of(cell) == "ko")
    rows = [(korean, english, chapter) for korean, english, chapter, _ in GLOSSARY_ROW.findall(text)]
    assert len(rows) > 40
    return rows


def small_book(folder: Path) -> Path:
    """A book of two chapters without TensorFlow, with a picture, a formula, links and a table."""
    folder.mkdir(parents=True, exist_ok=True)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    languages = config["sphinx"]["config"]["book_languages"]
    config["sphinx"]["config"]["book_languages"] = {code: languages[code] for code in ("ko", "en")}
    (folder / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for name in ("tools", "theme"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n  - file: book/one\n")
    (folder / "book" / "images").mkdir(parents=True)
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
            "## 둘째 부분\n\n$$\nc_t = f_t\n$$\n\n![점 하나](images/dot.svg)\n\n*작은 점.*\n\n| 이름 | 형상 |\n|---|---|\n| `y` | 3 |",
            "## Second part\n\n$$\nc_t = f_t\n$$\n\n![one dot](images/dot.svg)\n\n*A small dot.*\n\n| name | shape |\n|---|---|\n| `y` | 3 |",
        )
        + [code("value", "print(0.5)", 2, "0.5\n")],
    )
    return folder


def save(folder: Path, chapter: str, cells: list[nbformat.NotebookNode]) -> None:
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=cells, metadata=metadata), folder / "book" / f"{chapter}.ipynb")


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
    nbformat.write(notebook, folder / "book" / "one.ipynb")


def run_tool(folder: Path, tool: str, *arguments: str, **options) -> subprocess.CompletedProcess:
    """Run a program of the copy in ``folder`` with this interpreter."""
    command = [*options.pop("before", []), sys.executable, str(folder / "tools" / f"{tool}.py"), *arguments]
    environment = {**os.environ, **options.pop("env", {})}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, **options)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def nbval(folder: Path) -> dict[str, int]:
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


def wait_until(page, condition: str) -> None:
    """Wait until an expression is true in a page; Playwright's own way needs eval, which the site's policy forbids."""
    for _ in range(300):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"not within 30 seconds: {condition}")


# What text has too little contrast with what lies behind it. Measured for every piece of text that can be seen.
FAINT = """() => {
  const numbers = (colour) => { const c = colour.match(/[\\d.]+/g).map(Number); return c.length < 4 ? [...c, 1] : c; };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const canvas = document.documentElement.appendChild(document.createElement("i"));
  canvas.style.backgroundColor = "Canvas";
  const behind = (element) => {
    const own = numbers(getComputedStyle(element ?? canvas).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, behind(element.parentElement));
  };
  const faint = new Set(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || element.closest("script, style, svg, template, .katex-mathml")) continue;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const colour = numbers(getComputedStyle(element).color), ground = behind(element);
    for (let around = element; around; around = around.parentElement) colour[3] *= getComputedStyle(around).opacity;
    const ink = over(colour, ground);
    const [dark, bright] = [light(ink), light(ground)].sort((a, b) => a - b);
    const contrast = (bright + 0.05) / (dark + 0.05);
    if (contrast < 4.5) faint.add(`${contrast.toFixed(2)} ${element.className} ${texts.currentNode.data.slice(0, 30)}`);
  }
  return [...faint];
}"""
