"""Which round follows a contest, and what must be settled before the minutes of the contest are signed, or the next made public?"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.editions.rules.kinds import PublishedRule
from festival.results.rounds.choosing import EqualAtCut, GoingOn, RoundPlace, going_on
from festival.results.table import ContestTable


def final_of(contest: Contest) -> Contest | None:
    """The round into which the first of this contest go on."""
    next_ones = select(Contest).where(Contest.entries_from_id == contest.id, Contest.after.is_not(None))
    return db.session.scalars(next_ones).one_or_none()


def placed(table: ContestTable) -> list[RoundPlace]:
    """The places of a table as the cut reads them."""
    return [RoundPlace(each.entry, each.rank, each.value) for each in table.standings]


def wanted(table: ContestTable, final: Contest, away: frozenset[str] = frozenset()) -> GoingOn | EqualAtCut:
    """Who goes on by this table."""
    assert final.after is not None
    return going_on(placed(table), final.after["take"], away)


def names_of(table: ContestTable, entries: tuple[str, ...]) -> str:
    """The entries as a sentence lists them, by their numbers."""
    listed = sorted((table.appearances[each] for each in entries), key=lambda each: (each.number or 0, each.name))
    return ", ".join(each.name for each in listed)


def refuse_equal_at_cut(contest: Contest, table: ContestTable) -> None:
    """Before the signature the panel parts who stands equal across the cut: afterwards only an amendment could."""
    final = final_of(contest)
    found = wanted(table, final) if final is not None else None
    if final is not None and isinstance(found, EqualAtCut):
        raise Conflict(
            _(
                "Đồng hạng %(place)s ở ranh giới vào «%(final)s»: %(names)s. Ban giám khảo xếp thứ tự trước, rồi ký biên bản.",
                place=found.place,
                final=final.name,
                names=names_of(table, found.entries),
            )
        )


def refuse_before_the_round_before(final: Contest) -> None:
    """What a published explanation says of points that were carried is no secret of the round before any more."""
    if not final.after or not final.after["weight"] or final.published != PublishedRule.MARKS:
        return
    before = db.session.get_one(Contest, final.entries_from_id)
    if before.state is not ContestState.PUBLISHED:
        raise Conflict(
            _(
                "Phần thi «%(final)s» công bố cả điểm mang từ «%(before)s» sang: công bố «%(before)s» trước.",
                final=final.name,
                before=before.name,
            )
        )
