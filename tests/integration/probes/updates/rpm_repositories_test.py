#!/usr/bin/env python3
"""yum_repos against dnf's own reading of the same files."""
import json
import re
import shutil
import sys
import unittest

from dnf_root import DnfRoot
from rpm_updates_test import SKIPPED, must

# What dnf has read, before it fetches anything.
READ_BY_DNF = """
import dnf, json, sys
base = dnf.Base()
base.conf.config_file_path = sys.argv[1] + "/etc/dnf/dnf.conf"
base.conf.read()
base.conf.reposdir = [sys.argv[1] + "/etc/yum.repos.d"]
base.conf.substitutions["releasever"] = "9"
base.read_all_repos()
for repo in base.repos.all():
    print(json.dumps({"id": repo.id, "enabled": int(repo.enabled), "gpgcheck": int(repo.gpgcheck),
                      "repo_gpgcheck": int(repo.repo_gpgcheck), "sslverify": int(repo.sslverify),
                      "priority": repo.priority, "baseurl": list(repo.baseurl), "gpgkey": list(repo.gpgkey),
                      "exclude": sorted(repo.excludepkgs), "source": repo.repofile, "metalink": repo.metalink or None}))
"""
MAIN = """\
[main]
gpgcheck=1
sslverify=False
excludepkgs=never
[of-the-main-file]
name=In the main file
baseurl=file:///srv/main
"""
PARTS = {"a.repo": """\
# as people write it
[plain]
name=Plain packages
baseurl=http://a.example.com/x
\thttp://b.example.com/y
enabled=1
gpgkey=file:///etc/pki/a http://k.example.com/k,file:///b
priority=5
excludepkgs=kernel*, foo
 bar
[off]
name=Off
baseurl = https://c.example.com/
enabled = no
gpgcheck=0
repo_gpgcheck=yes
sslverify=1
[default]
name=Default
mirrorlist=https://m.example.com/mirrors
; enabled=0
[capitals]
name=Capitals
baseurl=http://d.example.com/
Enabled=0
gpgcheck = False
[both]
name=Both
metalink=https://l.example.com/
exclude=old
excludepkgs=new
enabled=True
[twice]
name=First
baseurl=http://e.example.com/
enabled=0
gpgcheck=0
[odd]
name=Odd
baseurl=http://f.example.com/
enabled=2
gpgcheck=maybe
""", "b.repo": "[twice]\nname=Second\nbaseurl=http://g.example.com/\n[secret]\nname=S\nbaseurl=https://u:p@h.example.com/\n",
         "c.repo.rpmnew": "[ignored]\nname=i\nbaseurl=file:///i\n"}

class RepositoriesTest(DnfRoot):
    def test_entries_are_those_that_dnf_reads(self):
        self.write("etc/dnf/dnf.conf", MAIN)
        for name, text in PARTS.items():
            self.write(f"etc/yum.repos.d/{name}", text)
        theirs = {entry["id"]: entry for entry in map(json.loads, must(
            "/usr/bin/python3", "-c", READ_BY_DNF, self.root).splitlines())}
        rows = self.rows("SELECT * FROM yum_repos")
        self.assertEqual(sorted(row["id"] for row in rows), sorted(theirs))
        for row in rows:
            dnf = theirs[row["id"]]
            self.assertEqual(str(self.root) + row["source"], dnf["source"])
            for flag in ("enabled", "gpgcheck", "sslverify"):
                self.assertEqual(row[flag], dnf[flag], (flag, row))
            self.assertEqual(row["repo_gpgcheck"] or 0, dnf["repo_gpgcheck"], row)
            self.assertEqual(99 if row["priority"] is None else row["priority"], dnf["priority"], row)
            self.assertEqual(row["metalink"], dnf["metalink"], row)
            self.assertEqual((row["gpgkey"] or "").split(), dnf["gpgkey"], row)
            self.assertEqual(sorted(re.split(r"[\s,]+", row["exclude"] or "")), dnf["exclude"] or [""], row)
            self.assertEqual((row["baseurl"] or "").split(), [url.replace("u:p@", "") for url in dnf["baseurl"]])


if __name__ == "__main__":
    missing = [tool for tool in ("dnf",) if shutil.which(tool) is None]
    if missing:
        print(f"skipped: {', '.join(missing)} not installed")
        sys.exit(SKIPPED)
    unittest.main()
