"""The report of a festival is typed, made, drawn, taken back and used again; every step recorded."""

from __future__ import annotations

from festival.ceremony.report import lines, versions
from festival.ceremony.report.lines import LineTyped
from festival.ceremony.report.models import ReportLineKind
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival


def told(festival_id: int, staff: int) -> None:
    """A line put right, one taken back and brought back, one taken back; two versions, the first taken back and used again."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        spent = lines.add_line(festival, ReportLineKind.EXPENDITURE, LineTyped("Âm thanh", "PC 5", 12_500_000), staff)
        lines.correct_line(festival, spent.id, 1, LineTyped("Âm thanh, ánh sáng", "PC 5", 13_000_000), staff)
        commended = LineTyped("Gia đình ông Danh Mẫu", "Giải Nhất phần thi tài năng")
        family = lines.add_line(festival, ReportLineKind.COMMEND_FAMILY, commended, staff)
        lines.take_back_line(festival, family.id, 1, staff)
        lines.bring_back_line(festival, family.id, 2, staff)
        lesson = lines.add_line(festival, ReportLineKind.LESSON, LineTyped("Mở cổng sớm hơn"), staff)
        lines.take_back_line(festival, lesson.id, 1, staff)
        judge = lines.add_line(festival, ReportLineKind.PANEL_MAN, LineTyped("Giám khảo Mẫu"), staff)
        lines.take_back_line(festival, judge.id, 1, staff)
        lines.add_line(festival, ReportLineKind.PANEL_WOMAN, LineTyped("Giám khảo Mẫu"), staff)
    with transaction():
        first = versions.make_version(festival_id, staff).number
    versions.draw_waiting()
    with transaction():
        versions.take_back_version(festival_id, first, 1, "làm thử", staff)
        versions.reinstate_version(festival_id, first, 2, staff)
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        lines.add_line(festival, ReportLineKind.ARTICLE, LineTyped("Ngày hội khai mạc", "Báo tỉnh"), staff)
        versions.make_version(festival_id, staff)
        versions.take_back_version(festival_id, first, 3, "thay bằng bản sau", staff)
