"""A round of four and its final of two: the cast of the panel, the final in its place, and the steps that lead there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest, Criterion, Judge, PanelSeat, ResultKind, Secrecy
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.sheet_messages import SheetMessage, SheetTaken
from festival.judging.taking_sheets import take_sheets
from festival.registration.decisions import withdraw_family
from festival.results.cut import taking
from festival.results.ladder import lock, sign
from festival.results.ladder.lock import Locked
from festival.results.ladder.sign import Signed
from festival.roster.models import Entry, EntryPerson, EntryState, Family, FamilyState, Person
from festival.roster.rules import asked_festival, rules_of
from tests.judging.panel_cast import Panel, cast, marks, send

# What the three judges give each entry of the round: 90, 80, 70, 60 points, so the places are those of the entries.
GIVEN = (45_000, 40_000, 35_000, 30_000)


def rounds(weight: int = 0, secrecy: Secrecy = Secrecy.SECRET, published: str = "prizes", **before: Any) -> Panel:
    """The cast with four families and a final that one judge marks; each family has somebody on stage."""
    panel = cast(4, prizes=[], special_prizes=[], published=published, **before)
    with transaction():
        final = Contest(
            festival_id=panel.festival_id, code="chung-ket", name="Chung kết tài năng", position=9, result_kind=ResultKind.RUBRIC,
            secrecy=secrecy, published=published, entries_per_delegation=1, duration_min=10, tie_ladder=[{"by": "jury"}],
            place_points=[], prizes=[{"name": "Nhất", "count": 1}], special_prizes=[], entries_from_id=panel.contest_id,
            after={"contest": "tai-nang", "take": 2, "weight": weight},
        )  # fmt: skip
        db.session.add(final)
        db.session.flush()
        db.session.add(
            Criterion(contest_id=final.id, position=1, code="x", name="X", max_milli=100_000, step_milli=250)
        )
        for who, seat in (("chair", PanelSeat.CHAIR), ("secretary", PanelSeat.SECRETARY)):
            chairs = seat is PanelSeat.CHAIR
            letter = "A" if chairs else None
            db.session.add(Judge(contest_id=final.id, user_id=panel.users[who], seat=seat, letter=letter, marks=chairs))
        for at, entry_id in enumerate(panel.entry_ids):
            entry = db.session.get_one(Entry, entry_id)
            person = Person(
                festival_id=panel.festival_id, family_id=entry.family_id, code=f"P{at}", name=f"Danh Chung {at}",
                folded=f"danh chung {at}", representative=True,
            )  # fmt: skip
            db.session.add(person)
            db.session.flush()
            db.session.add(EntryPerson(entry_id=entry_id, person_id=person.id))
    return panel


def marked(panel: Panel, given: tuple[int, ...] = GIVEN) -> None:
    """Everybody marks the round."""
    send(
        *(
            panel.message(who, at, marks(each, each))
            for who in ("chair", "lan", "hung")
            for at, each in enumerate(given)
            if (who, at) != ("lan", 2)
        )
    )


def locked(panel: Panel) -> None:
    with transaction():
        outcome = lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"])
        assert isinstance(outcome, Locked), outcome


def signed(panel: Panel) -> None:
    """The round is over: marked, locked, its minutes signed."""
    marked(panel)
    locked(panel)
    with transaction():
        assert isinstance(sign.sign(panel.contest_id, "1", None), Signed)


def the_final() -> Contest:
    return db.session.scalars(select(Contest).where(Contest.code == "chung-ket")).one()


def taken(panel: Panel) -> None:
    """The first two are in the final."""
    signed(panel)
    with transaction():
        assert taking.take(the_final().id, panel.users["secretary"]) == 2


def in_the_final() -> list[str]:
    """Who takes part in the final, by name."""
    with reading():
        own = select(Entry.name).join(Contest, Contest.id == Entry.contest_id).where(Contest.code == "chung-ket")
        return [
            each[-1] for each in db.session.scalars(own.where(Entry.state == EntryState.ENROLLED).order_by(Entry.name))
        ]


def code_in_final(name: str) -> str:
    """The code of the entry whose name ends so."""
    own = select(Entry.code).join(Contest, Contest.id == Entry.contest_id).where(Contest.code == "chung-ket")
    return db.session.scalars(own.where(Entry.name.endswith(name))).one()


def mark_final(panel: Panel, name: str, points: int) -> None:
    """The chair gives this entry of the final so many points."""
    with transaction():
        message = SheetMessage(
            mid=f"{name}{points}", user_id=panel.users["chair"], entry_code=code_in_final(name), round=1, verb="send",
            body={"marks": {"x": points}}, base_version=0, received_at=now(),
        )  # fmt: skip
        (outcome,) = take_sheets([message])
        assert isinstance(outcome, SheetTaken), outcome


def withdrawn(at: int) -> None:
    """The family of this entry does not come, as its withdrawal writes it."""
    with transaction():
        family = db.session.scalars(select(Family).where(Family.code == f"gia-dinh-{at}")).one()
        family.delegation.approved_count = 1
        db.session.flush()
        withdraw_family(rules_of(asked_festival("thu")), family, None, "office")


def back_again(at: int) -> None:
    """The family comes after all, restored and approved anew."""
    with transaction():
        family = db.session.scalars(select(Family).where(Family.code == f"gia-dinh-{at}")).one()
        family.state = FamilyState.APPROVED
        family.withdrawn_from = family.withdrawn_road = None
        gone = select(Entry).where(Entry.family_id == family.id, Entry.state == EntryState.WITHDRAWN)
        for entry in db.session.scalars(gone):
            somebody = db.session.scalar(select(EntryPerson.person_id).where(EntryPerson.entry_id == entry.id))
            entry.state = EntryState.ENROLLED if somebody else EntryState.WITHDRAWN
