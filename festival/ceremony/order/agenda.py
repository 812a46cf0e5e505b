"""What follows what in a ceremony, how long, who speaks, and at which hour? Pure.

Items are numbered once and keep their number. One that is taken away stays behind the others and can be put back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from festival.core.numbers import typed_number
from festival.core.old_fonts import written_fault
from festival.core.sentence import N_, Sentence
from festival.core.text import line

LONGEST = {"what": 160, "who": 160, "note": 300, "sound": 200}
MOST_MINUTES = 240
MOST_MICROPHONES = 50
MOST_ITEMS = 60
HOLDS = ("guests", "keepsakes", "awards")

NO_WHAT = N_("Ghi tên mục, ví dụ: Diễn văn khai mạc.", "agenda_what")
NO_MINUTES = N_("Ghi số phút bằng chữ số, từ 0 đến %(most)s.", "agenda_minutes", most=MOST_MINUTES)
NO_MICROPHONES = N_("Ghi số micro bằng chữ số, từ 0 đến %(most)s.", "agenda_microphones", most=MOST_MICROPHONES)
NO_HOUR = N_("Ghi giờ bắt đầu theo kiểu 19:30; chưa biết thì để trống.", "agenda_hour")
TOO_LONG = N_("Dài %(n)s ký tự; nhiều nhất %(most)s. Viết ngắn lại.", "agenda_long")


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One item. `holds`: which list is read in it; `entry`: the code of an act whose track is played."""

    what: str
    minutes: int = 0
    who: str = ""
    note: str = ""
    sound: str = ""
    microphones: int = 0
    holds: str = ""
    entry: str = ""
    number: int = 0
    away: bool = False


@dataclass(frozen=True, slots=True)
class CeremonyAgenda:
    """The items in their order, and when the first one begins ("19:30", '' while nobody knows)."""

    begins: str = ""
    items: tuple[AgendaItem, ...] = field(default=())

    @property
    def standing(self) -> tuple[AgendaItem, ...]:
        return tuple(each for each in self.items if not each.away)

    @property
    def away(self) -> tuple[AgendaItem, ...]:
        return tuple(each for each in self.items if each.away)

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return sum(each.minutes for each in self.standing)

    def item(self, number: int) -> AgendaItem | None:
        return next((each for each in self.items if each.number == number), None)

    def hours(self) -> dict[int, str]:
        """By item: when it begins; nothing while nobody knows when the first one does."""
        if not self.begins:
            return {}
        hour, minute = map(int, self.begins.split(":"))
        at, found = hour * 60 + minute, {}
        for each in self.standing:
            found[each.number] = f"{at // 60 % 24:02d}:{at % 60:02d}"
            at += each.minutes
        return found

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return {"begins": self.begins, "items": [asdict(each) for each in self.items]}


def read_agenda(content: Mapping[str, Any]) -> CeremonyAgenda:
    """What `kept` gave; of what was erased nothing."""
    return CeremonyAgenda(content.get("begins", ""), tuple(AgendaItem(**each) for each in content.get("items", ())))


def saved(agenda: CeremonyAgenda, number: int, item: AgendaItem) -> CeremonyAgenda | None:
    """With this item in place of that of the number, or (0) at the end. None: there is none, or there are too many."""
    if number == 0:
        if len(agenda.items) >= MOST_ITEMS:
            return None
        own = 1 + max((each.number for each in agenda.items), default=0)
        return replace(agenda, items=(*agenda.items, replace(item, number=own)))
    stood = agenda.item(number)
    if stood is None:
        return None
    wanted = replace(item, number=number, away=stood.away)
    return replace(agenda, items=tuple(wanted if each.number == number else each for each in agenda.items))


def moved(agenda: CeremonyAgenda, number: int, to: int) -> CeremonyAgenda | None:
    """With the item at place `to` among those that stand (1 is the first). None: no such item or place."""
    own = next((each for each in agenda.standing if each.number == number), None)
    if own is None or not 1 <= to <= len(agenda.standing):
        return None
    rest = [each for each in agenda.standing if each.number != number]
    return replace(agenda, items=(*rest[: to - 1], own, *rest[to - 1 :], *agenda.away))


def taken_away(agenda: CeremonyAgenda, number: int, away: bool) -> CeremonyAgenda | None:
    """Without the item, or with it again, behind the others that stand. None: there is no such item."""
    own = agenda.item(number)
    if own is None:
        return None
    if own.away == away:
        return agenda
    rest = [each for each in agenda.items if each.number != number]
    standing = [each for each in rest if not each.away]
    gone = [each for each in rest if each.away]
    return replace(agenda, items=(*standing, replace(own, away=away), *gone))


def read_hour(typed: str) -> str | None:
    """A typed hour as 19:30, also from "19h30"; '' stays; None for what is no hour."""
    text = line(typed).lower().replace("h", ":").replace(".", ":").replace(" ", "")
    if not text:
        return ""
    hour, _colon, minute = text.partition(":")
    hours, minutes = typed_number(hour), typed_number(minute or "0")
    if hours is None or minutes is None or hours > 23 or minutes > 59:
        return None
    return f"{hours:02d}:{minutes:02d}"


def read_item(typed: Mapping[str, str]) -> AgendaItem | tuple[str, Sentence]:
    """What was typed, or which box is wrong and what to write in it."""
    texts = {name: line(typed.get(name, "")) for name in LONGEST}
    if not texts["what"]:
        return "what", NO_WHAT
    for name, most in LONGEST.items():
        if len(texts[name]) > most:
            return name, TOO_LONG.filled(n=len(texts[name]), most=most)
        if texts[name] and (fault := written_fault(texts[name])) is not None:
            return name, fault
    minutes = _number(typed.get("minutes", ""), MOST_MINUTES)
    if minutes is None:
        return "minutes", NO_MINUTES
    microphones = _number(typed.get("microphones", ""), MOST_MICROPHONES)
    if microphones is None:
        return "microphones", NO_MICROPHONES
    holds = typed.get("holds", "")
    return AgendaItem(
        what=texts["what"],
        who=texts["who"],
        note=texts["note"],
        sound=texts["sound"],
        minutes=minutes,
        microphones=microphones,
        holds=holds if holds in HOLDS else "",
        entry=typed.get("entry", ""),
    )


def _number(typed: str, most: int) -> int | None:
    if not typed.strip():
        return 0
    number = typed_number(typed)
    return number if number is not None and number <= most else None
