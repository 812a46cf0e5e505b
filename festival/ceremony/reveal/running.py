"""How does a reveal begin, go on, go back, end, and go on again after an award has changed?

Each verb is one conditional statement on the version its sender has seen: of two who lead it one is obeyed and the other is told.
Nothing goes on over awards that nobody has looked at. Every step stands in the ledger, so it can be said afterwards what the hall saw when.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from festival.ceremony.reveal.models import Reveal, RevealOrder
from festival.ceremony.reveal.reading import in_order, steps_for
from festival.ceremony.reveal.steps import RevealStep, digest_of, found_again
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import derived_code
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.editions.models import Festival

SCREEN_LENGTH = 12


def stream(festival: Festival) -> str:
    """The ledger stream of what the hall was shown."""
    return f"reveal:{festival.code}"


def screen_code(run: Reveal) -> str:
    """What opens a screen of the hall: only who leads the run can give it away, and the next run has another."""
    return derived_code("reveal-screen", run.id, 1, SCREEN_LENGTH)


def last_run(festival_id: int) -> Reveal | None:
    """The run that goes on, else the one that ended last."""
    return db.session.scalars(
        select(Reveal).where(Reveal.festival_id == festival_id).order_by(Reveal.id.desc()).limit(1)
    ).first()


def running(festival_id: int) -> Reveal:
    """The run that goes on. Conflict."""
    run = last_run(festival_id)
    if run is None or run.ended_at is not None:
        raise Conflict(_("Chưa có buổi công bố nào đang chạy. Bấm «Bắt đầu công bố» hoặc «Tập dượt»."))
    return run


def start(festival: Festival, practice: bool, by: int | None) -> Reveal:
    """Begin with the screen of welcome. Conflict where nothing is released, Overtaken where somebody has begun."""
    steps = steps_for(festival, practice)
    if len(steps) <= 2:
        raise Conflict(
            _("Thể lệ chưa có giải nào để tập dượt.")
            if practice
            else _("Chưa có kết quả nào được phép đọc. Cho phép MC đọc ở trang từng phần thi, hoặc bấm «Tập dượt».")
        )
    run = Reveal(
        festival_id=festival.id,
        practice=practice,
        version=1,
        started_at=now(),
        ended_at=None,
        **_at(steps, 0, by),
        basis=digest_of(steps),
    )
    try:
        with db.session.begin_nested():
            db.session.add(run)
    except IntegrityError as error:
        raise Overtaken(_("Buổi công bố đã được bắt đầu rồi: trang này đang theo buổi ấy.")) from error
    _note(festival, run.id, "reveal.started", by, practice=practice, step=0, key=run.key, version=1)
    return run


def move(festival: Festival, to: int, was: int, by: int | None) -> Reveal:
    """Show this step. Sent twice it is done once; Overtaken when somebody else has moved, Conflict when an award has changed since."""
    run = running(festival.id)
    if (run.version, run.step, run.moved_by) == (was + 1, to, by):
        return run  # the answer was lost on the way
    steps = steps_for(festival, run.practice)
    if digest_of(steps) != run.basis:
        raise Conflict(
            _("Kết quả vừa thay đổi. Xem các bước mới rồi bấm «Đã xem, chạy tiếp»; màn hình còn giữ nguyên.")
        )
    if not 0 <= to < len(steps):
        raise BadInput(field="to")
    return _stepped(festival, run, was, "reveal.moved", **_at(steps, to, by))


def confirm(festival: Festival, seen: str, was: int, by: int | None) -> Reveal:
    """Go on with the awards as they are now; `seen`: the digest of what was looked at. The step stays at its award."""
    run = running(festival.id)
    steps = steps_for(festival, run.practice)
    basis = digest_of(steps)
    if basis != seen:
        raise Overtaken(_("Kết quả lại vừa thay đổi. Xem lại danh sách các bước rồi xác nhận."))
    at = found_again(steps, run.key, run.step)
    return _stepped(festival, run, was, "reveal.confirmed", **_at(steps, at, by), basis=basis)


def end(festival: Festival, was: int, by: int | None) -> Reveal:
    """The screens say that it is over; `resume` takes it back."""
    run = running(festival.id)
    return _stepped(festival, run, was, "reveal.ended", moved_by=by, ended_at=now())


def resume(festival: Festival, was: int, by: int | None) -> Reveal:
    """A run that was ended by mistake goes on where it stood."""
    run = last_run(festival.id)
    if run is None:
        raise NotFound()
    if run.ended_at is None:
        return run
    return _stepped(festival, run, was, "reveal.resumed", moved_by=by, ended_at=None)


def set_order(festival: Festival, codes: Sequence[str], was: int, by: int | None) -> None:
    """Another order of the contests; none: that of the rules again. Overtaken when somebody else has changed it."""
    known = [each.code for each in in_order(festival.id)]
    if codes and sorted(codes) != sorted(known):
        raise BadInput(field="codes")
    values: dict[str, Any] = {"codes": list(codes), "version": was + 1}
    if was:
        own = RevealOrder.festival_id == festival.id, RevealOrder.version == was
        if not _rows(update(RevealOrder).where(*own).values(**values)):
            raise Overtaken()
    else:
        try:
            with db.session.begin_nested():
                db.session.execute(insert(RevealOrder).values(festival_id=festival.id, **values))
        except IntegrityError as error:
            raise Overtaken() from error
    ledger.append(stream(festival), "reveal.ordered", {"reveal_order": festival.code, "by": by}, values)


def moved(codes: Sequence[str], code: str, by: int) -> list[str]:
    """The codes with one of them a place up (-1) or down (1). BadInput where it is not among them."""
    if code not in codes:
        raise BadInput(field="contest")
    at = list(codes).index(code)
    to = min(max(at + by, 0), len(codes) - 1)
    rest = [each for each in codes if each != code]
    return [*rest[:to], code, *rest[to:]]


def _at(steps: Sequence[RevealStep], at: int, by: int | None) -> dict[str, Any]:
    return {
        "step": at,
        "key": steps[at].key,
        "shown": digest_of(steps[at : at + 1]),
        "moved_at": now(),
        "moved_by": by,
    }


def _stepped(festival: Festival, run: Reveal, was: int, kind: str, **values: Any) -> Reveal:
    run_id = run.id
    stands = Reveal.id == run_id, Reveal.version == was
    try:
        with db.session.begin_nested():
            taken = _rows(update(Reveal).where(*stands).values(version=was + 1, **values))
    except IntegrityError:  # another run goes on
        taken = 0
    if not taken:
        raise Overtaken(_("Máy khác vừa chuyển bước. Trang này đã theo bước mới; xem lại rồi chuyển tiếp."))
    db.session.expire(run)
    _note(festival, run_id, kind, run.moved_by, step=run.step, key=run.key, version=run.version)
    return run


def _rows(statement: Any) -> int:
    return int(getattr(db.session.execute(statement), "rowcount", 0))


def _note(festival: Festival, run_id: int, kind: str, by: int | None, **said: object) -> None:
    ledger.append(stream(festival), kind, {"reveal": run_id, "by": by}, said)
