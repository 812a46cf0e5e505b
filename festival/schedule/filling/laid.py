"""How does the draft lie when the solver is asked, and which wish does each absence come from?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from sqlalchemy import or_, select

from festival.core.database import db
from festival.core.seal.compare import digest
from festival.core.web.errors import Conflict
from festival.schedule import queries
from festival.schedule.conflicts import Placed
from festival.schedule.drawn.dividing import drawn_material
from festival.schedule.filling.chosen import DraftLaid, FillChoice, FillDivided, divided_by
from festival.schedule.filling.whole import Origin, ToSolve, bound_codes, to_solve
from festival.schedule.heats.rule import Lane
from festival.schedule.history.keeping import hours, shut
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.running_order import first_plan
from festival.schedule.solver.writing import to_document
from festival.schedule.wishes.given import standing
from festival.schedule.wishes.models import WishKind


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The draft, the entries of each act, and the wish behind each absence."""

    draft: DraftLaid
    entries_of: Mapping[str, tuple[int, ...]]
    wishes: Mapping[Origin, int]
    lanes: Mapping[int, Lane]
    gone: Mapping[int, str]  # who withdrew from a heat -> its act


def laid_out(festival_id: int) -> LaidOut:
    """Read it."""
    given = drawn_material(festival_id)
    stays = _staying(festival_id)
    act_of = {entry: code for code, entries in given.entries_of.items() for entry in entries}
    wished = standing(festival_id)
    wishes: dict[Origin, int] = {
        ("away", at): wish.id for at, wish in enumerate(each for each in wished if each.kind is WishKind.AWAY)
    }
    wishes |= {
        ("hours", act_of[wish.entry_id]): wish.id
        for wish in wished
        if wish.kind is WishKind.WINDOW and wish.entry_id in act_of
    }
    draft = DraftLaid(
        given.acts,
        given.sessions,
        given.wishes,
        {each.act.code: each for each in queries.placed(festival_id, given)},
        {act.code: act.queue for act in given.acts} | {each.code: each.queue for each in given.sessions},
        # a match of a later round keeps its place: what it waits for, the solver does not know
        frozenset(code for code, entries in given.entries_of.items() if stays & set(entries))
        | {each.match.code for each in given.told},
        shut(festival_id),
    )
    return LaidOut(draft, given.entries_of, wishes, given.lanes, given.gone)


def _staying(festival_id: int) -> set[int]:
    """Entries whose act is locked, called or begun, or stands where nothing is changed."""
    rows = db.session.scalars(
        select(Act.entry_id)
        .join(Session, Session.id == Act.session_id)
        .join(Stage, Stage.id == Session.stage_id)
        .where(
            Stage.festival_id == festival_id,
            or_(Act.locked, Session.locked, Stage.closed, Act.state != ActState.WAITING),
        )
    )
    return set(rows)


def asked_of(draft: DraftLaid, choice: FillChoice) -> ToSolve:
    """What the solver gets of it; Conflict when there is nothing to place."""
    part = divided_by(draft, choice)
    if not part.open:
        raise Conflict(
            _("Không còn buổi nào để xếp vào: thêm buổi thi, mở khóa buổi hoặc mở lại sân khấu rồi bắt đầu.")
        )
    if not part.loose:
        raise Conflict(_("Không có tiết mục nào để xếp: phần đã chọn đều có giờ, đã khóa hoặc đã lên sân khấu."))
    return to_solve(draft, part, choice, _bound(draft, part, choice))


def _bound(draft: DraftLaid, part: FillDivided, choice: FillChoice) -> list[Placed]:
    """Where the first running order puts the acts that it must place; without the drawn order where more of them get a place so."""
    codes = bound_codes(draft, part.loose)
    if not codes:
        return []
    free = tuple(rest for session in part.open for rest in hours(session, part.stay))
    own = {each.code: each for each in draft.sessions}
    found: list[Placed] = []
    for binds in (True, False):
        first = first_plan(
            part.loose, free, gap_min=choice.gap_min, order_binds=binds, fixed=part.stay, wishes=draft.wishes
        )
        mine = [replace(each, session=own[each.session.code]) for each in first.placed if each.act.code in codes]
        found = max(found, mine, key=len)
        if len(found) == len(codes):
            break
    return found


def basis_of(draft: DraftLaid, asked: ToSolve) -> str:
    """The same while nothing has changed of what a search depends on."""
    places = sorted((code, each.session.code, each.starts_at.isoformat()) for code, each in draft.placed.items())
    return digest({"asked": to_document(asked.festival), "places": places})
