"""How is the last step on the draft taken back, and done again?

The rows the step touched become what they were, if they still stand as it left them and nobody it would move has begun. The
ledger is told of each of them in its own words, so that a replay follows. Where the step was a change of numbers, the numbers
go with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, update

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import Conflict, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule.drawn.changing import take_again, take_back
from festival.schedule.history.difference import ACTS, MATCHES, MINUTES, SESSIONS, STAGES, Values, strays, turned
from festival.schedule.history.locks import note_lock
from festival.schedule.history.models import DraftStep
from festival.schedule.history.steps import document, next_steps, no_step, record_matches
from festival.schedule.later.models import BEGUN, LaterMatch
from festival.schedule.later.naming import later_of_code, match_called
from festival.schedule.later.reading import later_matches
from festival.schedule.later.writing import NO_PLACE
from festival.schedule.models import Act, Session, Stage
from festival.schedule.moving.along import come_along
from festival.schedule.queries import material
from festival.schedule.sessions import locked, record

Turned = Sequence[tuple[str, Values | None, Values | None]]
# steps of the draft that are changes of numbers -> whether taking the step back takes the change back
NUMBERS = {"numbers_exchanged": True, "numbers_added": True, "numbers_back": False}


def turn(festival_id: int, step_id: int, by: int | None, *, back: bool) -> Sentence:
    """Take back step `step_id`, or do it again; answers what it is called.

    Overtaken when another step is next by now: of two organisers the second is told what would be taken back instead.
    """
    festival = locked(festival_id)
    following = next_steps(festival_id, by)
    told = following.back if back else following.again
    if told is None or told.id != step_id:
        raise Overtaken(
            _("Có người vừa đổi lịch: bước kế tiếp nay là «%(step)s» (%(who)s). Chưa hoàn tác gì.",
              step=say(told.words), who=told.who or _("lệnh")) if told else _("Không còn bước nào như vậy. Chưa đổi gì.")
        )  # fmt: skip
    step = db.session.get_one(DraftStep, step_id)
    _refuse_begun(step, back=back)
    if strays(step.changed, document(festival_id), back=back):
        raise Conflict(_("Lịch không còn như sau bước này, nên không hoàn tác được. Dời từng tiết mục trên bảng."))
    if step.kind in NUMBERS:
        with no_step():
            (take_back if back is NUMBERS[step.kind] else take_again)(step.said["change"], by)
    else:
        _rows_turn(festival, step, by, back=back)
    db.session.get_one(DraftStep, step_id).undone = back
    db.session.flush()
    db.session.expire_all()
    return told.words


def _rows_turn(festival: Festival, step: DraftStep, by: int | None, *, back: bool) -> None:
    parts: dict[str, list[tuple[str, Values | None, Values | None]]] = {STAGES: [], SESSIONS: [], ACTS: [], MATCHES: []}
    for part, key, now, to in turned(step.changed, back=back):
        parts[part].append((key, now, to))
    _stages_come(festival, parts[STAGES], by)
    _sessions_come(festival, parts[SESSIONS], by)
    _acts(festival, step, parts[ACTS], by, back=back)
    _matches(festival, parts[MATCHES], by)
    _sessions_go(parts[SESSIONS], by)
    _stages_go(festival, parts[STAGES], by)
    if back:
        for code, now, _to in parts[STAGES]:
            if now is None:
                come_along(festival.id, code, step.said.get("along", {}), by)


def _refuse_begun(step: DraftStep, *, back: bool) -> None:
    """What has been on a stage stays where it was; a lock alone may come and go."""
    moves = [
        int(key) for part, key, now, to in turned(step.changed, back=back)
        if part == ACTS and (now is None or to is None or list(now[:MINUTES]) != list(to[:MINUTES]))
    ]  # fmt: skip
    begun = db.session.scalar(
        select(Entry.name)
        .join(Act, Act.entry_id == Entry.id)
        .where(Act.entry_id.in_(moves), Act.state.in_(BEGUN))
        .limit(1)
    )
    matches = {
        code for part, code, now, to in turned(step.changed, back=back)
        if part == MATCHES and (now is None or to is None or list(now[:3]) != list(to[:3]))
    }  # fmt: skip
    if begun is None and matches:
        on = next(
            (each for each in later_matches(step.festival_id) if each.code in matches and each.state in BEGUN), None
        )
        begun = None if on is None else say(match_called(on.at))
    if begun is not None:
        raise Conflict(_("«%(name)s» đã lên sân khấu sau bước này, nên không hoàn tác được.", name=begun))


def _append(festival: Festival, kind: str, subject: dict[str, Any], payload: dict[str, Any]) -> None:
    ledger.append(f"decisions:{festival.code}", kind, subject, payload)


def _stages_come(festival: Festival, rows: Turned, by: int | None) -> None:
    for code, now, to in rows:
        if to is None:
            continue
        name, position, closed = to
        if now is None:
            db.session.execute(
                insert(Stage).values(festival_id=festival.id, code=code, name=name, position=position, closed=closed)
            )
            _append(festival, "stage_added", {"stage": code, "by": by}, {"name": name, "position": position})
        else:
            db.session.execute(
                update(Stage)
                .where(Stage.festival_id == festival.id, Stage.code == code)
                .values(name=name, position=position, closed=closed)
            )
        if now is not None and now[0] != name:
            _append(festival, "stage_renamed", {"stage": code, "by": by}, {"name": name})
        if closed != (False if now is None else now[2]):
            _append(festival, "stage_closed", {"stage": code, "by": by}, {"closed": closed})
    db.session.expire_all()


def _sessions_come(festival: Festival, rows: Turned, by: int | None) -> None:
    ids = {
        row.code: row.id
        for row in db.session.execute(select(Stage.code, Stage.id).where(Stage.festival_id == festival.id))
    }
    for key, now, to in rows:
        if to is None:
            continue
        stage, contest, label, begins, ends, held = to
        values = {
            "stage_id": ids[stage], "contest_id": contest, "label": label, "starts_at": _moment(begins),
            "ends_at": _moment(ends), "locked": held,
        }  # fmt: skip
        if now is None:
            db.session.execute(insert(Session).values(id=int(key), **values))
        else:
            db.session.execute(update(Session).where(Session.id == int(key)).values(**values))
        db.session.expire_all()
        session = db.session.get_one(Session, int(key))
        if now is None or list(now[:5]) != list(to[:5]):
            record(session, "session_added" if now is None else "session_changed", by)
        if held != (False if now is None else now[5]):
            note_lock(festival, by, held, session_id=session.id)


def _acts(festival: Festival, step: DraftStep, rows: Turned, by: int | None, *, back: bool) -> None:
    there = set(db.session.scalars(select(Entry.id).where(Entry.id.in_([int(key) for key, *_rest in rows]))))
    keys = [int(key) for key, _now, _to in rows]
    # positions are unique at every moment: out of the way first
    db.session.execute(
        update(Act).where(Act.entry_id.in_(keys)).values(position=-Act.id),
        execution_options={"synchronize_session": False},
    )
    out = [int(key) for key, now, to in rows if to is None and now is not None]
    db.session.execute(delete(Act).where(Act.entry_id.in_(out)))
    places, lengths = [], _lengths(festival.id) if any(now is None for _key, now, _to in rows) else {}
    for key, now, to in rows:
        if to is None or int(key) not in there:
            continue
        session, position, begins, minutes, held = to
        values = {
            "session_id": session, "position": position, "starts_at": _moment(begins), "locked": held, "turn": None,
        }  # fmt: skip
        if now is None:
            db.session.add(Act(entry_id=int(key), duration_min=lengths.get(int(key), minutes), **values))
        else:
            db.session.execute(update(Act).where(Act.entry_id == int(key)).values(**values))
        places.append([int(key), session, position])
    db.session.flush()
    kind = "draft_undone" if back else "draft_redone"
    _append(festival, kind, {"festival": festival.code, "step": step.id, "by": by}, {"places": places, "out": out})
    for key, now, to in rows:
        if to is not None and to[4] != (False if now is None else now[4]):
            note_lock(festival, by, to[4], entry_id=int(key))


def _lengths(festival_id: int) -> dict[int, int]:
    """By entry, how many minutes its act has today."""
    given = material(festival_id)
    return {entry_id: act.duration_min for act in given.acts for entry_id in given.entries_of[act.code]}


def _matches(festival: Festival, rows: Turned, by: int | None) -> None:
    """Matches of later rounds come, move and go; one that loses its time waits again."""
    there = {each.code: each.id for each in later_matches(festival.id)}
    contests = {
        row.code: row.id
        for row in db.session.execute(select(Contest.code, Contest.id).where(Contest.festival_id == festival.id))
    }
    for code, _now, to in rows:
        if to is None:
            db.session.execute(delete(LaterMatch).where(LaterMatch.id == there.get(code)))
            continue
        session, begins, minutes, held = to
        place = NO_PLACE if session is None else {"session_id": session, "starts_at": _moment(begins), "locked": held}
        contest, at = later_of_code(code) or ("", (0, 0))
        if code in there:
            db.session.execute(
                update(LaterMatch).where(LaterMatch.id == there[code]).values(**place, duration_min=minutes)
            )
        else:
            db.session.add(
                LaterMatch(contest_id=contests[contest], to_final=at[0], number=at[1], duration_min=minutes, **place)
            )
    db.session.flush()
    db.session.expire_all()
    record_matches(festival, by, {code: to for code, _now, to in rows})


def _sessions_go(rows: Turned, by: int | None) -> None:
    gone = [int(key) for key, _now, to in rows if to is None]
    for session in db.session.scalars(select(Session).where(Session.id.in_(gone))).all():
        record(session, "session_removed", by)
    db.session.execute(delete(Session).where(Session.id.in_(gone)))
    db.session.expire_all()


def _stages_go(festival: Festival, rows: Turned, by: int | None) -> None:
    for code, now, to in rows:
        if to is None and now is not None:
            _append(festival, "stage_removed", {"stage": code, "by": by}, {"name": now[0]})
            db.session.execute(delete(Stage).where(Stage.festival_id == festival.id, Stage.code == code))


def _moment(written: str) -> datetime:
    return from_local(datetime.fromisoformat(written))
