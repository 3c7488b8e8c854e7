"""Let Jupyter Book build editions side by side, without loading what only the execution of notebooks needs.

    python tools/pages.py      builds the folders of the JSON list that arrives as a line on standard input

``tools/build.py`` starts this while it is still cutting: loading Jupyter Book takes longer than building a chapter, and
is done once for all editions. What an edition's build prints goes to ``FOLDER/_build/log``; ``FOLDER/_build/unfinished``
stands there until it has succeeded. When standard input ends, the one who asked is gone, and the build stops.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from types import ModuleType

# Warnings are errors, all of them are shown, and missing references are warnings.
STRICT = ["-W", "-n", "--keep-going", "-q"]

# A build lives for seconds and frees nothing that matters; searching for garbage is a sixth of its time.
gc.disable()


class NotNeeded(ModuleType):
    """Stands in for jupyter_cache. The notebooks are not executed, and loading its database is a sixth of a build."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


for part in ("", ".base", ".cache", ".cache.db", ".executors", ".executors.utils"):
    sys.modules[f"jupyter_cache{part}"] = NotNeeded(f"jupyter_cache{part}")

# Loaded now, while the cut is going on; Sphinx would load them by name later.
import furo  # noqa: E402, F401
import jupyter_book.sphinx  # noqa: E402, F401
import myst_nb.sphinx_ext  # noqa: E402, F401
import sphinx.builders.html  # noqa: E402, F401
import sphinxcontrib.katex  # noqa: E402, F401
from jupyter_book.cli.main import main  # noqa: E402


def build(folder: Path) -> bool:
    """Build one edition; return whether it succeeded."""
    output = folder / "_build"
    unfinished = output / "unfinished"
    if unfinished.exists():  # a page that a killed or refused build left behind looks up to date to Sphinx
        shutil.rmtree(output)
    output.mkdir(exist_ok=True)
    unfinished.touch()
    with open(output / "log", "w", encoding="utf-8") as log:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
            os.dup2(log.fileno(), stream.fileno())
    try:
        main(["build", str(folder), *STRICT], standalone_mode=False)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return False
    unfinished.unlink()
    return True


def stop_with_parent() -> None:
    """Wait for the end of standard input, then end this process and all that it started."""
    sys.stdin.read()
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def build_all(folders: list[Path]) -> bool:
    """Build the editions, each in a process of its own where processes can fork, else one after the other."""
    if not hasattr(os, "fork"):
        threading.Thread(target=stop_with_parent, daemon=True).start()
        return all([build(folder) for folder in folders])
    mine, *others = folders
    children = []
    for other in others:
        child = os.fork()
        if not child:
            return build(other)
        children.append(child)
    threading.Thread(target=stop_with_parent, daemon=True).start()
    succeeded = build(mine)
    return all([os.waitpid(child, 0)[1] == 0 for child in children]) and succeeded


if __name__ == "__main__":
    asked = sys.stdin.readline()
    sys.exit(not (asked and build_all([Path(name) for name in json.loads(asked)])))
