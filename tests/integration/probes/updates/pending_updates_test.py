#!/usr/bin/env python3
"""pending_updates says what apt itself says.

Makes a root folder with a dpkg database, serves repositories on loopback, lets the real apt fetch
their lists into that root, and compares `apt list --upgradable` with the agent's table, for each
of the ways in which apt keeps its lists. Then compares both on the machine itself, if apt has lists
there.

    pending_updates_test.py <folder of the programs>
"""
import functools
import hashlib
import http.server
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

SKIPPED = 77
AGENT = pathlib.Path(sys.argv.pop(1)) / "assay-agent" if len(sys.argv) > 1 else None

STABLE = [("plain", "1.0-2", "amd64"), ("same", "1", "amd64"), ("older", "0.9", "amd64"),
          ("held", "2", "amd64"), ("script", "2", "all"), ("epoch", "1:0.1", "amd64"),
          ("tilde", "2.0", "amd64"), ("from-backports", "1", "amd64"), ("pinned", "2", "amd64"),
          ("superseded", "3", "amd64"), ("removed", "2", "amd64"), ("new", "1", "amd64"),
          ("from-experimental", "1", "amd64"), ("origin-pinned", "1", "amd64")]
SECURITY = [("plain", "1.0-1+deb12u1", "amd64"), ("superseded", "2", "amd64"),
            ("only-security", "1.0-1+deb12u2", "amd64")]
BACKPORTS = [("plain", "9~bpo", "amd64"), ("from-backports", "3~bpo", "amd64")]
EXPERIMENTAL = [("plain", "99", "amd64"), ("from-experimental", "99", "amd64")]
VENDOR = [("origin-pinned", "7", "amd64"), ("vendor-tool", "2", "amd64")]
INSTALLED = [("dpkg", "1", "amd64"), ("plain", "1.0-1", "amd64"), ("same", "1", "amd64"),
             ("older", "1.0", "amd64"), ("script", "1", "all"), ("epoch", "9.9", "amd64"),
             ("tilde", "2.0~rc1", "amd64"), ("from-backports", "2~bpo", "amd64"),
             ("pinned", "1", "amd64"), ("superseded", "1", "amd64"),
             ("only-security", "1.0-1", "amd64"), ("from-experimental", "98", "amd64"),
             ("origin-pinned", "1", "amd64"), ("vendor-tool", "1", "amd64")]
PREFERENCES = """Package: pinned
Pin: version 1*
Pin-Priority: 1001

Package: *
Pin: release o=Vendor
Pin-Priority: 90

Package: origin-pinned
Pin: origin "127.0.0.1"
Pin-Priority: 600
"""
SECURITY_NAMES = {"plain", "superseded", "only-security"}


