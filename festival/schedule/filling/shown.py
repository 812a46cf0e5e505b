"""What does the page of a search show, with the names of acts and the wishes that are in the way?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.roster.models import Entry
from festival.schedule.filling.chosen import FillState
from festival.schedule.filling.models import FillRun
from festival.schedule.filling.running import WORKER_LATE, gone
from festival.schedule.filling.words import STATE_TITLES, distance, least, lies_now, price, reason, waits
from festival.schedule.wishes.given import NAMED
from festival.schedule.wishes.models import Wish
from festival.schedule.wishing.words import wish_words

SHOWN = 40


Hold = tuple[
    Sentence, str, Mapping[str, Any]
]  # in words, the page where it is changed ("": none), and what its address needs


@dataclass(frozen=True, slots=True)
class ShownReason:
    """Why not everything has a place: in words, the wishes with their pages, the acts by name."""

    said: Sentence
    holds: tuple[Hold, ...]
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownFill:
    """A search for its page. `state`: as it is, also where nobody has said so yet."""

    run: FillRun
    state: FillState
    title: Sentence
    waits: Sentence
    least: Sentence
    distance: Sentence
    lies_now: Sentence | None
    seconds: int
    late: bool
    cut: bool
    has_plan: bool
    without: tuple[str, ...]
    prices: tuple[Sentence, ...]
    reasons: tuple[ShownReason, ...]

    @property
    def under_way(self) -> bool:
        return self.state in (FillState.WAITING, FillState.RUNNING)


def state_of(run: FillRun, at: datetime) -> FillState:
    """As it is now."""
    if gone(run, at):
        return FillState.FOUND if "plan" in run.found else FillState.FAILED
    return run.state


def shown_fill(run: FillRun) -> ShownFill:
    """Everything of it."""
    at, found = now(), run.found
    state = state_of(run, at)
    missing = [*found.get("unplaced", ()), *found.get("aside", ())]
    codes = {*missing, *(code for each in found.get("reasons", ()) for code in _codes(each))}
    names = _names(codes)
    contests = _contests(run.festival_id)
    since = run.started_at or run.asked_at
    return ShownFill(
        run,
        state,
        STATE_TITLES[state],
        waits(found),
        least(found),
        distance(found),
        lies_now(found) if found else None,
        found.get("seconds", 0) if run.ended_at else min(int((at - since).total_seconds()), 2 * run.limit_s),
        state is FillState.WAITING and at > run.asked_at + WORKER_LATE,
        bool(found.get("cut")) or gone(run, at),
        "plan" in found,
        tuple(names.get(code, code) for code in missing),
        tuple(price(found["prices"].get(code), contests.get(code, code)) for code in found.get("drawn", ())),
        _reasons(run, names, contests),
    )


def _codes(each: Mapping[str, Any]) -> Iterable[str]:
    yield from each["acts"]
    yield from (hold[key] for hold in each.get("holds", ()) for key in ("locked", "bound") if key in hold)


def _names(codes: Iterable[str]) -> dict[str, str]:
    """What an act is called; a match by its two."""
    single = {part for code in codes for part in code.split("+")}
    rows = db.session.execute(
        select(Entry.code, Entry.name, Contest.name.label("contest"))
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.code.in_(single))
    ).all() if single else []  # fmt: skip
    name = {row.code: (row.name, row.contest) for row in rows}
    return {
        code: f"{' – '.join(name[part][0] for part in code.split('+') if part in name)}, {name[code.split('+')[0]][1]}"
        for code in codes
        if code.split("+")[0] in name
    }


def _contests(festival_id: int) -> dict[str, str]:
    rows = db.session.execute(select(Contest.code, Contest.name).where(Contest.festival_id == festival_id))
    return {row.code: row.name for row in rows}


def _reasons(run: FillRun, names: Mapping[str, str], contests: Mapping[str, str]) -> tuple[ShownReason, ...]:
    kept: Sequence[Mapping[str, Any]] = run.found.get("reasons", ())
    ids = {hold["wish"] for each in kept for hold in each.get("holds", ()) if "wish" in hold}
    wishes: dict[int, Wish] = {}
    if ids:
        for wish in db.session.scalars(select(Wish).where(Wish.id.in_(ids)).options(*NAMED)):
            wishes[wish.id] = wish
    shown = []
    for each in kept:
        called = ", ".join(f"«{contests.get(code, code)}»" for code in each.get("contests", ()))
        acts = tuple(names.get(code, code) for code in each["acts"])
        family = acts[0].rsplit(", ", 1)[0] if acts else ""
        holds = tuple(_hold(hold, wishes, names) for hold in each.get("holds", ()))
        shown.append(ShownReason(reason(each, called, family), holds, acts))
    return tuple(shown)


def _hold(hold: Mapping[str, Any], wishes: Mapping[int, Wish], names: Mapping[str, str]) -> Hold:
    if "wish" in hold:
        wish = wishes.get(hold["wish"])
        if wish is None:
            return N_("một điều đã ghi, nay đã xóa"), "", {}
        return wish_words(wish), "schedule.wish_page", {"wish_id": wish.id}
    start = "schedule.fill_page", {"_anchor": "start"}
    if "locked" in hold:
        code = hold["locked"]
        said = N_("«%(act)s» giữ nguyên chỗ đang có", act=names.get(code, code))
        return said, "schedule.board_page", {"take": code, "_anchor": "hand"}
    if "bound" in hold:
        said = N_("«%(act)s» đứng theo điều đã ghi (trước sau, mở màn, kết thúc), hoặc theo phần cùng làm của buổi", act=names.get(hold["bound"], hold["bound"]))  # fmt: skip
        return said, "schedule.wishes_page", {}
    if "longest" in hold:
        return N_("không gia đình nào chờ quá %(minutes)s phút một ngày", minutes=hold["longest"]), *start
    if "order" in hold:
        return N_("giữ thứ tự bốc thăm"), *start
    return N_("các tiết mục đã khóa hoặc đã lên sân khấu giữ nguyên chỗ"), "schedule.board_page", {}
