"""How is a request written down, answered, done, refused, taken back? Every step is one conditional statement and one line of the ledger.

Two of a kind at once for the same person are one (a unique index); of two organisers who press at once the second is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import new_typed_code
from festival.core.web.errors import Conflict, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.privacy import steps
from festival.privacy.models import AskedFor, PrivacyRequest, RequestState
from festival.roster.models import Family, Person

LONGEST = 500


def ask(
    family: Family, person: Person | None, kind: AskedFor, said: str, how: str, by: int | None = None
) -> PrivacyRequest:
    """Write a request down with the next number of the edition. Conflict with the reason when it cannot be asked."""
    gone = person is not None and not person.folded
    fault = steps.asking_fault(kind.value, family.state.value, said, erased=not family.folded, person_erased=gone)
    if fault is not None:
        raise Conflict(say(fault))
    festival_id = family.festival_id
    # The edition's row is held, so that two at once do not count the same number.
    db.session.execute(select(Festival.id).where(Festival.id == festival_id).with_for_update())
    last = db.session.scalar(select(func.max(PrivacyRequest.number)).where(PrivacyRequest.festival_id == festival_id))
    row = PrivacyRequest(
        festival_id=festival_id, number=(last or 0) + 1, code=new_typed_code(), family_id=family.id,
        person_id=person.id if person else None, person_code=person.code if person else "", kind=kind,
        said=said, how=how, asked_by=by, made_at=now(),
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as error:
        raise Conflict(
            _("Yêu cầu này đã có rồi và đang được xử lý. Xem ở danh sách yêu cầu, không cần gửi lần nữa.")
        ) from error
    about = {"kind": kind.value, "number": row.number, "person": row.person_code}
    _note(row, "privacy.asked", {"said": said, "how": how, "by": by}, **about)
    return row


def answer(row: PrivacyRequest, words: str, by: int | None) -> None:
    """The first answer: what will be done, and by when."""
    _step(row, RequestState.ANSWERED, answer=words, answered_at=now(), decided_by=by)
    _note(row, "privacy.answered", {"answer": words, "by": by})


def grant_erasure(row: PrivacyRequest, by: int | None) -> None:
    """It will be erased, as soon as that is possible."""
    _step(row, RequestState.ERASING, decided_by=by)
    _note(row, "privacy.erasing", {"by": by})


def close(row: PrivacyRequest, state: RequestState, words: str, by: int | None) -> None:
    """Done, refused with the reason, or taken back by who asked."""
    if state is RequestState.REFUSED and not words:
        raise Conflict(_("Ghi lý do vì sao không làm được, gia đình sẽ đọc."))
    decided: dict[str, Any] = {} if state is RequestState.TAKEN_BACK else {"decided_by": by}
    _step(row, state, outcome=words, closed_at=now(), **decided)
    _note(row, f"privacy.{state.value}", {"outcome": words, "by": by})


def reopen(row: PrivacyRequest, by: int | None) -> None:
    """Closed by mistake: it is being dealt with again. Conflict for what is erased, or asked anew meanwhile."""
    if row.kind is AskedFor.ERASE and row.state is RequestState.DONE:
        raise Conflict(_("Đã xóa rồi, không mở lại được."))
    try:
        with db.session.begin_nested():
            _step(row, RequestState.ANSWERED, steps.REOPENED_FROM, outcome="", closed_at=None, decided_by=by)
    except IntegrityError as error:
        raise Conflict(_("Gia đình đã gửi lại yêu cầu này rồi. Làm tiếp ở yêu cầu mới.")) from error
    _note(row, "privacy.reopened", {"by": by})


def _step(row: PrivacyRequest, to: RequestState, since: tuple[str, ...] = (), **values: Any) -> None:
    """Move on, if it is still where it may move on from. Overtaken otherwise."""
    moved = db.session.scalar(
        update(PrivacyRequest)
        .where(PrivacyRequest.id == row.id, PrivacyRequest.state.in_(since or steps.FROM[to.value]))
        .values(state=to, **values)
        .returning(PrivacyRequest.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise Overtaken()


def _note(row: PrivacyRequest, step: str, payload: Mapping[str, object], /, **about: object) -> None:
    subject = {"request": row.code, "family": row.family.code, **about}
    ledger.append(f"decisions:{row.family.delegation.festival.code}", step, subject, payload)
