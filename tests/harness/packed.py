"""Is this program's static tree packed, as the set-up leaves it? A folder somebody works in may not be."""

from __future__ import annotations

from festival.core.web.static_packing import PACKED, pack
from festival.core.web.static_tree import STATIC, tree_digest


def packed_as_set_up() -> None:
    """Pack it if need be; a whole copy appears or none, whoever does the same beside this."""
    target = PACKED / tree_digest()
    if not target.is_dir():
        pack(STATIC, target)
