"""What does a registration look like as JSON (docs/registration.md)?

Names, phones and births are text as a person writes them and read by the same rules as the form and Excel; what
cannot be read is named by its place with the same sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from festival.consent.rules import Agreement, AskedPerson
from festival.core.births import Birth, birth
from festival.core.names import LONGEST_NAME, nfc, too_long
from festival.core.old_fonts import written_fault
from festival.core.phones import phone
from festival.core.post.mail_address import LONGEST_EMAIL, email_fault
from festival.core.sentence import N_, Sentence
from festival.core.text import cut, line
from festival.core.web.wire import CleanShape
from festival.roster.household import LONGEST_INTRODUCTION, LONGEST_TEXT, MOST_MEMBERS, Household, Member
from festival.roster.people import Relation, Sex, read_relation, read_sex

Text = Annotated[StrictStr, Field(max_length=LONGEST_TEXT)]
# What a person writes is held to its length by the rules of the house, with their sentence; the schema only says it.
Name = Annotated[StrictStr, Field(json_schema_extra={"minLength": 1, "maxLength": LONGEST_NAME})]
Words = Annotated[StrictStr, Field(json_schema_extra={"maxLength": LONGEST_TEXT})]


# 122 random bits; a counter, a date or the name of a kiosk does not pass.
RANDOM_UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
# What a sender proves itself by: 256 random bits as hex.
SENDER_KEY = "^[0-9a-fA-F]{64}$"
WEAK_KEY = N_("Mỗi hồ sơ cần một UUID ngẫu nhiên (phiên bản 4).", "weak_key")
CHILD_NOT_BY_CALL = N_(
    "Công bố tên, hình của trẻ không ghi ở đây được: cha, mẹ hoặc người giám hộ đồng ý qua liên kết riêng hoặc ký phiếu.",
    "child_not_published_so",
)
WEAK_SENDER = N_("Nơi gửi cần một khóa bí mật của riêng mình: 64 chữ số hex ngẫu nhiên.", "weak_key")
FEWEST_DIGITS = 8  # different ones: 32 random hex digits have fewer once in a million million, a typed pattern mostly


def looks_random(text: str, pattern: str) -> bool:
    """Whether a key has the form of a random one and is not one digit over and over."""
    return re.fullmatch(pattern, text) is not None and len(set(text.lower()) - {"-"}) >= FEWEST_DIGITS


class _RegistrationShape(CleanShape):
    """Clean texts, no member that is not named here."""


class MemberIn(_RegistrationShape):
    """One person. `agreed_by` is who agreed to taking part (the person, or father, mother, guardian of a child)."""

    name: Name
    relation: Text
    sex: Text
    birth: Text
    needs: Words = ""
    contests: Annotated[list[Text], Field(max_length=40)] = []
    agreed_by: Annotated[StrictStr, Field(json_schema_extra={"maxLength": LONGEST_NAME})] = ""
    agreed_as: Literal["self", "father", "mother", "guardian"] = "self"
    own_agreement: StrictBool = False
    publish: StrictBool = False


class RegistrationIn(_RegistrationShape):
    """A family's registration; `key`, a random UUID of its own (version 4), makes sending it again harmless."""

    key: Annotated[StrictStr, Field(max_length=80, json_schema_extra={"format": "uuid", "pattern": RANDOM_UUID})]
    festival: Text
    delegation: Text
    phone: Text
    email: Annotated[StrictStr, Field(json_schema_extra={"maxLength": LONGEST_EMAIL})] = ""
    address: Words = ""
    introduction: Annotated[StrictStr, Field(json_schema_extra={"maxLength": LONGEST_INTRODUCTION})] = ""
    members: Annotated[list[MemberIn], Field(min_length=1, max_length=MOST_MEMBERS)]


class RegistrationOut(_RegistrationShape):
    """What became of it, the same for every family, known before or not; sent again, the same answer.

    `link` is the address only the family should have: "" once a quarter of an hour has passed. `message` is for the family.
    """

    outcome: Literal["registered"]
    family: str
    link: str
    message: str


class DelegationOut(_RegistrationShape):
    """A unit's delegation that takes families' own registrations."""

    code: str
    name: str


class ContestOut(_RegistrationShape):
    """A contest to take part in."""

    code: str
    name: str


class OpenFestivalOut(_RegistrationShape):
    """An edition whose registration is open."""

    code: str
    name: str
    starts_on: date
    ends_on: date
    members_min: int
    members_max: int
    delegations: list[DelegationOut]
    contests: list[ContestOut]


class OpenOut(_RegistrationShape):
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
    email, address, introduction = nfc(sent.email), line(sent.address), line(sent.introduction)
    asked = (
        ("email", email_fault(email)),
        ("address", too_long(address, LONGEST_TEXT)),
        ("introduction", too_long(introduction, LONGEST_INTRODUCTION)),
    )
    faults += [(key, reason) for key, reason in asked if reason is not None]
    members = []
    for place, item in enumerate(sent.members):
        faults.extend((f"members[{place}].{key}", reason) for key, reason in _faults(item, contests, today))
        born = birth(item.birth, today)
        if item.publish and isinstance(born, Birth) and AskedPerson(nfc(item.name), born, today).child:
            faults.append((f"members[{place}].publish", CHILD_NOT_BY_CALL))
        members.append(
            Member(
                name=nfc(item.name),
                relation=_relation(item.relation),
                sex=_sex(item.sex),
                birth=born if isinstance(born, Birth) else None,
                needs=line(item.needs),
                contests=tuple(code for code in contests if code in item.contests),
                agreement=Agreement(nfc(item.agreed_by), item.agreed_as),
                own_agreement=item.own_agreement,
                publish=item.publish,
            )
        )
    household = Household(
        phone=number if isinstance(number, str) else "",
        email=email,
        address=address,
        introduction=introduction,
        members=tuple(members),
    )
    return household, faults


def _faults(item: MemberIn, contests: Sequence[str], today: date) -> Iterator[tuple[str, Sentence]]:
    bad_name = written_fault(item.name)
    if bad_name is not None:
        yield "name", bad_name
    if _relation(item.relation) is None:
        yield (
            "relation",
            N_(
                "Không rõ quan hệ “%(text)s”. Hãy chọn trong danh sách của ô.",
                "bad_relation",
                text=cut(item.relation, 40),
            ),
        )
    if _sex(item.sex) is None:
        yield "sex", N_("“%(text)s” chưa đúng. Hãy ghi Nam hoặc Nữ.", "bad_sex", text=cut(item.sex, 40))
    born = birth(item.birth, today)
    if isinstance(born, Sentence):
        yield "birth", born
    long_needs = too_long(line(item.needs), LONGEST_TEXT)
    if long_needs is not None:
        yield "needs", long_needs
    bad_guardian = written_fault(item.agreed_by) if nfc(item.agreed_by) else None
    if bad_guardian is not None:
        yield "agreed_by", bad_guardian
    for code in item.contests:
        if code not in contests:
            yield "contests", N_("Không có phần thi “%(code)s”.", "unknown_contest", code=cut(code, 40))


def _relation(text: str) -> Relation | None:
    return Relation(text) if text in set(Relation) else read_relation(text)


def _sex(text: str) -> Sex | None:
    return Sex(text) if text in set(Sex) else read_sex(text)
