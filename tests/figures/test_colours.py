"""What a colour means, in figures and in plots."""

import re

import nbformat
import pytest

from figures import colours
from support import CHAPTERS


def test_symbols_take_the_colour_of_their_meaning():
    assert colours.coloured(r"f_t = \sigma(x_t W_f + h_{t-1} U_f)") == [
        ("f_t", "gate"),
        (r" = \sigma(", "ink"),
        ("x_t", "input"),
        ("W_f", "ink"),
        (" + ", "ink"),
        ("h_{t-1}", "hidden"),
        ("U_f", "ink"),
        (")", "ink"),
    ]


def test_a_colour_that_means_nothing_is_refused_and_the_others_named():
    with pytest.raises(ValueError, match="No colour stands for 'hiden'.*hidden"):
        colours.colour("hiden")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_plots_use_the_colours_of_the_figures(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            for colour in re.findall(r"#[0-9a-fA-F]{6}\b", cell.source):
                assert colour.lower() in colours.of_plots(), f"{cell.id}: {colour} means nothing in figures/colours.py"
