"""How is a petition answered, the answer put right by a further one, and noted that what was accepted is done?

For a contest answer its chair and its secretary, each proved before; for everything else, what is late and what is titled a
complaint, an organiser. An accepted one about a signed result is done by an amendment alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import UserRole
from festival.accounts.roles import permissions_of
from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.web.access import Permission
from festival.core.web.errors import BadInput, Conflict
from festival.results.current import prize_names, special_names
from festival.results.ladder.lock import WrongPeople
from festival.results.ladder.states import reached
from festival.results.ladder.two_seats import not_in_their_seats
from festival.results.petition_desk.lodging import stated_words
from festival.results.petitions.kinds import (
    ANSWERS,
    GRANTED,
    OF_RESULTS,
    PetitionDeed,
    PetitionDesk,
    PetitionState,
    after_answer,
    telling_word,
)
from festival.results.petitions.models import Petition
from festival.results.petitions.reading import is_sealed
from festival.results.petitions.stepping import held_petition, take


@dataclass(frozen=True, slots=True)
class PetitionAnswered:
    """The answer stands: which petition, and what became of it."""

    number: int
    state: PetitionState


def answer(
    petition_id: int,
    what: PetitionDeed,
    words: str,
    by: int | None,
    with_user: int | None = None,
    *,
    told: bool = False,
    seen: int | None = None,
) -> PetitionAnswered | WrongPeople:
    """`told`: it tells of no result, so the delegation reads it at once. Without people it is a command, for the organiser's alone."""
    row, taken = held_petition(petition_id, seen)
    words = checked_answer(row, what, words, told=told)
    if why := _not_theirs(row, by, with_user):
        return WrongPeople(why)
    row.state, row.desk = after_answer(what, row.desk)
    row.told = told
    # what was amended already stays amended; a mistake there is taken back by a further amendment
    row.carried = row.carried and row.state in GRANTED
    take(row, taken, what, words, by, with_user, told=told)
    return PetitionAnswered(row.number, row.state)


def checked_answer(row: Petition, what: PetitionDeed, words: str, *, told: bool) -> str:
    """The words of an answer that could be given. BadInput, Conflict."""
    if what not in ANSWERS:
        raise BadInput(_("Chọn trả lời thế nào."), field="what")
    if row.state is PetitionState.WITHDRAWN:
        raise Conflict(_("Đoàn đã rút kiến nghị này, không trả lời nữa."))
    words = stated_words(words)
    if told and is_sealed(row):
        contest = row.contest
        prizes = [*prize_names(contest), *special_names(contest)] if contest else []
        if telling := telling_word(words, prizes):
            raise BadInput(
                _(
                    "Lời trả lời có chữ «%(word)s», có thể lộ kết quả chưa công bố. Viết lại, hoặc bỏ dấu để đoàn đọc sau khi công bố.",
                    word=telling,
                ),
                field="words",
            )
    return words


def _not_theirs(row: Petition, by: int | None, with_user: int | None) -> str:
    if row.desk is PetitionDesk.PANEL:
        if by is None or with_user is None or row.contest is None:
            return str(_("Kiến nghị về phần thi do trưởng ban giám khảo và thư ký cùng trả lời."))
        if by == with_user:
            return str(_("Trả lời kiến nghị cần hai người khác nhau."))
        return not_in_their_seats([row.contest], by, with_user)
    return "" if by is None or _is_organiser(by) else str(_("Kiến nghị này do Ban Tổ chức trả lời."))


def _is_organiser(user_id: int) -> bool:
    roles = frozenset(db.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))
    return Permission.RELEASE in permissions_of(roles)


def carry_out(petition_id: int, words: str, by: int | None, seen: int | None = None) -> None:
    """What was accepted is done: corrected before the signature, or nothing of the results. Conflict where an amendment is due."""
    row, taken = held_petition(petition_id, seen)
    if row.state not in GRANTED or row.carried:
        raise Conflict(_("Chỉ ghi việc đã làm của kiến nghị được chấp nhận mà chưa làm."))
    if needs_amendment(row):
        raise Conflict(_("Biên bản đã ký: việc này làm bằng biên bản đính chính, chọn căn cứ là kiến nghị này."))
    row.carried = True
    take(row, taken, PetitionDeed.CARRIED, stated_words(words), by)


def needs_amendment(row: Petition) -> bool:
    """Whether the result it is about is signed."""
    if row.about not in OF_RESULTS or row.contest is None:
        return False
    return reached(row.contest, ContestState.SIGNED)
