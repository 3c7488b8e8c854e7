"""The commands of the book: ``python -m builder COMMAND [--root FOLDER]``; ``make`` calls the same.

This is the one place that joins the rooms of the package. A command imports the rooms that it needs when it runs, because
what they need is installed command by command, and some run before anything is installed.
"""

from __future__ import annotations

import argparse
import errno
import functools
import io
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from .messages import Refused, refuse
from .packages import python_of
from .site import fast_start

ROOT = Path(__file__).resolve().parents[1]


def install(options: argparse.Namespace) -> None:
    """Install into .venv what a group of pyproject.toml needs."""
    from .packages import install

    install(options.root, options.group, os.environ.get("BOOK_PYTHON"))


def lock(options: argparse.Namespace) -> None:
    """Refresh the versions in requirements.txt and .binder/requirements.txt."""
    from .packages import lock

    lock(options.root)


def rules(options: argparse.Namespace) -> None:
    """Print the rules that a chapter has to keep."""
    from .chapters.rules import RULES, as_markdown

    if options.markdown:
        print(as_markdown())
        return
    topic = ""
    for rule in RULES:
        if rule.topic != topic:
            topic = rule.topic
            print(f"\n{topic}")
        print(f"  {rule.name}: {rule.says}")


def check(options: argparse.Namespace) -> None:
    """Look whether the chapters keep the rules."""
    from .chapters.book import load_book
    from .chapters.rules import RULES, problems
    from .chapters.rules.code import not_compared

    book = load_book(options.root)
    refuse(problems(book))
    print(f"{len(book.chapters)} chapters keep all {len(RULES)} rules.")
    exempt = {chapter.name: not_compared(chapter) for chapter in book.chapters}
    count, code = sum(map(len, exempt.values())), sum(cell.is_code for one in book.chapters for cell in one.all_cells)
    if count:
        print(f"The numbers of {count} of {code} code cells are not compared, for chance moves them:")
    for name, cells in exempt.items():
        if cells:
            print(f"  {name}: {', '.join(cell.id for cell in cells)}")


def site(options: argparse.Namespace) -> None:
    """Build both editions: _build/site/."""
    from .site.jupyter_book import JupyterBook

    fast_start.keep_garbage()
    with JupyterBook() as jupyter_book:
        book = build_site(options.root, jupyter_book)
    if book.repository is None:
        print(
            "No GitHub address is known (no GITHUB_REPOSITORY, no origin on github.com): pages have no launch buttons and no "
            "full addresses."
        )
    print("'make serve' shows it.")


def build_site(root: Path, jupyter_book):
    """Build the site while Jupyter Book is loading or loaded, and return the book."""
    from .chapters.book import load_book
    from .chapters.rules import problems
    from .files import alone
    from .pdf.downloads import fresh
    from .python.bundle import fresh as fresh_python
    from .site.build import build

    with alone(root / "_build"):
        book = load_book(root)
        refuse(problems(book))
        python = fresh_python(root)
        place = build(book, jupyter_book, fresh(book), python)
    if python is None:
        print("The cells have no Run button: 'make python' makes what runs them, and the next 'make site' takes it in.")
    print(f"{place.relative_to(root)}/index.html is ready.", flush=True)
    return book


def serve(options: argparse.Namespace) -> None:
    """Build the site, show it on this machine, and build it again after each change."""
    from .site.jupyter_book import JupyterBook
    from .site.serve import serve

    def report() -> bool:
        return run(COMMANDS["site"], lambda _: build_site(options.root, jupyter_book), options) == 0

    with JupyterBook() as jupyter_book:
        serve(options.root, options.port, report)


def pdf(options: argparse.Namespace) -> None:
    """Set each edition as PDF and EPUB: _build/pdf/."""
    from .chapters.book import load_book
    from .chapters.rules import problems
    from .files import alone
    from .pdf.make import make

    with alone(options.root / "_build"):
        book = load_book(options.root)
        refuse(problems(book))
        for path in make(book):
            print(f"{path.relative_to(options.root)} is ready, {path.stat().st_size / 1e6:.1f} MB.")
    print("'make site' puts them onto the site; it leaves them out once the text has changed.")


def python(options: argparse.Namespace) -> None:
    """Make Python with Keras for the pages: _build/python/."""
    from .python.bundle import make, size

    folder = make(options.root)
    print(f"{folder.relative_to(options.root)} is ready: a reader loads {size(options.root):.2f} MB, once.")


