"""How is a name on signed minutes corrected? By an amendment: a further paper, by chair and secretary, never a silent change.

It says what stood there, what should, why and who stands for it; it takes the place of the paper in force (both stay
readable), and the awards bear the corrected names from then on. Wrong again: a further amendment. Prizes, places and marks
are not changed here: `amendments` does that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState, PanelSeat
from festival.core import clock, ledger
from festival.core.database import db
from festival.core.text import line
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.judging.contest_rules import judging_stream
from festival.papers import keeping
from festival.papers.keeping import AmendmentFacts, NameChange, PaperSubject
from festival.results.delegations import deciding
from festival.results.delegations.table import whole_delegation
from festival.results.ladder.lock import WrongPeople
from festival.results.ladder.papers_there import hold_whole
from festival.results.ladder.people import noted
from festival.results.ladder.sign import keep_paper
from festival.results.ladder.states import reached, results_stream, whole_stream
from festival.results.ladder.steps import paper_number, stated_reason
from festival.results.ladder.two_seats import not_in_their_seats
from festival.results.models import Award
from festival.results.petitions.grounds import StatedGround, stand_on
from festival.results.proof.results import publish_result, publish_whole
from festival.roster.models import Delegation, Entry

NAME_LENGTH = 200
UNSTATED = StatedGround()


@dataclass(frozen=True, slots=True)
class Amended:
    """The amendment is in force: which paper it is."""

    paper_id: int


@dataclass(frozen=True, slots=True)
class AwardNames:
    """The names of a winner, as signed and as the register has them now. `code`: of the entry, or of the delegation."""

    code: str
    prizes: str
    name: str
    delegation: str
    name_now: str
    delegation_now: str


@dataclass(frozen=True, slots=True)
class NewNames:
    """How a winner should be called; None: as it stands."""

    name: str | None = None
    delegation: str | None = None


@dataclass(frozen=True, slots=True)
class Amendable:
    """What is amended: whose paper, which ledger stream, and whose chair and secretary stand for it."""

    subject: PaperSubject
    stream: str
    about: Mapping[str, Any]  # the ledger's subject
    label: str  # for the security log
    contests: Sequence[Contest]


def names_on_awards(subject: PaperSubject) -> list[AwardNames]:
    """Every winner once, with all its prizes, highest first."""
    found: dict[str, AwardNames] = {}
    for award, code, name, delegation in _awards(subject):
        before = found.get(code)
        prizes = award.prize if before is None else f"{before.prizes}, {award.prize}"
        found[code] = AwardNames(code, prizes, award.name or name, award.delegation or delegation, name, delegation)
    return list(found.values())


def _awards(subject: PaperSubject) -> list[tuple[Award, str, str, str]]:
    if subject.contest_id is None:
        whole = (
            select(Award, Delegation.code, Delegation.name)
            .join(Delegation, Delegation.id == Award.delegation_id)
            .where(Award.festival_id == subject.festival_id, Award.contest_id.is_(None))
            .order_by(Award.position, Delegation.position, Award.id)
        )
        return [(award, code, name, name) for award, code, name in db.session.execute(whole)]
    own = (
        select(Award, Entry.code, Entry.name, Delegation.name)
        .join(Entry, Entry.id == Award.entry_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(Award.contest_id == subject.contest_id)
        .order_by(Award.special, Award.position, Entry.number, Award.id)
    )
    return [(award, code, name, delegation) for award, code, name, delegation in db.session.execute(own)]


def amend(
    contest_id: int,
    names: Mapping[str, NewNames],
    number: str,
    reason: str,
    chair_id: int | None,
    secretary_id: int | None,
    *,
    ground: StatedGround = UNSTATED,
) -> Amended | WrongPeople:
    """Correct the names on the signed minutes of a contest. Both people were proved before; without them it is a command."""
    contest = held_contest(contest_id)
    if not reached(contest, ContestState.SIGNED):
        raise Conflict(_("Biên bản chưa ký: sửa tên rồi in lại, không cần đính chính."))
    keep_paper(contest.id)
    subject = PaperSubject(contest.festival_id, contest.id)
    about = {"contest": contest.code, "contest_id": contest.id}
    what = Amendable(subject, results_stream(contest), about, contest.code, [contest])
    return _amend(what, names, number, reason, chair_id, secretary_id, ground)


def amend_whole(
    festival_id: int,
    names: Mapping[str, NewNames],
    number: str,
    reason: str,
    chair_id: int | None,
    secretary_id: int | None,
    *,
    ground: StatedGround = UNSTATED,
) -> Amended | WrongPeople:
    """The same of the whole delegation; for it stand a chair and a secretary of the contests that brought points."""
    festival = hold_whole(festival_id)
    table = whole_delegation(festival)
    if table is None:
        raise NotFound()
    if table.minutes is None:
        raise Conflict(_("Biên bản chưa ký: sửa tên rồi in lại, không cần đính chính."))
    deciding.keep_whole_paper(festival.id)
    about = {"festival": festival.code}
    what = Amendable(PaperSubject(festival.id), whole_stream(festival), about, "whole", table.contests)
    return _amend(what, names, number, reason, chair_id, secretary_id, ground)


def _amend(
    what: Amendable,
    names: Mapping[str, NewNames],
    number: str,
    reason: str,
    chair_id: int | None,
    secretary_id: int | None,
    ground: StatedGround,
) -> Amended | WrongPeople:
    number, reason = paper_number(number), stated_reason(line(reason))
    if chair_id is not None and secretary_id is not None and (why := not_theirs(what, chair_id, secretary_id)):
        return WrongPeople(why)
    before = keeping.in_force(what.subject)
    if before is None or before.signed_at is None:
        raise NotFound()
    if before.number == number:
        raise BadInput(_("Biên bản đính chính phải có số khác biên bản đang có hiệu lực."))
    changes, kept = _rename(what.subject, names)
    if not changes:
        raise BadInput(_("Chưa có tên nào được sửa. Ghi tên đúng vào ô cần sửa."))
    two = signers(chair_id, secretary_id)
    facts = AmendmentFacts(before.number, before.signed_at, reason, tuple(changes), two, ground=ground.said)
    paper = keeping.replace_paper(what.subject, number, facts, chair_id, secretary_id)
    stand_on(paper, ground, chair_id, secretary_id)
    ledger.append(
        what.stream,
        "paper.amended",
        {**what.about, **keeping.paper_facts(paper), "replaces": before.id},
        {
            "by": chair_id,
            "with": secretary_id,
            "number": number,
            "reason": reason,
            "names": kept,
            **ground.kept(),
        },
    )
    publish_amended(what, chair_id, names=True)
    noted("amend", what.label, chair_id, secretary_id, "" if chair_id else reason)
    return Amended(paper.id)


def publish_amended(what: Amendable, by: int | None, *, names: bool = False) -> None:
    """One more line of the proof page, where the result is public. `names`: names alone are others."""
    if what.subject.contest_id is None:
        publish_whole(what.contests[0].festival, what.stream, by, again=True, names=names)
        return
    for contest in what.contests:
        publish_result(contest, (judging_stream(contest), what.stream), by, names=names)


def not_theirs(what: Amendable, chair_id: int, secretary_id: int) -> str:
    """Why these two may not amend it; "" when they may."""
    if chair_id == secretary_id:
        return str(_("Đính chính cần hai người khác nhau."))
    return not_in_their_seats(what.contests, chair_id, secretary_id)


def signers(chair_id: int | None, secretary_id: int | None) -> tuple[Mapping[str, str], ...]:
    """Whose names stand under the amendment."""
    seats = {PanelSeat.CHAIR: chair_id, PanelSeat.SECRETARY: secretary_id}
    return tuple(
        {"seat": seat.value, "name": db.session.get_one(User, user_id).name}
        for seat, user_id in seats.items()
        if user_id is not None
    )


def _rename(subject: PaperSubject, names: Mapping[str, NewNames]) -> tuple[list[NameChange], list[dict[str, Any]]]:
    """The awards bear the new names; answers what the paper says of it, and the awards' rows as the ledger keeps them."""
    changes: list[NameChange] = []
    kept: list[dict[str, Any]] = []
    found = _awards(subject)
    if unknown := set(names) - {code for _award, code, _name, _delegation in found}:
        raise BadInput(_("Không có giải nào của: %(codes)s.", codes=", ".join(sorted(unknown))))
    for award, code, name, delegation in found:
        new = names.get(code, NewNames())
        was = award.name or name, award.delegation or delegation
        new_names = _stated(new.name, was[0]), _stated(new.delegation, was[1])
        if subject.contest_id is None:
            new_names = new_names[0], new_names[0]
        if new_names == was:
            continue
        (award.name, award.delegation), award.amended_at = new_names, clock.now()
        changes.append(NameChange(award.prize, _both(was), _both(new_names)))
        whose = {"entry_id": award.entry_id} if award.entry_id is not None else {"delegation_id": award.delegation_id}
        kept.append({**whose, "prize": award.prize, "name": new_names[0], "delegation": new_names[1]})
    db.session.flush()
    return changes, kept


def _stated(new: str | None, before: str) -> str:
    if new is None:
        return before
    clean = line(new)
    if not clean:
        raise BadInput(_("Tên không được để trống."))
    if len(clean) > NAME_LENGTH:
        raise BadInput(_("Tên dài quá %(n)s ký tự.", n=NAME_LENGTH))
    return clean


def _both(names: tuple[str, str]) -> str:
    return names[0] if names[0] == names[1] else f"{names[0]}, {names[1]}"
