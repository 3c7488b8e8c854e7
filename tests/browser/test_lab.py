"""The shape lab as a reader uses it: mouse, keyboard, touch, pasted lines, addresses, without scripts."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from readable import hindrances
from support import LANGUAGES, ROOT, settle

PHONE, DESKTOP = {"viewport": {"width": 360, "height": 800}}, {"viewport": {"width": 1440, "height": 900}}
EACH = pytest.mark.parametrize("language", LANGUAGES)
MOST = 40 * 1024  # bytes, gzipped, of the programs of all live figures


def words(language: str) -> dict:
    return json.loads((ROOT / "live" / "lab" / f"words.{language}.json").read_text(encoding="utf-8"))


@pytest.fixture
def visit(visit):
    """Open the lab."""
    return lambda language, query="", **options: visit(f"{language}/lab.html{query}", **options)


def returned(page) -> list[str]:
    """Name and shape of what the page says comes back, in order."""
    return [
        " ".join(card.locator("h3 code, .lab-shape code").all_text_contents())
        for card in page.locator(".lab-cards > li").all()
    ]


def line(page) -> str:
    return page.locator("#lab-written").text_content()


# -- what stands there first ------------------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_first_state_is_there_also_without_scripts(visit, language, scripts):
    page = visit(language, java_script_enabled=scripts)
    assert returned(page) == ["y (1, 4, 6)"]
    assert line(page) == "y = Bidirectional(LSTM(3, return_sequences=True))(x)"
    table = page.locator(".lab-cards table")
    assert table.is_visible() and table.locator("[data-t]").count() == 24
    assert page.locator("#lab-code").is_visible() == scripts  # no control that does nothing
    assert page.locator("article noscript").is_visible() != scripts


@EACH
def test_the_scripts_change_nothing_at_the_start(visit, language):
    bare, full = visit(language, java_script_enabled=False), visit(language)
    texts = [page.locator("#lab-results").evaluate("(part) => part.textContent") for page in (bare, full)]
    assert texts[0] == texts[1]


def test_all_programs_of_lab_and_questions_together_are_light(site):
    pytest.importorskip("minify")
    for language in LANGUAGES:
        live = site / language / "_static" / "live"
        scripts = [path for path in live.rglob("*.js") if live / "run" not in path.parents]
        assert len(scripts) >= 7
        assert sum(len(gzip.compress(path.read_bytes())) for path in scripts) <= MOST


# -- changing ---------------------------------------------------------------------------------------------------------


@EACH
def test_a_switch_is_turned_with_the_keyboard(visit, language):
    page = visit(language)
    page.locator("#lab-0-return_state").focus()
    page.keyboard.press("ArrowDown")
    states = [f"{way}_{state} (1, 3)" for way in ("forward", "backward") for state in "hc"]
    assert returned(page) == ["y (1, 4, 6)", *states]
    assert page.evaluate("document.activeElement.id") == "lab-0-return_state"
    assert "forward_h" in page.locator("#lab-change").text_content()
    assert "l=bi.lstm.3.s.h" in page.url


@EACH
def test_a_switch_is_turned_with_the_mouse(visit, language):
    page = visit(language)
    page.locator("#lab-0-bidirectional").select_option("false")
    assert returned(page) == ["y (1, 4, 3)"]
    assert "(1, 4, 6) → (1, 4, 3)" in page.locator("#lab-change").text_content()
    page.locator("#lab-two-01").click()
    assert returned(page) == ["y (1, 3)", "h (1, 3)", "c (1, 3)"]
    assert page.locator("#lab-two-01").get_attribute("aria-pressed") == "true"
    page.locator(".lab-ghost button").click()
    assert returned(page) == ["y (1, 4, 3)", "h (1, 3)", "c (1, 3)"]


@EACH
def test_a_switch_is_turned_by_touch(visit, language):
    page = visit(language, **PHONE, has_touch=True, is_mobile=True)
    page.locator("#lab-two-11").tap()
    assert len(returned(page)) == 5
    page.locator(".lab-cards td[data-t]").first.tap()
    assert "→ x1" in page.locator("#lab-read").text_content() or "x1" in page.locator("#lab-read").text_content()


def test_numbers_are_typed_and_counted(visit):
    page = visit("en")
    units = page.locator("#lab-0-units")
    units.focus()
    page.keyboard.press("ArrowUp")
    assert returned(page) == ["y (1, 4, 8)"]
    units.fill("12")
    assert returned(page) == ["y (1, 4, 24)"] and units.input_value() == "12"
    page.locator("#lab-x-time").fill("2")
    assert returned(page) == ["y (1, 2, 24)"]
    units.fill("2000")
    assert returned(page) == ["y (1, 2, 4000)"]
    assert "2 × 4 × ((5 + 2000) × 2000 + 2000) = 32,096,000" in page.locator(".lab-formula").text_content()


@EACH
def test_what_a_length_of_the_input_changes_is_said_and_stays(visit, language):
    page = visit(language)
    told, change = words(language)["change"], page.locator("#lab-change")
    for key, length, what in (
        ("batch", "2", "y: (1, 4, 6) → (2, 4, 6)."),
        ("time", "3", "y: (2, 4, 6) → (2, 3, 6)."),
        ("features", "7", told["same"]),
    ):
        page.locator(f"#lab-x-{key}").fill(length)
        page.keyboard.press("Enter")  # the field says once more that it has changed
        assert change.text_content() == f"{what} {told['because'][key]}"
    page.locator("#lab-x-batch").press("ArrowUp")
    assert change.text_content() == f"y: (2, 3, 6) → (3, 3, 6). {told['because']['batch']}"


def test_a_layer_is_added_and_removed(visit):
    page = visit("en", "?v=1&l=bi.lstm.3")
    page.locator("[data-act=add]").click()
    assert page.locator("#lab-0-return_sequences").input_value() == "true"  # else the new layer had nothing to read
    assert returned(page) == ["y (1, 2)"]
    page.locator("#lab-0-return_sequences").select_option("false")
    assert "expected ndim=3, found ndim=2. Full shape received: (1, 6)" in page.locator("#lab-error").text_content()
    page.locator("[data-act=repair]").click()
    assert page.locator("#lab-error").is_hidden() and returned(page) == ["y (1, 2)"]
    page.locator("[data-act=remove]").first.click()
    assert line(page) == "y = LSTM(2)(x)"


@EACH
def test_an_impossible_choice_says_what_keras_says_and_keeps_the_last_state(visit, language):
    page = visit(language)
    before = page.url
    page.locator("#lab-0-go_backwards").select_option("true")
    error = page.locator("#lab-error")
    assert "should have different `go_backwards` value" in error.text_content()
    assert page.locator("#lab-0-go_backwards").get_attribute("aria-invalid") == "true"
    assert returned(page) == ["y (1, 4, 6)"] and page.url == before
    assert hindrances(page) == []
    error.locator("button").click()
    assert error.is_hidden() and page.locator("#lab-0-go_backwards").input_value() == "false"


@pytest.mark.parametrize("units", ["0", "-1"])
def test_impossible_units_are_refused_in_keras_words(visit, units):
    page = visit("en")
    page.locator("#lab-0-units").fill(units)
    assert f"expected a positive integer, got {units}" in page.locator("#lab-error").text_content()
    assert returned(page) == ["y (1, 4, 6)"]


@EACH
@pytest.mark.parametrize(
    ("field", "typed"),
    [("0-units", "10000"), ("x-time", "10000"), ("x-batch", "0"), ("x-features", "-5"), ("x-time", "2.5")],
)
def test_a_length_that_the_lab_does_not_reach_is_told_and_becomes_no_other(visit, language, field, typed):
    page = visit(language)
    before = page.url
    page.locator(f"#lab-{field}").fill(typed)
    page.keyboard.press("Tab")
    assert words(language)["error"]["length"].format(most=9999) in page.locator("#lab-error").text_content()
    assert page.locator(f"#lab-{field}").get_attribute("aria-invalid") == "true"
    assert returned(page) == ["y (1, 4, 6)"] and page.url == before
    page.locator(f"#lab-{field}").fill("7")
    assert page.locator("#lab-error").is_hidden() and page.url != before


# -- what a number has read -------------------------------------------------------------------------------------------


@EACH
def test_a_number_says_what_it_has_read(visit, language):
    page = visit(language)
    cells = page.locator(".lab-cards td[data-t]")
    cells.nth(0).focus()
    hint = page.locator("#lab-read")
    assert hint.text_content().startswith("y[0, 0, 0]") and re.search(r": x1\.$", hint.text_content())
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert hint.text_content().startswith("y[0, 0, 3]") and "x4 → x3 → x2 → x1" in hint.text_content()
    page.keyboard.press("ArrowDown")
    assert "x4 → x3 → x2." in hint.text_content()
    assert page.locator("tr[data-step].lit").count() == 3
    cells.nth(23).hover()
    assert hint.text_content().startswith("y[0, 3, 5]") and re.search(r": x4\.$", hint.text_content())


@EACH
def test_what_a_number_has_read_is_spoken_and_let_go(visit, language):
    page = visit(language)
    said, hint = page.locator("#lab-results ~ [role=status]"), page.locator("#lab-read")
    cells, rest = page.locator(".lab-cards td[data-t]"), words(language)["read"]["hint"]
    cells.first.focus()
    assert said.text_content() == hint.text_content() != rest
    page.keyboard.press("End")  # the last column, which the row's bars are in
    assert page.evaluate("document.activeElement.className") == "bars" and hint.text_content() == rest
    page.keyboard.press("ArrowLeft")
    assert hint.text_content().startswith("y[0, 0, 5]")
    colour = "cell => getComputedStyle(cell).backgroundColor"
    assert cells.nth(6).evaluate(colour) != cells.nth(5).evaluate(colour)  # the rest fades
    page.keyboard.press("Escape")
    assert page.locator(".told, .lit, [data-order]").count() == 0 and hint.text_content() == rest
    page.locator("h1").click()
    cells.nth(2).hover()
    assert page.locator(".told").count() == 1
    page.mouse.move(0, 0)
    assert page.locator(".told, .lit").count() == 0


@EACH
def test_whether_there_is_a_bias_is_chosen_in_the_line(visit, language):
    page = visit(language, "?v=1&l=gru.3.rb")
    assert page.locator("#lab-0-reset_after").input_value() == "false"
    page.locator("#lab-0-use_bias").select_option("false")
    told = words(language)["change"]
    assert page.locator("#lab-change").text_content() == f"{told['same']} {told['because']['use_bias=false']}"
    assert line(page) == "y = GRU(3, use_bias=False, reset_after=False)(x)"
    page.locator("#lab-0-type").select_option("LSTM")  # which has no reset_after
    assert line(page) == "y = LSTM(3, use_bias=False)(x)"
    assert page.locator("#lab-0-unit_forget_bias").input_value() == "true"


@EACH
def test_only_the_sentence_that_a_number_has_read_is_lit(visit, language):
    page = visit(language, "?v=1&l=bi.lstm.3.s&b=2")
    item = words(language)["axes"]["item"]
    inputs, outputs = page.locator("table.input"), page.locator(".lab-cards table")
    for row in (0, 1):
        outputs.nth(row).locator("[data-t]").nth(3).hover()
        assert page.locator("#lab-read").text_content().startswith(f"y[{row}, 0, 3]")
        assert [inputs.nth(k).locator(".lit").count() for k in (0, 1)] == ([4, 0] if row == 0 else [0, 4])
        assert page.locator("[data-order]").count() == 4
        for table in (inputs, outputs):
            assert table.nth(row).locator("caption").text_content() == f"{item} {row + 1}"


@EACH
def test_a_row_of_both_directions_says_which_half_has_read_what(visit, language):
    page = visit(language)
    read = words(language)["read"]
    halves = page.locator(".lab-cards th.bars span").all_text_contents()
    assert halves == list(read["halves"].values())
    row = page.locator(".lab-cards tbody .bars .vh").first.text_content()
    forward, backward = (
        read[way].format(steps=steps) for way, steps in (("forward", "x1"), ("backward", "x4 → x3 → x2 → x1"))
    )
    assert row == f"{halves[0]}, {forward} {halves[1]}, {backward}"
    page.locator("#lab-0-merge_mode").select_option("sum")  # now each number has read what both directions have
    assert page.locator(".lab-cards tbody .bars .vh").first.text_content() == f"{forward} {backward}"
    assert page.locator(".lab-cards th.bars span").count() == 0


@EACH
def test_a_number_that_did_not_come_back_says_which_switch_hands_it_back(visit, language):
    page = visit(language, "?v=1&l=lstm.3")
    hint, ghosts = page.locator("#lab-read"), page.locator(".lab-ghost td[data-t]")
    told = words(language)["ghost"]["button"].format
    ghosts.first.focus()
    assert hint.text_content().endswith(f"{told(key='return_sequences=True')}.")
    ghosts.last.hover()
    assert hint.text_content().endswith(f"{told(key='return_state=True')}.")
    page.locator(".lab-cards td[data-t]").first.hover()
    assert "=True" not in hint.text_content()


def test_a_masked_step_is_read_by_nothing(visit):
    page = visit("en")
    page.locator("#lab-mask-3").uncheck()
    assert "k=1110" in page.url and line(page).endswith("(x, mask=mask)")
    page.locator(".lab-cards td[data-t]").nth(0).hover()
    assert "x4" not in page.locator("#lab-read").text_content()
    page.locator("#lab-mask-3").check()
    assert "k=" not in page.url


# -- pasted lines, addresses, presets ---------------------------------------------------------------------------------


@EACH
def test_a_pasted_line_is_read(visit, language):
    page = visit(language)
    page.locator("#lab-paste summary").click()
    page.locator("#lab-text").fill("x = layers.GRU(7, return_sequences=True, dropout=0.2, name='g')(x)")
    page.locator("[data-act=paste]").click()
    assert returned(page) == ["y (1, 4, 7)"]
    left = words(language)["paste"]["left"]["argument"].format(names="dropout, name")
    assert left in page.locator("#lab-pasted").text_content()
    page.go_back()
    assert returned(page) == ["y (1, 4, 6)"]


REFUSED = {
    "": "empty",
    "LSTM(3": "unfinished",
    "Dense(3)": "no-layer",
    "Transformer(3)": "unknown-layer",
    "LSTM(units)": "unknown-name",
    "LSTM(10000)": "many",
    "GRU(2)\n" * 5: "many-layers",
    "LSTM(3, return_sequence=True)": "unrecognized-argument",
    "for i in range(3): LSTM(i)": "statement",
    "<img src=x onerror=alert(1)>": "syntax",
}


@EACH
def test_a_pasted_line_is_refused_by_name(visit, language):
    page = visit(language)
    page.locator("#lab-paste summary").click()
    for text, code in REFUSED.items():
        page.locator("#lab-text").fill(text)
        page.locator("[data-act=paste]").click()
        sentence = re.split(r"`?{\w+}`?", words(language)["paste"]["codes"][code])
        told = page.locator("#lab-pasted").text_content()
        assert all(part.replace("`", "") in told for part in sentence), (text, told)
        assert returned(page) == ["y (1, 4, 6)"] and page.locator("#lab-pasted img").count() == 0, text


@EACH
def test_an_address_is_a_state_in_every_language(visit, language):
    page = visit(language, "?v=1&l=lstm.3.s~gru.2.h&t=6&b=2")
    assert returned(page) == ["y (2, 2)", "h (2, 2)"]
    other = next(code for code in LANGUAGES if code != language)
    settle(page, page.locator(f'a[data-language="{other}"]').locator("visible=true").click)
    assert page.url.endswith(f"/{other}/lab.html?v=1&l=lstm.3.s~gru.2.h&t=6&b=2")
    assert returned(page) == ["y (2, 2)", "h (2, 2)"]


ADDRESSES = json.loads((ROOT / "tests" / "live" / "addresses.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("query", [address for address in ADDRESSES if address.startswith("v=1")][2:])
def test_a_state_survives_the_page(visit, query):
    page = visit("en", f"?{query}")
    start = page.locator("#lab-x-started")
    begun = start.input_value()
    for value in ("false" if begun == "true" else "true", begun):
        start.select_option(value)
    assert sorted(page.url.partition("?")[2].split("&")) == sorted(query.split("&"))


@EACH
@pytest.mark.parametrize(
    ("query", "key"),
    [("?v=1&l=dense.3", "lost"), ("?l=%E0%A4%A", "lost"), ("?v=9&l=bi.lstm.3.s&t=many", "refused")],
)
def test_nonsense_in_an_address_keeps_the_first_state(visit, language, query, key):
    page = visit(language, query)
    assert returned(page) == ["y (1, 4, 6)"]
    sentence = re.split(r"{\w+}", words(language)["address"][key])
    assert all(part in page.locator("#lab-change").text_content() for part in sentence)


def test_an_impossible_address_says_what_keras_says(visit):
    page = visit("en", "?v=1&l=bi.lstm.3.g")
    assert "go_backwards" in page.locator("#lab-error").text_content()
    assert returned(page) == ["y (1, 4, 6)"]


@EACH
def test_a_link_hides_what_a_class_should_find_out_until_it_is_asked_for(visit, language):
    page = visit(language, "?v=1&l=lstm.3.s&hide=shape.count")  # one of README's
    told, lab = words(language), page.locator("#lab")
    assert page.locator("#lab-change").text_content() == told["change"]["first"]  # nobody has changed anything
    assert "(1, 4, 3)" not in lab.inner_text() and "108" not in lab.inner_text()
    page.locator("#lab-0-return_state").select_option("true")
    assert page.locator("#lab-change").text_content() == told["hidden"]["changed"]
    assert not {"(1, 4, 3)", "(1, 3)"} & set(re.findall(r"\([\d, ]+\)", lab.inner_text()))
    assert hindrances(page) == []
    for key, shown in (("shape", "(1, 4, 3)"), ("count", "108")):
        page.get_by_role("button", name=told["hidden"]["show"][key]).click()
        assert shown in lab.inner_text() and page.evaluate("document.activeElement.id") == "lab-change"
    assert "hide" not in page.url and page.locator(".lab-presets").is_visible()


@EACH
def test_presets_lead_to_their_state_and_back(visit, language):
    """The switch of languages, too, then leads to what is seen."""
    page = visit(language)
    for name in ("five-values", "stack"):
        text = words(language)["presets"][name]["name"]
        page.get_by_role("link", name=text, exact=True).click()
    assert returned(page) == ["y (1, 2)"]
    page.go_back()
    page.wait_for_url("**l=bi.lstm.3.h")
    assert len(returned(page)) == 5
    switch = page.locator("a[data-language]").first
    assert switch.get_attribute("href").endswith("lab.html?v=1&l=bi.lstm.3.h")


def test_the_line_is_copied(visit):
    page = visit("en", permissions=["clipboard-read", "clipboard-write"])
    page.locator("#lab-copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == line(page)


@EACH
def test_a_kept_result_stands_beside_the_next(visit, language):
    page = visit(language, "?v=1&l=lstm.3.s")
    page.locator("#lab-keep").click()
    page.locator("#lab-0-return_state").select_option("true")
    table = page.locator("#lab-compared tbody")
    told = words(language)["compare"]
    assert [" ".join(row.locator("td").all_text_contents()) for row in table.locator("tr").all()] == [
        f"(1, 4, 3) (1, 4, 3) {told['same']}", f"– (1, 3) {told['only']}", f"– (1, 3) {told['only']}", f"108 108 {told['alike']}",
    ]  # fmt: skip
    assert page.url.endswith("l=lstm.3.s.h&c=lstm.3.s")
    page.locator("#lab-0-units").fill("4")
    assert told["shape"] in table.locator("tr").first.text_content()
    assert hindrances(page, "#lab-compared") == []
    page.locator("[data-act=drop]").click()
    assert table.count() == 0 and page.evaluate("document.activeElement.id") == "lab-keep"


# -- guess first ------------------------------------------------------------------------------------------------------


@EACH
def test_a_guess_comes_before_the_answer_and_is_told_its_slip(visit, language):
    page = visit(language, "?v=1&l=bi.lstm.3.h&predict=1")  # one of README's
    told, lab = words(language)["predict"], page.locator("#lab")
    assert returned(page) == [] and not re.search(r"\(1, \d\)|forward_h", lab.inner_text())
    page.locator("#lab-guess-count").fill("three")
    page.keyboard.press("Enter")
    assert page.locator("#lab-judged").text_content() == told["unread_count"]
    page.locator("#lab-guess-count").fill("3")
    page.keyboard.press("Enter")
    assert re.sub("`", "", told["slips"]["directions_forgotten"]) in page.locator("#lab-guess").text_content()
    assert page.evaluate("document.activeElement.id") == "lab-guess-0"
    assert hindrances(page) == []
    shapes = ["(6,)", "(1, 3)", "-1.3", "(1, 3)", "1 4"]
    for number, shape in enumerate(shapes):
        page.locator(f"#lab-guess-{number}").fill(shape)
    page.keyboard.press("Enter")
    assert page.locator("#lab-judged").text_content() == told["unread"]  # no shape has a minus
    assert page.evaluate("document.activeElement.id") == "lab-guess-2" and returned(page) == []
    page.locator("#lab-guess-2").fill("(1, 6)")
    page.keyboard.press("Enter")
    assert len(returned(page)) == 5 and page.locator(".lab-presets").is_visible()
    assert [item.get_attribute("class") for item in page.locator("#lab-change li").all()] == ["wrong", "right"] * 2 + [
        "wrong"
    ]
    assert page.evaluate("document.activeElement.id") == "lab-change"
    page.locator("#lab-0-return_state").select_option("false")
    assert returned(page) == [] and page.locator(".lab-presets").is_hidden()  # the next line, the next guess
    assert hindrances(page) == []
    page.locator("#lab-predict").uncheck()
    assert len(returned(page)) == 1 and "predict" not in page.url


# -- every reader -----------------------------------------------------------------------------------------------------


@EACH
def test_what_both_directions_have_read_fits_a_phone(visit, language):
    page = visit(language, **PHONE)
    box = page.locator(".lab-cards .lab-scroll").first
    assert box.evaluate("box => box.scrollWidth <= box.clientWidth")


@EACH
@pytest.mark.parametrize(
    "query", ["?v=1&l=bi.lstm.3.h", "?v=1&l=gru.12.s~bi.lstm.4.s.h.m-none&t=12&f=16&b=2&k=111111110000"]
)
@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_other_states_fit_and_can_be_read_by_all(visit, language, query, device):
    page = visit(language, query, **device)
    page.locator("#lab-paste summary").click()
    page.locator(".lab-cards td[data-t]").first.focus()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert hindrances(page) == []


def test_paper_shows_the_state_without_controls(visit):
    page = visit("en")
    page.emulate_media(media="print")
    assert page.locator("#lab-code").is_hidden() and page.locator("#lab-written").is_visible()
    assert page.locator(".lab-cards table").is_visible()
