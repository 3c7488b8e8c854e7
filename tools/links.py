"""Try every link that leads out of the site and out of the project's Markdown files, with LinkChecker.

    python tools/links.py [FOLDER]

The links inside are held by the tests; this needs the network and depends on the world, so it is a command of its own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from audit import serve
from prepare import ROOT

SETTINGS = Path(__file__).with_name("links.ini")


def main(arguments: list[str]) -> int:
    """Return 0 when all links lead somewhere; LinkChecker prints those that do not."""
    folder = Path(arguments[0]) if arguments else ROOT
    starts = [folder / "_build" / "site" / "index.html", *sorted(folder.glob("*.md"))]
    # It is shown the files by a server, because it gives up the rights to read them when it is started by root.
    with serve(folder) as address:
        pages = [f"{address}{path.relative_to(folder).as_posix()}" for path in starts]
        done = subprocess.run([sys.executable, "-m", "linkcheck", "-f", str(SETTINGS), *pages])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
