"""What hinders readers: text that hardly stands out from what lies behind it, and what axe-core finds."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from builder.quality.browser import THEMES, axe_faults

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

# Takes out the elements that only colour code and set formulas.
FLATTEN = """() => {
  const formulas = [...document.querySelectorAll(".katex-html")].map((formula) => [formula, formula.getBoundingClientRect()]);
  for (const [formula, { width, height }] of formulas) {
    formula.style.cssText = `display: inline-block; width: ${width}px; height: ${height}px`;
    formula.replaceChildren();
  }
  for (const formula of document.querySelectorAll(".katex-mathml")) {
    formula.textContent = formula.querySelector("annotation")?.textContent ?? "";
  }
  for (const span of document.querySelectorAll("pre span:not([id], [role], [tabindex])")) span.replaceWith(...span.childNodes);
}"""


def hindrances(page: Page, within: str | None = None) -> list[str]:
    """What hinders readers in a page, or in the parts of it that a selector names, in both themes.

    axe-core looks last, and at a page from which the thousands of elements are gone that only colour code and set formulas: they tell
    it nothing and take four fifths of its time. Contrast, which needs them, is measured before, and not by axe.
    """
    found = []
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {text}" for text in page.evaluate(FAINT, within)]
    page.evaluate(FLATTEN)
    return found + axe_faults(page, Axe(), leave_out=("color-contrast",), within=within)
