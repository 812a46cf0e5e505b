"""In which words does a line say how its number was found? Pure: what is stored is the sentence, worded for whoever reads."""

from __future__ import annotations

from festival.core.sentence import N_

SIGNED = N_("Theo biên bản đã ký", "pay_signed")
AMENDED = N_("Theo biên bản đính chính", "pay_amended")
PORTIONS = N_("Số suất đoàn báo: %(told)s", "pay_portions")
APPROVED = N_("Hồ sơ đã duyệt", "pay_approved")
COMING = N_("Đoàn có %(people)s người", "pay_coming")
SITTINGS = N_("Theo lịch thi: %(days)s", "pay_sittings")
NO_TIMETABLE = N_("Phần thi chưa có lịch: tính 1, xem lại", "pay_no_timetable")
REPLACED = N_("Đã thay người giữa chừng: xem lại số buổi", "pay_replaced")
CAME = N_("Qua cổng ngày %(days)s", "pay_came")
NOT_SCANNED = N_("Chưa qua cổng: tính đủ các ngày của ngày hội, xem lại", "pay_not_scanned")
GONE = N_("Không còn trong dữ liệu", "pay_gone")
