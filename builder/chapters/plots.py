"""Plots: the SVG that Matplotlib writes, as a chapter keeps it and as a page shows it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from figures.colours import COLOURS, LAYER_COLOURS

BY_MATPLOTLIB = "https://matplotlib.org/"  # what it says of itself
SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
NUMBER = re.compile(r"-?\d+\.\d+")
REFERENCE = re.compile(r"url\(#([^)]+)\)")
PIXELS = 96 / 72  # of a point


def tidy(svg: str) -> str:
    """A plot as a chapter keeps it: the same in every run, small, and of parts that no front end takes out.

    Matplotlib names parts at random, says when it drew, and refers to each letter by its name; GitHub shows none of what is
    referred to. Another SVG stays as it is.
    """
    if BY_MATPLOTLIB not in svg:
        return svg
    try:
        return "\n".join(Tidy(ElementTree.fromstring(svg)).lines()) + "\n"
    except (ElementTree.ParseError, ValueError, RecursionError):  # not as Matplotlib leaves it
        return svg


class Tidy:
    """The lines of a tidy plot."""

    def __init__(self, root: ElementTree.Element):
        self.root = root
        self.named = {element.get("id"): element for element in root.iter() if element.get("id")}
        wanted = {
            name for element in root.iter() for text in element.attrib.values() for name in REFERENCE.findall(text)
        }
        self.ids: dict[str, str] = {}  # of what is referred to; the new ones depend on what it is
        for name in wanted & self.named.keys():
            content = "".join(self.element(self.named[name], {}))
            self.ids[name] = f"p{hashlib.sha256(content.encode()).hexdigest()[:8]}"

    def lines(self) -> Iterator[str]:
        width, height = (number(float(self.root.get(side, "").removesuffix("pt"))) for side in ("width", "height"))
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}pt" '
            f'height="{height}pt" viewBox="0 0 {width} {height}" stroke-linejoin="round">'
        )
        for new, name in sorted({new: name for name, new in self.ids.items()}.items()):
            yield from self.element(self.named[name], {"id": new})
        yield from self.children(self.root)
        yield "</svg>"

    def children(self, element: ElementTree.Element) -> Iterator[str]:
        for child in element:
            if child.tag not in (f"{SVG}metadata", f"{SVG}defs"):
                yield from self.element(child, {})

    def element(self, element: ElementTree.Element, given: dict[str, str]) -> Iterator[str]:
        """The lines of an element, with the attributes ``given`` where it has none of its own."""
        own = self.attributes(element)
        if element.tag == f"{SVG}use" and (target := self.named.get(element.get(LINK, "")[1:])) is not None:
            moved = f"translate({own.pop('x', '0')} {own.pop('y', '0')})"
            transform = [own.pop("transform", ""), moved if moved != "translate(0 0)" else "", target.get("transform")]
            if target.tag != f"{SVG}path":
                raise ValueError(f"Matplotlib refers to outlines of letters and markers only, not to {target.tag}.")
            own.pop("xlink:href")
            own["transform"] = " ".join(rounded(part) for part in transform if part)
            yield from self.element(target, {name: value for name, value in own.items() if value})
            return
        own = {**own, **given} if "transform" in given else {**given, **own}
        inside = list(self.children(element))
        name = element.tag.removeprefix(SVG)
        if name == "g" and not own:
            yield from inside
        elif name != "g" or inside:
            start = "".join(f" {key}={quoteattr(value)}" for key, value in own.items())
            yield from [f"<{name}{start}>", *inside, f"</{name}>"] if inside else [f"<{name}{start}/>"]

    def attributes(self, element: ElementTree.Element) -> dict[str, str]:
        found = {key: value for key, value in element.attrib.items() if key not in ("id", "style", LINK)}
        if LINK in element.attrib:
            found["xlink:href"] = element.attrib[LINK]
        for rule in element.get("style", "").split(";"):
            key, colon, value = rule.partition(":")
            if colon:
                found[key.strip()] = value.strip()
        if "d" in found:
            found["d"] = re.sub(r" ?([A-Za-z]) ?", r"\1", " ".join(found["d"].split()))
        return {key: REFERENCE.sub(self.new_name, rounded(value)) for key, value in found.items()}

    def new_name(self, reference: re.Match) -> str:
        return f"url(#{self.ids.get(reference[1], reference[1])})"


def rounded(text: str) -> str:
    """The same text with shorter numbers."""
    return NUMBER.sub(lambda match: number(float(match[0])), text) if not text.startswith("data:") else text


def number(value: float) -> str:
    """To a hundredth of a point; what is less than one may scale something, and keeps six digits."""
    return f"{round(value, 2 if abs(value) >= 1 else 6) + 0:.6f}".rstrip("0").rstrip(".")


def themed(svg: str) -> str:
    """A plot as pages, PDF and EPUB show it: in the ink of the drawings, and in their dark colours on a dark page.

    In a notebook it stays black on white, whatever surrounds it.
    """
    head = re.match(r'(<svg [^>]*?)width="([0-9]{1,5}(?:\.[0-9]+)?)pt" height="([0-9]{1,5}(?:\.[0-9]+)?)pt"', svg)
    if not head:
        return svg
    width, height = (round(float(points) * PIXELS) for points in head.groups()[1:])
    svg = f'{head[1]}width="{width}" height="{height}"{svg[head.end() :]}'.replace("#000000", COLOURS["ink"].light)
    pairs = [(colour.light, colour.dark) for colour in COLOURS.values()]
    pairs += [(colour, COLOURS["ink"].dark) for colour in LAYER_COLOURS.values() if colour == "black"]
    dark = "".join(
        f'[{use}="{light}"]{{{use}:{dark}}}'
        for light, dark in pairs
        for use in ("fill", "stroke")
        if f'{use}="{light}"' in svg
    )
    ink = COLOURS["ink"]
    style = f"<style>svg{{fill:{ink.light}}}@media (prefers-color-scheme:dark){{svg{{fill:{ink.dark}}}{dark}}}</style>"
    return svg.replace(">", f">\n{style}", 1)
