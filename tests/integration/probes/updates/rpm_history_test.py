#!/usr/bin/env python3
"""update_history and package_installs against what `dnf history` says of what dnf did in a root folder."""
import datetime
import os
import re
import shutil
import subprocess
import sys
import unittest

from dnf_root import DnfRoot
from rpm_updates_test import SKIPPED, build, must

ACTIONS = {"installed": "Install", "upgraded": "Upgrade", "removed": "Removed"}


class HistoryTest(DnfRoot):
    def dnf(self, *arguments):
        done = subprocess.run(
            ["dnf", f"--installroot={self.root}", "--releasever=9", "-y", "-q", f"--config={self.root}/etc/dnf/dnf.conf",
             f"--setopt=reposdir={self.root}/etc/yum.repos.d", "--setopt=plugins=0", *arguments],
            capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C", "TZ": "UTC", "HOME": "/root"})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def run_of(self, number):
        """A row's cells, by `dnf history info`."""
        told = self.dnf("history", "info", str(number))
        begun = re.search(r"^Begin time +: (.*)$", told, re.M)[1]
        changed = re.findall(r"^    (\w+) +\S+-\S+", told, re.M)
        begun = datetime.datetime.strptime(begun, "%a %b %d %H:%M:%S %Y").isoformat(sep=" ")
        return {"time": begun, "succeeded": int("Return-Code    : Success" in told),
                **{name: changed.count(word) for name, word in ACTIONS.items()}}

    def test_runs_are_those_of_dnf_history(self):
        self.write("etc/dnf/dnf.conf", "[main]\ngpgcheck=0\n")
        packages = self.work / "packages"
        for name, version in (("one", "1"), ("one", "2"), ("two", "1"), ("three", "1")):
            build(self.work, name, "0", version, "1", packages)
        must("createrepo_c", packages)
        self.write("etc/yum.repos.d/own.repo", f"[own]\nname=Own\nbaseurl=file://{packages}\n")
        for command in (("install", "one-1", "two"), ("upgrade", "one"), ("install", "three"), ("remove", "two", "three"),
                        ("downgrade", "one-1")):
            self.dnf(*command)
        rows = [row for row in self.rows("SELECT * FROM update_history ORDER BY time") if row["manager"] == "dnf"]
        self.assertEqual(len(rows), 5, rows)
        expected = [self.run_of(number) for number in range(1, 6)]
        self.assertEqual(sorted((run["installed"], run["upgraded"], run["removed"]) for run in expected),
                         [(0, 0, 0), (0, 0, 2), (0, 1, 0), (1, 0, 0), (2, 0, 0)], expected)
        cells = ("time", "installed", "upgraded", "removed", "succeeded")
        self.assertEqual(sorted([row[name] for name in cells] for row in rows),
                         sorted([run[name] for name in cells] for run in expected))
        self.assertEqual(rows[0]["source"], "/var/lib/dnf/history.sqlite")
        # The last installation of each, also of those that were removed since.
        installs = self.rows("SELECT name, version, automatic, repository FROM package_installs WHERE manager = 'dnf'")
        self.assertEqual(sorted(row["name"] for row in installs), ["one", "three", "two"])
        self.assertEqual({(row["automatic"], row["repository"]) for row in installs}, {(0, "own")})


if __name__ == "__main__":
    missing = [tool for tool in ("dnf", "createrepo_c", "rpmbuild") if shutil.which(tool) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        sys.exit(SKIPPED)
    unittest.main()
