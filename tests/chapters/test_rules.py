"""What the rules refuse, and how they say so."""

from __future__ import annotations

import json
import re
import shutil

import nbformat
import pytest

from builder.chapters.rules import RULES, figures, terms
from figures import catalogue
from support import ROOT, cell, code, link_to, load, run_builder, save, small_book, snapshot, twins, write


@pytest.fixture
def folder(tmp_path):
    return small_book(tmp_path / "book of mine", pages=False)


def problems(folder) -> str:
    """The text of all problems of a book; an empty one when there is none. Nothing may be written when there are any."""
    before = snapshot(folder)
    done = run_builder(folder, "check")
    assert snapshot(folder) == before and "Traceback" not in done.stderr
    return done.stderr


def test_the_real_book_has_no_problems(pytestconfig):
    if pytestconfig.getoption("--check"):
        pytest.skip("`make check` has looked already")
    assert run_builder(ROOT, "check").stderr == ""


def test_each_rule_says_in_one_sentence_what_it_holds():
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.says.endswith(".") and len(rule.says) < 160, rule.name


BAD_CELLS = {
    # what is done to the notebook `one` -> (what the message says, the cell that it names)
    "unknown tag": ("unknown tag 'lang-kr'. Did you mean 'lang-ko'?", "title-ko"),
    "tag typo": ("unknown tag 'lang_en'. Did you mean 'lang-en'?", "title-en"),
    "two languages": ("carries lang-ko and lang-en", "title-ko"),
    "tag on code": ("a code cell carries 'lang-ko'", "shape"),
    "missing twin": ("has no twin in English", "part-ko"),
    "missing first twin": ("has no twin in 한국어", "part-en"),
    "twins swapped": ("has no twin in", "part-en"),
    "heading level": ("its heading levels [2] differ from [3]", "part-ko"),
    "formula": ("its inline formulas differ", "title-ko"),
    "display formula": ("its display formulas differ", "part-ko"),
    "inline code": ("its inline code differ", "title-ko"),
    "figure": ("its figures differ", "part-ko"),
    "link": ("its link targets differ", "part-ko"),
    "table": ("its table cells differ", "part-ko"),
    "code block": ("its code blocks differ", "part-ko"),
    "collapsed part": ("its collapsed parts differ", "part-ko"),
    "not executed": ("was not executed. Run 'make record CHAPTER=one'.", "value"),
    "out of order": ("has execution count 7 instead of 2", "value"),
    "empty code": ("an empty code cell", "value"),
    "stderr": ("wrote to stderr: careful", "value"),
    "error": ("ends in ValueError: no", "value"),
    "address": ("prints a machine's path or address ('at 0x7f12ab34')", "value"),
    "path": ("prints a machine's path or address ('/home/m')", "value"),
    "directive": ("a directive of MyST, '```{note}'", "title-ko"),
    "colon fence": ("a directive of MyST, ':::{tip}'", "title-ko"),
    "role": ("a role of MyST, '{ref}`x`'", "title-ko"),
    "target": ("a target of MyST, '(here)='", "title-ko"),
    "missing image": ("there is no image book/images/gone.svg", "part-ko"),
    "no alt text": ("the figure images/dot.svg has no alt text", "part-en"),
    "no caption": ("the figure images/dot.svg has no caption", "part-en"),
    "image in a sentence": ("the figure images/dot.svg has no caption", "part-en"),
    "img tag": ("an <img> tag", "title-ko"),
    "plot without alt text": ("draws a plot that has no alt text in English", "shape"),
    "dead link": ("the link gone.ipynb leads nowhere", "part-ko"),
    "misspelt link": ("the link oen.ipynb leads nowhere. Did you mean one.ipynb?", "part-ko"),
    "collapsed part without end": ("a <details> without its end", "part-ko"),
    "exercise without tag": ("waits for an answer but has no tag 'exercise'", "value"),
    "number": ("quotes 0.25, which no cell of the chapter prints", "part-ko"),
    "number before a particle": ("quotes 0.75, which no cell of the chapter prints", "part-ko"),
    "number at the end": ("quotes 0.75, which no cell of the chapter prints", "part-en"),
    "import": ("imports pandas", "value"),
    "late import": ("imports scipy", "value"),
    "random id": ("has the random id 1a2b3c4d", "1a2b3c4d"),
    "English in Korean": ("has an English paragraph in a Korean cell: These five words are English", "part-ko"),
    "Korean in English": ("has Korean in a cell of another language: 값", "part-en"),
    "untagged words": ("has words and no language tag", "loose"),
    "alt in English": ("has an alt text in another language", "part-ko"),
    "alt of two words": ("has an alt text of less than four words: one dot here", "part-en"),
    "plot alt too short": ("has a plot alt in English", "shape"),
    "plain style": ("has a sentence that is not in 합니다체, near '다.'", "part-ko"),
    "familiar style 1": ("has a sentence that is not in 합니다체, near '먹어.'", "part-ko"),
    "familiar style 2": ("has a sentence that is not in 합니다체, near '해.'", "part-ko"),
    "familiar style 3": ("has a sentence that is not in 합니다체, near '보자!'", "part-ko"),
    "familiar style 4": ("has a sentence that is not in 합니다체, near '거야.'", "part-ko"),
    "polite style": ("has a sentence that is not in 합니다체, near '요.'", "part-ko"),
    "id without language": ("its id does not end in -ko", "part"),
    "ids of twins": ("its twin is called part-en", "section-ko"),
    "a sentence left out": ("its paragraphs differ", "part-ko"),
    "a list item left out": ("its list items differ", "part-ko"),
    "bold in one twin": ("its bold words differ", "part-ko"),
    "another number": ("its numbers differ from those of its twin, cell 5 (part-en) (only here: 0.5; only there: 0.50)", "part-ko"),
    "another integer": ("(only here: 7; only there: 8)", "part-ko"),
    "another shape": ("(only here: (1, 4, 12); only there: (1, 4, 13))", "part-ko"),
    "another percentage": ("(only here: 30; only there: 31)", "part-ko"),
    "a sentence of two left out": ("differ in sentences and length", "part-ko"),
    "part of a number": ("quotes 1.5, which no cell of the chapter prints", "part-ko"),
    "sign of a number": ("quotes -0.5, which no cell of the chapter prints", "part-ko"),
    "sign in a formula": ("quotes -0.5, which no cell of the chapter prints", "part-ko"),
    "more digits of a number": ("quotes 0.51, which no cell of the chapter prints", "part-ko"),
    "no solution": ("has no collapsed solution in 한국어 that defines answer", "value"),
    "no waiting": ("does not wait for an answer", "value"),
    "unfinished": ("says TODO", "part-ko"),
    "emoji": ("has the emoji", "part-ko"),
    "long line": ("a code line has 98 columns", "value"),
    "long line in a text": ("a code line has 98 columns", "part-ko"),
    "long cell": ("has 30 lines", "value"),
    "Korean comment": ("has a Korean comment: 값", "value"),
    "file written": ("calls save", "value"),
    "file read": ("calls open", "value"),
    "download": ("calls get_file", "value"),
    "no seed": ("does not call keras.utils.set_random_seed", "shape"),
    "training": ("trains and prints decimals", "value"),
    "own colour": ("draws with the colour #123456", "value"),
    "colour by name": ("draws with the colour crimson", "value"),
    "Korean behind a quotation mark": ("has a Korean comment: 값", "value"),
    "file in a folder of its own": ("calls save", "value"),
    "file by a path": ("calls open", "value"),
    "file of an array": ("calls tofile", "value"),
    "file after a temporary one": ("calls save", "value"),
    "program": ("calls system", "value"),
    "short hex colour": ("draws with the colour #f00", "value"),
    "colour of the cycle": ("draws with the colour C1", "value"),
    "colour in capitals": ("draws with the colour Crimson", "value"),
    "colour of a line": ("draws with the colour r--", "value"),
    "colours in a list": ("draws with the colour red", "value"),
    "colour in a style": ("draws with the colour tab:red", "value"),
    "colour in a function": ("draws with the colour pink", "value"),
    "colour in a name": ("draws with the colour #ff0000", "value"),
    "training by a function": ("trains and prints decimals", "value"),
    "star": ("has the emoji \u2b50", "part-ko"),
    "hourglass": ("has the emoji \u231b", "part-ko"),
    "private plane": ("holds the control character U+F0000", "part-ko"),
    "Hangul filler": ("holds the control character U+3164", "part-ko"),
    "no Python": ("is no Python: line 2: '(' was never closed", "value"),
    "magic within": ("is no Python: line 2", "value"),
    "null byte": ("is no Python", "value"),
    "line of a shell": ("has a line that only a notebook understands, '!pip install pandas'", "value"),
    "file by magic": ("has a line that only a notebook understands, '%%writefile a.py'", "value"),
    "magic of a shell": ("has a line that only a notebook understands, '%pip install pandas'", "value"),
    "dead anchor": ("one.ipynb has no heading #second-prt. Did you mean #second-part?", "part-ko"),
}  # fmt: skip


