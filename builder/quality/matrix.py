"""Run the chapters with the ends of what the book supports, against the same recorded outputs, as `make test` runs them.

A matrix entry is a Python and a TensorFlow; ``newest`` stands for whatever release is newest now. An entry whose Python this
machine lacks is named and left out.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ..messages import PRINTED, Refused
from ..packages import SUPPORTED, names
from .kernels import OLDEST_TENSORFLOW, environment, find_python, holds, only_tensorflow

OLDEST, NEWEST = SUPPORTED[0], SUPPORTED[-1]
LAST_OF_OLDEST = (3, 12)  # the newest Python that the oldest TensorFlow has builds for
FIRST_OF_NEWEST = "2.20"  # the oldest TensorFlow that has builds for the newest Python
ENTRIES = [
    (OLDEST, OLDEST_TENSORFLOW),
    (LAST_OF_OLDEST, OLDEST_TENSORFLOW),
    (NEWEST, FIRST_OF_NEWEST),
    (OLDEST, "newest"),
    (NEWEST, "newest"),
]


def run(root: Path, version: tuple[int, int], tensorflow: str, python: str) -> tuple[bool, str]:
    """Run one entry; return whether all cells agreed, and what to say of it."""
    name = f"python{names([version])}-tensorflow-{tensorflow}"
    try:
        kernel = environment(root, python, name, only_tensorflow(tensorflow), again=tensorflow == "newest")
    except Refused as error:
        return False, str(error)
    print(f"{name}: {holds(root, kernel)}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-o", "addopts=", "-p", "no:cacheprovider"]
    command += ["-p", "nbval_strict", "--nbval", "--nbval-sanitize-with=tests/nbval_sanitize.cfg"]
    command += [f"--nbval-kernel-name={kernel}", "book"]
    done = subprocess.run(command, cwd=root, capture_output=True, **PRINTED)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr.strip()
    return done.returncode == 0, last.strip("= ") if done.returncode == 0 else f"{done.stdout}{done.stderr}"


def matrix(root: Path, only_newest: bool) -> None:
    """Run the entries.

    Args:
        only_newest: whether only those with the newest TensorFlow are run.

    Raises:
        Refused: an entry gave other outputs than the recorded ones, or none could be run.
    """
    missing, failed, ran = [], [], 0
    for version, tensorflow in ENTRIES:
        if only_newest and tensorflow != "newest":
            continue
        entry = f"Python {names([version])}, TensorFlow {tensorflow}"
        python = find_python(version)
        if python is None:
            missing.append(names([version]))
            print(f"{entry}: left out, this machine has no Python {names([version])}", flush=True)
            continue
        passed, words = run(root, version, tensorflow, python)
        print(f"{entry}: {words}", flush=True)
        ran += 1
        if not passed:
            failed.append(entry)
    print(
        f"TensorFlow {OLDEST_TENSORFLOW} has no build for Python {names([NEWEST])}; {FIRST_OF_NEWEST} is the first that has."
    )
    if missing:
        print(f"Missing here: Python {', '.join(dict.fromkeys(missing))}.")
    if failed:
        raise Refused("Not the recorded outputs: " + "; ".join(failed))
    if not ran:
        raise Refused("No entry was run.")
