"""What does a file that is imported again change in the quotas and delegations of its edition?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from festival.core.sentence import N_, Sentence

Ends = tuple[int | None, int | None]

CHANGED = N_("%(what)s: %(old)s → %(new)s.")
FAMILIES = N_("Số gia đình mỗi đoàn")
MEMBERS = N_("Số thành viên mỗi gia đình")
CONTESTS = N_("Số phần thi mỗi gia đình")
ENTRIES = N_("Số tiết mục mỗi đoàn ở phần thi «%(contest)s»")
ADDED = N_("Thêm %(name)s.")
GONE = N_("Bỏ %(name)s: không còn trong tệp.")
OF_DELEGATION = N_("%(name)s: %(what)s đổi từ «%(old)s» thành «%(new)s».")
CODE = N_("mã đoàn")
NAME = N_("tên")
UNIT = N_("đơn vị")


@dataclass(frozen=True, slots=True)
class QuotasHeld:
    """The quotas of an edition: least and most, None is no bound. Entries by the name of the contest."""

    families: Ends
    members: Ends
    contests: Ends
    entries: Mapping[str, Ends]


def quota_changes(before: QuotasHeld, now: QuotasHeld) -> Iterator[Sentence]:
    """Each quota that differs, old and new."""
    for what, old, new in (
        (FAMILIES, before.families, now.families),
        (MEMBERS, before.members, now.members),
        (CONTESTS, before.contests, now.contests),
        *(
            (ENTRIES.filled(contest=name), before.entries[name], ends)
            for name, ends in now.entries.items()
            if name in before.entries
        ),
    ):
        if old != new:
            yield CHANGED.filled(what=what, old=_written(old), new=_written(new))


def _written(ends: Ends) -> str:
    return "–".join("…" if each is None else str(each) for each in ends)
