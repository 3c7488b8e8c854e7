"""Colours of plots mean what they mean in the figures."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from figures.colours import of_plots

from ...messages import Problem
from ..book import Book
from ..notebook import Cell, Chapter
from .code import called, nodes
from .registry import rule

HEX = re.compile(r"#(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})")
# Arguments and functions that take a colour.
TAKES = re.compile(r"\w*colou?rs?|c|ec|fc|m[ef]c|mfcalt")
SETS = re.compile(r"set_\w*colou?rs?")
# Without a meaning, and so for all: no colour, black, white and the grays of Matplotlib.
NEUTRAL = re.compile(r"none|black|white|gr[ae]y|k|w|0?\.\d+|[01]|auto|face|inherit", re.I)
# What a line looks like, in one word with its colour: "r--", "C1o".
DRAWS = {"plot", "errorbar", "step", "stem", "semilogx", "semilogy", "loglog", "fill", "polar", "plot_date"}
STYLE = re.compile(r"(?=.*[bgrcmy]|.*C\d)(?:[bgrcmykw]|C\d|[-.,ov^<>12348spP*hH+xXDd|_:])+")


def colours_in(value: ast.AST) -> Iterator[str]:
    """The colours in an argument: its strings, but not those by which something is looked up."""
    if isinstance(value, ast.Constant):
        if isinstance(value.value, str):
            yield value.value
        return
    parts = [value.value] if isinstance(value, ast.Subscript) else ast.iter_child_nodes(value)
    if isinstance(value, ast.Dict):
        parts = value.values
    elif isinstance(value, ast.IfExp):
        parts = [value.body, value.orelse]
    elif isinstance(value, ast.Call):
        parts = []
    for part in parts:
        yield from colours_in(part)


def colours_of(source: str) -> Iterator[str]:
    """The colours that code names: as arguments, as #rrggbb anywhere, and in the styles of lines."""
    for node in nodes(source):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and HEX.fullmatch(node.value):
            yield node.value
        elif isinstance(node, ast.Dict):  # arguments that are handed on as **style
            for key, value in zip(node.keys, node.values):
                if (
                    isinstance(key, ast.Constant)
                    and isinstance(key.value, str)
                    and TAKES.fullmatch(key.value)
                    and len(key.value) > 1
                ):
                    yield from colours_in(value)
        elif isinstance(node, ast.Call):
            for argument in node.keywords:
                if argument.arg and TAKES.fullmatch(argument.arg):
                    yield from colours_in(argument.value)
            strings = [
                part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
            ]
            if SETS.fullmatch(called(node)):
                yield from strings
            elif called(node) in DRAWS:
                yield from (style for style in strings if STYLE.fullmatch(style))


@rule("cell")
def colours_have_a_meaning(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A plot takes its colours from ``figures/colours.py``, by their hex code, where each has a meaning."""
    allowed = {colour.lower() for colour in of_plots()}
    for colour in dict.fromkeys(colours_of(cell.source) if cell.is_code else ()):
        if colour.lower() not in allowed and not NEUTRAL.fullmatch(colour):
            remedy = "Take one of figures/colours.py: 'python -m figures --help' tells."
            yield Problem(chapter.where(cell), f"draws with the colour {colour}", remedy)
