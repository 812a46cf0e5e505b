"""How is each group of typed lines called on its page, and what do its boxes ask for?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.sentence import N_, Sentence


@dataclass(frozen=True, slots=True)
class GroupWords:
    """Title, what it is for, the box of the name, the box beside it (None: there is none), what stands where no line is."""

    title: Sentence
    lead: Sentence
    name: Sentence
    grounds: Sentence | None
    empty: Sentence


GROUP_WORDS: dict[str, GroupWords] = {
    "money": GroupWords(
        N_("Kinh phí"),
        N_("Các khoản thu, chi của ngày hội, gõ bằng đồng. Báo cáo cộng lại và đọc tổng bằng chữ."),
        N_("Nội dung"),
        N_("Chứng từ, ghi chú"),
        N_("Chưa ghi khoản nào"),
    ),
    "told": GroupWords(
        N_("Truyền thông"),
        N_("Tin bài, bài đăng, chương trình phát thanh, truyền hình về ngày hội."),
        N_("Tên bài, chương trình"),
        N_("Nơi đăng, phát"),
        N_("Chưa ghi bài nào"),
    ),
    "commended": GroupWords(
        N_("Đề nghị khen thưởng, biểu dương"),
        N_("Gia đình, cá nhân, tập thể được đề nghị, kèm thành tích. Ghi tay, hoặc lấy từ giải đã cho MC đọc."),
        N_("Tên gia đình, cá nhân, tập thể"),
        N_("Thành tích"),
        N_("Chưa đề nghị ai"),
    ),
    "panel": GroupWords(
        N_("Nam, nữ trong ban giám khảo"),
        N_(
            "Tài khoản không ghi giới tính. Ghi ở đây cho giám khảo, thư ký; ai chưa ghi thì báo cáo lấy theo thẻ cùng tên, không có thẻ thì là không ghi."
        ),
        N_("Họ tên, như trong ban giám khảo"),
        None,
        N_("Chưa ghi ai"),
    ),
    "lessons": GroupWords(
        N_("Bài học, kiến nghị"),
        N_("Điều làm tốt, điều cần sửa, kiến nghị cho kỳ sau."),
        N_("Bài học, kiến nghị"),
        None,
        N_("Chưa ghi điều nào"),
    ),
}
