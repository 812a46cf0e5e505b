"""Which final order do the typed places of a match contest mean, and do its rules allow it?

A bare number says nothing of a knock-out: four wins or fourth place. So a match takes who is first, second, …, each place
typed by a person and read back. Places are counted as in every ranking (1, 2, 3, 3, 5); from which place on several may
share one is said by the rules of the contest (`shared_from`), and without that none may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from festival.core.numbers import typed_number
from festival.core.sentence import N_, Sentence

Key = TypeVar("Key")

MISSING = N_("Chưa ghi hạng của: %(names)s. Ghi hạng, hoặc ghi không dự thi, bị loại ở trang nhập kết quả.")
NOT_A_PLACE = N_("Hạng của %(name)s phải là số từ 1.")
GAP = N_("Không có hạng %(place)s: sau %(before)s tiết mục đầu, hạng tiếp theo là %(place)s, không phải %(typed)s.")
NOT_SHARED = N_("Thể lệ không cho đồng hạng, nhưng hạng %(place)s ghi cho %(n)s tiết mục.")
SHARED_TOO_HIGH = N_("Thể lệ chỉ cho đồng hạng từ hạng %(least)s, nhưng hạng %(place)s ghi cho %(n)s tiết mục.")
NOBODY = N_("Chưa có tiết mục nào để xếp hạng.")
ONCE = N_("Mỗi tiết mục đứng đúng một chỗ trong thứ hạng.")
LONGEST = 9999


def typed_order(typed: Mapping[str, str], names: Mapping[str, str]) -> list[list[str]] | Sentence:
    """The groups that typed places mean, best first, or why they mean none. `names`: of everybody who needs a place."""
    missing = [name for code, name in names.items() if not typed.get(code, "").strip()]
    if missing:
        return MISSING.filled(names=", ".join(missing))
    places: dict[int, list[str]] = {}
    for code, name in names.items():
        place = typed_number(typed[code].strip())
        if place is None or not 1 <= place <= LONGEST:
            return NOT_A_PLACE.filled(name=name)
        places.setdefault(place, []).append(code)
    before = 0
    for place in sorted(places):
        if place != before + 1:
            return GAP.filled(place=before + 1, before=before, typed=place)
        before += len(places[place])
    return [places[place] for place in sorted(places)]


def fault_of(order: Sequence[Sequence[str]], entries: Mapping[str, str], shared_from: int | None) -> Sentence | None:
    """Why an order cannot be the final one of these entries (code → name); None when it can."""
    said = [code for group in order for code in group]
    if not entries:
        return NOBODY
    if len(set(said)) != len(said) or not all(order) or not set(said) <= set(entries):
        return ONCE
    missing = [name for code, name in entries.items() if code not in said]
    if missing:
        return MISSING.filled(names=", ".join(missing))
    for place, group in places_of(order):
        if len(group) > 1 and shared_from is None:
            return NOT_SHARED.filled(place=place, n=len(group))
        if len(group) > 1 and shared_from is not None and place < shared_from:
            return SHARED_TOO_HIGH.filled(least=shared_from, place=place, n=len(group))
    return None


def places_of(order: Sequence[Sequence[Key]]) -> list[tuple[int, Sequence[Key]]]:
    """Each group with its place: 1, 2, 3, 3, 5."""
    found, before = [], 0
    for group in order:
        found.append((before + 1, group))
        before += len(group)
    return found
