"""Answers: exercises whose answer is a number, a shape or a tuple can be answered in the page, without Python.

The key is the solution that stands in the chapter, and the hints are those of the cell that checks it: nothing is written
twice. An exercise that wants code, or whose hints need more than the answer to be chosen, is left to its cell.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from . import live
from .cells import MAGIC, cells
from .predict import present

# What a solution is written with that can be read without running it.
PLAIN = (ast.Constant, ast.Tuple, ast.Set, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context)

NONE = object()  # what cannot be read


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", offer_answers)


def offer_answers(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put a field before the collapsed solution of each exercise that can be answered so."""
    if not present(app):
        return
    for cell in cells(doctree):
        if "tag_exercise" not in cell["classes"]:
            continue
        section = cell.parent
        before = section[: section.index(cell)]
        solution = next(node.astext() for node in reversed(before) if isinstance(node, nodes.literal_block))
        found = read_exercise(solution, cell.next_node(nodes.literal_block).astext())
        if found:
            opened = (k for k, node in enumerate(before) if isinstance(node, nodes.raw) and "<details" in node.astext())
            program, words = live.address(app, "predict/answers.js"), live.words(app, "predict")["answers"]
            section.insert(max(opened), nodes.raw("", form(found, program, words), format="html"))


def form(found: dict[str, Any], program: str, words: dict[str, str]) -> str:
    """The field with its button. Its place is there before its program, which a page loads near view."""
    data = escape(json.dumps(found, ensure_ascii=False, separators=(",", ":")))
    return (
        f'<div class="answer" data-program="{program}" data-exercise="{data}"><fieldset disabled>'
        f'<label>{escape(words["label"])} <input type="text" autocomplete="off" autocapitalize="off" spellcheck="false">'
        f'</label> <button type="button">{escape(words["check"])}</button></fieldset>'
        '<p role="status" class="said"></p></div>'
    )


def read_exercise(solution: str, check: str) -> dict[str, Any] | None:
    """The key of an exercise and its hints; None when it cannot be answered in the page.

    ``key`` is a number, a list, or ``{"set": [...]}``; ``hints`` are pairs of what is looked at (null: the whole answer,
    "length", or the number of one of its parts) and what is said when that is wrong; ``near``, where it is there, is how far
    a number may be off.
    """
    statements = ast.parse(solution).body
    if len(statements) != 1 or not isinstance(statements[0], ast.Assign):
        return None
    key = value_of(statements[0].value)
    if not isinstance(key, (int, float, tuple, set)):
        return None
    waiting = next((node for node in ast.parse(MAGIC.sub("", check)).body if isinstance(node, ast.If)), None)
    if waiting is None:
        return None
    hints = list(read_hints(waiting.orelse, key))
    whole = [hint for where, hint in hints if where is None]
    if not hints or len(whole) > 1 or NONE in [hint for _, hint in hints]:
        return None  # which of the hints is right would have to be computed
    found = {"key": as_json(key), "hints": hints}
    near = re.search(r"(?:isclose|allclose)\(answer, [^\n]*\batol=([\d.e-]+)", check)
    return {**found, "near": float(near[1])} if near else found


def value_of(tree: ast.expr) -> Any:
    """What an expression without names and calls stands for, else NONE."""
    if not all(isinstance(node, PLAIN) for node in ast.walk(tree)):
        return NONE
    try:
        return eval(compile(ast.Expression(tree), "solution", "eval"), {"__builtins__": {}})
    except (ArithmeticError, TypeError, ValueError, MemoryError):
        return NONE


def as_json(value: Any) -> Any:
    if isinstance(value, set):
        return {"set": sorted(value)}
    return [as_json(part) for part in value] if isinstance(value, tuple) else value


def read_hints(statements: list[ast.stmt], key: Any, known: dict[str, Any] | None = None) -> Iterator[list]:
    """What the asserts of a check look at, and what each says; ``known`` are the names whose values are written there."""
    known = dict(known or {})
    part = known.get("")  # in a loop over the answer: which part of it
    for statement in statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            known[statement.targets[0].id] = value_of(statement.value)
        elif isinstance(statement, ast.Assert) and statement.msg:
            yield [looked_at(statement.test) if part is None else part, say(statement.msg, known)]
        elif isinstance(statement, ast.For) and re.search(r"\banswer\b", ast.unparse(statement.iter)):
            for number in range(len(key) if isinstance(key, tuple) else 0):
                names = {**known, "": number, **bound(statement.target, statement.iter, number)}
                yield from read_hints(statement.body, key, names)
        elif any(isinstance(inside, ast.Assert) and inside.msg for inside in ast.walk(statement)):
            yield [None, NONE]


def looked_at(test: ast.expr) -> int | str | None:
    """Which part of the answer an assert compares: one by its number, its length, else the whole."""
    text = ast.unparse(test)
    one = re.search(r"\banswer\[(\d+)\]", text)
    return int(one[1]) if one else "length" if "len(answer)" in text else None


def bound(target: ast.expr, iterable: ast.expr, number: int) -> dict[str, Any]:
    """The names that a turn of a loop gives to values that are written there: enumerate, zip, tuples."""
    called = iterable.func.id if isinstance(iterable, ast.Call) and isinstance(iterable.func, ast.Name) else ""
    if called == "zip" and isinstance(target, ast.Tuple):
        pairs = zip(target.elts, iterable.args)
        return {name: value for each, one in pairs for name, value in bound(each, one, number).items()}
    if called == "enumerate" and isinstance(target, ast.Tuple):
        first = value_of(iterable.args[1]) if len(iterable.args) > 1 else 0
        return {target.elts[0].id: first + number, **bound(target.elts[1], iterable.args[0], number)}
    values = value_of(iterable)
    known = isinstance(target, ast.Name) and isinstance(values, tuple) and number < len(values)
    return {target.id: values[number]} if known else {}


def say(message: ast.expr, known: dict[str, Any]) -> Any:
    """A hint as it is printed; NONE when that depends on what the cell computes."""
    if isinstance(message, ast.Name):
        return known.get(message.id, NONE)
    if not isinstance(message, ast.JoinedStr):
        return value_of(message)
    texts = []
    for piece in message.values:
        if isinstance(piece, ast.FormattedValue):
            name = piece.value.id if isinstance(piece.value, ast.Name) else None
            if known.get(name, NONE) is NONE:
                return NONE
            texts.append(str(known[name]))
        else:
            texts.append(piece.value)
    return "".join(texts)
