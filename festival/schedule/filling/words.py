"""How is a search told: how long families wait, how far that is from the least possible, what a drawn order costs? Pure.

All figures are minutes. A family that has to come on one more day than the one it comes in any case counts two hours (`whole.DAY_COST_MIN`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festival.core.sentence import N_, Sentence
from festival.schedule.filling.chosen import FillState

STATE_TITLES: Mapping[str, Sentence] = {
    FillState.WAITING: N_("Đang chờ máy nhận việc"),
    FillState.RUNNING: N_("Máy đang xếp"),
    FillState.FOUND: N_("Đã có lịch, chưa lấy"),
    FillState.FAILED: N_("Lần xếp dừng giữa chừng, chưa có lịch nào"),
    FillState.DROPPED: N_("Đã bỏ lần xếp này"),
    FillState.TAKEN: N_("Đã lấy lịch này làm lịch đang xếp"),
}
# What whoever takes a plan is told of the time since the search began.
FACTS_CHANGED = N_("Từ lúc máy bắt đầu, hồ sơ, số bốc thăm hoặc điều cần giữ đã đổi; lịch tìm được chưa tính điều ấy.")
DRAFT_CHANGED = N_("Từ lúc máy bắt đầu, lịch đang xếp đã đổi: %(step)s (%(who)s).")
BY_COMMAND = N_("lệnh")
LOST = N_(
    "%(count)s tiết mục của lịch tìm được nay đã rút, đã khóa, đã lên sân khấu hoặc buổi của nó đã đổi: giữ như đang có."
)


def waits(found: Mapping[str, Any]) -> Sentence:
    """What all families wait together in the best plan so far."""
    if "plan" not in found:
        return N_("chưa có lịch đầu tiên")
    return N_("%(minutes)s phút", minutes=max(found["cost"] - found["base"], 0))


def least(found: Mapping[str, Any]) -> Sentence:
    """Below what no plan can come."""
    if "plan" not in found:
        return N_("đang tính")
    return N_("%(minutes)s phút", minutes=max(found["bound"] - found["base"], 0))


def distance(found: Mapping[str, Any]) -> Sentence:
    """How far the plan may be from the best there is."""
    if "plan" not in found:
        return N_("Chưa có lịch nào.")
    without = len(found["unplaced"]) + len(found["aside"])
    if without:
        return N_("Còn %(count)s tiết mục chưa có chỗ.", count=without)
    if found["proven"] or found["cost"] <= found["bound"]:
        return N_("Đã là mức tốt nhất: không lịch nào chờ ít hơn.")
    return N_("Còn cách mức tốt nhất không quá %(minutes)s phút.", minutes=found["cost"] - found["bound"])


def lies_now(found: Mapping[str, Any]) -> Sentence | None:
    """What the draft costs that lies on the table; None while acts have no time in it."""
    if found.get("now") is None:
        return None
    cost, keeps = found["now"]
    minutes = max(cost - found["base"], 0)
    if keeps:
        return N_("%(minutes)s phút", minutes=minutes)
    return N_("%(minutes)s phút, nhưng chưa giữ hết các điều đã chọn và đã ghi", minutes=minutes)


def price(each: Mapping[str, Any] | None, contest: str) -> Sentence:
    """What the drawn order of a contest costs all families together; None: that was not found out."""
    if each is None:
        return N_("«%(contest)s»: chưa tính được, vì máy dừng sớm hoặc chưa xếp đủ chỗ.", contest=contest)
    values = {"contest": contest, "minutes": each["minutes"]}
    if not each["minutes"]:
        said = (
            N_("«%(contest)s»: giữ thứ tự bốc thăm không làm ai chờ thêm.")
            if each["exact"]
            else N_("«%(contest)s»: chưa thấy giữ thứ tự bốc thăm làm ai chờ thêm.")
        )
    elif each["exact"]:
        said = N_("«%(contest)s»: giữ thứ tự bốc thăm làm các gia đình chờ thêm đúng %(minutes)s phút.")
    else:
        said = N_("«%(contest)s»: giữ thứ tự bốc thăm làm các gia đình chờ thêm khoảng %(minutes)s phút.")
    return said.filled(**values)


def reason(each: Mapping[str, Any], contests: str, family: str) -> Sentence:
    """Why not everything has a place."""
    values = {
        "contests": contests, "family": family, "needed": each.get("needed", 0), "room": each.get("room", 0),
        "count": len(each["acts"]),
    }  # fmt: skip
    match each["kind"]:
        case "sum":
            said = N_(
                "%(contests)s cần %(needed)s phút sân khấu mà chỉ có %(room)s phút. "
                "Bỏ bớt %(count)s tiết mục dưới đây, thêm giờ hoặc thêm sân khấu."
            )
        case "panel":
            said = N_(
                "Cùng một ban giám khảo chấm %(contests)s: cần %(needed)s phút mà chỉ có %(room)s phút. "
                "Bỏ bớt %(count)s tiết mục dưới đây, thêm giờ hoặc đổi giám khảo."
            )
        case "aside":
            said = N_(
                "«%(family)s» không vừa buổi nào sau khi trừ giờ vắng mặt, giờ nghỉ và giờ đã hẹn. "
                "Kéo dài một buổi, bớt số phút của tiết mục hoặc bỏ một điều đã ghi."
            )
        case "family" if each["holds"]:
            said = N_("«%(family)s» không thể thi đủ: những điều sau không thể cùng đúng, bỏ một điều là được.")
        case "family":
            said = N_(
                "«%(family)s» không thể thi đủ các tiết mục của mình trong giờ của các buổi. Thêm giờ hoặc thêm buổi."
            )
        case _ if not each["holds"]:
            said = N_(
                "Đã chứng minh: không lịch nào có chỗ cho mọi tiết mục. Chưa tìm được nhóm nhỏ nhất các điều vướng nhau; "
                "thêm giờ, thêm sân khấu hoặc bớt tiết mục."
            )
        case _ if each["least"]:
            said = N_("Những điều sau không thể cùng giữ: bỏ một điều bất kỳ là mọi tiết mục có chỗ.")
        case _:
            said = N_("Những điều sau không thể cùng giữ. Chưa tìm được nhóm nhỏ nhất: có thể bỏ ít hơn là đã đủ.")
    return said.filled(**values)
