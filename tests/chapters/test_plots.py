"""The SVG of plots: as chapters keep it, and as pages show it."""

from __future__ import annotations

import io
import re

import pytest

from builder.chapters.images import draw, is_svg
from builder.chapters.plots import themed, tidy
from support import ROOT

SANITIZE = re.findall(r"^regex: (.*)\nreplace: (.*)$", (ROOT / "tests" / "nbval_sanitize.cfg").read_text("utf-8"), re.M)


@pytest.fixture(scope="module")
def drawn() -> list[str]:
    """The same plot as Matplotlib writes it twice: with letters, markers, a formula, hatches, and lines that are cut off."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot

    found = []
    for _ in range(2):
        figure, (axes, other) = pyplot.subplots(1, 2, figsize=(3, 2))
        other.plot([1, 2])
        axes.plot([1, 2, 3], "o--", color="#0072b2")
        axes.bar([0, 1], [0.5, 0.7], hatch="/", color="white", edgecolor="black", alpha=0.5)
        axes.imshow([[0, 1], [1, 0]], extent=(1, 2, 0.1, 1))
        axes.set(xlabel="step $h_t$", ylim=(0.2, 1.7), xlim=(-0.5, 2.2))
        file = io.StringIO()
        figure.savefig(file, format="svg")
        pyplot.close(figure)
        found.append(file.getvalue())
    return found


def test_a_plot_is_kept_the_same_in_every_run(drawn):
    first, second = map(tidy, drawn)
    assert drawn[0] != drawn[1] and first == second == tidy(first)
    assert not re.search(r"metadata|<use|<!--|Matplotlib", first)


def test_the_order_of_random_names_changes_nothing(drawn):
    names = re.findall(r'<clipPath id="(\w+)"', drawn[0])
    assert len(names) > 1
    for order in (names, names[::-1]):
        svg = drawn[0]
        for number, name in enumerate(order):
            svg = svg.replace(name, f"n{number}")
        assert tidy(svg) == tidy(drawn[0])


def test_a_plot_is_kept_as_it_was_drawn(drawn):
    png, before = draw(tidy(drawn[0]), 1), draw(drawn[0], 1)
    image = pytest.importorskip("PIL.Image")
    found, expected = (image.open(io.BytesIO(one)).convert("RGB").resize((75, 50)) for one in (png, before))
    far = [max(abs(a - b) for a, b in zip(one, other)) for one, other in zip(found.getdata(), expected.getdata())]
    assert max(far) < 24, "coordinates are rounded to a hundredth of a point, no more"


def test_what_is_no_plot_of_matplotlib_is_kept_as_it_is():
    start = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:l="http://www.w3.org/1999/xlink" version="https://matplotlib.org/"'
    in_itself = f'{start} width="9pt" height="9pt"><g id="a"><use l:href="#a"/><use l:href="#a"/></g></svg>'
    for svg in ("<svg><circle r='4'/></svg>", "no svg", start, f"{start}/>", in_itself):
        assert tidy(svg) == svg


def test_a_plot_on_a_page_has_its_ink_and_its_dark_colours(drawn):
    svg = themed(tidy(drawn[0]))
    assert is_svg(svg) and re.match(r'<svg [^>]*width="288" height="192"', svg)
    assert "#000000" not in svg and 'stroke="#1f2328"' in svg
    dark = re.search(r"@media \(prefers-color-scheme:dark\)\{(.*)\}</style>", svg)[1]
    for rule in (
        "svg{fill:#e8eaed}",
        '[stroke="#1f2328"]{stroke:#e8eaed}',
        '[fill="#ffffff"]{fill:#131416}',
        '[stroke="#0072b2"]{stroke:#6cc1f2}',
    ):
        assert rule in dark


@pytest.mark.parametrize("width", ["1.2.3pt", ".pt", f"{'9' * 400}pt"])
def test_a_size_that_is_none_is_left_alone(width):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="9pt"/>'
    assert themed(svg) == svg


def test_nbval_compares_that_there_is_a_plot_and_not_how_it_looks(drawn):
    masked = []
    for svg in (drawn[0], tidy(drawn[0])):
        for pattern, replacement in SANITIZE:
            svg = re.sub(pattern, replacement, svg)
        masked.append(svg)
    assert masked == ["<plot>"] * 2
