"""Until when may a field of the rules change, and what follows from changing it? Pure: the words a page shows beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from festival.contests.changeable import CONTEST, CRITERION, Until
from festival.core.sentence import N_, Sentence

UNTIL_WORDS: Mapping[Until, Sentence] = {
    Until.NEVER: N_("Không đổi sau khi đã tạo."),
    Until.FIRST_MARK: N_("Đổi được đến khi có điểm đầu tiên."),
    Until.SIGNING: N_("Đổi được đến khi ký biên bản."),
    Until.PUBLICATION: N_("Đổi được đến khi công bố kết quả."),
    Until.REGISTRATION: N_("Đổi được đến khi có người đăng ký."),
    Until.TAKEN: N_("Đổi được bất cứ lúc nào, không thấp hơn số đã duyệt."),
    Until.ALWAYS: N_("Đổi được bất cứ lúc nào."),
}

# Everything that is not a contest's own. A path stands for the keys below it that have no line of their own.
_EDITION: Mapping[str, Until] = {
    "schema": Until.NEVER,
    "about": Until.ALWAYS,
    "invented": Until.ALWAYS,
    "sources": Until.ALWAYS,
    "festival": Until.ALWAYS,
    "festival.code": Until.NEVER,
    "quotas": Until.TAKEN,
    "quotas.members_per_family": Until.ALWAYS,
    "quotas.contests_per_family": Until.ALWAYS,
    "delegations": Until.REGISTRATION,
    "delegations.code": Until.ALWAYS,
    "delegations.name": Until.ALWAYS,
    "contests": Until.REGISTRATION,
    "whole_delegation": Until.FIRST_MARK,
    "whole_delegation.prizes": Until.SIGNING,
    "whole_delegation.points_need_scan": Until.SIGNING,
    "special_prizes": Until.SIGNING,
}
_PATHS: Mapping[str, Until] = {
    **_EDITION,
    **{path: until for path, (until, _) in CONTEST.items()},
    **{path: until for path, (until, _) in CRITERION.items()},
}

_POINTS = N_("Có điểm rồi thì cách tính giữ nguyên.")
_NAMES = N_("Tên mới hiện ở máy chấm, trang công khai và giấy tờ chưa ký; giấy đã ký giữ tên cũ.")
_BELOW = N_("Gia đình vượt số mới được kể tên trước khi lưu.")
_AFTER: Mapping[str, Sentence] = {
    "festival.name": N_("Tên mới hiện ở mọi trang và giấy tờ chưa ký; giấy đã ký giữ tên cũ."),
    "festival.organiser": N_("Giấy tờ chưa ký mang tên mới; giấy đã ký giữ tên cũ."),
    "festival.starts_on": N_("Buổi thi, hạn đăng ký ngoài ngày mới được kể ra trước khi lưu."),
    "festival.ends_on": N_("Buổi thi ngoài ngày mới và ngày xóa dữ liệu được kể ra trước khi lưu."),
    "festival.registration_closes_on": N_("Đợt đăng ký đang mở giữ giờ đóng của nó: đổi ở trang giai đoạn."),
    "festival.data_kept_until": N_("Sau ngày này dữ liệu cá nhân được xóa."),
    "quotas": _BELOW,
    "delegations": N_("Đoàn đã có hồ sơ hoặc cán bộ thì không bỏ được."),
    "delegations.name": N_("Tên mới hiện ở mọi trang; thẻ đã in giữ tên cũ."),
    "contests": N_("Phần thi đã có người đăng ký thì không bỏ được."),
    "contest.name": _NAMES,
    "contest.part": _NAMES,
    "contest.criteria.name": _NAMES,
    "contest.criteria.descriptors": N_("Giám khảo thấy lời mới ngay trên máy chấm."),
    "contest.entries_per_delegation": _BELOW,
    "contest.changeover_min": N_("Lịch đã xếp không tự đổi: xếp lại các buổi nếu cần."),
    "contest.together_min": N_("Lịch đã xếp không tự đổi: xếp lại các buổi nếu cần."),
    "contest.lanes": N_("Các đợt thi chia lại theo số bốc thăm: xếp lại lịch của phần thi."),
    "contest.prizes": N_("Giải được tính lại từ điểm đã có."),
    "contest.place_points": N_("Bảng toàn đoàn được tính lại."),
    "whole_delegation.prizes": N_("Giải được tính lại từ điểm đã có."),
    "whole_delegation.points_need_scan": N_("MC chưa được đọc thì chờ theo điều mới; đã được đọc thì giữ nguyên."),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """What stands beside a field."""

    until: Until
    words: Sentence
    after: Sentence | None


def until(path: str) -> Deadline:
    """The deadline of a key by its path in the file without numbers: "festival.starts_on", "contest.criteria.max".

    A key without an answer of its own has that of what it stands in. KeyError for what is no key at all.
    """
    holder = _nearest(path, _PATHS)
    if holder is None:
        raise KeyError(path)
    found = _PATHS[holder]
    told = _nearest(path, _AFTER)
    after = _AFTER[told] if told is not None and len(told) >= len(holder) else None
    if after is None and found is Until.FIRST_MARK:
        after = _POINTS
    return Deadline(found, UNTIL_WORDS[found], after)


def _nearest(path: str, among: Mapping[str, object]) -> str | None:
    while path and path not in among:
        path = path.rpartition(".")[0]
    return path or None