LETTERS = {"star": "\u2b50", "hourglass": "\u231b", "private plane": "\U000f0000", "Hangul filler": "a\u3164b"}

CODE = {
    "Korean behind a quotation mark": 'print("h")  # 값',
    "file in a folder of its own": 'folder = "."\nnp.save(folder + "/a", x)',
    "file by a path": 'Path("a").open("w")',
    "file of an array": 'x.tofile("a")',
    "file after a temporary one": "with tempfile.TemporaryDirectory() as folder:\n    x = 1\nfolder = '.'\nnp.save(folder, x)",
    "program": 'os.system("ls")',
    "short hex colour": 'plt.plot(x, color="#f00")',
    "colour of the cycle": 'plt.plot(x, color="C1")',
    "colour in capitals": 'plt.bar(x, y, color="Crimson")',
    "colour of a line": 'plt.plot(x, "r--")',
    "colours in a list": 'plt.bar(x, y, color=["black", "red"])',
    "colour in a style": 'style = {"color": "tab:red"}',
    "colour in a function": 'ax.set_facecolor("pink")',
    "colour in a name": 'warm = "#ff0000"',
    "training by a function": "def run():\n    return model.fit(x, y)\n\ndef again():\n    return run()\n\nprint(again())",
    "no Python": "x = 1\nprint((x)",
    "magic within": "if True:\n    %cd a",
    "null byte": "x = 1\0",
    "line of a shell": "!pip install pandas\nx = 1",
    "file by magic": "%%writefile a.py\nprint(1)",
    "magic of a shell": "%pip install pandas",
}


NUMBERS = {
    "another integer": ("유닛은 7개입니다.", "There are 8 units."),
    "another shape": ("형상은 (1, 4, 12)입니다.", "The shape is (1, 4, 13)."),
    "another percentage": ("30 %입니다.", "It is 31 %."),
    "a sentence of two left out": (
        "아래층의 상태가 위층의 입력입니다.",
        "The state of the layer below is what the layer above takes as its input. A second sentence, about something else, that "
        "the other text has not.",
    ),
    "part of a number": ("값은 1.5입니다.", "It is 1.5."),
    "sign of a number": ("값은 −0.5입니다.", "It is −0.5."),
    "sign in a formula": ("값은 $-0.5$입니다.", "It is $-0.5$."),
    "more digits of a number": ("값은 0.51입니다.", "It is 0.51."),
}


