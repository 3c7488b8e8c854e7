"""Programs that are killed at a random moment leave the last good site, PDF and branch, and every notebook, whole.

A sample, end to end; tests/test_files.py has every step of what they promise.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from builder.files import beside
from support import ROOT, builder_command, cell, load, run_builder, small_book, snapshot, write

KILLS = {"site": 14, "pdf": 12, "record": 12, "publish": 12}
ADDRESS = {"GITHUB_REPOSITORY": "Owner/the-book", "GITHUB_SERVER_URL": "https://github.com"}

pytestmark = [pytest.mark.prove, pytest.mark.skipif(os.name != "posix", reason="kills a process group")]


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True, text=True).stdout


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A small book for which each command has been run once; ``origin`` is a bare repository beside it."""
    folder = small_book(tmp_path_factory.mktemp("내 kills") / "book")
    shutil.copytree(ROOT / ".binder", folder / ".binder")
    shutil.copy(ROOT / ".gitignore", folder)
    git(folder.parent, "init", "-q", "--bare", "github.git")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "remote", "add", "origin", "../github.git")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "-m", "first")
    for command in KILLS:
        arguments = ["origin"] if command == "publish" else []
        done = run_builder(folder, command, *arguments, env=ADDRESS)
        assert done.returncode == 0, done.stderr
    return folder


def change(folder: Path, number: int) -> None:
    """Give every command something to do: another text, and a cell that is not recorded."""
    notebook = load(folder, "one")
    for language, words in (("ko", "점"), ("en", "dot")):
        cell(notebook, f"part-{language}").source += f"\n\n{words} {number}"
    cell(notebook, "value").source = f"print(0.5, {number})"
    write(folder, "one", notebook)


def standing(place: Path) -> dict[str, bytes]:
    """What stands at a place, or waits beside it until the next run puts it back."""
    return snapshot(place if place.exists() else beside(place)[1])


@pytest.mark.parametrize("command", KILLS)
def test_killed_at_a_random_moment(finished, tmp_path, command):
    chance = random.Random(command)
    work = tmp_path / "work"
    shutil.copytree(finished.parent, work)
    folder, remote = work / "book", work / "github.git"
    places = {name: folder / "_build" / name for name in ("site", "pdf")}
    started = time.monotonic()
    begin(folder, command).wait()
    whole = time.monotonic() - started
    stopped = 0
    for number in range(KILLS[command]):
        change(folder, number)
        if command == "publish":  # of a site that has changed
            page = places["site"] / "en" / "one.html"
            page.write_bytes(page.read_bytes().replace(b"</html>", b" </html>"))
        before = {name: standing(place) for name, place in places.items()}
        published = git(remote, "rev-parse", "gh-pages")
        notebooks = snapshot(folder / "book")
        running = begin(folder, command)
        time.sleep(chance.uniform(0, whole))
        os.killpg(running.pid, signal.SIGKILL)
        stopped += running.wait() != 0
        for name, place in places.items():
            now = standing(place)
            assert now == before[name] or (name == command and now.keys() == before[name].keys()), (number, name)
            for file, content in now.items():
                assert not file.endswith(".html") or content.rstrip().endswith(b"</html>"), (number, file)
                assert not file.endswith(".pdf") or content.rstrip().endswith(b"%%EOF"), (number, file)
        for file, content in snapshot(folder / "book").items():
            if file.endswith(".ipynb"):
                assert len(json.loads(content)["cells"]) == len(json.loads(notebooks[file])["cells"]), (number, file)
        git(remote, "fsck", "--strict")
        if git(remote, "rev-parse", "gh-pages") != published:
            assert command == "publish"
    assert stopped > KILLS[command] / 3, "too few were still running: the moments are no sample"
    assert begin(folder, command).wait() == 0
    for name, place in places.items():
        assert place.is_dir() and not (command == name and any(left.exists() for left in beside(place)))
    if command == "site":
        assert f"dot {number}" in (places["site"] / "en" / "one.html").read_text("utf-8")


def begin(folder: Path, command: str) -> subprocess.Popen:
    arguments = ["origin"] if command == "publish" else []
    return subprocess.Popen(
        builder_command(folder, command, *arguments), cwd=ROOT, env={**os.environ, **ADDRESS}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
