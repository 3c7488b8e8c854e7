"""Try every link that leads out of the site and out of the project's Markdown files, with LinkChecker.

The links inside are held by the tests; this needs the network and depends on the world, so it is a command of its own.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..messages import Refused
from ..server import serve
from ..site.build import site_folder

SETTINGS = Path(__file__).with_name("links.ini")


def try_links(root: Path) -> None:
    """Let LinkChecker print the links that lead nowhere.

    Raises:
        Refused: there are some.
    """
    starts = [site_folder(root) / "index.html", *sorted(root.glob("*.md"))]
    # It is shown the files by a server, because it gives up the rights to read them when it is started by root.
    with serve(root) as address:
        pages = [f"{address}{path.relative_to(root).as_posix()}" for path in starts]
        if subprocess.run([sys.executable, "-m", "linkcheck", "-f", str(SETTINGS), *pages]).returncode:
            raise Refused("Links lead nowhere; they are listed above.")
