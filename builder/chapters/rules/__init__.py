"""What keeps the book from being built: small rules, each with place and remedy.

A module holds the rules of one topic; importing it adds them to the list in ``registry``.
"""

from . import code, contents, headings, images, links, markdown, notebooks, numbers, outputs, tags, twins
from .registry import RULES, Rule, problems

__all__ = [
    "RULES",
    "Rule",
    "contents",
    "headings",
    "images",
    "links",
    "markdown",
    "notebooks",
    "outputs",
    "problems",
    "tags",
    "twins",
]
