"""How tests open a page that has live figures and questions."""

from __future__ import annotations

import time

import pytest

from support import LANGUAGES, settle

DESKTOP = {"width": 1440, "height": 900}
# Storage that is full, and storage that a reader has switched off: then the browser throws at its name.
WITHOUT_STORAGE = {
    "full": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    "off": """Object.defineProperty(window, "localStorage", {
        configurable: true, get() { throw new DOMException("off", "SecurityError"); } })""",
}


@pytest.hookimpl(tryfirst=True)  # before pytest looks for the mark "prove"
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test marked "turns", pages take languages and devices by turns; the rest is for `make prove`."""
    pages: dict[str, int] = {}
    for item in items:
        if item.get_closest_marker("turns"):
            language, _, page = item.callspec.params["name"].rpartition("/")
            turn = pages.setdefault(page, len(pages)) + item.callspec.indices.get("device", 0)
            if (turn + (LANGUAGES.index(language) if language else 0)) % 2:
                item.add_marker(pytest.mark.prove)


@pytest.fixture(params=WITHOUT_STORAGE)
def without_storage(request) -> str:
    """A script that runs before those of a page and takes its memory away."""
    return WITHOUT_STORAGE[request.param]


@pytest.fixture
def visit(browser, address):
    """Open a page, whose console has to say nothing: ``visit("ko/lab.html?v=1", **options of its context)``.

    ``before`` is a script that runs first; ``beside`` a page with which it shares what the browser remembers; what has an
    address like ``late`` comes a second late. What the page has asked for stands in its ``asked``, as addresses below that
    of the site.
    """
    contexts, said = [], []

    def visit(path: str, before: str = "", beside=None, late: str = "", **options):
        if beside is None:
            contexts.append(browser.new_context(**{"viewport": DESKTOP, **options}))
            contexts[-1].on("console", lambda message: said.append(message.text))
            contexts[-1].on("weberror", lambda error: said.append(str(error.error)))
        page = (beside.context if beside else contexts[-1]).new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url.removeprefix(address)))
        if before:
            page.add_init_script(before)
        if late:
            page.route(late, lambda route: (time.sleep(1), route.continue_()))
        settle(page, lambda: page.goto(f"{address}{path}"))
        return page

    yield visit
    for context in contexts:
        context.close()
    assert said == []