def spoil(notebook, how):
    korean, english = cell(notebook, "part-ko"), cell(notebook, "part-en")
    title, value = cell(notebook, "title-ko"), cell(notebook, "value")

    def add(more_korean, more_english=None):
        korean.source += f"\n\n{more_korean}"
        english.source += f"\n\n{more_korean if more_english is None else more_english}"

    if how == "unknown tag":
        title.metadata.tags = ["lang-kr"]
    elif how == "tag typo":
        cell(notebook, "title-en").metadata.tags = ["lang_en"]
    elif how == "two languages":
        title.metadata.tags = ["lang-ko", "lang-en"]
    elif how == "tag on code":
        cell(notebook, "shape").metadata.tags = ["lang-ko"]
    elif how == "missing twin":
        notebook.cells.remove(english)
    elif how == "missing first twin":
        notebook.cells.remove(korean)
    elif how == "twins swapped":
        notebook.cells.remove(korean)
        notebook.cells.insert(notebook.cells.index(english) + 1, korean)
    elif how == "heading level":
        english.source = english.source.replace("## ", "### ")
    elif how == "formula":
        title.source = title.source.replace("$h_t$", "$h_T$")
    elif how == "display formula":
        korean.source = korean.source.replace("c_t = f_t", "c_t = i_t")
    elif how == "inline code":
        title.source = title.source.replace("`y`", "y")
    elif how == "figure":
        korean.source = korean.source.replace("![가운데에 점 하나가 보입니다](images/dot.svg)", "")
    elif how == "link":
        add("[여기](index.ipynb)", "here")
    elif how == "table":
        korean.source += "\n| `y` | 4 |"
    elif how == "code block":
        add("```python\na = 1\n```", "```python\na = 2\n```")
    elif how == "collapsed part":
        add("<details>\n<summary>풀이</summary>\n\n접힘\n\n</details>", "folded")
    elif how == "not executed":
        value.execution_count = None
    elif how == "out of order":
        value.execution_count = 7
    elif how == "empty code":
        value.source = ""
    elif how == "stderr":
        value.outputs[0].name, value.outputs[0].text = "stderr", "careful\n"
    elif how == "error":
        value.outputs = [nbformat.v4.new_output("error", ename="ValueError", evalue="no", traceback=[])]
    elif how == "address":
        value.outputs[0].text = "<Dense at 0x7f12ab34>"
    elif how == "path":
        value.outputs[0].text = "/home/me/book"
    elif how in ("directive", "colon fence", "role", "target", "img tag"):
        for language in ("ko", "en"):
            cell(notebook, f"title-{language}").source += {
                "directive": "\n\n```{note}\nx\n```",
                "colon fence": "\n\n:::{tip}\nx\n:::",
                "role": " {ref}`x`",
                "target": "\n\n(here)=\n",
                "img tag": ' <img src="images/dot.svg">',
            }[how]
    elif how == "missing image":
        add("![가운데에 점 하나가](images/gone.svg)\n\n*점.*", "![one dot in the middle](images/gone.svg)\n\n*A dot.*")
    elif how == "no alt text":
        english.source = english.source.replace("![one dot in the middle]", "![]")
    elif how == "no caption":
        english.source = english.source.replace("*A small dot.*", "*A small* dot.")
    elif how == "image in a sentence":
        english.source = english.source.replace("![one dot in the middle]", "Here is ![one dot]")
    elif how == "plot without alt text":
        cell(notebook, "shape").outputs = [nbformat.v4.new_output("display_data", data={"image/png": "iVBORw0KGgo="})]
        korean.source += "\n\n<!-- plot alt: 그림 -->"
    elif how == "dead link":
        add("[x](gone.ipynb)")
    elif how == "misspelt link":
        add("[x](oen.ipynb)")
    elif how == "collapsed part without end":
        add("<details>\n<summary>x</summary>\n\nx")
    elif how == "exercise without tag":
        value.source = "answer = ...  # a number"
    elif how == "number":
        add("0.25 0.5")
    elif how == "number before a particle":
        korean.source += "\n\n값은 0.75입니다."
    elif how == "number at the end":
        english.source += "\n\nThe value is 0.75."
    elif how == "import":
        value.source = "import numpy as np, pandas as pd"
    elif how == "late import":
        value.source = "if True:\n    from scipy.special import expit"
    elif how == "random id":
        value.id = "1a2b3c4d"
    elif how == "English in Korean":
        add("These five words are English", "These five words are English")
    elif how == "Korean in English":
        add("값", "값")
    elif how == "untagged words":
        notebook.cells.append(nbformat.v4.new_markdown_cell("Two words", id="loose"))
    elif how == "alt in English":
        korean.source = korean.source.replace("![가운데에 점 하나가 보입니다]", "![one dot in the middle]")
    elif how == "alt of two words":
        english.source = english.source.replace("![one dot in the middle]", "![one dot here]")
    elif how == "plot alt too short":
        cell(notebook, "shape").outputs = [nbformat.v4.new_output("display_data", data={"image/png": "iVBORw0KGgo="})]
        add("<!-- plot alt: 가운데에 점 하나가 보입니다 -->", "<!-- plot alt: a dot -->")
    elif how == "plain style":
        add("값은 셋이다.", "There are three.")
    elif how.startswith("familiar style"):
        add({"1": "값을 먹어.", "2": "그렇게 계산해.", "3": "이제 보자!", "4": "된 거야."}[how[-1]], "Look.")
    elif how == "polite style":
        add("값은 셋이에요.", "There are three.")
    elif how == "id without language":
        korean.id = "part"
    elif how == "ids of twins":
        korean.id = "section-ko"
    elif how == "a sentence left out":
        korean.source += "\n\n하나 더 있습니다."
    elif how == "a list item left out":
        add("- 하나\n- 둘", "- one")
    elif how == "bold in one twin":
        add("**셋** 있습니다.", "There are three.")
    elif how == "another number":
        add("값은 0.5 입니다.", "The value is 0.50.")
    elif how in NUMBERS:
        value.source = "print(11.53, 0.5)"
        add(*NUMBERS[how])
    elif how == "no solution":
        value.source, value.metadata.tags = 'answer = ...\nprint("Replace ... with your answer.")', ["exercise"]
    elif how == "no waiting":
        value.metadata.tags = ["exercise"]
    elif how == "unfinished":
        add("TODO")
    elif how == "emoji":
        add("\N{ROCKET}")
    elif how == "long line":
        value.source = "x = " + "1 + " * 23 + "11"
    elif how == "long line in a text":
        add("```python\nx = " + "1 + " * 23 + "11\n```")
    elif how == "long cell":
        value.source = "x = 1\n" * 29 + "x = 1"
    elif how == "Korean comment":
        value.source = "x = 1  # 값"
    elif how == "file written":
        value.source = "np.save('x.npy', x)"
    elif how == "file read":
        value.source = "print(open('x').read())"
    elif how == "download":
        value.source = "keras.utils.get_file('x', 'https://example.org/x')"
    elif how == "no seed":
        value.source = "keras.layers.LSTM(3)"
    elif how == "training":
        value.source, value.outputs[0].text = "model.fit(x, y)", "loss 0.25\n"
    elif how == "own colour":
        value.source = 'plt.plot(x, color="#123456")'
    elif how == "colour by name":
        value.source = 'plt.plot(x, color="crimson")'
    elif how in CODE:
        value.source = CODE[how]
        if how == "training by a function":
            value.outputs[0].text = "loss 0.25\n"
    elif how in LETTERS:
        add(LETTERS[how])
    elif how == "dead anchor":
        add("[x](one.ipynb#second-prt)")
    else:
        raise AssertionError(how)


