"""Which letters go to all families that have an address: the timetable, the reminder, the thanks; and to a corrected address?

Each holds the family's gathered message, in the language of its last letter. A letter has one number for a family, an
occasion and what it tells, so that pressing twice sends it to nobody twice, and to those who have come since once.
"""

from __future__ import annotations

from enum import StrEnum

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.clock import today
from festival.core.database import db
from festival.core.post import outbox
from festival.core.post.mail import language_of, send_mail
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import once
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.editions.models import Festival
from festival.messages.gathered.parts import text_of
from festival.messages.gathered.reading import festival_facts, notices
from festival.programme.queries import published_plan
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
    return list(db.session.scalars(wanted.order_by(Family.id)))


def numbers(festival: Festival, occasion: Occasion, families: list[Family]) -> dict[str, Family]:
    """The number of each family's letter of this occasion. Conflict when there is nothing to tell yet."""
    if occasion is Occasion.TIMETABLE:
        plan = published_plan(festival)
        if plan is None:
            raise Conflict(_("Chương trình chưa công bố, nên chưa có lịch thi để gửi."))
        what = str(plan.version)
    else:
        what = today().isoformat() if occasion is Occasion.REMINDER else "1"
    return {f"<{occasion}.{what}.{family.code}@ngayhoi.invalid>": family for family in families}


def waiting_for(festival: Festival, occasion: Occasion, families: list[Family]) -> int:
    """How many families would get it now."""
    try:
        return len(_not_yet(numbers(festival, occasion, families)))
    except Conflict:
        return 0


def send_all(festival: Festival, occasion: Occasion) -> int:
    """Put the letters of those who have not had this one into the outbox; answers how many."""
    # Two who press at one moment: the second waits here, and then finds the first one's letters.
    db.session.execute(select(Festival.id).where(Festival.id == festival.id).with_for_update())
    wanted = _not_yet(numbers(festival, occasion, recipients(festival)))
    facts = festival_facts(festival)
    own = {each["code"]: each for each in notices(festival) if each["kind"] == "family"}
    for number, family in wanted.items():
        with force_locale(language_of(family.email)):
            send_mail(
                family.email,
                _subject(occasion),
                f"{occasion}.txt",
                about=family.code,
                message_id=number,
                family=family,
                festival=festival,
                text=text_of(facts, own[family.code]),
            )
    return len(wanted)


def _not_yet(wanted: dict[str, Family]) -> dict[str, Family]:
    written = select(OutboxMail.message_id).where(OutboxMail.about != "")
    known = once("numbers of letters", lambda: set(db.session.scalars(written)))
    return {number: family for number, family in wanted.items() if number not in known}


def _subject(occasion: Occasion) -> str:
    match occasion:
        case Occasion.TIMETABLE:
            return str(_("Lịch thi của gia đình"))
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
    return outbox.readdress(family.code, email)
