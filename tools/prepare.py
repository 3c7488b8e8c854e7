"""Set up ``.venv`` for one purpose; ``make`` calls this before everything else.

    python3 tools/prepare.py site     what building the site needs (nothing that executes a chapter)
    python3 tools/prepare.py pdf      what setting it on paper needs besides
    python3 tools/prepare.py figures  what drawing the figures needs
    python3 tools/prepare.py test     everything in requirements.txt

Only Python's standard library is used here. The groups stand in ``requirements.in``, the versions in
``requirements.txt``. The environment counts as ready only after the last package is in, so an interrupted
set-up is simply taken up again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# The versions of Python for which TensorFlow publishes builds (see the classifiers of its pinned release).
SUPPORTED = [(3, minor) for minor in range(10, 14)]

# Compiled once, as pip does it; else the first run compiles, and each one where Python is told not to write bytecode:
# then TensorFlow takes 10 s to import instead of 4.
INSTALL = ["pip", "install", "--quiet", "--compile-bytecode"]


class PrepareError(Exception):
    """The environment could not be set up; the text says why and what to do."""


def names(versions: list[tuple[int, int]]) -> str:
    return ", ".join(f"{major}.{minor}" for major, minor in versions)


def version_of(python: str) -> tuple[int, int] | None:
    """The version of an interpreter, or None when it does not run."""
    program = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", program], capture_output=True, text=True, timeout=60)
        return tuple(map(int, answer.stdout.split())) if answer.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def supported_python(wanted: str | None = None) -> str:
    """The interpreter to build the environment with: this one, or the newest supported one on the PATH.

    Args:
        wanted: an interpreter that the caller insists on.

    Raises:
        PrepareError: there is none that TensorFlow has a build for. Nothing was downloaded.
    """
    own = wanted or sys.executable
    own_version = version_of(own)
    if own_version in SUPPORTED:
        return own
    if not wanted:
        for major, minor in reversed(SUPPORTED):
            other = shutil.which(f"python{major}.{minor}")
            if other and version_of(other) == (major, minor):
                return other
    found = names([own_version]) if own_version else f"not usable ({own})"
    raise PrepareError(
        f"Python is {found}, and TensorFlow has no build for it. Install Python {names(SUPPORTED)} and name it: "
        f"make site PYTHON=python{SUPPORTED[-1][0]}.{SUPPORTED[-1][1]}. Nothing was downloaded."
    )


def group(purpose: str) -> list[str]:
    """The lines of ``requirements.in`` between the comment ``# <purpose>:`` and the next group."""
    text = (ROOT / "requirements.in").read_text(encoding="utf-8")
    match = re.search(rf"^# {purpose}:.*\n((?:(?!# \w+:).*\n?)*)", text, re.M)
    if not match:
        raise PrepareError(f"requirements.in has no group '# {purpose}:'.")
    lines = (line.partition(" #")[0].strip() for line in match[1].splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def locked(*packages: str) -> str:
    """The part of ``requirements.txt`` for some packages and all that they need, with the hashes of their files.

    Below each package stands what needs it (``# via``), and pip and uv check hashes only when every package has them.

    Raises:
        PrepareError: one of the packages is not there.
    """
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    blocks = re.findall(r"^([\w.-]+)==[^\n]*\n((?:[ ]+[^\n]*\n)*)", text, re.M)
    needed_by = {}
    for name, rest in blocks:
        needed_by.setdefault(name, set()).update(re.findall(r"^ +#(?: via)? +([\w.-]+)(?:\[.*\])?$", rest, re.M))
    wanted = {re.match(r"[\w.-]+", package)[0] for package in packages}
    if missing := wanted - set(needed_by):
        raise PrepareError(f"requirements.txt does not pin {', '.join(sorted(missing))}; run 'make requirements'.")
    while more := {name for name, others in needed_by.items() if others & wanted} - wanted:
        wanted |= more
    return "".join(
        match[0]
        for match in re.finditer(r"^([\w.-]+)==[^\n]*\n(?:[ ]+--hash[^\n]*\n)*", text, re.M)
        if match[1] in wanted
    )


def run(command: list[str], trouble: str) -> None:
    if subprocess.run(command, cwd=ROOT, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}).returncode:
        raise PrepareError(trouble)


def prepare(purpose: str, python: str | None = None) -> None:
    """Bring ``.venv`` to what ``purpose`` ('site', 'pdf', 'figures' or 'test') needs; quick when nothing has changed."""
    sources = [ROOT / "requirements.in", ROOT / "requirements.txt"]
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
    stamp = VENV / f"{purpose}.ready"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == state:
        return
    network = "Is this machine on the network? Nothing else was changed; run the same command again to go on."
    uv = [str(PYTHON), "-m", "uv"]
    if subprocess.run([*uv, "--version"], capture_output=True).returncode if PYTHON.exists() else True:
        interpreter = supported_python(python)
        print(f"Setting up .venv with Python {names([version_of(interpreter)])} …", flush=True)
        run([interpreter, "-m", "venv", "--clear", str(VENV)],
            "The virtual environment could not be made. On Debian or Ubuntu install python3-venv.")  # fmt: skip
        first = VENV / "first.txt"
        first.write_text(locked("uv"), encoding="utf-8")
        run([str(PYTHON), "-m", "pip", "install", "--quiet", "--retries", "1", "--require-hashes", "-r", str(first)],
            f"The installer uv could not be downloaded. {network}")  # fmt: skip
    wanted = ROOT / "requirements.txt"
    if purpose != "test":
        wanted = VENV / f"{purpose}.txt"
        wanted.write_text(locked(*group(purpose)), encoding="utf-8")
    print(f"Installing what '{purpose}' needs …", flush=True)
    run([*uv, *INSTALL, "--require-hashes", "--python", str(PYTHON), "-r", str(wanted)],
        f"Not everything could be installed. {network}")  # fmt: skip
    stamp.write_text(state)


if __name__ == "__main__":
    try:
        prepare(sys.argv[1], os.environ.get("BOOK_PYTHON"))
    except PrepareError as error:
        sys.exit(str(error))