@pytest.mark.parametrize("how", BAD_CELLS)
def test_a_bad_cell_is_refused_with_file_cell_and_remedy(folder, how):
    notebook = load(folder, "one")
    spoil(notebook, how)
    write(folder, "one", notebook)
    said = problems(folder)
    expected, named = BAD_CELLS[how]
    lines = said.splitlines()
    places = [number for number, line in enumerate(lines) if line.startswith("book/one.ipynb") and f"({named})" in line]
    told = [f"{lines[number].partition(': ')[2]}. {lines[number + 1].strip()}" for number in places]
    assert any(expected in one for one in told), said
    assert all(lines[number + 1].startswith("    ") for number in places), "each has a remedy"


ALLOWED_CODE = [
    '%config InlineBackend.figure_format = "retina"\n%matplotlib inline',
    'x = """\n%d words\n"""',
    '%config A.b = 1\nx = """\n%d"""',
    'print("# 값")',
    "import os\nimport tempfile\n\nwith tempfile.TemporaryDirectory() as folder:\n    path = os.path.join(folder, 'a')\n    model.save(path)\n"
    "    with open(path) as file:\n        print(file.read())",
    "import io\n\nimport numpy as np\n\nfile = io.BytesIO()\nnp.save(file, 1)",
    "def write(x):\n    return x\n\n\nwrite(1)",
    'plt.plot(x, "k--", color=colours["LSTM"])\nplt.plot(x, "s-", color="#B34700", label="red")\nax.text(0, 0, "b", color="0.4")',
    'plt.bar(x, y, color=["black", "none"], edgecolor="white")\nplt.scatter(x, y, c=values)',
]


@pytest.mark.parametrize("source", ALLOWED_CODE)
def test_code_that_is_allowed(folder, source):
    notebook = load(folder, "one")
    cell(notebook, "value").source = source
    write(folder, "one", notebook)
    assert problems(folder) == ""


def test_numbers_are_the_same_in_digits_and_in_words(folder):
    notebook = load(folder, "one")
    cell(notebook, "value").source = "print(-0.5, 11.53, x-2.25)"
    cell(
        notebook, "part-ko"
    ).source += "\n\n3개, 12,000개, 1만 2천 개, 10만 개, 스물여섯 글자, 2026년 11월 3일, 3분의 2, 50 %, 2차원, 두 번, 값은 -0.5, 11.5, 0.5–2.25입니다."
    cell(
        notebook, "part-en"
    ).source += "\n\nthree, 12000, 12,000, 100,000, 26 letters, 3 November 2026, two thirds, half, 2-D, 2 times, here are -0.5, 11.5, 0.5–2.25."
    write(folder, "one", notebook)
    assert problems(folder) == ""


NOUNS = "단어. 용어. 이해. 오해. 새해. 지난 해. 페이지. 이미지. 분야. 제어. 필요. 개요. 글자. 인자. 하나. 아시아. 네모."


def test_a_noun_at_the_end_is_no_sentence_in_another_style(folder):
    notebook = load(folder, "one")
    cell(notebook, "part-ko").source += f"\n\n{NOUNS}"
    cell(notebook, "part-en").source += "\n\nWords."
    write(folder, "one", notebook)
    assert "합니다체" not in problems(folder)


