"""Which codes would share an address with a page of the program? Pure.

A contest's code stands in `/office/schedule/<code>/draw`, an edition's in `/office/setup/<code>`; beside them the program has pages of its
own. What bears such a code already keeps it, nothing new gets it.
"""

from __future__ import annotations

from collections.abc import Collection

from festival.core.sentence import N_
from festival.editions.rules.document import FileFault
from festival.editions.rules.ruleset import Ruleset

OF_CONTESTS = frozenset(
    [
        "acts",
        "asked",
        "board",
        "draft",
        "draws",
        "fill",
        "lock",
        "mend",
        "plan",
        "print",
        "publish",
        "sessions",
        "shift",
        "stages",
        "undo",
        "versions",
        "wishes",
    ]
)
OF_EDITIONS = frozenset({"new"})
OURS = N_("mã «%(code)s» trùng địa chỉ một trang của chương trình; hãy chọn mã khác, ví dụ «%(other)s»", "address_code")


def shared_addresses(ruleset: Ruleset, editions: Collection[str], contests: Collection[str]) -> list[FileFault]:
    """Every code that may not be given anew; `editions` and `contests`: those that bear theirs already."""
    found = []
    if (code := ruleset.festival.code) in OF_EDITIONS and code not in editions:
        found.append(
            FileFault("$.festival.code", OURS.filled(code=code, other=f"{code}-{ruleset.festival.starts_on.year}"))
        )
    return found + [
        FileFault(f"$.contests[{at}].code", OURS.filled(code=each.code, other=f"thi-{each.code}"))
        for at, each in enumerate(ruleset.contests)
        if each.code in OF_CONTESTS and each.code not in contests
    ]
