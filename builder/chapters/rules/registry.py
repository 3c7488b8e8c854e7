"""The list of all rules, and how one is added to it.

A rule is a function that looks at the book, at a chapter or at a cell and yields the problems that it finds. Its docstring
is what ``make rules`` prints of it: first what a chapter may not contain or has to have, then why, where that is not plain.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ...messages import Problem
from ..book import Book

Scope = Literal["book", "chapter", "cell"]


@dataclass(frozen=True)
class Rule:
    """A rule.

    Attributes:
        scope: what it looks at: it is called with the book; with the book and a chapter; or with the book, a chapter and
            one of its cells.
        look: the function.
    """

    scope: Scope
    look: Callable[..., Iterator[Problem]]

    @property
    def name(self) -> str:
        return self.look.__name__.replace("_", "-")

    @property
    def topic(self) -> str:
        """The module of the rule, which groups it with others."""
        return self.look.__module__.rpartition(".")[2]

    @property
    def says(self) -> str:
        """Its docstring, in one line."""
        return " ".join((inspect.getdoc(self.look) or "").split())


RULES: list[Rule] = []


def rule(scope: Scope) -> Callable[[Callable[..., Iterator[Problem]]], Callable[..., Iterator[Problem]]]:
    """Add the function below to the rules."""

    def add(look: Callable[..., Iterator[Problem]]) -> Callable[..., Iterator[Problem]]:
        RULES.append(Rule(scope, look))
        return look

    return add


def as_markdown() -> str:
    """The list of what a chapter may contain, as CONTRIBUTING.md holds it."""
    topics: dict[str, list[str]] = {}
    for one in RULES:
        about = (inspect.getdoc(inspect.getmodule(one.look)) or "").splitlines()[0].rstrip(".")
        topics.setdefault(f"**{about}**", []).append(f"- {one.says.replace('``', '`')}")
    return "\n\n".join(f"{topic}\n\n" + "\n".join(rules) for topic, rules in topics.items())


def problems(book: Book) -> Iterator[Problem]:
    """Everything that the rules find, chapter by chapter."""
    book.images.ask_for_figures()  # a rule looks at what becomes of each, and then they are drawn
    for one in RULES:
        if one.scope == "book":
            yield from one.look(book)
    for chapter in book.chapters:
        for cell in chapter.all_cells:
            for one in RULES:
                if one.scope == "cell":
                    yield from one.look(book, chapter, cell)
        for one in RULES:
            if one.scope == "chapter":
                yield from one.look(book, chapter)