SOLUTIONS = {
    # a solution -> what is said of it; an empty one when it is allowed
    "answer = (1, 2": "its solution cannot be run: line 1: '(' was never closed",
    "answer = 1 / 0": "its solution cannot be run: ZeroDivisionError: division by zero",
    "answer = (1, 2) + 3": "its solution cannot be run: TypeError",
    "answer = -{(1, 2)}": "its solution cannot be run: TypeError",
    "%config A.b\nanswer = 1": "its solution cannot be run: %config A.b",
    "answer = 9 ** 9 ** 9 ** 9": "",
    "answer = x.shape": "",
    "answer = 4 * (3 + 2)": "",
}


@pytest.mark.parametrize("solution", SOLUTIONS)
def test_a_solution_can_be_run(folder, solution):
    notebook = load(folder, "one")
    task = f"\n\n<details>\n<summary>NAME</summary>\n\n```python\n{solution}\n```\n\n</details>"
    cell(notebook, "part-ko").source += task.replace("NAME", "풀이")
    cell(notebook, "part-en").source += task.replace("NAME", "Solution")
    cell(notebook, "value").source = 'answer = ...\nprint("Replace ... with your answer.")'
    cell(notebook, "value").metadata.tags = ["exercise"]
    write(folder, "one", notebook)
    said = problems(folder)
    assert SOLUTIONS[solution] in said and ("(part-en): its solution" in said) == bool(SOLUTIONS[solution]), said
    cell(notebook, "part-ko").source += "\n\n### 다음"
    cell(notebook, "part-en").source += "\n\n### Next"
    write(folder, "one", notebook)
    assert "has no collapsed solution in English" in problems(folder), "it belongs to another section"


def test_a_file_as_an_editor_writes_it_is_refused(folder):
    path = folder / "book" / "one.ipynb"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8"))), "utf-8")
    assert "book/one.ipynb: is not as 'make record' writes it\n    Run 'make record CHAPTER=one'" in problems(folder)


def test_one_cell_that_was_not_recorded_is_one_problem(folder):
    notebook = load(folder, "one")
    first = next(number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(first, nbformat.v4.new_code_cell("1 + 1", id="new"))
    write(folder, "one", notebook)
    assert "(new): was not executed" in problems(folder) and "1 problem;" in problems(folder)


def test_an_error_shown_on_purpose_is_allowed(folder):
    notebook = load(folder, "one")
    spoil(notebook, "error")
    cell(notebook, "value").metadata.tags = ["raises-exception"]
    write(folder, "one", notebook)
    assert problems(folder) == ""


def test_all_problems_of_a_run_are_reported_together(folder):
    notebook = load(folder, "one")
    for how in ("unknown tag", "formula", "not executed", "no alt text"):
        spoil(notebook, how)
    write(folder, "one", notebook)
    (folder / "book" / "extra.ipynb").write_text("{}")
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\nchapters:\n  - file: book/one\n  - file: book/two\n"
    )
    said = problems(folder)
    for expected in ("lang-kr", "was not executed", "has no alt text", "names book/two", "no line of _toc.yml"):
        assert expected in said, said
    assert "nothing was written" in said


def test_broken_json(folder):
    path = folder / "book" / "one.ipynb"
    path.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    assert "book/one.ipynb: is not a readable notebook" in problems(folder)


def test_a_notebook_of_another_shape(folder):
    (folder / "book" / "one.ipynb").write_text(
        json.dumps({"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}})
    )
    assert "book/one.ipynb: is not a readable notebook" in problems(folder)


def test_a_notebook_without_language_tags(folder):
    notebook = load(folder, "one")
    for old in notebook.cells:
        old.metadata.pop("tags", None)
    write(folder, "one", notebook)
    assert "no cell carries a language tag\n    Give each Markdown cell one of the tags lang-ko, lang-en." in problems(
        folder
    )


def test_toc_and_folder_must_agree(folder):
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n  - file: book/oen\n")
    said = problems(folder)
    assert "_toc.yml: names book/oen, but there is no book/oen.ipynb\n    Did you mean book/one?" in said
    assert (
        "book/one.ipynb: no line of _toc.yml names it\n    Add '- file: book/one' to _toc.yml, or remove the notebook."
        in said
    )


def test_a_deleted_figure(folder):
    (folder / "book" / "images" / "dot.svg").unlink()
    assert problems(folder).count("there is no image book/images/dot.svg") == 2


@pytest.mark.parametrize("content", ["<svg", "", "\udcff not text"])
def test_a_figure_that_cannot_be_drawn(folder, content):
    (folder / "book" / "images" / "dot.svg").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert "book/images/dot.svg is no SVG or PNG that can be drawn\n    Save it again" in problems(folder)


def test_letters_of_an_image_that_need_a_font_are_refused(folder):
    path = folder / "book" / "images" / "dot.svg"
    path.write_text(path.read_text().replace("<circle", '<!-- <text> --><text y="9">h</text><circle'))
    expected = "book/images/dot.svg has letters that need a font, and are blank in notebooks and on paper\n    Convert"
    assert expected in problems(folder)


@pytest.mark.parametrize(
    "css",
    [
        "fill: light-dark(#fff, #121212)",
        "fill:var(--c,#f00)",
        "fill: oklch(0.7 0.1 200)",
        "@import url(https://x.org/a.css)",
    ],
)
def test_colours_of_an_image_that_only_browsers_know_are_refused(folder, css):
    path = folder / "book" / "images" / "dot.svg"
    path.write_text(
        path.read_text().replace("<circle", f'<g style="{css}"/><title>my var (x) = vocab(h)</title><circle')
    )
    assert "which notebooks and paper do not know, and show black or not at all\n    Save it with plain" in problems(
        folder
    )


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (twins("a", "## 둘", "## Two"), "cell 2 (a-en): en: a chapter has one title"),
        (twins("a", "# 하나", "# One") + twins("b", "# 둘", "# Two"), "cell 4 (b-en): en: a chapter has one title"),
        (twins("a", "글", "Text"), "cell 1 (a-ko): ko: a chapter has one title"),
        (twins("a", "글\n\n# 하나", "Text\n\n# One"), "cell 1 (a-ko): ko: stands above the title\n    Begin with #"),
        (
            twins("a", "# 하나", "# One") + twins("b", "### 셋", "### Three"),
            "cell 3 (b-ko): ko: the heading '셋' skips a level\n    Use ##.",
        ),
        (
            twins("a", "# 하나\n\n## 가", "# One\n\n## Same") + twins("b", "## 나", "## Same"),
            "cell 4 (b-en): 2 headings have the anchor #same, another one in cell 2 (a-en)",
        ),
        (
            twins("a", "# 하나\n\n## 가", "# One\n\n## 1 is not a letter"),
            "cell 2 (a-en): a heading has the anchor '#1-is-not-a-letter'\n    Begin the English heading with a Latin letter",
        ),
    ],
)
def test_headings_that_give_no_good_anchors(folder, cells, expected):
    save(folder, "one", [*cells, code("x", "1", 1)])
    save(folder, "index", twins("title", "# 책", "# Book"))
    assert expected in problems(folder)


