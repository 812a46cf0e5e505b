"""How do families get their plates, and how is a plate put right?

Until the contest's first mark the numbers are drawn or typed as often as needed. After it a number stays with its sheets: two plates that were
taken for each other are exchanged, with a reason, and the sheets go with the plates to the other family.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.canonical import canonical_json
from festival.core.database import db
from festival.core.text import line
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.judging.models import Plate
from festival.roster.deriving.derived import derive_entries
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class PlateLine:
    """A family of the base contest and its plate."""

    base_id: int
    code: str
    number: int | None  # as the base contest numbers it
    name: str
    delegation: str
    plate: int | None


def plates_stream(contest: Contest) -> str:
    """The ledger stream of a contest's plates; no tablet ever learns its head."""
    return f"plates:{contest.ledger_name}"


def plate_lines(contest: Contest) -> list[PlateLine]:
    """Every family that takes part in the base contest, by its number there."""
    blind = aliased(Entry)
    rows = db.session.execute(
        select(
            Entry.id,
            Entry.code,
            Entry.number,
            Entry.name,
            Delegation.name.label("delegation"),
            Plate.number.label("plate"),
        )
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .outerjoin(blind, (blind.from_id == Entry.id) & (blind.contest_id == contest.id))
        .outerjoin(Plate, Plate.entry_id == blind.id)
        .where(Entry.contest_id == contest.entries_from_id, Entry.state == EntryState.ENROLLED)
        .order_by(Entry.number, Entry.id)
    )
    return [PlateLine(*row) for row in rows]


def without_plate(contest: Contest) -> list[str]:
    """The families that take part and have no plate, so that nobody judges them; asks nothing of a contest that is not blind."""
    return [each.name for each in plate_lines(contest) if each.plate is None] if contest.plates_of else []


def seen_of(lines: list[PlateLine]) -> str:
    """What a page knew of the plates when it was opened."""
    return sha256(canonical_json([[each.base_id, each.plate] for each in lines])).hexdigest()[:16]


def held_blind(contest_id: int) -> Contest:
    """The contest, held until the transaction ends: no first mark and no other secretary comes between."""
    contest = db.session.scalars(
        select(Contest).where(Contest.id == contest_id).with_for_update().execution_options(populate_existing=True)
    ).one_or_none()
    if contest is None or not contest.plates_of:
        raise NotFound()
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, mã mâm không đổi được nữa. Mở lại phần thi rồi sửa."))
    return contest


def put_plates(contest_id: int, wanted: Mapping[int, int], seen: str, seed: str, by: int | None) -> int:
    """Give families these plates, by entry of the base contest; answers how many changed.

    After the first mark only families without a plate get one. Overtaken when somebody else changed the plates since `seen`.
    """
    contest = held_blind(contest_id)
    lines = plate_lines(contest)
    if seen_of(lines) != seen:
        raise Overtaken(_("Người khác vừa sửa mã mâm. Xem lại rồi ghi nếu vẫn cần."))
    held = {each.base_id: each.plate for each in lines if each.plate is not None}
    changed = {base: plate for base, plate in wanted.items() if held.get(base) != plate}
    if contest.rules_fixed_at is not None and changed.keys() & held.keys():
        raise Conflict(_("Đã có phiếu chấm theo mã mâm. Hai mâm lẫn nhau thì đổi cho nhau ở dưới, kèm lý do."))
    if not changed:
        return 0
    whole = held | changed
    if len(set(whole.values())) != len(whole):
        raise BadInput(_("Hai mâm không thể cùng một mã."))
    derive_entries(contest, sorted(changed.keys() - held.keys()))
    of_base = {
        row.from_id: row.id
        for row in db.session.execute(
            select(Entry.id, Entry.from_id).where(Entry.contest_id == contest.id, Entry.from_id.in_(list(changed)))
        )
    }
    moved = [of_base[base] for base in changed if base in of_base]
    db.session.execute(delete(Plate).where(Plate.entry_id.in_(moved)))
    db.session.expire_all()
    rows = {of_base[base]: plate for base, plate in changed.items() if base in of_base}
    db.session.add_all(Plate(entry_id=entry, contest_id=contest.id, number=plate) for entry, plate in rows.items())
    db.session.flush()
    _record(contest, "plates.put", list(rows), seed=seed, by=by)
    return len(rows)


def swap_plates(contest_id: int, one: int, other: int, reason: str, by: int | None) -> None:
    """Two plates were taken for each other: the families behind them change places, the sheets stay with the plates."""
    contest = held_blind(contest_id)
    said = line(reason)
    if not said or len(said) > LONGEST_REASON:
        raise BadInput(_("Ghi lý do, nhiều nhất %(most)s ký tự.", most=LONGEST_REASON))
    numbers = {
        plate.number: plate
        for plate in db.session.scalars(
            select(Plate).where(Plate.contest_id == contest.id, Plate.number.in_([one, other]))
        )
    }
    if one == other or len(numbers) != 2:
        raise BadInput(_("Chọn hai mâm khác nhau của phần thi."))
    first, second = (db.session.get_one(Entry, numbers[each].entry_id) for each in (one, other))
    who = [_who(each) for each in (first, second)]
    people = [_people(each) for each in (first, second)]
    for each in (first, second):  # a family stands once in a contest, at every moment
        each.family_id = each.from_id = None
    db.session.execute(delete(EntryPerson).where(EntryPerson.entry_id.in_([first.id, second.id])))
    db.session.flush()
    for each, own, own_people in ((first, who[1], people[1]), (second, who[0], people[0])):
        for name, value in own.items():
            setattr(each, name, value)
        db.session.add_all(EntryPerson(entry_id=each.id, person_id=person) for person in own_people)
        db.session.flush()
    _record(contest, "plates.swapped", [first.id, second.id], reason=said, by=by)


def _who(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in ("family_id", "from_id", "delegation_id", "name", "title", "state")}


def _people(entry: Entry) -> list[int]:
    return list(db.session.scalars(select(EntryPerson.person_id).where(EntryPerson.entry_id == entry.id)))


def _record(contest: Contest, kind: str, entries: list[int], **said: object) -> None:
    rows = db.session.execute(
        select(Plate.entry_id, Plate.number, Entry.from_id)
        .join(Entry, Entry.id == Plate.entry_id)
        .where(Plate.entry_id.in_(entries))
        .order_by(Plate.entry_id)
    )
    plates = [[row.entry_id, row.number, row.from_id] for row in rows]
    ledger.append(plates_stream(contest), kind, {"contest": contest.code}, {"plates": plates, **said})
