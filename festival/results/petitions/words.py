"""In which words do pages, papers and commands speak of petitions? Pure."""

from __future__ import annotations

from collections.abc import Mapping

from festival.core.sentence import N_, Sentence
from festival.results.petitions.kinds import (
    GroundCode,
    PetitionAbout,
    PetitionDeed,
    PetitionDesk,
    PetitionRoad,
    PetitionState,
    PetitionTitle,
)

TITLE_WORDS: Mapping[PetitionTitle, Sentence] = {
    PetitionTitle.PETITION: N_("Kiến nghị"),
    PetitionTitle.COMPLAINT: N_("Đơn khiếu nại"),
}
ABOUT_WORDS: Mapping[PetitionAbout, Sentence] = {
    PetitionAbout.CONTEST: N_("phần thi"),
    PetitionAbout.ENTRY: N_("tiết mục"),
    PetitionAbout.WHOLE: N_("xếp hạng toàn đoàn"),
    PetitionAbout.ORGANISATION: N_("công tác tổ chức"),
}
DESK_WORDS: Mapping[PetitionDesk, Sentence] = {
    PetitionDesk.PANEL: N_("ban giám khảo"),
    PetitionDesk.OFFICE: N_("Ban Tổ chức"),
}
ROAD_WORDS: Mapping[PetitionRoad, Sentence] = {
    PetitionRoad.LINK: N_("gửi trên trang của đoàn"),
    PetitionRoad.PAPER: N_("nộp trên giấy"),
}
STATE_WORDS: Mapping[PetitionState, Sentence] = {
    PetitionState.OPEN: N_("chờ trả lời"),
    PetitionState.ACCEPTED: N_("được chấp nhận"),
    PetitionState.PARTLY: N_("được chấp nhận một phần"),
    PetitionState.REFUSED: N_("không được chấp nhận"),
    PetitionState.HANDED_ON: N_("đã chuyển cơ quan có thẩm quyền"),
    PetitionState.WITHDRAWN: N_("đoàn đã rút"),
}
STATE_TONES: Mapping[PetitionState, str] = {
    PetitionState.OPEN: "warn",
    PetitionState.ACCEPTED: "good",
    PetitionState.PARTLY: "good",
}
ANSWER_WORDS: Mapping[PetitionDeed, Sentence] = {
    PetitionDeed.ACCEPTED: N_("Chấp nhận"),
    PetitionDeed.PARTLY: N_("Chấp nhận một phần"),
    PetitionDeed.REFUSED: N_("Không chấp nhận"),
    PetitionDeed.HANDED_ON: N_("Chuyển nơi khác giải quyết"),
}
DEED_WORDS: Mapping[PetitionDeed, Sentence] = {
    **ANSWER_WORDS,
    PetitionDeed.MOVED: N_("Chuyển đúng chỗ"),
    PetitionDeed.WITHDRAWN: N_("Rút"),
    PetitionDeed.CARRIED: N_("Đã làm theo"),
    PetitionDeed.AMENDED: N_("Đã đính chính"),
}
GROUND_WORDS: Mapping[GroundCode, Sentence] = {
    GroundCode.UNLOCK_REFUSED: N_("không mở lại được phần thi vì biên bản đã ký"),
    GroundCode.PETITION: N_("kiến nghị số %(number)s"),
    GroundCode.LATE_SLIP: N_("phiếu giấy nộp sau khi ký biên bản"),
    GroundCode.OTHER: N_("lý do khác"),
}
