"""What does the organiser say of a line: opened and closed, who stands where, who waits no more, an offer taken back?

Every word names the version of the line that was seen, and has its way back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.registration.offering import standing, steps
from festival.registration.queueing.line import in_order, moment_of_place, place_of
from festival.registration.queueing.models import HOURS_MOST, OfferState, OutBy, WaitingList
from festival.roster.models import Family
from festival.roster.rules import Rules
from festival.roster.steps import stream

REASON_LENGTH = 300
PEOPLE_LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class ListWanted:
    """What is to hold of a delegation's line from now on."""

    open: bool
    answer_hours: int
    people_max: int | None
    self_registration: bool
    self_was: bool | None = None  # as the page showed it; None where no page was seen


def list_typed(
    hours: int | None, people: str, people_read: int | None, *, open_: bool, self_: bool, self_was: bool | None = None
) -> ListWanted:
    """BadInput where a number cannot be meant."""
    if hours is None or not 1 <= hours <= HOURS_MOST:
        raise BadInput(_("Thời gian trả lời: ghi số giờ từ 1 đến %(most)s.", most=HOURS_MOST), field="hours")
    if people.strip() and (people_read is None or not 1 <= people_read <= PEOPLE_LARGEST):
        raise BadInput(_("Số người nhiều nhất: ghi một số từ 1, hoặc để trống nếu không giới hạn."), field="people")
    return ListWanted(open_, hours, people_read, self_, self_was)


def reason_given(reason: str) -> str:
    """BadInput without one."""
    if not reason:
        raise BadInput(_("Hãy ghi lý do, để sau này ai xem sổ cũng hiểu."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise BadInput(_("Lý do dài quá %(most)s ký tự. Hãy rút gọn.", most=REASON_LENGTH), field="reason")
    return reason


def set_list(rules: Rules, delegation_id: int, seen: int, wanted: ListWanted, by: int | None) -> None:
    """Open or close the line of a delegation, and say its bounds. What was offered stands."""
    delegation = standing.delegation_now(delegation_id)
    if wanted.self_was not in (None, delegation.self_registration):
        raise Overtaken()
    values: dict[str, Any] = {
        "open": wanted.open,
        "answer_hours": wanted.answer_hours,
        "people_max": wanted.people_max,
        "changed_at": now(),
        "changed_by": by,
    }
    if seen:
        _step(delegation_id, seen, **values)
    else:
        made = insert_or_pass(WaitingList).values(delegation_id=delegation_id, version=1, **values)
        if db.session.scalar(made.on_conflict_do_nothing().returning(WaitingList.version)) is None:
            raise Overtaken()
    delegation.self_registration = wanted.self_registration
    db.session.flush()
    about = {
        "delegation": delegation.code,
        "open": "yes" if wanted.open else "",
        "hours": str(wanted.answer_hours),
        "people": str(wanted.people_max or ""),
        "self": "yes" if wanted.self_registration else "",
    }
    ledger.append(stream(rules.festival), "waiting.list", about, {"by": by})


def move(rules: Rules, family: Family, place: int | None, seen: int, reason: str, by: int | None) -> int:
    """To this place in the line (from 1); answers the place it has now."""
    standing.delegation_now(family.delegation_id)
    line = standing.line_of(family.delegation_id)
    waiting = in_order(line)
    if place_of(line, family.id) is None:
        raise Conflict(_("Gia đình này không đứng trong hàng chờ nên không chuyển chỗ được."))
    if place is None or not 1 <= place <= len(waiting):
        raise BadInput(_("Ghi chỗ mới từ 1 đến %(most)s.", most=len(waiting)), field="place")
    _step(family.delegation_id, seen)
    if place != place_of(line, family.id):
        steps.stand(rules.festival, family, by, reason, stands_at=moment_of_place(waiting, family.id, place))
    return place


def move_back(rules: Rules, family: Family, seen: int, reason: str, by: int | None) -> None:
    """As the time of sending says."""
    standing.delegation_now(family.delegation_id)
    _step(family.delegation_id, seen)
    steps.stand(rules.festival, family, by, reason, stands_at=None)


def take_out(rules: Rules, family: Family, seen: int, reason: str, by: int | None) -> None:
    """It waits no more; a place that was offered goes on."""
    standing.delegation_now(family.delegation_id)
    _step(family.delegation_id, seen)
    made = standing.standing_offer(family.id)
    if made is not None:
        steps.end(rules.festival, family, made, OfferState.TAKEN_BACK, by, reason)
    steps.stand(rules.festival, family, by, reason, out_by=OutBy.OFFICE)


def put_back(rules: Rules, family: Family, seen: int, reason: str, by: int | None) -> None:
    """Where it stood before."""
    standing.delegation_now(family.delegation_id)
    if standing.out_by(family) is None:
        raise Conflict(_("Gia đình này đang đứng trong hàng chờ rồi."))
    _step(family.delegation_id, seen)
    steps.stand(rules.festival, family, by, reason, out_by=None)


def _step(delegation_id: int, seen: int, **values: Any) -> None:
    """Only on the version that was seen."""
    done = db.session.scalar(
        update(WaitingList)
        .where(WaitingList.delegation_id == delegation_id, WaitingList.version == seen)
        .values(version=WaitingList.version + 1, **values)
        .returning(WaitingList.version)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Overtaken()
