"""Are askings, versions of acts and files in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.acts.models import ActAsking, ActFile, ActReminder, ActVersion
from festival.acts.seal.recorded import FILE, TOLD, ActRecord
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.roster.models import Entry, Family
from festival.roster.steps import stream

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class ActReplay:
    """One festival's lines against its acts."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = ActRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.asked, self._asked(), counts)
        yield from compare(self._record.versions, self._versions(), counts)
        yield from compare(self._record.files, self._files(), counts)
        yield from compare(self._record.reminders, self._reminders(), counts)

    def _asked(self) -> Found:
        wanted = select(Contest.code, ActAsking.asked, ActAsking.until, ActAsking.version).join(
            ActAsking, ActAsking.contest_id == Contest.id
        )
        for row in db.session.execute(wanted.where(Contest.festival_id == self._festival)):
            until = row.until.isoformat() if row.until else None
            yield (row.code,), {"asked": row.asked, "until": until, "version": row.version}

    def _versions(self) -> Found:
        columns = [getattr(ActVersion, name) for name in (*TOLD, "version", "told_how", "told_by")]
        for row in db.session.execute(self._own(select(Entry.code, *columns), ActVersion)):
            yield (row.code, row.version), row._asdict()

    def _files(self) -> Found:
        columns = [getattr(ActFile, name) for name in (*FILE, "kind", "number", "standing", "put_how", "put_by")]
        for row in db.session.execute(self._own(select(Entry.code, *columns), ActFile)):
            yield (row.code, row.kind.value, row.number), {**row._asdict(), "standing": bool(row.standing)}

    def _reminders(self) -> Found:
        wanted = select(Family.code, ActReminder.times).join(ActReminder, ActReminder.family_id == Family.id)
        for row in db.session.execute(wanted.where(Family.festival_id == self._festival)):
            yield (row.code,), {"times": row.times}

    def _own(self, wanted: Any, model: type[ActVersion | ActFile]) -> Any:
        joined = wanted.join(model, model.entry_id == Entry.id).join(Contest, Contest.id == Entry.contest_id)
        return joined.where(Contest.festival_id == self._festival).execution_options(yield_per=PART)


ACT = N_("Tiết mục «%(name)s», %(what)s", "seal_act")
ASKING = N_("Phần thi «%(name)s», điều hỏi về tiết mục, %(what)s", "seal_act_asking")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "asked": N_("những gì được hỏi", "seal_act_asked"),
    "until": N_("hạn", "seal_act_until"),
    "version": N_("số bản", "seal_version_number"),
    "title": N_("tên tiết mục", "seal_act_title"),
    "genre": N_("thể loại", "seal_act_genre"),
    "minutes": N_("số phút", "seal_act_minutes"),
    "props": N_("đạo cụ", "seal_act_props"),
    "microphones": N_("số micro", "seal_act_microphones"),
    "words": N_("hai dòng cho MC", "seal_act_words"),
    "said": N_("cách đọc tên", "seal_act_said"),
    "told_how": N_("ai ghi", "seal_act_how"),
    "told_by": N_("người ghi", "seal_act_by"),
    "name": N_("tên tệp", "seal_act_file_name"),
    "format": N_("loại tệp", "seal_act_format"),
    "size": N_("cỡ tệp", "seal_act_size"),
    "sha256": N_("mã băm của tệp", "seal_act_sha256"),
    "length_ms": N_("độ dài", "seal_act_length"),
    "standing": N_("đang dùng", "seal_act_standing"),
    "put_how": N_("ai gửi", "seal_act_put_how"),
    "put_by": N_("người gửi", "seal_act_put_by"),
    "times": N_("số lần nhắc", "seal_act_times"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Whose act, or which contest."""
    keys = {each.key[0] for each in differences}
    entries = select(Entry.code, Entry.name).where(Entry.code.in_(keys))
    contests = select(Contest.code, Contest.name).where(Contest.code.in_(keys))
    families = select(Family.code, Family.name).where(Family.code.in_(keys))
    names = {row.code: row.name for query in (entries, contests, families) for row in db.session.execute(query)}
    return [
        (ASKING if each.table == "act_asking" else ACT).filled(
            name=names.get(str(each.key[0]), str(each.key[0])), what=COLUMNS[each.column]
        )
        for each in differences
    ]


SEAL = Seal("acts", "decisions:", streams, ActReplay, words)
