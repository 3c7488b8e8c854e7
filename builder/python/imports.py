"""What Keras imports in the Python of the pages, and which stand-in answers."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from .bundle import STANDINS
from .cells import run

ASK = """
import collections, json, sys, absent
counts = collections.Counter(name.partition(".")[0] for name in sys.modules)
print(json.dumps([counts, sorted(absent.Finder.answered), sorted(sys.stdlib_module_names)]))
"""


def imports(root: Path) -> str:
    """A text that says so.

    Raises:
        Refused: this Python did not start.
    """
    ((ran,),) = run(root, [[ASK]])["outcomes"]
    counts, absent, library = json.loads(ran["text"])
    standins = {
        path.stem: ast.get_docstring(ast.parse(path.read_text("utf-8"))) for path in sorted(STANDINS.glob("*.py"))
    }
    foreign = {name for name in absent if "." not in name}
    packages = [
        name for name in sorted(counts) if name not in {*library, *standins, *foreign} and not name.startswith("_")
    ]
    lines = [f"Keras is loaded with {sum(counts.values())} modules.", ""]
    lines += [f"from the bundle   {name}: {counts[name]}" for name in packages]
    lines += [f"from the library  {sum(counts[name] for name in counts if name in library)}", ""]
    for name, says in standins.items():
        if name != "book_page":
            lines += [f"{name}.py", *(f"    {line}" for line in says.splitlines()), ""]
    return "\n".join([*lines, "absent.py answers for:", *(f"    {name}" for name in absent)])
