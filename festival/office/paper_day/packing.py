"""How does the worker make the pack of a paper day: when somebody asks, and by itself on the evening before each day?"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import force_locale

from festival.core.clock import local, now
from festival.core.transaction import transaction
from festival.core.web.errors import NotFound
from festival.core.work import jobs
from festival.core.work.making import Maker, Plan
from festival.documents.paper_process import pdf_apart
from festival.editions.models import Festival
from festival.editions.queries import current_festival, festival_by_code
from festival.judging.sheets import blank_sheets
from festival.office.paper_day.contents import files_of
from festival.office.paper_day.nights import day_due

KIND = "paper-day"
LANGUAGE = "vi"  # papers are in the first language, whoever prints them
KEPT = timedelta(days=3)
NIGHTLY_S = 600.0


def subject_of(festival: Festival) -> str:
    """What a job of this kind is about."""
    return festival.code


def _plan(subject: str) -> Plan:
    festival = festival_by_code(subject)
    if festival is None:
        raise NotFound()
    at = now()
    with force_locale(LANGUAGE):
        return {"at": at.isoformat(), "files": files_of(festival, at)}


def _make(plan: Plan, start: int, _until: int) -> bytes:
    file = plan["files"][start]
    if "slips" in file:
        return blank_sheets.document_of(file["slips"])
    return pdf_apart(file["template"], file["values"], datetime.fromisoformat(plan["at"]))


MAKER = Maker(
    KIND,
    _plan,
    lambda plan: len(plan["files"]),
    _make,
    steps_a_piece=1,
    named=lambda plan, at: str(plan["files"][at]["name"]),
    kept=KEPT,
)


def make_tonight(at: datetime | None = None) -> bool:
    """The worker's chore: asks for the pack when it is due; answers whether it was."""
    with transaction():
        festival = current_festival()
        if festival is None:
            return False
        last = jobs.latest(KIND, subject_of(festival), LANGUAGE)
        asked_at = None if last is None or last.state is jobs.JobState.FAILED else local(last.asked_at)
        if day_due(local(at or now()), festival.starts_on, festival.ends_on, asked_at) is None:
            return False
        jobs.ask(KIND, subject_of(festival), LANGUAGE)
    return True
