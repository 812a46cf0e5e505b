"""What did somebody type into the form of an approved family, and what is wrong with it, field by field?

A row with a code is somebody of the family; one without is somebody new. An agreement that stands is never ended here: what is
ticked adds to it, for who is new and for whom a corrected birth asks for another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from flask import request
from flask_babel import gettext as _

from festival.consent.rules import Agreements, AskedPerson, Ticks, after_birth, given
from festival.core.births import Birth, birth
from festival.core.clock import today
from festival.core.names import nfc, too_long
from festival.core.old_fonts import written_fault
from festival.core.sentence import Sentence
from festival.core.text import line
from festival.core.web.i18n import say
from festival.registration.typed.forms import FamilyContactForm
from festival.roster.household import LONGEST_TEXT, MOST_MEMBERS, Household, Member, somebody_else
from festival.roster.people import Relation, Sex
from festival.roster.rules import Rules

LONGEST_WHY = 600
Choice = TypeVar("Choice", Relation, Sex)


@dataclass(slots=True)
class TypedChange:
    """The household that is wanted, why, and the faults by field."""

    household: Household
    why: str
    faults: dict[str, str] = field(default_factory=dict)


def row_of(member: Member) -> dict[str, object]:
    """What the form shows of somebody."""
    shown: dict[str, object] = dict.fromkeys(("agree", "guardian", "guardian-as", "own"), "")
    return shown | {
        "code": member.code,
        "name": member.name,
        "relation": member.relation or "",
        "sex": member.sex or "",
        "birth": str(member.birth or ""),
        "needs": member.needs,
        "contests": list(member.contests),
        "agreed": bool(member.agreement.by),
        "drop": False,
    }


def shown_rows(household: Household) -> list[dict[str, object]]:
    """The rows of the page: as typed where something was sent, else as it stands, and one blank for somebody new."""
    if request.method != "POST":
        return [*map(row_of, household.members), row_of(Member(""))]
    known = {member.code for member in household.members if member.agreement.by}
    return [
        {name: request.form.get(f"{name}-{at}", "") for name in ("code", "name", "relation", "sex", "birth", "needs")}
        | {"contests": request.form.getlist(f"contests-{at}"), "drop": request.form.get(f"drop-{at}") == "y"}
        | {"agreed": request.form.get(f"code-{at}", "") in known}
        | {name: request.form.get(f"{name}-{at}", "") for name in ("agree", "guardian", "guardian-as", "own")}
        for at in _places()
    ]


def _places() -> list[int]:
    return [at for at in range(MOST_MEMBERS) if f"name-{at}" in request.form]


def typed_change(rules: Rules, now: Household, contact: FamilyContactForm) -> TypedChange:
    """Everything that is wrong is said at once."""
    faults = {name: str(errors[0]) for name, errors in contact.errors.items()} if not contact.validate() else {}
    faults |= {name: str(errors[0]) for name, errors in contact.errors.items()}
    known = {member.code: member for member in now.members}
    members = []
    for at in _places():
        old = known.get(request.form.get(f"code-{at}", ""))
        blank = old is None and not any(request.form.get(f"{name}-{at}", "").strip() for name in ("name", "birth"))
        if not blank and request.form.get(f"drop-{at}") != "y":
            members.append(_member(rules, at, old, faults))
    leading = [member for member in members if member.relation is Relation.REPRESENTATIVE]
    if len(leading) != 1 and not faults:
        faults["relation-0"] = _("Gia đình cần đúng một người đại diện. Hãy chọn lại quan hệ.")
    why = line(request.form.get("why", ""))
    if not why:
        faults["why"] = _("Hãy ghi lý do thay đổi.")
    elif (long := too_long(why, LONGEST_WHY)) is not None:
        faults["why"] = say(long)
    return TypedChange(replace(contact.fill(now), members=tuple(members)), why, faults)


def _member(rules: Rules, at: int, old: Member | None, faults: dict[str, str]) -> Member:
    def typed(name: str) -> str:
        return request.form.get(f"{name}-{at}", "")

    born = birth(typed("birth"), today())
    relation = _one_of(Relation, typed("relation"))
    sex = _one_of(Sex, typed("sex"))
    found: Mapping[str, Sentence | None] = {
        "name": written_fault(typed("name")),
        "birth": born if isinstance(born, Sentence) else None,
        "needs": too_long(line(typed("needs")), LONGEST_TEXT),
    }
    faults |= {f"{name}-{at}": say(fault) for name, fault in found.items() if fault is not None}
    if relation is None:
        faults[f"relation-{at}"] = _("Hãy chọn quan hệ.")
    if sex is None:
        faults[f"sex-{at}"] = _("Hãy chọn nam hoặc nữ.")
    member = Member(
        name=nfc(typed("name")),
        relation=relation,
        sex=sex,
        birth=born if isinstance(born, Birth) else None,
        phone=old.phone if old else "",
        needs=line(typed("needs")),
        contests=tuple(code for code in rules.contests if code in request.form.getlist(f"contests-{at}")),
        code=old.code if old else "",
    )
    return member.agreeing(_agreements(rules, at, old, member))


def _agreements(rules: Rules, at: int, old: Member | None, member: Member) -> Agreements:
    person = AskedPerson(member.name, member.birth, rules.festival.starts_on)
    same = old is not None and not somebody_else(old, member.name, member.birth)
    stands = after_birth(person, old.agreements) if old is not None and same else Agreements()
    ticks = Ticks(
        agreed=request.form.get(f"agree-{at}") == "y",
        guardian=request.form.get(f"guardian-{at}", ""),
        as_who=request.form.get(f"guardian-as-{at}", ""),
        own=request.form.get(f"own-{at}") == "y",
    )
    new = given(person, ticks)
    taking_part = stands.taking_part if stands.taking_part.by else new.taking_part
    return replace(stands, taking_part=taking_part, own=stands.own or new.own)


def _one_of(kind: type[Choice], value: str) -> Choice | None:
    return next((each for each in kind if each.value == value), None)
