"""theme/extension/run.py: the changes that texts suggest."""

from __future__ import annotations

import pytest
from sphinx.errors import ExtensionError

from theme.extension.run import changes


def suggestion(text: str) -> list[dict]:
    """Two code cells, and a text below them."""
    cells = ("code", "u = 3\nn, T = 5, 4"), ("code", "for T in (1, 2):\n    u = T"), ("markdown", text)
    return [{"cell_type": kind, "id": f"{kind}-en", "source": [source]} for kind, source in cells]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**Try.** Write `u = 4`, then `n, T = 5, 2`; `T` is new.", [["u = 4", 1], ["n, T = 5, 2", 0]]),
        ("Words.\n\n**Try.** A new cell:\n\n```python\nu = 4\n```", []),
        ("**Not that.** Write `u = 4`.", []),
    ],
)
def test_a_change_belongs_to_the_nearest_cell_with_such_a_line(text, found):
    assert changes(suggestion(text), "Try.", "one") == found


def test_a_suggestion_without_a_change_stops_the_build():
    with pytest.raises(ExtensionError, match="one, cell markdown-en: 'Try.' names no change"):
        changes(suggestion("**Try.** Write `v = 4`."), "Try.", "one")
