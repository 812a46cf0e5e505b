"""What keeps a sum from its next step: components that are not as far, or that say something else than when it was locked?

A sum is locked when the minutes of all its components are signed, and such minutes are opened no more: of a locked sum no
component can be unlocked, only amended. It is released and published after them, so that nothing can be reckoned from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.contests.summed.parts import PartPoints, unlike
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.judging.tally import Tally
from festival.results.sums.parts import NOT_SIGNED, Component, components_of, fresh_parts, is_sum

ORDER = list(ContestState)


def hold_components(contest_id: int) -> None:
    """Before a sum itself is held: its components, so that none is amended while the sum takes a step."""
    contest = db.session.get(Contest, contest_id)
    if contest is None or not is_sum(contest):
        return
    ids = [each.contest.id for each in components_of([contest])[contest.id]]
    held = select(Contest).where(Contest.id.in_(ids)).order_by(Contest.id).with_for_update(read=True)
    db.session.execute(held.execution_options(populate_existing=True)).all()


def refuse_unsigned(tallied: Tally) -> None:
    """Conflict while the minutes of a component are not signed: no reason makes a sum of what is not there."""
    if tallied.waits_for:
        raise Conflict(
            _("Chưa khóa được: chờ ký biên bản của %(names)s.", names=", ".join(tallied.waits_for)),
        )


def refuse_before_components(contest: Contest, state: ContestState) -> None:
    """Conflict while a component has not come as far as `state`."""
    if not is_sum(contest):
        return
    behind = [
        each.contest.name
        for each in components_of([contest])[contest.id]
        if ORDER.index(each.contest.state) < ORDER.index(state)
    ]
    if not behind:
        return
    names = ", ".join(behind)
    if state is ContestState.PUBLISHED:
        raise Conflict(_("Công bố sau các phần thi thành phần; chưa công bố: %(names)s.", names=names))
    raise Conflict(_("Cho MC đọc sau các phần thi thành phần; MC chưa được đọc: %(names)s.", names=names))


def said_otherwise(
    contest: Contest, parts: Mapping[int, Sequence[PartPoints]], known: list[Component] | None = None
) -> tuple[str, ...]:
    """Names of the components that bring something else now than this locked sum holds (`parts`, by entry): they were
    amended since. Where none ever was nothing more is asked.
    """
    if not is_sum(contest) or contest.state is ContestState.OPEN:
        return ()
    components = components_of([contest])[contest.id] if known is None else known
    if not any(each.amended for each in components):
        return ()
    now = fresh_parts([contest], {contest.id: components})[contest.id].parts
    names: dict[str, str] = {}
    for entry_id, own in parts.items():
        held = {each.contest: [each] for each in own}
        fresh = now.get(entry_id, ())
        names |= {each.contest: each.name for each in fresh if unlike([each], held.get(each.contest, []))}
    return tuple(names.values())


def refuse_overtaken_sum(tallied: Tally) -> None:
    """Conflict when a component was amended between the lock of the sum and its signature."""
    if tallied.contest.state in NOT_SIGNED and (names := said_otherwise(tallied.contest, tallied.parts)):
        raise Conflict(
            _(
                "Từ khi khóa, %(names)s đã được đính chính: mở lại rồi khóa lại để lấy kết quả mới.",
                names=", ".join(names),
            )
        )
