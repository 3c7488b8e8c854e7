"""Let Jupyter Book build one edition, without importing what only the execution of notebooks needs.

    python tools/pages.py FOLDER      builds FOLDER once a line arrives on standard input

``tools/build.py`` starts one of these an edition while it is still cutting: loading Jupyter Book takes longer than
building a chapter.
"""

from __future__ import annotations

import sys
from types import ModuleType

# Warnings are errors, all of them are shown, and missing references are warnings.
STRICT = ["-W", "-n", "--keep-going", "-q"]


class NotNeeded(ModuleType):
    """Stands in for jupyter_cache. The notebooks are not executed, and its database is a quarter of a build."""

    __path__: list[str] = []

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


for part in ("", ".base", ".cache", ".cache.db", ".executors", ".executors.utils"):
    sys.modules[f"jupyter_cache{part}"] = NotNeeded(f"jupyter_cache{part}")

import furo  # noqa: E402, F401  (loaded now, used by Sphinx later)
import jupyter_book.sphinx  # noqa: E402, F401
import myst_nb.sphinx_ext  # noqa: E402, F401
import sphinx.builders.html  # noqa: E402, F401
import sphinxcontrib.katex  # noqa: E402, F401
from jupyter_book.cli.main import main  # noqa: E402

if __name__ == "__main__":
    if not sys.stdin.readline():
        sys.exit("not asked to build")
    main(["build", sys.argv[1], *STRICT])
