"""Who stands on the list of a gate on paper, in which order, and which values has it?

The same people as in the list a phone keeps, so that whoever types a sheet in afterwards finds every box of it: delegation
by delegation, each on sheets of its own, its families with their people, then those beside families.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.checkin.offline_list import ListedPass, gate_list, list_stamp
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.i18n import moment, say
from festival.editions.models import Festival
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family, Person
from festival.roster.people import RELATION_WORDS, Relation, read_relation

TEMPLATE = "checkin/gate_list.typ"
OUTSIDE = "outside"  # who belongs to no delegation: no delegation has this code


@dataclass(frozen=True, slots=True)
class PaperPerson:
    """A box of the list."""

    code: str
    name: str
    beside: str  # who somebody is in the family, or the class of the card


@dataclass(frozen=True, slots=True)
class PaperGroup:
    """A family, or somebody with a card of their own; `number` is counted within the delegation and stands on the paper."""

    number: int
    list_id: str
    name: str
    people: tuple[PaperPerson, ...]


@dataclass(frozen=True, slots=True)
class DelegationList:
    """The sheets of one delegation."""

    code: str
    name: str
    groups: tuple[PaperGroup, ...]

    @property
    def people(self) -> int:
        return sum(len(group.people) for group in self.groups)


def delegation_lists(festival_id: int) -> list[DelegationList]:
    """Everybody who has a valid card, in the order of the delegations."""
    cards = gate_list(festival_id, list_stamp(festival_id)).cards
    of = func.coalesce(Pass.delegation_id, Family.delegation_id, Person.delegation_id)
    rows = db.session.execute(
        select(Pass.list_id, Delegation.code, Delegation.name)
        .outerjoin(Family, Family.id == Pass.family_id)
        .outerjoin(Person, Person.id == Pass.person_id)
        .outerjoin(Delegation, Delegation.id == of)
        .where(Pass.festival_id == festival_id, Pass.replaced_at.is_(None), Pass.blank_id.is_(None) | of.is_not(None))
        .order_by(Delegation.position, Delegation.name, Delegation.id, Pass.id)
    )
    held: dict[tuple[str, str], list[ListedPass]] = {}
    for row in rows:
        if row.list_id in cards:
            key = (row.code or OUTSIDE, row.name or "")
            held.setdefault(key, []).append(cards[row.list_id])
    found = [DelegationList(code, name, _groups(own)) for (code, name), own in held.items() if code != OUTSIDE]
    outside = [own for (code, _name), own in held.items() if code == OUTSIDE]
    if outside:
        found.append(DelegationList(OUTSIDE, _("Người không thuộc đoàn nào"), _groups(outside[0])))
    return [each for each in found if each.people]


def _groups(cards: Sequence[ListedPass]) -> tuple[PaperGroup, ...]:
    """Families first, then cards of one person, then who has only the delegation's card."""
    families = [card for card in cards if card.record["t"] == "family"]
    persons = [card for card in cards if card.record["t"] == "person"]
    own = {member["c"] for card in persons for member in card.record["members"]}
    made = [(card.list_id, str(card.record["name"]), _people(card.record["members"])) for card in families + persons]
    for card in cards:
        if card.record["t"] == "delegation":
            beside = [member for member in card.record["members"] if member["c"] not in own]
            made.append((card.list_id, _("Đi cùng đoàn"), _people(beside)))
    return tuple(PaperGroup(number, *each) for number, each in enumerate((row for row in made if row[2]), 1))


def _people(members: Sequence[dict[str, Any]]) -> tuple[PaperPerson, ...]:
    return tuple(PaperPerson(each["c"], each["n"], each.get("k") or _relation(each["r"] or "")) for each in members)


def _relation(stored: str) -> str:
    """A relation in words, also where free Vietnamese was stored."""
    try:
        relation: Relation | None = Relation(stored)
    except ValueError:
        relation = read_relation(stored)
    return say(RELATION_WORDS[relation]) if relation else stored


def paper_values(
    festival: Festival, lists: Sequence[DelegationList], gate: str, purpose: str, when: str, at: datetime | None = None
) -> dict[str, Any]:
    """What the template is given; `gate` "" leaves a line for the hand."""
    return {
        "title": _("Danh sách điểm danh trên giấy"),
        "festival": festival.name,
        "facts": [
            [_("Cổng"), gate],
            [_("Mục đích"), purpose],
            [_("Ngày"), when],
            [_("Người ghi"), ""],
        ],
        "how": _(
            "Đánh dấu vào ô của người đã vào; cả gia đình cùng vào thì đánh dấu ô của gia đình. Ghi giờ ở cuối dòng gia đình. "
            "Hết ngày, đưa tờ này cho người nhập lại."
        ),
        "printed": _("Lập lúc %(at)s", at=moment(at or now())),
        "hour": _("giờ"),
        "sheets": [
            {
                "name": each.name,
                "people": _("%(n)s người", n=each.people),
                "groups": [
                    {
                        "number": group.number,
                        "name": group.name,
                        "people": [[person.name, person.beside] for person in group.people],
                    }
                    for group in each.groups
                ],
            }
            for each in lists
        ],
    }
