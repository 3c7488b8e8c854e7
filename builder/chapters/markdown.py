"""The Markdown of the chapters: what a text is made of, and where in it.

Everything that looks into a text or changes it does so by the tokens of one reader, so that code is never taken for prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, html_inline, image, link
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

ELSEWHERE = re.compile(r"(https?|mailto):")
COMMENT = re.compile(r"<!--.*?-->", re.S)

# What stands in the prose of a text for what is no plain letter; private use, so no text holds them.
CODE, FORMULA, ESCAPED, MARK, BACKSLASH = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
STANDS_FOR = {"text": "", "softbreak": "\n", "hardbreak": "\n", "text_special": ESCAPED}
STANDS_FOR |= {"code_inline": CODE, "math_inline": FORMULA, "math_inline_double": FORMULA}

EMPHASIS = {"em_open", "em_close", "strong_open", "strong_close"}
WORDS = {"text", "text_special", "softbreak", *EMPHASIS}

InlineRule = Callable[[StateInline, bool], bool]


def placed(kind: str, rule: InlineRule) -> InlineRule:
    """A rule of markdown-it that notes in the meta of its token where, in the inline text, it stands."""

    def with_place(state: StateInline, silent: bool) -> bool:
        start, known = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            token = next(token for token in state.tokens[known:] if token.type == kind)
            token.meta["place"] = (start, state.pos)
            token.meta["destination"] = destination(state, start) if kind != "html_inline" else None
        return True

    return with_place


def destination(state: StateInline, start: int) -> tuple[int, int] | None:
    """Where the address of the link or image at ``start`` stands, with its angle brackets; None when it is elsewhere."""
    end, is_image = state.pos, state.src[start] == "!"
    label_end = state.md.helpers.parseLinkLabel(state, start + is_image, not is_image)
    state.pos = end
    if state.src[label_end + 1 : label_end + 2] != "(":
        return None
    first = re.compile(r"\s*").match(state.src, label_end + 2).end()
    found = state.md.helpers.parseLinkDestination(state.src, first, end)
    return (first, found.pos) if found.ok and state.src[first] != ")" else None


def note_prose(state: StateCore) -> None:
    """Note in the meta of each inline token its plain letters, before escaped ones are joined with them.

    ``prose`` are all of them, ``outside`` those outside of links, ``escaped`` those with a backslash.
    """
    for token in state.tokens:
        if token.type == "inline":
            prose, outside, links, address = "", "", 0, False
            for child in token.children:
                links += {"link_open": 1, "link_close": -1}.get(child.type, 0)
                if child.type in ("link_open", "link_close"):
                    address = child.type == "link_open" and child.info == "auto"
                letters = MARK if address else STANDS_FOR.get(child.type, MARK) or child.content
                if child.type == "text_special" and child.content[0] == "\\":  # alone, or before what cannot be escaped
                    letters = child.content if len(child.content) > 1 else BACKSLASH
                prose, outside = prose + letters, outside + (MARK if links else letters)
            escaped = "".join(child.content for child in token.children if child.markup == f"\\{child.content}")
            token.meta.update(prose=prose, outside=outside, escaped=escaped)


markdown = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)
for name, kind, rule in (("link", "link_open", link), ("image", "image", image), ("html_inline", "html_inline", html_inline)):  # fmt: skip
    markdown.inline.ruler.at(name, placed(kind, rule))
markdown.core.ruler.before("text_join", "note_prose", note_prose)


@dataclass
class Figure:
    """An image of a text.

    Attributes:
        source: its address, as a file's name.
        alt: its alt text as it was typed.
        plain: whether the alt text holds words only; signs of emphasis are letters, see ``published``.
        captioned: whether it stands alone, with a paragraph in emphasis behind it.
        inside: whether it stands in a list, a quotation or a table.
    """

    source: str
    alt: str
    plain: bool
    captioned: bool
    inside: bool


@dataclass
class Text:
    """What a Markdown cell is made of; the first part is that with which its twin has to agree."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    display_formulas: list[str] = field(default_factory=list)
    formulas: set[str] = field(default_factory=set)
    inline_code: set[str] = field(default_factory=set)
    code_blocks: list[tuple[str, str]] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    collapsed: int = 0

    images: list[Figure] = field(default_factory=list)
    tex: list[tuple[str, bool]] = field(default_factory=list)  # each formula as it was typed; whether it is a display
    html: list[Token] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)  # labels of addresses that stand apart from their links
    titles: list[str] = field(default_factory=list)  # of links and images
    opens_with_caption: bool = False  # of a plot


