"""How does a father, mother or guardian who is somewhere else get a link of the own, and what becomes of that link?

It is kept as a keyed hash, has a last day, and asks for the last four digits of that parent's own phone. Ten wrong ones close
it until it is replaced. Whoever made it (family, officer, organiser) replaces it or takes it back; both are in the ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.core import secrets
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import spelling
from festival.core.secrets import look_up_hash
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.registration.agreements.models import PARENT_MISSES_MOST, ParentLink
from festival.roster.links.of_families import LINK_CHARACTERS
from festival.roster.models import Family
from festival.roster.rules import Rules
from festival.roster.steps import note

LASTS = timedelta(days=30)
MOST_LINKS = 10


class LinkState(StrEnum):
    """What a link is good for now."""

    OPEN = "open"
    ANSWERED = "answered"  # every child it is for has been agreed for
    EXPIRED = "expired"
    CLOSED = "closed"  # ten wrong digits
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class AskedParent:
    """Who is asked by a link of the own, and for which children (codes of people)."""

    name: str
    as_who: str
    phone: str
    children: tuple[str, ...]


def state_of(link: ParentLink, at: datetime) -> LinkState:
    """What the link is good for."""
    if link.ended_how is not None:
        return LinkState(link.ended_how)
    if link.expires_at <= at:
        return LinkState.EXPIRED
    return LinkState.CLOSED if link.misses >= PARENT_MISSES_MOST else LinkState.OPEN


def parent_code(link: ParentLink) -> str:
    """The code of the link (`/parent/<code>`), the same each time it is shown."""
    return secrets.derived_code("parent-link", link.id, link.issue, LINK_CHARACTERS)


def link_of_code(code: str) -> ParentLink | None:
    """The link a code leads to; None for an unknown or replaced one."""
    query = select(ParentLink).where(ParentLink.link_hash == look_up_hash(code.strip().upper()))
    return db.session.scalar(query.execution_options(populate_existing=True))


def links_of(family: Family) -> list[ParentLink]:
    """All of a family, in the order they were made."""
    query = select(ParentLink).where(ParentLink.family_id == family.id).order_by(ParentLink.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def make_link(
    rules: Rules, family: Family, asked: AskedParent, by: int | None, *, then_send: bool = False
) -> ParentLink:
    """A link for this parent; asked for again it is the one that is there, for the children of both."""
    db.session.execute(select(Family.id).where(Family.id == family.id).with_for_update())
    known = [each for each in links_of(family) if state_of(each, now()) is LinkState.OPEN]
    same = [each for each in known if (spelling(each.name), each.phone) == (spelling(asked.name), asked.phone)]
    if same:
        same[0].children = sorted({*same[0].children, *asked.children})
        db.session.flush()
        return same[0]
    if len(known) >= MOST_LINKS:
        raise Conflict(
            _("Gia đình đã có %(n)s liên kết riêng đang dùng. Bỏ bớt liên kết không cần rồi thêm.", n=MOST_LINKS)
        )
    at = now()
    link = ParentLink(
        family_id=family.id, name=asked.name, given_as=asked.as_who, phone=asked.phone, children=list(asked.children),
        issue=1, misses=0, then_send=then_send, made_at=at, expires_at=at + LASTS,
    )  # fmt: skip
    db.session.add(link)
    db.session.flush()
    link.link_hash = look_up_hash(parent_code(link))
    db.session.flush()
    payload = {"parent": link.name, "as": link.given_as, "children": link.children, "by": by}
    _note(rules, family, "parent_link.made", link, payload)
    return link


def link_in(family: Family, link_id: int) -> ParentLink:
    """A link of this family. NotFound for any other."""
    link = db.session.get(ParentLink, link_id, populate_existing=True)
    if link is None or link.family_id != family.id:
        raise NotFound()
    return link


def replace_parent_link(
    rules: Rules, family: Family, link: ParentLink, seen: int, by: int | None, phone: str = ""
) -> None:
    """A new code, days and tries anew, also for one that was ended; `phone`: another number. Overtaken when it changed meanwhile."""
    code = secrets.derived_code("parent-link", link.id, seen + 1, LINK_CHARACTERS)
    at = now()
    _changed(
        link, seen, issue=seen + 1, link_hash=look_up_hash(code), misses=0, expires_at=at + LASTS, ended_at=None,
        ended_how=None, phone=phone or link.phone,
    )  # fmt: skip
    _note(rules, family, "parent_link.replaced", link, {"parent": link.name, "by": by})


def end_parent_link(rules: Rules, family: Family, link: ParentLink, seen: int, how: LinkState, by: int | None) -> None:
    """Taken back by who made it, or refused by who holds it; the code leads to a page that only says so."""
    if link.ended_how is not None:
        raise Overtaken()
    _changed(link, seen, ended_at=now(), ended_how=how.value)
    _note(rules, family, "parent_link.ended", link, {"parent": link.name, "by": by}, how=how.value)


def _changed(link: ParentLink, seen: int, **values: object) -> None:
    done = db.session.scalar(
        update(ParentLink)
        .where(ParentLink.id == link.id, ParentLink.issue == seen)
        .values(**values)
        .returning(ParentLink.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Overtaken()
    db.session.refresh(link)


def digits_fit(link: ParentLink, right: bool) -> bool | None:
    """Count one guess at the digits, in a transaction of its own; None when the link takes none any more.

    One statement looks and counts: many guesses at once are no more than ten.
    """
    at = now()
    counted = db.session.scalar(
        update(ParentLink)
        .where(
            ParentLink.id == link.id,
            ParentLink.issue == link.issue,
            ParentLink.ended_at.is_(None),
            ParentLink.expires_at > at,
            ParentLink.misses < PARENT_MISSES_MOST,
        )
        .values(misses=ParentLink.misses if right else ParentLink.misses + 1)
        .returning(ParentLink.id)
        .execution_options(synchronize_session=False)
    )
    return None if counted is None else right


def waits_to_send(family_id: int) -> bool:
    """Whether the family sent its form and it only waited for such a parent."""
    query = select(ParentLink.id).where(ParentLink.family_id == family_id, ParentLink.then_send).limit(1)
    return db.session.scalar(query) is not None


def was_sent(family_id: int) -> None:
    """It has gone: nothing is sent by itself any more."""
    db.session.execute(
        update(ParentLink)
        .where(ParentLink.family_id == family_id, ParentLink.then_send)
        .values(then_send=False)
        .execution_options(synchronize_session=False)
    )


def _note(
    rules: Rules, family: Family, kind: str, link: ParentLink, payload: Mapping[str, object], **about: str
) -> None:
    subject = {"link": str(link.id), "issue": str(link.issue), **about}
    note(rules.festival, kind, family, family.version, payload, **subject)
