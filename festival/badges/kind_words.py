"""What are the signs and colours called that an organiser picks for a badge class of an edition's own?"""

from __future__ import annotations

from festival.core.sentence import N_, Sentence

SYMBOLS: dict[str, Sentence] = {
    "star": N_("Ngôi sao"),
    "shield": N_("Lá chắn"),
    "home": N_("Ngôi nhà"),
    "phone": N_("Điện thoại"),
    "camera": N_("Máy ảnh"),
    "people": N_("Nhóm người"),
    "stage": N_("Sân khấu"),
    "medal": N_("Huy chương"),
}
COLOURS: dict[str, Sentence] = {
    "accent": N_("Nâu đỏ"),
    "note": N_("Xanh dương"),
    "good": N_("Xanh lá"),
    "warn": N_("Vàng đậm"),
    "bad": N_("Đỏ"),
    "quiet": N_("Xám"),
}
