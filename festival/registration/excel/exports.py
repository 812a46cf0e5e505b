"""How do families become rows of the Excel file, in the words and columns of the template?"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import force_locale

from festival.consent.rules import SIGNED
from festival.core.births import Birth
from festival.core.web.i18n import say
from festival.registration.excel.writing import ExportRow
from festival.roster.people import RELATION_WORDS, SEX_WORDS
from festival.roster.views import FamilyView
from festival.roster.words import STATE_WORDS


def rows(views: Iterable[FamilyView]) -> list[ExportRow]:
    """One row a person, families numbered from 1; the file is Vietnamese whoever asks for it."""
    with force_locale("vi"):
        return _rows(views)


def _rows(views: Iterable[FamilyView]) -> list[ExportRow]:
    made = []
    for number, item in enumerate(views, start=1):
        for place, member in enumerate(one for one in item.household.members if not one.out):
            first = place == 0
            made.append(
                ExportRow(
                    family=str(number),
                    name=member.name,
                    relation=str(RELATION_WORDS[member.relation]) if member.relation else "",
                    sex=str(SEX_WORDS[member.sex]) if member.sex else "",
                    birth=_written(member.birth),
                    phone=item.household.phone if first else member.phone,
                    address=item.household.address if first else "",
                    email=item.household.email if first else "",
                    guardian=member.agreement.by if member.agreement.as_who != "self" else "",
                    signed=bool(member.agreement.by) and member.agreement.how in SIGNED,
                    own=member.own_agreement,
                    needs=member.needs,
                    contests=member.contests,
                    state=say(STATE_WORDS[item.family.state]) if first else "",
                    lacks=" ".join(say(lack.reason) for lack in item.lacks) if first else "",
                )
            )
    return made


def _written(birth: Birth | None) -> str:
    return str(birth) if birth else ""
