#!/usr/bin/env python3
"""nfs_exports against exportfs: what it would tell the server of the same file."""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "operations"))
import namespace  # noqa: E402: found through the line above

MAIN = """\
# as people write it
/srv/a 10.0.0.0/8(ro) 192.0.2.7(rw,no_root_squash)
/srv/b *(ro,insecure,all_squash,anonuid=99)
"/srv/with blank" 192.0.2.1(rw,sync)
/srv/oct\\040al -sec=krb5p,ro 10.1.0.0/16 10.2.0.0/16(rw) @group(sec=sys:krb5)
/srv/long \\
   10.3.0.0/16(ro) \\
   10.4.0.0/16
/srv/nobody
/srv/space 10.5.0.0/16 (rw)
/srv/hash 10.6.0.0/16(ro) # (rw)
/srv/kinds 10.7.0.0/16(sec=sys,ro,sec=krb5:krb5i,rw,no_root_squash) 10.8.0.0/16(rw,sec=krb5p) 10.9.0.0/16(sec=krb5,sec=sys)
/srv/over -rw,no_root_squash 10.10.0.0/16(ro,root_squash) 10.11.0.0/16(all_squash,no_all_squash)
"""
FLAGS = {"read_only": ("ro", "rw"), "root_squash": ("root_squash", "no_root_squash"),
         "all_squash": ("all_squash", "no_all_squash")}
COLUMNS = "SELECT share, client, readonly AS read_only, root_squash, all_squash, secure_port, security FROM nfs_exports"


def lay_out(machine):
    machine.cover("/etc/exports", MAIN)
    state = machine.lay_over("/var/lib/nfs")
    for name in ("etab", "rmtab"):
        (state / name).touch()
    folder = machine.lay_over("/srv")
    for name in set(re.findall(r'^"?/srv/([^"\n]*?)"?(?: [-*@1(\\].*)?$', MAIN, re.M)):
        (folder / name.replace("\\040", " ")).mkdir()
    return state / "etab"


def by_exportfs(etab):
    """{(share, client): cells} of the file that exportfs keeps for the server."""
    subprocess.run(["exportfs", "-a"], capture_output=True, check=True)
    found = {}
    for share, client, options in re.findall(r"^(\S+)\t(\S*?)\((.*)\)$", etab.read_text(), re.M):
        general, *kinds = re.split(r",(?=sec=)", options)
        words = [kind.split(",") for kind in kinds]
        cells = {name: int(all(yes in kind for kind in words)) for name, (yes, no) in FLAGS.items()}
        assert all((yes in kind) != (no in kind) for kind in words for yes, no in FLAGS.values()), options
        cells["secure_port"] = int("secure" in general.split(","))
        cells["security"] = set(":".join(kind[0].removeprefix("sec=") for kind in words).split(":"))
        found[share.replace("\\040", " "), client or "*"] = cells
    return found


def test_exports_are_those_of_exportfs(machine):
    theirs = by_exportfs(lay_out(machine))
    rows = machine.rows(COLUMNS)
    ours = {(row.pop("share"), row.pop("client")): {**row, "security": set(row["security"].split(":"))} for row in rows}
    assert len(ours) == len(rows) and set(ours) == set(theirs), (set(ours) ^ set(theirs))
    for name, cells in theirs.items():
        assert ours[name] == cells, (name, ours[name], cells)
    assert len(theirs) > 15, theirs


namespace.need("/usr/sbin/exportfs")
namespace.enter()
namespace.run(globals())
