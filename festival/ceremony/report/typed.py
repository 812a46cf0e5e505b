"""What did somebody type for the report? Each group of lines has its page, its kinds and what a line of it must say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from festival.ceremony.report.group_words import GROUP_WORDS, GroupWords
from festival.ceremony.report.lines import LineTyped
from festival.ceremony.report.models import ReportLineKind
from festival.ceremony.report.money import read_vnd
from festival.ceremony.report.words import COMMENDED, MONEY, PANEL, TOLD
from festival.core.names import fold
from festival.core.sentence import Sentence
from festival.core.text import clean, cut, line
from festival.core.web.errors import BadInput

LONGEST_NAME, LONGEST_LESSON, LONGEST_GROUNDS = 300, 2_000, 500


@dataclass(frozen=True, slots=True)
class LineGroup:
    """Lines that are typed on one page."""

    key: str
    kinds: tuple[ReportLineKind, ...]
    words: GroupWords

    @property
    def money(self) -> bool:
        return self.kinds == MONEY

    @property
    def title(self) -> Sentence:
        return self.words.title


GROUPS: dict[str, LineGroup] = {
    key: LineGroup(key, kinds, GROUP_WORDS[key])
    for key, kinds in (
        ("money", MONEY),
        ("told", TOLD),
        ("commended", COMMENDED),
        ("panel", PANEL),
        ("lessons", (ReportLineKind.LESSON,)),
    )
}


def group_of(kind: ReportLineKind) -> LineGroup:
    return next(each for each in GROUPS.values() if kind in each.kinds)


def line_typed(kind: ReportLineKind, form: Mapping[str, str]) -> LineTyped:
    """The line of a form. BadInput, with the box it is about."""
    if kind is ReportLineKind.LESSON:
        return LineTyped(_lesson(form.get("name", "")))
    name, grounds = line(form.get("name", "")), line(form.get("grounds", ""))
    if not name:
        raise BadInput(_("Chưa ghi nội dung. Ghi một dòng rồi lưu."), field="name")
    _not_longer(name, LONGEST_NAME, "name")
    _not_longer(grounds, LONGEST_GROUNDS, "grounds")
    if kind in COMMENDED and not grounds:
        raise BadInput(
            _("Khen thưởng phải có thành tích. Ghi vì sao khen, ví dụ: giải Nhất phần thi tài năng."), field="grounds"
        )
    if kind not in MONEY:
        return LineTyped(name, grounds)
    typed = form.get("amount", "")
    amount = read_vnd(typed)
    if amount is None:
        raise BadInput(
            _("Số tiền ghi bằng đồng, như 12.500.000. Xem lại «%(typed)s».", typed=cut(line(typed), 40)), field="amount"
        )
    return LineTyped(name, grounds, amount)


def panel_name(name: str, seated: Iterable[str]) -> str:
    """The name as it stands in a panel. BadInput when nobody there is called so."""
    found = next((each for each in seated if fold(each) == fold(name)), None)
    if found is None:
        raise BadInput(
            _("Không có giám khảo, thư ký nào tên «%(name)s». Chọn trong danh sách bên dưới.", name=cut(name, 60)),
            field="name",
        )
    return found


def _lesson(typed: str) -> str:
    """Plain text; its lines stay lines."""
    said = "\n".join(each.strip() for each in clean(typed).strip().splitlines() if each.strip())
    if not said:
        raise BadInput(_("Chưa ghi nội dung. Ghi một dòng rồi lưu."), field="name")
    _not_longer(said, LONGEST_LESSON, "name")
    return said


def _not_longer(said: str, most: int, field: str) -> None:
    if len(said) > most:
        raise BadInput(_("Dài quá %(most)s chữ. Rút gọn lại, hoặc tách thành hai dòng.", most=most), field=field)
