"""The Markdown of the chapters: what a text is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

COMMENT = re.compile(r"<!--.*?-->", re.S)

markdown = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)


@dataclass
class Text:
    """What a Markdown cell is made of, as far as its twin has to agree with it."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    display_formulas: list[str] = field(default_factory=list)
    formulas: set[str] = field(default_factory=set)
    inline_code: set[str] = field(default_factory=set)
    code_blocks: list[tuple[str, str]] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    alts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    collapsed: int = 0
    collapsed_ends: int = 0
    raw_images: int = 0
    uncaptioned: list[str] = field(default_factory=list)


@cache
def parse(source: str) -> list[Token]:
    """The tokens of a Markdown cell, without its comments."""
    return markdown.parse(COMMENT.sub("", source))


@cache
def read_text(source: str) -> Text:
    """Take a Markdown cell apart."""
    text = Text()
    tokens = parse(source)
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            text.headings.append((int(token.tag[1]), tokens[number + 1].content))
        elif token.type in ("math_block", "math_block_label"):
            text.display_formulas.append(" ".join(token.content.split()))
        elif token.type in ("fence", "code_block"):
            text.code_blocks.append((token.info.strip(), token.content))
        elif token.type == "table_open":
            text.tables.append(0)
        elif token.type in ("td_open", "th_open"):
            text.tables[-1] += 1
        elif token.type == "html_block":
            text.collapsed += token.content.count("<details")
            text.collapsed_ends += token.content.count("</details>")
            text.raw_images += token.content.count("<img")
        for child in token.children or ():
            if child.type == "code_inline":
                text.inline_code.add(child.content)
            elif child.type in ("math_inline", "math_inline_double"):
                text.formulas.add(child.content.strip())
            elif child.type == "image":
                text.figures.append(child.attrs["src"])
                text.alts.append(child.content.strip())
            elif child.type == "link_open":
                text.links.append(child.attrs["href"])
            elif child.type == "html_inline":
                text.raw_images += child.content.startswith("<img")
        if token.type == "inline" and any(child.type == "image" for child in token.children):
            if len(token.children) > 1 or not is_caption(tokens[number + 2 : number + 5]):
                text.uncaptioned += [child.attrs["src"] for child in token.children if child.type == "image"]
    text.links.sort()
    return text


def is_caption(tokens: list) -> bool:
    """Whether these tokens are a paragraph that is in emphasis from its first to its last word."""
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return False
    inside = [child.level for child in tokens[1].children[1:-1]]
    return tokens[1].children[0].type == "em_open" and tokens[1].children[-1].type == "em_close" and all(inside)


def slug(heading: str) -> str:
    """The anchor of an English heading, as GitHub and MyST make it: ``What comes back`` -> ``what-comes-back``."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
