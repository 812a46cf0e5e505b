"""In which words does the page of the layout speak of papers, lines and their sides?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

PAPER_WORDS = {
    "a4-wide": _l("A4 nằm ngang"),
    "a4": _l("A4 đứng"),
    "a5-wide": _l("A5 nằm ngang"),
    "a3-wide": _l("A3 nằm ngang"),
}
ALIGN_WORDS = {"center": _l("giữa"), "left": _l("trái"), "right": _l("phải")}
FIELD_WORDS = {
    "number": _l("Số quyết định"),
    "name": _l("Tên người, gia đình, đội"),
    "delegation": _l("Đơn vị"),
    "award": _l("Giải"),
    "contest": _l("Phần thi"),
    "title": _l("Tên tiết mục"),
    "place_and_day": _l("Nơi và ngày"),
    "signer_title": _l("Chức danh người ký"),
    "signer_name": _l("Họ tên người ký"),
}
