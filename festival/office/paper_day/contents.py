"""What lies in the pack of a paper day? Each file with the template it is drawn from and its values, as JSON.

Everything with which a day without power goes on: lists of the gates, running orders, empty score sheets, tally forms,
telephone numbers, and one page that says what is what and where it is typed in afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from festival.accounts.models import User
from festival.accounts.words import ROLE_WORDS
from festival.checkin import desk
from festival.checkin.merge import day_window
from festival.checkin.paper import lists
from festival.checkin.paper.lists import DelegationList, PaperGroup
from festival.contests.models import Contest, ResultKind
from festival.contests.queries import contests
from festival.core.database import db
from festival.core.names import fold
from festival.core.web.i18n import clock, day, moment
from festival.editions.models import Festival
from festival.judging.sheets import blank_sheets
from festival.judging.tally import Tally, read_tallies
from festival.logistics.models import DelegationStay
from festival.roster.models import Delegation, EntryState, Family, FamilyState, Person
from festival.roster.shown.public_names import names_held
from festival.schedule.published.following import followed
from festival.schedule.queries import session_title

TABLES = "office/paper_day/tables.typ"
PEOPLE_A_FILE = 800
SLIPS_A_FILE = 100
MOST_JUDGES = 12  # columns of a tally form

File = dict[str, Any]
Table = dict[str, Any]


def files_of(festival: Festival, at: datetime) -> list[File]:
    """The files of the pack in the order of the day; the first says what the others are for."""
    found = [*_gates(festival, at), *_running_orders(festival, at), *_judging(festival, at), *_phones(festival, at)]
    return [_read_first(festival, at, found), *found]


def _tables(name: str, title: str, under: str, tables: Sequence[Table], *, wide: bool = False) -> File:
    values = {"title": title, "under": under, "tables": list(tables), "wide": wide}
    return {"name": f"{name}.pdf", "template": TABLES, "values": values}


def _plain(words: str) -> str:
    return "-".join(fold(words).split())[:60] or "cong"


def _made(festival: Festival, at: datetime) -> str:
    words: str = _("%(festival)s. Lập lúc %(at)s", festival=festival.name, at=moment(at))
    return words


def _gates(festival: Festival, at: datetime) -> Iterator[File]:
    """Every gate has the whole list: nobody knows beforehand where a family comes in."""
    every = lists.delegation_lists(festival.id)
    if not every:
        return
    stations = {_plain(station): station for station, _seen in desk.gates_seen(festival.id) if station}
    for gate in stations.values() or [""]:
        parts = list(_in_parts(every))
        for number, part in enumerate(parts, 1):
            which = f"-{number}" if len(parts) > 1 else ""
            values = lists.paper_values(festival, part, gate, "", "", at)
            name = f"1-danh-sach-cong/{_plain(gate or _('Cổng'))}{which}.pdf"
            yield {"name": name, "template": lists.TEMPLATE, "values": values}


def _in_parts(every: Sequence[DelegationList]) -> Iterator[list[DelegationList]]:
    """Delegations side by side until a document is full; one that is larger than a document is divided."""
    part: list[DelegationList] = []
    for each in (piece for one in every for piece in _pieces(one)):
        if part and sum(one.people for one in part) + each.people > PEOPLE_A_FILE:
            yield part
            part = []
        part.append(each)
    if part:
        yield part


def _pieces(one: DelegationList) -> Iterator[DelegationList]:
    groups: list[PaperGroup] = []
    for group in one.groups:
        if groups and sum(len(each.people) for each in groups) + len(group.people) > PEOPLE_A_FILE:
            yield replace(one, groups=tuple(groups))
            groups = []
        groups.append(group)
    yield replace(one, groups=tuple(groups))


def _running_orders(festival: Festival, at: datetime) -> Iterator[File]:
    """A file a day; they are hung up, so names stand on them as in public."""
    held = names_held(festival.id)
    by_day: dict[str, list[Table]] = {}
    follows = followed(festival.id)
    for row in follows.sessions:
        acts = [act for act in row.acts if act.entry.state is EntryState.ENROLLED]
        if not acts:
            continue
        lines = []
        for act in acts:
            entry = act.entry
            title = held.text(entry.family_id, entry.title)
            name = held.family(entry.family_id, entry.name)
            number = "" if entry.number is None else str(entry.number)
            lines.append([clock(act.starts_at), number, f"{name}. {title}" if title else name,
                          entry.delegation.unit.full_name, "", ""])  # fmt: skip
        head = [_("Giờ"), _("Số"), _("Gia đình, tiết mục"), _("Đơn vị"), _("Đã lên"), _("Ghi chú")]
        table = {"title": session_title(row), "under": f"{row.stage.name}, {moment(row.starts_at)}", "head": head,
                 "widths": [14, 6, 32, 20, 8, 12], "rows": lines, "new_page": True}  # fmt: skip
        by_day.setdefault(day_window(row.starts_at), []).append(table)
    for iso, tables in sorted(by_day.items()):
        of = _("Phiên bản %(n)s", n=follows.version) if follows.version else _("Nháp, chưa công bố")
        title = f"{_('Thứ tự biểu diễn')} – {of}"
        yield _tables(f"2-thu-tu-bieu-dien/{iso}", title, _made(festival, at), tables)


def _judging(festival: Festival, at: datetime) -> Iterator[File]:
    """Empty sheets of what judges mark, and one form to add up by hand for every contest."""
    those = [each for each in contests(festival.id) if each.result_kind is not ResultKind.SUM]
    tallies = [tallied for tallied in read_tallies(those).values() if tallied.appearances]
    for tallied in tallies:
        if tallied.contest.result_kind is not ResultKind.RUBRIC:
            continue
        plan = blank_sheets.plan_of(tallied)
        parts = range(0, len(plan["slips"]), SLIPS_A_FILE)
        for number, start in enumerate(parts, 1):
            which = f"-{number}" if len(parts) > 1 else ""
            slips = {**plan, "slips": plan["slips"][start : start + SLIPS_A_FILE]}
            yield {"name": f"3-phieu-cham/{tallied.contest.code}{which}.html", "slips": slips}
    for tallied in tallies:
        table = _tally_table(tallied)
        name = f"4-phieu-tong-hop/{tallied.contest.code}"
        wide = len(table["head"]) > 8
        yield _tables(name, _("Phiếu tổng hợp ghi tay"), _made(festival, at), [table], wide=wide)


def _tally_table(tallied: Tally) -> Table:
    """An entry a line, a judge a column; of what is counted or timed a column for each try."""
    contest = tallied.contest
    if contest.result_kind is ResultKind.RUBRIC:
        columns = [_("GK %(letter)s", letter=seat.letter) for seat in tallied.seats[:MOST_JUDGES]]
        columns += [_("Tổng"), _("Trừ"), _("Điểm"), _("Hạng")]
    else:
        columns = [_("Lần %(n)s", n=number) for number in range(1, _tries(contest) + 1)] + [_("Kết quả"), _("Hạng")]
    rows = [
        [
            "" if each.on_sheets is None else str(each.on_sheets),
            "" if each.plate is not None else f"{each.name}, {each.delegation}",
            *[""] * len(columns),
        ]
        for each in tallied.appearances
    ]
    return {"title": contest.name, "under": _("Người cộng và người kiểm lại ký ở cuối phiếu."),
            "head": [_("Số"), _("Gia đình, đoàn"), *columns], "widths": [5, 30, *[8] * len(columns)],
            "rows": rows, "tall": True, "signers": [_("NGƯỜI CỘNG"), _("NGƯỜI KIỂM LẠI")]}  # fmt: skip


def _tries(contest: Contest) -> int:
    return max(1, min(6, contest.attempts))


def _phones(festival: Festival, at: datetime) -> Iterator[File]:
    """Whom to call when the page with the numbers does not open."""
    delegations = db.session.execute(
        select(Delegation.id, Delegation.name, Delegation.head_name, Delegation.head_phone, DelegationStay.driver_phone)
        .outerjoin(DelegationStay, DelegationStay.delegation_id == Delegation.id)
        .where(Delegation.festival_id == festival.id)
        .order_by(Delegation.position, Delegation.name)
    ).all()
    heads = {"title": _("Trưởng đoàn và tài xế"), "under": "", "widths": [24, 22, 13, 13],
             "head": [_("Đoàn"), _("Trưởng đoàn"), _("Điện thoại"), _("Tài xế")],
             "rows": [[row.name, row.head_name, row.head_phone, row.driver_phone or ""] for row in delegations]}  # fmt: skip
    yield _tables("5-dien-thoai/doan", _("Danh bạ ngày hội"), _made(festival, at), [heads, _staff()])
    families = db.session.execute(
        select(Family.delegation_id, Family.name, _number_of_family().label("phone"))
        .where(Family.festival_id == festival.id, Family.state == FamilyState.APPROVED)
        .order_by(Family.id)
    ).all()
    tables = []
    for row in delegations:
        lines = [[each.name, each.phone] for each in families if each.delegation_id == row.id]
        if lines:
            tables.append({"title": row.name, "under": "", "widths": [30, 14], "rows": lines,
                           "head": [_("Gia đình"), _("Điện thoại")]})  # fmt: skip
    if tables:
        yield _tables("5-dien-thoai/gia-dinh", _("Danh bạ gia đình"), _made(festival, at), tables)


def _number_of_family() -> ColumnElement[str]:
    """The family's own number; without one the representative's, then anybody's of the family."""
    theirs = (
        select(Person.phone)
        .where(Person.family_id == Family.id, Person.phone != "", ~Person.out)
        .order_by(Person.representative.desc(), Person.position, Person.id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(func.nullif(Family.phone, ""), theirs, "")


def _staff() -> Table:
    """Everybody with an account and a number; who only registers families is called through the delegation."""
    users = db.session.scalars(select(User).where(User.active, User.phone != "").order_by(User.name, User.id))
    rows = [
        [user.name, ", ".join(sorted(str(ROLE_WORDS[each.role]) for each in user.roles)), user.phone] for user in users
    ]
    return {"title": _("Ban Tổ chức và người làm việc"), "under": "", "widths": [24, 34, 14],
            "head": [_("Họ và tên"), _("Việc"), _("Điện thoại")], "rows": rows}  # fmt: skip


def _read_first(festival: Festival, at: datetime, found: Sequence[File]) -> File:
    """What each folder is for, and where it is typed in when there is power again."""
    folders = {each["name"].split("/")[0] for each in found}
    said = [
        ("1-danh-sach-cong", _("Mỗi cổng một bộ. Đánh dấu người đã vào, ghi giờ."), _("Điểm danh, Điểm danh trên giấy")),
        ("2-thu-tu-bieu-dien", _("Treo ở sân khấu, MC và âm thanh giữ một bản. Đánh dấu tiết mục đã lên."),
         _("Sân khấu, bấm từng tiết mục")),
        ("3-phieu-cham", _("Mỗi giám khảo một tập. Mở tệp bằng trình duyệt rồi in."),
         _("Ban giám khảo, Nhập phiếu giấy (hai người gõ)")),
        ("4-phieu-tong-hop", _("Thư ký cộng tay, người thứ hai cộng lại. Chỉ để biết tạm."),
         _("Không nhập: hệ thống tính lại từ phiếu chấm")),
        ("5-dien-thoai", _("Trưởng nhóm cổng và Ban Tổ chức giữ. Không treo, không chụp gửi nhóm."), _("Không nhập")),
    ]  # fmt: skip
    rows = [[folder, what, where] for folder, what, where in said if folder in folders]
    table = {"title": _("Trong bộ giấy có gì"), "under": _("Có họ tên và số điện thoại: hết ngày hội thu lại và hủy."),
             "head": [_("Thư mục"), _("Dùng thế nào"), _("Có điện lại thì nhập ở")], "widths": [16, 30, 24], "rows": rows}  # fmt: skip
    days = f"{day(festival.starts_on)} – {day(festival.ends_on)}"
    return _tables("0-doc-truoc", _("Ngày làm bằng giấy"), f"{_made(festival, at)}. {days}", [table])
