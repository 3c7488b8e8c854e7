"""All that is clever about starting fast. ``BOOK_FAST_START=0`` turns it off; the site is the same without.

Measured on two cores that others used too, as CPU time of `make site` and of all its processes, with the packages of the
tests installed; what a build takes more when one of these is off, median of five runs that alternate:

| off | from nothing (7 s) | after an edit of one chapter (4.8 s) |
|---|---|---|
| skip_packages | + 24 % | + 36 % |
| keep_garbage and end_at_once | + 33 % | + 35 % |
| load_jupyter_book | + 11 % | + 13 % |
| all | + 82 % | + 127 % |

load_jupyter_book saves waiting besides: loading takes as long as the cut, 1.1 s, and goes on beside it.

Tried, and not worth a tenth of a build: stand-ins for jupyter_cache, jupyter_client, requests and snowballstemmer (together
0.4 s, while the editions are written), templates kept compiled, formulas kept between builds.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys

ON = os.environ.get("BOOK_FAST_START") != "0"


def skip_packages() -> None:
    """Let packages be missing that others look for, can do without, and take long to load.

    jsonschema, which nbformat loads, reads the grammar of addresses with rfc3987_syntax. That comes with the packages of the
    tests and of Binder; where only `make site` has been called it is missing anyway.
    """
    if ON:
        sys.modules.setdefault("rfc3987_syntax", None)


def keep_garbage() -> None:
    """Search for no garbage: a build lives for seconds, and frees nothing that matters."""
    if ON:
        gc.disable()


def end_at_once() -> None:
    """Let Python end without searching everything for garbage once more."""
    if ON:
        gc.freeze()


def load_jupyter_book() -> None:
    """Load Jupyter Book before it is asked for, while the editions are written, and once for all of them.

    Sphinx would load these by name, in the process of each edition.
    """
    if ON:
        from sphinx.application import builtin_extensions

        for name in ("furo", "jupyter_book.sphinx", "jupyter_book.cli.main", "myst_nb.sphinx_ext", "sphinx.builders.html",
                     "sphinxcontrib.katex", "fontTools.subset", "fontTools.ttLib.woff2", *builtin_extensions):  # fmt: skip
            importlib.import_module(name)
