"""Which letters does a family get of its registration: received, approved, given back or refused; its link closed?

A family reads its receipt in the language in which it registered, and every letter after it in the same, in whatever language
the organiser works.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from festival.core.post import outbox
from festival.core.post.mail import language_of, send_mail
from festival.core.post.outbox import Attachment
from festival.core.sentence import Sentence
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.roster.household import Household
from festival.roster.links.of_families import link_code
from festival.roster.models import Delegation, Family


def send_received(household: Household, festival: Festival, link: str, about: str) -> None:
    """The receipt with the family's own link, where an address was given."""
    if household.email:
        send_mail(
            household.email,
            _("Đã nhận hồ sơ đăng ký ngày hội"),
            "registration_received.txt",
            about=about,
            name=household.name,
            festival=festival,
            link=link,
        )


def send_approved(family: Family, festival: Festival, typed: str, link: str, attachments: Sequence[Attachment]) -> None:
    """The family is in: its typed code, its link, and the picture of its pass among `attachments`."""
    if family.email:
        with force_locale(language_of(family.email)):
            send_mail(
                family.email,
                _("Gia đình đã được duyệt tham gia ngày hội"),
                "registration_approved.txt",
                attachments,
                about=family.code,
                family=family,
                festival=festival,
                typed=typed,
                link=link,
            )


def send_back_again(family: Family, festival: Festival, typed: str, link: str, *, new_card: bool) -> None:
    """A withdrawn family takes part again: whether the card it has is good, its code, its link."""
    if family.email:
        with force_locale(language_of(family.email)):
            send_mail(
                family.email,
                _("Gia đình tham gia lại ngày hội"),
                "registration_back.txt",
                about=family.code,
                family=family,
                festival=festival,
                typed=typed,
                link=link,
                new_card=new_card,
            )


def send_change_decided(
    family: Family,
    festival: Festival,
    found: Sequence[Sentence],
    link: str,
    *,
    approved: bool,
    reason: str,
) -> None:
    """What the family or its officer asked to be changed was carried out, or refused and why."""
    if family.email:
        with force_locale(language_of(family.email)):
            send_mail(
                family.email,
                _("Đã thay đổi hồ sơ của gia đình") if approved else _("Yêu cầu thay đổi chưa được nhận"),
                "change_decided.txt",
                about=family.code,
                family=family,
                festival=festival,
                lines=list(map(say, found)),
                link=link,
                approved=approved,
                reason=reason,
            )


def send_decided(family: Family, festival: Festival, reason: str, link: str, *, returned: bool) -> None:
    """Given back with what to mend (`returned`), or refused, with the reason."""
    if family.email:
        with force_locale(language_of(family.email)):
            send_mail(
                family.email,
                _("Hồ sơ đăng ký ngày hội cần xem lại") if returned else _("Hồ sơ đăng ký ngày hội"),
                "registration_returned.txt",
                about=family.code,
                family=family,
                festival=festival,
                reason=reason,
                returned=returned,
                link=link,
            )


def send_link_closed(family: Family, festival: Festival) -> None:
    """Somebody guessed the last four digits wrong too often: the link only shows now, and who opens it again."""
    if family.email:
        with force_locale(language_of(family.email)):
            send_mail(
                family.email,
                _("Liên kết của gia đình nay chỉ còn xem được"),
                "link_closed.txt",
                about=family.code,
                family=family,
                festival=festival,
            )


def readdress(family: Family, festival: Festival, email: str) -> int:
    """What has not left goes to the new address; for what came back, whose words are gone, one letter. Answers how many."""
    many = outbox.readdress(family.code, email)
    if outbox.arrived(family.code, but_to=email):
        many += 1
        link = link_code(family)
        with force_locale(language_of(family.email)):
            send_mail(
                email, _("Trang của gia đình tại ngày hội"), "sent_again.txt",
                about=family.code, family=family, festival=festival, link=link,
            )  # fmt: skip
    return many


def send_waiting(to: str, family: Family, festival: Festival, link: str, until: date) -> None:
    """Somebody of an imported family has not agreed yet: to the officer, and to the family with its own link."""
    with force_locale(language_of(to)):
        send_mail(
            to,
            _("Gia đình còn chờ đồng ý tham gia"),
            "waiting.txt",
            about=family.code,
            family=family,
            festival=festival,
            link=link if to == family.email else "",
            until=until,
        )


def send_offered(family: Family, festival: Festival, until: datetime, link: str) -> None:
    """A place is held for the family until it answers."""
    if family.email:
        with force_locale(language_of(family.email)):
            send_mail(
                family.email,
                _("Có chỗ cho gia đình: mời trả lời"),
                "place_offered.txt",
                about=family.code,
                family=family,
                festival=festival,
                until=until,
                link=link,
            )


def send_lacks(
    to: str, delegation: Delegation, festival: Festival, lacks: Sequence[Sentence], until: datetime | None
) -> None:
    """An officer is reminded of what the delegation still lacks."""
    with force_locale(language_of(to)):
        send_mail(
            to,
            _("%(delegation)s còn thiếu hồ sơ", delegation=delegation.name),
            "delegation_lacks.txt",
            about=delegation.code,
            delegation=delegation,
            festival=festival,
            lines=list(map(say, lacks)),
            until=until,
        )
