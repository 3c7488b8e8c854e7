"""Environments beside ``.venv`` that hold only what a chapter needs: TensorFlow, NumPy, Matplotlib and a kernel.

What runs there runs for a reader too, who has neither the tests nor the tools of the book. They are made once, in
``_build/environments/``, and made again when what they hold changes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from build import alone
from prepare import INSTALL, ROOT, group, version_of

FOLDER = ROOT / "_build" / "environments"
OLDEST_TENSORFLOW = "2.16"  # the first with Keras 3


class NoEnvironment(Exception):
    """The environment could not be made; the text says why."""


def find_python(version: tuple[int, int]) -> str | None:
    """An interpreter of this version: the one that runs this, one on the PATH, or one that pyenv installed."""
    name = "python{}.{}".format(*version)
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    places = [sys.executable, shutil.which(name), *sorted(map(str, pyenv.glob(f"{name[6:]}.*/bin/{name}")))]
    return next((place for place in places if place and version_of(place) == version), None)


def only_tensorflow(version: str) -> str:
    """Constraints that name a release of TensorFlow and leave everything else to it; none for ``newest``."""
    if version == "newest":
        return ""
    return "".join(f"{name}=={version}.*\n" for name in ("tensorflow", "tensorflow-cpu"))


def environment(python: str, name: str, constraints: str, again: bool = False) -> str:
    """Make an environment and return the name of its kernel, which Jupyter finds from now on in this process.

    Args:
        python: the interpreter.
        name: of the folder and the kernel.
        constraints: text in the form of ``requirements.txt``.
        again: whether to look for newer packages though it is there.

    Raises:
        NoEnvironment: an interpreter or a package is not to be had.
    """
    folder = FOLDER / name
    stamp, kernel = folder / "ready", folder / "share" / "jupyter" / "kernels" / name / "kernel.json"
    known = os.environ.get("JUPYTER_PATH", "")
    if str(folder) not in known:
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder / "share" / "jupyter"), known]))
    state = json.dumps([python, group("run"), constraints])
    with alone(FOLDER):
        if stamp.exists() and stamp.read_text() == state and not again:
            return name
        shutil.rmtree(folder, ignore_errors=True)
        uv(["venv", "--quiet", "--no-project", "--python", python, str(folder)])
        interpreter = next(
            place for place in (folder / "Scripts" / "python.exe", folder / "bin" / "python") if place.exists()
        )
        limits = folder / "constraints.txt"
        limits.write_text(constraints)
        uv([*INSTALL, "--python", str(interpreter), "-c", str(limits), *group("run")])
        kernel.parent.mkdir(parents=True, exist_ok=True)
        command = [str(interpreter), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        kernel.write_text(json.dumps({"argv": command, "display_name": name, "language": "python"}))
        stamp.write_text(state)
    return name


def holds(name: str) -> str:
    """The versions of an environment that can change what a chapter prints: ``tensorflow 2.21.0, keras 3.15.1, …``."""
    found = {
        d.name.replace("_", "-"): d.version
        for d in distributions(path=[str(p) for p in (FOLDER / name).glob("[Ll]ib/**/site-packages")])
    }
    wanted = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "matplotlib")
    return ", ".join(f"{package} {found[package]}" for package in wanted if package in found)


def uv(arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "uv", *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise NoEnvironment(done.stderr.strip())
