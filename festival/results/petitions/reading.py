"""Which petitions wait, which are those of a delegation, what do the rules say, and may the delegation read the answer?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import joinedload

from festival.contests.models import Contest, ContestState, Secrecy
from festival.core.database import db
from festival.core.transaction import once
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.editions.rules.petitions import PetitionAfter, PetitionRule
from festival.results.petitions.kinds import GRANTED, PetitionAbout, PetitionState
from festival.results.petitions.models import Petition, PetitionStep

UNSETTLED: ColumnElement[bool] = or_(
    Petition.state == PetitionState.OPEN, and_(Petition.state.in_(GRANTED), Petition.carried == false())
)


def rule_of(festival: Festival) -> PetitionRule | None:
    """Until when the rules of the edition let the jury review."""
    stated = (festival.ruleset or {}).get("festival")
    after = stated.get("petitions_after") if isinstance(stated, dict) else None
    return PetitionRule(PetitionAfter(after), int(stated["petitions_minutes"])) if stated and after else None


def unsettled_numbers(contest_ids: Iterable[int]) -> dict[int, list[int]]:
    """By contest the numbers of what waits, in order; contests without one are not in it."""
    wanted = select(Petition.contest_id, Petition.number).where(Petition.contest_id.in_(list(contest_ids)), UNSETTLED)
    found: dict[int, list[int]] = defaultdict(list)
    for contest_id, number in db.session.execute(wanted.order_by(Petition.number)):
        found[contest_id or 0].append(number)
    return dict(found)


def unsettled_of(contest: Contest) -> list[int]:
    """Those of one contest; several parts of a page ask."""
    return once(("petitions", contest.id), lambda: unsettled_numbers([contest.id]).get(contest.id, []))


def unsettled_of_whole(festival_id: int) -> list[int]:
    """Those about the order of the delegations; several parts of a page ask."""
    own = (Petition.festival_id == festival_id) & (Petition.about == PetitionAbout.WHOLE)
    wanted = select(Petition.number).where(own, UNSETTLED).order_by(Petition.number)
    return once(("petitions of whole", festival_id), lambda: list(db.session.scalars(wanted)))


def unsettled_in(festival_id: int) -> list[int]:
    """Those of the edition."""
    wanted = select(Petition.number).where(Petition.festival_id == festival_id, UNSETTLED)
    return list(db.session.scalars(wanted.order_by(Petition.number)))


def petitions_where(*conditions: ColumnElement[bool]) -> list[Petition]:
    """With what they are about, the latest first."""
    wanted = select(Petition).where(*conditions).order_by(Petition.number.desc())
    with_all = joinedload(Petition.delegation), joinedload(Petition.contest), joinedload(Petition.entry)
    return list(db.session.scalars(wanted.options(*with_all)))


def petition_by_number(festival_id: int, number: int, *more: ColumnElement[bool]) -> Petition:
    """NotFound."""
    found = petitions_where(Petition.festival_id == festival_id, Petition.number == number, *more)
    if not found:
        raise NotFound()
    return found[0]


def steps_of(petition_id: int) -> Sequence[PetitionStep]:
    """What was done with it, the first first."""
    own = select(PetitionStep).where(PetitionStep.petition_id == petition_id)
    return db.session.scalars(own.order_by(PetitionStep.ordinal)).all()


def is_sealed(petition: Petition) -> bool:
    """Whether an answer could tell of a result that is not out yet: of its contest, or where it is about none, of any."""
    if petition.contest is not None:
        return petition.contest.secrecy is Secrecy.SECRET and petition.contest.state is not ContestState.PUBLISHED
    hidden = select(Contest.id).where(
        Contest.festival_id == petition.festival_id,
        Contest.secrecy == Secrecy.SECRET,
        Contest.state != ContestState.PUBLISHED,
    )
    return once(("sealed", petition.festival_id), lambda: db.session.scalar(hidden.limit(1)) is not None)


def is_told(petition: Petition) -> bool:
    """Whether its delegation may read what became of it: a sealed answer waits for the publication."""
    silent = petition.state in (PetitionState.OPEN, PetitionState.WITHDRAWN)
    return silent or petition.told or not is_sealed(petition)


def acceptable(festival_id: int, contest_id: int | None) -> list[Petition]:
    """Accepted ones an amendment of this contest, or of the whole delegation, can stand on."""
    own = Petition.contest_id == contest_id if contest_id is not None else Petition.about == PetitionAbout.WHOLE
    return petitions_where(Petition.festival_id == festival_id, own, Petition.state.in_(GRANTED))