def cells(options: argparse.Namespace) -> None:
    """Run every code cell in the Python of the pages, and write what becomes of it to live/run/cells.json."""
    from .chapters.book import load_book
    from .chapters.rules import problems
    from .python.bundle import make
    from .python.cells import OUTCOMES, table, write

    book = load_book(options.root)
    refuse(problems(book))
    make(options.root)
    found, report = write(book, options.accept)
    print(table(found))
    print("\n".join(f"{name:>14}  {meaning}" for name, meaning in OUTCOMES.items()))
    print(f"Ready after {report['ready'] / 1000:.1f} s; {report['memory'] / 1e6:.0f} MB of memory at the end.")


def standins(options: argparse.Namespace) -> None:
    """Print what Keras imports in the Python of the pages, and which stand-in answers."""
    from .python.bundle import make
    from .python.imports import imports

    make(options.root)
    print(imports(options.root))


def record(options: argparse.Namespace) -> None:
    """Execute chapters again and record their outputs."""
    from .chapters.record import record

    book = options.root / "book"
    paths = [book / f"{Path(name).stem}.ipynb" for name in options.chapters] or sorted(book.glob("*.ipynb"))
    if not paths:
        raise Refused("There is nothing to record. Chapters are the files book/*.ipynb.")
    failed = []
    for path in paths:
        try:
            changed = record(path)
        except Refused as error:
            failed.append(str(error))
        except OSError as error:
            failed.append(told(error))
        else:
            print(f"{path.relative_to(options.root)}: {'recorded' if changed else 'unchanged'}", flush=True)
    if failed:
        raise Refused("\n".join(failed))


def publish(options: argparse.Namespace) -> None:
    """Push the site to the branch that GitHub Pages serves."""
    from .publish.push import publish

    print(publish(options.root, options.remote or "origin"))


def weekly_issue(options: argparse.Namespace) -> None:
    """Open an issue about the weekly run, or add to the one that is open (for GitHub Actions)."""
    from .publish.weekly_issue import weekly_issue

    print(weekly_issue())


def matrix(options: argparse.Namespace) -> None:
    """Run the chapters with the oldest and newest Python and TensorFlow."""
    from .quality.matrix import matrix

    matrix(options.root, bool(options.entries))


def links(options: argparse.Namespace) -> None:
    """Try every link that leads out of the site."""
    from .quality.links import try_links

    try_links(options.root)


def audit(options: argparse.Namespace) -> None:
    """Measure every page: Lighthouse, axe, HTML, links."""
    from .quality.audit import audit

    audit(options.root, options.pages, options.runs)


def benchmark(options: argparse.Namespace) -> None:
    """Print how long things take, or how training results differ from seed to seed (seeds)."""
    from .quality.benchmark import benchmark

    benchmark(options.root, options.parts)


def mutants(options: argparse.Namespace) -> None:
    """Change the code of chapters in one place at a time, and look whether their outputs tell."""
    from .chapters.book import load_book
    from .chapters.rules import problems
    from .quality.mutants import print_mutants

    book = load_book(options.root)
    refuse(problems(book))
    names = [Path(name).stem for name in options.chapters] or [chapter.name for chapter in book.chapters]
    unknown = [name for name in names if book.chapter(name) is None]
    if unknown:
        raise Refused(f"There is no chapter {', '.join(unknown)}. Chapters are the files book/*.ipynb.")
    print_mutants(options.root, [book.chapter(name) for name in names], options.kind)


@dataclass(frozen=True)
class Argument:
    """An argument of a command, as argparse takes it."""

    name: str
    settings: dict


@dataclass(frozen=True)
class Command:
    """A command.

    Attributes:
        action: what it does; its docstring is the help.
        kept: what stayed as it was when it refuses.
        arguments: besides ``--root``.
    """

    action: Callable[[argparse.Namespace], None]
    kept: str = ""
    arguments: tuple[Argument, ...] = ()


def port(text: str) -> int:
    if not (text.isdecimal() and int(text) < 65536):
        raise argparse.ArgumentTypeError(
            f"'{text}' is not a port. Name a number from 1024 to 65535: make serve PORT=8001"
        )
    return int(text)


def count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not 0 at least")
    return int(text)


def argument(name: str, **settings) -> Argument:
    return Argument(name, settings)


