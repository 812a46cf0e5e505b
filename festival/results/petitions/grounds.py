"""On what does an amendment stand, who is told so, and what does it make of the petition it carries out?"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import BadInput
from festival.papers.keeping import PaperSubject
from festival.papers.models import PaperState, SignedPaper
from festival.results.petitions.kinds import GroundCode, PetitionDeed
from festival.results.petitions.models import AmendmentGround, Petition
from festival.results.petitions.reading import acceptable
from festival.results.petitions.stepping import held_petition, take
from festival.results.petitions.words import GROUND_WORDS

OF_PETITION = "petition-"
# Any other ground is told by the amendment's own reason; "for another reason" would tell nobody anything.
_STATED = AmendmentGround.ground != GroundCode.OTHER


@dataclass(frozen=True, slots=True)
class StatedGround:
    """What was stated; `number`: of the petition, where it is one."""

    code: GroundCode = GroundCode.OTHER
    number: int | None = None

    @property
    def said(self) -> Sentence:
        """In words."""
        return GROUND_WORDS[self.code].filled(number=self.number or 0)

    def kept(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {"ground": self.code.value, "petition": self.number}


def read_ground(typed: str) -> StatedGround:
    """What a form or a command says: a code, or `petition-` with a number. BadInput."""
    if typed.startswith(OF_PETITION) and typed.removeprefix(OF_PETITION).isdecimal():
        return StatedGround(GroundCode.PETITION, int(typed.removeprefix(OF_PETITION)[:9]))
    if typed in set(GroundCode) - {GroundCode.PETITION}:
        return StatedGround(GroundCode(typed))
    raise BadInput(_("Chọn căn cứ đính chính."))


def offered_grounds(subject: PaperSubject) -> list[tuple[str, Sentence]]:
    """What a form of this subject's amendment offers; what stands first is what is meant where nobody chooses."""
    accepted = acceptable(subject.festival_id, subject.contest_id)
    rest = [
        (code.value, GROUND_WORDS[code]) for code in (GroundCode.OTHER, GroundCode.UNLOCK_REFUSED, GroundCode.LATE_SLIP)
    ]
    return [
        *_named(each for each in accepted if not each.carried),
        *rest,
        *_named(each for each in accepted if each.carried),
    ]


def _named(petitions: Iterable[Petition]) -> list[tuple[str, Sentence]]:
    return [(f"{OF_PETITION}{each.number}", StatedGround(GroundCode.PETITION, each.number).said) for each in petitions]


def stand_on(paper: SignedPaper, ground: StatedGround, by: int | None, with_user: int | None) -> None:
    """Note the ground of an amendment; the petition it carries out says so from then on. BadInput for one that cannot be."""
    petition_id = None
    if ground.code is GroundCode.PETITION:
        fitting = [each for each in acceptable(paper.festival_id, paper.contest_id) if each.number == ground.number]
        if not fitting:
            raise BadInput(
                _(
                    "Kiến nghị số %(n)s chưa được chấp nhận, hoặc không thuộc phần này. Chọn căn cứ khác.",
                    n=ground.number,
                )
            )
        petition_id = fitting[0].id
    db.session.add(AmendmentGround(paper_id=paper.id, ground=ground.code, petition_id=petition_id))
    db.session.flush()
    if petition_id is not None:
        row, taken = held_petition(petition_id, None)
        row.carried = True
        take(row, taken, PetitionDeed.AMENDED, paper.number, by, with_user, paper_id=paper.id)


def grounds_in_force(contest_ids: Collection[int]) -> dict[int, Sentence]:
    """By contest on what the amendment in force stands; contests whose minutes stand as signed, or without a named ground, are not in it."""
    wanted = (
        select(SignedPaper.contest_id, AmendmentGround.ground, Petition.number)
        .join(AmendmentGround, AmendmentGround.paper_id == SignedPaper.id)
        .outerjoin(Petition, Petition.id == AmendmentGround.petition_id)
        .where(SignedPaper.contest_id.in_(contest_ids), SignedPaper.state == PaperState.SIGNED, _STATED)
    )
    if not contest_ids:
        return {}
    rows = db.session.execute(wanted)
    return {contest_id or 0: StatedGround(code, number).said for contest_id, code, number in rows}


def ground_of_whole(festival_id: int) -> Sentence | None:
    """On what the amendment of the whole delegation in force stands; None: its minutes stand as signed, or no ground was named."""
    wanted = (
        select(AmendmentGround.ground, Petition.number)
        .join(SignedPaper, SignedPaper.id == AmendmentGround.paper_id)
        .outerjoin(Petition, Petition.id == AmendmentGround.petition_id)
        .where(PaperSubject(festival_id).own(), SignedPaper.state == PaperState.SIGNED, _STATED)
    )
    found = db.session.execute(wanted).one_or_none()
    return StatedGround(found.ground, found.number).said if found is not None else None


def grounds_of(paper_ids: Collection[int]) -> dict[int, Sentence]:
    """By amendment on what it stands, where that was named."""
    wanted = (
        select(AmendmentGround.paper_id, AmendmentGround.ground, Petition.number)
        .outerjoin(Petition, Petition.id == AmendmentGround.petition_id)
        .where(AmendmentGround.paper_id.in_(paper_ids), _STATED)
    )
    if not paper_ids:
        return {}
    return {paper_id: StatedGround(code, number).said for paper_id, code, number in db.session.execute(wanted)}
