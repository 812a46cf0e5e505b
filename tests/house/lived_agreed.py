"""A father has a link of his own, replaced and taken back; a child says no and then yes; a sheet comes, goes and comes; a reminder."""

from __future__ import annotations

from sqlalchemy import select

from festival.consent.rules import Agreement
from festival.core.database import db
from festival.core.transaction import transaction
from festival.registration.agreements import parent_links, reminding, sheets, writing
from festival.registration.agreements.parent_links import AskedParent, LinkState
from festival.registration.waiting.clock import Waiting
from festival.registration.waiting.dropping import WaitsFor
from festival.roster.families import family_by_id
from festival.roster.models import Family, FamilyState, Person
from festival.roster.rules import Rules, rules_of

FATHER = Agreement("Danh Văn Ba", "father")


def by_own_links(festival_id: int, staff: int) -> None:
    """Of an approved family with a child that is asked about its picture."""
    with transaction():
        family, rules, child = _asked(festival_id)
        for phone in ("0987654321", "0987654322"):
            asked = AskedParent(FATHER.by, FATHER.as_who, phone, (child.code,))
            link = parent_links.make_link(rules, family, asked, staff)
        parent_links.replace_parent_link(rules, family, link, 1, staff)
        parent_links.end_parent_link(rules, family, link, 2, LinkState.TAKEN_BACK, staff)
        for yes in (False, True, False):
            writing.child_answers(rules, family_by_id(family.id), child, True, yes, "own_link")
            db.session.expire_all()
    for photo in (b"first", b"second"):
        with transaction():
            family, rules, child = _asked(festival_id)
            sheets.keep_sheet(rules, family, photo, {child.code: ("child_publish",)}, {}, staff)
            db.session.expire_all()
            sheet = sheets.kept_sheet(family.id)
            if photo == b"first" and sheet is not None:
                sheets.take_back_sheet(rules, family_by_id(family.id), sheet.id, "nhầm nhà", staff)
    with transaction():
        family, rules, child = _asked(festival_id)
        waits = WaitsFor(family, (child.name,), Waiting(rules.festival.starts_on))
        assert reminding.remind(rules, [waits, waits], staff).lately == 1


def _asked(festival_id: int) -> tuple[Family, Rules, Person]:
    wanted = Family.festival_id == festival_id, Family.state == FamilyState.APPROVED
    for family_id in db.session.scalars(select(Family.id).where(*wanted).order_by(Family.id.desc())).all():
        family = family_by_id(family_id)
        rules = rules_of(family.delegation.festival)
        for child in writing.children_of(family, rules):
            if not child.out and writing.asked_person(child, rules).picture_asked:
                return family, rules, child
    raise AssertionError("nobody has a child of that age")
