"""Build the site: cut the editions, let Jupyter Book build them side by side, put them in place in one step.

    python tools/build.py

``_build/site/`` is replaced only by a complete new site, so a failed or interrupted build leaves the old one in place.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fast_start

ROOT = Path(__file__).resolve().parent.parent

# What no page needs: Sphinx's notes, the scripts of its search (see theme/extension/assets.py), the interfaces of Pagefind.
LEAVE_OUT = [".buildinfo*", "objects.inv", "*.po", "*.mo"]
LEAVE_OUT += ["searchtools.js", "language_data.js", "doctools.js", "sphinx_highlight.js", "translations.js"]
LEAVE_OUT += ["pagefind-*ui.*", "pagefind-highlight.js"]

fast_start.skip_packages()


class BuildError(Exception):
    """The site could not be built; the text says why."""


class Pages:
    """Jupyter Book in a process of its own (``tools/pages.py``), which loads itself and waits to be asked."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("pages.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "PYTHONUTF8": "1"},
        )

    def __enter__(self) -> Pages:
        return self

    def __exit__(self, *_) -> None:
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def build(self, folders: list[Path]) -> None:
        """Build all editions, side by side.

        Raises:
            BuildError: an edition gave a warning or an error.
        """
        try:
            self.process.stdin.write(json.dumps([str(folder) for folder in folders]).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended already, and gives no answer
        answer = self.process.stdout.readline()
        if not answer:
            raise BuildError(
                "Jupyter Book could not be loaded; see the message above. If .venv is damaged, remove it and run this again."
            )
        if refused := [Path(folder) for folder in json.loads(answer)]:
            raise BuildError(
                "\n".join(f"Edition '{folder.name}' was refused:\n{complaints(folder)}" for folder in refused)
            )


def complaints(folder: Path) -> str:
    """The warnings in what an edition's build printed, naming the source files; everything when it gave none."""
    output = (folder / "_build" / "log").read_text(encoding="utf-8", errors="replace")
    output = re.sub(r"\x1b\[[\d;]*m", "", output).replace(f"{folder}{os.sep}", "book/")
    return "\n".join(re.findall(r".*(?:WARNING|ERROR|Error).*", output)) or output.strip()


def replace_folder(new: Path, place: Path) -> None:
    """Put the folder ``new`` at ``place``; whatever happens, one of the two complete folders stands there after it."""
    old = place.with_name(f"{place.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    try:
        new.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def pack(notebooks: Path, name: str) -> bytes:
    """The notebooks of a folder as one archive with a folder ``name``; the same notebooks give the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(notebooks.glob("*.ipynb")):
            entry = zipfile.ZipInfo(f"{name}/{path.name}")  # dated 1980
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process is building in ``folder``; one that was killed holds up nobody."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as lock:
        try:
            import fcntl
        except ImportError:  # Windows
            yield
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another build of this folder …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(pages: Pages, root: Path = ROOT) -> Path:
    """Build ``_build/site/`` below ``root`` and return its path.

    Raises:
        BuildError: the sources have problems, Jupyter Book refused an edition, or there is no index to search in.
        OSError: a folder cannot be written.
    """
    site = root / "_build" / "site"
    new, old = site.with_name("site.new"), site.with_name("site.old")
    if old.exists() and not site.exists():  # killed between the two renames of replace_folder
        old.rename(site)
    from cut import Book, BookError, cut  # only now, while Jupyter Book is loading
    from front import cards, write_front
    from paper import finished
    from search import Index, SearchError

    try:
        book = Book(root)
        paper = finished(book)
        book.downloads = {code: [path.name for path in paths] for code, paths in paper.items()}
        cut(book)
        book.pictures.ask(list(cards(book).values()))
        with Index(book) as index, ThreadPoolExecutor() as pool:
            archives = {
                code: pool.submit(pack, book.folder(code) / "notebooks", f"notebooks-{code}") for code in book.languages
            }
            pages.build([book.folder(code) for code in book.languages])
    except (BookError, SearchError) as error:
        raise BuildError(str(error)) from None
    shutil.rmtree(new, ignore_errors=True)
    leave_out = shutil.ignore_patterns(*LEAVE_OUT)
    for code in book.languages:
        shutil.copytree(book.folder(code) / "_build" / "html", new / code, ignore=leave_out)
        shutil.copytree(book.folder(code) / "notebooks", new / code / "notebooks")
        (new / code / "notebooks.zip").write_bytes(archives[code].result())
        shutil.copytree(index.folder(code), new / code / "pagefind", ignore=leave_out)
        for path in paper[code]:
            shutil.copy(path, new / code)
    write_front(book, new)
    (new / ".nojekyll").touch()  # GitHub Pages would drop the folders whose names begin with _
    replace_folder(new, site)
    return site


def report(pages: Pages) -> bool:
    """Build the site and print what came of it; return whether it is new."""
    try:
        with alone(ROOT / "_build"):
            site = build(pages)
    except BuildError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error}\nMake room or make the folder writable, then run it again.", file=sys.stderr)
    else:
        print(f"{site.relative_to(ROOT)}/index.html is ready.", flush=True)
        return True
    print("The site was not replaced.", file=sys.stderr)
    return False


def main() -> int:
    fast_start.keep_garbage()
    with Pages() as pages:
        if not report(pages):
            return 1
    from repository import find_repository

    if find_repository(ROOT) is None:
        print(
            "No GitHub address is known (no GITHUB_REPOSITORY, no origin on github.com): pages have no launch buttons and no full addresses."
        )
    print("'make serve' shows it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
