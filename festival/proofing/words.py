"""In which words do pages speak of how far names are proofed, and of the sheets?"""

from __future__ import annotations

from festival.core.sentence import N_, Sentence
from festival.papers.models import PaperState
from festival.proofing.names import NameKind, ProofState

STATE_WORDS: dict[ProofState, Sentence] = {
    ProofState.NONE: N_("Chưa dò"),
    ProofState.PRINTED: N_("Đã in"),
    ProofState.SIGNED: N_("Đã ký"),
    ProofState.CHANGED: N_("Đổi sau khi ký (%(n)s tên)"),
}
STATE_TONES = {
    ProofState.NONE: "quiet",
    ProofState.PRINTED: "note",
    ProofState.SIGNED: "good",
    ProofState.CHANGED: "warn",
}
SHEET_WORDS: dict[PaperState, Sentence] = {
    PaperState.PRINTED: N_("Đã in, chờ ký"),
    PaperState.SIGNED: N_("Đã ký, đang có hiệu lực"),
    PaperState.REPLACED: N_("Đã thay bằng tờ sau"),
    PaperState.ANNULLED: N_("Đã bỏ"),
}
KIND_WORDS: dict[NameKind, Sentence] = {
    NameKind.DELEGATION: N_("tên đoàn"),
    NameKind.HEAD: N_("trưởng đoàn"),
    NameKind.FAMILY: N_("tên gia đình"),
    NameKind.MEMBER: N_("thành viên"),
    NameKind.ENTRY: N_("tên dự thi"),
    NameKind.TITLE: N_("tên tiết mục"),
}
