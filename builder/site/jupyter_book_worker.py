"""Let Jupyter Book build editions side by side, without loading what only the execution of notebooks needs.

    python -m builder.site.jupyter_book_worker

Each line on standard input is a JSON list of folders to build; the answer, on standard output, is the list of those that
were refused. Loading Jupyter Book takes longer than building a chapter: ``build`` starts this while the
editions are written, it is done once for all of them, and ``serve`` keeps it loaded. What an edition's build prints
goes to ``FOLDER/_build/log``; ``FOLDER/_build/unfinished`` stands there until it has succeeded. When standard input ends,
the one who asked is gone, and a build that is going on stops.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import shutil
import signal
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

# Warnings are errors, all of them are shown, and missing references are warnings.
STRICT = ["-W", "-n", "--keep-going", "-q"]

# A build lives for seconds and frees nothing that matters; searching for garbage is a sixth of its time.
gc.disable()


class NotNeeded(ModuleType):
    """Stands in for packages that no edition uses: nothing is executed or fetched, and the search is not Sphinx's.

    Loading the database of jupyter_cache is a sixth of a build, loading the others together an eighth (rfc3987_syntax, for
    which jsonschema looks, comes with the packages of the tests).
    """

    NAMES = ("jupyter_cache", "jupyter_client", "requests", "rfc3987_syntax", "snowballstemmer")
    __path__: list[str] = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


class NotNeededFinder(MetaPathFinder, Loader):
    """Gives a ``NotNeeded`` for these packages and all their modules."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname.partition(".")[0] in NotNeeded.NAMES else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return NotNeeded(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


sys.meta_path.insert(0, NotNeededFinder())

# Loaded now, while the cut is going on; Sphinx would load them by name later.
import furo  # noqa: E402, F401
import jupyter_book.sphinx  # noqa: E402, F401
import myst_nb.sphinx_ext  # noqa: E402, F401
import sphinx.builders.html  # noqa: E402, F401
import sphinxcontrib.katex  # noqa: E402, F401
from jupyter_book.cli.main import main  # noqa: E402
from sphinx.application import builtin_extensions  # noqa: E402

for name in builtin_extensions:
    importlib.import_module(name)


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


def build_all(folders: list[Path]) -> list[Path]:
    """Build the editions, each in a process of its own where processes can fork, else one after the other.

    Returns:
        the folders that were refused.
    """
    if not hasattr(os, "fork"):
        return [folder for folder in folders if not build(folder)]
    running = {}
    for folder in folders:
        child = os.fork()
        if not child:
            succeeded = build(folder)
            gc.freeze()  # at its end Python would search everything for garbage once more
            sys.exit(not succeeded)
        running[child] = folder
    refused = []
    while running:
        if select.select([sys.stdin], [], [], 0.02)[0]:  # nobody asks before the answer, so this is the end of input
            os.killpg(0, signal.SIGKILL)  # the children and Node too
        for child in list(running):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                folder = running.pop(child)
                if status:
                    refused.append(folder)
    return refused


if __name__ == "__main__":
    if hasattr(os, "setsid") and os.getpgrp() != os.getpid():
        os.setsid()  # killpg above must not reach the terminal's other processes
    for line in iter(sys.stdin.readline, ""):
        refused = build_all([Path(name) for name in json.loads(line)])
        print(json.dumps([str(folder) for folder in refused]), flush=True)
    gc.freeze()
