"""How is each thing called that a desk hands out?"""

from __future__ import annotations

from festival.checkin.handouts.standing import HandoutItem
from festival.core.sentence import N_
from festival.papers.models import PaperState

ITEM_WORDS = {
    HandoutItem.CARD: N_("Thẻ", "item_card"),
    HandoutItem.MEAL: N_("Phiếu ăn", "item_meal"),
    HandoutItem.FLAG: N_("Cờ", "item_flag"),
    HandoutItem.NUMBER: N_("Số báo danh", "item_number"),
}

RECEIPT_WORDS = {
    PaperState.PRINTED: N_("chờ ký", "receipt_printed"),
    PaperState.SIGNED: N_("đã ký, có hiệu lực", "receipt_signed"),
    PaperState.REPLACED: N_("có tờ ký sau", "receipt_replaced"),
    PaperState.ANNULLED: N_("đã bỏ", "receipt_annulled"),
}
