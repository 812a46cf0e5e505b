"""What this room tells the house: how a family that came by its link is recognised, and its words for templates."""

from __future__ import annotations

from flask import Flask, Response, after_this_request, request

from festival.accounts.waiting import register_asked
from festival.consent import texts
from festival.core.chores import register_chore
from festival.core.seal.checks import register_seal
from festival.core.web.access import Actor, register_loader
from festival.core.web.i18n import say
from festival.registration.allotting import places_seal
from festival.registration.blueprint import FAMILY_COOKIE, HEAD_COOKIE
from festival.registration.editing import difference_words, keeping
from festival.registration.errors import LinkNeeded, LinkReplaced
from festival.registration.guarding import limits
from festival.registration.importing import keeping as files_kept
from festival.registration.inviting import asking, invited_seal
from festival.registration.offering import distributing
from festival.registration.seal import rows
from festival.registration.waiting import dropping
from festival.roster import words
from festival.roster.links import of_delegations, of_families


def init_room(app: Flask) -> None:
    """Register the loader of families and the filters of this room's templates."""
    register_loader(app, "family", actor_of_link)
    register_loader(app, "head", actor_of_head)
    register_chore(app, "registration-sweep", 3600, keeping.sweep)
    register_chore(app, "imports-sweep", 3600, files_kept.sweep)
    register_chore(app, "waiting for agreement", 3600, dropping.look_after)
    register_chore(app, "places in turn", 60, distributing.look_after)
    register_chore(app, "counts-sweep", 600, limits.forget_old)
    register_seal(app, rows.SEAL)
    register_seal(app, places_seal.SEAL)
    register_seal(app, invited_seal.SEAL)
    register_asked(app, asking.account_asked)
    app.jinja_env.filters["masked_phone"] = words.masked_phone
    app.jinja_env.globals["relation_words"] = words.relation_words
    app.jinja_env.globals["asked_words"] = {"how": texts.ASKED_BY_WORDS, "purposes": texts.PURPOSE_WORDS}
    app.jinja_env.globals["difference_words"] = {
        "what": difference_words.what_of,
        "before": difference_words.before_of,
        "after": difference_words.after_of,
        "said": difference_words.said,
    }
    app.jinja_env.globals["registration_words"] = {
        "state": lambda state: say(words.STATE_WORDS[state]),
        "reserve": lambda reserve: say(words.RESERVE_WORDS[reserve]),
        "tone": words.STATE_TONES.__getitem__,
        "origin": lambda origin: say(words.ORIGIN_WORDS[origin]),
        "relation": words.relation_word,
        "sex": words.sex_word,
        "given_as": lambda key: say(texts.GIVEN_AS_WORDS.get(key, key)),
        "method": lambda key: say((texts.METHOD_WORDS | texts.ASKED_BY_WORDS).get(key, key)),
        "consent": lambda purpose: say(texts.CONSENT_WORDS[purpose][1]),
    }


def actor_of_link() -> Actor:
    """The family whose link this browser opened. LinkNeeded without one: a family has no account to sign in with."""
    family = of_families.family_of_link(_code_of(FAMILY_COOKIE))
    if family is None:
        raise _replaced(FAMILY_COOKIE)
    return Actor(kind="family", name=family.name, family_id=family.id, festival_id=family.festival_id)


def actor_of_head() -> Actor:
    """The delegation whose head's link this browser opened; LinkNeeded without one."""
    delegation = of_delegations.delegation_of_link(_code_of(HEAD_COOKIE))
    if delegation is None:
        raise _replaced(HEAD_COOKIE)
    return Actor(kind="head", name=delegation.name, delegation_id=delegation.id, festival_id=delegation.festival_id)


def _code_of(cookie: str) -> str:
    code = request.cookies.get(cookie, "")
    if not code:
        raise LinkNeeded()
    return code


def _replaced(cookie: str) -> LinkReplaced:
    """The code leads nowhere any more: a page that says so forgets it too. What a page asks for behind itself leaves the
    cookie, so that the page that is opened next still says why and throws away what the phone has kept.
    """

    @after_this_request
    def forget(answer: Response) -> Response:
        if request.method == "GET" and answer.mimetype == "text/html" and "." not in request.path:
            answer.delete_cookie(cookie)
        return answer

    return LinkReplaced(cookie)
