"""Serve the built site on this machine only.

python tools/serve.py [PORT]
"""

from __future__ import annotations

import errno
import functools
import http.server
import sys
from pathlib import Path

SITE = Path(__file__).resolve().parent.parent / "_build" / "site"


def main(arguments: list[str]) -> str | None:
    """Serve until interrupted; return what went wrong, or None."""
    try:
        port = int(arguments[0]) if arguments else 8000
        if not 0 <= port < 65536:
            raise ValueError
    except ValueError:
        return f"'{arguments[0]}' is not a port. Name a number from 1024 to 65535: make serve PORT=8001"
    if not (SITE / "index.html").exists():
        return "There is no site yet. Run 'make site' first."
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(SITE))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        return f"Port {port} is taken or not allowed. Name another: make serve PORT={port + 1 if port > 1023 else 8001}"
    with server:
        print(f"http://127.0.0.1:{server.server_port}/  (stop with Ctrl-C)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
