"""Do requests made from the API's own description ever get a 500, a page in place of JSON, or an answer it does not name? `make api`.

It serves a made-up festival of its own on this machine, comes as a gate's phone, an organiser, a family and a delegation's head, and
lets schemathesis make requests that fit the description and such that do not. Loopback only; it stops by itself after a stated number of
requests for each door and a stated time, and throws its folder away. `EXAMPLES=`, `SEED=`, `API_SECONDS=`; the exit code is schemathesis'.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from flask_migrate import upgrade

from config import Config
from festival.accounts import actions as accounts
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.demo.build import PASSWORD, build
from festival.devices import enrolment
from festival.devices.enrolment import Enrolled, make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.editions.queries import the_festival
from festival.factory import create_app
from festival.operations.migrations import init_migrations
from festival.roster.links.of_delegations import delegation_link
from festival.roster.links.of_families import link_code
from festival.roster.models import Delegation, DelegationOfficer, Family, FamilyState
from festival.schedule.models import Stage
from tests.conftest import test_config
from tests.harness.served import serve

SEED = os.environ.get("SEED", "20240614")
EXAMPLES = os.environ.get("EXAMPLES", "10")
SECONDS = int(os.environ.get("API_SECONDS", "900"))
# What any answer must be. Whether odd input is refused is each door's own rule (it is cleaned first), so that is not asked.
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,ignored_auth"
FAMILIES = 12
PHASES = "examples,coverage,fuzzing"


@dataclass(frozen=True, slots=True)
class Known:
    """`keys`: how each kind of caller is recognised, by the names of the description; `there`: what stands in addresses."""

    keys: dict[str, dict[str, str]]
    there: dict[str, dict[str, str]]

    def settings(self) -> str:
        """As schemathesis reads them."""
        lines = []
        for who, each in self.keys.items():
            lines += [f"[auth.openapi.{who}]", *(f"{key} = {json.dumps(value)}" for key, value in each.items())]
        for where, each in self.there.items():
            named = ", ".join(f"{json.dumps(key)} = {json.dumps(value)}" for key, value in each.items())
            lines += ["[[operations]]", f"include-path-regex = {json.dumps(where)}", f"parameters = {{ {named} }}"]
        return "\n".join(lines) + "\n"


def known(config: Config) -> Known:
    """A made-up festival, and what a script would have been given."""
    app = create_app(config)
    init_migrations(app)
    with app.app_context():
        upgrade()
        build(FAMILIES, 2024, hash_password(PASSWORD))
        with transaction():
            roles = [Role.ORGANISER, Role.STAGE_MANAGER, Role.OFFICER]
            user = accounts.create_user("nguoi-thu", "Người thử", "", roles)
            signed_in = accounts.open_sign_in(user.id, 1).token
            code = make_enrolment_code(the_festival().id, DeviceRole.GATE, None, "Cổng 1").code
            phone = enrolment.enrol(code, "Máy thử", None)
        assert isinstance(phone, Enrolled)
        with transaction():
            db.session.add(DelegationOfficer(user_id=user.id, delegation_id=db.session.query(Delegation).first().id))
        with reading():
            family = db.session.query(Family).filter_by(state=FamilyState.APPROVED).first()
            delegation = db.session.query(Delegation).first()
            assert family is not None and delegation is not None
            links = link_code(family), delegation_link(delegation)
            there = {
                "/stage/": {"path.code": str(db.session.query(Stage).first().code)},
                "/delegation/": {"path.code": delegation.code},
                "/registrations$": {"header.Registration-Sender": sha256(b"made up").hexdigest()},
            }
        db.engine.dispose()
    client = app.test_client()
    cookies = {}
    for kind, cookie, address in (("family", "family", f"/g/{links[0]}"), ("head", "head", f"/d/{links[1]}")):
        client.get(address)
        held = client.get_cookie(cookie)
        assert held is not None
        cookies[kind] = {"api_key": held.value}
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    return Known({"device": {"bearer": phone.token}, "user": {"api_key": signed_in}, **cookies}, there)


def main() -> int:
    """Serve, ask, tell."""
    with tempfile.TemporaryDirectory(prefix="festival-api-") as name:
        folder = Path(name)
        config = test_config(folder / "instance", f"sqlite:///{folder / 'api.sqlite3'}")
        (folder / "schemathesis.toml").write_text(known(config).settings(), encoding="utf-8")
        with serve(config, application="tests.faults.broken_api:app") as served:
            if asked(served.url, folder, "--include-path", "/healthz", quiet=True) != 1:
                print("the control: a door that answers a page was not found", file=sys.stderr)
                return 2
        with serve(config) as served:
            return asked(served.url, folder, *sys.argv[1:])


def asked(url: str, folder: Path, *more: str, quiet: bool = False) -> int:
    """What schemathesis ends with: 0 nothing found, 1 something; 2 when its time was up."""
    command = [
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(folder / "schemathesis.toml"),
        "--no-color",
    ]
    command += ["run", f"{url}/api/v1/openapi.json", "--checks", CHECKS, "--phases", PHASES, "--warnings", "off"]
    command += ["--seed", SEED, "--max-examples", EXAMPLES, "--request-timeout", "30", "--continue-on-failure", *more]
    try:
        return subprocess.run(command, cwd=folder, check=False, timeout=SECONDS, capture_output=quiet).returncode
    except subprocess.TimeoutExpired:
        print(f"stopped after {SECONDS} s: nothing found until then", file=sys.stderr)
        return 2


if __name__ == "__main__":
    raise SystemExit(main())