WORDS = (ROOT / "live" / "lab" / "words.ko.json").read_text("utf-8")
CONFLICT = "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("lab/words.en.json", '{"title": "Lab",}', "cannot be read as JSON: "),
        ("run/cells.json", CONFLICT, "cannot be read as JSON: "),
        ("lab/words.ko.json", "\ufeff" + WORDS, "cannot be read as JSON: "),
        ("lab/words.ko.json", WORDS.encode("utf-16"), "cannot be read as JSON: "),
        ("lab/figures.json", '{"line": NaN}', "cannot be read as JSON: it holds NaN"),
        ("review/words.en.json", "[]", "cannot be read as JSON: it holds no object"),
        ("teachers/exercises.json", "{}", "cannot be read as JSON: it holds no list"),
        ("lab/words.ko.json", WORDS.replace('"title"', '"titel"', 1), "in one of the two is no 'titel'"),
        ("lab/words.ko.json", re.sub('"title": ".*?"', '"title": 5', WORDS, count=1), "the word 'title' is no text"),
        ("run/words.ko.json", None, "holds no words, or is missing\n    Translate words.en.json there."),
    ],
)
def test_words_and_data_of_the_pages_can_be_read(folder, name, content, expected):
    shutil.copytree(ROOT / "live", folder / "live")
    assert problems(folder) == ""
    path = folder / "live" / name
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert f"live/{name}: " in (said := problems(folder)) and expected in said and "1 problem;" in said, said


def test_a_chapter_has_no_name_of_a_page(folder):
    shutil.copytree(ROOT / "live" / "lab", folder / "live" / "lab")
    (folder / "book" / "one.ipynb").rename(folder / "book" / "lab.ipynb")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/index\nchapters:\n  - file: book/lab\n")
    assert "_toc.yml: book/lab has the name of the page that is made of live/lab/" in problems(folder)


@pytest.mark.parametrize("content", ["title: [", "title: x\n"])
def test_an_unusable_configuration(folder, content):
    (folder / "_config.yml").write_text(content)
    assert "_config.yml: " in problems(folder)


BAD_TRANSLATIONS = {
    # what stands in the place of other words -> what is said of it
    ('"그림 {}"', '그림 {}"'): ": cannot be read: line 89 is no comment and no whole text in quotation marks: msgstr 그림 {}",
    ('"그림 {}"', '"그림 {}'): ": cannot be read: line 89 is no comment and no whole text",
    ('"그림 {}"', '"그림" {}"'): ": cannot be read: line 89 is no comment and no whole text",
    ("# The strings", "<<<<<<< HEAD\n# The strings"): ": cannot be read: line 1 is no comment",
    ('msgid "Figure {}"\n', ""): ": cannot be read: line 88 is not where a msgid and its msgstr alternate",
    ('\nmsgstr "그림 {}"', ""): ": cannot be read: line 90 is not where a msgid and its msgstr alternate",
    ('msgid ""\nmsgstr ""\n"C', '"C'): ": cannot be read: line 2 is not where a msgid and its msgstr alternate",
    ('msgstr "닫기"\n\0', ""): ": cannot be read: line 185 has no msgstr behind it",
    ("닫기", "\udcff"): ": cannot be read: 'utf-8' codec can't decode byte 0xff",
    ("charset=UTF-8", "charset=foo"): ", line 2: names the charset foo\n    Write charset=UTF-8",
    ("그림 {}", "그림 {n}"): ", line 88: the translation '그림 {n}' has other signs to fill in than 'Figure {}'\n    Give it the same: {}.",
    ("그림 {}", "그림 {"): ", line 88: the translation '그림 {' has other signs",
    ("그림 {}", "그림"): ", line 88: the translation '그림' has other signs",
    ("코드, %d줄", "코드, 줄"): ", line 91: the translation '이 그림을 그리는 코드, 줄' has other signs",
    ("%s · %d줄", "%d · %s줄"): ", line 85: the translation '데이터: %d · %s줄' has other signs",
    ("{1}장 가운데 {0}장", "{1}장 가운데 {}장"): "has other signs",
}  # fmt: skip


