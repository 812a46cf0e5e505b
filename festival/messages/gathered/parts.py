"""Of which parts is a message made, in the words of its reader, as text to copy and as the values of a picture?

A part answers one question; whoever has another answer adds a function to `PARTS`. What must not be in a picture (links,
phone numbers) is `text_only`: a picture wanders further than the group it was sent to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from festival.core.clock import local
from festival.core.web.i18n import clock, day, say
from festival.logistics.models import MealKind
from festival.logistics.words import MEAL_WORDS
from festival.messages.gathered.reading import Notice

Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MessagePart:
    """A heading and its lines; a line has a `lead` (an hour) or "". `of_names`: one without is a family, above its own lines."""

    heading: str
    lines: tuple[tuple[str, str], ...]
    text_only: bool = False
    of_names: bool = False


def _changes(_facts: Facts, notice: Notice) -> MessagePart | None:
    """What is otherwise than in the message before; first, because it is why they are written to again."""
    lines: list[tuple[str, str]] = []
    for family in notice["changed"]:
        if notice["kind"] == "delegation":
            lines.append(("", family["name"] or _("Gia đình không còn dự thi")))
        lines += [(when(change), change_said(change)) for change in family["changes"]]
    if not lines:
        return None
    return MessagePart(_("Đã đổi so với tin trước"), tuple(lines), of_names=notice["kind"] == "delegation")


def change_said(change: Mapping[str, Any]) -> str:
    """«Gia đình tài năng, Sân khấu A: muộn hơn 20 phút, trước là 7 giờ 30, 14/6»."""
    what = f"{change['contest']}, {change['stage']}"
    was = when({"at": change["old_at"]})
    if change["kind"] == "added":
        return str(_("thêm lượt %(what)s", what=what))
    if change["kind"] == "removed":
        return str(_("không còn lượt %(what)s", what=what))
    if change["stage"] != change["old_stage"]:
        return str(_("%(what)s; trước là %(was)s, %(stage)s", what=what, was=was, stage=change["old_stage"]))
    if change["later_min"] > 0:
        return str(_("%(what)s: muộn hơn %(n)s phút, trước là %(was)s", what=what, n=change["later_min"], was=was))
    if change["later_min"] < 0:
        return str(_("%(what)s: sớm hơn %(n)s phút, trước là %(was)s", what=what, n=-change["later_min"], was=was))
    return str(_("%(what)s: nay là thứ tự %(n)s", what=what, n=change["number"]))


def _turns(_facts: Facts, notice: Notice) -> MessagePart | None:
    """When and where the family is on."""
    if notice["kind"] != "family":
        return None
    if not notice["turns"]:
        return MessagePart(_("Lượt thi"), (("", _("Lịch thi chưa công bố. Ban Tổ chức sẽ báo khi có.")),))
    return MessagePart(_("Lượt thi"), tuple((when(turn), _where(turn)) for turn in notice["turns"]))


def _families(_facts: Facts, notice: Notice) -> MessagePart | None:
    """The delegation's families, each with its turns."""
    if notice["kind"] != "delegation":
        return None
    lines: list[tuple[str, str]] = []
    for family in notice["families"]:
        lines.append(("", family["name"] if family["turns"] else _("%(name)s: chưa có lượt thi", name=family["name"])))
        lines += [(when(turn), _where(turn)) for turn in family["turns"]]
    return MessagePart(_("Các gia đình và lượt thi"), tuple(lines), of_names=True) if lines else None


def _bring(_facts: Facts, notice: Notice) -> MessagePart | None:
    """What to bring."""
    card = (
        _("Thẻ dự thi có mã QR, in ra hoặc lưu ảnh trên điện thoại")
        if notice["kind"] == "family"
        else _("Mỗi gia đình mang thẻ dự thi có mã QR, in ra hoặc lưu ảnh trên điện thoại")
    )
    own = [each.strip(" -•\t") for each in notice["bring"].splitlines()]
    lines = [each for each in own if each] or [_("Trang phục, đạo cụ của tiết mục")]
    return MessagePart(_("Mang theo"), tuple(("", each) for each in [card, *lines]))


def _travel(_facts: Facts, notice: Notice) -> MessagePart | None:
    """When everybody meets there, and when the bus goes home."""
    lines = []
    if notice["arrives_at"]:
        at = local(datetime.fromisoformat(notice["arrives_at"]))
        lines.append((f"{clock(at)}, {at.day}/{at.month}", notice["place"] or _("Có mặt")))
    lines += [("", each.strip()) for each in notice["bus_home"].splitlines() if each.strip()]
    return MessagePart(_("Đi và về"), tuple(lines)) if lines else None


