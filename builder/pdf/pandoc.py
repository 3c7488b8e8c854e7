"""Pandoc: asking it, and the form in which it holds a document, lists of ``{"t": type, "c": content}``."""

from __future__ import annotations

import calendar
import os
import subprocess
from pathlib import Path

from pypandoc import get_pandoc_path

from ..messages import Refused


def pandoc(text: str, *arguments: str, folder: Path, year: int = 1980) -> str:
    """What pandoc answers; a warning, such as a formula that it does not understand, is an error.

    Args:
        text: its input.
        folder: where it finds and writes files.
        year: what it takes for the present, in place of the clock.

    Raises:
        Refused: the text is pandoc's own.
    """
    epoch = str(calendar.timegm((year, 1, 1, 0, 0, 0)))
    done = subprocess.run(
        [get_pandoc_path(), "--fail-if-warnings", f"--data-dir={folder}", *arguments],
        input=text, capture_output=True, cwd=folder, encoding="utf-8", env={**os.environ, "SOURCE_DATE_EPOCH": epoch},
    )  # fmt: skip
    if done.returncode:
        raise Refused(f"pandoc: {done.stderr.strip()}")
    return done.stdout


def block(kind: str, content: object) -> dict:
    return {"t": kind, "c": content}


def attributes(id: str = "", classes: tuple[str, ...] = (), **pairs: str) -> list:
    return [id, list(classes), [[key, value] for key, value in pairs.items()]]


def listing(text: str, kind: str, *language: str) -> dict:
    return block("Div", [attributes(classes=(kind,)), [block("CodeBlock", [attributes(classes=language), text])]])


def figure(path: str, alt: str, width: str, caption: list[dict]) -> dict:
    image = block("Image", [attributes(**({"width": f"{width}px"} if width else {})), [block("Str", alt)], [path, ""]])
    return block(
        "Figure", [attributes(), [None, [block("Plain", caption)] if caption else []], [block("Plain", [image])]]
    )


def plain(inlines: list[dict]) -> str:
    """The words of an alt text."""
    words = []
    for inline in inlines:
        if inline["t"] in ("Space", "SoftBreak"):
            words.append(" ")
        elif inline["t"] == "Str":
            words.append(inline["c"])
        elif inline["t"] in ("Code", "Math", "RawInline"):
            words.append(inline["c"][1])
        elif inline["t"] == "Quoted":
            words.append('"' + plain(inline["c"][1]) + '"')
        else:
            words.append(plain(inline["c"] if isinstance(inline["c"][0], dict) else inline["c"][1]))
    return "".join(words)