@pytest.mark.parametrize("change", BAD_TRANSLATIONS, ids=range(len(BAD_TRANSLATIONS)))
def test_a_translation_that_would_be_mangled_is_refused(folder, change):
    (folder / "theme").unlink()
    shutil.copytree(ROOT / "theme" / "locale", folder / "theme" / "locale")
    path = folder / "theme" / "locale" / "ko" / "LC_MESSAGES" / "sphinx.po"
    text = path.read_text("utf-8") + "\0"  # the end of the file
    assert change[0] in text
    path.write_bytes(text.replace(*change).rstrip("\0").encode("utf-8", "surrogateescape"))
    said = problems(folder)
    assert said.startswith("theme/locale/ko/LC_MESSAGES/sphinx.po") and BAD_TRANSLATIONS[change] in said, said


def lesson(folder, *more):
    """A chapter with more than five code cells, so that it has to have the parts of a teaching chapter."""
    cells = twins("title", "# 하나", "# One")
    cells += [code(f"step-{number}", str(number), number) for number in range(1, 7)]
    save(folder, "one", [*cells, *more])
    save(folder, "index", twins("title", "# 책\n\n[하나](one.ipynb)", "# Book\n\n[One](one.ipynb)"))
    return problems(folder)


def test_a_chapter_has_exercises_and_sources(folder):
    assert "has no section '## Exercises'" in lesson(folder) and "has no section '## Sources'" in lesson(folder)
    sections = twins("end", "## 연습 문제\n\n## 출처", "## Exercises\n\n## Sources")
    assert "has no exercise" in lesson(folder, *sections)


@pytest.mark.parametrize(
    ("numbers", "words"), [((1, 1), "(end-en): exercise 1 stands there twice"), ((1, 3), "numbers [1, 3]")]
)
def test_exercises_are_numbered(folder, numbers, words):
    more = "\n\n".join(f"### {{}} {number}: {name}" for number, name in zip(numbers, ("a", "b")))
    cells = twins(
        "end", f"## 연습 문제\n\n{more.replace('{}', '연습')}", f"## Exercises\n\n{more.replace('{}', 'Exercise')}"
    )
    assert words in lesson(folder, *cells)


@pytest.mark.parametrize("heading", ["Exercise: Two shapes", "Exercise 1: two shapes"])
def test_headings_of_exercises_are_alike(folder, heading):
    cells = twins("end", "## 연습 문제\n\n### 연습 1: 형상 두 개", f"## Exercises\n\n### {heading}")
    assert f"the heading is '{heading}'" in lesson(folder, *cells)
    cells = twins("end", "## 연습 문제\n\n### 연습 1: 형상 두 개", "## Exercises\n\n### Exercise 1: Two shapes")
    assert "the heading is" not in lesson(folder, *cells)


def test_a_chapter_is_in_the_table_of_the_first_page(folder):
    save(folder, "index", twins("title", "# 책\n\n[하나](one.ipynb)", "# Book"))
    assert "book/index.ipynb: English: no link leads to one.ipynb" in problems(folder)


def test_few_cells_are_exempt_from_comparison_and_they_are_listed(folder):
    notebook = load(folder, "one")
    cell(notebook, "value").metadata.tags = ["measured"]
    write(folder, "one", notebook)
    said = run_builder(folder, "check").stdout
    assert "The numbers of 1 of 2 code cells are not compared, for chance moves them:\n  one: value\n" in said
    notebook.cells += [code(f"more-{number}", "1", number) for number in (3, 4, 5)]
    for more in notebook.cells[-2:]:
        more.metadata.tags = ["nbval-ignore-output"]
    write(folder, "one", notebook)
    assert "cell 9 (more-5): 3 of 5 code cells are tagged so that no test compares their numbers" in problems(folder)


def test_the_key_figure_is_one_that_the_chapter_shows(folder):
    notebook = load(folder, "one")
    notebook.metadata.figure = "gone"
    write(folder, "one", notebook)
    assert "book/one.ipynb: its metadata name the figure 'gone', which it does not show" in problems(folder)
    notebook.metadata.figure = "dot"
    write(folder, "one", notebook)
    assert problems(folder) == ""


def test_figures_are_what_code_draws_and_are_shown(folder, monkeypatch):
    assert problems(folder) == "", "in a book without code for figures everybody draws as they like"
    monkeypatch.setattr(figures, "drawn_here", lambda book: True)
    name = next(iter(catalogue()))
    (folder / "book" / "images" / f"{name}.svg").write_text("<svg/>", "utf-8")
    said = problems(folder)
    assert "book/images/dot.svg: " in said and f"book/images/{name}.svg: is not what" in said
    assert "is missing, though" in said and said.count("no chapter shows it") == len(catalogue())


def test_twins_may_differ_for_a_reason(folder):
    notebook = load(folder, "one")
    cell(notebook, "part-ko").source += "\n\n하나 더 있습니다. 값은 7입니다."
    write(folder, "one", notebook)
    assert "its paragraphs differ" in problems(folder)
    cell(notebook, "part-ko").source += "\n\n<!-- twins differ: -->"
    write(folder, "one", notebook)
    assert "its paragraphs differ" in problems(folder), "a reason has words"
    cell(notebook, "part-ko").source += "\n\n<!-- twins differ: only in Korean is it asked -->"
    write(folder, "one", notebook)
    assert problems(folder) == ""


