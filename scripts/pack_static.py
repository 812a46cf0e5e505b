"""Keeps a compressed copy of the static tree in build/static/, made anew only where a file has changed, and those before it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from festival.core.web.static_packing import PACKED, pack
from festival.core.web.static_tree import KEPT_TREES, STATIC, tree_digest


def main() -> None:
    """Pack the tree as it is now."""
    target = PACKED / tree_digest()
    earlier = sorted((path for path in PACKED.glob("*") if path.is_dir()), key=lambda path: path.stat().st_mtime)
    if not target.is_dir():
        pack(STATIC, target, earlier=reversed(earlier))
    target.touch()
    others = [path for path in earlier if path != target]
    for old in others[:-KEPT_TREES]:
        shutil.rmtree(old)


if __name__ == "__main__":
    main()
