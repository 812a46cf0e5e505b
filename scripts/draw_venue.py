"""Draws the two pictures of docs/venue.md: `python scripts/draw_venue.py` writes them anew."""

from __future__ import annotations

from pathlib import Path

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
INK, SOFT, LINE, PAPER, MARK = "#1f2933", "#52606d", "#9aa5b1", "#ffffff", "#0b6e4f"
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" aria-label="{told}" '
    'font-family="Be Vietnam Pro, Noto Sans, sans-serif" font-size="15">\n<rect width="{wide}" height="{high}" fill="#f5f7fa"/>\n'
)


def box(x: int, y: int, wide: int, high: int, *lines: str, mark: bool = False) -> str:
    """A box with its first line large."""
    edge = MARK if mark else LINE
    drawn = [
        f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" rx="10" fill="{PAPER}" stroke="{edge}" stroke-width="2"/>'
    ]
    for number, line in enumerate(lines):
        weight, colour = ("700", INK) if number == 0 else ("400", SOFT)
        drawn.append(
            f'<text x="{x + 14}" y="{y + 26 + 21 * number}" fill="{colour}" font-weight="{weight}">{line}</text>'
        )
    return "\n".join(drawn)


def line(x1: int, y1: int, x2: int, y2: int, words: str = "", *, air: bool = False) -> str:
    """A cable, or what goes through the air."""
    dashes = ' stroke-dasharray="3 7"' if air else ""
    drawn = f'<path d="M{x1} {y1}L{x2} {y2}" stroke="{LINE}" stroke-width="3" stroke-linecap="round"{dashes}/>'
    return drawn + (
        f'\n<text x="{(x1 + x2) // 2}" y="{(y1 + y2) // 2 - 8}" fill="{SOFT}" text-anchor="middle">{words}</text>'
        if words
        else ""
    )


def network() -> str:
    """The hall."""
    parts = [
        HEAD.format(wide=860, high=430, told="Mạng của hội trường: máy chủ, bộ phát sóng, các máy"),
        line(270, 110, 330, 110, "cáp"),
        line(530, 90, 600, 64, air=True),
        line(530, 110, 600, 176, air=True),
        line(530, 130, 600, 288, air=True),
        line(435, 170, 435, 250, air=True),
        box(
            20,
            40,
            250,
            150,
            "Máy chủ  192.168.10.2",
            "Caddy: https, chứng chỉ",
            "festival-web, festival-worker",
            "dnsmasq: tên ngayhoi.lan",
            "chrony: giờ",
            mark=True,
        ),
        box(330, 60, 200, 110, "Bộ phát Wi-Fi", "phát địa chỉ mạng", "DNS = 192.168.10.2", "không cần Internet"),
        box(600, 24, 240, 84, "Điện thoại ở cổng", "tin ca.crt, mở /gate", "mất mạng vẫn quét"),
        box(600, 136, 240, 84, "Máy chấm, máy sân khấu", "tin ca.crt, mở /judge, /stage", "mất mạng vẫn chấm"),
        box(600, 248, 240, 84, "Màn hình, máy văn phòng", "tin ca.crt", "trang công khai, /office"),
        box(330, 250, 200, 84, "Máy thử", "flask venue check", "tối hôm trước"),
        '<text x="20" y="395" fill="#52606d">Đường liền: cáp. Đường chấm: sóng. Máy chủ có địa chỉ cố định và nguồn điện dự phòng.</text>',
        "</svg>\n",
    ]
    return "\n".join(parts)


def phone(x: int, y: int, number: int, *lines: str) -> str:
    """A phone's screen with a step."""
    words = "\n".join(
        f'<text x="{x + 16}" y="{y + 62 + 22 * at}" fill="{INK if each.startswith("→") else SOFT}" '
        f'font-weight="{700 if each.startswith("→") else 400}">{each}</text>'
        for at, each in enumerate(lines)
    )
    return (
        f'<rect x="{x}" y="{y}" width="196" height="210" rx="20" fill="{PAPER}" stroke="{LINE}" stroke-width="2"/>\n'
        f'<circle cx="{x + 28}" cy="{y + 28}" r="15" fill="{MARK}"/>\n'
        f'<text x="{x + 28}" y="{y + 33}" fill="#fff" font-weight="700" text-anchor="middle">{number}</text>\n{words}'
    )


def phones() -> str:
    """What is tapped."""
    android = (
        ("Cài đặt", "Bảo mật", "Mã hóa và thông tin", "xác thực", "→ Cài đặt chứng chỉ", "→ Chứng chỉ CA"),
        ("Vẫn cài đặt", "chọn tệp ca.crt", "→ Người dùng:", "→ so dấu SHA-256"),
        ("Mạng", "→ DNS riêng tư: Tắt", "Wi-Fi của ngày hội", "→ vẫn kết nối", "Chrome: mở trang"),
    )
    iphone = (
        ("AirDrop: ca.crt", "→ chọn iPhone", "Cài đặt", "→ Đã tải về hồ sơ", "→ Cài đặt"),
        ("Cài đặt chung", "Giới thiệu", "→ Cài đặt tin cậy", "→ chứng nhận: bật"),
        ("VPN và Quản lý", "thiết bị, hồ sơ, Thêm chi tiết", "→ so dấu SHA-256"),
        ("Wi-Fi của ngày hội", "→ Safari: mở trang"),
    )
    parts = [HEAD.format(wide=860, high=570, told="Các bước cài chứng chỉ trên Android và iPhone")]
    for title, top, steps in (("Android", 20, android), ("iPhone, iPad", 300, iphone)):
        parts.append(f'<text x="20" y="{top + 18}" fill="{INK}" font-size="18" font-weight="700">{title}</text>')
        parts += [phone(20 + 208 * at, top + 32, at + 1, *each) for at, each in enumerate(steps)]
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    for name, drawn in (("venue-network", network()), ("venue-phones", phones())):
        (PICTURES / f"{name}.svg").write_text(drawn, encoding="utf-8")
