"""In which words does this room speak, and which version of which words does somebody agree to?

The consent texts are numbered: whoever changes a sentence gives it the next version, so that it can be shown later to what
exactly a person agreed (Law 91/2025/QH15: who, when, which text, how).
"""

from __future__ import annotations

from festival.core.i18n import say
from festival.core.sentence import N_, Sentence
from festival.registration.eligibility import RELATION_WORDS, SEX_WORDS, Relation, Sex, read_relation
from festival.registration.models import ConsentPurpose, EntryState, FamilyState, Origin, Person

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

STATE_WORDS: dict[FamilyState, Sentence] = {
    FamilyState.DRAFT: N_("Đang soạn"),
    FamilyState.SUBMITTED: N_("Chờ duyệt"),
    FamilyState.RETURNED: N_("Trả lại để sửa"),
    FamilyState.APPROVED: N_("Đã duyệt"),
    FamilyState.REJECTED: N_("Từ chối"),
    FamilyState.WITHDRAWN: N_("Đã rút"),
}
STATE_TONES: dict[FamilyState, str] = {
    FamilyState.DRAFT: "quiet",
    FamilyState.SUBMITTED: "note",
    FamilyState.RETURNED: "warn",
    FamilyState.APPROVED: "good",
    FamilyState.REJECTED: "bad",
    FamilyState.WITHDRAWN: "quiet",
}
ORIGIN_WORDS: dict[Origin, Sentence] = {
    Origin.OFFICER: N_("Cán bộ nhập"),
    Origin.EXCEL: N_("Nhập từ Excel"),
    Origin.FAMILY: N_("Gia đình tự đăng ký"),
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
ENTRY_WORDS: dict[EntryState, Sentence] = {
    EntryState.PROPOSED: N_("Chờ duyệt"),
    EntryState.ENROLLED: N_("Dự thi"),
    EntryState.WITHDRAWN: N_("Đã rút"),
}


def relation_word(person: Person) -> str:
    """A person's relation in words, also where free Vietnamese was stored."""
    if person.representative:
        return say(RELATION_WORDS[Relation.REPRESENTATIVE])
    relation = relation_of(person)
    return say(RELATION_WORDS[relation]) if relation else person.relation


def relation_of(person: Person) -> Relation | None:
    """The relation as a value; None where it is not known."""
    if person.representative:
        return Relation.REPRESENTATIVE
    try:
        return Relation(person.relation)
    except ValueError:
        return read_relation(person.relation)


def masked_phone(number: str) -> str:
    """Enough of a phone number to know it again, without the last four digits that open changes: `0912 ••• •••`."""
    return f"{number[:4]} ••• •••" if number else ""


def sex_word(sex: str | None) -> str:
    """Nam, Nữ or ''."""
    return say(SEX_WORDS[Sex(sex)]) if sex else ""


def relation_words(relation: Relation | None) -> str:
    """A relation in words, '' where it is not known."""
    return say(RELATION_WORDS[relation]) if relation else ""
