"""In which words is each kind of row about somebody handed over? Columns that say nothing to a person are left out."""

from __future__ import annotations

from festival.core.sentence import N_, Sentence

# A table without its line here is handed over all the same, under these words.
OTHER = N_("Ghi chép khác")
ELSE = N_("Nội dung")

# Table → its heading, and the columns in the order in which they are read.
TOLD: dict[str, tuple[Sentence, dict[str, Sentence]]] = {
    "person": (
        N_("Thông tin từng người"),
        {
            "name": N_("Họ và tên"),
            "relation": N_("Quan hệ với người đại diện"),
            "sex": N_("Giới tính"),
            "born_on": N_("Ngày sinh"),
            "birth_year": N_("Năm sinh"),
            "phone": N_("Điện thoại"),
            "needs": N_("Nhu cầu"),
        },
    ),
    "family": (
        N_("Thông tin chung của gia đình"),
        {
            "name": N_("Tên gia đình"),
            "phone": N_("Điện thoại"),
            "email": N_("Thư điện tử"),
            "address": N_("Địa chỉ"),
            "introduction": N_("Lời giới thiệu"),
            "state": N_("Tình trạng hồ sơ"),
            "origin": N_("Đăng ký bằng cách nào"),
            "return_reason": N_("Lời của Ban Tổ chức"),
            "created_at": N_("Ghi vào lúc"),
            "submitted_at": N_("Gửi lúc"),
            "decided_at": N_("Có quyết định lúc"),
        },
    ),
    "consent": (
        N_("Sự đồng ý"),
        {
            "person_id": N_("Của ai"),
            "purpose": N_("Về việc gì"),
            "given_by": N_("Người đồng ý"),
            "given_as": N_("Với tư cách"),
            "method": N_("Bằng cách"),
            "given_at": N_("Lúc"),
            "withdrawn_at": N_("Rút lại lúc"),
        },
    ),
    "consent_refusal": (
        N_("Điều đã được hỏi mà không đồng ý"),
        {
            "person_id": N_("Của ai"),
            "purpose": N_("Về việc gì"),
            "said_by": N_("Người trả lời"),
            "said_as": N_("Với tư cách"),
            "method": N_("Bằng cách"),
            "said_at": N_("Lúc"),
            "ended_at": N_("Đổi ý lúc"),
        },
    ),
    "parent_link": (
        N_("Liên kết riêng của cha, mẹ, người giám hộ"),
        {
            "name": N_("Họ và tên"),
            "given_as": N_("Với tư cách"),
            "phone": N_("Điện thoại"),
            "made_at": N_("Lúc"),
            "expires_at": N_("Dùng đến"),
            "ended_at": N_("Thôi dùng lúc"),
        },
    ),
    "agreement_sheet": (
        N_("Phiếu đồng ý gia đình đã ký"),
        {"kept_at": N_("Lúc"), "taken_back_at": N_("Rút lại lúc"), "reason": N_("Lý do")},
    ),
    "family_commune": (N_("Xã, phường ký danh sách"), {"unit_id": N_("Số của đơn vị")}),
    "turns_told": (
        N_("Lịch thi đã báo"),
        {
            "version": N_("Bản công bố số"),
            "way": N_("Bằng cách"),
            "turns": N_("Lượt thi"),
            "told_at": N_("Lúc"),
            "taken_back_at": N_("Bỏ lúc"),
        },
    ),
    "act_reminder": (N_("Nhắc về tiết mục"), {"reminded_at": N_("Lần gần nhất"), "times": N_("Số lần")}),
    "agreement_reminder": (N_("Nhắc đồng ý"), {"reminded_at": N_("Lần gần nhất"), "times": N_("Số lần")}),
    "entry": (
        N_("Tiết mục dự thi"),
        {"name": N_("Tên gọi"), "title": N_("Tên tiết mục"), "number": N_("Số báo danh"), "state": N_("Tình trạng")},
    ),
    "act_version": (
        N_("Phiếu tiết mục"),
        {
            "version": N_("Bản"),
            "title": N_("Tên tiết mục"),
            "genre": N_("Thể loại"),
            "minutes": N_("Số phút"),
            "props": N_("Đạo cụ"),
            "microphones": N_("Số micro"),
            "words": N_("Hai dòng cho MC"),
            "said": N_("Cách đọc tên"),
            "told_at": N_("Ghi vào lúc"),
        },
    ),
    "act_file": (
        N_("Nhạc nền và ảnh"),
        {"name": N_("Tên tệp"), "format": N_("Loại"), "size": N_("Số byte"), "put_at": N_("Gửi lúc")},
    ),
    "ethnic_group": (
        N_("Dân tộc"),
        {
            "person_id": N_("Của ai"),
            "group_code": N_("Dân tộc"),
            "given_by": N_("Người đồng ý"),
            "given_at": N_("Lúc"),
            "withdrawn_at": N_("Rút lại lúc"),
        },
    ),
    "allergy": (N_("Dị ứng"), {"person_id": N_("Của ai"), "words": N_("Dị ứng với")}),
    "lodging_bed": (N_("Giường nghỉ"), {"person_id": N_("Ai"), "room_id": N_("Phòng"), "number": N_("Giường số")}),
    "prize_receiver": (N_("Người nhận tiền thưởng"), {"person_id": N_("Ai"), "said_at": N_("Ghi vào lúc")}),
    "badge_holder": (
        N_("Chức danh trên thẻ"),
        {"honorific": N_("Cách xưng hô"), "title": N_("Chức danh"), "seat": N_("Chỗ ngồi")},
    ),
    "team_member": (N_("Được chọn vào đội ghép"), {"person_id": N_("Ai")}),
    "departure": (N_("Thôi tham gia"), {"person_id": N_("Ai"), "left_at": N_("Lúc"), "back_at": N_("Trở lại lúc")}),
    "pass": (
        N_("Thẻ dự thi"),
        {"issue": N_("Lần cấp"), "issued_at": N_("Cấp lúc"), "replaced_at": N_("Hết hiệu lực lúc")},
    ),
    "admission": (N_("Điểm danh"), {"person_id": N_("Ai"), "purpose": N_("Ở đâu"), "day_window": N_("Buổi")}),
    "child_step": (N_("Trẻ lạc"), {"person_id": N_("Của ai"), "words": N_("Đã ghi")}),
    "family_change": (
        N_("Thay đổi sau khi duyệt"),
        {"why": N_("Lý do"), "asked_at": N_("Gửi lúc"), "state": N_("Kết quả"), "decided_at": N_("Có quyết định lúc")},
    ),
    "wish": (N_("Vắng mặt khi xếp lịch"), {"starts_at": N_("Từ lúc"), "ends_at": N_("Đến lúc"), "note": N_("Lý do")}),
    "kept_family": (N_("Giữ lại cho ngày hội sau"), {"kept_until": N_("Đến hết ngày"), "household": N_("Đã giữ")}),
    "place_offer": (
        N_("Lời mời nhận chỗ"),
        {
            "offered_at": N_("Mời lúc"),
            "until": N_("Giữ chỗ đến"),
            "people": N_("Số người"),
            "ended_at": N_("Kết thúc lúc"),
        },
    ),
    "line_spot": (N_("Chỗ trong hàng chờ"), {"stands_at": N_("Đứng từ lúc")}),
    "held_registration": (N_("Hồ sơ chờ xem lại"), {"held_at": N_("Từ lúc"), "decided_at": N_("Xem xong lúc")}),
    "privacy_request": (
        N_("Yêu cầu về dữ liệu"),
        {
            "number": N_("Số"),
            "kind": N_("Yêu cầu gì"),
            "said": N_("Đã ghi"),
            "made_at": N_("Lúc"),
            "answer": N_("Trả lời"),
            "outcome": N_("Kết quả"),
        },
    ),
}

# Kept only to find a row again, to compare, or to open a link: nothing to read.
UNREADABLE = frozenset(
    {"folded", "submission_key", "submission_digest", "identity", "link_hash", "token_hash", "entries", "key"}
)
# Told to the family alone: nobody who answers a request reads it by name (an allergy is for kitchen and nurse).
FAMILYS_ALONE = frozenset({"ethnic_group", "allergy"})
