"""How is a bare Debian 12 made on this machine: debootstrap's smallest, Python, venv, make, git, and nothing else?

Where packages come from is the machine's own business: Debian's mirror is read from apt, the indexes of pip and npm from
their configuration, and what these files name (certificates, local folders) is carried in. Nothing of it is written down
here. Everything runs in a namespace of its own, so its mounts and processes end with it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from config import ROOT

RELEASE = "bookworm"
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
PACKAGES = "python3,python3-venv,make,git"
HOME = Path("/srv/ngay-hoi")  # where the fresh clone lies, inside
CARRIED = re.compile(r"pip_.*|npm_config_.*|node_extra_ca_certs|.*_proxy|ssl_cert_.*|.*_ca_bundle", re.IGNORECASE)
COPIED = ("/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt", "/etc/npmrc", str(Path.home() / ".npmrc"), "/etc/apt/apt.conf.d", "/etc/apt/auth.conf.d")  # fmt: skip


@dataclass(frozen=True, slots=True)
class BareDebian:
    """The root's folder and what of this machine is seen in it, at the same path."""

    root: Path
    lent: tuple[Path, ...]

    def start(self, *command: str, **more: str) -> subprocess.Popen[str]:
        """Run a command in the clone; its output is one text."""
        mounts = [f"mount -t proc proc {self.root}/proc", f"mount --rbind /dev {self.root}/dev"]
        mounts += [f"mount --bind -o ro {path} {self.root}{path}" for path in self.lent]
        inside = f"cd {HOME} && exec " + " ".join(command)
        script = " && ".join([*mounts, f"exec chroot {self.root} /bin/sh -c '{inside}'"])
        kept = {name: value for name, value in os.environ.items() if CARRIED.fullmatch(name)}
        return subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", "sh", "-c", script],
            env={"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8", **kept, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def make_bare_debian(root: Path) -> BareDebian:
    """A fresh root in `root` with a fresh clone of this project in it."""
    assert os.geteuid() == 0, "A bare Debian is made by root: sudo make faults"
    if shutil.which("debootstrap") is None or not _sources():
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "debootstrap")
    sources = _sources()
    mirror = next((uri for uri, name, _component in sources if name == RELEASE), None)
    assert mirror is not None, f"apt of this machine knows no Debian 12 ({RELEASE}): a bare one cannot be made here"
    # in a namespace of its own: what it mounts may not stay where the folder is removed afterwards
    _run(
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "debootstrap",
        "--variant=minbase",
        f"--include={PACKAGES}",
        RELEASE,
        str(root),
        mirror,
    )
    lines = [f"deb {uri} {name} {component}\n" for uri, name, component in sources]
    (root / "etc/apt/sources.list").write_text("".join(lines), encoding="utf-8")
    settings, lent = _pip()
    for path in (*map(Path, COPIED), *settings):
        _carry(path, root)
    for path in lent:
        inside = root / path.relative_to("/")
        if path.is_dir():
            inside.mkdir(parents=True, exist_ok=True)
        else:
            inside.parent.mkdir(parents=True, exist_ok=True)
            inside.touch()
    _run("git", "clone", "-q", str(ROOT), f"{root}{HOME}")
    return BareDebian(root, lent)


def _sources() -> list[tuple[str, str, str]]:
    """Debian's own archives as apt knows them: address, suite, component."""
    wanted = "$(ORIGIN) $(REPO_URI) $(CODENAME) $(COMPONENT)"
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", wanted, "Created-By: Packages"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line.split() for line in listed.splitlines() if line.startswith("Debian ")]
    return [(uri, suite, component) for _origin, uri, suite, component in lines]


def _pip() -> tuple[list[Path], tuple[Path, ...]]:
    """pip's configuration files, and the local files and folders they name."""
    said = subprocess.run([sys.executable, "-m", "pip", "config", "debug"], capture_output=True, text=True, check=True)
    files = [Path(name) for name in re.findall(r"(/\S+), exists: True", said.stdout)]
    known = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True)
    named = re.findall(r"(?:file://)?(?<![:\w./])(/[^\s'\"]+)", known.stdout.replace("file://", ""))
    # an index in a folder is called "simple"; the packages it lists lie beside it
    folders = {
        Path(name).parent if Path(name).name == "simple" else Path(name) for name in named if Path(name).exists()
    }
    return files, tuple(sorted(path for path in folders if not path.is_relative_to("/etc/ssl")))


def _carry(path: Path, root: Path) -> None:
    """Copy a file or folder to the same place inside."""
    target = root / path.relative_to("/")
    if path.is_dir():
        shutil.copytree(path, target, dirs_exist_ok=True, ignore_dangling_symlinks=True)
    elif path.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)  # a link would be followed to where it points to out here
        shutil.copyfile(path, target)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
