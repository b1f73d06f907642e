#!/usr/bin/env python3
"""apt_sources against the targets that apt itself makes of the same files, and against its settings."""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hardening"))
from scratch_host import need, run_tests  # noqa: E402: found through the line above

OF_THE_SYSTEM = {"amd64", "arm64", "i386"}
MAIN = """\
# as people write it
deb http://a.example.com/debian bookworm main contrib # non-free
deb [arch=amd64,arm64 signed-by=/usr/share/keyrings/b.gpg] https://b.example.com/debian bookworm main
deb [ trusted=yes ] http://c.example.com/flat ./
deb-src [trusted=no check-valid-until=no] http://a.example.com/source bookworm main
#deb http://off.example.com/debian bookworm main
\tdeb  [allow-insecure=yes arch-=i386 lang=none]  http://f.example.com/repo  stable/updates  main
deb [arch+=riscv64] http://g.example.com/debian bookworm main
deb [arch=amd64] "http://h.example.com/with blank" book%77orm main
"""
PARAGRAPHS = """\
# comment
Types: deb deb-src
URIs: https://k.example.com/debian http://l.example.com/debian/
Suites: bookworm
# between
 bookworm-updates
Components: main
 contrib
Architectures: amd64
Signed-By: /usr/share/keyrings/d.gpg

Enabled: no
Types: deb
URIs: https://off.example.com/debian
Suites: x
Components: main

types: deb
uris: https://m.example.com/
suites: ./
trusted: yes
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEZ
 -----END PGP PUBLIC KEY BLOCK-----
"""
PARTS = {"kept.list.save": "deb http://ignored.example.com x main\n", "own.sources": PARAGRAPHS,
         "with.dots.list": "deb http://n.example.com x main\n", "under_score-1.list": "deb http://o.example.com x main\n",
         "with blank.list": "deb http://ignored.example.com x main\n", "nothing.txt": "deb http://ignored.example.com x main\n"}
RELEASE = "Origin: O\nSuite: s\nCodename: c\nDate: Sat, 28 Nov 2026 00:00:00 UTC\nSHA256:\n"
FIELDS = "$(SOURCESENTRY)|$(TARGET_OF)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ARCHITECTURE)|$(TRUSTED)"


class Apt:
    """apt with the scratch host as its root."""

    def __init__(self, host):
        self.root = host.root
        for name in ("etc/apt/sources.list.d", "etc/apt/apt.conf.d", "var/lib/apt/lists/partial", "var/lib/dpkg",
                     "var/cache/apt/archives/partial", "etc/apt/preferences.d", "etc/apt/trusted.gpg.d"):
            (self.root / name).mkdir(parents=True)
        (self.root / "var/lib/dpkg/status").touch()
        architectures = "".join(f'"{name}";' for name in sorted(OF_THE_SYSTEM))
        settings = host.write("/apt-of-the-test.conf", f'Dir "{self.root}";\nDir::State::status "{self.root}/var/lib/dpkg'
                              f'/status";\nAPT::Architecture "amd64";\nAPT::Architectures {{{architectures}}};\n')
        self.environment = {**os.environ, "APT_CONFIG": str(settings), "LC_ALL": "C"}

    def __call__(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=self.environment)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def make_lists(self, is_signed):
        """Of all that it would fetch, so that it speaks of them; nothing is fetched."""
        for name in re.findall(r"^'\S.*?' (\S+) ", self("apt-get", "update", "--print-uris"), re.M):
            path = self.root / "var/lib/apt/lists" / name
            path.write_text("")
            if name.endswith("_InRelease"):
                path.unlink()
                path.with_name(name if is_signed else name.replace("InRelease", "Release")).write_text(RELEASE)

    def sources(self):
        """{(file, type, address, suite): {line, components, architectures, trusted}}"""
        found = {}
        for text in self("apt-get", "indextargets", "--format", FIELDS).splitlines():
            entry, kind, address, suite, component, architecture, trusted = text.split("|")
            path, _, line = entry.rpartition(":")
            cells = found.setdefault((path.removeprefix(str(self.root)), kind, address.rstrip("/"), suite),
                                     {"line": int(line), "components": set(), "architectures": set(), "trusted": trusted})
            assert cells["trusted"] == trusted
            cells["components"] |= {component} - {"", "$(COMPONENT)"}
            cells["architectures"] |= {architecture} - {"", "$(ARCHITECTURE)", "all"}
        return found


def lay_out(host):
    apt = Apt(host)
    host.write("/etc/apt/sources.list", MAIN)
    for name, text in PARTS.items():
        host.write(f"/etc/apt/sources.list.d/{name}", text)
    return apt


def rows_of(host):
    rows = host.query("SELECT * FROM apt_sources WHERE enabled = 1")
    found = {(row["source"], row["type"], row["base_uri"].rstrip("/"), row["suite"]): row for row in rows}
    assert len(found) == len(rows), rows
    return found


def test_sources_are_those_of_apt(host):
    apt = lay_out(host)
    apt.make_lists(is_signed=True)
    theirs, ours = apt.sources(), rows_of(host)
    assert set(ours) == set(theirs), set(ours) ^ set(theirs)
    for key, cells in theirs.items():
        row = ours[key]
        assert set((row["components"] or "").split()) == cells["components"], (row, cells)
        if key[1] == "deb" and not key[3].endswith("/"):
            named = set(row["architectures"].split()) if row["architectures"] else OF_THE_SYSTEM
            assert cells["architectures"] == named or row["note"], (row, cells)
        if key[0].endswith(".list"):
            assert row["line"] == cells["line"], (row, cells)
        assert row["release"] == "c" and row["list_date"] == "2026-11-28", row
    off = host.query("SELECT base_uri FROM apt_sources WHERE enabled = 0")
    assert [row["base_uri"] for row in off] == ["https://off.example.com/debian"], off


def test_trust_is_apts(host):
    apt = lay_out(host)
    for is_signed in (True, False):
        for path in (host.root / "var/lib/apt/lists").glob("*_*"):
            path.unlink()
        apt.make_lists(is_signed)
        for key, cells in apt.sources().items():
            own = rows_of(host)[key]["trusted"]
            assert (cells["trusted"] == "yes") == (is_signed if own is None else bool(own)), (key, own, cells)
    signed = {row["base_uri"]: row["signed_by"] for row in rows_of(host).values() if row["signed_by"]}
    assert signed == {"https://b.example.com/debian": "/usr/share/keyrings/b.gpg", "https://m.example.com/": "inline key",
                      "https://k.example.com/debian": "/usr/share/keyrings/d.gpg",
                      "http://l.example.com/debian/": "/usr/share/keyrings/d.gpg"}, signed


if __name__ == "__main__":
    need("apt-get")
    run_tests(globals())
