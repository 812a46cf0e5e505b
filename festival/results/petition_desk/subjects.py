"""Which contest, whose entry, or what else is a petition about, as a form or a command says it?"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from festival.contests.models import Contest
from festival.contests.queries import contests, entries_hidden
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.results.petitions.kinds import PetitionAbout
from festival.results.petitions.words import ABOUT_WORDS
from festival.roster.models import Delegation, Entry

REST = (PetitionAbout.WHOLE, PetitionAbout.ORGANISATION)


@dataclass(frozen=True, slots=True)
class PetitionSubject:
    """What it is about, as rows."""

    about: PetitionAbout
    contest: Contest | None = None
    entry: Entry | None = None


def typed_subject(delegation: Delegation, typed: str) -> PetitionSubject:
    """`contest:CODE`, `entry:CODE` of the delegation, `whole`, `organisation`. BadInput."""
    what, _sign, code = typed.partition(":")
    if typed in set(REST):
        return PetitionSubject(PetitionAbout(typed))
    if what == PetitionAbout.CONTEST:
        own = select(Contest).where(Contest.festival_id == delegation.festival_id, Contest.code == code)
        if (contest := db.session.scalars(own).one_or_none()) is not None:
            return PetitionSubject(PetitionAbout.CONTEST, contest)
    if what == PetitionAbout.ENTRY:
        wanted = select(Entry).where(Entry.delegation_id == delegation.id, Entry.code == code)
        if (entry := db.session.scalars(wanted.options(joinedload(Entry.contest))).one_or_none()) is not None:
            return PetitionSubject(PetitionAbout.ENTRY, entry.contest, entry)
    raise BadInput(_("Chọn kiến nghị về việc gì trong danh sách."), field="about")


def offered_to(delegation: Delegation) -> list[tuple[str, str]]:
    """What its head may choose: the contests it takes part in with its own entries as far as it knows of them, and the rest."""
    own = (
        select(Entry)
        .join(Entry.contest)
        .where(Entry.delegation_id == delegation.id, ~entries_hidden())
        .options(joinedload(Entry.contest))
    )
    entries = list(db.session.scalars(own.order_by(Contest.position, Entry.number, Entry.id)))
    parts = {each.contest.code: each.contest.name for each in entries}
    return [
        *((f"contest:{code}", _("Phần thi %(name)s", name=name)) for code, name in parts.items()),
        *((f"entry:{each.code}", _("%(name)s, phần thi %(contest)s", name=each.name, contest=each.contest.name)) for each in entries),
        *_rest(),
    ]  # fmt: skip


def offered_to_staff(festival_id: int) -> list[tuple[str, str]]:
    """Every contest, and the rest; an entry is named by its number beside it."""
    return [
        *((f"contest:{each.code}", _("Phần thi %(name)s", name=each.name)) for each in contests(festival_id)),
        *_rest(),
    ]


def _rest() -> list[tuple[str, str]]:
    words = {about: say(ABOUT_WORDS[about]) for about in REST}
    return [(about.value, said[:1].upper() + said[1:]) for about, said in words.items()]


def with_entry(delegation: Delegation, subject: PetitionSubject, number: str) -> PetitionSubject:
    """The same about one entry of the delegation in that contest, by the number it wears. BadInput."""
    if not number.strip():
        return subject
    if subject.contest is not None and number.strip().isdecimal() and len(number) < 6:
        wanted = select(Entry).where(
            Entry.delegation_id == delegation.id,
            Entry.contest_id == subject.contest.id,
            Entry.number == int(number),
        )
        if (entry := db.session.scalars(wanted).one_or_none()) is not None:
            return PetitionSubject(PetitionAbout.ENTRY, subject.contest, entry)
    raise BadInput(
        _(
            "Đoàn này không có tiết mục mang số %(number)s trong phần thi đã chọn. Sửa số, hoặc bỏ trống.",
            number=number,
        ),
        field="entry",
    )


def subject_words(about: PetitionAbout, contest: str, entry: str) -> str | Sentence:
    """In one line, by the names of contest and entry."""
    if about is PetitionAbout.ENTRY:
        return f"{entry}, {contest}"
    return contest if about is PetitionAbout.CONTEST else ABOUT_WORDS[about]
