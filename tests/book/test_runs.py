"""Whole chapters, run: with the oldest TensorFlow and under another seed; and what the run of `make test` would notice.

`make test` runs each chapter once, with nbval and the plug-in nbval_strict.py.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from builder.chapters.markdown import read_text
from builder.chapters.record import execute
from builder.editions.edition import Edition
from builder.packages import SUPPORTED
from builder.quality import matrix
from builder.quality.kernels import OLDEST_TENSORFLOW, environment, find_python, only_tensorflow
from builder.quality.seeds import reseed
from nbval_strict import CORRECT, UNANSWERED, readers_kernel, solved
from support import CHAPTERS, LANGUAGES, ROOT, nbval, the_book, twins, whole_book
from support import editions as write_editions

NAMES = [path.stem for path in CHAPTERS if path.stem != "glossary"]  # which has no code


def printed(cell) -> str:
    return "".join(output.get("text", "") for output in cell.outputs)


@pytest.fixture(scope="session")
def editions(tmp_path_factory) -> dict[str, Edition]:
    return write_editions(whole_book(tmp_path_factory.mktemp("editions") / "book"))


@pytest.fixture(scope="session")
def bare() -> str:
    return readers_kernel()


@pytest.fixture(scope="session")
def oldest() -> str:
    """The kernel of an environment like that with the oldest Python and the oldest TensorFlow of the book."""
    python = find_python(SUPPORTED[0])
    if python is None:
        pytest.skip("This machine has no Python {}.{}.".format(*SUPPORTED[0]))
    return environment(ROOT, python, "oldest", only_tensorflow(OLDEST_TENSORFLOW))


def run_alone(path: Path, folder: Path, kernel: str) -> None:
    """As a reader would, in an empty folder, with every solution of the page pasted into its exercise."""
    notebook = nbformat.read(path, as_version=4)
    exercises = []
    for cell in notebook.cells:
        if "exercise" in cell.metadata.get("tags", []):
            assert printed(cell).strip() == UNANSWERED
            cell.source = solved(notebook, cell)
            exercises.append(cell)
    execute(notebook, folder, kernel)
    for cell in exercises:
        assert printed(cell).strip().endswith(CORRECT), (cell.id, cell.outputs)
    assert [
        output for cell in notebook.cells for output in cell.get("outputs", []) if output.get("name") == "stderr"
    ] == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_all_editions_have_the_code_of_the_chapter_and_the_same_solutions(editions, name):
    """So that the run of the chapter stands for the notebooks of all of them."""
    chapter = [cell.source for cell in the_book().chapter(name).all_cells if cell.is_code]
    found = []
    for language in LANGUAGES:
        notebook = nbformat.read(editions[language].folder / "notebooks" / f"{name}.ipynb", as_version=4)
        assert [cell.source for cell in notebook.cells if cell.cell_type == "code"] == chapter
        found.append([read_text(cell.source).code_blocks for cell in notebook.cells if cell.cell_type == "markdown"])
    assert all(blocks == found[0] for blocks in found)


@pytest.mark.prove
@pytest.mark.parametrize("name", NAMES)
def test_an_edition_notebook_runs_with_the_oldest_tensorflow(editions, oldest, tmp_path, name):
    run_alone(editions[LANGUAGES[-1]].folder / "notebooks" / f"{name}.ipynb", tmp_path, oldest)


@pytest.mark.parametrize("kernel", ["bare", "oldest"])
def test_these_environments_hold_no_tool_of_the_book(tmp_path, request, kernel):
    names = "nbval pytest nbformat jupyterlab sphinx furo yaml bs4 pandas scipy sklearn IPython tensorflow".split()
    source = f"from importlib.util import find_spec\nprint(*(name for name in {names} if find_spec(name)))"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    execute(notebook, tmp_path, request.getfixturevalue(kernel))
    assert printed(notebook.cells[0]).split() == ["IPython", "tensorflow"]


@pytest.mark.prove
@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_stays_green_under_another_seed(tmp_path, name):
    notebook = nbformat.read(ROOT / "book" / f"{name}.ipynb", as_version=4)
    assert reseed(notebook, 20261)
    nbformat.write(notebook, tmp_path / f"{name}.ipynb")
    counts = nbval(tmp_path)[f"{name}.ipynb"]
    assert counts["failed"] == 0 and counts["passed"] > 3


def write(path: Path, source: str, output: str, *before, tags=()) -> None:
    """A notebook of one code cell, which has put out these letters, behind other cells."""
    cell = nbformat.v4.new_code_cell(source, execution_count=1, metadata={"tags": [*tags]})
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=output)] if output else []
    nbformat.write(nbformat.v4.new_notebook(cells=[*before, cell]), path)


def test_nbval_is_strict_and_reads_the_sanitizer(tmp_path):
    """The plain command of the ecosystem: a changed shape is red, a changed float is not."""
    for name, output in (("shape", "(1, 4, 3) 0.5\n"), ("float", "(1, 4, 4) 0.7\n")):
        write(tmp_path / f"{name}.ipynb", "print((1, 4, 4), 0.5)", output)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pyproject.toml", "--nbval", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert "1 failed, 1 passed" in done.stdout, done.stdout
    assert "shape.ipynb" in done.stdout.partition("short test summary")[2]


def test_the_strict_run_notices_decimals_files_packages_and_wrong_solutions(tmp_path):
    exercise = 'answer = ...\nprint("Replace ... with your answer." if answer is ... else "Correct!" if answer == 3 else "No.")'

    def answered(answer: str) -> list:
        details = f"<details>\n<summary>S</summary>\n\n```python\nanswer = {answer}\n```\n\n</details>"
        return twins("solution", details, details)

    write(tmp_path / "decimal.ipynb", "print(0.5)", "0.7\n")
    write(tmp_path / "last digit.ipynb", "print(0.50001)", "0.50002\n")
    write(tmp_path / "file.ipynb", 'open("left", "w").close()', "")
    write(tmp_path / "package.ipynb", "import bs4", "")
    write(tmp_path / "right.ipynb", exercise, f"{UNANSWERED}\n", *answered("3"), tags=["exercise"])
    write(tmp_path / "wrong.ipynb", exercise, f"{UNANSWERED}\n", *answered("4"), tags=["exercise"])
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "nbval_strict", "-c", "pyproject.toml",
            "--nbval", str(tmp_path),
        ],
        cwd=ROOT, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
    )  # fmt: skip
    summary = done.stdout.partition("short test summary")[2]
    red = re.findall(r"(?:FAILED|ERROR) (?:.*/)?([\w ]+)\.ipynb::(Cell \d+(?: solved)?)", summary)
    assert sorted(red) == [
        ("decimal", "Cell 0"),
        ("file", "Cell 0"),
        ("package", "Cell 0"),
        ("wrong", "Cell 0 solved"),
    ], done.stdout
    assert "5 passed" in done.stdout


def test_the_matrix_compares_decimals_in_the_kernel_of_its_entry(tmp_path, monkeypatch):
    """Here that of the tests, which has bs4."""
    for name in ("pyproject.toml", "conftest.py", "builder", "figures", "theme", "tests"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "book").mkdir()
    write(tmp_path / "book" / "decimal.ipynb", "print(0.5)", "0.7\n")
    write(tmp_path / "book" / "package.ipynb", "import bs4", "")
    monkeypatch.setattr(matrix, "environment", lambda *_, **__: "python3")
    monkeypatch.setattr(matrix, "holds", lambda *_: "")
    passed, words = matrix.run(tmp_path, SUPPORTED[-1], "newest", sys.executable)
    assert not passed and "1 failed, 1 passed" in words and "FAILED book/decimal.ipynb" in words, words
