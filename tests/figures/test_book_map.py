"""The map is made from the table of contents."""

import pytest

from figures.book_map import Station, book_map, maps, read_stations
from figures.errors import FigureError
from support import ROOT


def contents(folder, text: str):
    path = folder / "_toc.yml"
    path.write_text(text, "utf-8")
    return path


def test_every_chapter_has_a_station_with_a_sign():
    stations = read_stations(ROOT / "_toc.yml")
    assert [s.name for s in stations if s.aside] == ["faq", "glossary"]
    for station in stations:
        drawing = book_map([station])
        assert len(drawing.canvas.svg("", "")) > len(book_map([Station(station.name)]).canvas.svg("", "")), station.name


def test_a_new_chapter_has_a_station_at_its_place(tmp_path):
    path = contents(
        tmp_path,
        "root: book/index\nparts:\n  - chapters:\n    - file: book/lstm\n    - file: book/attention\n"
        "      sections:\n        - file: book/heads\n    - file: book/faq\n  - chapters:\n    - file: book/gru\n",
    )
    stations = read_stations(path)
    assert [s.name for s in stations] == ["LSTM", "attention", "heads", "GRU", "faq"]
    files = {file: description for file, _, description, _ in maps(stations)}
    assert list(files) == ["book-map", "map-lstm", "map-attention", "map-heads", "map-gru"]
    assert files["book-map"] == (
        "A path leads from LSTM to attention, heads and GRU, with a sign of what each chapter adds; faq stands aside."
    )


@pytest.mark.parametrize("count", [1, 2, 4, 10])
def test_the_way_leads_through_all_chapters_and_no_further(count):
    stations = [*(Station(f"c{n}") for n in range(count)), Station("faq", aside=True)]
    drawing = book_map(stations)
    assert len(drawing.wires) == count - 1
    for one, other in zip(drawing.wires, drawing.wires[1:]):
        assert one.points[-1].distance(other.points[0]) < 4, "the way goes on where it arrived"


def test_the_station_and_the_way_on_are_lit():
    stations = read_stations(ROOT / "_toc.yml")
    drawing = book_map(stations, "GRU")
    assert {"GRU", "$z$", "$r$"} == {label.text for label in drawing.labels if not label.muted}


@pytest.mark.parametrize("text", ["chapters: [", None])
def test_contents_that_cannot_be_read_are_named(tmp_path, text):
    path = contents(tmp_path, text) if text else tmp_path / "_toc.yml"
    with pytest.raises(FigureError, match="_toc.yml, of which the map is made, cannot be read"):
        read_stations(path)
