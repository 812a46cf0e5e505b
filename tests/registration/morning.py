"""The morning of the festival: two families with their turns, one in reserve, a judge; who comes in for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from werkzeug.test import TestResponse

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.substituting.models import Substitution
from festival.passes.models import Pass
from festival.registration.reserves import reserving
from festival.roster import families, views
from festival.roster.models import ContestPlace, Delegation, Entry, EntryPerson, EntryState, Family, Person
from festival.roster.outcomes import Done
from festival.schedule.models import Act, ActState, Session, Stage
from tests.registration.conftest import World, household
from tests.registration.pages_kit import post
from tests.registration.registered import approve, register

FIRST, SECOND, RESERVE = 1, 2, 3


@dataclass
class Morning:
    """Ids and codes of the day."""

    world: World
    families: dict[int, str]  # number → code
    judge: int
    mc: int

    def id(self, number: int) -> int:
        return db.session.scalars(select(Family.id).where(Family.code == self.families[number])).one()

    def entry(self, number: int, contest: str = "tai-nang") -> Entry:
        own = select(Entry).join(Contest).where(Contest.code == contest, Entry.family_id == self.id(number))
        return db.session.scalars(own).one()

    def person(self, number: int, place: int) -> Person:
        """The mother, Chung or Khôi of a family: 0, 1, 2."""
        own = select(Person).where(Person.family_id == self.id(number), Person.position == place + 1)
        return db.session.scalars(own).one()

    def team(self) -> Entry:
        own = select(Entry).join(Contest).where(Contest.code == "the-thao", Entry.family_id.is_(None))
        return db.session.scalars(own).one()

    def performer(self, number: int, leaves: int, comes: int, other: int | None = None) -> str:
        """As the address says it: in the family's own entry, or in the team where another family's comes in."""
        with self.world.app.app_context(), reading():
            entry = self.entry(number) if other is None else self.team()
            one, two = self.person(number, leaves), self.person(other or number, comes)
            return f"{entry.code}-{one.code}-{two.code}"

    def family(self, number: int = RESERVE) -> str:
        return f"family-{self.families[number]}"

    def version(self, number: int) -> int:
        with self.world.app.app_context(), reading():
            return db.session.scalars(select(Family.version).where(Family.code == self.families[number])).one()

    def page(self, number: int, choice: str = "") -> str:
        own = f"/office/registrations/{self.families[number]}/substitute"
        return f"{own}/{choice}" if choice else own

    def substitute(self, number: int, choice: str, **fields: str) -> TestResponse:
        """The organiser's one tap."""
        page = self.page(number, choice)
        typed = {"why": "ốm sáng nay", "agreed": "y", "version": str(self.version(number)), **fields}
        return post(self.world.as_user(self.world.organiser), page, dict(typed), page=page)

    def officers(self, number: int) -> str:
        return f"/delegation/{self.world.hon_dat}/families/{self.families[number]}/substitute"

    def ask(self, number: int, choice: str) -> TestResponse:
        """The officer asks."""
        page = f"{self.officers(number)}/{choice}"
        typed: dict[str, object] = {"why": "ốm sáng nay", "agreed": "y", "version": str(self.version(number))}
        return post(self.world.as_user(self.world.officer), page, typed, page=page)

    def decide(self, deed: str, number: int = 1, reason: str = "đã khỏe lại") -> TestResponse:
        page = f"/office/substitutions/{self.world.hon_dat}/{number}"
        return post(self.world.as_user(self.world.organiser), page, {"deed": deed, "reason": reason}, page=page)

    def calls(self, number: int, state: ActState = ActState.ON_STAGE) -> None:
        """The act of the entry with this number is where the stage manager says."""
        with self.world.app.app_context(), transaction():
            numbered = select(Entry.id).where(Entry.number == number)
            db.session.execute(update(Act).where(Act.entry_id.in_(numbered)).values(state=state))

    def states(self) -> list[str]:
        with self.world.app.app_context(), reading():
            return [str(each) for each in db.session.scalars(select(Substitution.state).order_by(Substitution.number))]

    def stands(self) -> dict[str, object]:
        """Everything that follows: entries with their people and turns, families, places, passes that are good."""
        with self.world.app.app_context(), reading():
            people: dict[int, list[str]] = {}
            performing = (
                select(EntryPerson.entry_id, Person.name, Family.code)
                .select_from(EntryPerson)
                .join(Person, Person.id == EntryPerson.person_id)
                .join(Family, Family.id == Person.family_id)
            )
            for entry_id, name, code in db.session.execute(performing.order_by(Family.id, Person.position)):
                people.setdefault(entry_id, []).append(f"{name} {code}")
            entries = db.session.execute(
                select(Entry.id, Entry.code, Entry.number, Entry.name, Entry.title, Entry.state, Family.code.label("of"), Act.id.label("act"), Act.starts_at)
                .select_from(Entry).outerjoin(Family, Family.id == Entry.family_id).outerjoin(Act, Act.entry_id == Entry.id).order_by(Entry.id)
            ).all()  # fmt: skip
            rows = db.session.execute(select(Family.code, Family.state, Family.reserve).order_by(Family.id)).all()
            good = select(Family.code).join(Pass, Pass.family_id == Family.id).where(Pass.replaced_at.is_(None))
            return {
                "entries": [(*row, people.get(row.id, [])) for row in entries],
                "families": [tuple(row) for row in rows],
                "places": [tuple(row) for row in db.session.execute(select(ContestPlace.contest_id, ContestPlace.taken).order_by(ContestPlace.contest_id))],
                "approved": db.session.scalars(select(Delegation.approved_count).order_by(Delegation.id)).all(),
                "passes": sorted(db.session.scalars(good)),
            }  # fmt: skip


