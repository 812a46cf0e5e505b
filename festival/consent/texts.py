"""To which words does somebody agree, and in which version?

The texts are numbered: whoever changes a sentence gives it the next version, so that it can be shown later to what
exactly a person agreed (Law 91/2025/QH15: who, when, which text, how).
"""

from __future__ import annotations

from festival.consent.models import ConsentPurpose
from festival.core.sentence import N_, Sentence

CONSENT_WORDS: dict[ConsentPurpose, tuple[int, Sentence]] = {
    ConsentPurpose.TAKING_PART: (
        1,
        N_(
            "Tôi đồng ý tham gia ngày hội và đồng ý để Ban Tổ chức dùng họ tên, năm sinh, giới tính, số điện thoại đã ghi"
            " vào việc đăng ký, làm thẻ, điểm danh, xếp lịch và chấm thi. Dữ liệu được xóa khi hết hạn lưu."
            " Tôi có thể rút lại sự đồng ý bất cứ lúc nào."
        ),
    ),
    ConsentPurpose.CHILD_OWN: (1, N_("Chính bạn nhỏ (từ 7 tuổi) đã được hỏi và đồng ý tham gia ngày hội.")),
    ConsentPurpose.PUBLISH: (
        1,
        N_(
            "Tôi đồng ý để Ban Tổ chức công bố họ tên và hình ảnh ở ngày hội. Không đồng ý thì gia đình vẫn tham gia bình thường."
        ),
    ),
}

GIVEN_AS_WORDS: dict[str, Sentence] = {
    "self": N_("Tự đồng ý"),
    "father": N_("Cha"),
    "mother": N_("Mẹ"),
    "guardian": N_("Người giám hộ"),
}

METHOD_WORDS: dict[str, Sentence] = {
    "form": N_("khi đăng ký trên trang"),
    "link": N_("qua liên kết của gia đình"),
    "paper": N_("bằng phiếu giấy có chữ ký"),
}