@cache
def read(source: str) -> tuple[list[Token], dict[str, Any]]:
    """The tokens of a text with its comments, and what markdown-it notes of it as a whole."""
    notes: dict[str, Any] = {}
    return markdown.parse(source, notes), notes


def parse(source: str) -> list[Token]:
    """The tokens of a Markdown cell, without its comments."""
    return read(without_comments(source))[0]


@cache
def read_text(source: str) -> Text:
    """Take a Markdown cell apart."""
    text = Text()
    tokens, notes = read(without_comments(source))
    text.definitions += notes.get("references", {})
    text.opens_with_caption = is_caption(tokens[:3])
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            text.headings.append((int(token.tag[1]), tokens[number + 1].content))
        elif token.type in ("math_block", "math_block_label"):
            text.display_formulas.append(" ".join(token.content.split()))
            text.tex.append((token.content, True))
        elif token.type in ("fence", "code_block"):
            text.code_blocks.append((token.info.strip(), token.content))
        elif token.type == "table_open":
            text.tables.append(0)
        elif token.type in ("td_open", "th_open"):
            text.tables[-1] += 1
        elif token.type == "html_block":
            text.collapsed += token.content.count("<details")
            text.html.append(token)
        for child in token.children or ():
            if child.type == "code_inline":
                text.inline_code.add(child.content)
            elif child.type in ("math_inline", "math_inline_double"):
                text.formulas.add(child.content.strip())
                text.tex.append((child.content, child.type == "math_inline_double"))
            elif child.type == "image":
                text.images.append(
                    Figure(
                        unquote(child.attrs["src"]),
                        child.content.strip(),
                        all(part.type in WORDS for part in child.children or ()),
                        len(token.children) == 1 and is_caption(tokens[number + 2 : number + 5]),
                        token.level > 1,
                    )
                )
            elif child.type == "link_open":
                text.links.append(
                    child.attrs["href"] if ELSEWHERE.match(child.attrs["href"]) else unquote(child.attrs["href"])
                )
            elif child.type == "html_inline":
                text.html.append(child)
            if child.type in ("image", "link_open") and child.attrs.get("title"):
                text.titles.append(child.attrs["title"])
    text.figures = [image.source for image in text.images]
    text.links.sort()
    return text


def is_caption(tokens: list) -> bool:
    """Whether these tokens are a paragraph that is in emphasis from its first to its last word."""
    if [token.type for token in tokens] != ["paragraph_open", "inline", "paragraph_close"]:
        return False
    if not tokens[1].children:  # of a line separator alone
        return False
    inside = [child.level for child in tokens[1].children[1:-1]]
    return tokens[1].children[0].type == "em_open" and tokens[1].children[-1].type == "em_close" and all(inside)


