"""Draw SVG images as PNG in the background, and keep them for the next build in ``_build/png/``."""

from __future__ import annotations

import base64
import hashlib
import multiprocessing
import os
import struct
import threading
import zlib
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from xml.parsers import expat

from ..files import write_if_changed

ZOOM = 2  # a figure is embedded at double density
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "http://www.w3.org/2000/svg"
LARGEST = 10_000  # pixels, of an edge: a larger image takes all memory of a small machine


@cache
def processes() -> ProcessPoolExecutor:
    """Those that draw; Python ends them when the program ends."""
    return ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn"), begin)


def begin() -> None:
    """Say nothing, and end with the program that asks.

    Rust tells on stderr of an image that it cannot read; what is wrong with it is said by a rule. And a process of a pool
    would wait for ever when the program has been killed.
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


class Images:
    """The images of the book below ``root``.

    Whoever asks early does not wait: Jupyter Book takes a while to load, and meanwhile the images are drawn, in processes of
    their own because drawing holds Python's lock.
    """

    def __init__(self, root: Path):
        self.root = root
        self.folder = root / "_build" / "png"
        self.asked: dict[Path, Future[bytes | None]] = {}

    def place(self, svg: str, zoom: float) -> Path:
        """Where an image is kept."""
        return self.folder / f"{hashlib.sha256(svg.encode()).hexdigest()[:32]}-{zoom}.png"

    def ask(self, svgs: list[str], zoom: float = 1) -> None:
        """Let those be drawn that are not kept, ``zoom`` times as large as they say they are."""
        for svg in svgs:
            place = self.place(svg, zoom)
            if place not in self.asked:
                self.asked[place] = kept(place) or processes().submit(draw, svg, zoom)

    def ask_for_figures(self) -> None:
        """Let the figures of the chapters be drawn at the size at which they are embedded."""
        paths = sorted(path for path in (self.root / "book").rglob("*.svg") if path.is_file())
        self.ask([svg for path in paths if (svg := read_svg(path)) is not None], ZOOM)

    def png(self, svg: str, zoom: float = 1) -> bytes | None:
        """The image, or None when it cannot be drawn."""
        self.ask([svg], zoom)
        place = self.place(svg, zoom)
        try:
            return self.asked[place].result()
        except BrokenProcessPool:  # one of the images has taken all memory, for example
            processes.cache_clear()
            self.asked[place] = alone(svg, zoom)
            return self.asked[place].result()

    def shown(self, source: str) -> bytes | None:
        """An image of the chapters, by its path below ``book/``, as PNG; None if it is no image."""
        path = self.root / "book" / source
        if path.suffix == ".svg":
            svg = read_svg(path)
            return self.png(svg, ZOOM) if svg is not None else None
        content = path.read_bytes()
        return content if is_png(content) else None

    def embedded(self, source: str) -> str | None:
        """The same as a data URI: that is what Colab writes itself, and the one form that it shows."""
        png = self.shown(source)
        return f"data:image/png;base64,{base64.b64encode(png).decode()}" if png else None

    def keep(self) -> None:
        """Keep what was drawn for the next build."""
        for place, drawing in self.asked.items():
            if not drawing.exception() and (png := drawing.result()):
                write_if_changed(place, png)


def kept(place: Path) -> Future[bytes | None] | None:
    """The image that a build before has drawn; None when there is none, or a damaged one.

    Its pixels are not unpacked: with all images of the book that would take a second of each build.
    """
    if not (place.is_file() and pixels(content := place.read_bytes())):
        return None
    drawing: Future[bytes | None] = Future()
    drawing.set_result(content)
    return drawing


def alone(svg: str, zoom: float) -> Future[bytes | None]:
    """Draw an image in a process that no other uses; None when the process ends."""
    drawing: Future[bytes | None] = Future()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), begin) as pool:
        try:
            drawing.set_result(pool.submit(draw, svg, zoom).result())
        except BrokenProcessPool:
            drawing.set_result(None)
    return drawing


def draw(svg: str, zoom: float) -> bytes | None:
    """An image as PNG, or None when it cannot be drawn; runs in a process of its own."""
    from resvg import render, usvg

    try:
        tree = usvg.Tree.from_str(svg, usvg.Options.default())
        size = tuple(round(zoom * length) for length in tree.int_size())
        return render(tree, (zoom, 0, 0, 0, zoom, 0), bg_size=size) if max(size) <= LARGEST else None
    except BaseException:  # it panics, and Rust's panic is no Exception
        return None


def read_svg(path: Path) -> str | None:
    """The text of a drawing, or None when a browser, a reader of books or Typst would not show it."""
    try:
        text = path.read_text("utf-8")
        return text if is_svg(text) else None
    except UnicodeDecodeError:
        return None


@cache
def elements(text: str) -> tuple[tuple[str, dict[str, str]], ...]:
    """The elements of an XML document in order, each with its namespace before its name; none when it is not whole."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: found.append((name, attributes))
    try:
        parser.Parse(text.encode(), True)
    except (
        expat.ExpatError,
        LookupError,
        ValueError,
    ):  # the latter for an encoding that is unknown, or no single bytes
        return ()
    return tuple(found)


@cache
def is_svg(text: str) -> bool:
    """Whether it is an SVG of shapes alone, without scripts, HTML or other files."""
    names = [name for name, _ in elements(text)]
    links = [
        value
        for _, attributes in elements(text)
        for key, value in attributes.items()
        if key.rpartition(" ")[2] == "href"
    ]
    return (
        names[:1] == [f"{SVG} svg"]
        and all(link.startswith(("#", "data:image/")) for link in links)
        and not {f"{SVG} script", f"{SVG} foreignObject"} & set(names)
    )


def needs_fonts(text: str) -> bool:
    """Whether an SVG has letters that a font has to set; where it is drawn for notebooks and paper, there is none."""
    return any(name == f"{SVG} text" for name, _ in elements(text))


def pixels(content: bytes) -> list[bytes]:
    """The packed pixels of a PNG of a size that can be shown, with all its checksums right; none of another file."""
    if not content.startswith(PNG) or content[12:16] != b"IHDR" or len(content) < 33:
        return []
    if not all(0 < length <= LARGEST for length in struct.unpack(">II", content[16:24])):
        return []
    place, found = len(PNG), []
    while len(content) - place >= 12:
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        part, check = content[place + 4 : place + 8 + length], content[place + 8 + length : place + 12 + length]
        if check != struct.pack(">I", zlib.crc32(part)):
            return []
        if kind == b"IDAT":
            found.append(part[4:])
        if kind == b"IEND":
            return found
        place += 12 + length
    return []


def is_png(content: bytes) -> bool:
    """Whether a file is a whole PNG of a size that can be shown."""
    unpacked = zlib.decompressobj()
    try:
        for part in pixels(content):
            unpacked.decompress(part)
    except zlib.error:
        return False
    return unpacked.eof