COMMANDS = {
    "install": Command(install, arguments=(argument("group", help="as in pyproject.toml: site, test, …"),)),
    "lock": Command(lock, "The old versions stay."),
    "rules": Command(
        rules, arguments=(argument("--markdown", action="store_true", help="as the list in CONTRIBUTING.md"),)
    ),
    "check": Command(check),
    "site": Command(site, "The site was not replaced."),
    "serve": Command(serve, arguments=(argument("port", nargs="?", type=port, default=8000),)),
    "pdf": Command(pdf, "No PDF or EPUB was replaced."),
    "python": Command(python, "The Python of the pages was not replaced."),
    "cells": Command(
        cells,
        "live/run/cells.json was not replaced.",
        (argument("--accept", action="store_true", help="also when cells no longer run that did"),),
    ),
    "standins": Command(standins),
    "record": Command(record, arguments=(argument("chapters", nargs="*", metavar="chapter", help="such as lstm"),)),
    "publish": Command(publish, "Nothing was published.", (argument("remote", nargs="?", help="such as origin"),)),
    "weekly-issue": Command(weekly_issue),
    "matrix": Command(matrix, arguments=(argument("entries", nargs="?", choices=["newest"]),)),
    "links": Command(links),
    "audit": Command(
        audit,
        arguments=(
            argument("pages", nargs="*", metavar="page", help="en/lstm, for example; all when none is named"),
            argument(
                "--runs",
                type=count,
                default=3,
                help="how often Lighthouse looks at each page; 0: neither Lighthouse nor axe, HTML and links",
            ),
        ),
    ),
    "mutants": Command(
        mutants,
        arguments=(
            argument("chapters", nargs="*", metavar="chapter", help="such as lstm; all when none is named"),
            argument("--kind", action="append", default=[], help="only changes of this kind, such as operator"),
        ),
    ),
    "benchmark": Command(benchmark, arguments=(argument("parts", nargs="*", metavar="part"),)),
}


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message[:1].upper()}{message[1:].rstrip('.')}. '{self.prog} --help' shows how it is called.\n")


def folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder '{text}'")
    return Path(text).resolve()


@functools.cache  # argparse takes 5 ms, and the tests call some hundred commands in a process
def parser() -> Parser:
    """The commands and their arguments."""
    whole = Parser(prog="python -m builder", description="Build the book.", allow_abbrev=False)
    commands = whole.add_subparsers(metavar="COMMAND", required=True, dest="command")
    for name, command in COMMANDS.items():
        help = (command.action.__doc__ or "").rstrip(".")
        one = commands.add_parser(name, help=help, description=f"{help}.", allow_abbrev=False)
        for argument in command.arguments:
            one.add_argument(argument.name, **argument.settings)
        one.add_argument("--root", type=folder, default=ROOT, help="the folder of the book, if it is another one")
    return whole


# What to do when the system refuses something. (EDQUOT and the like are called so on some systems only.)
REMEDIES = {
    errno.ENOENT: "If it is a file of the repository, 'git restore' with its name brings it back; a program has to be installed.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    **dict.fromkeys(
        (errno.EISDIR, errno.ENOTDIR, errno.EEXIST), "Something else stands there: move it away, then run it again."
    ),
    **dict.fromkeys(
        (errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS, getattr(errno, "EDQUOT", errno.ENOSPC)),
        "Make room or make the folder writable, then run it again.",
    ),
}


def told(error: OSError) -> str:
    """What the system says, and what to do."""
    return f"{error}\n{REMEDIES.get(error.errno, 'Mend what it names, then run it again.')}"


def nobody_reads() -> bool:
    """Whether the program has ended that read what this one prints, as in ``python -m builder rules | head -1``."""
    try:
        print(flush=True)  # what was refused before is kept nowhere
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains when it ends
        return True
    return False


def run(command: Command, action: Callable[[argparse.Namespace], object], options: argparse.Namespace) -> int:
    """Do something, and say what was refused and what stayed as it was; return the exit status."""
    try:
        action(options)
        sys.stdout.flush()
    except Refused as error:
        print(error, file=sys.stderr)
    except OSError as error:
        if isinstance(error, BrokenPipeError) and nobody_reads():
            return 141  # as a shell reports it of other programs
        print(told(error), file=sys.stderr)
    except ModuleNotFoundError as error:
        if error.name is None or (ROOT / error.name.partition(".")[0]).exists():
            raise
        own = python_of(Path(".venv"))
        print(
            f"This Python has no package {error.name}. 'make' installs what a command needs; it is then called with "
            f"{own} -m builder {options.command}",
            file=sys.stderr,
        )
    else:
        return 0
    if command.kept:
        print(command.kept, file=sys.stderr)
    return 1


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal has no letter for ends no command
    options = parser().parse_args(arguments)
    command = COMMANDS[options.command]
    fast_start.skip_packages()
    try:
        return run(command, command.action, options)
    except KeyboardInterrupt:
        print("Interrupted. Whatever was not finished is as it was.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
