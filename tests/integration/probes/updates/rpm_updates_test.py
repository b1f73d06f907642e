#!/usr/bin/env python3
"""pending_updates says what dnf itself says.

Builds tiny packages in two or more versions, makes repositories of them with advisories, lets the
real dnf install the old ones into a root folder and fetch the lists of the new ones, and compares
what dnf would upgrade with the agent's table, for each way of packing the lists. dnf's answer is
taken from its own cache (-C), as ours is.

    rpm_updates_test.py <folder of the programs>
"""
import bz2
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

SKIPPED = 77
TOOLS = ("dnf", "createrepo_c", "modifyrepo_c", "rpmbuild")
AGENT = pathlib.Path(sys.argv.pop(1)) / "assay-agent" if len(sys.argv) > 1 else None

# name: what is installed, what the repositories offer: (epoch, version, release, repository).
PACKAGES = {
    "plain": ("0", "1.0", "1", [("0", "1.1", "1", "base"), ("0", "1.10", "1", "base")]),
    "same": ("0", "1.0", "1", []),
    "older": ("0", "2.0", "1", [("0", "1.9", "9", "base")]),
    "epoch": ("1", "1.0", "1", [("0", "9.9", "1", "base"), ("2", "0.1", "1", "base")]),
    "tilde": ("0", "2.0~rc1", "1", [("0", "2.0", "1", "base"), ("0", "2.0~rc2", "1", "base")]),
    "caret": ("0", "2.0", "1", [("0", "2.0^git1", "1", "base")]),
    "secure": ("0", "1.0", "1.el9", [("0", "1.0", "2.el9_4", "base"), ("0", "1.0", "3.el9_4", "base")]),
    "excluded": ("0", "1.0", "1", [("0", "2.0", "1", "base")]),
    "priority": ("0", "1.0", "1", [("0", "1.1", "1", "first"), ("0", "9.0", "1", "base")]),
    "other-repo": ("0", "1.0", "1", [("0", "9.0", "1", "switched-off")]),
}
ADVISORIES = """<?xml version="1.0" encoding="UTF-8"?>
<updates>
 <update from="t@example.org" status="final" type="security" version="1"><id>TLSA-2026:1</id>
  <title>secure</title><issued date="2026-11-01 00:00:00"/><severity>Important</severity>
  <description>d</description><pkglist><collection short="t"><name>t</name>
   <package name="secure" version="1.0" release="2.el9_4" epoch="0" arch="noarch" src="s.src.rpm">
   <filename>secure-1.0-2.el9_4.noarch.rpm</filename></package></collection></pkglist></update>
 <update from="t@example.org" status="final" type="bugfix" version="1"><id>TLBA-2026:2</id>
  <title>plain</title><issued date="2026-11-01 00:00:00"/>
  <description>d</description><pkglist><collection short="t"><name>t</name>
   <package name="plain" version="1.10" release="1" epoch="0" arch="noarch" src="p.src.rpm">
   <filename>plain-1.10-1.noarch.rpm</filename></package></collection></pkglist></update>
</updates>
"""


def must(*command, **more):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120,
                          stdin=subprocess.DEVNULL, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout


def build(folder, name, epoch, version, release, into):
    spec = folder / f"{name}.spec"
    spec.write_text(f"Name: {name}\nEpoch: {epoch}\nVersion: {version}\nRelease: {release}\nSummary: t\n"
                    "License: MIT\nBuildArch: noarch\n%description\nt\n%files\n")
    must("rpmbuild", "--define", f"_topdir {folder}/build", "--define", f"_rpmdir {into}", "-bb", spec)


def version_text(epoch, version, release):
    return f"{epoch}:{version}-{release}" if epoch != "0" else f"{version}-{release}"


class RpmUpdatesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-dnf-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        for name, (epoch, version, release, offers) in PACKAGES.items():
            build(cls.folder, name, epoch, version, release, cls.folder / "old")
            build(cls.folder, name, epoch, version, release, cls.folder / "base")
            for offered in offers:
                build(cls.folder, name, *offered[:3], cls.folder / offered[3])
        must("createrepo_c", cls.folder / "old")

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="assay-dnf-root-"))
        self.addCleanup(shutil.rmtree, self.work)
        self.root = self.work / "root"
        (self.root / "etc/yum.repos.d").mkdir(parents=True)
        (self.root / "etc/dnf").mkdir(parents=True)
        (self.root / "etc/os-release").write_text("ID=rocky\nVERSION_ID=9.4\n")
        (self.root / "etc/dnf/dnf.conf").write_text("[main]\ngpgcheck=0\nexcludepkgs=excluded\n")
        self.repo_file({"old": "old"})
        self.dnf("install", "--disableexcludes=all", *PACKAGES)
        shutil.rmtree(self.root / "var/cache/dnf")
        self.copy_database()

    def repo_file(self, repositories):
        text = ""
        for name, folder in repositories.items():
            text += f"[{name}]\nname=The {name} packages\nbaseurl=file://{self.folder}/{folder}\n"
            text += "priority=10\n" if name == "first" else ""
            text += "enabled=0\n" if name == "switched-off" else ""
        (self.root / "etc/yum.repos.d/all.repo").write_text(text)

    def dnf(self, *arguments, codes=(0,)):
        done = subprocess.run(
            ["dnf", f"--installroot={self.root}", "--releasever=9", "-y", "-q",
             f"--config={self.root}/etc/dnf/dnf.conf", f"--setopt=reposdir={self.root}/etc/yum.repos.d",
             "--setopt=plugins=0", *arguments],
            capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C", "HOME": "/root"})
        self.assertIn(done.returncode, codes, done.stdout + done.stderr)
        return done.stdout

    def copy_database(self):
        """To where other distributions have it; this one's rpm keeps it at root's home."""
        found = [path.parent for path in self.root.rglob("rpmdb.sqlite")]
        self.assertEqual(len(found), 1, found)
        target = self.root / "usr/lib/sysimage/rpm"
        if found[0] != target:
            target.mkdir(parents=True)
            for name in ("rpmdb.sqlite", "rpmdb.sqlite-wal"):
                if (found[0] / name).exists():
                    shutil.copy(found[0] / name, target / name)

    def make_repositories(self, *packing, updateinfo_packing="gz"):
        for name in ("base", "first", "switched-off"):
            shutil.rmtree(self.folder / name / "repodata", ignore_errors=True)
            must("createrepo_c", *packing, self.folder / name)
        advisories = self.work / "updateinfo.xml"
        advisories.write_text(ADVISORIES)
        must("modifyrepo_c", f"--compress-type={updateinfo_packing}", "--mdtype=updateinfo", advisories,
             self.folder / "base/repodata")
        self.repo_file({name: name for name in ("base", "first", "switched-off")})

    def check_update(self, *more):
        """{name: version} by dnf, of its cache."""
        listed = self.dnf("-C", "check-update", *more, codes=(0, 100))
        found = {}
        for line in listed.splitlines():
            words = line.split()
            if len(words) == 3 and words[0].endswith(".noarch"):
                found[words[0].removesuffix(".noarch")] = words[1]
        return found

    def rows(self):
        return json.loads(must(AGENT, "query", "--root", self.root, "-o", "json",
                               "SELECT * FROM pending_updates"))

    def assert_same_as_dnf(self):
        rows = self.rows()
        self.assertEqual([row["unknown_reason"] for row in rows if row["unknown_reason"]], [])
        theirs = self.check_update()
        self.assertEqual({row["name"]: row["available_version"] for row in rows if not row["is_held"]},
                         theirs)
        for name in ("plain", "epoch", "tilde", "caret", "secure", "priority"):
            self.assertIn(name, theirs)  # the comparison is about something
        for row in rows:
            self.assertEqual(row["version"], version_text(*PACKAGES[row["name"]][:3]))
        return {row["name"]: row for row in rows}

    def test_lists_as_createrepo_packs_them(self):
        self.make_repositories()
        self.dnf("makecache")
        rows = self.assert_same_as_dnf()
        self.assertEqual({name for name, row in rows.items() if row["is_security"] == 1},
                         set(self.check_update("--security")))
        self.assertEqual(rows["secure"]["advisories"], "TLSA-2026:1")
        self.assertEqual(rows["plain"]["is_security"], 0)
        self.assertIsNone(rows["priority"]["is_security"])  # that repository has no advisories
        self.assertEqual(rows["priority"]["repository"], "first")
        self.assertEqual(rows["secure"]["label"], "The base packages")

    def test_what_is_excluded_is_shown_as_held(self):
        self.make_repositories()
        self.dnf("makecache")
        held = [(row["name"], row["available_version"]) for row in self.rows() if row["is_held"]]
        self.assertEqual(held, [("excluded", "2.0-1")])
        without = self.dnf("-C", "--disableexcludes=all", "check-update", codes=(0, 100))
        self.assertIn("excluded.noarch", without)

    def test_every_packing_gives_the_same(self):
        packings = ("bz2", "xz", "zstd") if "zstd" in must("createrepo_c", "--help") else ("bz2", "xz")
        for packing in packings:
            with self.subTest(packing):
                shutil.rmtree(self.root / "var/cache/dnf", ignore_errors=True)
                self.make_repositories(f"--general-compress-type={packing}",
                                       updateinfo_packing="bz2" if packing == "bz2" else "xz")
                self.dnf("makecache")
                kept = [path.name for path in (self.root / "var/cache/dnf").rglob("*primary.xml*")]
                self.assertTrue(kept)
                self.assert_same_as_dnf()

    def test_zchunk_lists(self):
        """createrepo's own; the test puts them where a dnf that fetches zchunk would."""
        self.make_repositories("--zck")
        self.dnf("makecache")
        theirs = self.check_update()
        for cache in (self.root / "var/cache/dnf").glob("*-*/repodata"):
            name = cache.parent.name.rpartition("-")[0]
            for path in cache.glob("*-primary.xml.gz"):
                path.unlink()
            for path in (self.folder / name / "repodata").glob("*-primary.xml.zck"):
                shutil.copy(path, cache)
        kept = [path.name for path in (self.root / "var/cache/dnf").rglob("*-primary.xml*")]
        self.assertEqual([name for name in kept if not name.endswith(".zck")], [])
        rows = self.rows()
        self.assertEqual([row["unknown_reason"] for row in rows if row["unknown_reason"]], [])
        self.assertEqual({row["name"]: row["available_version"] for row in rows if not row["is_held"]},
                         theirs)
        self.assertIn("plain", theirs)

    def as_yum_leaves_it(self, is_unpacked):
        """Moves what dnf fetched to where yum 3 has it, with its databases instead of the XML."""
        for cache in (self.root / "var/cache/dnf").glob("*-*"):
            if not (cache / "repodata/repomd.xml").exists():
                continue
            name = cache.name.rpartition("-")[0]
            folder = self.root / "var/cache/yum/x86_64/7" / name
            (folder / "gen").mkdir(parents=True)
            shutil.copy2(cache / "repodata/repomd.xml", folder)
            for packed in (self.folder / name / "repodata").glob("*-primary.sqlite.bz2"):
                if is_unpacked:
                    (folder / "gen/primary_db.sqlite").write_bytes(bz2.decompress(packed.read_bytes()))
                else:
                    shutil.copy(packed, folder)
            for advisories in (self.folder / name / "repodata").glob("*updateinfo.xml.bz2"):
                shutil.copy(advisories, folder)

    def test_databases_of_yum(self):
        for is_unpacked in (False, True):
            with self.subTest(is_unpacked=is_unpacked):
                shutil.rmtree(self.root / "var/cache/yum", ignore_errors=True)
                self.make_repositories("--compress-type=bz2", updateinfo_packing="bz2")
                self.dnf("makecache")
                theirs = self.check_update()
                self.as_yum_leaves_it(is_unpacked)
                shutil.move(self.root / "var/cache/dnf", self.work / f"dnf-{is_unpacked}")
                rows = self.rows()
                self.assertEqual([row["unknown_reason"] for row in rows if row["unknown_reason"]], [])
                self.assertEqual({row["name"]: row["available_version"] for row in rows
                                  if not row["is_held"]}, theirs)
                self.assertIn("plain", theirs)
                self.assertEqual({row["name"] for row in rows if row["is_security"] == 1}, {"secure"})

    def test_versionlock_is_a_hold(self):
        self.make_repositories()
        self.dnf("makecache")
        (self.root / "etc/dnf/plugins").mkdir()
        (self.root / "etc/dnf/plugins/versionlock.list").write_text("plain-0:1.0-1.*\n")
        self.assertEqual({row["name"] for row in self.rows() if row["is_held"]}, {"excluded", "plain"})

    def test_a_list_that_nobody_fetched_for_weeks_is_said_to_be_old(self):
        self.make_repositories()
        self.dnf("makecache")
        past = time.time() - 20 * 86_400
        for path in (self.root / "var/cache/dnf").rglob("*"):
            if "first-" in str(path):
                os.utime(path, (past, past))
        reasons = [row["unknown_reason"] for row in self.rows() if row["unknown_reason"]]
        self.assertEqual(len(reasons), 1, reasons)
        self.assertIn("the list of the repository first was fetched last on", reasons[0])

    def test_without_lists_the_table_is_unavailable(self):
        self.make_repositories()
        done = subprocess.run([AGENT, "query", "--root", self.root, "SELECT * FROM pending_updates"],
                              capture_output=True, text=True)
        self.assertIn("pending_updates is not available", done.stdout + done.stderr)
        self.assertIn("nothing was ever fetched", done.stdout + done.stderr)


if __name__ == "__main__":
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        sys.exit(SKIPPED)
    unittest.main()
