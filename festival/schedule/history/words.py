"""What is a step on the draft called? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from festival.core.sentence import N_, Sentence

STEP_WORDS: Mapping[str, Sentence] = {
    "stage_added": N_("thêm sân khấu «%(stage)s»"),
    "stage_renamed": N_("đổi tên sân khấu «%(stage)s»"),
    "stage_removed": N_("bỏ sân khấu «%(stage)s»"),
    "stage_closed": N_("đóng sân khấu «%(stage)s»"),
    "stage_reopened": N_("mở lại sân khấu «%(stage)s»"),
    "session_added": N_("thêm buổi «%(session)s»"),
    "session_changed": N_("sửa buổi «%(session)s»"),
    "session_removed": N_("bỏ buổi «%(session)s»"),
    "sessions_moved": N_("dời %(count)s buổi thi"),
    "plan_made": N_("xếp lịch tự động"),
    "plan_discarded": N_("bỏ lịch đang xếp"),
    "plan_restored": N_("lấy lại lịch trước đó"),
    "plan_published": N_("về bản đã công bố"),
    "plan_filled": N_("xếp nốt các tiết mục chưa có giờ"),
    "plan_found": N_("lấy lịch máy tìm được"),
    "plan_mended": N_("đổi giờ %(count)s tiết mục"),
    "numbers_exchanged": N_("đổi số «%(name)s»"),
    "numbers_added": N_("thêm số «%(name)s»"),
    "numbers_back": N_("hoàn tác ghi số «%(name)s»"),
    "matches_added": N_("đưa các trận vòng sau của «%(contest)s» vào lịch"),
    "matches_dropped": N_("bỏ các trận vòng sau của «%(contest)s» khỏi lịch"),
    "act_swapped": N_("đổi lượt «%(name)s»"),
    "act_moved": N_("dời «%(name)s»"),
    "act_added": N_("đặt «%(name)s» vào lịch"),
    "act_out": N_("đưa «%(name)s» ra khỏi lịch"),
    "act_locked": N_("khóa «%(name)s»"),
    "act_unlocked": N_("mở khóa «%(name)s»"),
    "session_locked": N_("khóa buổi «%(session)s»"),
    "session_unlocked": N_("mở khóa buổi «%(session)s»"),
    "day_locked": N_("khóa cả ngày %(day)s"),
    "day_unlocked": N_("mở khóa cả ngày %(day)s"),
}
ANY = N_("đổi lịch đang xếp")
TURNED_BACK = N_("Hoàn tác ở bảng lịch.")  # the reason that stands beside a change of numbers


def worded(kind: str, said: Mapping[str, Any], name: str | Sentence) -> Sentence:
    """In the words of who reads; `name`: of the act it speaks of."""
    return STEP_WORDS.get(kind, ANY).filled(**{**said, "name": name})
