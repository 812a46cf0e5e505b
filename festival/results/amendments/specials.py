"""Who has the special prizes of signed minutes, who had them when they were signed, and who has them after an amendment?

An amendment states only the prizes that differ from the signed record; what it no longer states is as it was signed. The
winners before and after stand in the amendment itself, so that they stay readable when the awards have moved on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.results.amended.corrections import Corrections
from festival.results.current import special_names
from festival.results.decide import refuse_given_elsewhere
from festival.results.models import Award, StandingAmendment
from festival.results.table import ContestTable
from festival.roster.models import Delegation, Entry

Specials = Mapping[str, str]  # by prize: the code of the entry that has it


def specials_now(contest_id: int) -> dict[str, str]:
    """As they are in force."""
    rows = db.session.execute(
        select(Award.prize, Entry.code)
        .join(Entry, Entry.id == Award.entry_id)
        .where(Award.contest_id == contest_id, Award.special)
        .order_by(Award.position)
    )
    return {row.prize: row.code for row in rows}


def specials_after(contest_id: int, corrections: Corrections) -> dict[str, str]:
    """As the signed minutes say, with what these corrections state."""
    found = {**_signed(contest_id), **corrections.specials}
    return {prize: entry for prize, entry in found.items() if entry is not None}


def _signed(contest_id: int) -> Specials:
    """Before the first amendment that moved one, else as they are: an amendment that moved none leaves them alone."""
    rows = db.session.execute(
        select(StandingAmendment.specials_before, StandingAmendment.specials)
        .where(StandingAmendment.contest_id == contest_id)
        .order_by(StandingAmendment.ordinal)
    )
    for row in rows:
        if row.specials_before != row.specials:
            before: Specials = row.specials_before
            return before
    return specials_now(contest_id)


def wanted_specials(contest: Contest, table: ContestTable, after: Specials) -> list[dict[str, Any]]:
    """The rows of the awards; Conflict when another contest's panel gives a prize of the whole festival."""
    names = special_names(contest)
    held = specials_now(contest.id)
    people = {
        row.code: row
        for row in db.session.execute(
            select(Entry.id, Entry.code, Entry.name, Delegation.name.label("delegation"))
            .join(Delegation, Delegation.id == Entry.delegation_id)
            .where(Entry.contest_id == contest.id, Entry.code.in_(after.values()))
        )
    }
    for prize in after:
        if prize not in held:
            refuse_given_elsewhere(contest, prize)
    return [
        {
            "contest_id": contest.id,
            "festival_id": contest.festival_id,
            "entry_id": people[code].id,
            "prize": prize,
            "position": 1 + (names.index(prize) if prize in names else len(names)),
            "special": True,
            "name": table.appearances[code].name if code in table.appearances else people[code].name,
            "delegation": table.appearances[code].delegation if code in table.appearances else people[code].delegation,
        }
        for prize, code in after.items()
    ]
