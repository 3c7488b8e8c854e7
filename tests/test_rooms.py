"""The direction of the rooms, as pyproject.toml describes it."""

import subprocess
import sys
from collections import Counter

import pytest

from support import ROOT


def test_rooms_know_only_those_before_them():
    program = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_only_the_commands_import_late():
    """An import within a function would hide a circle; where it may stand, a package is loaded by few or by other processes."""
    late = set()
    for path in sorted((ROOT / "builder").rglob("*.py")):
        if path.parent.name == "standins":
            continue  # they run in the Python of the pages, which first puts in place what the next ones import
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith(" ") and line.split()[:1] in (["import"], ["from"]):
                late.add(f"{path.relative_to(ROOT / 'builder').as_posix()}: {line.strip()}")
    assert {line for line in late if not line.startswith("__main__.py: from .")} == {
        "files.py: import fcntl",
        "chapters/images.py: from resvg import render, usvg",
        "site/fast_start.py: from sphinx.application import builtin_extensions",
        "site/jupyter_book_worker.py: from jupyter_book.cli.main import main",
        "quality/forked.py: from IPython.core.interactiveshell import InteractiveShell",
        "quality/forked.py: from IPython.utils.capture import capture_output",
        "quality/forked.py: import keras  # noqa: F401",
        "quality/forked.py: import matplotlib.pyplot  # noqa: F401",
        "quality/forked.py: import tensorflow  # noqa: F401",
    }


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a downloaded archive does not tell what belongs to it")
@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_the_readme_names_every_folder_and_every_room(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True).stdout.split("\0")
    folders = {path.split("/")[0] for path in listed if "/" in path}
    rooms = {path.split("/")[1] for path in listed if path.startswith("builder/") and path.count("/") > 1}
    assert folders and [folder for folder in [*folders, *rooms] if f"`{folder}/`" not in text] == []


def test_no_two_test_files_have_one_name():
    """pytest would take one for the other, and collect neither whole: it says so only where it collects both."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, number in names.items() if number > 1] == []
