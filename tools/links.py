"""Try every link that leads out of the site and out of the project's Markdown files, with LinkChecker.

    python tools/links.py [FOLDER]

The links inside are held by the tests; this needs the network and depends on the world, so it is a command of its own.
"""

from __future__ import annotations

import functools
import http.server
import subprocess
import sys
import threading
from pathlib import Path

from prepare import ROOT

SETTINGS = Path(__file__).with_name("links.ini")


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


def main(arguments: list[str]) -> int:
    """Return 0 when all links lead somewhere; LinkChecker prints those that do not."""
    folder = Path(arguments[0]) if arguments else ROOT
    starts = [folder / "_build" / "site" / "index.html", *sorted(folder.glob("*.md"))]
    # It is shown the files by a server, because it gives up the rights to read them when it is started by root.
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pages = [f"http://127.0.0.1:{server.server_port}/{path.relative_to(folder).as_posix()}" for path in starts]
        done = subprocess.run([sys.executable, "-m", "linkcheck", "-f", str(SETTINGS), *pages])
        server.shutdown()
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
