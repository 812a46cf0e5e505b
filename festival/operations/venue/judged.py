"""What does a laptop in the venue's own network see, the evening before, and what is to be done? Pure.

What was seen is given: addresses, a certificate, clocks, answers. Phones are stricter than a laptop, so what only they refuse is
judged here too.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from festival.core.pulse.signs import CLOCK_OFF, Level, certificate_sign

# An iPhone refuses a server's certificate that was made for longer, also one of an authority it was told to trust.
LONGEST_FOR_PHONES = timedelta(days=825)
# OpenSSL's numbers of why a chain is not believed.
_SELF_MADE = {18, 19, 20, 21}
_NOT_YET, _OVER = 9, 10
_OTHER_NAME = {62, 64}  # a name, an address


@dataclass(frozen=True, slots=True)
class VenueStep:
    """One line of the list; `level` None: it could not be tried."""

    title: str
    level: Level | None
    said: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """What the server showed when it was believed."""

    begins: datetime
    ends: datetime
    for_servers: bool


def name_step(host: str, addresses: Sequence[str]) -> VenueStep:
    """Whether the name leads to the hub."""
    title = "Tên máy chủ"
    if not addresses:
        return VenueStep(
            title,
            Level.BAD,
            f"Không tìm thấy tên {host}.",
            f"Trên máy giữ tên (dnsmasq hay bộ định tuyến) thêm: address=/{host}/ĐỊA-CHỈ-MÁY-CHỦ. Trên máy này tắt VPN và DNS riêng.",
        )
    listed = f"{host} dẫn tới {', '.join(addresses)}."
    if all(ipaddress.ip_address(each.partition("%")[0]).is_loopback for each in addresses):
        return VenueStep(title, Level.WARN, listed, "Đó là chính máy này. Thử lại từ một máy khác trong mạng.")
    return VenueStep(title, Level.GOOD, listed)


def unreached_step(port: int, why: str) -> VenueStep:
    """Nobody answers behind the name."""
    return VenueStep(
        "Kết nối",
        Level.BAD,
        f"Không nối được tới cổng {port}: {why}.",
        "Máy này có ở đúng mạng không? Trên máy chủ: systemctl status caddy; tường lửa phải mở cổng 443.",
    )


def refused_step(code: int, why: str) -> VenueStep:
    """The certificate is not believed, for OpenSSL's reason."""
    if code in _SELF_MADE:
        said, todo = (
            "do một nơi cấp mà máy này không tin",
            "Nơi cấp riêng: thêm --ca ca.crt, và cài ca.crt trên từng điện thoại.",
        )
    elif code == _OVER:
        said, todo = "đã hết hạn", "Đặt chứng chỉ mới lên máy chủ, rồi: systemctl reload caddy."
    elif code == _NOT_YET:
        said, todo = "chưa tới ngày có hiệu lực", "Xem lại ngày giờ của máy này và của máy chủ."
    elif code in _OTHER_NAME:
        said, todo = "của một tên khác", "Làm chứng chỉ cho đúng tên mà điện thoại mở."
    else:
        said, todo = why, "Xem chứng chỉ trong Caddy: journalctl -u caddy."
    return VenueStep("Chứng chỉ", Level.BAD, f"Chứng chỉ không được tin: {said}.", todo)


def certificate_step(shown: ShownCertificate, at: datetime) -> VenueStep:
    """Until when, and whether phones take it too."""
    title, last_day = "Chứng chỉ", f"đến hết {shown.ends:%d/%m/%Y}"
    if shown.ends - shown.begins > LONGEST_FOR_PHONES or not shown.for_servers:
        return VenueStep(
            title,
            Level.BAD,
            "iPhone không nhận: chứng chỉ dài hơn 825 ngày hoặc không ghi là của máy chủ.",
            "Làm lại bằng: flask venue certificate TÊN --into THƯ-MỤC.",
        )
    sign = certificate_sign(shown.ends, "", at)
    level = sign.level if sign else Level.GOOD
    todo = "" if level is Level.GOOD else "Đổi chứng chỉ mới nếu ngày hội còn sau ngày đó."
    return VenueStep(title, level, f"Được tin, dùng {last_day}.", todo)


def clock_step(ahead: timedelta) -> VenueStep:
    """How far the hub's clock is ahead of this machine's."""
    seconds = round(abs(ahead).total_seconds())
    if abs(ahead) <= CLOCK_OFF:
        return VenueStep("Đồng hồ", Level.GOOD, f"Lệch {seconds} giây.")
    side = "nhanh" if ahead > timedelta() else "chậm"
    return VenueStep(
        "Đồng hồ",
        Level.BAD,
        f"Máy chủ {side} hơn máy này {seconds} giây.",
        "So với đồng hồ điện thoại xem máy nào sai. Trên máy chủ: systemctl status chrony, rồi: chronyc makestep.",
    )


def page_step(status: int, alive: bool) -> VenueStep:
    """Whether it is the festival that answers; a portal of the network answers 200 too."""
    if status == 200 and alive:
        return VenueStep("Trang web", Level.GOOD, "Ngày hội trả lời qua HTTPS.")
    if status in (502, 503, 504):
        todo = "Trên máy chủ: systemctl status festival-web, journalctl -u festival-web -n 50."
        return VenueStep("Trang web", Level.BAD, f"Caddy trả lời nhưng ngày hội không chạy ({status}).", todo)
    todo = "Một trang đăng nhập của mạng chen vào, hoặc Caddy trỏ sai nơi. Mở địa chỉ này bằng trình duyệt để xem."
    return VenueStep("Trang web", Level.BAD, f"Nơi trả lời không phải ngày hội ({status}).", todo)


def ready_step(status: str, warnings: Sequence[str]) -> VenueStep:
    """What the hub says of itself."""
    if status == "ready" and not warnings:
        return VenueStep("Máy chủ", Level.GOOD, "Sẵn sàng, không có cảnh báo.")
    level = Level.WARN if status == "ready" else Level.BAD
    return VenueStep("Máy chủ", level, " ".join(warnings) or status, "Xem trang Máy chủ: /office/system.")


def sync_step(number: int | None, refused: str) -> VenueStep:
    """Whether a device came in and was answered; `number`: which one it was."""
    if refused:
        return VenueStep(
            "Thiết bị", Level.BAD, f"Máy thử không vào được: {refused}", "Lấy mã mới ở trang Thiết bị rồi chạy lại."
        )
    return VenueStep(
        "Thiết bị",
        Level.GOOD,
        f"Máy thử số {number} đã vào và gửi, nhận được.",
        f"Xong thì thu hồi máy số {number} ở trang Thiết bị.",
    )


def not_tried(title: str, why: str) -> VenueStep:
    """A step that hangs on an earlier one, or on something not given."""
    return VenueStep(title, None, why)
