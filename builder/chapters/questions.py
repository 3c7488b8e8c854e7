"""Choice questions: a question, a numbered list of choices, a collapsed list that answers each of them.

They are plain Markdown, so that every reader of notebooks shows them. Behind the twins stands a code cell, tagged
``choice``, that asserts which choice holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.token import Token

from .markdown import parse

TAG = "choice"
FEWEST = 3  # choices of a question

# The end of the code cell: which of the choices hold.
KEY = re.compile(r"^assert holds == \[((?:True|False)(?:, (?:True|False))*)\]$", re.M)


@dataclass(frozen=True)
class Question:
    """A choice question, as a text asks it.

    Attributes:
        choices: how many there are.
        answers: how many of them have an answer.
        right: the numbers, from 1, of the choices whose answer begins in bold: those that are called right.
    """

    choices: int
    answers: int
    right: tuple[int, ...]


def read_question(source: str) -> Question | None:
    """The choice question that a Markdown cell holds, and nothing beside it; None when it has another form."""
    tokens = parse(source)
    lists = numbered_lists(tokens)
    folds = [number for number, token in enumerate(tokens) if token.type == "html_block"]
    if len(lists) != 2 or len(folds) != 2 or not (tokens[0].type == "paragraph_open" and begins_in_bold(tokens[1])):
        return None
    (choices_start, choices), (answers_start, answers) = lists
    if not choices_start < folds[0] < answers_start < folds[1] == len(tokens) - 1:
        return None
    right = tuple(number for number, item in enumerate(answers, 1) if begins_in_bold(item))
    return Question(len(choices), len(answers), right)


def numbered_lists(tokens: list[Token]) -> list[tuple[int, list[Token]]]:
    """Each numbered list that stands in no other part: where it begins, and the first line of each of its items."""
    found: list[tuple[int, list[Token]]] = []
    for number, token in enumerate(tokens):
        if token.type == "ordered_list_open" and token.level == 0:
            found.append((number, []))
        elif token.type == "list_item_open" and token.level == 1 and found:
            found[-1][1].append(tokens[number + 2])
    return found


def begins_in_bold(inline: Token) -> bool:
    children = [child for child in inline.children or () if child.type != "text" or child.content]
    return bool(children) and children[0].type == "strong_open"


def asserted(source: str) -> tuple[int, ...] | None:
    """The numbers of the choices that a code cell asserts to hold; None when it does not say so in its last line."""
    found = KEY.findall(source)
    if not found:
        return None
    return tuple(number for number, holds in enumerate(found[-1].split(", "), 1) if holds == "True")
