"""What does a file that is imported again change in its edition: quotas, delegations, which contests and their names?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
ADDED_CONTEST = N_("Thêm phần thi «%(name)s».")
GONE_CONTEST = N_("Bỏ phần thi «%(name)s».")
RENAMED = N_("Phần thi «%(old)s» đổi tên thành «%(new)s».")
RENAMED_CRITERION = N_("Phần thi «%(contest)s»: tiêu chí «%(old)s» đổi tên thành «%(new)s».")


@dataclass(frozen=True, slots=True)
class QuotasHeld:
    """The quotas of an edition: least and most, None is no bound."""

    families: Ends
    members: Ends
    contests: Ends


Contests = Mapping[str, Mapping[str, Any]]  # by code, as `contests.saving.rules_written` gives them


def quota_changes(before: QuotasHeld, now: QuotasHeld, contests: tuple[Contests, Contests]) -> Iterator[Sentence]:
    """Each quota that differs, old and new; contests by their code, called by their name of before."""
    old_contests, new_contests = contests
    entries = ("entries_min", "entries_per_delegation")
    for what, old, new in (
        (FAMILIES, before.families, now.families),
        (MEMBERS, before.members, now.members),
        (CONTESTS, before.contests, now.contests),
        *(
            (ENTRIES.filled(contest=held["name"]), _pair(held, entries), _pair(new_contests[code], entries))
            for code, held in old_contests.items()
            if code in new_contests
        ),
    ):
        if old != new:
            yield CHANGED.filled(what=what, old=_written(old), new=_written(new))


def _pair(held: Mapping[str, Any], names: tuple[str, str]) -> Ends:
    return held[names[0]], held[names[1]]


def contest_changes(before: Contests, now: Contests) -> Iterator[Sentence]:
    """Contests that come, go or are renamed, and criteria that are renamed."""
    for code, held in now.items():
        if code not in before:
            yield ADDED_CONTEST.filled(name=held["name"])
    for code, held in before.items():
        if code in now:
            yield from _renamed(held, now[code])
        else:
            yield GONE_CONTEST.filled(name=held["name"])


def _renamed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Sentence]:
    if old["name"] != new["name"]:
        yield RENAMED.filled(old=old["name"], new=new["name"])
    names = {each["code"]: each["name"] for each in old["criteria"]}
    for each in new["criteria"]:
        if names.get(each["code"], each["name"]) != each["name"]:
            yield RENAMED_CRITERION.filled(contest=new["name"], old=names[each["code"]], new=each["name"])


def _written(ends: Ends) -> str:
    return "–".join("…" if each is None else str(each) for each in ends)
