"""Answers: exercises whose answer is a number, a shape or a tuple can be answered in the page, without Python.

The key is the solution that stands in the chapter, and the hints are those of the cell that checks it: nothing is written
twice. An exercise that wants code, or whose hints need more than the answer to be chosen, is left to its cell. What helps
to find an answer is offered before the solution too, folded away.
"""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from . import live
from .cells import cells, tree_of
from .predict import present

# What a solution is written with that can be computed without Keras and arrays.
PLAIN = (
    *(ast.Constant, ast.Tuple, ast.Set, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.expr_context),
    *(ast.Name, ast.Attribute, ast.Call, ast.GeneratorExp, ast.comprehension, ast.Compare, ast.cmpop),
)
NUMPY = SimpleNamespace(log=math.log, exp=math.exp, sqrt=math.sqrt, ceil=math.ceil)
BUILT_IN = {"__builtins__": {"int": int, "next": next, "range": range}, "np": NUMPY}

NONE = object()  # what cannot be read
OPENING = "Not yet: "  # of a hint; what begins otherwise speaks of an answer that was given
SIDES = {ast.Lt: "above", ast.LtE: "above", ast.Gt: "below", ast.GtE: "below"}  # where an answer is that fails


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", offer_answers)


def offer_answers(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put a field, where an exercise can be answered so, and a folded hint before its collapsed solution."""
    if not present(app):
        return
    program, words = live.address(app, "predict/answers.js"), live.words(app, "predict")["answers"]
    translated = translations(app)
    for cell in cells(doctree):
        if "tag_exercise" not in cell["classes"]:
            continue
        section = cell.parent
        before = section[: section.index(cell)]
        solution = next(node.astext() for node in reversed(before) if isinstance(node, nodes.literal_block))
        check = cell.next_node(nodes.literal_block).astext()
        place = max(k for k, node in enumerate(before) if isinstance(node, nodes.raw) and "<details" in node.astext())
        if said := [translate(hint, translated) for hint in read_said(check)]:
            section.insert(place, nodes.raw("", fold(said, words), format="html"))
        if found := read_exercise(solution, check):
            said = [translate(hint, translated) for _, hint in found["hints"]]
            found["hints"] = [[where, hint] for (where, _), (hint, _) in zip(found["hints"], said)]
            if foreign := next((language for _, language in said if language), ""):
                found["lang"] = foreign
            name = f"{page}.{cell['cell_metadata']['name']}"
            section.insert(place, nodes.raw("", form(name, found, program, words), format="html"))


def translations(app: Sphinx) -> dict[str, str] | None:
    """Hints in the language of the edition, by those of the cells, which are English; None where none are needed."""
    if app.config.book_edition == "en":
        return None
    file = Path(app.srcdir, "live", "predict", f"hints.{app.config.book_edition}.json")
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def translate(hint: str, translated: dict[str, str] | None) -> tuple[str, str]:
    """A hint without its opening, and its language when that is not the page's."""
    hint = hint.removeprefix(OPENING)
    if translated is None:
        return hint, ""
    return (translated[hint], "") if hint in translated else (hint, "en")


def form(name: str, found: dict[str, Any], program: str, words: dict[str, str]) -> str:
    """The field with its button. Its place is there before its program, which a page loads near view."""
    data = escape(json.dumps(found, ensure_ascii=False, separators=(",", ":")))
    return (
        f'<div class="answer" data-program="{program}" data-id="{escape(name)}" data-exercise="{data}"><fieldset disabled>'
        f'<label>{escape(words["label"])} <input type="text" autocomplete="off" autocapitalize="off" spellcheck="false">'
        f'</label> <button type="button">{escape(words["check"])}</button></fieldset>'
        '<p role="status" class="said"></p></div>'
    )


def fold(hints: list[tuple[str, str]], words: dict[str, str]) -> str:
    """Hints behind a click, without any program."""
    texts = []
    for hint, language in hints:
        name = re.match(r"\w\b", hint)  # of a tensor, which stays small at the beginning of a sentence
        attribute = f' lang="{language}"' if language else ""
        texts.append(f"<p{attribute}>{escape(hint if name else hint[:1].upper() + hint[1:])}</p>")
    return f'<details class="hint"><summary>{escape(words["hint"])}</summary>{"".join(texts)}</details>'


def read_said(check: str) -> list[str]:
    """What an exercise's cell has to say that helps to find an answer: its questions, else the last of what it says.

    What it says of the length of an answer, of one that is too small or too large, or of parts that it counts, comes too
    late or tells nothing before there is an answer.
    """
    said, known, bounded = [], {}, False
    for node in in_order(compared(check)):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            known[node.targets[0].id] = value_of(node.value)
        elif isinstance(node, ast.Assert) and node.msg:
            where = looked_at(node.test)
            bounded = bounded or where in ("below", "above")
            if isinstance(where, dict | str):
                continue
            hint = known.get(node.msg.id) if isinstance(node.msg, ast.Name) else value_of(node.msg)
            if isinstance(hint, str) and hint.startswith(OPENING) and hint not in said:
                said.append(hint)
    return [hint for hint in said if hint.endswith("?")] or ([] if bounded else said[-1:])


def compared(check: str) -> list[ast.stmt]:
    """What a cell does with an answer, when there is one."""
    waiting = next((node for node in tree_of(check).body if isinstance(node, ast.If)), None)
    return waiting.orelse if waiting else []


def in_order(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements, and those inside of loops and the like, as they are written."""
    for statement in statements:
        yield statement
        yield from in_order(getattr(statement, "body", []))


def read_exercise(solution: str, check: str) -> dict[str, Any] | None:
    """The key of an exercise and its hints; None when it cannot be answered in the page.

    ``key`` is a number, a list, or ``{"set": [...]}``; ``hints`` are pairs of what is looked at (null: the whole answer,
    "length", the number of one of its parts, "below" or "above": on which side of the key the answer is, ``{"is": …}``: a
    wrong value) and what is said when that is wrong; ``near``, where it is there, is how far a number may be off.
    """
    key = solve(solution)
    if not isinstance(key, (int, float, tuple, set)):
        return None
    hints = list(read_hints(compared(check), key))
    if not isinstance(key, (int, float)):
        hints = [[None if where in ("below", "above") else where, hint] for where, hint in hints]
    sides = [number for number, (where, _) in enumerate(hints) if where == "side"]
    if len(sides) == 2 and isinstance(key, (int, float)):
        for number, side in zip(sides, ("below", "above")):  # in this order, see CONTRIBUTING
            hints[number][0] = side
    hints = [[None if where == "side" else where, hint] for where, hint in hints]
    whole = [hint for where, hint in hints if where is None]
    if not hints or len(whole) > 1 or NONE in [hint for _, hint in hints]:
        return None  # which of the hints is right would have to be computed
    found = {"key": as_json(key), "hints": hints}
    near = re.search(r"(?:isclose|allclose)\(answer, [^\n]*\batol=([\d.e-]+)", check)
    return {**found, "near": float(near[1])} if near else found


def solve(solution: str) -> Any:
    """What the lines of a solution compute for ``answer``, else NONE."""
    known: dict[str, Any] = {}
    for statement in ast.parse(solution).body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            return NONE
        known[statement.targets[0].id] = value_of(statement.value, known)
    return known.get("answer", NONE)


def value_of(tree: ast.expr, known: dict[str, Any] | None = None) -> Any:
    """What an expression stands for that needs neither Keras nor arrays, else NONE."""
    if not all(isinstance(node, PLAIN) for node in ast.walk(tree)):
        return NONE
    try:
        return eval(compile(ast.Expression(tree), "solution", "eval"), {**BUILT_IN, **(known or {})})
    except (ArithmeticError, AttributeError, MemoryError, NameError, StopIteration, TypeError, ValueError):
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


def looked_at(test: ast.expr) -> int | str | dict | None:
    """Which part of the answer an assert compares: one by its number, its length, one side of it, one wrong value, else the whole."""
    text = ast.unparse(test)
    one = re.search(r"\banswer\[(\d+)\]", text)
    if one or "len(answer)" in text:
        return int(one[1]) if one else "length"
    if wrong := re.fullmatch(r"not np\.isclose\(answer, ([\d.]+)\)", text):
        return {"is": float(wrong[1])}
    if not isinstance(test, ast.Compare) or type(test.ops[0]) not in SIDES:
        return None
    return SIDES[type(test.ops[0])] if ast.unparse(test.left) == "answer" else "side"


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
