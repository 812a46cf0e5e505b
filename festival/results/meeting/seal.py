"""Are the founding decisions and the meetings of panels those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.results.meeting.models import FoundingKind, PanelMeeting, WholeMeeting
from festival.results.meeting.reading import founding_rows
from festival.results.meeting.recorded import MeetingsRecord
from festival.results.meeting.saying import said_columns


def _streams() -> dict[str, int]:
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class MeetingsReplay:
    """One festival's lines against what was said in it."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id or 0
        self._record = MeetingsRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        founding = [((what.value,), said_columns(row)) for what, row in founding_rows(self._festival).items()]
        yield from compare(self._record.founding, founding, counts)
        own = select(PanelMeeting).join(Contest, Contest.id == PanelMeeting.contest_id)
        rows = db.session.scalars(own.where(Contest.festival_id == self._festival))
        yield from compare(self._record.meetings, [((row.contest_id,), said_columns(row)) for row in rows], counts)
        whole = db.session.scalars(select(WholeMeeting).where(WholeMeeting.festival_id == self._festival))
        yield from compare(self._record.of_whole, [((), said_columns(row)) for row in whole], counts)


FOUNDED = {
    FoundingKind.COMMITTEE: N_("Quyết định thành lập Ban Tổ chức, %(what)s", "seal_founding_committee"),
    FoundingKind.JURY: N_("Quyết định thành lập Ban giám khảo, %(what)s", "seal_founding_jury"),
    FoundingKind.SECRETARIES: N_("Quyết định thành lập Tổ Thư ký, %(what)s", "seal_founding_secretaries"),
}
MET = N_("Cuộc họp ban giám khảo phần thi «%(contest)s», %(what)s", "seal_meeting")
OF_WHOLE = N_("Cuộc họp xét giải toàn đoàn, %(what)s", "seal_whole_meeting")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "says": N_("điều đã ghi", "seal_said"),
    "before": N_("điều đã ghi trước đó", "seal_scope_before"),
    "version": N_("số bản", "seal_version_number"),
    "said_by": N_("người ghi", "seal_said_by"),
}


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    wanted = {each.key[0] for each in differences if each.table == "panel_meeting"}
    named = select(Contest.id, Contest.name).where(Contest.id.in_(wanted))
    contests: dict[object, str] = {row.id: row.name for row in db.session.execute(named)}
    return [_worded(each, contests) for each in differences]


def _worded(each: SealDifference, contests: Mapping[object, str]) -> Sentence:
    what = COLUMNS[each.column]
    if each.table == "panel_meeting":
        return MET.filled(contest=contests.get(each.key[0], f"#{each.key[0]}"), what=what)
    if each.table == "whole_meeting":
        return OF_WHOLE.filled(what=what)
    return FOUNDED[FoundingKind(str(each.key[0]))].filled(what=what)


SEAL = Seal("meetings", "decisions:", _streams, MeetingsReplay, _words)
