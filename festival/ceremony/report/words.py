"""In which words do the pages of the report speak?"""

from __future__ import annotations

from festival.ceremony.report.models import ReportLineKind
from festival.core.sentence import N_, Sentence

LINE_WORDS: dict[ReportLineKind, Sentence] = {
    ReportLineKind.INCOME: N_("Khoản thu"),
    ReportLineKind.EXPENDITURE: N_("Khoản chi"),
    ReportLineKind.ARTICLE: N_("Tin, bài báo"),
    ReportLineKind.POST: N_("Bài đăng mạng xã hội"),
    ReportLineKind.BROADCAST: N_("Phát thanh, truyền hình"),
    ReportLineKind.LESSON: N_("Bài học, kiến nghị"),
    ReportLineKind.COMMEND_FAMILY: N_("Gia đình"),
    ReportLineKind.COMMEND_PERSON: N_("Cá nhân"),
    ReportLineKind.COMMEND_UNIT: N_("Tập thể"),
    ReportLineKind.PANEL_WOMAN: N_("Nữ"),
    ReportLineKind.PANEL_MAN: N_("Nam"),
}
MONEY = (ReportLineKind.INCOME, ReportLineKind.EXPENDITURE)
TOLD = (ReportLineKind.ARTICLE, ReportLineKind.POST, ReportLineKind.BROADCAST)
PANEL = (ReportLineKind.PANEL_WOMAN, ReportLineKind.PANEL_MAN)
COMMENDED = (ReportLineKind.COMMEND_FAMILY, ReportLineKind.COMMEND_PERSON, ReportLineKind.COMMEND_UNIT)
