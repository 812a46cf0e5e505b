"""What stands on the minutes of a draw, and how are they drawn, as PDF and as a document to edit? Vietnamese, whoever prints them.

In the form of the state's papers: the organ, the nation and its motto, number, place and day; who was there, for whom was
drawn before which witnesses, the order of each contest as read back, the rule for whoever comes later, room for every
signature, an annex of what changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from festival.contests.models import Contest
from festival.core.canonical import canonical_json
from festival.core.clock import local
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.core.web.i18n import day as day_words
from festival.core.web.i18n import moment
from festival.documents import paper
from festival.documents.docx import Block, DocxTable, Para, docx
from festival.documents.state_paper import CODE_DIGITS, letterhead
from festival.editions.models import Festival
from festival.papers.prints import DrawnPrint
from festival.roster.models import Delegation, Entry
from festival.schedule.drawn.changed import DrawChangeKind, OrderChange, as_drawn, block_of
from festival.schedule.drawn.models import DrawChange, DrawMeeting
from festival.schedule.models import Draw, DrawMethod, Session

WIDTHS_THERE, WIDTHS_ORDER, WIDTHS_SIGN = (2, 10, 9, 5, 7), (3, 12, 12), (1, 1, 1)


def draw_minutes(meeting: DrawMeeting, number: int, at: datetime) -> DrawnPrint:
    """The minutes as they would be printed now."""
    with force_locale("vi"):
        said = _values(meeting)
        drawn = _digest(said)
        code = str(_("Tờ số %(number)s, mã %(code)s", number=number, code=drawn[:CODE_DIGITS]))
        values = {**said, "code": code}
        content = paper.pdf("schedule/papers/draw_minutes.typ", values, at=at)
        edited = docx(_blocks(values), title=values["title"], footer=code, at=at)
    return DrawnPrint(number, at, drawn, content, edited)


def minutes_digest(meeting: DrawMeeting) -> str:
    """Of what the minutes would say now."""
    with force_locale("vi"):
        return _digest(_values(meeting))


def _digest(values: Mapping[str, Any]) -> str:
    return sha256(canonical_json(values)).hexdigest()


@dataclass(frozen=True, slots=True)
class _Material:
    """What the minutes are made of, read at once."""

    festival: Festival
    contests: Sequence[Contest]
    draws: Mapping[int, Draw]
    changes: Mapping[int, Sequence[DrawChange]]
    entries: Mapping[int, Entry]
    sessions: Mapping[int, Session]
    delegations: Mapping[int, Delegation]


def _read(meeting: DrawMeeting) -> _Material:
    contests = db.session.scalars(
        select(Contest).where(Contest.id.in_(meeting.contests)).order_by(Contest.position)
    ).all()
    of_these = select(Draw).where(Draw.contest_id.in_(meeting.contests), Draw.voided_at.is_(None))
    draws = {row.contest_id: row for row in db.session.scalars(of_these)}
    changes: dict[int, list[DrawChange]] = {}
    wanted = select(DrawChange).where(DrawChange.draw_id.in_([row.id for row in draws.values()]))
    for row in db.session.scalars(wanted.order_by(DrawChange.id)):
        changes.setdefault(row.draw_id, []).append(row)
    ids = {each for draw in draws.values() for each in draw.order}
    ids |= {each for several in changes.values() for row in several for each in row.entries}
    entries = db.session.scalars(select(Entry).where(Entry.id.in_(ids)).options(joinedload(Entry.delegation)))
    blocks = {each[0] for draw in draws.values() for each in draw.blocks}
    sessions = db.session.scalars(select(Session).where(Session.id.in_(blocks)))
    there = select(Delegation).where(Delegation.id.in_([each for each, _name in meeting.attendance]))
    return _Material(
        db.session.get_one(Festival, meeting.festival_id),
        contests,
        draws,
        changes,
        {row.id: row for row in entries},
        {row.id: row for row in sessions},
        {row.id: row for row in db.session.scalars(there)},
    )


def _values(meeting: DrawMeeting) -> dict[str, Any]:
    """What the template reads, and the document too."""
    given = _read(meeting)
    undrawn = [each.name for each in given.contests if each.id not in given.draws]
    if undrawn:
        raise Conflict(_("Chưa bốc thăm: %(contests)s. Bốc xong, hoặc bỏ đánh dấu phần thi ấy, rồi in biên bản.",
                         contests=", ".join(undrawn)))  # fmt: skip
    festival = given.festival
    organiser = festival.organiser or str(_("Ban Tổ chức"))
    names = {each: given.delegations[each].name for each, _name in meeting.attendance if each in given.delegations}
    absent = [names[each] for each, name in meeting.attendance if each in names and not name]
    annex = [line for contest in given.contests for line in _annex(contest, given)]
    held = meeting.held_on
    day = day_words(held)
    opening = (
        _(
            "Ngày %(day)s, tại %(place)s, Ban Tổ chức họp với đại diện các đoàn để bốc thăm thứ tự dự thi.",
            day=day,
            place=meeting.place,
        )
        if meeting.place
        else _("Ngày %(day)s, Ban Tổ chức họp với đại diện các đoàn để bốc thăm thứ tự dự thi.", day=day)
    )
    return {
        "title": str(_("Biên bản bốc thăm thứ tự dự thi")),
        "under": festival.name,
        "organ": organiser.upper(),
        "number": str(_("Số: ……/BB-BTC")),
        "place_and_day": str(_("%(place)s, ngày %(d)s tháng %(m)s năm %(y)s", place=festival.host or "……", d=f"{held.day:02d}",
                               m=f"{held.month:02d}", y=held.year)),
        "opening": str(opening),
        "committee": [
            str(_("Chủ trì: ông (bà) %(name)s", name=meeting.chair)),
            str(_("Thư ký: ông (bà) %(name)s", name=meeting.secretary)),
        ],
        "there_title": str(_("Đại diện các đoàn")),
        "there_head": [str(each) for each in (_("STT"), _("Đoàn"), _("Người dự"), _("Có mặt"), _("Ký tên"))],
        "there": [
            [str(place), names[each], name or "–", str(_("có mặt") if name else _("vắng")), ""]
            for place, (each, name) in enumerate(meeting.attendance, start=1)
            if each in names
        ],
        "absent": _absent(absent, meeting.witnesses),
        "contests": [_contest(contest, given) for contest in given.contests],
        "rule": str(
            _("Tiết mục rút sau khi bốc thăm để trống số của mình, số của các tiết mục khác giữ nguyên. Tiết mục được duyệt sau khi bốc "
              "thăm nhận số tiếp theo số cuối cùng; nhiều tiết mục thì bốc thăm giữa các tiết mục ấy. Hai trưởng đoàn có thể đổi số "
              "cho nhau khi cả hai tiết mục chưa lên sân khấu; Ban Tổ chức ghi vào phụ lục của biên bản này.")
        ),
        "annex_title": str(_("Phụ lục: thay đổi sau khi bốc thăm")) if annex else "",
        "annex": annex,
        "closing": str(_("Kết quả đã được đọc lại trước cuộc họp. Các thành phần dự họp cùng ký tên.")),
        "receivers": [str(_("Nơi nhận:")), f"- {organiser};", str(_("- Các đoàn dự thi;")), str(_("- Lưu: VT."))],
        "signers": _signers(meeting, bool(absent)),
    }  # fmt: skip


def _absent(absent: Sequence[str], witnesses: Sequence[str]) -> str:
    if not absent:
        return str(_("Các đoàn dự họp đầy đủ, tự bốc thăm."))
    return str(
        _(
            "Đoàn vắng mặt: %(absent)s. Ban Tổ chức bốc thăm thay trước sự chứng kiến của ông (bà) %(one)s và ông (bà) %(other)s.",
            absent=", ".join(absent),
            one=witnesses[0],
            other=witnesses[1],
        )
    )


def _signers(meeting: DrawMeeting, absent: bool) -> list[list[str]]:
    how = str(_("(Ký, ghi rõ họ tên)"))
    witnesses = [[str(_("NGƯỜI CHỨNG KIẾN")), how, each] for each in meeting.witnesses] if absent else []
    return [
        [str(_("THƯ KÝ")), how, meeting.secretary],
        *witnesses,
        [str(_("CHỦ TRÌ")), str(_("(Ký, ghi rõ họ tên, đóng dấu)")), meeting.chair],
    ]


def _contest(contest: Contest, given: _Material) -> dict[str, Any]:
    draw = given.draws[contest.id]
    standing = [
        OrderChange(row.kind, tuple(row.entries)) for row in given.changes.get(draw.id, ()) if row.undone_at is None
    ]
    if draw.method is DrawMethod.SEEDED:
        how = _("Theo số gieo %(seed)s do cuộc họp thống nhất; ai có số này cũng tính lại được.", seed=draw.seed)
    elif draw.blocks:
        how = _("Mỗi đoàn bốc buổi thi trước, rồi bốc số trong buổi.")
    else:
        how = _("Đại diện các đoàn lần lượt bốc số.")
    return {
        "title": str(_("%(contest)s: bốc thăm lúc %(at)s", contest=contest.name, at=moment(draw.drawn_at))),
        "how": str(how),
        "head": [str(each) for each in (_("Số"), _("Tiết mục"), _("Đoàn"))],
        "rows": _order(as_drawn(draw.order, standing), draw, given),
    }


def _order(order: Iterable[int], draw: Draw, given: _Material) -> list[list[str]]:
    rows = []
    before = None
    for number, each in enumerate(order, start=1):
        session = given.sessions.get(block_of(number, draw.blocks)) if draw.blocks else None
        if session is not before and session is not None:
            rows.append([session.label or moment(session.starts_at)])
        before = session
        entry = given.entries.get(each)
        rows.append([str(number), entry.name if entry else "–", entry.delegation.name if entry else "–"])
    return rows


def _annex(contest: Contest, given: _Material) -> list[str]:
    """What changed since, oldest first, also what was undone; then the order as it stands."""
    draw = given.draws[contest.id]
    said = []
    for row in given.changes.get(draw.id, ()):
        names = [given.entries[each].name if each in given.entries else "–" for each in row.entries]
        words = _change_words(row, names, draw)
        if row.undone_at is not None:
            day = day_words(local(row.undone_at))
            words = str(_("%(what)s Đã hoàn tác ngày %(day)s: %(why)s.", what=words, day=day, why=row.undone_why))
        said.append(f"{contest.name}: {words}")
    if said:
        order = "; ".join(
            f"{number}. {given.entries[each].name if each in given.entries else '–'}"
            for number, each in enumerate(draw.order, start=1)
        )
        said.append(str(_("%(contest)s, thứ tự sau thay đổi: %(order)s.", contest=contest.name, order=order)))
    return said


def _change_words(row: DrawChange, names: Sequence[str], draw: Draw) -> str:
    day = day_words(local(row.made_at))
    if row.kind is DrawChangeKind.ADDED:
        added = ", ".join(
            str(_("%(name)s (số %(n)s)", name=name, n=draw.order.index(each) + 1)) if each in draw.order else name
            for each, name in zip(row.entries, names, strict=True)
        )
        if row.seed:
            return str(_("ngày %(day)s, được duyệt sau khi bốc thăm, nhận số tiếp theo bằng số gieo %(seed)s: %(added)s.",
                         day=day, seed=row.seed, added=added))  # fmt: skip
        return str(_("ngày %(day)s, được duyệt sau khi bốc thăm, nhận số tiếp theo: %(added)s.", day=day, added=added))
    values = {"day": day, "one": names[0], "other": names[1], "why": row.reason}
    if row.kind is DrawChangeKind.CORRECTED:
        return str(_("ngày %(day)s, sửa số gõ nhầm của «%(one)s» và «%(other)s». Lý do: %(why)s.", **values))
    return str(
        _(
            "ngày %(day)s, «%(one)s» và «%(other)s» đổi số cho nhau theo thỏa thuận của ông (bà) %(head)s và ông (bà) %(second)s. Lý do: %(why)s.",
            **values,
            head=row.heads[0],
            second=row.heads[1],
        )
    )


# ------------------------------------------------------------------------------------------- as a document


def _blocks(values: Mapping[str, Any]) -> list[Block]:
    """The same as paragraphs and tables."""
    blocks: list[Block] = [
        letterhead(((values["organ"], True), (values["number"], False)), values["place_and_day"]),
        Para(values["title"].upper(), "center", bold=True, points=14, space=12),
        Para(values["under"], "center", bold=True),
        Para(values["opening"], space=12),
        *(Para(each, space=3) for each in values["committee"]),
        Para(values["there_title"], bold=True, space=6, keep=True),
        _rows(WIDTHS_THERE, values["there_head"], values["there"], centred=(0, 3)),
        Para(values["absent"], space=3),
    ]
    for each in values["contests"]:
        blocks += [
            Para(each["title"], bold=True, space=9, keep=True),
            Para(each["how"], keep=True),
            _rows(WIDTHS_ORDER, each["head"], each["rows"], centred=(0,)),
        ]
    blocks.append(Para(values["rule"], space=6))
    if values["annex"]:
        blocks.append(Para(values["annex_title"], bold=True, space=9, keep=True))
        blocks += [Para(f"- {each}", space=3) for each in values["annex"]]
    receivers, *who = values["receivers"]
    signers = [tuple(_signing(each)) for each in values["signers"]]
    return [
        *blocks,
        Para(values["closing"], space=6, keep=True),
        DocxTable(tuple(1 for _each in signers), (tuple(signers),), lines=False),
        Para(receivers, bold=True, italic=True, points=12),
        *(Para(each, points=11) for each in who),
    ]


def _rows(
    widths: tuple[int, ...], head: Sequence[str], rows: Sequence[Sequence[str]], centred: Sequence[int]
) -> DocxTable:
    made = [tuple((Para(text, "center", bold=True, points=11),) for text in head)]
    for cells in rows:
        if len(cells) == 1:
            made.append(((Para(cells[0], bold=True, points=11),),))
        else:
            made.append(
                tuple((Para(text, "center" if at in centred else "left", points=11),) for at, text in enumerate(cells))
            )
    return DocxTable(widths, tuple(made), head=1)


def _signing(words: Sequence[str]) -> tuple[Para, ...]:
    who, how, name = words
    return (
        Para(who, "center", bold=True, points=12),
        Para(how, "center", italic=True, points=11),
        *(Para("") for _line in range(4)),
        Para(name, "center", bold=True, points=12),
    )
