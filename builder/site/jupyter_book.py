"""Jupyter Book in a process of its own, which loads itself and waits to be asked."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from ..messages import Refused

PACKAGE = Path(__file__).resolve().parents[2]  # the folder in which Python finds this package

# A warning, or an exception: Sphinx names its kind, and says below what it was. Jupyter Book's own last word says nothing.
COMPLAINT = re.compile(
    r"^(?:Exception occurred|[^\n]*(?<!Runtime)[Ee]rror\b[^\n]*):\n.*?(?=^RuntimeError: *$|^=+$|\Z)"
    r"|^[^\n]*(?:WARNING|ERROR|(?<!Runtime)Error)[^\n]*",
    re.M | re.S,
)


class JupyterBook:
    """The worker ``jupyter_book_worker``; use it as a context manager. It takes longer to load than to build a chapter."""

    def __init__(self) -> None:
        if find_spec("jupyter_book") is None:  # said here, for the process could only end in a traceback
            raise ModuleNotFoundError(name="jupyter_book")
        self.start()

    def start(self) -> None:
        """Let it load itself."""
        environment = {**os.environ, "PYTHONUTF8": "1"}
        environment.pop("SOURCE_DATE_EPOCH", None)  # Sphinx takes a year from it, or ends when it is no number
        self.process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.jupyter_book_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            cwd=PACKAGE,
            env=environment,
        )

    def __enter__(self) -> JupyterBook:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def build(self, folders: list[Path]) -> None:
        """Build all editions, side by side.

        Raises:
            Refused: an edition gave a warning or an error.
        """
        if self.process.returncode is not None:  # `make serve` asks again
            self.start()
        try:
            self.process.stdin.write(json.dumps([str(folder.resolve()) for folder in folders]).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended already, and gives no answer
        answer = self.process.stdout.readline()
        if not answer:
            self.__exit__()
            raise Refused(
                "Jupyter Book could not be loaded, or was ended from outside, for want of memory perhaps; see the message above. "
                "If .venv is damaged, remove it and run this again."
            )
        if refused := [Path(folder) for folder in json.loads(answer)]:
            raise Refused(
                "\n".join(f"Edition '{folder.name}' was refused:\n{complaints(folder)}" for folder in refused)
            )


def complaints(folder: Path) -> str:
    """What an edition's build complained of, naming the source files; everything that it printed when that is nothing."""
    output = (folder / "_build" / "log").read_text(encoding="utf-8", errors="replace")
    output = re.sub(r"\x1b\[[\d;]*m", "", output).replace(f"{folder}{os.sep}", "book/")
    found = [match[0].strip() for match in COMPLAINT.finditer(output)]
    return "\n".join(line for line in found if line) or output.strip()
