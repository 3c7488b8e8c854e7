"""Whole or nothing, proved at every step: each operation is ended, and refused by the system, before each of its calls."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import pathlib
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from builder import files
from support import snapshot

# What changes something on the disk, or is about to.
CALLS = [
    (os, "replace"),
    (os, "rename"),
    (os, "unlink"),
    (os, "rmdir"),
    (os, "mkdir"),
    (os, "open"),
    (io, "open"),
]
if hasattr(pathlib, "_normal_accessor"):  # until Python 3.10, paths keep these calls for themselves
    CALLS += [(pathlib._normal_accessor, name) for _, name in CALLS]

OLD, NEW = {"a": b"old", "b/c": b"old" * 9}, {"a": b"new", "d/e": b"new" * 9}


class Ended(BaseException):
    """The program is killed here; what stands behind it, even `finally`, must not be needed."""


@contextlib.contextmanager
def stopped(step: int, raised: Callable[[], BaseException], for_good: bool):
    """Let the call number ``step`` that touches the disk raise something, and with ``for_good`` all behind it too."""
    count = 0

    def counted(call):
        def replacement(*arguments, **options):
            nonlocal count
            count += 1
            if count == step or (for_good and count > step):
                raise raised()
            return call(*arguments, **options)

        return replacement

    with contextlib.ExitStack() as stack:
        for module, name in CALLS:
            stack.enter_context(mock.patch.object(module, name, counted(getattr(module, name))))
        stack.enter_context(mock.patch.object(shutil, "_use_fd_functions", False))
        yield lambda: count


def fill(folder: Path, content: dict[str, bytes]) -> None:
    for name, text in content.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text)


def replace(place: Path) -> None:
    with files.new_folder(place) as new:
        fill(new, NEW)


def write(place: Path) -> None:
    files.write(place, b"new" * 9)


KILLED, NO_ROOM = (lambda: Ended(), True), (lambda: OSError(errno.ENOSPC, "No space left on device"), False)


@pytest.mark.parametrize(("raised", "for_good"), [KILLED, NO_ROOM], ids=["killed", "no room"])
@pytest.mark.parametrize("first", [True, False], ids=["nothing there", "a folder there"])
def test_a_folder_is_the_old_or_the_new_one_at_every_step(tmp_path, raised, for_good, first):
    outcomes = set()
    for step in range(1, 200):
        place = tmp_path / str(step) / "site"
        place.parent.mkdir()
        if not first:
            fill(place, OLD)
        with stopped(step, raised, for_good) as count:
            with contextlib.suppress(Ended, OSError):
                replace(place)
            reached = count() >= step
        files.restore_folder(place)
        found = snapshot(place) if place.exists() else None
        assert found in (NEW, None if first else OLD), f"step {step}: {found}"
        outcomes.add("new" if found == NEW else "old")
        replace(place)  # the next run is hindered by nothing that was left
        assert snapshot(place) == NEW and [path.name for path in place.parent.iterdir()] == ["site"]
        if not reached:
            break
    assert step > 5 and outcomes == {"old", "new"}, "both sides of the step that matters were seen"


def a_file(place: Path) -> None:
    place.write_bytes(b"no folder")


def a_link(place: Path) -> None:
    place.symlink_to("elsewhere")


def a_link_to_a_folder(place: Path) -> None:
    fill(place.with_name("elsewhere"), OLD)
    a_link(place)


@pytest.mark.parametrize("name", ["site", "site.new", "site.old"])
@pytest.mark.parametrize("put", [a_file, a_link, a_link_to_a_folder])
def test_what_stands_where_a_folder_should_hinders_no_run(tmp_path, name, put):
    put(tmp_path / name)
    for _ in range(2):
        replace(tmp_path / "site")
        assert snapshot(tmp_path / "site") == NEW
        assert {path.name for path in tmp_path.iterdir()} <= {"site", "elsewhere"}
    if put != a_file and name == "site":
        assert (tmp_path / "site").is_symlink() and snapshot(tmp_path / "elsewhere") == NEW
    elif put == a_link_to_a_folder:
        assert snapshot(tmp_path / "elsewhere") == OLD


def test_a_link_stays_one_and_its_file_is_written(tmp_path):
    place, real = tmp_path / "book" / "one.ipynb", tmp_path / "real" / "one.ipynb"
    fill(tmp_path, {"book/other": b"", "real/one.ipynb": b"old"})
    place.symlink_to("../real/one.ipynb")
    write(place)
    assert place.is_symlink() and real.read_bytes() == b"new" * 9
    assert {"book/other", "book/one.ipynb", "real/one.ipynb"} == snapshot(tmp_path).keys()


@pytest.mark.parametrize(("raised", "for_good"), [KILLED, NO_ROOM], ids=["killed", "no room"])
@pytest.mark.parametrize("first", [True, False], ids=["nothing there", "a file there"])
def test_a_file_is_the_old_or_the_new_one_at_every_step(tmp_path, raised, for_good, first):
    for step in range(1, 50):
        place = tmp_path / str(step) / "book" / "one.ipynb"
        place.parent.mkdir(parents=True)
        if not first:
            place.write_bytes(b"old")
        with stopped(step, raised, for_good) as count:
            with contextlib.suppress(Ended, OSError):
                write(place)
            reached = count() >= step
        found = place.read_bytes() if place.exists() else None
        assert found in (b"new" * 9, None if first else b"old"), f"step {step}: {found!r}"
        if not for_good:
            assert not list(place.parent.glob(".*")), "no draft is left by an error"
        if not reached:
            break
    assert step > 2


def test_half_a_file_is_never_at_its_place(tmp_path):
    """The disk is full in the middle of writing."""
    place = tmp_path / "one.ipynb"
    place.write_bytes(b"old")

    def half(self, content):
        with open(self, "wb") as file:
            file.write(content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with mock.patch.object(Path, "write_bytes", half), pytest.raises(OSError):
        files.write(place, b"new" * 9)
    assert snapshot(tmp_path) == {"one.ipynb": b"old"}


def test_what_has_not_changed_is_not_written(tmp_path):
    place = tmp_path / "a"
    assert files.write_if_changed(place, b"x") and not files.write_if_changed(place, b"x")
    time = place.stat().st_mtime_ns
    files.write_if_changed(place, b"x")
    assert place.stat().st_mtime_ns == time
    assert files.write_if_changed(place, b"y")


def test_one_waits_for_the_other_and_nobody_for_one_that_was_ended(tmp_path):
    """The lock goes with the process that holds it."""
    if not hasattr(os, "fork"):
        pytest.skip("needs fork")
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with files.alone(tmp_path):
            os.write(writing, b"x")
            os.read(reading, 0)
            os.kill(os.getpid(), 9)
    os.read(reading, 1)
    with files.alone(tmp_path):
        assert os.waitpid(child, 0)[1] == 9
