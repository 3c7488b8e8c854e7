"""How tests open a page that has live figures and questions."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from support import settle

HERE = Path(__file__).parent
EVERYWHERE = ("language", "language of the page", "lesson", "device")  # what most tests are tried with

DESKTOP = {"width": 1440, "height": 900}
# Storage that is full, and storage that a reader has switched off: then the browser throws at its name.
WITHOUT_STORAGE = {
    "full": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    "off": """Object.defineProperty(window, "localStorage", {
        configurable: true, get() { throw new DOMException("off", "SecurityError"); } })""",
}


@pytest.hookimpl(tryfirst=True)  # before pytest looks for the mark "prove"
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What a test is tried with takes turns: each page or case comes up once, languages and devices change from test to test.

    All combinations are for `make prove`.
    """
    tests: dict[str, list[pytest.Item]] = {}
    for item in items:
        if hasattr(item, "callspec") and item.path.parent == HERE and not item.get_closest_marker("prove"):
            tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for first, tried in enumerate(tests.values()):
        choices = {item: choices_of(item) for item in tried}
        axes = dict.fromkeys(axis for choice in choices.values() for axis in choice)
        values = {axis: list(dict.fromkeys(choice.get(axis) for choice in choices.values())) for axis in axes}
        cases = [axis for axis in axes if axis not in EVERYWHERE]
        longest = max(cases, key=lambda axis: len(values[axis]), default=None)
        for turn, value in enumerate(values.get(longest, [None]), first):
            its_turn = {}
            for axis in axes:
                if axis != longest:
                    turn, place = divmod(turn, len(values[axis]))
                    its_turn[axis] = values[axis][place]
            of_value = [item for item in tried if choices[item].get(longest) == value]
            kept = max(of_value, key=lambda item: len(its_turn.items() & choices[item].items()))
            for item in of_value:
                if item is not kept:
                    item.add_marker(pytest.mark.prove)


def choices_of(item: pytest.Item) -> dict[str, str]:
    """With what a test is tried: its parameters, and a page's language apart from its name."""
    choices = {name: repr(value) for name, value in item.callspec.params.items()}
    if "name" in choices:
        language, _, choices["name"] = item.callspec.params["name"].rpartition("/")
        choices |= {"language of the page": language} if language else {}
    return choices


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
