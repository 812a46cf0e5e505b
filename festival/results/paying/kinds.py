"""What is a list paid or handed out by, in which unit is it counted, and which tax is proposed? Pure.

Tax is a proposal that stands in its boxes to be read and changed, never a rule behind the page: the organiser's accountant
answers for it. Sources of the proposals: payments to people without a labour contract (Circular 111/2013/TT-BTC, article 25,
clause 1, point i): 10 percent of the whole payment from 2,000,000 VND a time. Prizes of contests (Law on personal income tax,
article 23; Circular 111/2013/TT-BTC, article 15): 10 percent of the part above 10,000,000 VND a prize. Both amounts have been
raised by later laws for later years, which is why the page says to compare them with what is in force. Meals, keepsakes and
support of transport are handed out without tax.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from festival.core.sentence import N_, Sentence


class PayKind(StrEnum):
    """What the people of a list receive."""

    PRIZES = "prizes"
    MEALS = "meals"
    GIFTS = "gifts"
    PANELS = "panels"  # judges and secretaries
    STAFF = "staff"  # committee, volunteers, service
    TRANSPORT = "transport"


@dataclass(frozen=True, slots=True)
class TaxRule:
    """`milli`: 1/1000 percent; from `start` VND on, of the whole amount or (`above`) of the part above it."""

    milli: int = 0
    start: int = 0
    above: bool = False

    def kept(self) -> dict[str, Any]:
        return asdict(self)


NO_TAX = TaxRule()
OF_PAYMENTS = TaxRule(10_000, 2_000_000)
OF_PRIZES = TaxRule(10_000, 10_000_000, above=True)


@dataclass(frozen=True, slots=True)
class KindFacts:
    """`name` in a choice, `title` on the paper, `unit`: what is counted, `heading` of the column that counts it."""

    name: Sentence
    title: Sentence
    unit: Sentence
    tax: TaxRule = NO_TAX
    goods: bool = False  # may be handed out without money


KINDS: dict[PayKind, KindFacts] = {
    PayKind.PRIZES: KindFacts(
        N_("Tiền thưởng", "pay_prizes"), N_("Danh sách nhận tiền thưởng", "pay_prizes_title"), N_("giải", "pay_unit_prize"), OF_PRIZES,
    ),
    PayKind.MEALS: KindFacts(
        N_("Tiền ăn", "pay_meals"), N_("Danh sách nhận tiền ăn", "pay_meals_title"), N_("suất", "pay_unit_portion"),
    ),
    PayKind.GIFTS: KindFacts(
        N_("Quà, vật phẩm lưu niệm", "pay_gifts"), N_("Danh sách nhận quà lưu niệm", "pay_gifts_title"), N_("phần", "pay_unit_gift"), goods=True,
    ),
    PayKind.PANELS: KindFacts(
        N_("Bồi dưỡng giám khảo, thư ký", "pay_panels"), N_("Danh sách nhận tiền bồi dưỡng giám khảo, thư ký", "pay_panels_title"),
        N_("buổi", "pay_unit_sitting"), OF_PAYMENTS,
    ),
    PayKind.STAFF: KindFacts(
        N_("Bồi dưỡng ban tổ chức, người phục vụ", "pay_staff"),
        N_("Danh sách nhận tiền bồi dưỡng ban tổ chức, tình nguyện viên, lực lượng phục vụ", "pay_staff_title"),
        N_("ngày", "pay_unit_day"), OF_PAYMENTS,
    ),
    PayKind.TRANSPORT: KindFacts(
        N_("Hỗ trợ đi lại", "pay_transport"), N_("Danh sách nhận tiền hỗ trợ đi lại", "pay_transport_title"), N_("lượt", "pay_unit_trip"),
    ),
}  # fmt: skip
