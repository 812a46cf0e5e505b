"""What must be said before every pass of a festival is made anew?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from festival.core.web.forms import Form


class RenewForm(Form):
    """Why, how many (typed, so that nobody does it by a slip), and up to which pass."""

    reason = StringField(_l("Lý do, ghi vào sổ"), [DataRequired(_l("Hãy ghi lý do.")), Length(max=300)])
    count = StringField(_l("Gõ số thẻ sẽ hết hiệu lực"), [DataRequired(_l("Gõ đúng số thẻ đang ghi ở trên."))])
    until = HiddenField()
