"""To whom did a judge say to be related, which ties follow for which seat, and what was decided about each?

A tie is proposed, never made by itself: from a relation that was declared (to a unit, to one family), and from the
delegation an account registers families for. One tap accepts it, another dismisses it with a reason; both can be undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError

from festival.accounts.models import User
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, Unavailability
from festival.contests.replacing.models import DeclaredRelation, RelationDismissed
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.editions.models import Festival, Unit
from festival.judging.panel.recording import record_declared, record_dismissed, record_gone
from festival.roster.models import Delegation, DelegationOfficer, Entry, EntryPerson, Family, FamilyState, Person

To = tuple[int | None, int | None]  # a unit or a family


@dataclass(frozen=True, slots=True)
class RelationLine:
    """A relation somebody declared."""

    id: int
    user_id: int
    who: str
    to: str
    words: str


@dataclass(frozen=True, slots=True)
class TieProposed:
    """A seat whose judge is likely tied: waits, became a tie (`tie_id`), or was dismissed with a reason."""

    judge_id: int
    user_id: int
    who: str
    contest: str
    unit_id: int | None
    family_id: int | None
    to: str
    words: str
    tie_id: int | None
    relation_id: int | None
    dismissed: str | None

    @property
    def waits(self) -> bool:
        return self.tie_id is None and self.dismissed is None


def units_of(festival_id: int) -> list[Unit]:
    """The units that send a delegation."""
    wanted = select(Unit).join(Delegation, Delegation.unit_id == Unit.id).where(Delegation.festival_id == festival_id)
    return list(db.session.scalars(wanted.order_by(Unit.folded, Unit.id)))


def family_named(festival_id: int, typed: str) -> int:
    """The family of this name; BadInput when there is none or several."""
    rows = db.session.scalars(
        select(Family.id).where(
            Family.festival_id == festival_id, Family.folded == fold(typed), Family.state != FamilyState.WITHDRAWN
        )
    ).all()
    if not rows:
        raise BadInput(_("Không có gia đình nào tên như vậy. Gõ đúng tên gia đình trong danh sách."))
    if len(rows) > 1:
        raise BadInput(_("Có nhiều gia đình cùng tên này. Ghi quan hệ với đơn vị thay cho gia đình."))
    return rows[0]


def declare(festival_id: int, user_id: int, to: To, words: str) -> None:
    """Somebody who judges is related to a unit or a family; said again it changes the words."""
    said = " ".join(words.split())[:200]
    if not said:
        raise BadInput(_("Ghi rõ quan hệ, ví dụ: con gái dự thi."))
    if db.session.get(User, user_id) is None or (to[0] is None) == (to[1] is None):
        raise BadInput(_("Chọn người, và một đơn vị hoặc một gia đình."))
    row = DeclaredRelation(
        festival_id=festival_id, user_id=user_id, unit_id=to[0], family_id=to[1], words=said, declared_at=now()
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        row = _relation(festival_id, user_id, to)
        row.words = said
        db.session.flush()
    record_declared(row)


def _relation(festival_id: int, user_id: int, to: To) -> DeclaredRelation:
    own = select(DeclaredRelation).where(
        DeclaredRelation.festival_id == festival_id, DeclaredRelation.user_id == user_id
    )
    unit, family = to
    of_it = (
        own.where(DeclaredRelation.unit_id == unit)
        if family is None
        else own.where(DeclaredRelation.family_id == family)
    )
    return db.session.scalars(of_it).one()


def withdraw(festival_id: int, relation_id: int) -> None:
    """It was declared by mistake; ties that were accepted stay until they are taken back themselves."""
    gone = delete(DeclaredRelation).where(
        DeclaredRelation.id == relation_id, DeclaredRelation.festival_id == festival_id
    )
    if getattr(db.session.execute(gone), "rowcount", 0) != 1:
        raise NotFound()
    record_gone(festival_id, "relation.withdrawn", {"relation": relation_id})


def dismiss(festival_id: int, tie: TieProposed, reason: str, by: int | None) -> None:
    """It is no tie for this seat, and why. Twice changes nothing."""
    said = " ".join(reason.split())[:300]
    if not said:
        raise BadInput(_("Ghi rõ vì sao vẫn được chấm."))
    to = (tie.unit_id, tie.family_id)
    if tie.relation_id is None:
        declare(festival_id, tie.user_id, to, tie.words)
    relation = _relation(festival_id, tie.user_id, to)
    row = RelationDismissed(
        judge_id=tie.judge_id, relation_id=relation.id, reason=said, dismissed_at=now(), dismissed_by=by
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Đề nghị này đã được bỏ qua trước đó.")) from error
    record_dismissed(festival_id, row)


def ask_again(festival_id: int, tie: TieProposed) -> None:
    """The dismissal is taken back: the tie is proposed again. Twice changes nothing."""
    gone = delete(RelationDismissed).where(
        RelationDismissed.judge_id == tie.judge_id, RelationDismissed.relation_id == tie.relation_id
    )
    if getattr(db.session.execute(gone), "rowcount", 0):
        record_gone(festival_id, "relation.asked_again", {"judge": tie.judge_id, "relation": tie.relation_id})


def relations_of(festival_id: int) -> list[RelationLine]:
    """Everything that was declared in an edition."""
    rows = db.session.execute(
        select(DeclaredRelation, User.name, Unit.kind, Unit.name, Family.name)
        .join(User, User.id == DeclaredRelation.user_id)
        .outerjoin(Unit, Unit.id == DeclaredRelation.unit_id)
        .outerjoin(Family, Family.id == DeclaredRelation.family_id)
        .where(DeclaredRelation.festival_id == festival_id)
        .order_by(User.name, DeclaredRelation.id)
    )
    return [
        RelationLine(row.id, row.user_id, who, family or f"{kind} {unit}".strip(), row.words)
        for row, who, kind, unit, family in rows
    ]


def ties_proposed(festival: Festival) -> list[TieProposed]:
    """What follows from the relations for each seat that marks or waits in reserve, of contests that are still open."""
    seats = db.session.execute(
        select(Judge, User.name, Contest.name.label("contest"))
        .join(User, User.id == Judge.user_id)
        .join(Contest, Contest.id == Judge.contest_id)
        .where(
            Contest.festival_id == festival.id,
            Contest.state == ContestState.OPEN,
            or_(Judge.marks, Judge.seat == PanelSeat.RESERVE),
        )
        .order_by(User.name, Contest.position, Judge.id)
    ).all()
    users = {judge.user_id for judge, _name, _contest in seats}
    stated = list(
        db.session.scalars(
            select(DeclaredRelation)
            .where(DeclaredRelation.festival_id == festival.id, DeclaredRelation.user_id.in_(users))
            .order_by(DeclaredRelation.id)
        )
    )
    known: dict[int, dict[To, tuple[str, int | None]]] = {}
    for row in stated:
        known.setdefault(row.user_id, {})[row.unit_id, row.family_id] = row.words, row.id
    for user_id, unit_id in _officers(festival.id, users):
        known.setdefault(user_id, {}).setdefault((unit_id, None), (_("phụ trách đoàn của đơn vị"), None))
    judge_ids = [judge.id for judge, _name, _contest in seats]
    ties = {
        (row.judge_id, row.unit_id, row.family_id): row.id
        for row in db.session.scalars(select(Unavailability).where(Unavailability.judge_id.in_(judge_ids)))
    }
    gone = {
        (row.judge_id, row.relation_id): row.reason
        for row in db.session.scalars(select(RelationDismissed).where(RelationDismissed.judge_id.in_(judge_ids)))
    }
    names = _names(stated, known)
    entered = _entered(festival.id)
    found = []
    for judge, who, contest in seats:
        for (unit, family), (words, relation) in known.get(judge.user_id, {}).items():
            tie = ties.get((judge.id, unit, family))
            if tie is None and (judge.contest_id, unit, family) not in entered:
                continue
            dismissed = None if relation is None else gone.get((judge.id, relation))
            found.append(
                TieProposed(
                    judge.id, judge.user_id, who, contest, unit, family, names[unit, family], words, tie, relation,
                    None if tie is not None else dismissed,
                )
            )  # fmt: skip
    return found


def _officers(festival_id: int, users: set[int]) -> list[tuple[int, int]]:
    """Who judges and registers the families of a delegation: the account and the unit."""
    rows = db.session.execute(
        select(DelegationOfficer.user_id, Delegation.unit_id)
        .join(Delegation, Delegation.id == DelegationOfficer.delegation_id)
        .where(Delegation.festival_id == festival_id, DelegationOfficer.user_id.in_(users))
        .order_by(DelegationOfficer.user_id, Delegation.unit_id)
    )
    return [(row.user_id, row.unit_id) for row in rows]


def _names(stated: Sequence[DeclaredRelation], known: dict[int, dict[To, tuple[str, int | None]]]) -> dict[To, str]:
    units = {unit for own in known.values() for unit, _family in own if unit is not None}
    families = {row.family_id for row in stated if row.family_id is not None}
    found: dict[To, str] = {
        (row.id, None): row.full_name for row in db.session.scalars(select(Unit).where(Unit.id.in_(units)))
    }
    for row in db.session.execute(select(Family.id, Family.name).where(Family.id.in_(families))):
        found[None, row.id] = row.name
    return found


def _entered(festival_id: int) -> set[tuple[int, int | None, int | None]]:
    """(contest, unit or none, family or none) of everything that is entered, families of mixed teams too."""
    entries = db.session.execute(
        select(Entry.contest_id, Delegation.unit_id, Entry.family_id, Person.family_id.label("of_person"))
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
        .outerjoin(Person, Person.id == EntryPerson.person_id)
        .where(Delegation.festival_id == festival_id)
        .distinct()
    )
    found: set[tuple[int, int | None, int | None]] = set()
    for row in entries:
        found |= {(row.contest_id, row.unit_id, None)}
        found |= {(row.contest_id, None, family) for family in (row.family_id, row.of_person) if family is not None}
    return found
