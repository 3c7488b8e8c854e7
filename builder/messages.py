"""What the commands say when they refuse something, and what other programs say to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

# How to read what another program prints: it may speak the reader's language, in the letters of an old machine.
PRINTED = {"encoding": "utf-8", "errors": "replace"}


@dataclass(frozen=True)
class Problem:
    """One thing in the sources that keeps the book from being built.

    Attributes:
        where: file, and cell if it is in one.
        what: what is wrong there.
        remedy: what to do.
    """

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n    {self.remedy}"


class Refused(Exception):
    """A command did not do what it was asked for; the text says why and what to do.

    What stayed as it was is the same for all refusals of a command; ``builder/__main__.py`` adds it.
    """


def refuse(problems: Iterable[Problem]) -> None:
    """Refuse sources that have problems, naming all of them.

    Raises:
        Refused: there is a problem.
    """
    found = list(problems)
    if found:
        count = f"{len(found)} problem" + "s" * (len(found) > 1)
        raise Refused("\n".join([*map(str, found), f"{count}; nothing was written."]))
