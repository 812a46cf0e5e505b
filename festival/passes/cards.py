"""What stands on the card of a family or a delegation?"""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup

from festival.core import qr
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.models import Family


@dataclass(frozen=True, slots=True)
class PrintedCard:
    """One pass on paper: whose it is, the two codes, how many people it is for."""

    title: str
    under: str
    people: int
    names: tuple[str, ...]
    code: Markup
    typed: str
    issue: int
    code_of: str


def card(row: Pass, family: Family) -> PrintedCard:
    text = tokens.qr_text(row)
    return PrintedCard(
        title=family.name,
        under=family.delegation.name,
        people=sum(not person.out for person in family.members),
        names=tuple(person.name for person in family.members if not person.out),
        code=qr.svg(text, label=_("Mã QR của %(name)s", name=family.name)),
        typed=tokens.typed_of(row),
        issue=row.issue,
        code_of=family.code,
    )
