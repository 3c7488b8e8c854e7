"""Whole or nothing: what is written appears in one step, or what was there before stays.

The promises that all commands make stand here, and ``tests/test_files.py`` proves them by ending a program at each of
its steps.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .messages import Problem, refuse


def read(root: Path, name: str) -> str:
    """The text of a file of the repository.

    Raises:
        Refused: it cannot be read.
    """
    try:
        return (root / name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        refuse([Problem(name, f"cannot be read: {reason}", "Restore or mend it.")])


def read_json(root: Path, name: str) -> dict[str, Any]:
    """The object that a JSON file of the repository holds.

    Raises:
        Refused: it cannot be read, or holds something else.
    """
    text = read(root, name)
    try:
        found = json.loads(text)
        if not isinstance(found, dict):
            raise ValueError("it holds no object")
    except (ValueError, RecursionError) as error:
        refuse([Problem(name, f"cannot be read as JSON: {error}", "Restore or mend it.")])
    return found


def write(path: Path, content: bytes) -> None:
    """Write a file in one step: neither a full disk nor the end of the program leaves half of it.

    A link stays one; it is the file that it leads to which is written.
    """
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(content)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def write_if_changed(path: Path, content: bytes) -> bool:
    """Write a file in one step unless it holds ``content`` already; return whether it did not.

    So an incremental build sees what has changed.
    """
    if path.is_file() and path.read_bytes() == content:
        return False
    write(path, content)
    return True


def beside(place: Path) -> tuple[Path, Path]:
    """Where the folder that will stand at ``place`` is made, and where the one before it waits meanwhile."""
    return place.with_name(f"{place.name}.new"), place.with_name(f"{place.name}.old")


def restore_folder(place: Path) -> None:
    """Put back the folder that a program left aside when it was ended between the two steps of ``replace_folder``."""
    old = beside(place)[1]
    if old.exists() and not place.exists():
        old.rename(place)


@contextlib.contextmanager
def new_folder(place: Path) -> Iterator[Path]:
    """Make a folder beside ``place`` and put it there at the end; after an error nothing has changed at ``place``.

    At every moment either the complete old folder or the complete new one is at ``place``, or the old one waits beside
    it until ``restore_folder`` puts it back. A link stays one; it is the folder that it leads to which is replaced.
    """
    place = Path(os.path.realpath(place))
    restore_folder(place)
    new, _ = beside(place)
    remove(new)
    new.mkdir(parents=True)
    try:
        yield new
        replace_folder(new, place)
    finally:
        remove(new)


def remove(path: Path) -> None:
    """Remove a folder, or what stands where one should; what cannot be removed stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def replace_folder(new: Path, place: Path) -> None:
    """Put the folder ``new`` at ``place``; if that fails, what was there stays."""
    _, old = beside(place)
    remove(old)
    if place.exists():
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    remove(old)


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process is building in ``folder``; one that was ended holds up nobody."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        try:
            import fcntl
        except ImportError:  # Windows
            yield
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another build of this folder …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