def slug(heading: str) -> str:
    """The anchor of an English heading, as GitHub and MyST make it: ``What comes back`` -> ``what-comes-back``."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


# -- places in the source -------------------------------------------------------------------------------------------------


def lines(source: str) -> list[str]:
    """The lines of a text, as the tokens count them."""
    return re.split(r"\r\n?|\n", source)


def line_starts(source: str) -> list[int]:
    """Where each line begins, and at last where the text ends."""
    return [0, *(match.end() for match in re.finditer(r"\r\n?|\n", source)), len(source) + 1]


def inline_places(source: str, tokens: list[Token]) -> Iterator[tuple[Token, list[int]]]:
    """Each inline token, and where in the source each of its characters stands.

    markdown-it knows the lines of a token. Within its line the text of a paragraph stands at the end, behind the signs of
    lists and quotations; that of a cell of a table behind the cell before.
    """
    starts, behind = line_starts(source), {}
    for number, token in enumerate(tokens):
        if token.type != "inline" or not token.content:
            continue
        kind, found, parts, begin = tokens[number - 1].type, [], token.content.split("\n"), token.map[0]
        # A line of nothing but a wide space is one for markdown-it, which then takes it away.
        if kind == "paragraph_open":
            while begin < token.map[1] - 1 and not source[starts[begin] : starts[begin + 1] - 1].strip():
                begin += 1
        for line, part in enumerate(parts, begin):
            whole = source[starts[line] : starts[line + 1] - 1]
            if kind in ("td_open", "th_open"):
                typed = part if part in whole[behind.get(line, 0) :] else part.replace("|", "\\|")
                first = whole.find(typed, behind.get(line, 0))
                behind[line] = first + len(typed)
                place = first - 1
                for letter in part:
                    place += 2 if letter == "|" and typed != part else 1
                    found.append(starts[line] + place)
            else:
                first = whole.find(part) if kind == "heading_open" else len(whole.rstrip()) - len(part.rstrip())
                found += range(starts[line] + first, starts[line] + first + len(part))
            found.append(starts[line + 1] - 1)
        yield token, found


def placed_children(source: str) -> Iterator[tuple[Token, list[int]]]:
    """What the inline tokens of a text are made of, with the places of the letters of each inline token."""
    for token, places in inline_places(source, read(source)[0]):
        for child in token.children:
            yield child, places


@cache
def comment_places(source: str) -> tuple[tuple[int, int], ...]:
    """Where the comments of a text stand; what looks like one within code is none."""
    if "<!--" not in source:
        return ()
    starts = line_starts(source)
    found = []
    for token in read(source)[0]:
        if token.type == "html_block":
            first, end = starts[token.map[0]], starts[min(token.map[1], len(starts) - 1)]
            found += [match.span() for match in COMMENT.finditer(source[:end], first)]
    for child, places in placed_children(source):
        if child.type == "html_inline" and child.content.startswith("<!--"):
            first, end = child.meta["place"]
            found.append((places[first], places[end - 1] + 1))
    return tuple(sorted(found))


def comments(source: str) -> list[str]:
    """The comments of a text, in order."""
    return [source[first:end] for first, end in comment_places(source)]


@cache
def without_comments(source: str) -> str:
    """A text without its comments, which are for authors, and without the blank lines that they leave behind."""
    for first, end in reversed(comment_places(source)):
        before, behind = source[:first], source[end:]
        above, below = before.rstrip(" \t"), behind.lstrip(" \t")
        if above[-1:] in ("", "\n") and below[:1] in ("", "\n"):  # it had the line for itself
            before, behind = above.rstrip("\n"), below.lstrip("\n")
            blank = len(above) - len(before) + len(below) - len(behind)
            before += "\n" * min(blank, 2) if before and behind else ""
        source = before + behind
    return source


def with_addresses(source: str, new: Callable[[str, str], str | None]) -> str:
    """A text in which the addresses of links and images are replaced; nothing else changes.

    Args:
        new: takes the kind, ``link_open`` or ``image``, and the address as a file's name; returns the new one, or None
            when it stays.
    """
    changes = []
    for child, places in placed_children(source):
        if found := child.meta.get("destination"):
            old = child.attrs["href" if child.type == "link_open" else "src"]
            if (address := new(child.type, unquote(old))) is not None:
                changes.append((places[found[0]], places[found[1] - 1] + 1, address))
    return changed(source, changes)


def published(source: str) -> str:
    """A text as editions hold it: without comments, and with alt texts in which ``2*u, 3*u`` has no emphasis.

    A page would leave out the signs of emphasis: an alt text has letters only.
    """
    source, changes = without_comments(source), []
    for child, places in placed_children(source):
        if child.type == "image" and any(part.type in EMPHASIS for part in child.children or ()):
            first, end = child.meta["place"][0] + 2, child.meta["place"][0] + 2 + len(child.content)
            label = source[places[first] : places[end - 1] + 1]
            changes.append((places[first], places[end - 1] + 1, re.sub(r"(?<!\\)([*_])", r"\\\1", label)))
    return changed(source, changes)


def changed(source: str, changes: list[tuple[int, int, str]]) -> str:
    """A text with other letters at these places."""
    for first, end, letters in sorted(changes, reverse=True):
        source = source[:first] + letters + source[end:]
    return source
