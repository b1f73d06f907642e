#!/usr/bin/env python3
"""Table samba_shares against Samba's own reading (testparm) of the same file."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

CONF = """
[global]
  workgroup = OFFICE
  min protocol = SMB2
  Map To Guest = bad user
  server signing = mandatory
  include = {folder}/etc/samba/more.conf
[Public]
  path = /srv/public
  public = yes
  writable = yes
[docs]
  copy = public
  path = /srv/docs
  read only = yes
  hosts allow = 10.0.0. \\
     192.0.2.0/24
[homes]
  browsable = no
"""
MORE = "  guest ok = yes\n[printers]\n  path = /var/spool/samba\n  print ok = yes\n"


def testparm(conf):
    """Samba's values by section, with its defaults."""
    text = subprocess.run(["testparm", "-s", "-v", str(conf)], capture_output=True, text=True,
                          check=True, timeout=60).stdout
    sections, current = {}, None
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("["):
            current = sections.setdefault(line[1:-1].lower(), {})
        elif "=" in line and current is not None:
            name, _, value = line.partition("=")
            current[name.strip().lower()] = value.strip()
    return sections


def query(agent, root, sql):
    done = subprocess.run([agent, "query", "--root", root, "-o", "json", sql], capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def main():
    if shutil.which("testparm") is None:
        print("SKIPPED: testparm is not installed (package samba-common-bin)")
        return 77
    agent = pathlib.Path(sys.argv[1]) / "assay-agent"
    with tempfile.TemporaryDirectory(prefix="assay-shares-") as folder:
        samba = pathlib.Path(folder) / "etc/samba"
        samba.mkdir(parents=True)
        # What Samba finds under its whole path, the image has under its own.
        (samba / "more.conf").write_text(MORE)
        inner = pathlib.Path(folder + folder) / "etc/samba"
        inner.mkdir(parents=True)
        (inner / "more.conf").write_text(MORE)
        (samba / "smb.conf").write_text(CONF.format(folder=folder))
        theirs = testparm(samba / "smb.conf")
        ours = {row["share"]: row for row in query(agent, folder, "SELECT * FROM samba_shares")}
        assert set(ours) == set(theirs), (set(ours), set(theirs))
        for share, row in ours.items():
            if share == "global":
                continue
            for column, name in (("guest_ok", "guest ok"), ("read_only", "read only"),
                                 ("browseable", "browseable"), ("printable", "printable")):
                said = theirs[share].get(name, theirs["global"].get(name))
                assert row[column] == (said == "Yes"), (share, column, row[column], said)
            assert row["path"] in (theirs[share].get("path"), None), (share, row["path"])
        assert ours["docs"]["hosts_allow"].split() == theirs["docs"]["hosts allow"].split()
        general = ours["global"]
        assert general["map_to_guest"].lower() == theirs["global"]["map to guest"].lower()
        assert theirs["global"]["server min protocol"].startswith(general["server_min_protocol"])
        assert general["server_signing"] == "mandatory", general
    print("samba_shares says what testparm says")
    return 0


if __name__ == "__main__":
    sys.exit(main())
