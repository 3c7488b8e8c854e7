"""What a colour means, in the figures and in the plots of the chapters.

The hues are those of Okabe and Ito (2008), "Color universal design", darkened until text in them can be read.
"""

import re
from typing import NamedTuple

from .errors import FigureError


class Colour(NamedTuple):
    """A colour on a light and on a dark page, as #rrggbb."""

    light: str
    dark: str


COLOURS = {
    "ground": Colour("#ffffff", "#131416"),
    "ink": Colour("#1f2328", "#e8eaed"),
    "muted": Colour("#686d73", "#9ba1a7"),
    "faint": Colour("#c9cdd2", "#4b5056"),
    "input": Colour("#0072b2", "#6cc1f2"),
    "hidden": Colour("#b34700", "#ff9f5c"),
    "cell": Colour("#00785a", "#3fd0a4"),
    "gate": Colour("#a3437c", "#ee9fcb"),
    "candidate": Colour("#7a5c00", "#e3c14d"),
    "input-tint": Colour("#e8f3fb", "#0f3046"),
    "hidden-tint": Colour("#fdebdd", "#45260f"),
    "cell-tint": Colour("#dcf3ec", "#0c3a2e"),
    "gate-tint": Colour("#f9e4f0", "#43203a"),
    "candidate-tint": Colour("#f8f0d3", "#3b300b"),
    "ink-tint": Colour("#f0f2f4", "#24272b"),
}

# In plots that set layers side by side, where a colour stands for a layer; each also has a marker and a line of its own.
LAYER_COLOURS = {"SimpleRNN": "black", "LSTM": "#e69f00", "GRU": "#56b4e9", "Bidirectional": "#cc79a7"}

# What a letter of a formula stands for; the others are ink.
ROLES = {"x": "input", "h": "hidden", "c": "cell", "g": "candidate", **dict.fromkeys("fiozr", "gate")}
# A letter of a formula with its subscript: not inside a word, and not the name of a command.
SYMBOL_PATTERN = re.compile(r"(?<![A-Za-z\\])[A-Za-z](?![A-Za-z])'?(?:_(?:\{[^}]*\}|[A-Za-z0-9]))?")


def colour(meaning: str) -> Colour:
    """The colour that stands for a meaning.

    Raises:
        FigureError: no colour stands for it.
    """
    if meaning not in COLOURS:
        raise FigureError(f"No colour stands for {meaning!r}. Those that mean something: {', '.join(COLOURS)}.")
    return COLOURS[meaning]


def role_of(symbol: str) -> str:
    """The meaning, and so the colour, of a symbol such as ``h_{t-1}``."""
    return ROLES.get(symbol[0], "ink")


def coloured(formula: str) -> list[tuple[str, str]]:
    """A formula in parts, each with the colour of its meaning: the symbols, and in ink what stands between them."""
    parts, last = [], 0
    for match in SYMBOL_PATTERN.finditer(formula):
        parts += [(formula[last : match.start()], "ink"), (match.group(), role_of(match.group()))]
        last = match.end()
    return [(part, meaning) for part, meaning in [*parts, (formula[last:], "ink")] if part.strip()]


def of_plots() -> set[str]:
    """Every #rrggbb that a plot may use: plots stand on light ground, so these are the light ones."""
    return {c.light for c in COLOURS.values()} | {c for c in LAYER_COLOURS.values() if c.startswith("#")}
