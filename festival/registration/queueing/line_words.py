"""In which words do pages speak of offers and of families that wait no more?"""

from __future__ import annotations

from festival.core.sentence import N_, Sentence
from festival.registration.queueing.models import OfferState, OutBy

OFFER_WORDS: dict[OfferState, Sentence] = {
    OfferState.OFFERED: N_("Đang giữ chỗ"),
    OfferState.ACCEPTED: N_("Đã nhận chỗ"),
    OfferState.DECLINED: N_("Đã nhường chỗ"),
    OfferState.EXPIRED: N_("Hết giờ trả lời"),
    OfferState.TAKEN_BACK: N_("Ban Tổ chức thu lại"),
    OfferState.LAPSED: N_("Hồ sơ không còn chờ"),
}
OUT_WORDS: dict[OutBy, Sentence] = {
    OutBy.FAMILY: N_("Nhường chỗ hoặc hết giờ trả lời"),
    OutBy.OFFICE: N_("Ban Tổ chức đưa ra khỏi hàng"),
    OutBy.PLACE: N_("Đã nhận chỗ, rồi việc duyệt được hoàn tác"),
}
