"""What are the parts of the order, the sheets and the things on a tray called?"""

from __future__ import annotations

from festival.ceremony.order.models import CeremonyPart, CeremonySheet
from festival.core.sentence import N_

PART_WORDS = {
    CeremonyPart.OPENING: N_("Lễ khai mạc", "ceremony_opening"),
    CeremonyPart.CLOSING: N_("Lễ bế mạc, trao giải", "ceremony_closing"),
    CeremonyPart.GUESTS: N_("Giới thiệu đại biểu", "ceremony_guests"),
    CeremonyPart.KEEPSAKES: N_("Cờ lưu niệm", "ceremony_keepsakes"),
    CeremonyPart.AWARDS: N_("Trao giải", "ceremony_awards"),
}
SHEET_WORDS = {
    CeremonySheet.MC: N_("Bản của MC", "ceremony_sheet_mc"),
    CeremonySheet.RECEPTION: N_("Bản của lễ tân, khánh tiết", "ceremony_sheet_reception"),
    CeremonySheet.SOUND: N_("Bản của âm thanh", "ceremony_sheet_sound"),
}
TRAY_WORDS = {
    "flag": N_("cờ", "tray_flag"),
    "flowers": N_("hoa", "tray_flowers"),
    "certificate": N_("giấy khen", "tray_certificate"),
    "envelope": N_("phong bì", "tray_envelope"),
    "gift": N_("quà", "tray_gift"),
}
HOLDS_WORDS = {
    "guests": N_("Danh sách đại biểu", "holds_guests"),
    "keepsakes": N_("Các đoàn nhận cờ lưu niệm", "holds_keepsakes"),
    "awards": N_("Các giải được trao", "holds_awards"),
}
