"""What does a registration look like as JSON (docs/registration.md)?

Names, phones and births are text as a person writes them and read by the same rules as the form and Excel; what
cannot be read is named by its place with the same sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr

from festival.core.names import Birth, birth, nfc, phone
from festival.core.sentence import N_, Sentence
from festival.registration.eligibility import Relation, Sex, read_relation, read_sex
from festival.registration.household import Agreement, Household, Member
from festival.registration.workbook import EMAIL, name_fault

Text = Annotated[StrictStr, Field(max_length=300)]
Name = Annotated[StrictStr, Field(min_length=1, max_length=80)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MemberIn(_Shape):
    """One person. `agreed_by` is who agreed to taking part (the person, or father, mother, guardian of a child)."""

    name: Name
    relation: Text
    sex: Text
    birth: Text
    needs: Text = ""
    contests: Annotated[list[Text], Field(max_length=40)] = []
    agreed_by: Annotated[StrictStr, Field(max_length=80)] = ""
    agreed_as: Literal["self", "father", "mother", "guardian"] = "self"
    own_agreement: StrictBool = False
    publish: StrictBool = False


class RegistrationIn(_Shape):
    """A family's registration; `key` makes sending it again harmless."""

    key: Annotated[StrictStr, Field(min_length=8, max_length=80)]
    festival: Text
    delegation: Text
    phone: Text
    email: Annotated[StrictStr, Field(max_length=120)] = ""
    address: Text = ""
    introduction: Annotated[StrictStr, Field(max_length=400)] = ""
    members: Annotated[list[MemberIn], Field(min_length=1, max_length=40)]


class RegistrationOut(_Shape):
    """What became of it; `link` is the address only the family should have."""

    outcome: Literal["registered", "already_registered"]
    family: str
    link: str


class DelegationOut(_Shape):
    """A unit's delegation that takes families' own registrations."""

    code: str
    name: str


class ContestOut(_Shape):
    """A contest to take part in."""

    code: str
    name: str


class OpenFestivalOut(_Shape):
    """An edition whose registration is open."""

    code: str
    name: str
    starts_on: date
    ends_on: date
    members_min: int
    members_max: int
    delegations: list[DelegationOut]
    contests: list[ContestOut]


class OpenOut(_Shape):
    """All editions open for registration."""

    festivals: list[OpenFestivalOut]


def household_of(
    sent: RegistrationIn, contests: Sequence[str], today: date
) -> tuple[Household, list[tuple[str, Sentence]]]:
    """The household, and what cannot be read by its place (`members[1].birth`)."""
    faults: list[tuple[str, Sentence]] = []
    number = phone(sent.phone)
    if isinstance(number, Sentence):
        faults.append(("phone", number))
    email = nfc(sent.email)
    if email and not EMAIL.fullmatch(email):
        faults.append(("email", N_("Địa chỉ thư điện tử chưa đúng. Hãy sửa hoặc để trống.", "bad_email")))
    members = []
    for place, item in enumerate(sent.members):
        faults.extend((f"members[{place}].{key}", reason) for key, reason in _faults(item, contests, today))
        born = birth(item.birth, today)
        members.append(
            Member(
                name=nfc(item.name),
                relation=_relation(item.relation),
                sex=_sex(item.sex),
                birth=born if isinstance(born, Birth) else None,
                needs=nfc(item.needs),
                contests=tuple(code for code in contests if code in item.contests),
                agreement=Agreement(nfc(item.agreed_by), item.agreed_as),
                own_agreement=item.own_agreement,
                publish=item.publish,
            )
        )
    household = Household(
        phone=number if isinstance(number, str) else "",
        email=email,
        address=nfc(sent.address),
        introduction=nfc(sent.introduction),
        members=tuple(members),
    )
    return household, faults


def _faults(item: MemberIn, contests: Sequence[str], today: date) -> Iterator[tuple[str, Sentence]]:
    bad_name = name_fault(nfc(item.name))
    if bad_name is not None:
        yield "name", bad_name
    if _relation(item.relation) is None:
        yield (
            "relation",
            N_("Không rõ quan hệ “%(text)s”. Hãy chọn trong danh sách của ô.", "bad_relation", text=item.relation[:40]),
        )
    if _sex(item.sex) is None:
        yield "sex", N_("“%(text)s” chưa đúng. Hãy ghi Nam hoặc Nữ.", "bad_sex", text=item.sex[:40])
    born = birth(item.birth, today)
    if isinstance(born, Sentence):
        yield "birth", born
    for code in item.contests:
        if code not in contests:
            yield "contests", N_("Không có phần thi “%(code)s”.", "unknown_contest", code=code[:40])


def _relation(text: str) -> Relation | None:
    return Relation(text) if text in set(Relation) else read_relation(text)


def _sex(text: str) -> Sex | None:
    return Sex(text) if text in set(Sex) else read_sex(text)
