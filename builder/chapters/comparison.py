"""Whether a cell puts out what is recorded: words and shapes exactly, decimals with a tolerance.

nbval masks decimals, so that a plain ``pytest --nbval book`` is green on every machine. Here they are compared too: what the
book says of them has to be so, in the kernels that run the chapters and in the Python of the pages.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from nbformat import NotebookNode

ABSOLUTE, RELATIVE = 2e-4, 1e-3

# A cell with one of these tags prints what chance or the machine moves.
EXEMPT = {"measured", "nbval-ignore-output", "nbval-skip"}

# As in tests/nbval_sanitize.cfg: numpy pads decimals with spaces, and their width is not compared.
DECIMAL = re.compile(r"[ ]*(-?(?:\d+\.\d*|\.\d+)(?:[eE][-+]?\d+)?)[ ]*")


def decimals(text: str) -> list[float]:
    """The numbers with a decimal point in a text, in order."""
    return [float(number) for number in DECIMAL.findall(text)]


def texts(outputs: Sequence[NotebookNode]) -> str:
    """What a cell prints, and behind that what it shows as text, without its plots."""
    parts = [output.text for output in outputs if output.output_type == "stream"]
    for output in outputs:
        if output.output_type == "stream":
            continue
        if output.output_type in ("execute_result", "display_data"):
            if not any(kind.startswith("image/") for kind in output.data):
                parts.append(output.data.get("text/plain", ""))
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
    return "".join(parts)


def other_decimals(recorded: Sequence[NotebookNode], new: Sequence[NotebookNode]) -> Iterator[str]:
    """What to say of each decimal that differs; the words around them are taken to be the same."""
    for line, other in zip(texts(recorded).splitlines(), texts(new).splitlines()):
        for was, now in zip(decimals(line), decimals(other)):
            same = math.isclose(was, now, rel_tol=RELATIVE, abs_tol=ABSOLUTE) or (math.isnan(was) and math.isnan(now))
            if not same:
                yield f"{was} is recorded, and now it is {now}: {line.strip()}"


def differs(recorded: Sequence[NotebookNode], new: Sequence[NotebookNode]) -> bool:
    """Whether a cell puts out something else than what is recorded, plots apart."""
    before, after = (" ".join(DECIMAL.sub(" # ", texts(outputs)).split()) for outputs in (recorded, new))
    return before != after or any(other_decimals(recorded, new))
