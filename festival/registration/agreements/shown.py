"""What do pages show of those who are asked: who, what stands, where a child answers, and the links that were handed out?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from config import Config
from festival.consent.models import ConsentPurpose
from festival.consent.rules import SELF, Agreements, AskedPerson
from festival.core import qr
from festival.core.clock import now
from festival.core.web.i18n import day
from festival.registration.agreements import parent_links
from festival.registration.agreements.models import ParentLink
from festival.registration.agreements.parent_links import LinkState
from festival.roster.household import Household
from festival.roster.models import Family


@dataclass(frozen=True, slots=True)
class AskedLine:
    """Somebody who is asked, with what stands; `key` names the fields, `address` is a child's own screen."""

    key: str
    name: str
    child: bool
    own_asked: bool
    stands: Agreements
    address: str = ""

    @property
    def for_guardian(self) -> tuple[str, str, bool]:
        """As the block of an adult for children shows it."""
        return self.key, self.name, bool(self.stands.taking_part.by) and self.stands.taking_part.as_who != SELF

    @property
    def for_away(self) -> tuple[str, str]:
        """As a list to choose from shows it."""
        return self.key, self.name


def asked_lines(household: Household, on: date, address: Callable[[int], str]) -> list[AskedLine]:
    """Everybody of a form in the order of the family; fields are named by place."""
    found = []
    for at, member in enumerate(household.members):
        person = AskedPerson(member.name, member.birth, on)
        asked = person.child and (person.own_asked or person.picture_asked)
        found.append(
            AskedLine(str(at), member.name, person.child, asked, member.agreements, address(at) if asked else "")
        )
    return found


def guardian_said(household: Household) -> tuple[str, str]:
    """Who has agreed for a child of this form already, by name and role; else nobody, as a mother."""
    for member in household.members:
        if member.agreement.by and member.agreement.as_who != SELF:
            return member.agreement.by, member.agreement.as_who
    return "", "mother"


# What a link is good for: the words and how they look.
LINK_WORDS = {
    LinkState.OPEN.value: (_l("đang chờ trả lời"), "note"),
    LinkState.ANSWERED.value: (_l("đã trả lời"), "good"),
    LinkState.EXPIRED.value: (_l("hết hạn"), "warn"),
    LinkState.CLOSED.value: (_l("khóa vì nhập sai số"), "warn"),
    LinkState.REFUSED.value: (_l("trả lời: không đồng ý"), "bad"),
    LinkState.TAKEN_BACK.value: (_l("đã bỏ"), "quiet"),
}


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A parent's link as its maker sees it: where it leads, a text to send with it, what it is good for now."""

    link: ParentLink
    state: str
    address: str
    text: str
    picture: str
    children: tuple[str, ...]


def shown_links(family: Family) -> list[ShownLink]:
    """Every link of the family; the code and its picture only while it is open and something waits."""
    return [_shown(family, link) for link in parent_links.links_of(family)]


def _shown(family: Family, link: ParentLink) -> ShownLink:
    config: Config = current_app.config["FESTIVAL"]
    state = parent_links.state_of(link, now())
    theirs = [person for person in family.members if person.code in link.children and not person.out]
    children = tuple(person.name for person in theirs)
    answered = {
        person.code
        for person in theirs
        for consent in person.consents
        if consent.purpose is ConsentPurpose.TAKING_PART and consent.withdrawn_at is None
    }
    if state is not LinkState.OPEN:
        return ShownLink(link, state.value, "", "", "", children)
    address = config.public_url + url_for("registration.parent_page", code=parent_links.parent_code(link))
    text = _(
        "%(festival)s: xin ông/bà %(name)s mở liên kết này để trả lời về việc cho %(children)s tham gia, trước ngày %(day)s. %(address)s",
        festival=family.delegation.festival.short_name or family.delegation.festival.name,
        name=link.name,
        children=", ".join(children),
        day=day(link.expires_at),
        address=address,
    )
    said = LinkState.ANSWERED if len(answered) == len(theirs) else state
    return ShownLink(
        link, said.value, address, text, qr.svg(address, level="M", label=_("Mã QR của liên kết riêng")), children
    )
