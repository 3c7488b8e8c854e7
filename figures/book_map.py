"""The map of the book, made from the table of contents: a station for each chapter, and the way from one to the next."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from .canvas import Box, Point
from .catalogue import ROOT, figure
from .errors import FigureError
from .vocabulary import Drawing

COLUMNS = 3
ACROSS, DOWN = 4.25, 3.35  # from one station to the next
WIDTH, HEIGHT = 3.45, 2.45  # of a station
SIGN = (3.25, 1.6)  # width and height of its sign

# --- a sign of what a chapter adds, around the middle of its station -------------------------------------------------


def _inputs(d: Drawing, at: Point) -> None:
    for n in (2, 1, 0):
        d.matrix(at.moved(-1.4 + 0.15 * n, 0.3 + 0.15 * n), 4, 5, ["input"] * 5, 0.2)
    d.text(at.moved(0.85), "$(B, T, n)$", "input")


def _simple_rnn(d: Drawing, at: Point) -> None:
    tile = d.tile(at.moved(up=-0.2), "h")
    over, right, left = at.y + 0.5, at.x + 1.1, at.x - 1.1
    loop = [Point(right, tile.y), Point(right, over), Point(left, over), Point(left, tile.y)]
    d.wire(tile.right(), *loop, tile.left(), role="hidden")


def _lstm(d: Drawing, at: Point) -> None:
    for symbol, role, level in (("c", "cell", 0.27), ("h", "hidden", -0.47)):
        tile = d.tile(at.moved(up=level), symbol, height=0.62)
        d.wire(at.moved(-1.3, level), tile.left(), role=role)
        d.wire(tile.right(), at.moved(1.3, level), role=role)


def _gru(d: Drawing, at: Point) -> None:
    for symbol, shift in (("z", -0.65), ("r", 0.65)):
        d.gate(at.moved(shift), symbol, width=0.9)


def _bidirectional(d: Drawing, at: Point) -> None:
    for level, reach in ((0.3, 1.3), (-0.5, -1.3)):
        d.wire(at.moved(-reach, level), at.moved(reach, level), role="hidden")


def _long_term(d: Drawing, at: Point) -> None:
    d.bars(at.moved(-1.3, -0.65), [0.62**n for n in range(7)], 2.6 / 7, 1.3)
    d.text(at.moved(0.45, 0.4), r"$\partial h_t / \partial h_1$", "hidden")


def _models(d: Drawing, at: Point) -> None:
    tile = d.tile(at.moved(-1.05), "h", width=0.7)
    dense = d.box(at.moved(0.4), "Dense", width=1.3)
    d.wire(tile.right(), dense.left(), role="hidden")
    d.wire(dense.right(), at.moved(1.5))


def _series(d: Drawing, at: Point) -> None:
    for row in range(2):
        corner = at.moved(-1.35 + 0.45 * row, 0.4 - 0.6 * row)
        window = d.matrix(corner, 1, 3, ["input"] * 3, 0.4)
        target = d.matrix(corner.moved(1.75), 1, 1, ["hidden"], 0.4)
        d.wire(window.right(), target.left())


def _cells(d: Drawing, at: Point) -> None:
    tile = d.tile(at.moved(up=-0.1), "c")
    d.wire(at.moved(-1.3, -0.1), tile.left(), role="cell")
    d.wire(tile.right(), at.moved(1.3, -0.1), role="cell")


def _faq(d: Drawing, at: Point) -> None:
    d.text(at, "?", "muted", 30)


def _glossary(d: Drawing, at: Point) -> None:
    for row, role in enumerate(("hidden", "cell", "gate")):
        for side in (-0.55, 0.55):
            d.box(at.moved(side, 0.45 - 0.5 * row), "", role, 0.9, 0.32)


def _nothing(d: Drawing, at: Point) -> None:
    pass


# --- the stations ----------------------------------------------------------------------------------------------------


class Station(NamedTuple):
    """How a chapter is named on the map, its sign, whether it is looked up in, so that the way does not lead through it, and
    its file, by which the landing page finds its sign (``book-map.svg#lstm``)."""

    name: str
    sign: Callable[[Drawing, Point], None] = _nothing
    aside: bool = False
    file: str = ""


# By the file of the chapter. One that is in the table of contents and not here is named by its file, and has no sign.
STATIONS = {
    "inputs": Station("inputs", _inputs),
    "simple_rnn": Station("SimpleRNN", _simple_rnn),
    "lstm": Station("LSTM", _lstm),
    "gru": Station("GRU", _gru),
    "bilstm": Station("Bidirectional", _bidirectional),
    "cells": Station("cells", _cells),
    "long_term": Station("long_term", _long_term),
    "models": Station("models", _models),
    "series": Station("series", _series),
    "faq": Station("faq", _faq, aside=True),
    "glossary": Station("glossary", _glossary, aside=True),
}


def read_stations(contents: Path) -> list[Station]:
    """The stations of the chapters of a table of contents, in its order; those that stand aside come last.

    Raises:
        FigureError: it cannot be read.
    """
    try:  # here, where it can be told
        import yaml
    except ImportError:
        raise FigureError(
            f"The map is made from {contents.name}, and PyYAML, which reads it, is not installed. "
            "Draw the figures: make figures."
        ) from None
    try:
        toc = yaml.safe_load(contents.read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise FigureError(f"{contents.name}, of which the map is made, cannot be read: {reason}. Restore it.") from None
    files = [Path(file).name for file in _files(toc)]
    stations = (STATIONS.get(file, Station(file))._replace(file=file) for file in files)
    return sorted(stations, key=lambda station: station.aside)


def _files(entry: Any) -> Iterator[str]:
    """The files of the chapters, however parts and sections nest them; the first page, ``root``, is none."""
    if isinstance(entry, list):
        for one in entry:
            yield from _files(one)
    elif isinstance(entry, dict):
        if "file" in entry:
            yield str(entry["file"])
        for inner in entry.values():
            if isinstance(inner, (list, dict)):
                yield from _files(inner)


def book_map(stations: Sequence[Station], lit: str | None = None) -> Drawing:
    """The map, or, for a chapter, the map with its station lit."""
    d = Drawing({lit} if lit else None)
    frames = []
    on_the_way = sum(not station.aside for station in stations)
    own_row = (
        -(-on_the_way // COLUMNS) * COLUMNS
    )  # those that stand aside begin a row, so that one more on the way moves none
    for n, station in enumerate(stations):
        n += (own_row - on_the_way) * station.aside
        middle = Point(n % COLUMNS * ACROSS, -(n // COLUMNS) * DOWN)
        box = Box(middle.x - WIDTH / 2, middle.y - HEIGHT / 2, middle.x + WIDTH / 2, middle.y + HEIGHT / 2)
        frames.append(d.frame(box, dash=station.aside))
        with d.part(station.name):
            if station.name == lit:
                d.outline(box)
            d.text(Point(middle.x, box.top - 0.42), station.name)
            at = middle.moved(up=-0.3)
            station.sign(d, at)
            if station.file and not lit:
                width, height = SIGN
                d.canvas.views[station.file] = Box(
                    at.x - width / 2, at.y - height / 2, at.x + width / 2, at.y + height / 2
                )
    way = [(station.name, frame) for station, frame in zip(stations, frames) if not station.aside]
    for (name, one), (_, other) in pairwise(way):
        with d.part(name):  # the way on from where one stands
            if one.y == other.y:
                d.wire(one.right(), other.left())
            else:
                channel = (one.box.bottom + other.box.top) / 2
                d.wire(one.bottom(), Point(one.x, channel), Point(other.x, channel), other.top())
    return d


def maps(stations: Sequence[Station]) -> Iterator[tuple[str, str, str, Callable[[], Drawing]]]:
    """The map, and one for each chapter on the way: file, title, description, and how it is drawn."""
    way = [station.name for station in stations if not station.aside]
    aside = [station.name for station in stations if station.aside]
    leads = f"A path leads from {way[0]} to {_enumerated(way[1:])}" if way[1:] else "A path leads along the chapters"
    adds = ", with a sign of what each chapter adds"
    stand = f"; {_enumerated(aside)} stand{'s' * (len(aside) == 1)} aside" if aside else ""
    yield "book-map", "The map of the book", f"{leads}{adds}{stand}.", partial(book_map, stations)
    for name in way:
        file = f"map-{name.lower().replace('_', '-')}"
        description = f"The station {name} and the way to the next one are lit."
        yield file, f"The map of the book: {name}", description, partial(book_map, stations, name)


def _enumerated(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


for name, title, description, draw in maps(read_stations(ROOT / "_toc.yml")):
    figure(name, title, description)(draw)
