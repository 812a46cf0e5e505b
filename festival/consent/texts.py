"""To which words does somebody agree, and in which version?

The texts are numbered: whoever changes a sentence gives it the next version, so that it can be shown later to what
exactly a person agreed (Law 91/2025/QH15: who, when, which text, how).
"""

from __future__ import annotations

from festival.consent.models import ConsentPurpose
from festival.core.sentence import N_, Sentence

CONSENT_WORDS: dict[ConsentPurpose, tuple[int, Sentence]] = {
    ConsentPurpose.TAKING_PART: (
        2,
        N_(
            "Tôi đồng ý tham gia ngày hội và đồng ý để Ban Tổ chức dùng họ tên, năm sinh, giới tính, số điện thoại đã ghi"
            " vào việc đăng ký, làm thẻ, điểm danh, xếp lịch và chấm thi. Dữ liệu được xóa khi hết hạn lưu; biên bản đã ký"
            " và tên ghi trong đó được niêm phong đến hạn của giấy tờ. Tôi có thể rút lại sự đồng ý bất cứ lúc nào."
        ),
    ),
    ConsentPurpose.CHILD_OWN: (
        2,
        N_(
            "Ngày hội là nơi các gia đình thi hát, thi nấu ăn, chơi thể thao. Ban Tổ chức ghi tên và tuổi của bạn để làm thẻ và"
            " xếp lượt. Bạn muốn tham gia thì chọn có. Không muốn thì chọn không, chẳng ai giận bạn. Nghĩ lại lúc nào cũng được."
        ),
    ),
    ConsentPurpose.PUBLISH: (
        2,
        N_(
            "Tôi đồng ý để Ban Tổ chức công bố họ tên và hình ảnh ở ngày hội. Không đồng ý, hoặc rút lại sau này, thì gia đình"
            " vẫn tham gia bình thường và hiện bằng số và tên đoàn."
        ),
    ),
    ConsentPurpose.CHILD_PUBLISH: (
        1,
        N_(
            "Ở ngày hội có người chụp ảnh. Tên và hình của bạn có thể lên trang của ngày hội cho mọi người xem. Bạn thích thì chọn"
            " có. Không thích thì chọn không, bạn vẫn thi như các bạn khác. Nghĩ lại lúc nào cũng được."
        ),
    ),
    ConsentPurpose.ALLERGY: (
        1,
        N_(
            "Tôi đồng ý để bếp ăn và y tế của ngày hội biết điều dị ứng đã ghi, chỉ để nấu ăn và chăm sóc. Không ghi thì vẫn tham"
            " gia bình thường. Rút lại lúc nào cũng được; khi ấy điều đã ghi được xóa."
        ),
    ),
    ConsentPurpose.SUPPORT: (
        1,
        N_(
            "Tôi đồng ý để người ở cổng, bàn tiếp đón và sân khấu thấy dấu về sự hỗ trợ cần có, chỉ để giúp đúng lúc. Không ghi thì"
            " vẫn tham gia bình thường. Rút lại lúc nào cũng được; khi ấy điều đã ghi được xóa."
        ),
    ),
    ConsentPurpose.KEPT: (
        1,
        N_(
            "Tôi đồng ý để Ban Tổ chức giữ thêm hai năm sau ngày hội họ tên, quan hệ, giới tính, ngày sinh, phần thi, số điện thoại và"
            " địa chỉ, chỉ để ngày hội sau cán bộ chép sẵn hồ sơ cho gia đình xem lại. Không đồng ý thì vẫn tham gia bình thường. Rút"
            " lại lúc nào cũng được; khi ấy phần đã giữ được xóa."
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
    "own_link": N_("qua liên kết riêng của người ấy"),
    "paper": N_("bằng phiếu giấy có chữ ký"),
    "sheet": N_("bằng phiếu của gia đình, có ảnh chụp"),
    "desk": N_("tại quầy đón tiếp, đã ký phiếu"),
}

# How somebody asked an officer or the organiser to take an agreement back, or to let it stand again.
ASKED_BY_WORDS: dict[str, Sentence] = {
    "in_person": N_("gặp trực tiếp"),
    "phone": N_("qua điện thoại"),
    "paper": N_("bằng giấy"),
}

PURPOSE_WORDS: dict[str, Sentence] = {
    "publish": N_("Công bố họ tên, hình ảnh"),
    "taking_part": N_("Tham gia ngày hội"),
    "child_own": N_("Bạn nhỏ tự đồng ý"),
    "child_publish": N_("Bạn nhỏ đồng ý công bố tên, hình"),
    "allergy": N_("Cho bếp ăn và y tế biết dị ứng"),
    "support": N_("Cho nơi đón biết sự hỗ trợ cần có"),
    "kept": N_("Giữ lại cho ngày hội sau"),
}
