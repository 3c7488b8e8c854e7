"""What Binder needs to run the published notebooks: names and versions of packages, and of Python.

    python3 tools/binder.py FOLDER

writes these files below FOLDER. ``tools/publish.py`` puts them beside the published notebooks. They are made of
``requirements.in`` and ``requirements.txt`` each time, so that there is one list of versions.
"""

from __future__ import annotations

import sys
from pathlib import Path

from prepare import SUPPORTED, group, locked

# One below the newest: Binder's own image knows a version of Python later than Python's packages do.
PYTHON = SUPPORTED[-2]


def files() -> dict[str, str]:
    """Path -> text of each file.

    Raises:
        PrepareError: ``requirements.in`` or ``requirements.txt`` lacks something.
    """
    return {
        ".binder/requirements.txt": locked(*group("run"), *group("binder")),
        ".binder/runtime.txt": f"python-{PYTHON[0]}.{PYTHON[1]}\n",
    }


def main(arguments: list[str]) -> str | None:
    """Write the files; return what went wrong, or None."""
    if len(arguments) != 1:
        return "Name the folder to write to: python3 tools/binder.py FOLDER"
    for name, text in files().items():
        path = Path(arguments[0], name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
