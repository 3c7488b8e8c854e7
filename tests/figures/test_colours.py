"""What a colour means, in figures and in plots."""

import pytest

from figures import colours
from figures.errors import FigureError


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
    with pytest.raises(FigureError, match="No colour stands for 'hiden'.*hidden"):
        colours.colour("hiden")
