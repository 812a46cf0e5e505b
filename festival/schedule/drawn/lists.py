"""What is printed at once when lots have been drawn: every order, and for each delegation its numbers, times and slot on the stage?

One PDF, made here without any network. Names stand on it as in public, because it is handed out and hung up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.core.web.i18n import clock, moment, say
from festival.documents import paper
from festival.editions.models import Festival
from festival.roster.models import Entry, EntryState
from festival.roster.shown.public_names import names_held
from festival.schedule.drawn.trials import trials
from festival.schedule.heats.reading import lanes_in
from festival.schedule.models import Act, Draw, Session, Stage


def all_lists(festival: Festival) -> bytes:
    """The PDF. Conflict before anything was drawn."""
    entries = _entries(festival.id)
    if not entries:
        raise Conflict(_("Chưa bốc thăm phần thi nào, chưa có danh sách để in."))
    held, times, at = names_held(festival.id), _times(festival.id), now()
    lanes = lanes_in(each.contest for each in entries)

    def when(entry: Entry) -> str:
        if entry.state is not EntryState.ENROLLED:
            return str(_("đã rút"))
        lane = [say(lanes[entry.id].words)] if entry.id in lanes else []
        return ", ".join([*lane, *([moment(times[entry.id][0]), times[entry.id][1]] if entry.id in times else [])])

    contests: dict[str, list[list[str]]] = defaultdict(list)
    delegations: dict[int, list[list[str]]] = defaultdict(list)
    called = {}
    for each in entries:
        name = held.family(each.family_id, each.name)
        called[each.delegation_id] = (each.delegation.position, each.delegation.name)
        contests[each.contest.name].append([str(each.number), name, each.delegation.name, when(each)])
        delegations[each.delegation_id].append([each.contest.name, str(each.number), name, when(each)])
    tried = trials(festival.id)
    slots: dict[int, list[str]] = defaultdict(list)
    for trial in tried:
        for slot in trial.slots:
            slots[slot.delegation].append(
                str(_("Ráp sân khấu %(contest)s: %(from)s đến %(until)s, %(stage)s", contest=trial.contest.name,
                      stage=trial.stage.name, until=clock(slot.ends_at), **{"from": moment(slot.starts_at)}))
            )  # fmt: skip
    values = {
        "title": str(_("Danh sách sau bốc thăm")),
        "festival": festival.name,
        "printed": str(_("In lúc %(at)s, giờ theo lịch đang xếp.", at=moment(at))),
        "contest_head": [str(each) for each in (_("Số"), _("Tiết mục"), _("Đoàn"), _("Giờ, sân khấu"))],
        "contests": [{"title": title, "rows": rows} for title, rows in contests.items()],
        "trial_head": [str(each) for each in (_("Giờ"), _("Đoàn"))],
        "trials": [
            {
                "title": str(
                    _("Ráp sân khấu %(contest)s, %(stage)s", contest=each.contest.name, stage=each.stage.name)
                ),
                "rows": [
                    [f"{moment(slot.starts_at)} – {clock(slot.ends_at)}", called[slot.delegation][1]]
                    for slot in each.slots
                    if slot.delegation not in each.out
                ],
            }
            for each in tried
        ],
        "delegation_head": [str(each) for each in (_("Phần thi"), _("Số"), _("Tiết mục"), _("Giờ, sân khấu"))],
        "delegations": [
            {"title": called[each][1], "rows": delegations[each], "slots": slots[each]}
            for each in sorted(called, key=lambda each: called[each])
        ],
    }
    return paper.pdf("schedule/papers/all_lists.typ", values, at=at)


def _entries(festival_id: int) -> list[Entry]:
    """Who has a number, also who withdrew, contest by contest."""
    wanted = (
        select(Entry)
        .join(Entry.contest)
        .join(Draw, (Draw.contest_id == Contest.id) & Draw.voided_at.is_(None))
        .where(Contest.festival_id == festival_id, Entry.number.is_not(None))
        .options(joinedload(Entry.delegation), joinedload(Entry.contest))
        .order_by(Contest.position, Contest.id, Entry.number)
    )
    return list(db.session.scalars(wanted))


def _times(festival_id: int) -> Mapping[int, tuple[datetime, str]]:
    wanted = (
        select(Act.entry_id, Act.starts_at, Stage.name)
        .join(Session, Session.id == Act.session_id)
        .join(Stage, Stage.id == Session.stage_id)
        .where(Stage.festival_id == festival_id)
    )
    return {row.entry_id: (row.starts_at, row.name) for row in db.session.execute(wanted)}
