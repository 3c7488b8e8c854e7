"""Drawing images in the background and keeping them."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from builder.chapters.images import Images
from support import ROOT

DOT = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><circle cx="5" cy="5" r="4"/></svg>'


def test_images_asked_for_together_are_drawn_at_the_size_asked_for(tmp_path):
    book = Images(tmp_path)
    svgs = [DOT.replace('"20"', f'"{width}"') for width in (10, 20, 30, 40, 50)]
    book.ask(svgs, zoom=2)
    sizes = [struct.unpack(">II", book.png(svg, zoom=2)[16:24]) for svg in svgs]
    assert sizes == [(20, 20), (40, 20), (60, 20), (80, 20), (100, 20)]
    assert struct.unpack(">II", book.png(DOT)[16:24]) == (20, 10)
    assert not list(tmp_path.iterdir()), "nothing may be written while the sources are being checked"


def test_what_is_no_svg_is_no_image_and_spoils_no_other(tmp_path):
    book = Images(tmp_path)
    book.ask([DOT, "no svg", DOT.replace("5", "6")])
    assert book.png(DOT) and book.png(DOT.replace("5", "6"))
    assert book.png("no svg") is None
    book.keep()
    assert {path.read_bytes() for path in book.folder.iterdir()} == {book.png(DOT), book.png(DOT.replace("5", "6"))}


def test_an_image_that_is_kept_is_not_drawn_again(tmp_path):
    drawn = Images(tmp_path)
    drawn.ask([DOT])
    drawn.keep()
    place = drawn.place(DOT, 1)
    other = drawn.png(DOT.replace("5", "6"))
    place.write_bytes(other)
    assert Images(tmp_path).png(DOT) == other
    assert Images(tmp_path).png(DOT, zoom=2).startswith(b"\x89PNG")


@pytest.mark.parametrize("left", [slice(0), slice(-20), slice(9, None)])
def test_an_image_that_was_kept_in_half_is_drawn_and_kept_again(tmp_path, left):
    drawn = Images(tmp_path)
    drawn.ask([DOT])
    drawn.keep()
    whole = drawn.png(DOT)
    drawn.place(DOT, 1).write_bytes(whole[left])
    again = Images(tmp_path)
    assert again.png(DOT) == whole
    again.keep()
    assert drawn.place(DOT, 1).read_bytes() == whole


def test_every_figure_of_the_book_can_be_drawn(tmp_path):
    book = Images(tmp_path)
    svgs = [path.read_text("utf-8") for path in sorted((ROOT / "book" / "images").glob("*.svg"))]
    book.ask(svgs)
    assert svgs and all(book.png(svg).startswith(b"\x89PNG") for svg in svgs)


DRAWING = """
import time
from pathlib import Path
from builder.chapters.images import Images, processes
if __name__ == "__main__":
    Images(Path(".")).png('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')
    print(*processes()._processes, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes")
def test_who_draws_ends_with_a_program_that_is_killed(tmp_path):
    program = tmp_path / "drawing.py"
    program.write_text(DRAWING)
    process = subprocess.Popen(
        [sys.executable, program], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    drawing = list(map(int, process.stdout.readline().split()))
    process.kill()
    process.wait()
    end = time.monotonic() + 30
    while alive := [pid for pid in drawing if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < end, alive
        time.sleep(0.1)
    assert drawing
