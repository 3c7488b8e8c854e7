"""Run nbval over the chapters in the corners of what the book supports, against the same recorded outputs.

    python tools/matrix.py [newest]

A corner is a Python and a TensorFlow. ``newest`` stands for whatever release is newest now, and as an argument takes only
the corners with it. A corner whose Python this machine lacks is named and left out.
"""

from __future__ import annotations

import subprocess
import sys

from environment import OLDEST_TENSORFLOW, NoEnvironment, environment, find_python, holds, only_tensorflow
from prepare import ROOT, SUPPORTED, names

OLDEST, NEWEST = SUPPORTED[0], SUPPORTED[-1]
LAST_OF_OLDEST = (3, 12)  # the newest Python that the oldest TensorFlow has builds for
FIRST_OF_NEWEST = "2.20"  # the oldest TensorFlow that has builds for the newest Python
CORNERS = [
    (OLDEST, OLDEST_TENSORFLOW),
    (LAST_OF_OLDEST, OLDEST_TENSORFLOW),
    (NEWEST, FIRST_OF_NEWEST),
    (OLDEST, "newest"),
    (NEWEST, "newest"),
]


def run(version: tuple[int, int], tensorflow: str, python: str) -> tuple[bool, str]:
    """Run one corner; return whether all cells agreed, and what to say of it."""
    name = f"python{names([version])}-tensorflow-{tensorflow}"
    try:
        kernel = environment(python, name, only_tensorflow(tensorflow), again=tensorflow == "newest")
    except NoEnvironment as error:
        return False, str(error)
    print(f"{name}: {holds(kernel)}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "-o", "addopts=", "-p", "no:cacheprovider", "-n0", "--nbval"]
    command += ["--nbval-sanitize-with=tests/nbval_sanitize.cfg", f"--nbval-kernel-name={kernel}", "book"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr.strip()
    return done.returncode == 0, last.strip("= ") if done.returncode == 0 else f"{done.stdout}{done.stderr}"


def main(arguments: list[str]) -> str | None:
    """Run the corners; return what went wrong, or None."""
    if set(arguments) - {"newest"}:
        return "Corners are all, or only those with the newest TensorFlow: make matrix CORNERS=newest"
    missing, failed, ran = [], [], 0
    for version, tensorflow in CORNERS:
        if arguments and tensorflow != "newest":
            continue
        corner = f"Python {names([version])}, TensorFlow {tensorflow}"
        python = find_python(version)
        if python is None:
            missing.append(names([version]))
            print(f"{corner}: left out, this machine has no Python {names([version])}", flush=True)
            continue
        passed, words = run(version, tensorflow, python)
        print(f"{corner}: {words}", flush=True)
        ran += 1
        if not passed:
            failed.append(corner)
    print(
        f"TensorFlow {OLDEST_TENSORFLOW} has no build for Python {names([NEWEST])}; {FIRST_OF_NEWEST} is the first that has."
    )
    if missing:
        print(f"Missing here: Python {', '.join(dict.fromkeys(missing))}.")
    if failed:
        return "Not the recorded outputs: " + "; ".join(failed)
    return None if ran else "No corner was run."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
