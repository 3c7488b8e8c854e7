"""Build the site: cut the editions, let Jupyter Book build them side by side, put them in place in one step.

    python tools/build.py

``_build/site/`` is replaced only by a complete new site, so a failed or interrupted build leaves the old one in place.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import jinja2

from cut import ROOT, Book, BookError, cut, site_address


class BuildError(Exception):
    """Jupyter Book refused an edition; the text holds what it said."""


def start_builders(folders: dict[str, Path]) -> dict[str, subprocess.Popen]:
    """Start one Jupyter Book an edition; each loads itself and waits for ``build_editions``."""
    return {
        code: subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("pages.py")), str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
            start_new_session=True, env={**os.environ, "PYTHONUTF8": "1"},
        )
        for code, folder in folders.items()
    }  # fmt: skip


def stop(builder: subprocess.Popen) -> None:
    """End a builder and what it started (Node)."""
    if os.name == "posix":
        try:
            os.killpg(builder.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it has ended by itself
    else:
        builder.kill()
    builder.wait()


def build_editions(builders: dict[str, subprocess.Popen], folders: dict[str, Path]) -> dict[str, Path]:
    """Let the waiting builders build the editions, all at the same time.

    Returns:
        language code -> folder of the finished pages.

    Raises:
        BuildError: at least one edition gave a warning or an error.
    """
    for folder in folders.values():
        # A page that a killed or refused build left behind looks up to date to Sphinx: then start afresh.
        unfinished = folder / "_build" / "unfinished"
        if unfinished.exists():
            shutil.rmtree(folder / "_build")
        unfinished.parent.mkdir(exist_ok=True)
        unfinished.touch()
    for builder in builders.values():
        builder.stdin.write("build\n")
        builder.stdin.flush()
    said = {code: builder.communicate()[0] for code, builder in builders.items()}
    failed = [code for code, builder in builders.items() if builder.returncode]
    if failed:
        raise BuildError(
            "\n".join(f"Edition '{code}' was refused:\n{complaints(said[code], folders[code])}" for code in failed)
        )
    for folder in folders.values():
        (folder / "_build" / "unfinished").unlink()
    return {code: folder / "_build" / "html" for code, folder in folders.items()}


def complaints(output: str, folder: Path) -> str:
    """The warnings in what Jupyter Book printed, naming the source files; everything when it gave none."""
    output = re.sub(r"\x1b\[[\d;]*m", "", output).replace(f"{folder}{os.sep}", "book/")
    return "\n".join(re.findall(r".*(?:WARNING|ERROR|Error).*", output)) or output.strip()


def door(book: Book) -> str:
    """The page at the root of the site, which sends a reader to an edition."""
    template = jinja2.Template((book.root / "theme" / "door.html").read_text(encoding="utf-8"), autoescape=True)
    return template.render(languages=book.languages, default=book.anchor_language)


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


def build(root: Path = ROOT) -> Path:
    """Build ``_build/site/`` below ``root`` and return its path.

    Raises:
        BookError: the sources have problems.
        BuildError: Jupyter Book refused an edition.
        OSError: a folder cannot be written.
    """
    site = root / "_build" / "site"
    new, old = site.with_name("site.new"), site.with_name("site.old")
    if old.exists() and not site.exists():  # killed between the two renames of replace_folder
        old.rename(site)
    book = Book(root)
    editions = {code: book.folder(code) for code in book.languages}
    builders = start_builders(editions)
    try:
        cut(book)
        pages = build_editions(builders, editions)
    finally:
        for builder in builders.values():
            stop(builder)
    shutil.rmtree(new, ignore_errors=True)
    leave_out = shutil.ignore_patterns(".buildinfo*", "objects.inv", "*.po", "*.mo")
    for code, folder in pages.items():
        shutil.copytree(folder, new / code, ignore=leave_out)
        shutil.copytree(editions[code] / "notebooks", new / code / "notebooks")
    (new / "index.html").write_text(door(book), encoding="utf-8")
    (new / ".nojekyll").touch()  # GitHub Pages would drop the folders whose names begin with _
    replace_folder(new, site)
    return site


def main() -> int:
    try:
        site = build()
    except (BookError, BuildError) as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error}\nMake room or make the folder writable, then run it again.", file=sys.stderr)
    else:
        if site_address() is None:
            print("No GitHub address is known (no GITHUB_REPOSITORY, no origin): links between notebooks stay local.")
        print(f"{site.relative_to(ROOT)}/index.html is ready; 'make serve' shows it.")
        return 0
    print("The site was not replaced.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
