"""theme/extension/live.py"""

from __future__ import annotations

import json
import re
import shutil
import subprocess

import pytest

from support import ROOT
from theme.extension.formulas import NODE
from theme.extension.live import small

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


def test_programs_and_styles_are_copied_without_comments_and_spaces(book, live):
    pytest.importorskip("minify")
    static = book.build().folder / "_static" / "live"
    for name, kept in {"core.js": "export function callLayer", "lab/lab.css": ".lab-card"}.items():
        text, source = (folder.joinpath(name).read_text("utf-8") for folder in (static, live))
        assert kept in text and "/*" not in text and "\n " not in text and len(text) < 0.8 * len(source)


def test_what_a_program_names_keeps_its_order():
    pytest.importorskip("minify")
    program = """
    function named(value) {
      const others = [value, value + 1];
      const { length, ...more } = { ...others, length: others.length };
      const { last } = { last: `${length}` };
      return [last, Object.keys(more).join()];
    }
    console.log(JSON.stringify(named(5)));
    """
    done = subprocess.run([NODE, "-"], input=small("named.js", program), capture_output=True, encoding="utf-8")
    assert json.loads(done.stdout or "0") == ["2", "0,1"], done.stderr


def test_a_program_that_cannot_be_read_stops_the_build(book, live):
    pytest.importorskip("minify")
    lab = live / "lab" / "lab.js"
    lab.write_text("const first = 1;\nlet second = ;\n", "utf-8")
    with pytest.raises(Exception, match=r"live/lab/lab.js cannot be read: unexpected ; .* on line 2"):
        book.build()


def test_a_program_that_is_not_there_stops_the_build(book, live):
    lab = live / "lab" / "lab.js"
    lab.write_text('import "nothing";\nimport { a } from "../absent.js";\n', "utf-8")
    with pytest.raises(Exception, match="There is no live/absent.js"):
        book.build()
