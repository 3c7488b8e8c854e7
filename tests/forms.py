"""Forms of Markdown, of drawings and of outputs: those that a chapter may hold, and others with what is said of them."""

import base64
import re

from builder.chapters.images import draw

REFUSED = {
    # emphasis that Korean particles leave open (also as it is written around code, brackets, quotation marks)
    "문서는 **은닉 상태(hidden state)**를 씁니다.": "'**' is left as letters in '문서는 **은닉 상태(hidden'",
    "**`h`**는": "'**' is left as letters",
    "*(괄호)*입니다": "'*' is left",
    "**'상태'**는": "'**' is left",
    "**“상태”**는": "'**' is left",
    "**끝.**입니다": "'**' is left",
    "**$h_t$**는": "'**' is left",
    "***`h`***는": "'***' is left",
    "_(괄호)_입니다": "'_' is left",
    "__`h`__는": "'__' is left",
    "** 굵게 **는": "'**' is left",
    "- 목록 **`h`**는": "'**' is left",
    "> **`h`**는": "'**' is left",
    "| **`h`**는 |\n|---|\n| b |": "'**' is left",
    "[**`h`**는](index.ipynb)": "'**' is left",
    "2 *3": "'*' is left",
    "** 은닉 상태 ** 입니다.": "'**' is left as letters in '** 은닉 상태 **",
    "a __ b": "'__' is left",
    "문서의__은닉 상태__를": "'__' is left as letters",
    "문서의_은닉 상태_를": "'_' is left as letters",
    "a ~~b~~ c": "'~~' is left",
    "1~3개와 4~5개": "'~' is left",
    # forms of one reader only
    "Text[^1].\n\n[^1]: A footnote here.": "a footnote, '[^1]'",
    "Text[^1].\n\n[^1]: 각주": "a footnote, '[^1]'",
    "Text[^1].": "a footnote, '[^1]'",
    "- [ ] todo": "a box to tick, '[ ]'",
    "1. [x] done": "a box to tick, '[x]'",
    "> [!NOTE]\n> x": "an alert of GitHub, '[!NOTE]'",
    "term\n: what it means": "a definition list, ': what it means'",
    "a :smile: b": "an emoji by its name, ':smile:'",
    "see https://keras.io now": "an address in the text, 'https://keras.io'",
    "see www.keras.io": "an address in the text, 'www.keras.io'",
    "> https://keras.io": "an address in the text",
    "write to kim@example.org.": "an address in the text, 'kim@example.org'",
    # links and images whose address stands elsewhere, or nowhere
    "[a][b]\n\n[b]: index.ipynb": "the address of [b] stands apart from its link",
    "[주의]: 중요": "the address of [주의] stands apart",
    "[a][b]": "a link that leads nowhere, ']['",
    "[a](b c)": "a link that leads nowhere, ']('",
    "[a](javascript:b)": "a link that leads nowhere, ']('",
    '[a](index.ipynb "there")': "has the title 'there'",
    '![one dot](images/dot.svg "there")\n\n*A dot.*': "has the title 'there'",
    "[a](#second-part)": "the link #second-part leads nowhere",
    "[a](http://[x)": "the link http://[x leads nowhere",
    "![a dot](attachment:dot.png)\n\n*A dot.*": "Save it in book/images/ and write ![what it shows](images/dot.png).",
    "![a dot](https://x.org/dot.png)\n\n*A dot.*": "the image https://x.org/dot.png is not in the book",
    "![a dot](data:image/png;base64,aaaa)\n\n*A dot.*": "is not in the book",
    "![a dot](<images/my dot.svg>)\n\n*A dot.*": "the image 'images/my dot.svg' has no name that all readers find",
    "![a dot](images/my%20dot.svg)\n\n*A dot.*": "the image 'images/my dot.svg' has no name",
    "![a dot](images/점.svg)\n\n*A dot.*": "the image 'images/점.svg' has no name that all readers find",
    "![a dot](images/../images/dot.svg)\n\n*A dot.*": "has no name that all readers find",
    "![a dot](/images/dot.svg)\n\n*A dot.*": "has no name that all readers find",
    "![a dot](images/Dot.svg)\n\n*A dot.*": "there is no image book/images/Dot.svg",
    "![a dot](images/dot.jpg)\n\n*A dot.*": "has no name that all readers find",
    "![a `dot`](images/dot.svg)\n\n*A dot.*": "the alt text of images/dot.svg has code",
    "![a $d$](images/dot.svg)\n\n*A dot.*": "the alt text of images/dot.svg has code",
    "![a [b](index.ipynb)](images/dot.svg)\n\n*A dot.*": "the alt text of images/dot.svg has code",
    "- ![a dot](images/dot.svg)\n\n  *A dot.*": "the figure images/dot.svg stands in a list",
    "> ![a dot](images/dot.svg)\n>\n> *A dot.*": "the figure images/dot.svg stands in a list or a quotation",
    "| ![a dot](images/dot.svg) |\n|---|": "the figure images/dot.svg has no caption",
    "[](index.ipynb)": "a link without words, to 'index.ipynb'",
    # TeX typed with one backslash in JSON
    "$c = \tanh(x)$": "a tab, U+0009, stands in '$c = \\tanh(x)$'",
    "the \theta of": "Is \\theta meant? In the notebook's JSON a backslash is written twice: \\\\theta.",
    "$$\n\tau = 1\n$$": "Is \\tau meant?",
    "$\beta$": "holds the control character U+0008\n    Is \\beta meant?",
    "$\frac{1}{2}$": "U+000C\n    Is \\frac meant?",
    "$\rho$": "U+000D\n    Is \\rho meant?",
    "$a = \nu$": "a new line in the formula '$a = u$'\n    Is \\nu meant?",
    "1\t2": "a tab, U+0009, stands in '1\\t2'\n    Write spaces.",
    # characters that one does not see, and letters in parts
    "a &#27; b": "an entity such as &#27; stands for the control character U+FFFD",
    "![one&ZeroWidthSpace; dot](images/dot.svg)\n\n*A dot.*": "stands for the control character U+200B",
    "a\r\r\r\r| a |\n|---|\n| b |": "holds the control character U+000D",
    "a\u200bb": "line 3 holds the control character U+200B",
    "a\u2028b": "line 3 holds the control character U+2028",
    "a\n\ncafe\u0301 x": "line 5 has letters in parts (NFD): 'café x'",
    # formulas
    "The value $ h_t $ is": "'$ h_t $' is a formula only for some readers",
    "값 $h_t $는": "'$h_t $' is a formula only",
    "It costs $5 and $6.": "'$5 and $' is a formula only for some readers",
    "It costs $5.": "half a pair of dollar signs",
    "$x$2": "'$x$' touches what stands behind it",
    "$x$$y$": "touches what stands behind",
    "The value $$x$$ is": "a formula between $$ within a line, 'x'",
    r"The value \(x\) is": "brackets with a backslash",
    r"\[x\]": "brackets with a backslash",
    r"The value \\(x\\) is": "a backslash that makes a formula for some readers",
    r"\\[x\\]": "a backslash that makes a formula for some readers",
    r"&#92;(x&#92;)": "a backslash that makes a formula for some readers",
    r"\\begin{align} x": "a backslash that makes a formula for some readers",
    "\\begin{align}\na &= b \\\\\\\\\nc &= d\n\\end{align}": "TeX outside of a formula, '\\begin'",
    r"the \frac{1}{2} of": "TeX outside of a formula, '\\frac'",
    "$$\na\n\nb\n$$": "a blank line in the formula 'a b'",
    "$$\na\n$$ (label)": "a label behind the formula 'a'",
    "$`x`$": "backticks in the formula",
    "| $\\|x\\|$ |\n|---|\n| b |": "a | in the formula",
    "| $|x|$ |\n|---|---|---|\n| b |": "half a pair of dollar signs",
    r"$$c_t = \undefinedmacro{f}_t$$": "cannot be set: Undefined control sequence: \\undefinedmacro",
    r"$\frac{1}{2$": "the formula '\\frac{1}{2' cannot be set: Unexpected end of input",
    r"$\href{https://x.org}{x}$": "cannot be set: a command that pages do not allow",
    r"$\begin{align} a \end{align}$": "cannot be set",
    r"$a_b_c$": "cannot be set: Double subscript",
    r"> - $\frac{1}$": "cannot be set",
    "$$\na \\\\\nb\n$$": "\\\\ in the formula",
    r"$\def\a{x} \a$": "\\def in the formula",
    "$$\na \\tag{1}\n$$": "\\tag in the formula",
    "$$\n\\begin{align}\na &= b\n\\end{align}\n$$": "\\begin{align} in the formula",
    "$$\n\\begin{equation}\na\n\\end{equation}\n$$": "\n    Write aligned or gathered in its place: it has a number",
    "$$\n\\begin{gather} a \\\\ b \\end{gather}\n$$": "\\begin{gather} in the formula",
    r"$\color{red} x$": "\\color in the formula",
    r"$\textcolor{red}{x}$": "\\textcolor in the formula",
    "$50%$": "% in the formula '50%'",
    r"$\begin{array}{c} \def\a{x} \a \\ b \end{array}$": "\\def in the formula",
    r"$\verb|x|$": "\\verb in the formula",
    r"| $\foo$ |": "cannot be set",
    "| a | b |\n|---|\n| c |": "a table that is none",
    # headings
    "> ### Quoted heading": "the heading 'Quoted heading' stands in a list or a quotation",
    "- ### Listed": "the heading 'Listed' stands in a list",
    "> Quoted\n> ===": "the heading 'Quoted' stands in a list or a quotation",
    "Two\nlines\n---": "the heading 'Two lines' takes more than one line",
    "###": "a heading without words",
    "<details>\n<summary>a</summary>\n\n### Inside\n\n</details>": "the heading 'Inside' stands in a folded part",
    # HTML
    "a<br>b": "HTML that not all readers show, '<br>'",
    "<b>a</b>": "HTML that not all readers show, '<b>'",
    "<hr>": "HTML that not all readers show, '<hr>'",
    "<video></video>": "HTML that not all readers show, '<video>'",
    "- a\n\n  <hr>": "HTML that not all readers show",
    '<div align="center">a</div>': "HTML that not all readers show",
    "<script>alert(1)</script>": "HTML that not all readers show",
    '<a id="x"></a>': "HTML that not all readers show",
    "<?php a ?>": "HTML that not all readers show",
    "<![CDATA[ a ]]>": "HTML that not all readers show",
    "<span>a</span>": "HTML that not all readers show, '<span>'",
    'a <span lang="ko">말': "a <span> without its end",
    "a</span>": "HTML that not all readers show, '</span>'",
    '<span lang="ko">**a**</span>': "emphasis or a link within <span>",
    "<details open>\n<summary>a</summary>\n\nb\n\n</details>": "a <details> in another form than the book's",
    "<details><summary>a</summary>b</details>": "a <details> in another form",
    "<details>\n<summary>a</summary>\n\nb": "a <details> without its end",
    "- <details>\n  <summary>a</summary>\n\n  b\n\n  </details>": "a <details> within a list",
    "<details>\n<summary>a `b`</summary>\n\nc\n\n</details>": "a <summary> that is no plain words, 'a `b`'",
    "</details>": "a <details> in another form",
    "a <!-- b": "a comment without its end",
    "<!-- b": "a comment without its end",
    # lines and tables
    "### a\n\n***\n\nb": "a line, ***, with nothing between",
    "a\n\n***\n\n---\n\nb": "a line, ***, with nothing between",
    "| a | b |\n|---|---|\n| c | d | e |": "a row of a table has 3 cells in place of 2: 'c | d | e'",
    "| `a|b` |\n|---|\n| c |": "a table that is none",
    "| a |\n|---|\n| `a|b` |": "a row of a table has 2 cells in place of 1",
    "text\n| a | b |\n|---|---|\n| c | d |": "a table without a blank line above it: '| a | b |'",
    "- text\n  | a |\n  |---|\n  | b |": "a table without a blank line above it",
    "$$\nx\n$$\n| a |\n|---|\n| b |": "a table without a blank line above it",
    "| a |\n|---|\n| c |\ntext": "a text right behind a table, 'text'",
    "| a | b |\n|---|---|\n| c | d |\n[x](one.ipynb) \\| y": "a text right behind a table",
    "> | a |\n> |---|\n> | c |\n> text": "a text right behind a table",
    "| a |\n|---|\n| `b` |\n|": "a row of a table that is nothing but a |",
    "| a |\n|---|\n| b |\n    |c": "code by four spaces without a blank line above it: '|c'",
    "  1. a\n    > b": "code by four spaces without a blank line above it: '> b'",
    "+\n\n\n+\n\na": "an item of a list without words, '+'",
    "- a\n-\n- b": "an item of a list without words, '-'",
    "|a\n---": "a table whose line of --- has no |: '|a'",
    ">\n    > a": "a > behind four spaces: '>'",
    "$$\na\n$$\n    b": "code by four spaces without a blank line above it: 'b'",
    "$$\na\n$$\n2. b": "'2. b' right behind a formula between $$",
    "$$\na\n$$\n---\n\nb": "'---' right behind a formula between $$",
    "$$\na\n$$\n===": "'===' right behind a formula between $$",
    # code and MyST
    "```python\n$ ?!`\n```": "a block of code that is no python: it has '$'",
    "```python\nx": "a block of code without its end",
    "```\nx\n~~~": "a block of code without its end",
    "```nolanguage\nx\n```": "a block of code in 'nolanguage'",
    "the `x is": "half a pair of backticks, '`'",
    "~~~{note}\nx\n~~~": "a directive of MyST, '~~~{note}'",
    "- ```{note}\n  x\n  ```": "a directive of MyST",
    "a ```x``` and {py:func}`x`": "a role of MyST, '{py:func}`x`'",
    "```x```\n\n{py:func}`x`": "a role of MyST",
    "> % a": "a line comment of MyST, '% a'",
    "a\n+++\nb": "a block break of MyST, '+++'",
    "(here)=": "a target of MyST, '(here)='",
    "(the state)=": "a target of MyST, '(the state)='",
    "a\n (a/b)= \nb": "a target of MyST, '(a/b)='",
    # headings of which files are called
    "### " + "Long " * 50: "has 249 letters",
}  # fmt: skip