def test_a_term_is_introduced_by_its_english_name(folder):
    row = '| {} | <span lang="{}">{}</span> | {} | [{}](one.ipynb#second-part) |'
    head = "| a | b | c | d |\n|---|---|---|---|"
    korean = f"# 용어\n\n{head}\n{row.format('은닉 상태', 'en', 'hidden state', '뜻', '하나')}"
    english = f"# Glossary\n\n{head}\n{row.format('hidden state', 'ko', '은닉 상태', 'meaning', 'One')}"
    save(folder, "glossary", twins("title", korean, english))
    link_to(folder, "glossary")
    toc = folder / "_toc.yml"
    toc.write_text(toc.read_text("utf-8") + "  - file: book/glossary\n", "utf-8")
    notebook = load(folder, "one")
    part = cell(notebook, "part-ko").source
    cell(notebook, "part-en").source += "\n\nThis is the hidden state."
    cell(notebook, "part-ko").source = f"{part}\n\n이것이 은닉 상태입니다."
    write(folder, "one", notebook)
    said = problems(folder)
    assert "cell 4 (part-ko): uses 은닉 상태 first without its English name" in said
    assert "\n    Write 은닉 상태(hidden state) there." in said
    cell(notebook, "part-ko").source = f"{part}\n\n이것이 은닉 상태(hidden state)입니다."
    write(folder, "one", notebook)
    assert problems(folder) == ""


def test_a_slip_names_its_cell_and_another_name_is_told_once(folder):
    notebook = load(folder, "one")
    cell(notebook, "title-ko").source += "\n\n망각 게이트를 삭제 게이트라고도 합니다."
    cell(notebook, "title-en").source += "\n\nThe forget gate."
    cell(notebook, "part-ko").source += "\n\n모델을 교육합니다."
    cell(notebook, "part-en").source += "\n\nWe train."
    write(folder, "one", notebook)
    said = problems(folder)
    assert "cell 4 (part-ko): says …모델을 교육합니다.…\n    Training is 학습." in said and "삭제" not in said
    cell(notebook, "part-ko").source += " 삭제 게이트입니다."
    write(folder, "one", notebook)
    assert "cell 4 (part-ko): uses 삭제 게이트 again, after cell 1\n    Tell this other name" in problems(folder)


SLIPS = {
    # what a text must not say -> what it may say instead
    "모델을 교육합니다.": "모델을 학습시킵니다.",
    "학습 속도는 0.01입니다.": "학습률은 0.01입니다.",
    "기울기가 폭발합니다.": "기울기가 폭주합니다.",
    "혼란도를 구합니다.": "퍼플렉서티를 구합니다.",
    "타임스텝마다 다릅니다.": "시점마다 다릅니다.",
    "숨겨진 상태를 봅니다.": "은닉 상태를 봅니다.",
    "숨은 상태를 봅니다.": "은닉 상태는 숨은 층에 있습니다.",
    "그래디언트를 구합니다.": "기울기를 구합니다.",
    "배치 사이즈는 2입니다.": "배치 크기는 2입니다.",
    "이전 상태의 몫입니다.": "이전 상태의 비중입니다.",
    "옛 상태를 지웁니다.": "이전 상태를 지웁니다.",
    "텐서 둘이 돌아옵니다.": "텐서 둘이 반환됩니다.",
    "말없이 잘립니다.": "경고 없이 잘립니다.",
    "진짜 시점만 셉니다.": "패딩이 아닌 시점만 셉니다.",
    "거리를 잽니다.": "거리를 측정합니다.",
    "두 값을 견주어 봅니다.": "두 값을 비교해 봅니다.",
    "얼마나 먼지 나타내는 값입니다.": "얼마나 다른지 나타내는 값입니다.",
    "숫자의 수를 셉니다.": "값의 개수를 셉니다.",
    "편향은 두 줄입니다.": "편향은 두 행입니다.",
    "새 셀에 다음 코드를 넣습니다.": "새 코드 셀에 다음 코드를 넣습니다.",
    "바꾸고 셀을 다시 실행합니다.": "바꾸고 코드 셀을 다시 실행합니다.",
    "층을 한 번 부릅니다.": "층을 한 번 호출합니다.",
    "셀을 직접 불러 계산합니다.": "저장한 모델을 불러오고, 이것을 층이라고 부릅니다.",
    "처음 값은 0입니다.": "초깃값은 0이고, 처음 값 셋을 봅니다.",
    "편향을 1로 시작합니다.": "편향이 1에서 시작합니다.",
    "상태를 들고 다닙니다.": "상태를 유지하며 답을 만들고 있습니다.",
    "뜻이 저마다 다릅니다.": "뜻이 각각 다릅니다.",
    "층마다의 형상입니다.": "각 층의 형상은 층마다 다릅니다.",
    "마지막 줄은 두 값이 같음을 확인합니다.": "마지막 줄에서는 두 값이 같음을 확인합니다.",
    "위로 한계가 없습니다.": "상한이 없습니다.",
    "식의 약속이 다릅니다.": "식의 관례가 다릅니다.",
    "무작위 걸음입니다.": "랜덤 워크입니다.",
    "시험 부분을 예측합니다.": "테스트 부분을 예측합니다.",
}


def test_a_slip_is_refused_and_what_stands_for_it_is_not():
    refused = {slip: [trap for trap in terms.TRAPS if re.search(trap, slip)] for slip in SLIPS}
    assert [slip for slip, traps in refused.items() if not traps] == []
    assert terms.TRAPS.keys() == {trap for traps in refused.values() for trap in traps}, "a trap that no slip shows"
    assert [words for words in SLIPS.values() for trap in terms.TRAPS if re.search(trap, words)] == []
