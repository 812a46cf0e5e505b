"""Which version of a family did a form show, and what is said when another was faster?"""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.web.errors import BadInput
from festival.roster.models import FamilyState
from festival.roster.outcomes import Stale


def version_of_form() -> int:
    """The version of the page a decision was taken on. BadInput when the form names none: then nobody was faster."""
    number = typed_number(request.form.get("version", ""))
    if number is None:
        raise BadInput()
    return number


def told_stale(outcome: Stale) -> str:
    if outcome.state is FamilyState.APPROVED:
        return str(_("Hồ sơ này đã được duyệt nên không sửa được nữa. Cần sửa thì gọi Ban Tổ chức để hoàn tác duyệt."))
    return str(
        _("Hồ sơ này vừa được thay đổi ở nơi khác. Mở lại gia đình để xem bản mới rồi sửa. Chưa có gì bị ghi đè.")
    )
