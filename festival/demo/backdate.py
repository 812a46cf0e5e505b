"""Which times do the pages of the demo show, if it was built today and its preparations took two months?

Registrations came in the two months before, the draw was on the afternoon of the first day (of a living festival: the day
before), marks from then on. Only a demo is dated back, and only rows the pages show: the lines of the ledger keep the true time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from festival.consent.models import Consent
from festival.contests.models import Contest, Judge, Unavailability
from festival.core.database import db
from festival.core.statements import run, table
from festival.demo.days import DemoDays
from festival.editions.models import Festival, Phase, PhaseKind
from festival.judging.matches.models import BracketDraw, PlayedMatch
from festival.judging.models import Measure, Overtime, ScoreSheet
from festival.passes.models import Pass
from festival.roster.models import Entry, Family, Person
from festival.schedule.models import Act, Draw, Plan

DAYS_OF_REGISTRATION = 44


def backdate(festival_id: int, days: DemoDays) -> None:
    """Give rows of a demo the times of its edition."""
    festival = db.session.get_one(Festival, festival_id)
    if not festival.demo:
        raise ValueError("only a demo is dated back")
    eve = 1 if days.at is None else 0
    drawn, published = days.moment(eve, (15, 10)), days.moment(eve, (16, 40))
    marking = days.moment(1, (19, 0) if days.at is None else (7, 0))
    festival.created_at = days.moment(-62, (9, 30))
    db.session.flush()
    _families(festival_id, days.moment(-59, (7, 0)))
    contests = select(Contest.id).where(Contest.festival_id == festival_id)
    entries = select(Entry.id).where(Entry.contest_id.in_(contests))
    for statement in (
        update(Draw).where(Draw.contest_id.in_(contests)).values(drawn_at=drawn),
        update(Plan).where(Plan.festival_id == festival_id).values(published_at=published),
        update(Phase)
        .where(Phase.festival_id == festival_id, Phase.kind == PhaseKind.PROGRAMME)
        .values(opens_at=published),
        update(Contest)
        .where(Contest.id.in_(contests), Contest.rules_fixed_at.is_not(None))
        .values(rules_fixed_at=marking),
        update(Unavailability)
        .where(Unavailability.judge_id.in_(select(Judge.id).where(Judge.contest_id.in_(contests))))
        .values(noted_at=drawn),
        update(BracketDraw).where(BracketDraw.contest_id.in_(contests)).values(drawn_at=drawn),
        update(PlayedMatch)
        .where(PlayedMatch.draw_id.in_(select(BracketDraw.id).where(BracketDraw.contest_id.in_(contests))))
        .values(updated_at=marking),
        update(Overtime).where(Overtime.entry_id.in_(entries)).values(noted_at=marking),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
    _marks(festival_id)
    db.session.expire_all()


def _families(festival_id: int, opened: datetime) -> None:
    rows = db.session.execute(
        select(Family.id, Family.phone, Family.submitted_at, Family.decided_at).where(Family.festival_id == festival_id)
    ).all()
    dated = []
    for row in rows:
        # spread by the number of the family, mornings and evenings, always the same for the same family
        number = int(row.phone[-4:])
        sent = opened + timedelta(
            days=number * 17 % DAYS_OF_REGISTRATION, hours=number * 5 % 14, minutes=number * 13 % 60
        )
        decided = sent + timedelta(days=1 + number % 3, hours=number % 7)
        dated.append(
            {
                "of_family": row.id,
                "made": sent - timedelta(minutes=25 + number % 30),
                "sent": sent if row.submitted_at else None,
                "judged": decided if row.decided_at else None,
                "issued": decided,
                "agreed": sent - timedelta(minutes=5),
            }
        )
    if not dated:
        return
    family, passes, consent, person = (table(model) for model in (Family, Pass, Consent, Person))
    run(
        update(family)
        .where(family.c.id == bindparam("of_family"))
        .values(created_at=bindparam("made"), submitted_at=bindparam("sent"), decided_at=bindparam("judged")),
        dated,
    )
    run(update(passes).where(passes.c.family_id == bindparam("of_family")).values(issued_at=bindparam("issued")), dated)
    run(
        update(consent)
        .where(consent.c.person_id.in_(select(person.c.id).where(person.c.family_id == bindparam("of_family"))))
        .values(given_at=bindparam("agreed")),
        dated,
    )


def _marks(festival_id: int) -> None:
    """A sheet or a count is from the end of its act."""
    ended = {
        row.entry_id: row.ended_at
        for row in db.session.execute(
            select(Act.entry_id, Act.ended_at)
            .join(Entry, Entry.id == Act.entry_id)
            .join(Contest, Contest.id == Entry.contest_id)
            .where(Contest.festival_id == festival_id, Act.ended_at.is_not(None))
        )
    }
    rows = [{"of_entry": entry_id, "then": at} for entry_id, at in ended.items()]
    if not rows:
        return
    for model in (ScoreSheet, Measure):
        marks = table(model)
        run(update(marks).where(marks.c.entry_id == bindparam("of_entry")).values(updated_at=bindparam("then")), rows)
