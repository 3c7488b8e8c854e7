"""What hinders readers: text that hardly stands out from what lies behind it, and what axe-core finds."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from builder.quality.browser import THEMES, axe_faults
from builder.quality.measures import FAINT

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
