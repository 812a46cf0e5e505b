"""What does the report say on paper, section by section? Vietnamese, whoever prints it; plain values that every form is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from festival.ceremony.report.content import ReportContent, ReportedLine, Stamp
from festival.ceremony.report.counting.tables import Cell, FigureTable
from festival.ceremony.report.models import ReportLineKind
from festival.ceremony.report.words import COMMENDED, LINE_WORDS, TOLD
from festival.core.clock import local
from festival.core.web.i18n import say
from festival.results.award_papers.said import vnd_in_words

NOT_SHOWN = "…"
CODE_DIGITS = 16
SECTIONS: tuple[tuple[str, ...], ...] = (
    ("units", "arrivals"),
    ("ages", "units_ages", "households", "ethnic"),
    ("contests", "equality"),
    ("awards", "receivers"),
    ("programme",),
)


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table in words; numbers stay numbers. `bars`: words and number of what is drawn."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    note: str = ""
    bars: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PaperSection:
    """A numbered part of the report."""

    title: str
    texts: tuple[str, ...] = ()
    tables: tuple[PaperTable, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportPaper:
    """All that stands on it."""

    organ: str
    number: str
    place_and_day: str
    title: str
    under: str
    lead: str
    sections: tuple[PaperSection, ...]
    receivers: tuple[str, ...]
    signer: tuple[str, str]
    code: str


def paper_of(content: ReportContent, stamp: Stamp) -> ReportPaper:
    """The report in words."""
    with force_locale("vi"):
        made = local(stamp.made_at)
        festival = content.festival
        begins, ends = date.fromisoformat(festival["starts_on"]), date.fromisoformat(festival["ends_on"])
        return ReportPaper(
            organ=(festival["organiser"] or str(_("Ban Tổ chức"))).upper(),
            number=str(_("Số: ……/BC-BTC")),
            place_and_day=str(_("……, ngày …… tháng …… năm %(year)s", year=made.year)),
            title=str(_("BÁO CÁO")),
            under=str(_("Kết quả tổ chức %(name)s", name=festival["name"])),
            lead=_lead(content, begins, ends),
            sections=_sections(content),
            receivers=(str(_("Nơi nhận:")), "- ……;", str(_("- Lưu: VT."))),
            signer=(str(_("TM. BAN TỔ CHỨC\nTRƯỞNG BAN")), str(_("(Ký, ghi rõ họ tên, đóng dấu)"))),
            code=_code(stamp),
        )


def _code(stamp: Stamp) -> str:
    made = local(stamp.made_at)
    said = _(
        "Bản %(number)s, làm lúc %(clock)s ngày %(day)s, mã %(code)s",
        number=stamp.number,
        clock=f"{made.hour}:{made.minute:02d}",
        day=_day(made.date()),
        code=stamp.sha256[:CODE_DIGITS],
    )
    return str(said) if stamp.replaces is None else f"{said}, {_('thay bản %(number)s', number=stamp.replaces)}"


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _lead(content: ReportContent, begins: date, ends: date) -> str:
    totals = content.totals
    when = _("Từ %(first)s đến %(last)s", first=_day(begins), last=_day(ends)) if begins != ends else _day(begins)
    if not totals["families"]:
        return str(_("%(when)s. Kỳ này không có gia đình nào được duyệt dự ngày hội.", when=when))
    said = _(
        "%(when)s: %(delegations)s đoàn, %(families)s gia đình với %(members)s người, %(entries)s tiết mục và đội dự %(contests)s phần thi;"
        " %(came)s người đã đến; %(awards)s giải của các phần thi.",
        when=when,
        **totals,
    )
    return str(said)


def _sections(content: ReportContent) -> tuple[PaperSection, ...]:
    titles = (
        _("Đoàn, gia đình, người tham dự"),
        _("Lứa tuổi, giới, loại hộ, dân tộc"),
        _("Phần thi"),
        _("Giải thưởng"),
        _("Chương trình"),
    )
    tables = {each.key: each for each in (*content.tables, *content.sensitive)}
    found = [
        PaperSection(str(title), (), tuple(table_said(tables[key]) for key in keys if key in tables))
        for title, keys in zip(titles, SECTIONS, strict=True)
    ]
    found += [_money(content), _told(content), _commended(content), _compared(content), _lessons(content)]
    return tuple(
        PaperSection(f"{_roman(number)}. {each.title}", each.texts, each.tables)
        for number, each in enumerate(found, start=1)
    )


def _roman(number: int) -> str:
    return ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")[number - 1]


def table_said(table: FigureTable) -> PaperTable:
    """A table of figures in words."""
    return PaperTable(
        say(table.title),
        ("", *(say(words) for _key, words in table.columns)),
        tuple((say(row.label), *(_cell(cell) for cell in row.cells)) for row in table.rows),
        say(table.note) if table.note else "",
        tuple((say(words), number) for words, number in table.bars),
    )


def _cell(cell: Cell) -> str | int:
    return NOT_SHOWN if cell is None else cell if isinstance(cell, int) else say(cell)


def _money(content: ReportContent) -> PaperSection:
    tables, texts = [], []
    for kind in (ReportLineKind.INCOME, ReportLineKind.EXPENDITURE):
        lines = content.of(kind)
        if not lines:
            continue
        total = content.sum_vnd(kind)
        rows = [(each.name, each.grounds, each.amount_vnd or 0) for each in lines]
        tables.append(
            PaperTable(
                say(LINE_WORDS[kind]),
                (str(_("Nội dung")), str(_("Chứng từ, ghi chú")), str(_("Số tiền (đồng)"))),
                (*rows, (str(_("Cộng")), "", total)),
            )
        )
        texts.append(f"{say(LINE_WORDS[kind])}: {vnd_in_words(total)}.")
    return PaperSection(str(_("Kinh phí")), tuple(texts) or (_nothing(),), tuple(tables))


def _told(content: ReportContent) -> PaperSection:
    rows = [(say(LINE_WORDS[kind]), each.name, each.grounds) for kind in TOLD for each in content.of(kind)]
    head = (str(_("Loại")), str(_("Tên bài, chương trình")), str(_("Nơi đăng, phát")))
    counted = tuple(f"{say(LINE_WORDS[kind])}: {len(content.of(kind))}." for kind in TOLD if content.of(kind))
    return _listed(str(_("Truyền thông")), head, rows, counted)


def _commended(content: ReportContent) -> PaperSection:
    rows = [(say(LINE_WORDS[kind]), each.name, each.grounds) for kind in COMMENDED for each in content.of(kind)]
    head = (str(_("Đối tượng")), str(_("Tên")), str(_("Thành tích")))
    return _listed(str(_("Đề nghị khen thưởng, biểu dương")), head, rows)


def _listed(
    title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]], texts: tuple[str, ...] = ()
) -> PaperSection:
    if not rows:
        return PaperSection(title, (_nothing(),))
    return PaperSection(title, texts, (PaperTable(title, head, tuple(rows)),))


def _compared(content: ReportContent) -> PaperSection:
    title = str(_("So với kỳ trước"))
    if content.compared is None:
        return PaperSection(title, (str(_("Không có kỳ ngày hội trước trong hệ thống.")),))
    return PaperSection(title, (), (table_said(content.compared),))


def _lessons(content: ReportContent) -> PaperSection:
    lessons: list[ReportedLine] = content.of(ReportLineKind.LESSON)
    said = tuple(f"{number}. {each.name}" for number, each in enumerate(lessons, start=1))
    return PaperSection(str(_("Bài học, kiến nghị")), said or (_nothing(),))


def _nothing() -> str:
    return str(_("Không có nội dung."))
