"""What does a family see that comes without its link?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from festival.core.web.errors import Refusal


class LinkNeeded(Refusal):
    """403: this page belongs to one family, which opens it by its own link."""

    status = 403
    code = "link_needed"
    title = _l("Xin mở lại liên kết của gia đình")
    advice = _l(
        "Trang này mở bằng liên kết riêng gia đình đã nhận khi đăng ký. Không còn liên kết thì gọi cán bộ văn hóa của xã"
        " hoặc Ban Tổ chức để được gửi lại."
    )
