"""The system's Chromium, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, sync_playwright

from ..messages import Refused

WIDTHS = {"phone": 360, "desktop": 1440}
THEMES = ("light", "dark")
FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
if hasattr(os, "geteuid") and os.geteuid() == 0:
    FLAGS.append("--no-sandbox")  # Chromium refuses to start for root with it


BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WITHOUT_WINDOWS = "chromium-headless-shell"  # the same pages without windows and menus, in a third of the time


def chromium(*names: str) -> str:
    """The program file of a Chromium or Chrome of this computer: the first of these names, else any that is known."""
    for name in (os.environ.get("CHROME_PATH"), *names, *BROWSERS):
        if name and (path := shutil.which(name)):
            return path
    raise Refused(
        "No Chromium was found. Install it (Debian: apt install chromium), or name a Chrome: export CHROME_PATH=…"
    )


@contextlib.contextmanager
def browse() -> Iterator[Browser]:
    """The system's Chromium, driven by Playwright.

    Raises:
        Refused: there is none, or it does not start.
    """
    with sync_playwright() as playwright:
        program = chromium(WITHOUT_WINDOWS)
        try:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        except Error as error:
            said = error.message.splitlines()[0]
            raise Refused(f"{program} does not start as a Chromium ({said}). Name one: export CHROME_PATH=…") from None
        yield browser
        browser.close()


def stay(page: Page) -> None:
    """Leave the script out of the landing page, which would lead on to an edition."""

    def leave_out_script(route: Route) -> None:
        landing = route.fetch()
        route.fulfill(response=landing, body=re.sub(r"<script>.*?</script>", "", landing.text(), flags=re.S))

    page.route(re.compile(r":\d+/index\.html"), leave_out_script)


def open_page(context: BrowserContext, address: str) -> Page:
    """Open a page as a whole: its collapsed parts are opened, and what is far from view has its buttons too."""
    page = context.new_page()
    stay(page)
    page.goto(address)
    lay_out(page)
    return page


def lay_out(page: Page) -> None:
    """Lay a page out as a whole, with all that is collapsed or waits until it is near view."""
    page.add_style_tag(content="* { content-visibility: visible !important }")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab' }))")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def axe_faults(page: Page, axe: Axe, leave_out: tuple[str, ...] = (), within: str | None = None) -> list[str]:
    """What axe-core finds on an open page: rule, the first of the places, and what to do.

    Args:
        leave_out: rules that are not looked at.
        within: selector of the part that is looked at.
    """
    options = {"resultTypes": ["violations"], "rules": {rule: {"enabled": False} for rule in leave_out}}
    return [
        f"{rule['id']}, {len(rule['nodes'])} times, first at {rule['nodes'][0]['target'][-1]}: {rule['help']}"
        for rule in axe.run(page, context=within, options=options).response["violations"]
    ]


def axe_everywhere(browser: Browser, axe: Axe, address: str) -> list[str]:
    """What axe-core finds on a page on a phone in the light theme and on a desktop in the dark one."""
    found = []
    for (device, width), theme in zip(WIDTHS.items(), THEMES):
        with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme) as context:
            faults = axe_faults(open_page(context, address), axe)
            found += [f"{device}, {theme} theme: {fault}" for fault in faults]
    return found
