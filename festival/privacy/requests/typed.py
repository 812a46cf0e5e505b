"""What was typed into the form of a request, and do the last four digits of the phone fit?"""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from festival.consent.texts import ASKED_BY_WORDS
from festival.core.names import nfc
from festival.core.web.errors import BadInput
from festival.core.web.forms import form_choice, not_offered
from festival.privacy.models import AskedFor
from festival.privacy.requests.dealing import LONGEST
from festival.registration.guarding import tails
from festival.roster import families
from festival.roster.models import Family, Person


def asked_kind() -> AskedFor:
    """What is asked. BadInput when nothing is chosen."""
    return form_choice("kind", AskedFor)


def asked_person(family: Family) -> Person | None:
    """Somebody of this family, or None for the whole of it. BadInput for anybody else."""
    code = request.form.get("person", "")
    if not code:
        return None
    found = next((one for one in family.members if one.code == code), None)
    if found is None:
        raise BadInput(_("Người này không thuộc gia đình. Hãy chọn một người trong danh sách."))
    return found


def words_of(name: str) -> str:
    """A short text of the form. BadInput when it is too long."""
    words = nfc(request.form.get(name, ""))
    if len(words) > LONGEST:
        raise BadInput(_("Dài quá %(most)s ký tự. Hãy rút gọn.", most=LONGEST))
    return words


def check_tail(family_id: int) -> None:
    """The link travels through groups: changing asks for the digits. BadInput, Conflict."""
    tails.check(lambda: families.family_by_id(family_id), request.form.get("tail", ""))


def asked_how() -> str:
    """How somebody asked an officer or the organiser. BadInput."""
    how = request.form.get("how", "")
    if how not in ASKED_BY_WORDS:
        raise not_offered("how")
    return how
