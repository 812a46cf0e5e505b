"""What stands of the entries that would go on with others, and who agrees for those who come in?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from festival.consent.rules import AskedPerson, missing_consents
from festival.contests.models import Contest, ContestState
from festival.core.clock import local
from festival.core.database import db
from festival.judging.substituting.entries import has_files, marked
from festival.judging.substituting.foreseen import ComesIn, HeldTurn
from festival.roster.household import Member
from festival.roster.models import Entry
from festival.roster.rules import Rules
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.published.standing import as_published, holding


def comes_in(rules: Rules, members: Iterable[Member]) -> list[ComesIn]:
    """Who agrees for each of them, and what is not there."""
    found = []
    for each in members:
        asked = AskedPerson(each.name, each.birth, rules.festival.starts_on)
        by = each.agreement.by if asked.child else ""
        found.append(
            ComesIn(each.name, asked.child, asked.own_asked, by, tuple(missing_consents(asked, each.agreements)))
        )
    return found


def goes_on(entries: Sequence[Entry]) -> list[HeldTurn]:
    """Number and turn of these entries, in this order."""
    ids = [each.id for each in entries]
    rows = {
        row.id: as_published(row)
        for row in db.session.execute(
            select(
                Entry.id,
                Entry.code,
                Contest.name,
                Contest.state,
                Act.starts_at,
                Stage.name.label("stage"),
                Act.state.label("act"),
                marked().label("marked"),
                has_files().label("files"),
                holding().label("plan_id"),
            )
            .select_from(Entry)
            .join(Contest, Contest.id == Entry.contest_id)
            .outerjoin(Act, Act.entry_id == Entry.id)
            .outerjoin(Session, Session.id == Act.session_id)
            .outerjoin(Stage, Stage.id == Session.stage_id)
            .where(Entry.id.in_(ids))
        )
    }
    return [
        HeldTurn(
            each.name,
            rows[each.id].name,
            each.number,
            local(rows[each.id].starts_at) if rows[each.id].starts_at else None,
            rows[each.id].stage or "",
            bool(rows[each.id].marked) or rows[each.id].act in (ActState.ON_STAGE, ActState.DONE),
            rows[each.id].state is not ContestState.OPEN,
            bool(rows[each.id].files),
        )
        for each in entries
    ]
