"""Which delegations are reminded of what they lack, in one act; by letter where an officer signs in by an address, else with
words to copy.

A delegation is reminded at most once in 20 hours, however often the button is pressed and by whom: one statement decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _

from config import Config
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.mail_address import MAIL_ADDRESS
from festival.core.statements import insert_or_pass
from festival.core.web.i18n import moment, say
from festival.editions.models import Festival
from festival.registration.allotting.models import DelegationReminder
from festival.registration.allotting.standing import DelegationStands
from festival.registration.letters import send_lacks
from festival.roster.steps import stream

APART = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class OfficersReminded:
    """What one act did: delegations reminded by letter, left to be told by hand, reminded too short ago."""

    letters: int = 0
    by_hand: int = 0
    lately: int = 0


def remind(festival: Festival, lacking: Iterable[DelegationStands], by: int | None) -> OfficersReminded:
    """Everybody who lacks something; the ledger tells each delegation."""
    letters = by_hand = lately = 0
    for each in lacking:
        if not each.lacks:
            continue
        times = _counted(each.delegation.id)
        if times is None:
            lately += 1
            continue
        subject = {"delegation": each.delegation.code, "times": times}
        ledger.append(stream(festival), "delegation.reminded", subject, {"delegation": each.delegation.name, "by": by})
        addresses = [user.login for user in each.officers if MAIL_ADDRESS.fullmatch(user.login)]
        for to in addresses:
            send_lacks(to, each.delegation, festival, each.lacks, each.until)
        letters, by_hand = letters + bool(addresses), by_hand + (not addresses)
    return OfficersReminded(letters, by_hand, lately)


def _counted(delegation_id: int) -> int | None:
    at = now()
    first = insert_or_pass(DelegationReminder).values(delegation_id=delegation_id, reminded_at=at, times=1)
    again = first.on_conflict_do_update(
        index_elements=["delegation_id"],
        set_={"reminded_at": at, "times": DelegationReminder.times + 1},
        where=DelegationReminder.reminded_at <= at - APART,
    ).returning(DelegationReminder.times)
    return db.session.execute(again).scalar_one_or_none()


def words_to_send(each: DelegationStands) -> str:
    """What is copied for Zalo: what is missing, until when, where the officer goes on."""
    config: Config = current_app.config["FESTIVAL"]
    parts = [
        _(
            "%(festival)s: %(delegation)s còn thiếu.",
            festival=each.delegation.festival.short_name or each.delegation.festival.name,
            delegation=each.delegation.name,
        ),
        *map(say, each.lacks),
    ]
    if each.until is not None:
        parts.append(_("Hạn gửi: %(when)s.", when=moment(each.until)))
    parts.append(f"{config.public_url}/delegation/{each.delegation.code}")
    return " ".join(map(str, parts))


def reminded_words(done: OfficersReminded) -> str:
    """What to say of one act."""
    parts = []
    if done.letters:
        parts.append(_("Đã gửi thư cho cán bộ của %(n)s đoàn.", n=done.letters))
    if done.by_hand:
        parts.append(
            _("%(n)s đoàn không có cán bộ nào có thư điện tử: sao chép lời nhắn của đoàn để gửi Zalo.", n=done.by_hand)
        )
    if done.lately:
        parts.append(_("%(n)s đoàn vừa được nhắc trong 20 giờ qua nên chưa nhắc lại.", n=done.lately))
    return " ".join(map(str, parts)) or str(_("Không còn đoàn nào thiếu."))
