"""What keeps the book from being built: small rules, each with place and remedy.

A module holds the rules of one topic. All modules of this folder are imported, and each adds its rules to the list in
``registry``; so a new one needs no line elsewhere.
"""

import importlib
import pkgutil

from .registry import RULES, Rule, as_markdown, problems

for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module.name}")

__all__ = ["RULES", "Rule", "as_markdown", "problems"]
