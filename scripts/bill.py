"""What is in a release? A bill of materials (CycloneDX 1.6) of what runs on a server and in browsers, from the lock files.

`python scripts/bill.py FILE` writes it. The same lock files give the same bytes: no hour and no chance stand in it.
"""

from __future__ import annotations

import json
import sys
import tomllib
import uuid
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.locked import ROOT, locked

LOCKS = ("requirements.lock", "package-lock.json")
# So that a serial number follows from what stands in the bill.
_SPACE = uuid.UUID("6f6a2f5e-2f0e-5c39-9d3c-0d7b1c2a9e44")


def bill(root: Path = ROOT) -> dict[str, Any]:
    """The document."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    digests = {name: sha256((root / name).read_bytes()).hexdigest() for name in LOCKS}
    serial = uuid.uuid5(_SPACE, json.dumps([project["version"], digests], sort_keys=True))
    components = [
        {"type": "library", "bom-ref": each.purl, "name": each.name, "version": each.version, "purl": each.purl}
        for name in LOCKS
        for each in locked(root / name)
    ]
    own = f"{project['name']}@{project['version']}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "description": project["description"],
            },
            "properties": [{"name": f"sha256:{name}", "value": digest} for name, digest in digests.items()],
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [str(each["bom-ref"]) for each in components]}],
    }


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    made = bill()
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{target}: {len(made['components'])} packages")