def _meals(_facts: Facts, notice: Notice) -> MessagePart | None:
    """Which meals are there; in the delegation's own message for how many."""
    days: dict[str, list[str]] = {}
    for meal in notice["meals"]:
        word = say(MEAL_WORDS[MealKind(meal["kind"])])
        several = _("%(meal)s (%(n)s suất)", meal=word, n=meal["portions"])
        days.setdefault(meal["day"], []).append(several if notice["kind"] == "delegation" else word)
    lines = [
        (f"{at.day}/{at.month}", ", ".join(words))
        for at, words in ((date.fromisoformat(on), words) for on, words in days.items())
    ]
    return MessagePart(_("Bữa ăn"), tuple(lines)) if lines else None


def _link(facts: Facts, notice: Notice) -> MessagePart | None:
    """The family's own page with its pass."""
    if notice["kind"] != "family":
        return None
    address = f"{facts['address']}/g/{notice['link']}"
    return MessagePart(_("Thẻ và trang riêng của gia đình (không chia sẻ)"), (("", address),), text_only=True)


def _programme(facts: Facts, _notice: Notice) -> MessagePart | None:
    """The public pages."""
    return MessagePart(_("Chương trình mới nhất"), (("", f"{facts['address']}/programme"),), text_only=True)


def _help(facts: Facts, _notice: Notice) -> MessagePart | None:
    """Whom to call."""
    if not facts["help_line"]:
        return None
    return MessagePart(_("Cần giúp"), (("", facts["help_line"]),), text_only=True)


PARTS: tuple[Callable[[Facts, Notice], MessagePart | None], ...] = (
    _changes,
    _turns,
    _families,
    _travel,
    _meals,
    _bring,
    _link,
    _programme,
    _help,
)


def parts_of(facts: Facts, notice: Notice) -> list[MessagePart]:
    """Those that have something to say."""
    return [part for part in (each(facts, notice) for each in PARTS) if part is not None]


def when(turn: Mapping[str, Any]) -> str:
    """The hour and the day of a turn."""
    at = local(datetime.fromisoformat(turn["at"]))
    return f"{clock(at)}, {at.day}/{at.month}"


def _where(turn: Mapping[str, Any]) -> str:
    what = f"{turn['contest']}, {turn['stage']}"
    if turn["number"]:  # a match of a later round has none
        what = str(
            _("%(contest)s, %(stage)s, thứ tự %(n)s", contest=turn["contest"], stage=turn["stage"], n=turn["number"])
        )
    if "works_from" not in turn:
        return what
    begins = clock(local(datetime.fromisoformat(turn["works_from"])))
    return str(_("%(what)s; cùng làm từ %(at)s, giờ này là lúc trình bày", what=what, at=begins))


def _under(facts: Facts) -> str:
    first, last = date.fromisoformat(facts["starts_on"]), date.fromisoformat(facts["ends_on"])
    days = day(first) if first == last else f"{day(first)} – {day(last)}"
    return f"{days}, {facts['venue']}" if facts["venue"] else days


def text_of(facts: Facts, notice: Notice) -> str:
    """To copy into a group: no mark-up, so that it is the same in every program."""
    blocks = [f"{facts['name']}\n{_under(facts)}\n\n{notice['name']}"]
    for part in parts_of(facts, notice):
        lines = [f"- {lead}: {text}" if lead else f"• {text}" for lead, text in part.lines]
        blocks.append("\n".join([part.heading.upper(), *lines]))
    return "\n\n".join(blocks)


def _line(part: MessagePart, lead: str, text: str) -> dict[str, object]:
    return {"lead": lead, "text": text, "name": part.of_names and not lead}


def picture_of(facts: Facts, notice: Notice) -> dict[str, Any]:
    """The values templates/messages/notice.typ draws."""
    foot = _("Ban Tổ chức: %(organiser)s", organiser=facts["organiser"]) if facts["organiser"] else facts["short_name"]
    return {
        "over": facts["name"],
        "title": notice["name"],
        "under": _under(facts),
        "blocks": [
            {"heading": part.heading, "lines": [_line(part, lead, text) for lead, text in part.lines]}
            for part in parts_of(facts, notice)
            if not part.text_only
        ],
        "foot": foot,
    }
