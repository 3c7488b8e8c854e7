"""Set up ``.venv``: what a command needs is installed before it starts.

The packages stand in ``pyproject.toml``, in groups; their versions, with the hashes of their files, in ``requirements.txt``.
Only Python's standard library is used here, for nothing is installed yet. The environment counts as ready only after the
last package is in, so a set-up that was interrupted is simply taken up again.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .files import read, write
from .messages import PRINTED, Refused

# The versions of Python for which TensorFlow publishes builds (see the classifiers of its pinned release).
SUPPORTED = [(3, minor) for minor in range(10, 14)]

# What a machine says of itself, as the interpreter of the environment sees it, and why packages are missing for it.
MACHINE = "import platform, sysconfig; print(platform.system(), platform.machine(), platform.libc_ver()[0] or '-', sysconfig.get_platform())"
MISSING = [
    (r"Darwin x86_64 ", "TensorFlow has no build for Macs with an Intel processor since 2.17. There 'make site' and 'make pdf' work, "
     "and the chapters run on Colab and Binder. (On Apple silicon this Python is one for Intel: take one for arm64.)"),
    (r"Windows ARM64 .* win-arm64", "Pagefind and TensorFlow have no build for Windows on Arm. Install Python for x86-64 (64-bit), which "
     "Windows runs there too, remove .venv, and run this again."),
    (r"Linux \S+ (?!glibc)", "TensorFlow has no build for a Linux without glibc, such as Alpine. There 'make site' and 'make pdf' work; "
     "the chapters run in a container with glibc (python:3.13-slim), on Colab and on Binder."),
    (r".* (win32|linux-i686|linux-armv\w+)$", "TensorFlow has no build for 32 bits. Install Python for 64 bits, remove .venv, and run this again."),
]  # fmt: skip

# Compiled once, as pip does it; else the first run compiles, and each one where Python is told not to write bytecode:
# then TensorFlow takes 10 s to import instead of 4.
INSTALL = ["pip", "install", "--quiet", "--compile-bytecode"]


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def missing_for(interpreter: Path) -> str | None:
    """Why packages cannot be had for the machine of an interpreter, and what to do; None when all have builds for it."""
    machine = subprocess.run([str(interpreter), "-c", MACHINE], capture_output=True, **PRINTED).stdout.strip()
    return next((reason for pattern, reason in MISSING if re.match(pattern, machine)), None)


def names(versions: list[tuple[int, int]]) -> str:
    return ", ".join(f"{major}.{minor}" for major, minor in versions)


def version_of(python: str) -> tuple[int, int] | None:
    """The version of an interpreter, or None when it does not run."""
    program = "import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", program], capture_output=True, **PRINTED, timeout=60)
        major, minor = map(int, answer.stdout.split())
        return (major, minor) if answer.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None


def supported_python(wanted: str | None = None) -> str:
    """The interpreter to build the environment with: this one, or the newest supported one on the PATH.

    Args:
        wanted: an interpreter that the caller insists on.

    Raises:
        Refused: there is none that TensorFlow has a build for. Nothing was downloaded.
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
    raise Refused(
        f"Python is {found}, and TensorFlow has no build for it. Install Python {names(SUPPORTED)} and name it: "
        f"make site PYTHON=python{names(SUPPORTED[-1:])}. Nothing was downloaded."
    )


def pinned(root: Path, package: str) -> str:
    """What ``requirements.txt`` says of one package: its version and the hashes of its files.

    Raises:
        Refused: it is not there, or the file cannot be read.
    """
    block: list[str] = []
    for line in read(root, "requirements.txt").splitlines(keepends=True):
        if line.startswith(f"{package}=="):
            block = [line]
        elif block and line.startswith(" "):
            block.append(line)
        elif block:
            break
    if not block:
        raise Refused(f"requirements.txt does not pin {package}; run 'make requirements'.")
    return "".join(block)


def install(root: Path, group: str, python: str | None = None) -> None:
    """Bring ``.venv`` to what a group of ``pyproject.toml`` needs; quick when nothing has changed.

    Args:
        python: the interpreter to make the environment with, if the caller insists on one.

    Raises:
        Refused: a group, an interpreter or a package is not to be had, or a file that names them cannot be read.
    """
    environment = root / ".venv"
    interpreter, ready = python_of(environment), environment / f"{group}.ready"
    sources = read(root, "pyproject.toml") + read(root, "requirements.txt")
    state = hashlib.sha256(sources.encode()).hexdigest()
    if interpreter.exists() and ready.exists() and ready.read_bytes() == state.encode():
        return
    network = "Is this machine on the network? Nothing else was changed; run the same command again to go on."
    uv = [str(interpreter), "-m", "uv"]
    if not interpreter.exists() or subprocess.run([*uv, "--version"], capture_output=True).returncode:
        base = supported_python(python)
        print(f"Setting up .venv with Python {names([version_of(base) or SUPPORTED[-1]])} …", flush=True)
        run(root, [base, "-m", "venv", "--clear", str(environment)],
            "The virtual environment could not be made. On Debian or Ubuntu install python3-venv.")  # fmt: skip
        first = environment / "uv.txt"
        first.write_text(pinned(root, "uv"), encoding="utf-8")
        run(root, [str(interpreter), "-m", "pip", "install", "--quiet", "--retries", "1", "--require-hashes", "-r",
                   str(first)], f"The installer uv could not be downloaded. {network}")  # fmt: skip
    print(f"Installing what '{group}' needs …", flush=True)
    run(root, [*uv, *INSTALL, "--require-hashes", "--python", str(interpreter), "--group", group, "--constraints",
               "requirements.txt"], f"Not everything could be installed. {missing_for(interpreter) or network}")  # fmt: skip
    ready.write_text(state)


def run(root: Path, command: list[str], trouble: str) -> None:
    if subprocess.run(command, cwd=root, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}).returncode:
        raise Refused(trouble)


# What `make requirements` writes -> the group it is made of. The second is what Binder installs.
LOCKS = {"requirements.txt": "everything", ".binder/requirements.txt": "binder"}


def lock(root: Path) -> None:
    """Choose the newest versions of all packages, and write them with the hashes of their files.

    Raises:
        Refused: they could not be had, or do not fit together.
    """
    with tempfile.TemporaryDirectory() as folder:  # both are there before the first is replaced
        drafts = Path(folder)
        (drafts / ".binder").mkdir()
        (drafts / "pyproject.toml").write_text(read(root, "pyproject.toml"), encoding="utf-8")
        for name, group in LOCKS.items():
            command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--no-header",
                       "--python-version", names(SUPPORTED[:1]), "--generate-hashes", "--group", group, "-o", name]  # fmt: skip
            command += ["--upgrade"] if name == "requirements.txt" else ["--constraints", "requirements.txt"]
            run(drafts, command, f"{name} was not written; see the message above.")
        for name in LOCKS:
            write(root / name, (drafts / name).read_bytes())
