"""What does an opening and a closing usually consist of? A beginning to be changed, never a rule. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from festival.core.sentence import N_, Sentence


@dataclass(frozen=True, slots=True)
class UsualItem:
    """An item in words of the house."""

    what: Sentence
    minutes: int
    who: Sentence | None = None
    sound: Sentence | None = None
    microphones: int = 0
    holds: str = ""


MC = N_("MC", "agenda_mc")
HEAD = N_("Trưởng Ban Tổ chức", "agenda_head")
RECEPTION = N_("Lễ tân", "agenda_reception")
LIGHT_MUSIC = N_("Nhạc nền nhẹ", "agenda_light_music")
WELCOME = UsualItem(N_("Đón tiếp đại biểu và các đoàn", "agenda_welcome"), 30, RECEPTION, LIGHT_MUSIC)
ACTS = UsualItem(N_("Văn nghệ chào mừng", "agenda_acts"), 15, MC, N_("Nhạc của tiết mục", "agenda_act_music"), 4)

USUAL: Mapping[str, tuple[UsualItem, ...]] = {
    "opening": (
        WELCOME,
        ACTS,
        UsualItem(N_("Chào cờ", "agenda_flag"), 3, MC, N_("Quốc ca", "agenda_anthem"), 1),
        UsualItem(N_("Tuyên bố lý do, giới thiệu đại biểu", "agenda_guests"), 10, MC, None, 1, "guests"),
        UsualItem(
            N_("Các đoàn ra mắt và nhận cờ lưu niệm", "agenda_keepsakes"), 15, MC, N_("Nhạc hành tiến", "agenda_march"), 1, "keepsakes",
        ),
        UsualItem(N_("Diễn văn khai mạc", "agenda_opening_speech"), 7, HEAD, None, 1),
        UsualItem(N_("Phát biểu của lãnh đạo", "agenda_speech"), 10, None, None, 1),
        UsualItem(N_("Đại diện các gia đình phát biểu", "agenda_family_speech"), 3, None, None, 1),
        UsualItem(N_("Chuyển sang phần hội thi", "agenda_contests"), 2, MC, LIGHT_MUSIC, 1),
    ),
    "closing": (
        WELCOME,
        ACTS,
        UsualItem(N_("Tuyên bố lý do, giới thiệu đại biểu", "agenda_guests"), 7, MC, None, 1, "guests"),
        UsualItem(N_("Báo cáo tổng kết ngày hội", "agenda_summary"), 10, HEAD, None, 1),
        UsualItem(N_("Công bố quyết định trao giải", "agenda_decision"), 5, None, None, 1),
        UsualItem(N_("Trao giải", "agenda_awards"), 40, MC, N_("Nhạc trao giải", "agenda_award_music"), 2, "awards"),
        UsualItem(N_("Phát biểu bế mạc", "agenda_closing_speech"), 7, HEAD, None, 1),
        UsualItem(N_("Chụp ảnh lưu niệm", "agenda_picture"), 10, RECEPTION, LIGHT_MUSIC),
    ),
}  # fmt: skip
