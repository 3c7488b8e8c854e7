"""Let Jupyter Book build editions side by side.

    python -m builder.site.jupyter_book_worker

Each line on standard input is a JSON list of folders to build; the answer, on standard output, is the list of those that
were refused. Loading Jupyter Book takes longer than building a chapter: ``build`` starts this while the
editions are written, it is done once for all of them, and ``serve`` keeps it loaded. What an edition's build prints
goes to ``FOLDER/_build/log``; ``FOLDER/_build/unfinished`` stands there until it has succeeded. When standard input ends,
the one who asked is gone, and a build that is going on stops.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
from pathlib import Path

from . import fast_start

# Warnings are errors, all of them are shown, and missing references are warnings.
STRICT = ["-W", "-n", "--keep-going", "-q"]


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
        from jupyter_book.cli.main import main

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
            fast_start.end_at_once()
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
    fast_start.skip_packages()
    fast_start.keep_garbage()
    fast_start.load_jupyter_book()
    for line in iter(sys.stdin.readline, ""):
        refused = build_all([Path(name) for name in json.loads(line)])
        print(json.dumps([str(folder) for folder in refused]), flush=True)
    fast_start.end_at_once()