# Everything that a chapter may hold; tests/pdf and tests/site build it.
ALLOWED = {
    "emphasis": "**은닉 상태**(hidden state)를 *보고* **`h`** 는 __a__, **a**b, ***c***, snake_case, 2 * 3, \\*, 1~3개",
    "marks of MyST in code": "~~~python\n%matplotlib inline\n~~~\n\n- a\n\n  ```\n  f\"{x}`y`\"\n  ```\n\n      {a}`b`\n\n`{a}` `{{b}}` {x} `(a)=`",
    "code in a list": "1. a\n\n   ```python\n   x = 1\n\n\n   y = 2\n   ```\n\n2. b\n   - c\n     - d",
    "all marks in code": "`**a` `$b` `[^1]` `- [ ] c` `<br>` `~~d~~` `\\(e\\)` `https://x.org` `[a][b]` ``a`b`` `<!--`",
    "formulas": "$50\\%$, $x$, ($y$), $z$는, **$a$**, [$b$](index.ipynb): $c < d$ \\$5\n\n$$\na = \n\\begin{aligned} b &= c \\\\ d &= e \\end{aligned}\n$$\n\n$$x$$\n\n- $$\n  y\n  $$",
    "links": "<https://x.org/a_b*c> [a](index.ipynb) <https://keras.io> [https://keras.io](https://keras.io) [`a`](<one.ipynb#second-part>) [a](one.ipynb#second%2Dpart) [1, 2] (b) \\[c",
    "HTML": 'a <!-- b --> <span lang="ko">말</span> &amp; &nbsp; a < b\n\n<details>\n<summary>a b, c!</summary>\n\n- d\n\n  | e |\n  |---|\n  | f |\n\n```python\ng = 1\n```\n\n![ALT](images/dot.svg)\n\n*A dot.*\n\n<details>\n<summary>h</summary>\n\ni\n\n</details>\n\n</details>',
    "tables": "| a@b | c |\n|---|---|\n| d | |\n| e |\n\n- f\n\n  | g |\n  |---|\n  | h |\n\n  i\n- | j |\n  |---|\n  | k |",
    "blocks": "> a\n> - b\n>\n> c\n\n***\n\na  \nb\\\nc\n\nSetext\n---\n\n| a | b |\n|:-:|--:|\n| `c\\|d` | e \\| **f** |",
    "characters": "“a” ‘b’ — … → ≤ × é ü 가 \\` \\# 100 %",
}  # fmt: skip

# A drawing as other programs write it.
PROLOGUE = """<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!-- drawn by hand -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" height="10mm" width="20mm"><circle cx="5" cy="5" r="4"/></svg>
"""


PNG = base64.b64encode(draw('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 1)).decode()


def shows(**data: object) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "a"} | data}


def prints(text: str) -> dict:
    return {"output_type": "stream", "name": "stdout", "text": text}


def in_language(text: str, language: str) -> str:
    """A text for a twin: in the English one there is no Hangul outside of a span, in each the alt texts are in its language."""
    alt = {"ko": "작은 검은 점이 하나 있다", "en": "there is one small dot"}[language]
    text = text.replace("ALT2", {"ko": "하나 더 있다", "en": "one of them"}[language]).replace("ALT", alt)
    return text if language == "ko" else re.sub(r'(?<!lang="ko">)[가-힣]+', "k", text)
