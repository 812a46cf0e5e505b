"""How is a card that was printed without a name given to somebody on the day, and taken back when it was the wrong one?

Blank passes are made in number beforehand. One that nobody has claimed is no pass: a gate says where to take it. Claimed,
it is the next issue of its holder's pass, so the card it stands in for is refused from then on. Taking it back makes that
card good again; the blank one is free again unless somebody came in with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.passes import tokens
from festival.passes.badge_words import BLANK
from festival.passes.models import BlankPass, Pass
from festival.passes.printing import Card
from festival.passes.tokens import FIRST, Owner, new_pass_values, owner_of
from festival.roster.models import Delegation, Family, FamilyState, Person
from festival.roster.steps import note, stream

AT_ONCE = 500  # made by one press of the button, and printed in one file


@dataclass(frozen=True, slots=True)
class BlankLine:
    """One blank pass and what became of it: whose it is now, or that it is not used any more."""

    number: int
    holder: str
    used_up: bool


def blank_lines(festival_id: int, *, claimed: bool = False, most: int | None = None) -> list[BlankLine]:
    """Blank passes by number; with `claimed` those in use, the latest first."""
    holder = func.coalesce(Family.name, Delegation.name, Person.name, "")
    query = (
        select(BlankPass.number, holder, Pass.replaced_at)
        .outerjoin(Pass, Pass.blank_id == BlankPass.id)
        .outerjoin(Family, Family.id == Pass.family_id)
        .outerjoin(Delegation, Delegation.id == Pass.delegation_id)
        .outerjoin(Person, Person.id == Pass.person_id)
        .where(BlankPass.festival_id == festival_id)
        .order_by(BlankPass.number)
    )
    if claimed:
        query = query.where(Pass.replaced_at.is_(None), Pass.id.is_not(None)).order_by(None).order_by(Pass.id.desc())
    rows = db.session.execute(query.limit(most))
    return [BlankLine(number, name, replaced is not None) for number, name, replaced in rows]


def free_blanks(festival_id: int) -> list[BlankPass]:
    """Those nobody has claimed."""
    claimed = select(Pass.blank_id).where(Pass.blank_id.is_not(None))
    query = select(BlankPass).where(BlankPass.festival_id == festival_id, BlankPass.id.not_in(claimed))
    return list(db.session.scalars(query.order_by(BlankPass.number)))


def make_blanks(festival: Festival, count: int, by: int | None) -> tuple[int, int]:
    """So many more; answers their first and last number."""
    if not 1 <= count <= AT_ONCE:
        raise BadInput(_("Mỗi lần làm từ 1 đến %(most)s thẻ trắng.", most=AT_ONCE))
    # Of two who make some at the same moment the second counts on where the first ended.
    db.session.execute(select(Festival.id).where(Festival.id == festival.id).with_for_update())
    last = db.session.scalar(select(func.max(BlankPass.number)).where(BlankPass.festival_id == festival.id)) or 0
    numbers = range(last + 1, last + count + 1)
    db.session.add_all(
        BlankPass(festival_id=festival.id, number=number, made_at=now(), made_by=by) for number in numbers
    )
    db.session.flush()
    ledger.append(stream(festival), "pass.blanks_made", {"from": numbers[0], "until": numbers[-1]}, {"by": by})
    return numbers[0], numbers[-1]


def as_pass(blank: BlankPass) -> Pass:
    """An unclaimed one as the pass it could become; not of the database."""
    values = new_pass_values("blank", blank.id, FIRST)
    return Pass(festival_id=blank.festival_id, blank_id=blank.id, issue=FIRST, **values)


def blank_cards(blanks: Sequence[BlankPass]) -> list[Card]:
    """Their cards: a line for the name, and what to do."""
    drawn = []
    for blank in blanks:
        row = as_pass(blank)
        drawn.append(
            Card(
                badge=BLANK,
                name=_("Tên người hoặc gia đình nhận thẻ (ghi bằng bút)"),
                unit=_("Chỉ dùng được sau khi bàn tiếp đón ghi nhận"),
                number=str(blank.number),
                text=tokens.qr_text(row),
                typed=tokens.typed_of(row),
            )
        )
    return drawn


def claim(festival: Festival, number: int, owner: Owner, owner_id: int, by: int | None) -> Pass:
    """This card is theirs from now on. The same again changes nothing."""
    blank = _locked(festival, number)
    _may_hold(festival, owner, owner_id)
    known = db.session.scalar(select(Pass).where(Pass.blank_id == blank.id))
    if known is not None and known.replaced_at is None and owner_of(known) == (owner, owner_id):
        return known
    if known is not None:
        raise Conflict(
            _("Thẻ trắng số %(number)s đã được nhận rồi. Lấy thẻ khác, hoặc bỏ nhận ở danh sách dưới.", number=number)
        )
    mine = _of(owner, owner_id)
    db.session.execute(select(Pass.id).where(mine).with_for_update())
    at = now()
    before = update(Pass).where(mine, Pass.replaced_at.is_(None)).values(replaced_at=at)
    db.session.execute(before, execution_options={"synchronize_session": False})
    last = db.session.scalar(select(func.max(Pass.issue)).where(mine)) or 0
    values = new_pass_values("blank", blank.id, FIRST)
    row = Pass(festival_id=festival.id, blank_id=blank.id, issue=last + 1, issued_at=at, **values)
    setattr(row, f"{owner}_id", owner_id)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as taken:
        # Its typed code is that of a pass made since it was printed: one in some hundred thousand.
        raise Conflict(_("Thẻ trắng số %(number)s không dùng được. Lấy thẻ khác.", number=number)) from taken
    _told(festival, "pass.claimed", row, number, by)
    return row


def unclaim(festival: Festival, number: int, by: int | None) -> bool:
    """Not theirs: the card they had before is good again. Answers whether the blank one is free again."""
    blank = _locked(festival, number)
    row = db.session.scalar(select(Pass).where(Pass.blank_id == blank.id, Pass.replaced_at.is_(None)))
    if row is None:
        raise Conflict(_("Thẻ trắng số %(number)s không còn được dùng, không có gì để bỏ.", number=number))
    owner, owner_id = owner_of(row)
    at = row.issued_at
    _told(festival, "pass.unclaimed", row, number, by)
    try:
        with db.session.begin_nested():
            db.session.delete(row)
            db.session.flush()
        free = True
    except IntegrityError:  # somebody came in with it: what was read stays, so the card stays used
        db.session.refresh(row)
        row.replaced_at = now()
        db.session.flush()
        free = False
    again = update(Pass).where(_of(owner, owner_id), Pass.replaced_at == at).values(replaced_at=None)
    db.session.execute(again, execution_options={"synchronize_session": False})
    return free


def _locked(festival: Festival, number: int) -> BlankPass:
    """Of two desks with the same card the second sees what the first has done."""
    query = select(BlankPass).where(BlankPass.festival_id == festival.id, BlankPass.number == number)
    blank = db.session.scalar(query.with_for_update())
    if blank is None:
        raise BadInput(_("Không có thẻ trắng số %(number)s. Xem lại số in ở góc trên của thẻ.", number=number))
    return blank


def _may_hold(festival: Festival, owner: Owner, owner_id: int) -> None:
    model = {"family": Family, "delegation": Delegation, "person": Person}[owner]
    found = db.session.get(model, owner_id)
    if not isinstance(found, Family | Delegation | Person) or found.festival_id != festival.id:
        raise BadInput(_("Hãy chọn gia đình, đoàn hoặc người nhận thẻ trong danh sách."))
    if isinstance(found, Family) and found.state is not FamilyState.APPROVED:
        raise Conflict(_("Gia đình này chưa được duyệt. Duyệt hồ sơ trước, rồi nhận thẻ."))
    if isinstance(found, Person) and found.out:
        raise Conflict(_("Người này đã rút khỏi danh sách. Đưa trở lại trước, rồi nhận thẻ."))


def _of(owner: Owner, owner_id: int) -> ColumnElement[bool]:
    """All passes they ever had."""
    return {"family": Pass.family_id, "delegation": Pass.delegation_id, "person": Pass.person_id}[owner] == owner_id


def _told(festival: Festival, kind: str, row: Pass, number: int, by: int | None) -> None:
    """The ledger says whose a blank pass became, or was."""
    payload = {"issue": row.issue, "blank": number, "by": by}
    if row.family_id is not None:
        family = db.session.get_one(Family, row.family_id)
        note(festival, kind, family, family.version, {"family": family.name, **payload})
        return
    owner, owner_id = owner_of(row)
    model = Delegation if owner == "delegation" else Person
    code = db.session.scalar(select(model.code).where(model.id == owner_id)) or ""
    ledger.append(stream(festival), kind, {owner: code}, payload)
