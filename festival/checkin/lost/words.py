"""In which words and colours are the steps and states of a lost child read?"""

from __future__ import annotations

from festival.checkin.lost.stories import FOUND, HANDED, MISSING, OVER, UNDONE
from festival.core.sentence import N_, Sentence

KIND_WORDS: dict[str, Sentence] = {
    MISSING: N_("Đang tìm"),
    FOUND: N_("Đã thấy"),
    HANDED: N_("Đã trao cho"),
    UNDONE: N_("Rút lại một bước, vì"),
}

# State → words, tone, symbol of its badge.
STATE_LOOKS: dict[str, tuple[Sentence, str, str]] = {
    MISSING: (N_("Đang tìm"), "bad", "search"),
    FOUND: (N_("Đã thấy, chờ người lớn"), "warn", "hourglass"),
    HANDED: (N_("Đã trao lại"), "good", "check"),
    OVER: (N_("Ghi nhầm, đã rút lại"), "quiet", "undo"),
}
