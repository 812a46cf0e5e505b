"""What of results, devices and gates is emptied on the day of the data, by one statement a table?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, select

from festival.ceremony.certificates.models import CertificateLayoutVersion
from festival.ceremony.order.models import CeremonyOrder
from festival.checkin.lead.models import GateDecision, IncidentWord
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import Base
from festival.devices.models import Device, DeviceNote, DeviceShift, Mutation
from festival.editions.models import Festival
from festival.judging.comments.models import SheetComment
from festival.judging.models import Deduction, ScoreSheet
from festival.results.models import ResultTakenBack, StateChange, Unlocking
from festival.results.scans.forgetting import TAKEN_BACK_GONE
from festival.roster.models import Entry

GONE = "–"  # where a column must hold something


def own_contests(festival: Festival) -> Any:
    return select(Contest.id).where(Contest.festival_id == festival.id)


def own_sheets(festival: Festival) -> Any:
    return select(ScoreSheet.id).where(ScoreSheet.entry_id.in_(own_entries(festival)))


def own_entries(festival: Festival) -> Any:
    return select(Entry.id).where(Entry.contest_id.in_(own_contests(festival)))


def emptied_of_results(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """What was noted beside marks and steps, who signs certificates, who speaks and gives in the ceremony."""
    entries, contests = own_entries(festival), own_contests(festival)
    yield ScoreSheet, ScoreSheet.entry_id.in_(entries), {"note": ""}
    yield SheetComment, SheetComment.entry_id.in_(entries), {"said": "", "held": ""}
    yield Deduction, Deduction.entry_id.in_(entries), {"reason": GONE, "taken_back_reason": ""}
    yield StateChange, StateChange.contest_id.in_(contests), {"note": "", "papers_reason": ""}
    yield Unlocking, Unlocking.contest_id.in_(contests), {"reason": GONE, "locked_note": ""}
    yield ResultTakenBack, ResultTakenBack.contest_id.in_(contests), TAKEN_BACK_GONE
    yield CertificateLayoutVersion, CertificateLayoutVersion.festival_id == festival.id, {"layout": None}
    yield CeremonyOrder, CeremonyOrder.festival_id == festival.id, {"content": {}}


def emptied_of_devices(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    devices = select(Device.id).where(Device.festival_id == festival.id)
    yield Mutation, Mutation.device_id.in_(devices), {"subject": "", "body": {}, "detail": {}}
    yield DeviceNote, DeviceNote.device_id.in_(devices), {"detail": {}}
    yield DeviceShift, DeviceShift.device_id.in_(devices), {"holder": GONE}
    yield Device, Device.festival_id == festival.id, {"name": ""}
    # A device that was shut out wipes its lists when it hears so.
    yield Device, (Device.festival_id == festival.id) & Device.revoked_at.is_(None), {"revoked_at": now()}


def emptied_at_gates(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """The same of what the lead wrote."""
    yield GateDecision, GateDecision.festival_id == festival.id, {"reason": GONE}
    yield IncidentWord, IncidentWord.festival_id == festival.id, {"word": GONE}
