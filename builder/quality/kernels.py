"""Environments beside ``.venv`` that hold only what a chapter needs: TensorFlow, NumPy, Matplotlib and a kernel.

What runs there runs for a reader too, who has neither the tests nor the programs of the book. They are made once, in
``_build/environments/``, and made again when what they hold changes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from ..files import alone
from ..messages import PRINTED, Refused
from ..packages import INSTALL, names, python_of, version_of

OLDEST_TENSORFLOW = "2.16"  # the first with Keras 3


def environments(root: Path) -> Path:
    """Where they are."""
    return root / "_build" / "environments"


def find_python(version: tuple[int, int]) -> str | None:
    """An interpreter of this version on this machine, or None."""
    command = ["python", "find", "--no-project", "--no-python-downloads", names([version])]
    done = subprocess.run([sys.executable, "-m", "uv", *command], capture_output=True, **PRINTED, cwd=os.sep)
    found = done.stdout.strip()
    return found if found and version_of(found) == version else None


def only_tensorflow(version: str) -> str:
    """Constraints that name a release of TensorFlow and leave everything else to it; none for ``newest``."""
    if version == "newest":
        return ""
    return "".join(f"{name}=={version}.*\n" for name in ("tensorflow", "tensorflow-cpu"))


def environment(root: Path, python: str, name: str, constraints: str, again: bool = False) -> str:
    """Make an environment and return the name of its kernel, which Jupyter finds from now on in this process.

    Args:
        root: the folder of the book, whose ``pyproject.toml`` lists what a chapter needs.
        python: the interpreter.
        name: of the folder and the kernel.
        constraints: text in the form of ``requirements.txt``.
        again: whether to look for newer packages though it is there.

    Raises:
        Refused: an interpreter or a package is not to be had.
    """
    folder = environments(root) / name
    ready, kernel = folder / "ready", folder / "share" / "jupyter" / "kernels" / name / "kernel.json"
    known = os.environ.get("JUPYTER_PATH", "")
    if str(folder) not in known:
        os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, [str(folder / "share" / "jupyter"), known]))
    wanted = hashlib.sha256((root / "pyproject.toml").read_bytes()).hexdigest()
    state = json.dumps([python, wanted, constraints])
    with alone(environments(root)):
        if ready.exists() and ready.read_text() == state and not again:
            return name
        shutil.rmtree(folder, ignore_errors=True)
        uv(root, ["venv", "--quiet", "--no-project", "--python", python, str(folder)])
        interpreter = str(python_of(folder))
        limits = folder / "constraints.txt"
        limits.write_text(constraints)
        uv(root, [*INSTALL, "--python", interpreter, "--constraints", str(limits), "--group", "chapters"])
        kernel.parent.mkdir(parents=True, exist_ok=True)
        command = [interpreter, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        kernel.write_text(json.dumps({"argv": command, "display_name": name, "language": "python"}))
        ready.write_text(state)
    return name


def holds(root: Path, name: str) -> str:
    """The versions of an environment that can change what a chapter prints: ``tensorflow 2.21.0, keras 3.15.1, …``."""
    found = {
        d.name.replace("_", "-"): d.version
        for d in distributions(path=[str(p) for p in (environments(root) / name).glob("[Ll]ib/**/site-packages")])
    }
    wanted = ("tensorflow", "tensorflow-cpu", "keras", "numpy", "matplotlib")
    return ", ".join(f"{package} {found[package]}" for package in wanted if package in found)


def uv(root: Path, arguments: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "uv", *arguments], cwd=root, capture_output=True, **PRINTED)
    if done.returncode:
        raise Refused(done.stderr.strip())
