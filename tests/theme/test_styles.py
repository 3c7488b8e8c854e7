"""theme/extension/styles.py"""

from __future__ import annotations

import pytest

from theme.extension.styles import used

TEXTS = ["div p section here", "there", "--asked"]  # what pages and programs use

CASES = {
    "a class that is there": (".here{top:0}", ".here{top:0}"),
    "one that is not": (".gone{top:0}p{top:0}", "p{top:0}"),
    "an element and an id that are not": ("dl{top:0}#gone{top:0}", ""),
    "one of several": ("p .gone,.here>p,dl{top:0}", ".here>p{top:0}"),
    "a class that may be missing": ("p:not(.gone),p:is(.gone,:not(.lost,.here)) div{top:0}", None),
    "a class in an attribute": ('p[class*=".gone"]{top:0}', 'p[class*=".gone"]{top:0}'),
    "a part of an element": ("p::after{top:0}p.gone::after{top:0}", "p::after{top:0}"),
    "a sign in a string": ('p{content:"}.gone{,;"}.gone{top:0}', 'p{content:"}.gone{,;"}'),
    "a picture in the sheet": ("p{mask:url('data:image/svg+xml;,<g d=\"{\"/>')}", None),
    "a medium": ("@media print{.gone{top:0}.here{top:0}}@media (x){.gone{top:0}}", "@media print{.here{top:0}}"),
    "a property that nothing names": ("p{--gone:var(--lost);--lost:1;top:0}", "p{top:0}"),
    "a property that another sheet names": ("p{--asked:1;--own:2;top:var(--own)}", None),
    "a property of a rule that is gone": ("p{--own:2;top:0}.gone{top:var(--own)}", "p{top:0}"),
    "a font": ("@font-face{font-family:a b;src:x}p{font-family:'A B'}@font-face{font-family:c}", "@font-face{font-family:a b;src:x}p{font-family:'A B'}"),
    "a movement": ("@keyframes a{to{top:0}}@keyframes b{to{top:0}}p{animation:a 1s}", "@keyframes a{to{top:0}}p{animation:a 1s}"),
    "another rule with a sign": ("@page{margin:0}@import 'x';p{top:0}", None),
    "rules within a rule": ("p{top:0;.here &{top:1}}", "p{top:0;.here &{top:1}}"),
}  # fmt: skip


@pytest.mark.parametrize(("css", "left"), CASES.values(), ids=CASES)
def test_of_a_sheet_the_rules_are_left_that_can_apply(css, left):
    assert used(css, TEXTS) == (css if left is None else left)
