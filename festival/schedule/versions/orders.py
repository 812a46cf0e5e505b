"""What stands on the printed orders: for each stage, panel and delegation, and for whoever announces?

From the version that holds, else from the draft, and then each page says so. They are hung up and handed round, so names
stand on them as in public; the announcer's alone says names as they are read. A number after an hour says that the act
comes after midnight and still belongs to the evening before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest, Judge
from festival.core.clock import local
from festival.core.database import db
from festival.core.web.i18n import clock, day, moment, say
from festival.editions.models import Festival
from festival.roster.models import Delegation, Entry, EntryState
from festival.roster.shown.public_names import NamesHeld, names_held
from festival.schedule.later.reading import later_matches, told_matches
from festival.schedule.models import Act, Session
from festival.schedule.published.following import Followed, followed
from festival.schedule.queries import session_title
from festival.schedule.sound.order import lines_of, playing
from festival.schedule.wishes.given import pauses_in

TEMPLATE = "schedule/versions/orders.typ"
OrderPart = dict[str, Any]


class OrderKind(StrEnum):
    """For whom an order is printed."""

    STAGES = "stages"
    PANELS = "panels"
    DELEGATIONS = "delegations"
    ANNOUNCER = "mc"


@dataclass(frozen=True, slots=True)
class Orders:
    """What all of them are made from, read once."""

    festival: Festival
    follows: Followed
    held: NamesHeld
    at: datetime
    of_match: Mapping[int, tuple[str, ...]]  # by the number of its act: codes of delegations

    @property
    def sessions(self) -> list[Session]:
        """Those with an act."""
        return [row for row in self.follows.sessions if row.acts]

    def delegations_of(self, act: Act) -> tuple[str, ...]:
        """Of a match of a later round those of both sides, as far as they are known."""
        return (act.entry.delegation.code,) if act.id > 0 else self.of_match.get(act.id, ())

    def lane(self, act: Act) -> str:
        """«đợt 2, đường 3»; "" where its contest runs one by one."""
        return say(self.follows.lanes[act.id].words) if act.id in self.follows.lanes else ""

    def name(self, act: Act) -> str:
        """The entry with its lane, and its title, as in public."""
        entry = act.entry
        name = self.held.family(entry.family_id, entry.name)
        name = f"{name} ({self.lane(act)})" if self.lane(act) else name
        title = self.held.text(entry.family_id, entry.title)
        return f"{name}. {title}" if title else name


def orders_of(festival: Festival, at: datetime) -> Orders:
    """Read what is printed now."""
    follows = followed(festival.id)
    return Orders(festival, follows, names_held(festival.id), at, _delegations_of_matches(festival.id, follows))


def _delegations_of_matches(festival_id: int, follows: Followed) -> dict[int, tuple[str, ...]]:
    if all(act.id > 0 for row in follows.sessions for act in row.acts):
        return {}
    known = {-each.match.id: each.sides.known for each in told_matches(later_matches(festival_id)) if not each.off}
    wanted = select(Entry.id, Delegation.code).join(Delegation, Delegation.id == Entry.delegation_id)
    ids = [entry for sides in known.values() for entry in sides]
    codes = {row.id: row.code for row in db.session.execute(wanted.where(Entry.id.in_(ids)))}
    return {number: tuple(codes[entry] for entry in sides) for number, sides in known.items()}


def choices(orders: Orders) -> dict[OrderKind, list[tuple[str, str]]]:
    """Of which stages, panels and delegations there is an order: code and name."""
    rows = orders.sessions
    delegations = {act.entry.delegation.code: act.entry.delegation for row in rows for act in row.acts if act.id > 0}
    ordered = sorted(delegations.values(), key=lambda each: (each.position, each.id))
    stages = {row.stage.code: row.stage.name for row in rows}
    return {
        OrderKind.STAGES: list(stages.items()),
        OrderKind.PANELS: list({row.contest.code: row.contest.name for row in rows}.items()),
        OrderKind.DELEGATIONS: [(each.code, each.name) for each in ordered],
        OrderKind.ANNOUNCER: list(stages.items()),
    }


def values_of(orders: Orders, kinds: Sequence[OrderKind], of: str = "") -> dict[str, Any]:
    """What the template draws: all of these kinds, or the one that is called `of`."""
    parts = [part for kind in kinds for part in _PARTS[kind](orders, of)]
    version = orders.follows.version
    said = _("Phiên bản %(n)s", n=version) if version else _("Nháp, chưa công bố")
    foot = _("%(said)s · in lúc %(at)s", said=said, at=moment(orders.at))
    return {"over": orders.festival.name, "foot": foot, "across": "" if version else _("NHÁP"), "parts": parts}


def _days(rows: Sequence[Session]) -> list[date]:
    return sorted({local(row.starts_at).date() for row in rows})


def _hour(act: Act, on: date) -> str:
    """When it begins; after midnight with its day."""
    begins = local(act.starts_at)
    return clock(begins) if begins.date() == on else f"{clock(begins)} ({begins.day}/{begins.month})"


def _number(act: Act) -> str:
    return "" if act.entry.number is None else str(act.entry.number)


def _out(act: Act) -> str:
    return "" if act.entry.state is EntryState.ENROLLED else _("đã rút")


def _between(row: Session) -> str:
    """From when to when, with the pauses on its stage."""
    pauses = [f"{each.title}: {clock(each.begins)} – {clock(each.ends)}" for each in pauses_in(row)]
    begins = row.starts_at + timedelta(minutes=row.contest.together_min)
    work = [_("cùng làm đến %(at)s, sau đó trình bày", at=clock(begins))] if row.contest.together_min else []
    return " · ".join([f"{clock(row.starts_at)} – {clock(row.ends_at)}", *work, *pauses])


def _stages(orders: Orders, of: str) -> Iterator[OrderPart]:
    """A stage and day a part, a session a table."""
    head = [_("Giờ"), _("Số"), _("Gia đình, tiết mục"), _("Đơn vị"), _("Phút"), _("Ghi chú")]
    for stage, on, rows in _by_stage(orders, of):
        tables = [
            {
                "title": session_title(row), "under": _between(row), "head": head, "widths": [13, 6, 34, 22, 6, 14],
                "rows": [[_hour(act, on), _number(act), orders.name(act), act.entry.delegation.unit.full_name,
                          str(act.duration_min), _out(act)] for act in row.acts],
            }
            for row in rows
        ]  # fmt: skip
        yield {"heading": stage, "kind": _("Thứ tự theo sân khấu"), "under": day(on), "tables": tables}


def _by_stage(orders: Orders, of: str) -> Iterator[tuple[str, date, list[Session]]]:
    for code, name in choices(orders)[OrderKind.STAGES]:
        mine = [row for row in orders.sessions if row.stage.code == code and of in ("", code)]
        for on in _days(mine):
            yield name, on, [row for row in mine if local(row.starts_at).date() == on]


def _panels(orders: Orders, of: str) -> Iterator[OrderPart]:
    """What a panel judges, in its order, over all stages."""
    seats = _seats(orders.festival.id)
    head = [_("Giờ"), _("Số"), _("Gia đình, tiết mục"), _("Đơn vị"), _("Sân khấu"), _("Ghi chú")]
    for code, name in choices(orders)[OrderKind.PANELS]:
        mine = [row for row in orders.sessions if row.contest.code == code and of in ("", code)]
        tables = []
        for on in _days(mine):
            acts = [(act, row) for row in mine if local(row.starts_at).date() == on for act in row.acts]
            rows = [
                [_hour(act, on), _number(act), orders.name(act), act.entry.delegation.unit.full_name, row.stage.name,
                 _out(act)]
                for act, row in sorted(acts, key=lambda each: (each[0].starts_at, each[0].position))
            ]  # fmt: skip
            tables.append(
                {"title": day(on), "under": "", "head": head, "widths": [13, 6, 32, 20, 16, 12], "rows": rows}
            )
        if tables:
            under = _("Giám khảo: %(names)s", names=", ".join(seats[code])) if seats.get(code) else ""
            yield {"heading": name, "kind": _("Thứ tự theo ban giám khảo"), "under": under, "tables": tables}


def _seats(festival_id: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    rows = db.session.execute(
        select(Contest.code, Judge.letter, User.name)
        .join(Contest, Contest.id == Judge.contest_id)
        .join(User, User.id == Judge.user_id)
        .where(Contest.festival_id == festival_id, Judge.marks)
        .order_by(Judge.letter, Judge.id)
    )
    for row in rows:
        found.setdefault(row.code, []).append(f"{row.letter}. {row.name}" if row.letter else row.name)
    return found


def _delegations(orders: Orders, of: str) -> Iterator[OrderPart]:
    """When and where each family of a delegation is on, a day a table."""
    head = [_("Giờ"), _("Số"), _("Gia đình, tiết mục"), _("Phần thi"), _("Sân khấu"), _("Ghi chú")]
    for code, name in choices(orders)[OrderKind.DELEGATIONS]:
        if of not in ("", code):
            continue
        tables = []
        for on in _days(orders.sessions):
            mine = [
                (act, row)
                for row in orders.sessions
                if local(row.starts_at).date() == on
                for act in row.acts
                if code in orders.delegations_of(act)
            ]
            rows = [
                [_hour(act, on), _number(act), orders.name(act), row.contest.name, row.stage.name, _out(act)]
                for act, row in sorted(mine, key=lambda each: (each[0].starts_at, each[0].entry_id))
            ]
            if rows:
                tables.append(
                    {"title": day(on), "under": "", "head": head, "widths": [13, 6, 30, 24, 16, 12], "rows": rows}
                )
        yield {"heading": name, "kind": _("Lượt thi của đoàn"), "under": "", "tables": tables}


def _announcer(orders: Orders, of: str) -> Iterator[OrderPart]:
    """What is read before each act: the name as it is said, the title, the lines."""
    head = [_("Giờ"), _("Số"), _("Gia đình, tiết mục"), _("Lời giới thiệu"), _("Ghi chú")]
    lines = lines_of(orders.festival.id, playing(orders.sessions))
    for stage, on, rows in _by_stage(orders, of):
        tables = []
        for row in rows:
            said = []
            for act in playing([row]):
                facts = lines[act.entry_id].facts
                called = [act.entry.name, facts.title or act.entry.title, facts.genre]
                spoken = [_("Đọc tên: %(how)s", how=facts.said) if facts.said else "", facts.words]
                said.append([_hour(act, on), _number(act), ". ".join(each for each in called if each) + f" ({', '.join(filter(None, (orders.lane(act), act.entry.delegation.unit.full_name)))})",
                             "\n".join(each for each in spoken if each), ""])  # fmt: skip
            tables.append({"title": session_title(row), "under": _between(row), "head": head, "widths": [13, 6, 30, 34, 12],
                           "rows": said})  # fmt: skip
        yield {"heading": stage, "kind": _("Tờ của MC"), "under": day(on), "tables": tables}


_PARTS = {
    OrderKind.STAGES: _stages,
    OrderKind.PANELS: _panels,
    OrderKind.DELEGATIONS: _delegations,
    OrderKind.ANNOUNCER: _announcer,
}
