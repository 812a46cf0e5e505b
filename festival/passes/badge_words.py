"""Which word stands on a card, by badge class?"""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.sentence import N_, Sentence

DELEGATION, BLANK = "delegation", "blank"

CLASS_WORDS: Mapping[str, Sentence] = {
    "family": N_("Gia đình"),
    "officer": N_("Cán bộ đoàn"),
    "guest": N_("Khách mời"),
    "press": N_("Báo chí"),
    "jury": N_("Giám khảo"),
    "committee": N_("Ban Tổ chức"),
    "volunteer": N_("Tình nguyện viên"),
    "crew": N_("Hỗ trợ đoàn"),
    "service": N_("Phục vụ"),
    DELEGATION: N_("Đoàn"),
    BLANK: N_("Thẻ trắng"),
}
