"""Which modules are too heavy to import before somebody needs them?

The one exception to "no imports inside functions" (docs/decisions/0014): Excel's libraries cost a fifth of a
second, and of a festival's thousand commands and requests a dozen read or write a workbook.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class OnFirstUse:
    """Stands for module `name`, which is imported when something of it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)
