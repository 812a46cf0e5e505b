"""Who may do what? Every permission, readable over breakfast, and the one policy of every route.

A view carries exactly one policy decorator; a view without one is closed. The rooms that know people, devices and
families register how to recognise them; this module only asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, TypeVar

from flask import Flask, current_app, g, request

from festival.core.transaction import reading
from festival.core.web.errors import Forbidden, SignInNeeded

View = TypeVar("View", bound=Callable[..., Any])
ActorKind = Literal["anonymous", "user", "device", "family", "head"]
Loader = Callable[[], "Actor | None"]


class Permission(StrEnum):
    """What an account can be allowed to do; roles are sets of these (see accounts/roles.py)."""

    OFFICE = "office"  # the organiser's desk: dashboard, phases, privacy
    ACCOUNTS = "accounts"  # create users, issue one-time sign-in codes
    DEVICES = "devices"  # the page of devices; which of them, the next three say
    GATE_DEVICES = "gate_devices"  # enrol and revoke phones of gates and of the reception desk
    LEAD_DEVICES = "lead_devices"  # enrol and revoke the gate lead's own, which reads names
    PANEL_DEVICES = "panel_devices"  # enrol and revoke judges' tablets and devices at stages and grounds
    SEALED_CARDS = "sealed_cards"  # print the cards with which judges set their own PIN
    CONTESTS = "contests"  # contests, panels, judges
    REVIEW = "review"  # approve or return registrations, issue passes
    DELEGATION = "delegation"  # register the families of one's own delegation
    SCHEDULE = "schedule"  # draw, plan, publish
    STAGE = "stage"  # call acts, note what happens on a stage
    CHECKIN = "checkin"  # see arrivals, look people up
    TALLY = "tally"  # secretary: who has marked what, typed results, propose the lock
    CHAIR = "chair"  # chair of a panel: confirm the lock, decide ties, sign
    RELEASE = "release"  # release to the MC and publish
    CARE = "care"  # kitchen and nurse: portions, allergies
    MC = "mc"  # read what was released
    ETHNIC = "ethnic"  # how many belong to which ethnic group, five or more
    LEDGER = "ledger"  # heads and verification


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. `user_id`, `device_id`, `family_id`, `delegation_id` are set by kind; a device may belong to a user."""

    kind: ActorKind = "anonymous"
    user_id: int | None = None
    sign_in_id: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    permissions: frozenset[Permission] = frozenset()
    device_id: int | None = None
    device_role: str = ""
    station: str = ""
    family_id: int | None = None
    delegation_id: int | None = None
    festival_id: int | None = None
    revoked: bool = False

    def may(self, permission: Permission | str) -> bool:
        """Whether this actor holds the permission."""
        return permission in self.permissions


ANONYMOUS = Actor()


@dataclass(frozen=True, slots=True)
class Policy:
    """What a route asks of its caller. `csrf` is off only where no cookie is read."""

    kind: ActorKind
    permission: Permission | None = None
    device_roles: frozenset[str] = field(default_factory=frozenset)
    csrf: bool = True
    revoked_too: bool = False


def public(view: View) -> View:
    """Anybody; nothing about the caller is loaded."""
    return _with(view, Policy("anonymous"))


def public_api(view: View) -> View:
    """Anybody, JSON only, reads no cookie, hence needs no CSRF token."""
    return _with(view, Policy("anonymous", csrf=False))


def signed_in(view: View) -> View:
    """Any account."""
    return _with(view, Policy("user"))


def requires(permission: Permission) -> Callable[[View], View]:
    """An account that holds `permission`; whose rows it may see is the loader's business."""
    return lambda view: _with(view, Policy("user", permission))


def device(*roles: str, revoked_too: bool = False) -> Callable[[View], View]:
    """An enrolled device (bearer token) of one of the roles; no role named = any device.

    `revoked_too` lets a revoked device deliver what it still holds; its door decides what to do with that.
    """
    policy = Policy("device", device_roles=frozenset(roles), csrf=False, revoked_too=revoked_too)
    return lambda view: _with(view, policy)


def family_link(view: View) -> View:
    """A family that came by its own link."""
    return _with(view, Policy("family"))


def head_link(view: View) -> View:
    """The head of a delegation that came by the delegation's link."""
    return _with(view, Policy("head"))


def _with(view: View, policy: Policy) -> View:
    if hasattr(view, "festival_policy"):
        raise TypeError(f"{view.__name__} has two policies")
    view.festival_policy = policy  # type: ignore[attr-defined]
    return view


def policy_of(view: Callable[..., Any]) -> Policy | None:
    """The policy a view carries, None if it was forgotten."""
    return getattr(view, "festival_policy", None)


def register_loader(app: Flask, kind: ActorKind, loader: Loader) -> None:
    """Tell how an actor of `kind` is recognised from the request."""
    app.extensions.setdefault("actor_loaders", {})[kind] = loader


def current_actor() -> Actor:
    """Who asks in this request (anonymous outside one)."""
    actor: Actor = g.get("actor", ANONYMOUS)
    return actor


def acting_user() -> int:
    """The id of the account that asks; only behind a `user` policy."""
    user_id = current_actor().user_id
    if user_id is None:
        raise SignInNeeded()
    return user_id


def enforce() -> None:
    """Before every request: find the policy, load the actor it asks for, refuse the rest."""
    if request.endpoint is None:
        return  # the router has its own answer: 404 or 405
    policy = policy_of(current_app.view_functions[request.endpoint])
    if policy is None:
        raise Forbidden()
    if policy.kind != "anonymous":
        with reading():
            actor = current_app.extensions["actor_loaders"][policy.kind]()
        if actor is None:
            raise SignInNeeded()
        g.actor = actor
        if policy.permission is not None and not actor.may(policy.permission):
            raise Forbidden()
        if actor.revoked and not policy.revoked_too:
            raise Forbidden()
        if policy.device_roles and actor.device_role not in policy.device_roles:
            raise Forbidden()
    g.let_in = True  # whatever is refused from here on is refused about what was sent, not about who sent it
    if policy.csrf and request.method in {"POST", "PUT", "PATCH", "DELETE"}:
        current_app.extensions["csrf"].protect()
