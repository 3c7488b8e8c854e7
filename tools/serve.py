"""Show the site on this machine only, and build it again whenever a source changes.

    python tools/serve.py [PORT]

Jupyter Book stays loaded in between, so a changed sentence is on its page in a fraction of the time of `make site`.
"""

from __future__ import annotations

import errno
import functools
import http.server
import signal
import sys
import threading
import time

from build import ROOT, Pages, report

SITE = ROOT / "_build" / "site"
SOURCES = ("_config.yml", "_toc.yml", "book/*.ipynb", "book/images/*", "theme/**/*")


def state() -> dict[str, int]:
    """When each source was last changed, in nanoseconds."""
    found = {}
    for pattern in SOURCES:
        for path in ROOT.glob(pattern):
            try:
                if path.is_file() and path.suffix != ".mo" and path.name[0] != ".":
                    found[str(path)] = path.stat().st_mtime_ns
            except FileNotFoundError:
                pass  # an editor has just replaced it
    return found


def build_on_change(pages: Pages, seen: dict[str, int]) -> None:
    """Watch the sources for ever."""
    while True:
        time.sleep(0.3)
        now = state()
        if now != seen:
            seen = now
            start = time.perf_counter()
            if report(pages):
                print(f"Built again in {time.perf_counter() - start:.1f} s; reload the page.", flush=True)


def main(arguments: list[str]) -> str | None:
    """Serve until interrupted; return what went wrong, or None."""
    try:
        port = int(arguments[0]) if arguments else 8000
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        return f"'{arguments[0]}' is not a port. Name a number from 1024 to 65535: make serve PORT=8001"
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(SITE))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        return f"Port {port} is taken or not allowed. Name another: make serve PORT={port + 1 if port > 1023 else 8001}"
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs are born deaf to it
    with server, Pages() as pages:
        seen = state()
        if not report(pages) and not (SITE / "index.html").exists():
            return "There is no older site to show either."
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(f"http://127.0.0.1:{server.server_port}/  (stop with Ctrl-C)", flush=True)
        try:
            build_on_change(pages, seen)
        except KeyboardInterrupt:
            print()
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
