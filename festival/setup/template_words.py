"""What is a template called, and what of it was published? The words beside each template and each pack. Pure.

The rules of a template are data in `data/`; its name and what nobody published of it are read by people of two languages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from festival.core.sentence import N_, Sentence


class Words(NamedTuple):
    """Its name in a list, and what of it is published practice."""

    name: Sentence
    about: Sentence


TEMPLATES: Mapping[str, Words] = {
    "tai-nang": Words(
        N_("Gia đình tài năng: ban giám khảo, năm tiêu chí"),
        N_(
            "Đã công bố: tên phần thi (Kiên Giang 2023), khoảng 15 phút mỗi gia đình (Đông Nam Bộ 2024), bỏ điểm lệch quá "
            "15% thang điểm so với trung bình (quy chế 2016). Tiêu chí, bước điểm, số giám khảo và giải là đề nghị để sửa."
        ),
    ),
    "trang-phuc": Words(
        N_("Biểu diễn trang phục: ban giám khảo, ba tiêu chí"),
        N_(
            "Đã công bố: tên phần thi (Kiên Giang 2023), bỏ điểm lệch quá 15% thang điểm so với trung bình (quy chế 2016). "
            "Tiêu chí, số phút, bước điểm và giải là đề nghị để sửa."
        ),
    ),
    "thoi-trang": Words(
        N_("Hội thi thời trang: thang 30 điểm"),
        N_("Đã công bố: ba tiêu chí và điểm tối đa (Thủ Dầu Một 2016). Số phút, bước điểm và giải là đề nghị để sửa."),
    ),
    "nau-an": Words(
        N_("Thi nấu ăn: cùng nấu 90 phút, rồi lần lượt thuyết trình"),
        N_(
            "Đã công bố: tên phần thi (Kiên Giang 2023), cùng nấu 90 phút và thuyết trình 5 phút (hội thi của TKV). Tiêu "
            "chí, điểm và giải là đề nghị để sửa."
        ),
    ),
    "mam-co": Words(
        N_("Mâm cỗ: thang 100 điểm"),
        N_(
            "Đã công bố: bốn tiêu chí và điểm tối đa (phiếu chấm mâm cỗ 2022). Số phút, số giám khảo và giải là đề nghị "
            "để sửa."
        ),
    ),
    "bong-ro": Words(
        N_("Ném bóng vào rổ: đếm quả"),
        N_("Đã công bố: tên phần thi, đếm quả vào rổ (Kiên Giang 2023). Số phút và giải là đề nghị để sửa."),
    ),
    "bong-da": Words(
        N_("Đá bóng vào cầu môn: đếm quả, tối đa 10"),
        N_(
            "Đã công bố: tên phần thi, đếm quả (Kiên Giang 2023, Hớn Quản 2024). Số lần sút, số phút và giải là đề nghị "
            "để sửa."
        ),
    ),
    "bao-bo": Words(
        N_("Nhảy bao bố tiếp sức: đo thời gian, nhanh thì thắng"),
        N_(
            "Đã công bố: tên phần thi, đo thời gian, mỗi đoàn một gia đình bốn người (Hớn Quản 2024). Số lượt, số phút và "
            "giải là đề nghị để sửa."
        ),
    ),
    "xe-dap-cham": Words(
        N_("Chạy xe đạp chậm: đo thời gian, chậm thì thắng"),
        N_(
            "Đã công bố: tên phần thi, chậm nhất thì thắng (Tây Ninh 2019). Số lượt, số phút và giải là đề nghị để sửa."
        ),
    ),
    "cau-long": Words(
        N_("Cầu lông nam nữ phối hợp: đấu loại"),
        N_(
            "Đã công bố: tên phần thi, thi đấu đôi nam nữ (Kiên Giang 2023). Đồng hạng từ hạng ba, số phút và giải là đề "
            "nghị để sửa."
        ),
    ),
    "hieu-nhau": Words(
        N_("Gia đình hiểu nhau: đếm câu đúng"),
        N_(
            "Đã công bố: tên phần thi và giải 1–2–4 của hội thi (An Giang 2025). Điểm mỗi câu đúng và số phút là đề nghị "
            "để sửa."
        ),
    ),
    "kien-thuc": Words(
        N_("Thi kiến thức: mỗi câu đúng 10 điểm, gói 2 phút"),
        N_("Đã công bố: 10 điểm mỗi câu đúng, gói câu hỏi 2 phút (Bù Gia Mập 2019). Giải là đề nghị để sửa."),
    ),
    "chao-hoi": Words(
        N_("Chào hỏi, giới thiệu: thang 10 điểm"),
        N_(
            "Đã công bố: tên phần thi và giải 1–2–4 của hội thi (An Giang 2025). Tiêu chí, điểm, số giám khảo và số phút "
            "là đề nghị để sửa."
        ),
    ),
    "doc-sach": Words(
        N_("Gia đình đọc sách: thang 10 điểm"),
        N_(
            "Đã công bố: tên phần thi và giải 1–2–4 của hội thi (An Giang 2025). Tiêu chí, điểm, số giám khảo và số phút "
            "là đề nghị để sửa."
        ),
    ),
    "tai-nang-xa": Words(
        N_("Gia đình tài năng của hội thi xã: thang 10 điểm"),
        N_(
            "Đã công bố: tên phần thi và giải 1–2–4 của hội thi (An Giang 2025). Tiêu chí, điểm, số giám khảo và số phút "
            "là đề nghị để sửa."
        ),
    ),
    "tiet-muc": Words(
        N_("Tiết mục nghệ thuật: một điểm chung, thang 20"),
        N_(
            "Đã công bố: thang 20, bỏ điểm lệch quá 2 so với trung bình (Quy chế 2712, năm 2010). Số giám khảo, bước điểm, "
            "số phút và giải là đề nghị để sửa."
        ),
    ),
}

PACKS: Mapping[str, Words] = {
    "hoi-thi-xa": Words(
        N_("Hội thi cấp xã: bảy đội, bốn phần thi"),
        N_(
            "Theo hội thi An Giang 2025. Đã công bố: bảy đội của xã, phường, trường học; bốn phần thi; giải 1–2–4 và giải "
            "phụ. Tiêu chí, điểm và số phút là đề nghị để sửa."
        ),
    ),
    "cap-tinh": Words(
        N_("Ngày hội cấp tỉnh: mười lăm đoàn, sáu phần thi"),
        N_(
            "Theo ngày hội Kiên Giang 2023. Đã công bố: mười lăm đoàn, mỗi đoàn 4–6 gia đình; tài năng, trang phục, nấu "
            "ăn, ba môn thể thao. Tiêu chí, điểm, điểm theo hạng và giải là đề nghị để sửa."
        ),
    ),
}
