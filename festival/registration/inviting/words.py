"""What is said to somebody whose account is not there yet? Pure."""

from __future__ import annotations

from festival.core.sentence import N_, Sentence

WAITS = N_(
    "Tài khoản này còn chờ Ban Tổ chức gọi điện xác nhận họ tên và số điện thoại. Xác nhận xong thì đăng nhập được, không phải xin lại.",
    "account_waits",
)


def refused_said(reason: str) -> Sentence:
    """Why it was not confirmed, and what to do."""
    return N_(
        "Ban Tổ chức chưa nhận yêu cầu tài khoản này: %(reason)s. Nếu có nhầm lẫn, hãy gọi Ban Tổ chức.",
        "account_refused",
        reason=reason,
    )
