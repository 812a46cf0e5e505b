"""Which letters go to all families that have an address: the timetable, the reminder, the thanks; and to a corrected address?

Each holds the family's gathered message, in the language of its last letter; that of the timetable goes only to who was told
other turns before, and says first what has changed. A letter has one number for a family, an occasion and what it tells, so that pressing twice sends it to nobody twice, and to those who have come since once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from festival.core.clock import today
from festival.core.database import db
from festival.core.post import outbox
from festival.core.post.mail import language_of, send_mail
from festival.core.post.outbox import KEPT_AS, OutboxMail
from festival.core.transaction import once
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.editions.models import Festival
from festival.messages.gathered.parts import text_of
from festival.messages.gathered.reading import Notice, festival_facts, notices
from festival.messages.gathered.told import last_told, tell
from festival.messages.models import ToldWay
from festival.programme.queries import published_plan
from festival.registration.letters import readdress
from festival.roster.models import Family, FamilyState
from festival.roster.outcomes import Done
from festival.roster.steps import note, step


class Occasion(StrEnum):
    """Why all are written to."""

    TIMETABLE = "timetable"  # published, or changed since
    REMINDER = "reminder"
    THANKS = "thanks"


def recipients(festival: Festival) -> list[Family]:
    """Approved families with an address."""
    wanted = select(Family).where(
        Family.festival_id == festival.id, Family.state == FamilyState.APPROVED, Family.email != ""
    )
    return list(db.session.scalars(wanted.options(joinedload(Family.delegation)).order_by(Family.id)))


@dataclass(frozen=True, slots=True)
class WaitingLetter:
    """A letter that has not gone: its number, whose it is, and the notice it says."""

    number: str
    family: Family
    notice: Notice


def waiting(festival: Festival, occasion: Occasion, families: list[Family]) -> list[WaitingLetter]:
    """Who would get this letter now. Conflict when there is nothing to tell yet.

    Of the timetable only who was told nothing yet, or other turns than it has now: who changed twice and stands as before
    hears nothing.
    """
    if occasion is Occasion.TIMETABLE:
        return _not_yet(list(_with_turns(festival, families)))
    what = today().isoformat() if occasion is Occasion.REMINDER else "1"
    own = _own(festival)
    return _not_yet([WaitingLetter(_number(occasion, what, each), each, own[each.code]) for each in families])


def _with_turns(festival: Festival, families: list[Family]) -> Iterator[WaitingLetter]:
    plan = published_plan(festival)
    if plan is None:
        raise Conflict(_("Chương trình chưa công bố, nên chưa có lịch thi để gửi."))
    own, told = _own(festival), last_told(festival.id)
    for family in families:
        notice, last = own[family.code], told.families.get(family.id)
        if last is None:
            yield WaitingLetter(_number(Occasion.TIMETABLE, str(plan.version), family), family, notice)
        elif notice["changed"]:
            yield WaitingLetter(_number(Occasion.TIMETABLE, f"{plan.version}.{last.id}", family), family, notice)


def _own(festival: Festival) -> dict[str, Notice]:
    return once(
        ("notices of families", festival.id),
        lambda: {each["code"]: each for each in notices(festival) if each["kind"] == "family"},
    )


def _number(occasion: Occasion, what: str, family: Family) -> str:
    return f"<{occasion}.{what}.{family.code}{KEPT_AS}"


def waiting_for(festival: Festival, occasion: Occasion, families: list[Family]) -> int:
    """How many families would get it now."""
    try:
        return len(waiting(festival, occasion, families))
    except Conflict:
        return 0


def send_all(festival: Festival, occasion: Occasion, by: int | None = None) -> int:
    """Put the letters of those who have not had this one into the outbox; answers how many. What they say is kept."""
    # Two who press at one moment: the second waits here, and then finds the first one's letters.
    db.session.execute(select(Festival.id).where(Festival.id == festival.id).with_for_update())
    wanted = waiting(festival, occasion, recipients(festival))
    facts = festival_facts(festival)
    for each in wanted:
        with force_locale(language_of(each.family.email)):
            send_mail(
                each.family.email,
                _subject(occasion, changed=bool(each.notice["changed"])),
                f"{occasion}.txt",
                about=each.family.code,
                message_id=each.number,
                family=each.family,
                festival=festival,
                text=text_of(facts, each.notice),
            )
    if occasion is not Occasion.THANKS:
        tell(festival, [each.notice["said"] for each in wanted], ToldWay.LETTER, by)
    return len(wanted)


def _not_yet(wanted: list[WaitingLetter]) -> list[WaitingLetter]:
    written = select(OutboxMail.message_id).where(OutboxMail.about != "")
    known = once("numbers of letters", lambda: set(db.session.scalars(written)))
    return [each for each in wanted if each.number not in known]


def _subject(occasion: Occasion, *, changed: bool) -> str:
    match occasion:
        case Occasion.TIMETABLE:
            return str(_("Lịch thi của gia đình đã đổi") if changed else _("Lịch thi của gia đình"))
        case Occasion.REMINDER:
            return str(_("Sắp đến ngày hội"))
        case Occasion.THANKS:
            return str(_("Cảm ơn gia đình"))


def correct_address(festival: Festival, family: Family, version: int, email: str, by: int | None) -> int:
    """The family is reached at another address; what was refused goes there. Answers how many letters."""
    if not email or email == family.email:
        raise BadInput(_("Ghi địa chỉ thư mới của gia đình."))
    done = step(family, version, tuple(FamilyState), email=email)
    if not isinstance(done, Done):
        raise Overtaken(_("Hồ sơ của gia đình vừa được người khác sửa. Xem lại địa chỉ rồi làm tiếp."))
    note(festival, "family.address_corrected", family, done.version, {"by": by})
    return readdress(family, festival, email)


def came_back(festival: Festival, address: str) -> list[str]:
    """A letter to this address was returned; answers the names of the families it was for. BadInput when none went there."""
    families = db.session.scalars(
        select(Family).where(Family.festival_id == festival.id, Family.email == address).order_by(Family.id)
    ).all()
    found = [family.name for family in families if outbox.came_back(family.code, address)]
    if not found:
        raise BadInput(_("Trong 30 ngày qua không có thư nào gửi tới địa chỉ này. Xem lại địa chỉ ghi trong thư báo."))
    return found
