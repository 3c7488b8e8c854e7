"""builder/chapters/comparison.py: what counts as another output."""

from __future__ import annotations

import nbformat
import pytest
from nbformat.v4 import new_output

from builder.chapters import comparison


def stream(text: str) -> list[nbformat.NotebookNode]:
    return [new_output("stream", name="stdout", text=text)]


def data(**kinds: str) -> list[nbformat.NotebookNode]:
    return [new_output("display_data", data={kind.replace("_", "/"): value for kind, value in kinds.items()})]


ERROR = [new_output("error", ename="ValueError", evalue="shape (3,)", traceback=[])]
OTHER_ERROR = [new_output("error", ename="ValueError", evalue="shape (4,)", traceback=[])]


@pytest.mark.parametrize(
    ("recorded", "new", "differs"),
    [
        (stream("h 0.5000 (1, 3)\n"), stream("h 0.5001 (1, 3)\n"), False),
        (stream("h 0.5000 (1, 3)\n"), stream("h 0.5010 (1, 3)\n"), True),
        (stream("h 0.5000 (1, 3)\n"), stream("h -0.5000 (1, 3)\n"), True),
        (stream("h 0.5000 (1, 3)\n"), stream("h 0.5000 (1, 4)\n"), True),
        (stream("h 0.5000 (1, 3)\n"), stream("c 0.5000 (1, 3)\n"), True),
        (stream("h 0.5000 (1, 3)\n"), stream(""), True),
        (stream("[ 0.5 -1. ]"), stream("[ 0.5  -1.0 ]"), False),
        (stream("nan 1.0"), stream("nan 1.0"), False),
        (stream("1e-07 0.0"), stream("1e-07 0.0000001"), False),
        (ERROR, ERROR, False),
        (ERROR, OTHER_ERROR, True),
        (data(image_png="a", text_plain="<Figure>"), data(image_png="b", text_plain="<Figure 2>"), False),
        (data(text_plain="0.25"), data(text_plain="0.35"), True),
    ],
)
def test_the_comparison(recorded, new, differs):
    assert comparison.differs(recorded, new) == differs
