"""How does a file wait for somebody's word, is written once, and taken back or given back as a whole?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, select, update

from festival.badges import actions, queries
from festival.badges.excel.fates import BadgeRow, FatedRow, RowFate, fated, rows_from_json, rows_to_json
from festival.badges.lists import BadgeDesk, refuse_erased, writable
from festival.badges.models import BadgeHolder, BadgeImport, BadgeList
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import new_typed_code
from festival.core.sentence import Sentence
from festival.core.statements import run, table
from festival.core.text import cut
from festival.core.transaction import transaction
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.passes.issue import issue_pass
from festival.passes.models import Pass
from festival.roster.models import Departure, Person
from festival.roster.steps import stream

PREVIEW_LIFETIME = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BadgePreview:
    """Every row of a file with its fate, as the list stands now."""

    rows: list[FatedRow]
    remarks: list[Sentence]

    @property
    def counts(self) -> Counter[RowFate]:
        return Counter(each.fate for each in self.rows)


def sweep() -> int:
    """Forget files nobody confirmed: they hold names and phones. Answers how many went."""
    with transaction():
        gone = db.session.scalars(
            delete(BadgeImport)
            .where(BadgeImport.applied_at.is_(None), BadgeImport.created_at < now() - PREVIEW_LIFETIME)
            .returning(BadgeImport.id)
        ).all()
        return len(gone)


def keep(desk: BadgeDesk, file_name: str, rows: list[BadgeRow], remarks: list[Sentence], by: int | None) -> str:
    """Keep what a file says until somebody confirms; answers its code."""
    code = new_typed_code(16)
    row = BadgeImport(
        list_id=writable(desk).id,
        code=code,
        file_name=cut(file_name, 200),
        rows=rows_to_json(rows, remarks),
        created_by=by,
        created_at=now(),
        applied_at=None,
        undone_at=None,
    )
    db.session.add(row)
    db.session.flush()
    return code


def import_of(desk: BadgeDesk, code: str, *, lock: bool = False) -> BadgeImport:
    """A file of this list. NotFound for any other."""
    query = select(BadgeImport).where(BadgeImport.code == code, BadgeImport.list_id == desk.list_id)
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound()
    return found


def preview(desk: BadgeDesk, row: BadgeImport) -> BadgePreview:
    """What would become of each row now; two statements however long the file is."""
    rows, remarks = rows_from_json(row.rows)
    there = db.session.scalars(
        select(BadgeHolder.identity).where(BadgeHolder.list_id == desk.list_id, BadgeHolder.identity != "")
    )
    places: Mapping[str, str] = queries.namesakes(desk.festival.id, None)
    if not desk.organiser:
        places = dict.fromkeys(places, "")
    return BadgePreview(fated(rows, set(there), places), remarks)


def apply(desk: BadgeDesk, code: str, *, alike: bool, by: int | None) -> int:
    """Write a file in one transaction, once; `alike`: also whoever bears the name of somebody else. Answers how many."""
    writable(desk)
    row = import_of(desk, code, lock=True)
    if row.applied_at is not None:
        return row.written
    wanted = (RowFate.NEW, RowFate.ALIKE) if alike else (RowFate.NEW,)
    people = [each.read.who for each in preview(desk, row).rows if each.fate in wanted]
    if not people:
        raise Conflict()
    row.applied_at = now()
    db.session.flush()
    row.written = len(actions.add_many(desk, people, by, row.id))
    row.rows = {}
    _note(desk, "badge.imported", row, by)
    return row.written


def undo(desk: BadgeDesk, code: str, by: int | None) -> int:
    """Take back everybody a file brought who still stands on a list. Answers how many went; they come back by `redo`."""
    refuse_erased(desk.festival)
    row = import_of(desk, code, lock=True)
    if row.applied_at is None or row.undone_at is not None:
        raise Overtaken()
    row.undone_at = at = now()
    gone = db.session.scalars(
        update(BadgeHolder)
        .where(BadgeHolder.import_id == row.id, BadgeHolder.identity != "")
        .values(identity="", version=BadgeHolder.version + 1)
        .returning(BadgeHolder.person_id)
        .execution_options(synchronize_session=False)
    ).all()
    if gone:
        leaves = {"entries": [], "left_at": at, "back_at": None, "seen_at": at, "seen_by": by}
        run(table(Departure).insert(), [{"person_id": person_id, **leaves} for person_id in gone])
        mine = select(BadgeHolder.person_id).where(BadgeHolder.import_id == row.id, BadgeHolder.identity == "")
        retired = update(Pass).where(Pass.person_id.in_(mine), Pass.replaced_at.is_(None)).values(replaced_at=at)
        db.session.execute(retired.execution_options(synchronize_session=False))
    _each(desk, "badge.removed", row, set(gone), {"reason": row.file_name, "import": row.code, "by": by})
    _note(desk, "badge.import_undone", row, by)
    return len(gone)


def redo(desk: BadgeDesk, code: str, by: int | None) -> int:
    """Give back those whom the undoing took, with new passes; nobody whose place somebody else has taken. Answers how many."""
    list_row = writable(desk)
    row = import_of(desk, code, lock=True)
    if row.undone_at is None:
        raise Overtaken()
    taken = select(Departure.person_id).where(Departure.left_at == row.undone_at, Departure.back_at.is_(None))
    lines = [
        line for line in queries.of_import(row.id) if line.out and line.person_id in set(db.session.scalars(taken))
    ]
    # The list's row is held, so nobody comes onto it meanwhile.
    free = select(BadgeHolder.identity).where(BadgeHolder.list_id == list_row.id, BadgeHolder.identity != "")
    there = set(db.session.scalars(free))
    back = [line for line in lines if line.list_code == desk.code and line.who.identity not in there]
    row.undone_at = None
    if back:
        holders = table(BadgeHolder)
        again = (
            holders.update()
            .where(holders.c.person_id == bindparam("whose"))
            .values(identity=bindparam("again"), version=holders.c.version + 1)
        )
        run(again, [{"whose": line.person_id, "again": line.who.identity} for line in back])
        ids = [line.person_id for line in back]
        ended = update(Departure).where(Departure.person_id.in_(ids), Departure.back_at.is_(None)).values(back_at=now())
        db.session.execute(ended.execution_options(synchronize_session=False))
        for person_id in ids:
            issue_pass("person", person_id, desk.festival.id)
    _each(desk, "badge.restored", row, {line.person_id for line in back}, {"import": row.code, "by": by})
    _note(desk, "badge.import_redone", row, by)
    return len(back)


def _each(desk: BadgeDesk, kind: str, row: BadgeImport, ids: set[int], payload: Mapping[str, object]) -> None:
    names = db.session.execute(
        select(Person.id, Person.code, Person.name)
        .join(BadgeHolder, BadgeHolder.person_id == Person.id)
        .where(BadgeHolder.import_id == row.id)
        .order_by(Person.id)
    )
    lines = [(kind, {"badge": each.code}, {**payload, "name": each.name}) for each in names if each.id in ids]
    ledger.append_many(stream(desk.festival), lines)


def _note(desk: BadgeDesk, kind: str, row: BadgeImport, by: int | None) -> None:
    """One line about the file, beside those about each person."""
    lists = db.session.scalar(select(BadgeList.code).where(BadgeList.id == row.list_id))
    payload = {"file": row.file_name, "people": row.written, "list": lists, "by": by}
    ledger.append(stream(desk.festival), kind, {"badge_import": row.code}, payload)
