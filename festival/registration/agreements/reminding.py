"""Who is reminded of agreements that are missing, in one act; by letter where an address is known, else with words to copy.

A family is reminded at most once in 20 hours, however often the button is pressed and by whom: one statement decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _

from config import Config
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.i18n import day
from festival.registration.agreements.models import AgreementReminder
from festival.registration.letters import send_waiting
from festival.registration.waiting.dropping import WaitsFor
from festival.roster.links import of_families
from festival.roster.models import Family
from festival.roster.rules import Rules
from festival.roster.steps import note

APART = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class Reminded:
    """What one act did: by letter, left to be told by hand, and reminded too short ago."""

    letters: int
    by_hand: int
    lately: int


def remind(rules: Rules, waiting: Sequence[WaitsFor], by: int | None) -> Reminded:
    """Everybody who still waits; the ledger tells each family."""
    letters = by_hand = lately = 0
    for each in waiting:
        if each.dropped:
            continue
        times = _counted(each.family)
        if times is None:
            lately += 1
            continue
        family, festival = each.family, rules.festival
        note(festival, "agreement.reminded", family, family.version, {"by": by}, times=str(times))
        if family.email:
            send_waiting(family.email, family, festival, of_families.link_code(family), each.waiting.drop_on)
            letters += 1
        else:
            by_hand += 1
    return Reminded(letters, by_hand, lately)


def _counted(family: Family) -> int | None:
    at = now()
    insert = insert_or_pass(AgreementReminder).values(family_id=family.id, reminded_at=at, times=1)
    again = insert.on_conflict_do_update(
        index_elements=["family_id"],
        set_={"reminded_at": at, "times": AgreementReminder.times + 1},
        where=AgreementReminder.reminded_at <= at - APART,
    ).returning(AgreementReminder.times)
    return db.session.execute(again).scalar_one_or_none()


def words_to_send(each: WaitsFor) -> str:
    """What is copied for Zalo: who is still asked, until when, the family's own link."""
    config: Config = current_app.config["FESTIVAL"]
    words = _(
        "%(festival)s: hồ sơ %(family)s còn chờ đồng ý của %(names)s. Xin gia đình mở liên kết này và trả lời trước ngày %(day)s. %(address)s",
        festival=each.family.delegation.festival.short_name or each.family.delegation.festival.name,
        family=each.family.name,
        names=", ".join(each.people),
        day=day(each.waiting.drop_on),
        address=f"{config.public_url}/g/{of_families.link_code(each.family)}",
    )
    return str(words)


def reminded_words(done: Reminded) -> str:
    """What to say of one act."""
    parts = []
    if done.letters:
        parts.append(_("Đã gửi thư cho %(n)s gia đình.", n=done.letters))
    if done.by_hand:
        parts.append(_("%(n)s gia đình không có thư điện tử: sao chép lời nhắn ở từng dòng để gửi.", n=done.by_hand))
    if done.lately:
        parts.append(_("%(n)s gia đình vừa được nhắc nên chưa nhắc lại.", n=done.lately))
    return " ".join(parts) or _("Không còn ai phải nhắc.")
