"""Show the site on this machine only, and build it again whenever a source changes.

Jupyter Book stays loaded in between, so a changed sentence is on its page in a fraction of the time of `make site`.
"""

from __future__ import annotations

import contextlib
import errno
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ..messages import Refused
from ..server import server_for
from .build import site_folder

SOURCES = ("_config.yml", "_toc.yml", "book/*.ipynb", "book/images/**/*", "theme/**/*", "live/**/*")


def state(root: Path) -> dict[str, int]:
    """When each source was last changed, in nanoseconds."""
    found = {}
    for pattern in SOURCES:
        with contextlib.suppress(FileNotFoundError):  # git has just taken away a folder; the next look sees all
            for path in root.glob(pattern):
                with contextlib.suppress(FileNotFoundError):  # an editor has just replaced it
                    if path.is_file() and path.suffix not in (".mo", ".pyc") and path.name[0] != ".":
                        found[str(path)] = path.stat().st_mtime_ns
    return found


def serve(root: Path, port: int, report: Callable[[], bool]) -> None:
    """Serve until interrupted.

    Args:
        report: builds the site, prints what came of it, and returns whether it is new.

    Raises:
        Refused: the port cannot be had, or there is no site to show.
    """
    try:
        server = server_for(site_folder(root), port)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        other = port + 1 if port > 1023 else 8001
        raise Refused(f"Port {port} is taken or not allowed. Name another: make serve PORT={other}") from None
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to it
    with server:
        seen = state(root)
        if not report() and not (site_folder(root) / "index.html").exists():
            raise Refused("There is no older site to show either.")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}/  (stop with Ctrl-C)", flush=True)
        try:
            build_on_change(root, seen, report)
        except KeyboardInterrupt:
            print()


def build_on_change(root: Path, seen: dict[str, int], report: Callable[[], bool]) -> None:
    """Watch the sources for ever."""
    while True:
        time.sleep(0.3)
        now = state(root)
        if now != seen:
            seen = now
            start = time.perf_counter()
            if report():
                print(f"Built again in {time.perf_counter() - start:.1f} s; reload the page.", flush=True)