def paragraph(name, version, arch, more=""):
    return (f"Package: {name}\nArchitecture: {arch}\nVersion: {version}\nMaintainer: T <t@t>\n"
            f"{more}Description: {name}\n\n")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def make_archive(folder, suite, packages, head):
    """dists/<suite> with one component; returns nothing."""
    listed = "".join(paragraph(*p, more=f"Filename: pool/{p[0]}.deb\nSize: 1\nSHA256: {'0' * 64}\n")
                     for p in packages)
    write(folder / "dists" / suite / "main/binary-amd64/Packages", listed)
    digest = hashlib.sha256(listed.encode()).hexdigest()
    write(folder / "dists" / suite / "Release",
          f"{head}Suite: {suite}\nCodename: {suite}\nComponents: main\nArchitectures: amd64\n"
          f"Date: Wed, 18 Nov 2026 22:17:41 UTC\nSHA256:\n"
          f" {digest} {len(listed)} main/binary-amd64/Packages\n")


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class PendingUpdatesTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-updates-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.root = self.folder / "root"
        archive = self.folder / "www"
        make_archive(archive, "stable", STABLE, "Origin: Debian\nLabel: Debian\n")
        make_archive(archive, "stable-security", SECURITY,
                     "Origin: Debian\nLabel: Debian-Security\n")
        make_archive(archive, "stable-backports", BACKPORTS,
                     "Origin: Debian Backports\nNotAutomatic: yes\nButAutomaticUpgrades: yes\n")
        make_archive(archive, "experimental", EXPERIMENTAL, "Origin: Debian\nNotAutomatic: yes\n")
        make_archive(archive, "vendor", VENDOR, "Origin: Vendor\n")
        handler = functools.partial(QuietHandler, directory=str(archive))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.make_root()

    def make_root(self):
        status = "".join(paragraph(*p, more="Status: install ok installed\n") for p in INSTALLED)
        status += paragraph("held", "1", "amd64", "Status: hold ok installed\n")
        status += paragraph("removed", "1", "amd64", "Status: deinstall ok config-files\n")
        write(self.root / "var/lib/dpkg/status", status)
        write(self.root / "etc/os-release", "ID=debian\nVERSION_ID=12\n")
        base = f"http://127.0.0.1:{self.server.server_port}"
        write(self.root / "etc/apt/sources.list.d/all.sources",
              f"Types: deb\nURIs: {base}\nComponents: main\nTrusted: yes\nSuites: stable "
              "stable-security stable-backports experimental vendor\n")
        write(self.root / "etc/apt/preferences.d/pins", PREFERENCES)
        for folder in ("var/lib/apt/lists/partial", "var/cache/apt/archives/partial",
                       "etc/apt/apt.conf.d", "var/log/apt"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)

    def apt(self, *arguments):
        settings = [f"Dir={self.root}", f"Dir::State::status={self.root}/var/lib/dpkg/status",
                    "APT::Architecture=amd64", "APT::Architectures=amd64",
                    "APT::Sandbox::User=root", "Acquire::Languages=none"]
        options = [word for one in settings for word in ("-o", one)]
        return subprocess.run(["apt", *options, *arguments], check=True, capture_output=True,
                              text=True, env={**os.environ, "LC_ALL": "C",
                                              "APT_CONFIG": "/dev/null"}).stdout

    def upgradable(self):
        return parse_apt_list(self.apt("list", "--upgradable"))

    def rows(self):
        return query(AGENT, "SELECT * FROM pending_updates", "--root", str(self.root))

    def assert_same_as_apt(self):
        rows = self.rows()
        self.assertEqual([r["unknown_reason"] for r in rows if r["unknown_reason"]], [])
        ours = {r["name"]: (r["version"], r["available_version"]) for r in rows}
        theirs = self.upgradable()
        self.assertEqual(ours, theirs)
        self.assertIn("plain", ours)  # the comparison is about something
        self.assertNotIn("pinned", ours)
        return rows

    def test_lists_as_debian_keeps_them(self):
        self.apt("update")
        rows = self.assert_same_as_apt()
        self.assertEqual({r["name"] for r in rows if r["is_security"] == 1}, SECURITY_NAMES)
        self.assertEqual([r["name"] for r in rows if r["is_held"] == 1], ["held"])

    def test_lists_as_containers_keep_them(self):
        self.apt("-o", "Acquire::GzipIndexes=true", "update")
        kept = list((self.root / "var/lib/apt/lists").glob("*_Packages.*"))
        self.assertTrue(kept, "apt kept no compressed list")
        self.assert_same_as_apt()

    def test_without_lists_the_table_is_unavailable(self):
        result = subprocess.run([AGENT, "query", "SELECT * FROM pending_updates", "--root",
                                 self.root], capture_output=True, text=True)
        self.assertIn("pending_updates is not available", result.stdout + result.stderr)

    def test_a_default_release_is_followed(self):
        write(self.root / "etc/apt/apt.conf.d/99", 'APT::Default-Release "stable";\n')
        self.apt("update")
        ours = {r["name"]: (r["version"], r["available_version"]) for r in self.rows()}
        self.assertEqual(ours, self.upgradable_with("APT::Default-Release=stable"))

    def upgradable_with(self, setting):
        return parse_apt_list(self.apt("-o", setting, "list", "--upgradable"))


class ThisMachineTest(unittest.TestCase):
    def test_says_what_apt_says(self):
        if not list(pathlib.Path("/var/lib/apt/lists").glob("*_Packages*")):
            print("skipped: apt has no lists on this machine")
            self.skipTest("no lists")
        listed = subprocess.run(["apt", "list", "--upgradable"], check=True, capture_output=True,
                                text=True, env={**os.environ, "LC_ALL": "C"}).stdout
        rows = query(AGENT, "SELECT * FROM pending_updates WHERE name IS NOT NULL")
        self.assertEqual({r["name"]: (r["version"], r["available_version"]) for r in rows},
                         parse_apt_list(listed))


def parse_apt_list(text):
    """{name: (installed, candidate)} of lines "a/stable 2 amd64 [upgradable from: 1]"."""
    found = {}
    for line in text.splitlines():
        if "[upgradable from: " not in line:
            continue
        name, candidate = line.split("/")[0], line.split()[1]
        found[name] = (line.rsplit(": ", 1)[1].rstrip("]"), candidate)
    return found


def query(agent, sql, *options):
    result = subprocess.run([agent, "query", sql, "-o", "json", *options], check=True,
                            capture_output=True, text=True)
    return json.loads(result.stdout)


if __name__ == "__main__":
    if shutil.which("apt") is None:
        print("skipped: there is no apt on this machine")
        sys.exit(SKIPPED)
    unittest.main()
