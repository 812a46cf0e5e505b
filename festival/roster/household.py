"""What is one registration, whichever of the three roads it came by: officer's form, Excel, the family's own phone?

Plain values that the forms, the Excel reader, drafts and the JSON call all end in, and that become rows only in
`registering.register_families`. They go to JSON and back, because a draft and an import preview are kept on the server.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from festival.consent.rules import Agreement, Agreements, AskedPerson, after_birth
from festival.core.births import Birth
from festival.core.names import fold, nfc, spelling
from festival.core.text import line
from festival.roster.eligibility import FamilyFacts, MemberFacts
from festival.roster.people import Relation, Sex

LONGEST_TEXT = 300
LONGEST_INTRODUCTION = 400
# More people than any rule set allows a family: what a form or a call may carry before its own bound is asked.
MOST_MEMBERS = 40


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the household. `contests` are codes; empty `agreement.by` = nobody has agreed yet."""

    name: str
    relation: Relation | None = None
    sex: Sex | None = None
    birth: Birth | None = None
    phone: str = ""
    needs: str = ""
    contests: tuple[str, ...] = ()
    agreement: Agreement = field(default_factory=Agreement)
    own_agreement: bool = False
    publish: bool = False
    own_publish: bool = False  # the child's own yes to that
    refused: tuple[str, ...] = ()  # to what a child that was asked said no
    code: str = ""  # of the person it already is; '' for a new one
    out: bool = False  # does not take part any more: still of the household, counted nowhere
    kept: bool = False  # said on the form that is sent: may be kept for the next edition

    @property
    def facts(self) -> MemberFacts:
        """As completeness asks."""
        agreed = self.agreement
        return MemberFacts(
            self.name, self.relation, self.sex, self.birth, agreed.by, self.own_agreement, agreed.as_who, self.refused
        )

    @property
    def agreements(self) -> Agreements:
        """As consent asks."""
        return Agreements(self.agreement, self.own_agreement, self.publish, self.own_publish, self.refused, self.kept)

    def agreeing(self, stands: Agreements) -> Member:
        """The member with these agreements."""
        return replace(
            self,
            agreement=stands.taking_part,
            own_agreement=stands.own,
            publish=stands.publish,
            own_publish=stands.own_publish,
            refused=stands.refused,
            kept=stands.kept,
        )


@dataclass(frozen=True, slots=True)
class Household:
    """A family with its members; the representative may stand anywhere in the list."""

    phone: str = ""
    email: str = ""
    address: str = ""
    introduction: str = ""
    members: tuple[Member, ...] = ()

    @property
    def representative(self) -> Member | None:
        """The first member who is one; None while nobody is."""
        return next((member for member in self.members if member.relation is Relation.REPRESENTATIVE), None)

    @property
    def name(self) -> str:
        """How the family is called: "Gia đình ông Danh Chung"."""
        head = self.representative or (self.members[0] if self.members else None)
        if head is None or not head.name:
            return "Gia đình"
        title = {Sex.MALE: "ông ", Sex.FEMALE: "bà "}.get(head.sex, "") if head.sex else ""
        return f"Gia đình {title}{head.name}"

    @property
    def identity(self) -> str:
        """One household typed twice has one identity: the representative's name however spelt, and the phone."""
        head = self.representative
        return f"{spelling(head.name)}|{self.phone}" if head and head.name and self.phone else ""

    @property
    def entries(self) -> dict[str, int]:
        """Contest code → number of performers."""
        counts: dict[str, int] = {}
        for member in self.members:
            for code in member.contests:
                counts[code] = counts.get(code, 0) + 1
        return counts

    @property
    def facts(self) -> FamilyFacts:
        """As completeness asks."""
        return FamilyFacts(self.phone, tuple(member.facts for member in self.members if not member.out), self.entries)


def with_birth(member: Member, birth: Birth | None, on: date) -> Member:
    """The member with a corrected birth and the agreements that still stand then."""
    stands = after_birth(AskedPerson(member.name, birth, on), member.agreements)
    return replace(member, birth=birth).agreeing(stands)


def somebody_else(old: Member, name: str, birth: Birth | None) -> bool:
    """Whether a name and a birth typed over a member's are another person's; a mended spelling or year is not."""
    years = {born.year for born in (old.birth, birth) if born is not None}
    return fold(old.name) != fold(name) and len(years) > 1


def to_json(household: Household) -> dict[str, Any]:
    """Plain JSON of a household."""
    return {
        "phone": household.phone,
        "email": household.email,
        "address": household.address,
        "introduction": household.introduction,
        "members": [
            {
                "name": member.name,
                "relation": member.relation or "",
                "sex": member.sex or "",
                "birth": [member.birth.year, member.birth.month, member.birth.day] if member.birth else None,
                "phone": member.phone,
                "needs": member.needs,
                "contests": list(member.contests),
                "agreed_by": member.agreement.by,
                "agreed_as": member.agreement.as_who,
                "own_agreement": member.own_agreement,
                "publish": member.publish,
                "own_publish": member.own_publish,
                "refused": list(member.refused),
                "code": member.code,
                **({"out": True} if member.out else {}),
            }
            for member in household.members
        ],
    }


def from_json(content: Mapping[str, Any]) -> Household:
    """The household `to_json` wrote (our own JSON, not somebody's input)."""
    return Household(
        phone=content.get("phone", ""),
        email=content.get("email", ""),
        address=content.get("address", ""),
        introduction=content.get("introduction", ""),
        members=tuple(
            Member(
                name=item["name"],
                relation=Relation(item["relation"]) if item["relation"] else None,
                sex=Sex(item["sex"]) if item["sex"] else None,
                birth=Birth(*item["birth"]) if item["birth"] else None,
                phone=item["phone"],
                needs=item["needs"],
                contests=tuple(item["contests"]),
                agreement=Agreement(item["agreed_by"], item["agreed_as"]),
                own_agreement=item["own_agreement"],
                publish=item["publish"],
                own_publish=item.get("own_publish", False),
                refused=tuple(item.get("refused", ())),
                code=item["code"],
                out=item.get("out", False),
            )
            for item in content.get("members", ())
        ),
    )


def cleaned(household: Household) -> Household:
    """All texts in the stored form (NFC, single spaces)."""
    return replace(
        household,
        email=nfc(household.email),
        address=line(household.address),
        introduction=line(household.introduction),
        members=tuple(
            replace(
                member,
                name=nfc(member.name),
                needs=line(member.needs),
                agreement=replace(member.agreement, by=nfc(member.agreement.by)),
            )
            for member in household.members
        ),
    )
