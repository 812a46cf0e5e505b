"""In which words do pages speak of lists to sign?"""

from __future__ import annotations

from festival.core.sentence import N_, Sentence
from festival.papers.models import PaperState
from festival.registration.signing.listed import SigningState

STATE_WORDS: dict[SigningState, Sentence] = {
    SigningState.NOTHING: N_("Chưa in"),
    SigningState.PRINTED: N_("Đã in, chờ ký"),
    SigningState.SIGNED: N_("Đã ký"),
    SigningState.CHANGED: N_("Đổi sau khi ký, cần in lại"),
}
STATE_TONES: dict[SigningState, str] = {
    SigningState.NOTHING: "quiet",
    SigningState.PRINTED: "note",
    SigningState.SIGNED: "good",
    SigningState.CHANGED: "warn",
}
LIST_WORDS: dict[PaperState, Sentence] = {
    PaperState.PRINTED: N_("Chờ ký"),
    PaperState.SIGNED: N_("Đang có hiệu lực"),
    PaperState.REPLACED: N_("Đã có tờ khác thay"),
    PaperState.ANNULLED: N_("Đã bỏ"),
}
