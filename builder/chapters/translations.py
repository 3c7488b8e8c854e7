"""The words of the interface in another language, read strictly: gettext's tools take half a line for another text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

# A comment, or a text with its keyword or going on from the line before, or nothing.
LINE = re.compile(r'#.*|(?:(msgid|msgstr) )?("(?:[^"\\]|\\[\\trn"])*")|')


@dataclass(frozen=True)
class Translation:
    """A text of the interface.

    Attributes:
        line: where it stands in the file.
        english: the text as programs and templates have it; empty for the head of the file.
        words: its translation; empty when there is none yet.
    """

    line: int
    english: str
    words: str


def translations(path: Path) -> list[Translation]:
    """What a file of translations holds.

    Raises:
        OSError, ValueError: it cannot be read; the text says why.
    """
    texts: list[tuple[int, list[str]]] = []  # the English ones and their translations in turn
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not (match := LINE.fullmatch(line.strip())):
            raise ValueError(f"line {number} is no comment and no whole text in quotation marks: {line.strip()[:60]}")
        (keyword, text), half = match.groups(), len(texts) % 2
        if keyword == ("msgid", "msgstr")[half]:
            texts.append((number, []))
        elif keyword or (text and not texts) or (half and line.startswith("#")):
            raise ValueError(f"line {number} is not where a msgid and its msgstr alternate: {line.strip()[:60]}")
        if text:
            texts[-1][1].append(json.loads(text, strict=False))
    if len(texts) % 2:
        raise ValueError(f"line {texts[-1][0]} has no msgstr behind it")
    joined = [(number, "".join(parts)) for number, parts in texts]
    return [Translation(*english, words) for english, (_, words) in zip(joined[::2], joined[1::2])]
