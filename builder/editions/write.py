"""Write editions to ``_build/editions/``, so that Jupyter Book sees what has changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from ..files import write_if_changed
from .edition import Edition


def write_editions(editions: Iterable[Edition]) -> None:
    """Write the files of the editions, and remove those of chapters and images that are gone."""
    for edition, files in [(edition, edition.files()) for edition in editions]:
        folder = edition.folder
        changed = [name for name, content in files.items() if write_if_changed(folder / name, content)]
        gone = {path.name for path in folder.glob("*.ipynb")} - files.keys()
        if gone or any(name.startswith(("theme/", "live/", "images/")) for name in changed):
            # Sphinx keeps the page of a chapter that is gone, and does not see that a style sheet, a translation, its
            # extension, a program of the live figures or an image alone has changed.
            shutil.rmtree(folder / "_build", ignore_errors=True)
        remove_others(folder, files.keys())


def remove_others(folder: Path, names: Iterable[str]) -> None:
    """Remove what an edition no longer has; what Sphinx has made stays."""
    keep = set(names)
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder)
        if name.parts[0] == "_build" or path.suffix == ".mo" or "__pycache__" in name.parts:
            continue
        if path.is_file() and name.as_posix() not in keep:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
