"""How does the worker make the cards of a whole edition? A PDF for each delegation, in one archive.

Cards are handed out by delegation, so they are printed so; a large delegation has several files, because one document of
thousands of cards takes half a gigabyte to set.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from festival.core.database import db
from festival.core.names import fold
from festival.core.web.errors import NotFound
from festival.core.work.making import Maker, Plan
from festival.documents.paper_process import pdf_apart
from festival.editions.models import Festival
from festival.editions.queries import festival_by_code
from festival.passes.back import back_of
from festival.passes.holders import holders
from festival.passes.models import Pass
from festival.passes.printing import TEMPLATE, Card, CardTurn, HelpLine, PrintedBack, values

KIND = "cards"
CARDS_A_FILE = 400


def subject_of(festival: Festival) -> str:
    """What a job of this kind is about."""
    return festival.code


def plan_of(festival: Festival) -> dict[str, Any]:
    """Everything that is printed, as JSON. It is as old as its newest pass: the same cards give the same bytes."""
    found = holders(festival)
    files = []
    for number, (delegation_id, rows) in enumerate(found.ordered(), 1):
        name = "khong-thuoc-doan" if delegation_id is None else _plain(found.delegations[delegation_id].name)
        batches = [rows[at : at + CARDS_A_FILE] for at in range(0, len(rows), CARDS_A_FILE)]
        for part, batch in enumerate(batches, 1):
            which = f"-{part}" if len(batches) > 1 else ""
            files.append(
                {"name": f"{number:03d}-{name}{which}.pdf", "cards": [asdict(each) for each in found.cards(batch)]}
            )
    latest = db.session.scalar(select(func.max(Pass.issued_at)).where(Pass.festival_id == festival.id))
    return {
        "festival": festival.name,
        "at": (latest or festival.created_at).isoformat(),
        "back": asdict(back_of(festival)),
        "files": files,
    }


def _plain(name: str) -> str:
    return "-".join(fold(name).split())[:60]


def _plan(subject: str) -> Plan:
    festival = festival_by_code(subject)
    if festival is None:
        raise NotFound()
    return plan_of(festival)


def _make(plan: Plan, start: int, _until: int) -> bytes:
    back = PrintedBack(**{**plan["back"], "help": tuple(HelpLine(**each) for each in plan["back"]["help"])})
    cards = [
        Card(**{**each, "turns": tuple(CardTurn(**turn) for turn in each["turns"])})
        for each in plan["files"][start]["cards"]
    ]
    return pdf_apart(TEMPLATE, values(plan["festival"], cards, back), datetime.fromisoformat(plan["at"]))


MAKER = Maker(
    KIND,
    _plan,
    lambda plan: len(plan["files"]),
    _make,
    steps_a_piece=1,
    named=lambda plan, at: str(plan["files"][at]["name"]),
)
