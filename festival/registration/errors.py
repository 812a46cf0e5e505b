"""What does a family see that comes without its link?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from festival.core.web.errors import Refusal


class LinkReplaced(Refusal):
    """403: the link this browser holds was replaced. The page of this refusal forgets what the link left on the phone."""

    status = 403
    code = "link_replaced"
    title = _l("Liên kết này đã được thay")
    advice = _l(
        "Một liên kết mới đã được cấp, hoặc dữ liệu của ngày hội đã được xóa. Hãy mở liên kết mới đã nhận; chưa có thì gọi cán"
        " bộ văn hóa của xã hoặc Ban Tổ chức."
    )

    def __init__(self, forgets: str = "", status: int = 403) -> None:
        """`forgets`: whose pages this phone kept by the dead link, "family" or "head"; '' when it may hold a good one."""
        super().__init__(self.advice, forgets=forgets)
        self.status = status


class LinkNeeded(Refusal):
    """403: this page belongs to one family, which opens it by its own link."""

    status = 403
    code = "link_needed"
    title = _l("Xin mở lại liên kết của gia đình")
    advice = _l(
        "Trang này mở bằng liên kết riêng gia đình đã nhận khi đăng ký. Không còn liên kết thì gọi cán bộ văn hóa của xã"
        " hoặc Ban Tổ chức để được gửi lại."
    )
