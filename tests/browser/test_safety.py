"""The pages run nothing but the site's own scripts: what their policy says, and that the browser keeps to it."""

from __future__ import annotations

import base64
import hashlib

import pytest
from selectolax.lexbor import LexborHTMLParser

from builder.quality.links import parsed
from support import CHAPTERS, LANGUAGES, settle, wait_until

NAMES = [*(path.stem for path in CHAPTERS), "lab"]
PAGES = ["index.html", "404.html", *(f"{language}/{name}.html" for language in LANGUAGES for name in NAMES)]
DATA = ("application/ld+json", "application/json")  # what a browser does not run


def policy(page: LexborHTMLParser) -> dict[str, list[str]]:
    """What the page's content security policy allows: kind -> sources."""
    (meta,) = page.css('head > meta[http-equiv="Content-Security-Policy"]')
    kinds = (kind.split() for kind in meta.attributes["content"].split(";"))
    return {kind: sources for kind, *sources in kinds}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_allows_its_own_scripts_and_nothing_else(site, name):
    page = parsed(site / name)
    bound = page.css("meta[http-equiv], script, link, style")
    assert bound[0].tag == "meta", "the policy holds only for what comes after it"
    allowed = policy(page)
    assert allowed["default-src"] == allowed["base-uri"] == allowed["form-action"] == ["'none'"]
    inline = [tag.text() for tag in page.css("script:not([src])") if tag.attributes.get("type") not in DATA]
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in inline}
    scripts = set(allowed.get("script-src", []))
    assert {source for source in scripts if source.startswith("'sha")} == hashes, "put these into the template"
    assert scripts - hashes <= {"'self'", "'wasm-unsafe-eval'"}
    assert all(source[0] == "'" or source == "data:" for sources in allowed.values() for source in sources)
    for tag in page.css("*"):
        assert not [name for name in tag.attributes if name.startswith("on")], tag.html


@pytest.fixture
def open_page(browser, address):
    """Open a page and collect what its console says; extra text can be put at the end of its body first."""
    context = browser.new_context()

    def open_page(name: str, injected: str = ""):
        page, said = context.new_page(), []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        if injected:

            def inject(route):
                answer = route.fetch()
                route.fulfill(response=answer, body=answer.text().replace("</body>", f"{injected}</body>"))

            page.route(f"**/{name}", inject)
        settle(page, lambda: page.goto(f"{address}{name}"))
        return page, said

    yield open_page
    context.close()


@pytest.mark.parametrize("name", ["index.html", "404.html", "ko/lstm.html", "en/models.html", "en/lab.html"])
def test_the_browser_has_nothing_to_complain_of(open_page, name):
    page, said = open_page(name)
    assert said == []
    if "/" in name:  # the theme, the search and the pictures work
        assert page.evaluate("document.body.dataset.theme") == "auto"
        page.keyboard.press("/")
        page.locator("dialog input[type=search]").fill("gate")
        page.locator("dialog li").first.wait_for()
        assert page.evaluate("[...document.images].every((image) => (image.loading = 'eager', true))")
        wait_until(page, "[...document.images].every((image) => image.complete && image.naturalWidth)")
        # Of fonts on the reader's machine none may be there.
        own = "[...document.fonts].filter((font) => !/^book sans until then$/i.test(font.family))"
        assert page.evaluate(f"document.fonts.ready.then(() => {own}.every((font) => font.status !== 'error'))")
        assert said == []


ATTACKS = {
    "a script in the page": "<script>window.harmed = 1</script>",
    "an attribute": '<img src="data:," onerror="window.harmed = 1">',
    "a script from elsewhere": '<script src="https://example.org/x.js"></script>',
    "a script as data": '<script src="data:text/javascript,window.harmed=1"></script>',
    "a frame": '<iframe src="https://example.org/"></iframe>',
    "another base": '<base href="https://example.org/">',
}


@pytest.mark.parametrize("name", ["ko/lstm.html", "en/lab.html", "404.html"])
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_what_somebody_puts_into_a_page_does_not_run(open_page, name, attack):
    page, said = open_page(name, attack)
    assert page.evaluate("window.harmed === undefined")
    assert page.evaluate("document.baseURI === location.href")
    for _ in range(100):  # the browser says it in its own time
        if any("Content Security Policy" in text for text in said):
            return
        page.wait_for_timeout(100)
    raise AssertionError(said)
