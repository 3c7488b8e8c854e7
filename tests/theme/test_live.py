"""theme/extension/live.py"""

from __future__ import annotations

import re
import shutil

import pytest

from support import ROOT
from theme.extension.live import BREAK, COMMENT, INDENT, SPACES

PROGRAM = re.compile(r'(?:from|import\() ?"(\.[^"]*)"')


@pytest.fixture
def live(book):
    """The programs of the live figures, in the book."""
    shutil.copytree(ROOT / "live", book.root / "live")
    return book.root / "live"


def addresses(built) -> dict[str, str]:
    """Program below _static/live -> the version with which the page or another program loads it."""
    static = built.folder / "_static" / "live"
    start = built.page("lab").select_one('script[type="module"]')["src"]
    found, waiting = {}, [(static, start.removeprefix("_static/live/"))]
    while waiting:
        folder, address = waiting.pop()
        name, version = address.split("?v=")
        path = (folder / name).resolve()
        if found.setdefault(path.relative_to(static.resolve()).as_posix(), version) != version:
            pytest.fail(f"{name} is loaded under two addresses, so it would run twice")
        waiting += [(path.parent, other) for other in PROGRAM.findall(path.read_text("utf-8"))]
    return found


def test_a_changed_program_changes_the_addresses_of_all_that_import_it(book, live):
    first = addresses(book.build())
    assert {"core.js", "lab/view.js", "lab/lab.js"} <= first.keys()
    core = live / "lab" / "compute.js"
    core.write_text(core.read_text("utf-8") + "\nconst added = 1;\n", "utf-8")
    again = addresses(book.build(html_title="built again"))
    changed = {name for name in first if first[name] != again[name]}
    assert {"lab/compute.js", "lab/view.js", "lab/lab.js"} <= changed
    assert not changed & {"core.js", "parse.js", "address.js"}


def test_programs_are_copied_without_comments_and_indents(book, live):
    core = (book.build().folder / "_static" / "live" / "core.js").read_text("utf-8")
    assert "/**" not in core and "\n//" not in core and "\n " not in core and "export function callLayer" in core


def test_what_a_program_does_stays():
    program = """f(
      a, // one
      "http://x", // it's
    );

    // c
    let b = {
      c: (d) => d === 1 && [
        1,
      ],
    };
    """
    short = 'f(a,"http://x", // it\'s\n);let b = {c: (d)=>d===1&&[1]};'
    assert SPACES.sub(r"\1", BREAK.sub(r"\1", INDENT.sub("", COMMENT.sub("", program)))) == short


def test_a_program_that_is_not_there_stops_the_build(book, live):
    lab = live / "lab" / "lab.js"
    lab.write_text('import "nothing";\nimport { a } from "../absent.js";\n', "utf-8")
    with pytest.raises(Exception, match="There is no live/absent.js"):
        book.build()
