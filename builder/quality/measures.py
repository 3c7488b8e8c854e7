"""What a reader meets in a page, measured in the browser: for `make audit`, and for the tests that hold it.

What stands in capitals is a function in JavaScript, for ``page.evaluate``.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from playwright.sync_api import Browser, Page

from .browser import THEMES, stay

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
CHARACTERS_WANTED = {"en": (66, 83), "ko": (36, 44)}  # the median of a line on a desk
KINDS = ("HTML", "CSS", "script", "fonts", "images")

# The boxes of code and of what it prints that are wider than their frame, and so are cut; what is folded and shut has no width.
CUT = """() => [...document.querySelectorAll("article pre")]
  .filter((pre) => pre.scrollWidth > pre.clientWidth).map((pre) => pre.textContent)"""

# How far below the top of the page its first figure begins; null without one.
FIRST_FIGURE = """() => {
  const figures = [...document.querySelectorAll("article :is(.key-figure img, figure .live, figure img, .chapter-cards img)")];
  const first = figures.find((figure) => figure.checkVisibility() && figure.getBoundingClientRect().height);
  return first ? Math.round(first.getBoundingClientRect().top + scrollY) : null;
}"""

# How many characters the lines of paragraphs hold, but for the last of each.
CHARACTERS = """() => [...document.querySelectorAll("article section > p:not([class])")].flatMap((paragraph) => {
  if (paragraph.querySelector(".katex, code") || !paragraph.checkVisibility()) return [];
  const lines = [], range = document.createRange(), texts = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let bottom = 0;
  while (texts.nextNode()) for (let place = 0; place < texts.currentNode.length; place++) {
    range.setStart(texts.currentNode, place);
    range.setEnd(texts.currentNode, place + 1);
    const box = range.getBoundingClientRect();
    if (box.top >= bottom) lines.push(0), bottom = box.bottom - 2;
    lines[lines.length - 1]++;
  }
  return lines.slice(0, -1);
}).sort((one, other) => one - other)"""


TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# Entries of the page's contents: which is marked, and between which ones the section being read has to be: the last one above
# the place where a link brings a heading, and the last one in the upper third; at the end of the page the last of all.
MARKED = """() => {
  const links = [...document.querySelectorAll(".toc-tree a")];
  const parts = links.map((link) => document.querySelector(link.hash || "article section"));
  const marks = links.filter((link) => link.ariaCurrent === "true");
  const above = (y) => Math.max(0, parts.findLastIndex((part) => part.firstElementChild.getBoundingClientRect().top <= y));
  const end = scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
  const landing = parseFloat(getComputedStyle(parts[0]).scrollMarginTop);
  return {
    marks: marks.length, here: links.indexOf(marks[0]), first: above(landing), end, number: links.length, y: scrollY,
    last: end ? links.length - 1 : above(innerHeight / 2), lines: [...document.querySelectorAll(".here")].map((e) => e.innerText),
    bold: document.querySelectorAll(".toc-tree .scroll-current").length, shown: marks[0]?.getBoundingClientRect().top,
  };
}"""

# What has been loaded, as it was sent: bytes by kind.
WEIGHT = """() => {
  const kinds = { css: "CSS", js: "script", woff2: "fonts", svg: "images", png: "images" };
  const bytes = { HTML: performance.getEntriesByType("navigation")[0].encodedBodySize };
  for (const { name, encodedBodySize } of performance.getEntriesByType("resource")) {
    const kind = kinds[new URL(name).pathname.split(".").at(-1)] ?? "other";
    bytes[kind] = (bytes[kind] ?? 0) + encodedBodySize;
  }
  return bytes;
}"""

# What text has too little contrast with what lies behind it. Measured for every piece of text that can be seen, in the whole
# page or in the parts that a selector names.
FAINT = """(within) => {
  const numbers = (colour) => { const c = colour.match(/[\\d.]+/g).map(Number); return c.length < 4 ? [...c, 1] : c; };
  const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
  const light = (colour) => {
    const [r, g, b] = colour.map((c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const canvas = document.documentElement.appendChild(document.createElement("i"));
  canvas.style.backgroundColor = "Canvas";
  // Many pieces of text share their ancestors, and asking for a style is slow.
  const kept = (find) => { const known = new Map(); return (e) => known.has(e) ? known.get(e) : known.set(e, find(e)).get(e); };
  const behind = kept((element) => {
    const own = numbers(getComputedStyle(element ?? canvas).backgroundColor);
    return own[3] === 1 ? own.slice(0, 3) : over(own, behind(element.parentElement));
  });
  const opacity = kept((element) => element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1);
  const contrast = kept((element) => {
    const colour = numbers(getComputedStyle(element).color), ground = behind(element);
    colour[3] *= opacity(element);
    const [dark, bright] = [light(over(colour, ground)), light(ground)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  });
  const apart = kept((element) => element.closest("script, style, svg, template, .katex-mathml") || (within && !element.closest(within))
    || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  const faint = new Set(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || apart(element) || contrast(element) >= 4.5) continue;
    faint.add(`${contrast(element).toFixed(2)} ${element.className} ${texts.currentNode.data.slice(0, 30)}`);
  }
  return [...faint];
}"""


def at_every_place(page: Page) -> tuple[int, list[dict]]:
    """How many places of a page were looked at, down and up by steps that meet all sections, and where the mark is wrong."""
    page.evaluate(TWO_FRAMES)
    height = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    places, wrong = [*range(0, height, 370), height, *range(height, 0, -930), 0], []
    for y in places:
        page.evaluate(f"scrollTo(0, {y})")
        page.evaluate(TWO_FRAMES)
        seen = page.evaluate(MARKED)
        one = seen["marks"] == seen["bold"] == 1 and seen["first"] <= seen["here"] <= seen["last"]
        in_view = seen["here"] == 0 or 0 < (seen["shown"] or 0) < page.viewport_size["height"]
        if not one or not in_view or (seen["end"] and seen["here"] != seen["number"] - 1):
            wrong.append(seen)
    return len(places), wrong


@dataclass
class Measures:
    """What was measured in one page; what it does not have is None."""

    language: str
    wider: tuple[int, int]  # boxes of code, on a phone and on a desk
    characters: list[int]  # of each line of text on a desk, in order of length
    places: int
    wrong: list[dict]
    first_figure: tuple[int | None, int | None]
    faint: list[str]
    weight: dict[str, int]  # bytes by kind, as they are sent

    HEAD: ClassVar = ["wider 390", "wider 1440", "letters", "95 %", "mark right %", "figure 390", "figure 1440", "faint",
            *(f"{kind} KiB" for kind in KINDS)]  # fmt: skip

    def at(self, share: float) -> int | None:
        """The length of a line that this share of all lines does not exceed."""
        return self.characters[int(len(self.characters) * share)] if self.characters else None

    def cells(self) -> list[str]:
        right = f"{100 * (1 - len(self.wrong) / self.places):.0f}" if self.places else None
        found = [*self.wider, self.at(0.5), self.at(0.95), right, *self.first_figure, len(self.faint)]
        kib = (f"{self.weight.get(kind, 0) / 1024:.0f}" for kind in KINDS)
        return [*("–" if value is None else str(value) for value in found), *kib]

    def misses(self) -> list[str]:
        """The marks that the page misses."""
        found = [f"{self.wider[1]} boxes of code are wider than their frame at 1440"] if self.wider[1] else []
        least, most = CHARACTERS_WANTED.get(self.language, (0, 999))
        if len(self.characters) > 10 and not least <= self.at(0.5) <= most:
            found.append(f"a line has {self.at(0.5)} letters, not {least} to {most}")
        found += [f"another section than {one['here']} is read at {one['y']:.0f} px" for one in self.wrong]
        return found + [f"contrast {text}" for text in self.faint]


@contextlib.contextmanager
def opened(browser: Browser, address: str, size: dict) -> Iterator[Page]:
    with browser.new_context(viewport=size, color_scheme="light") as context:
        page = context.new_page()
        stay(page)
        page.goto(address)  # up to its end: on a busy machine the network rests before the scripts are asked for
        page.wait_for_load_state("networkidle")
        yield page


def at_width(page: Page) -> tuple[int, int | None, list[str]]:
    """What depends on the width: boxes that are too wide, the place of the first figure, faint text in both themes."""
    figure, faint = page.evaluate(FIRST_FIGURE), []
    page.evaluate("document.querySelectorAll('article details').forEach((part) => { part.open = true; })")
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        faint += [f"{page.viewport_size['width']}, {theme}: {text}" for text in page.evaluate(FAINT, None)]
    return len(page.evaluate(CUT)), figure, faint


def measure(browser: Browser, address: str) -> Measures:
    """Measure a page on a phone and on a desk, in both themes."""
    with opened(browser, address, PHONE) as page:
        weight = page.evaluate(WEIGHT)  # before anything is scrolled, or loaded for the other theme
        phone = at_width(page)
    with opened(browser, address, DESK) as page:
        language, characters = page.evaluate("document.documentElement.lang"), page.evaluate(CHARACTERS)
        places, wrong = at_every_place(page) if page.locator(".toc-tree a").count() else (0, [])
        page.evaluate("scrollTo(0, 0)")
        desk = at_width(page)
    wider, figure, faint = zip(phone, desk)
    return Measures(language, wider, characters, places, wrong, figure, [*faint[0], *faint[1]], weight)
