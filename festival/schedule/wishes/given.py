"""What stands of the wishes of a festival, for its pages and as values of the rules?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.core.transaction import once
from festival.roster.models import Entry, Family
from festival.schedule.models import Session, Stage
from festival.schedule.rules.wished import AwayTime, PauseTime, Wishes
from festival.schedule.wishes.models import StageTakes, Wish, WishKind

NAMED = (
    joinedload(Wish.entry).joinedload(Entry.contest),
    joinedload(Wish.other).joinedload(Entry.contest),
    joinedload(Wish.family),
    joinedload(Wish.delegation),
    joinedload(Wish.user),
    joinedload(Wish.contest),
    joinedload(Wish.stage),
)


def standing(festival_id: int) -> list[Wish]:
    """All that were not taken back, with whom and what they name, in the order they were made."""
    return list(
        db.session.scalars(
            select(Wish)
            .where(Wish.festival_id == festival_id, Wish.taken_back_at.is_(None))
            .options(*NAMED)
            .order_by(Wish.id)
        )
    )


def minutes_of(wishes: Iterable[Wish]) -> dict[int, int]:
    """Entry → the minutes of its own."""
    found: dict[int, int] = {}
    for wish in wishes:
        if wish.kind is WishKind.MINUTES and wish.entry_id is not None and wish.minutes is not None:
            found[wish.entry_id] = wish.minutes
    return found


def contests_taken(festival_id: int) -> Mapping[str, frozenset[str]]:
    """Stage (by name) → the contests it takes (by code); one that takes all is not in it."""
    return once(("contests taken", festival_id), lambda: _taken(festival_id))


def _taken(festival_id: int) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in db.session.execute(
        select(Stage.name, Contest.code)
        .join(StageTakes, StageTakes.stage_id == Stage.id)
        .join(Contest, Contest.id == StageTakes.contest_id)
        .where(Stage.festival_id == festival_id)
    ):
        found[row.name].add(row.code)
    return {stage: frozenset(codes) for stage, codes in found.items()}


def pauses(festival_id: int) -> list[PauseTime]:
    """All that stand, in the order of the days."""
    return once(("pauses", festival_id), lambda: sorted(_pauses(standing(festival_id)), key=lambda each: each.begins))


def pauses_in(session: Session) -> list[PauseTime]:
    """Those on its stage while it lasts."""
    return [
        each
        for each in pauses(session.stage.festival_id)
        if each.stage in ("", session.stage.name) and each.begins < session.ends_at and session.starts_at < each.ends
    ]


def _pauses(wishes: Iterable[Wish]) -> Iterable[PauseTime]:
    for wish in wishes:
        if wish.kind is WishKind.PAUSE and wish.starts_at is not None and wish.ends_at is not None:
            where = "" if wish.stage is None else wish.stage.name
            yield PauseTime(wish.note, local(wish.starts_at), local(wish.ends_at), where)


def wishes_of(festival_id: int, wishes: Sequence[Wish], act_of: Mapping[int | None, str]) -> Wishes:
    """As the rules read them; `act_of`: entry → the act it appears in. What names an entry without an act binds nothing yet."""
    hours = {each.entry_id: each for each in wishes if each.kind is WishKind.WINDOW}
    return Wishes(
        away=tuple(_away(wishes, act_of)),
        pauses=tuple(_pauses(wishes)),
        earliest={act_of[entry]: local(each.starts_at) for entry, each in hours.items() if entry in act_of and each.starts_at},
        latest={act_of[entry]: local(each.ends_at) for entry, each in hours.items() if entry in act_of and each.ends_at},
        before=tuple(
            (act_of[each.entry_id], act_of[each.other_id])
            for each in wishes
            if each.kind is WishKind.BEFORE and each.entry_id in act_of and each.other_id in act_of
        ),
        opening=_acts(wishes, WishKind.OPENING, act_of),
        closing=_acts(wishes, WishKind.CLOSING, act_of),
        change_min={
            "" if each.contest is None else each.contest.code: each.minutes
            for each in wishes
            if each.kind is WishKind.CHANGE and each.minutes is not None
        },
        takes=contests_taken(festival_id),
    )  # fmt: skip


def _acts(wishes: Iterable[Wish], kind: WishKind, act_of: Mapping[int | None, str]) -> frozenset[str]:
    return frozenset(act_of[each.entry_id] for each in wishes if each.kind is kind and each.entry_id in act_of)


def _away(wishes: Iterable[Wish], act_of: Mapping[int | None, str]) -> Iterable[AwayTime]:
    away = [each for each in wishes if each.kind is WishKind.AWAY]
    delegations = {each.delegation_id for each in away if each.delegation_id is not None}
    families: dict[int, set[int]] = defaultdict(set)
    teams: dict[int, set[str]] = defaultdict(set)
    if delegations:
        for row in db.session.execute(
            select(Family.id, Family.delegation_id).where(Family.delegation_id.in_(delegations))
        ):
            families[row.delegation_id].add(row.id)
        of_none = Entry.delegation_id.in_(delegations), Entry.family_id.is_(None)
        for row in db.session.execute(select(Entry.id, Entry.delegation_id).where(*of_none)):
            if row.id in act_of:
                teams[row.delegation_id].add(act_of[row.id])
    for each in away:
        if each.starts_at is None or each.ends_at is None:
            continue
        of = each.delegation_id
        yield AwayTime(
            who_is_away(each),
            local(each.starts_at),
            local(each.ends_at),
            frozenset(({each.family_id} if each.family_id else set()) | (families[of] if of else set())),
            frozenset(teams[of] if of else ()),
            each.user_id,
            each.contest.code if each.contest else "",
        )  # fmt: skip


def who_is_away(wish: Wish) -> Sentence:
    """A family and a delegation by their name, a judge and a panel as such; the reason is nobody's business here."""
    if wish.user is not None:
        return N_("giám khảo %(name)s", name=wish.user.name)
    if wish.contest is not None:
        return N_("ban giám khảo «%(contest)s»", contest=wish.contest.name)
    named = wish.family or wish.delegation
    return N_("«%(name)s»", name="" if named is None else named.name)
