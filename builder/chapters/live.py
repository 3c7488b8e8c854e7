"""Live: the words and the data of ``live/``, of which pages and their programs are made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from ..messages import Problem, refuse
from .notebook import strict_json

LISTS = {"live/teachers/exercises.json"}  # each of the others holds an object


def files_below(root: Path, folder: str) -> Iterator[Path]:
    """The files below a folder of the book.

    Raises:
        Refused: a folder cannot be read; ``Path.rglob`` would leave it out.
    """

    def refused(error: OSError) -> NoReturn:
        name = Path(error.filename).relative_to(root).as_posix()
        refuse([Problem(name, f"cannot be read: {error.strerror}", "Let yourself read the folder.")])

    if (root / folder).is_dir():
        for place, _, names in os.walk(root / folder, onerror=refused):
            yield from (Path(place, name) for name in names)


def read_live(root: Path) -> tuple[dict[str, Any], list[Problem]]:
    """The JSON files of ``live/``: name below ``root`` -> content of those that can be read; what is wrong with the others."""
    contents, wrong = {}, []
    for path in sorted(files_below(root, "live")):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".json":
            try:
                content = strict_json(path.read_bytes())
                kind = list if name in LISTS else dict
                if not isinstance(content, kind):
                    raise ValueError(f"it holds no {'list' if kind is list else 'object'}")
            except (OSError, ValueError) as error:
                wrong.append(Problem(name, f"cannot be read as JSON: {error}", "Restore or mend it."))
            else:
                contents[name] = content
    return contents, wrong


def words(contents: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The words among them: name of a folder of ``live/`` -> language -> words."""
    found: dict[str, dict[str, Any]] = {}
    for name, content in contents.items():
        folder, _, file = name.removeprefix("live/").partition("/")
        if file.startswith("words."):
            found.setdefault(folder, {})[file.removeprefix("words.").removesuffix(".json")] = content
    return found


def live_pages(root: Path) -> dict[str, dict[str, Any]]:
    """The pages that are no chapters: a folder ``live/NAME`` whose words have a title and a lead makes NAME.html.

    Name -> language -> words.
    """
    return {
        folder: languages
        for folder, languages in words(read_live(root)[0]).items()
        if any({"title", "lead"} <= said.keys() for said in languages.values())
    }
