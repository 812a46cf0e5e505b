"""Beside which field of the page does a fault of the rule document stand, and in which words? Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from festival.core.sentence import N_, Sentence
from festival.editions.rules import whole
from festival.editions.rules.checks.summed import NO_PLACE_POINTS, NO_POINTS_THERE, TEAMS
from festival.editions.rules.document import FileFault
from festival.editions.rules.sums import ALWAYS_SEALED
from festival.editions.rules.use import (
    BY_PLACES,
    BY_PRIZES,
    NO_CONVERSION,
    NO_ENTRIES,
    NO_HIGHEST,
    NO_SUCH_PRIZE,
    NO_WHOLE,
    ONE_CONVERSION,
    ONE_TRY,
)
from festival.setup.contest_editor.further import FURTHER
from festival.setup.faults import by_field

LABELS: Mapping[str, Sentence] = {
    "kind": N_("Cách xét"),
    "name": N_("Tên phần thi"),
    "code": N_("Mã phần thi"),
    "part.name": N_("Thuộc phần"),
    "part.code": N_("Mã của phần"),
    "secrecy": N_("Khi nào mọi người được biết"),
    "published": N_("Sau khi công bố, mọi người xem được"),
    "entry": N_("Ai dự thi"),
    "entries_per_delegation.min": N_("Mỗi đoàn ít nhất (tiết mục)"),
    "entries_per_delegation.max": N_("Mỗi đoàn nhiều nhất (tiết mục)"),
    "performers.min": N_("Ít nhất (người trên sân khấu)"),
    "performers.max": N_("Nhiều nhất (người trên sân khấu)"),
    "composition": N_("Thành phần của đội ghép"),
    "composition.what": N_("Đếm"),
    "composition.least": N_("Ít nhất"),
    "composition.most": N_("Nhiều nhất"),
    "composition.from": N_("Từ (tuổi)"),
    "composition.to": N_("Đến (tuổi)"),
    "composition.on": N_("Tính tuổi đến ngày"),
    "composition.otherwise": N_("Đội không đúng thì"),
    "duration_min": N_("Mỗi tiết mục (phút)"),
    "changeover_min": N_("Chuyển tiết mục (phút)"),
    "together_min": N_("Cùng làm trước khi trình bày (phút)"),
    "overtime.grace_s": N_("Quá giờ không trừ (giây)"),
    "overtime.minus_per_started_minute": N_("Sau đó mỗi phút bắt đầu trừ (điểm)"),
    "overtime.limit": N_("Trừ nhiều nhất (điểm)"),
    "undertime.least_s": N_("Tiết mục ít nhất (giây)"),
    "undertime.minus_per_started_minute": N_("Mỗi phút bắt đầu thiếu trừ (điểm)"),
    "undertime.limit": N_("Thiếu giờ trừ nhiều nhất (điểm)"),
    "deductions": N_("Các khoản thư ký được trừ điểm"),
    "deductions.name": N_("Tên khoản trừ"),
    "deductions.points": N_("Trừ (điểm)"),
    "deductions.code": N_("Mã khoản trừ"),
    "more": N_("Quy định khác, viết như trong tệp thể lệ"),
    "judges": N_("Số giám khảo"),
    "total": N_("Tổng điểm in trên phiếu, để kiểm tra"),
    "criteria": N_("Tiêu chí"),
    "criteria.name": N_("Tên tiêu chí"),
    "criteria.max": N_("Điểm tối đa"),
    "criteria.step": N_("Bước điểm"),
    "criteria.min": N_("Điểm thấp nhất"),
    "criteria.weight": N_("Hệ số"),
    "criteria.code": N_("Mã tiêu chí"),
    "criteria.levels": N_("Mô tả các mức"),
    "scoring.rule": N_("Cách tính điểm"),
    "scoring.delta": N_("Mức lệch (điểm)"),
    "scoring.delta_percent": N_("Hoặc mức lệch (phần trăm thang điểm)"),
    "scoring.drop_high": N_("Bỏ mấy điểm cao nhất"),
    "scoring.drop_low": N_("Bỏ mấy điểm thấp nhất"),
    "scoring.strict": N_("Điểm lệch đúng bằng mức này"),
    "scoring.smallest_panel": N_("Ít nhất bao nhiêu giám khảo phải chấm"),
    "scoring.below": N_("Khi có ít giám khảo hơn"),
    "scoring.all_dropped": N_("Khi mọi điểm đều lệch quá mức"),
    "scoring.round": N_("Làm tròn đến (điểm)"),
    "corrections": N_("Giám khảo sửa phiếu đã gửi"),
    "comments": N_("Giám khảo viết lời nhận xét gửi gia đình"),
    "paper": N_("Phiếu giấy được gõ"),
    "confirming": N_("Xác nhận phiếu đã khóa"),
    "scoring.rounding": N_("Cách làm tròn"),
    "marked_by_both": N_("Khi thay giám khảo giữa chừng, tiết mục cả hai đã chấm"),
    "better": N_("Ai thắng"),
    "attempts": N_("Số lượt"),
    "attempts_count": N_("Tính lượt nào"),
    "unit_label": N_("Đếm cái gì"),
    "best_possible": N_("Nhiều nhất đạt được"),
    "points_per_answer": N_("Mỗi câu đúng (điểm cho đoàn)"),
    "points_scale": N_("Thang quy ra điểm cho đoàn"),
    "points_scale.reach": N_("Đạt từ"),
    "points_scale.points": N_("Được (điểm)"),
    "shared_from": N_("Đồng hạng từ hạng"),
    "bracket.best_of": N_("Số hiệp nhiều nhất của một trận"),
    "bracket.points": N_("Điểm thắng một hiệp"),
    "bracket.lead": N_("Phải hơn (điểm)"),
    "bracket.cap": N_("Điểm cao nhất của hiệp"),
    "bracket.third": N_("Hai đội thua bán kết"),
    "counters": N_("Số người đếm"),
    "counters_apart": N_("Hai người đếm lệch nhau nhiều nhất"),
    "counters_take": N_("Hai người đếm gần nhau thì lấy"),
    "sum": N_("Cộng cái gì"),
    "of": N_("Cộng những phần thi nào"),
    "of.contest": N_("Phần thi"),
    "of.weight": N_("Hệ số"),
    "ties": N_("Khi bằng điểm, xét lần lượt"),
    "place_points": N_("Điểm theo hạng cho đoàn"),
    "place_points.points": N_("Điểm theo hạng"),
    "prizes": N_("Giải thưởng"),
    "prizes.name": N_("Tên giải"),
    "prizes.count": N_("Số giải"),
}

_EMPTY = N_("Chưa ghi.")
# The reader's words speak of keys to whoever writes a file; a page says the same to whoever fills in fields.
_WORDS: Mapping[str, Sentence] = {
    "thiếu khóa bắt buộc": _EMPTY,
    "phải là chữ, không để trống": _EMPTY,
    "phần thi chấm theo tiêu chí phải có khóa này": _EMPTY,
    "phần thi cộng phải có khóa này": _EMPTY,
    ALWAYS_SEALED.template: N_("Phần thi cộng chỉ công bố sau các phần thi thành phần. Hãy chọn kín."),
    TEAMS.template: N_(
        "«%(name)s» là của đội ghép nên không cộng được cho từng gia đình. Hãy chọn đội ghép để cộng theo đoàn."
    ),
    NO_POINTS_THERE.template: N_(
        "Kết quả của «%(name)s» không phải là điểm. Hãy ghi thang quy ra điểm ở phần thi ấy, hoặc cộng điểm theo hạng."
    ),
    NO_PLACE_POINTS.template: N_("«%(name)s» chưa có điểm theo hạng để cộng. Hãy ghi ở phần thi ấy, hoặc cộng điểm."),
    whole.BY_MEDALS.template: N_("Toàn đoàn xếp theo số giải, không cộng điểm: hãy để trống ô này."),
    whole.NO_MEDALS.template: N_("Hãy ghi tên các giải được đếm, cao nhất trước: Nhất, Nhì."),
    whole.NOTHING_COUNTED.template: N_("Không xếp hay xét theo số giải nên không đếm giải nào: hãy để trống ô này."),
    whole.COUNTED_ALREADY.template: N_("Toàn đoàn đã xếp theo số giải: hãy bỏ bậc này."),
    whole.BOTH_SCALED.template: N_("Hai ô đi cùng nhau: ghi thang, và chọn điểm nào thành điểm cao nhất."),
    whole.ONLY_POINTS.template: N_("Chỉ quy về một thang khi cộng điểm đạt được: hãy để trống ô này."),
    whole.ONE_ALREADY.template: N_("Đã chọn chỉ tính lượt tốt nhất ở mỗi phần thi: hãy để trống ô này."),
    whole.NO_SCALE.template: N_("Thang phải lớn hơn 0."),
    BY_PRIZES.template: N_("Ngày hội xếp toàn đoàn theo số giải, nên phần này phải bỏ trống."),
    NO_SUCH_PRIZE.template: N_("Không phần thi nào được tính vào toàn đoàn có giải tên «%(name)s»."),
    NO_HIGHEST.template: N_(
        "Phần thi «%(name)s» chưa cho biết điểm cao nhất có thể. Hãy ghi số cao nhất có thể ở phần thi ấy, hoặc chọn "
        "điểm cao nhất có người đạt."
    ),
    "phải là số nguyên": N_("Hãy ghi số nguyên, ví dụ 5."),
    "phải là số điểm": N_("Hãy ghi số điểm, ví dụ 8,75."),
    "số điểm %(value)s không hợp lệ (không âm, nhiều nhất ba số lẻ)": N_(
        "Số này không dùng được ở đây: phải lớn hơn 0, nhiều nhất ba số lẻ."
    ),
    "min %(low)s lớn hơn max %(high)s": N_("Ít nhất %(low)s lại lớn hơn nhiều nhất %(high)s."),
    "«%(value)s» không được dùng ở đây; chọn một trong: %(choices)s": N_("Hãy chọn một trong các cách."),
    "phải nói rõ nhanh hơn (less) hay chậm hơn (more) thì thắng": N_("Hãy chọn nhanh hơn hay chậm hơn thì thắng."),
    "luật loại điểm lệch phải có delta": N_("Hãy ghi mức lệch, ví dụ 1,5."),
    "điểm tối đa không chia hết cho bước điểm, nên không chấm được điểm tối đa": N_(
        "Bước điểm không chia hết điểm tối đa, nên không ai chấm được điểm tối đa. Hãy đổi bước hoặc điểm tối đa."
    ),
    "tổng ghi là %(typed)s nhưng các tiêu chí cộng lại là %(computed)s": N_(
        "Tổng ghi là %(typed)s nhưng các tiêu chí cộng lại là %(computed)s. Hãy sửa tiêu chí, hoặc sửa hay bỏ trống tổng này."
    ),
    "số điểm tối thiểu %(smallest)s lớn hơn số giám khảo %(judges)s": N_(
        "Cần ít nhất %(smallest)s giám khảo chấm nhưng ban chỉ có %(judges)s người."
    ),
    "không có tiêu chí «%(code)s» trong phần thi này": N_("Tiêu chí của bậc này không còn. Hãy bỏ bậc này."),
    "«rest» (tất cả còn lại) chỉ đứng ở giải cuối cùng": N_("Chỉ giải cuối cùng được trao cho tất cả còn lại."),
    "phần «%(code)s» đã mang tên khác ở trên": N_(
        "Phần thi khác cùng mã phần «%(code)s» ghi tên phần khác. Hãy ghi cùng một tên, hoặc đổi mã của phần."
    ),
    NO_CONVERSION.template: N_(
        "Ngày hội cộng điểm của các đoàn, mà kết quả của phần thi này không phải là điểm. Hãy ghi điểm theo hạng, hoặc cách "
        "quy ra điểm."
    ),
    "toàn đoàn cộng điểm theo hạng, nên phần thi phải có bảng điểm theo hạng": N_(
        "Ngày hội cộng điểm theo hạng của các đoàn. Hãy ghi mỗi hạng được bao nhiêu điểm."
    ),
    ONE_CONVERSION.template: N_("Chỉ dùng một cách quy ra điểm cho đoàn. Hãy bỏ trống các cách còn lại."),
    BY_PLACES.template: N_("Ngày hội cộng điểm theo hạng nên cách này không dùng. Hãy bỏ trống."),
    NO_WHOLE.template: N_(
        "Ngày hội chưa xếp hạng toàn đoàn nên chưa dùng điểm này. Hãy bỏ trống, hoặc thêm xếp hạng toàn đoàn."
    ),
    "phải nói ít nhất (least) hay nhiều nhất (most) bao nhiêu": N_(
        "Hãy ghi ít nhất bao nhiêu, nhiều nhất bao nhiêu, hoặc cả hai."
    ),
    "ít nhất %(least)s lại nhiều hơn nhiều nhất %(most)s": N_("Ít nhất %(least)s lại lớn hơn nhiều nhất %(most)s."),
    "phải nói từ (from) hay đến (to) bao nhiêu tuổi": N_(
        "Đếm theo tuổi thì hãy ghi từ mấy tuổi, đến mấy tuổi, hoặc cả hai."
    ),
    "từ %(young)s tuổi lại lớn hơn đến %(old)s tuổi": N_("Từ %(young)s tuổi lại lớn hơn đến %(old)s tuổi."),
    "chỉ dòng đếm theo tuổi (ages) dùng khóa này": N_(
        "Chỉ dòng đếm theo khoảng tuổi dùng ô này. Hãy bỏ trống, hoặc chọn đếm theo khoảng tuổi."
    ),
    "chỉ phần thi của đội ghép (entry = team) dùng khóa này": N_(
        "Chỉ phần thi của đội ghép có thành phần. Hãy chọn đội ghép, hoặc bỏ các dòng này."
    ),
    "phần thi này lấy lượt thi từ phần thi khác; hãy ghi thành phần đội ở phần thi ấy": N_(
        "Phần thi này lấy lượt thi từ phần thi khác. Hãy ghi thành phần đội ở phần thi ấy."
    ),
    "ngày phải viết dạng 2024-06-14": N_("Hãy ghi ngày có thật, dạng ngày/tháng/năm, ví dụ 14/6/2024."),
    "nguồn phải có url hoặc what": N_("Hãy ghi nguồn là gì, hoặc địa chỉ trang."),
    NO_ENTRIES.template: N_("Mỗi đoàn phải có ít nhất một tiết mục. Hãy bỏ trống cả hai ô nếu không giới hạn."),
    ONE_TRY.template: N_("Chỉ có một lượt nên không có lượt tốt tiếp theo. Hãy tăng số lượt, hoặc bỏ bậc này."),
}
_FIRST = {
    "part": "part.name",
    "entries_per_delegation": "entries_per_delegation.min",
    "performers": "performers.min",
    "overtime": "overtime.grace_s",
    "bracket": "bracket.best_of",
    "scoring": "scoring.rule",
    "undertime": "undertime.least_s",
    "scoring.passes": "scoring.rule",
}


HOLDERS = {each.partition(".")[0] for each in LABELS} | {"part", "scoring", "overtime"}
NOT_READABLE = N_(
    'Không đọc được: hãy viết như trong tệp thể lệ, ví dụ {"together_min": 30}, và chỉ những quy định không có ô riêng.'
)


def beside_fields(
    problems: Sequence[FileFault], at: int, rungs: int
) -> tuple[dict[str, list[Sentence]], list[FileFault]]:
    """The reasons in the words of a page by the name of their field, and the faults elsewhere in the edition.

    `at` is the contest's place in the document, `rungs` how many its ladder has on the page.
    """
    own, elsewhere = by_field(problems, f"$.contests[{at}]")
    found: dict[str, list[Sentence]] = {}
    for path, reasons in own.items():
        said = [NOT_READABLE] if path == FURTHER else [_of_level(path, each) for each in reasons]
        held = found.setdefault(field_of(path, rungs), [])
        held.extend(each for each in said if each not in held)
    return found, elsewhere


def field_of(path: str, rungs: int = 0) -> str:
    """The field of the page for a path below the contest: `criteria[1].step` is `criteria.1.step`."""
    if not path:
        return "place_points"  # only a contest whose result is added to nothing is wrong as a whole
    name = re.sub(r"\[([0-9]+)\]", r".\1", path)
    head, _, rest = name.partition(".")
    if head == "ties" and rest:
        place = rest.partition(".")[0]
        return f"ties.{place}" if int(place) < rungs else "ties"
    if head == "criteria" and ".descriptors" in rest:
        return name.partition(".descriptors")[0] + ".levels"
    if head == "composition" and rest.isdigit():
        return f"{name}.least"
    if head == "place_points" and rest:
        return f"{name}.points"
    if (head not in LABELS and head not in HOLDERS) or name.startswith("scoring.drop_by_panel"):
        return FURTHER
    return _FIRST.get(name, name)


def _of_level(path: str, reason: Sentence) -> Sentence:
    """Which of the lines under a criterion is meant; a line without its mark is told how it is written."""
    found = re.search(r"\.descriptors\[([0-9]+)\]\.?(\w*)", path)
    if found is None:
        return for_page(reason)
    n = int(found[1]) + 1
    if found[2] == "from" and reason.template == "thiếu khóa bắt buộc":
        return N_("Dòng %(n)s: hãy ghi điểm, dấu hai chấm, rồi lời mô tả, ví dụ 9: Xuất sắc.", n=n)
    return N_("Dòng %(n)s: %(reason)s", n=n, reason=for_page(reason))


def for_page(reason: Sentence) -> Sentence:
    """The reason in the words of a page; one that is as good for both is only made a sentence of its own."""
    said = _WORDS.get(reason.template)
    return said.filled(**reason.values) if said is not None else reason


def label(field: str) -> Sentence:
    """What a field is called, whichever row it stands in."""
    plain = re.sub(r"\.[0-9]+", "", field)
    return LABELS.get(plain, LABELS.get(plain.partition(".")[0], N_("Phần thi")))


def row_of(field: str) -> int | None:
    """In which row of its list a field stands, counted from one."""
    found = re.search(r"\.([0-9]+)", field)
    return int(found[1]) + 1 if found else None
