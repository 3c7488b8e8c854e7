"""Styles: the one style sheet of an edition, without the rules of furo, KaTeX and the book that nothing on its pages uses.

A rule stays when each element, class and id that it asks for is a word that a page or a program uses: what a program will add
is a word of the program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

WORD = re.compile(r"[\w-]+")
OPAQUE = re.compile(r"""url\([^"')]*\)|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'""", re.S)  # in which signs mean nothing
BRACE = re.compile(r"[{}]")
END = re.compile(r"[{;}]|\Z")
ALTERNATIVES = re.compile(r":(?:is|not|where|has)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)")
ASKED = re.compile(r"(?:^|[.#\s>+~])(-?[A-Za-z_][\w-]*)")
FACE = re.compile(r"""font-family:\s*["']?([^;"'}]*)""")
ATTRIBUTE = re.compile(r"\[(?:\"[^\"]*\"|'[^']*'|[^]\"'])*\]")


def used(css: str, texts: Iterable[str]) -> str:
    """A style sheet with the rules that can apply where these texts, what pages use, programs and other sheets, are all there is."""
    words = {word for text in texts for word in WORD.findall(text)}
    css = "".join(rules(css, lambda selector: asked(selector) <= words))
    while css != (css := "".join(rest(css, words))):  # what is left out may have been all that asked for more
        pass
    return css


def statements(css: str) -> Iterator[tuple[str, str | None]]:
    """The parts of a sheet or a block, in order: what stands before the braces, and within; None when there are none."""
    masked = OPAQUE.sub(lambda part: "_" * len(part[0]), css)
    place = 0
    while place < len(css):
        start, place = place, (end := END.search(masked, place)).end()
        head, body, depth = css[start : end.start()].strip(), None, 1
        if end[0] == "{":
            while depth:
                brace = BRACE.search(masked, place)
                depth, place = depth + (1 if brace[0] == "{" else -1), brace.end()
            body = css[end.end() : place - 1]
        if head:
            yield head, body


def rules(css: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    """The rules that have a wanted selector, with none but these."""
    for head, body in statements(css):
        if body is None:
            yield f"{head};"
        elif head.startswith(("@media", "@supports")):
            if inside := "".join(rules(body, wanted)):
                yield f"{head}{{{inside}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        elif selectors := [selector for selector in listed(head) if wanted(selector)]:
            yield f"{','.join(selectors)}{{{body}}}"


def listed(selectors: str) -> list[str]:
    found, depth = [""], 0
    for letter in selectors:
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return [selector.strip() for selector in found]


def asked(selector: str) -> set[str]:
    """The elements, classes and ids without any of which the selector finds nothing."""
    return set(ASKED.findall(ALTERNATIVES.sub("", ATTRIBUTE.sub("", selector))))


def rest(css: str, named: set[str], whole: str = "") -> Iterator[str]:
    """A sheet without the properties that neither it nor a text names, and the fonts and movements that it does not."""
    whole = whole or re.sub(r"@(?:font-face\s*\{[^}]*\}|keyframes\s+[\w-]+)", "", css).lower()  # where they are used
    named = named | set(re.findall(r"var\(\s*(--[\w-]+)", css))
    for head, body in statements(css):
        name = FACE.search(body)[1].strip() if head == "@font-face" else head.removeprefix("@keyframes ")
        if body is None:
            yield f"{head};"
        elif head.startswith(("@media", "@supports")):
            yield f"{head}{{{''.join(rest(body, named, whole))}}}"
        elif not head.startswith("@"):
            parts = [part if inside is None else f"{part}{{{inside}}}" for part, inside in statements(body)]
            yield f"{head}{{{';'.join(part for part in parts if own_name(part) <= named)}}}"
        elif name.lower() in whole:  # minify writes the name of a font in small letters
            yield f"{head}{{{body}}}"


def own_name(declaration: str) -> set[str]:
    """The name that a declaration gives to a property of the book's own, ``--ink: #1f2328``; none when the property is CSS's."""
    return set(re.findall(r"^(--[\w-]+)\s*:", declaration))
