"""What are the roles called on the screen?"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.accounts.roles import Role

ROLE_WORDS: dict[Role, LazyString] = {
    Role.ORGANISER: _l("Ban Tổ chức"),
    Role.OFFICER: _l("Công chức văn hóa - xã hội"),
    Role.GATE_LEAD: _l("Trưởng nhóm cổng"),
    Role.SECRETARY: _l("Thư ký"),
    Role.CHAIR: _l("Trưởng Ban giám khảo"),
    Role.JUDGE: _l("Giám khảo"),
    Role.STAGE_MANAGER: _l("Chỉ đạo sân khấu"),
    Role.CARE: _l("Bếp ăn và y tế"),
    Role.MC: _l("Người dẫn chương trình (MC)"),
}
