"""How do families become rows of the Excel file, in the words and columns of the template?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import force_locale

from festival.consent.rules import SIGNED
from festival.core.births import Birth
from festival.core.web.i18n import say
from festival.registration.excel.columns import ACT, CONTEST
from festival.registration.excel.writing import FileRow
from festival.roster.household import Member
from festival.roster.people import RELATION_WORDS, SEX_WORDS, Relation
from festival.roster.views import FamilyView
from festival.roster.words import STATE_WORDS


def rows(views: Iterable[FamilyView], titles: Mapping[int, Mapping[str, str]]) -> list[FileRow]:
    """One row a person, families numbered from 1; the file is Vietnamese whoever asks for it.

    `titles`: of a family's acts, by its id and the contest.
    """
    with force_locale("vi"):
        return [
            row
            for number, item in enumerate(views, start=1)
            for row in _of_family(str(number), item, titles.get(item.family.id, {}))
        ]


def _of_family(number: str, item: FamilyView, titles: Mapping[str, str]) -> list[FileRow]:
    there = [member for member in item.household.members if not member.out]
    # What belongs to the family stands with its representative, as one who fills in the template writes it.
    head = next((member for member in there if member.relation is Relation.REPRESENTATIVE), there[0] if there else None)
    return [
        FileRow(
            {"family": number, "code": item.family.code, "delegation": item.family.delegation.name}
            | _of_person(member)
            | (_of_household(item, titles) if member is head else {})
        )
        for member in there
    ]


def _of_person(member: Member) -> dict[str, str]:
    return {
        "name": member.name,
        "relation": str(RELATION_WORDS[member.relation]) if member.relation else "",
        "sex": str(SEX_WORDS[member.sex]) if member.sex else "",
        "birth": _written(member.birth),
        "phone": member.phone,
        "guardian": member.agreement.by if member.agreement.as_who != "self" else "",
        "signed": "x" if member.agreement.by and member.agreement.how in SIGNED else "",
        "own": "x" if member.own_agreement else "",
        "needs": member.needs,
        **{CONTEST + code: "x" for code in member.contests},
    }


def _of_household(item: FamilyView, titles: Mapping[str, str]) -> dict[str, str]:
    home = item.household
    return {
        "phone": home.phone,
        "address": home.address,
        "email": home.email,
        "introduction": home.introduction,
        "state": say(STATE_WORDS[item.family.state]),
        "lacks": " ".join(say(lack.reason) for lack in item.lacks),
        **{ACT + code: title for code, title in titles.items()},
    }


def _written(birth: Birth | None) -> str:
    return str(birth) if birth else ""