def begun(world: World) -> Morning:
    """Number 1 performs in an hour, number 2 a quarter of an hour later, the team in the afternoon."""
    made = {number: register(world, household(number)) for number in (FIRST, SECOND, RESERVE)}
    for number in (FIRST, SECOND):
        assert isinstance(approve(world, made[number].family_id), Done)
    with world.app.app_context(), transaction():
        item = views.view(families.family_by_id(made[RESERVE].family_id), world.rules())
        assert isinstance(reserving.accept(world.rules(), item, item.family.version, world.organiser), Done)
        talent = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        sport = db.session.scalars(select(Contest).where(Contest.code == "the-thao")).one()
        stage = Stage(festival_id=talent.festival_id, code="a", name="Sân khấu A")
        ground = Stage(festival_id=talent.festival_id, code="b", name="Sân bóng", position=1)
        db.session.add_all([stage, ground])
        db.session.flush()
        at = now().replace(microsecond=0) + timedelta(hours=1)
        for place, contest, starts in ((stage, talent, at), (ground, sport, at + timedelta(hours=6))):
            session = Session(
                stage_id=place.id,
                contest_id=contest.id,
                label="",
                starts_at=starts,
                ends_at=starts + timedelta(hours=3),
            )
            db.session.add(session)
            db.session.flush()
            standing = select(Entry).where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED)
            for place_, entry in enumerate(db.session.scalars(standing.order_by(Entry.id))):
                entry.number = place_ + 1 if contest is talent else None
                act = {"starts_at": starts + timedelta(minutes=30 * place_), "duration_min": 15, "position": place_ + 1}
                db.session.add(Act(session_id=session.id, entry_id=entry.id, **act))
        lan, mc = create_user("lan", "Danh Thị Lan", "", [Role.JUDGE]).id, create_user("mc", "Võ Dẫn", "", [Role.MC]).id
        db.session.add(Judge(contest_id=talent.id, user_id=lan, seat=PanelSeat.MEMBER, letter="A"))
    return Morning(world, {number: each.code for number, each in made.items()}, lan, mc)
