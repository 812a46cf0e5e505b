"""Is what was typed of a founding decision, or of a panel's meeting, good? BadInput says which box, and what to write in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask_babel import gettext as _

from festival.core.clock import local
from festival.core.numbers import typed_number
from festival.core.text import line
from festival.core.web.errors import BadInput
from festival.core.web.i18n import day as day_words
from festival.registration.signing.typed import LONGEST_NUMBER, day_of
from festival.results.ladder.states import MinutesSigner
from festival.results.meeting.told import FoundingTold, MeetingTold
from festival.schedule.editing.typed import moment_typed

MOST_COPIES, MOST_LINES, LONGEST = 50, 20, 200
LONGEST_MEETING = timedelta(hours=12)
PRESENT, ABSENT = "present", "absent"


def founding_typed(form: Mapping[str, str], today: date) -> FoundingTold:
    """A decision as it stands on its paper."""
    number, signer = line(form.get("number", "")), line(form.get("signer", ""))
    if not number:
        raise BadInput(_("Ghi số quyết định như trên giấy, ví dụ 105/QĐ-UBND."), field="number")
    if len(number) > LONGEST_NUMBER:
        raise BadInput(_("Số quyết định dài quá %(n)s ký tự.", n=LONGEST_NUMBER), field="number")
    day = day_of(form.get("day", ""), _("Ghi ngày quyết định như 14/6/2026."))
    if day > today:
        raise BadInput(_("Ngày quyết định %(day)s chưa đến. Xem lại ngày trên giấy.", day=day_words(day)), field="day")
    if not signer:
        raise BadInput(_("Ghi ai ký quyết định, ví dụ Chủ tịch Ủy ban nhân dân tỉnh."), field="signer")
    return FoundingTold(number, day, _short(signer, "signer"))


def meeting_typed(form: Mapping[str, str], panel: Sequence[MinutesSigner], locked_on: date) -> MeetingTold:
    """All of it at once. `locked_on`: the meeting was not long before the marks were closed."""
    held = day_of(form.get("held_on", ""), _("Ghi ngày họp như 14/6/2026."), field="held_on")
    if abs((held - locked_on).days) > 60:
        words = _("Ngày họp %(day)s cách ngày khóa điểm quá xa. Xem lại năm và tháng.", day=day_words(held))
        raise BadInput(words, field="held_on")
    opened = _hour(form.get("opened", ""), held, "opened")
    closed = _hour(form["closed"], held, "closed") if form.get("closed", "").strip() else ""
    if closed and _lasts(opened, closed) > LONGEST_MEETING:
        raise BadInput(
            _("Họp từ %(opened)s đến %(closed)s là quá 12 giờ. Xem lại giờ bắt đầu, giờ kết thúc.", opened=opened, closed=closed),
            field="closed",
        )  # fmt: skip
    present, absent = _attendance(form, panel)
    copies = typed_number(form.get("copies", ""))
    if copies is None or not 1 <= copies <= MOST_COPIES:
        raise BadInput(_("Số bản là số từ 1 đến %(n)s.", n=MOST_COPIES), field="copies")
    return MeetingTold(
        held,
        opened,
        closed,
        _short(line(form.get("place", "")), "place"),
        present,
        absent,
        _lines(form.get("guests", ""), "guests"),
        copies,
        _lines(form.get("receivers", ""), "receivers"),
    )


def _attendance(
    form: Mapping[str, str], panel: Sequence[MinutesSigner]
) -> tuple[tuple[int, ...], tuple[tuple[int, str], ...]]:
    present, absent = [], []
    for each in panel:
        field, why = f"there-{each.judge_id}", line(form.get(f"why-{each.judge_id}", ""))
        said = form.get(field, "")
        if said not in (PRESENT, ABSENT):
            raise BadInput(_("Chọn có mặt hay vắng cho %(name)s.", name=each.name), field=field)
        if said == PRESENT and why:
            raise BadInput(
                _("%(name)s có mặt nhưng có ghi lý do vắng. Xóa lý do, hoặc chọn vắng.", name=each.name), field=field
            )
        if said == ABSENT and not why:
            raise BadInput(_("Ghi lý do vắng của %(name)s.", name=each.name), field=f"why-{each.judge_id}")
        if said == PRESENT:
            present.append(each.judge_id)
        else:
            absent.append((each.judge_id, _short(why, f"why-{each.judge_id}")))
    if panel and not present:
        raise BadInput(_("Không ai có mặt thì không có cuộc họp nào để ghi."), field=f"there-{panel[0].judge_id}")
    return tuple(present), tuple(absent)


def _hour(typed: str, held: date, field: str) -> str:
    try:
        return f"{local(moment_typed(held, typed)):%H:%M}"
    except BadInput as wrong:
        raise BadInput(str(wrong.message), field=field) from wrong


def _lasts(opened: str, closed: str) -> timedelta:
    minutes = [60 * int(each[:2]) + int(each[3:]) for each in (opened, closed)]
    return timedelta(minutes=(minutes[1] - minutes[0]) % (24 * 60))


def _lines(typed: str, field: str) -> tuple[str, ...]:
    """One on each line."""
    found = tuple(_short(each, field) for each in map(line, typed.splitlines()) if each)
    if len(found) > MOST_LINES:
        raise BadInput(_("Nhiều nhất %(n)s dòng.", n=MOST_LINES), field=field)
    return found


def _short(words: str, field: str) -> str:
    if len(words) > LONGEST:
        raise BadInput(_("Dài quá %(n)s ký tự. Viết ngắn lại.", n=LONGEST), field=field)
    return words
