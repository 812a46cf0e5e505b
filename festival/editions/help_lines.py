"""Whom can somebody call who needs help, and what may a line of that table say? Pure.

Every edition begins with the national lines; the organiser adds those of the province, the venue's first aid, the own desk.
What the program itself knows is said in the reader's language; what was typed stands as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festival.core.sentence import N_, Sentence

MOST_NUMBERS = 12
MOST_ON_CARDS = 5  # the back of a card has six lines, one of them is the organiser's own
LONGEST = {"name": 60, "number": 30, "hours": 60, "about": 120}
_DIALLED = re.compile(r"\+?\d[\d .()-]*")


@dataclass(frozen=True, slots=True)
class HelpNumber:
    """One line: whom, which number ('' for a place one goes to), when, what for; `on_card`: printed on the back of cards."""

    name: str | Sentence
    number: str
    hours: str | Sentence = ""
    about: str | Sentence = ""
    on_card: bool = False

    @property
    def dial(self) -> str:
        """What a tap calls."""
        return re.sub(r"[^+\d]", "", self.number)

    def to_json(self) -> dict[str, Any]:
        """As it is kept: the Vietnamese words."""
        texts = {"name": str(self.name), "number": self.number, "hours": str(self.hours), "about": str(self.about)}
        return {**texts, "on_card": self.on_card}


ALWAYS = N_("24 giờ mỗi ngày", "help_always")
STANDARD = (
    HelpNumber(
        N_("Tổng đài quốc gia bảo vệ trẻ em", "help_children"),
        "111",
        N_("24 giờ mỗi ngày, không mất tiền gọi", "help_always_free"),
        N_("trẻ em bị bạo lực, bị bỏ rơi, bị lạc", "help_for_children"),
        on_card=True,
    ),
    HelpNumber(
        N_("Ngôi nhà bình yên (bạo lực gia đình)", "help_peace_house"),
        "1900 969 680",
        "",
        N_("phụ nữ, trẻ em bị bạo lực trong gia đình", "help_for_violence"),
        on_card=True,
    ),
    HelpNumber(N_("Công an", "help_police"), "113", ALWAYS),
    HelpNumber(N_("Chữa cháy, cứu nạn", "help_fire"), "114", ALWAYS),
    HelpNumber(N_("Cấp cứu y tế", "help_ambulance"), "115", ALWAYS),
)


def numbers_of(kept: Sequence[Mapping[str, Any]] | None) -> tuple[HelpNumber, ...]:
    """The lines as they were written; the national ones where nobody has written any."""
    return STANDARD if kept is None else tuple(HelpNumber(**each) for each in kept)


def on_cards(lines: Sequence[HelpNumber]) -> tuple[HelpNumber, ...]:
    """Those that are printed on the back of cards."""
    return tuple(each for each in lines if each.on_card and each.number)


def faults(lines: Sequence[HelpNumber]) -> list[Sentence]:
    """What is wrong with the table as it was typed, in the order of its lines."""
    found = []
    for at, line in enumerate(lines, 1):
        said = {key: str(getattr(line, key)) for key in LONGEST}
        if not said["name"]:
            found.append(N_("Dòng %(n)s: ghi gọi cho ai, hoặc xóa cả dòng.", "help_whom", n=at))
        if any(len(said[key]) > most for key, most in LONGEST.items()):
            found.append(N_("Dòng %(n)s: viết ngắn lại, dòng này dài quá.", "help_long", n=at))
        if said["number"] and not _DIALLED.fullmatch(said["number"]):
            found.append(
                N_("Dòng %(n)s: ghi một số điện thoại, chỉ có chữ số và khoảng trắng, ví dụ 111.", "help_digits", n=at)
            )
        if not said["number"] and not said["about"]:
            found.append(N_("Dòng %(n)s: ghi số điện thoại, hoặc ghi đến đâu để được giúp.", "help_where", n=at))
    if not lines:
        found.append(N_("Giữ lại ít nhất một dòng: ai cần giúp phải biết gọi cho ai.", "help_none"))
    if len(lines) > MOST_NUMBERS:
        found.append(N_("Bảng có nhiều nhất %(n)s dòng.", "help_many", n=MOST_NUMBERS))
    if len(on_cards(lines)) > MOST_ON_CARDS:
        found.append(N_("Mặt sau của thẻ đủ chỗ cho %(n)s số. Bỏ bớt dấu in lên thẻ.", "help_cards", n=MOST_ON_CARDS))
    return found
