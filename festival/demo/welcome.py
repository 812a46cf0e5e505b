"""Who can sign in to the demo with what, and what is worth a look first?"""

from __future__ import annotations

from sqlalchemy import and_, select

from festival.accounts.models import User
from festival.core.database import db
from festival.core.transaction import reading
from festival.demo.build import PASSWORD, is_demo
from festival.devices.activation.sealed_cards import digits_of
from festival.devices.enrolment import code_text
from festival.devices.models import EnrolmentCode, SealedCard
from festival.editions.queries import the_festival
from festival.roster.links.of_families import link_code
from festival.roster.models import Family, FamilyState

WHO = {
    "bantochuc": "Ban Tổ chức",
    "phobantochuc": "người thứ hai của Ban Tổ chức (cho MC đọc cần hai người)",
    "canbo1": "cán bộ lập danh sách (canbo1 đến canbo15, mỗi người một đoàn)",
    "thuky": "thư ký",
    "thuky2": "thư ký thứ hai (gõ lại phiếu giấy)",
    "giamkhao1": "trưởng ban giám khảo nghệ thuật",
    "giamkhao6": "trưởng ban giám khảo nấu ăn",
    "congtruong": "trưởng cổng",
    "sankhau": "chỉ đạo sân khấu",
    "dandat": "người dẫn chương trình",
}


def welcome_lines(base_url: str) -> list[str]:
    """What is printed after the start; nothing in a database that is not a demo."""
    with reading():
        if not is_demo():
            return []
        festival = the_festival()
        logins = set(db.session.scalars(select(User.login).where(User.demo)))
        codes = db.session.execute(
            select(EnrolmentCode.id, EnrolmentCode.station, SealedCard.id.label("card"))
            .outerjoin(SealedCard, and_(SealedCard.user_id == EnrolmentCode.user_id, SealedCard.ended_at.is_(None)))
            .where(EnrolmentCode.festival_id == festival.id, EnrolmentCode.used_at.is_(None))
            .order_by(EnrolmentCode.id)
            .limit(6)
        ).all()
        family = db.session.scalars(
            select(Family).where(Family.state == FamilyState.APPROVED).order_by(Family.id).limit(1)
        ).first()
        lines = [
            "",
            f"{festival.short_name} (dữ liệu mẫu, mọi người trong đó đều không có thật)",
            f"Đăng nhập tại {base_url}/sign-in, mật khẩu chung: {PASSWORD}",
            *(f"  {login:<13} {who}" for login, who in WHO.items() if login in logins),
            "Mã ghi danh thiết bị (mở /enrol trên điện thoại hoặc máy tính bảng):",
            *(f"  {code_text(row.id)}    {row.station}{_card(row.card)}" for row in codes),
            "Thử ngay:",
            f"  {base_url}/programme  chương trình công khai",
            f"  {base_url}/register  một gia đình đăng ký",
        ]
        if family is not None:
            lines.append(f"  {base_url}/g/{link_code(family)}  trang của một gia đình")
    return lines


def _card(card_id: int | None) -> str:
    return "" if card_id is None else f", thẻ niêm phong {digits_of(card_id)} (mở máy rồi tự đặt mã PIN)"
