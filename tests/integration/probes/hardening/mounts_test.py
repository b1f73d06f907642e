#!/usr/bin/env python3
"""mounts against findmnt and the kernel's answer about each path (statvfs), in a mount namespace with
mounts of many kinds and odd names."""
import json
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

# What the table leaves out: what the kernel makes up.
KERNEL_MADE = {"bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devpts", "fusectl", "hugetlbfs", "mqueue",
               "nsfs", "proc", "pstore", "securityfs", "sysfs", "tracefs", "binfmt_misc", "efivarfs"}
FLAGS = {"read_only": os.ST_RDONLY, "nosuid": os.ST_NOSUID, "nodev": os.ST_NODEV, "noexec": os.ST_NOEXEC}
NAMES = ["plain", "with space", "with\ttab", "back\\slash", "back\\040", "new\nline", "hash#", "ünïcode", "c,omma",
         " - ", "\\011"]


class Mounts:
    def __init__(self, machine):
        self.machine = machine
        self.top = machine.folder / "m"
        self.top.mkdir()
        machine.empty(self.top)

    def mount(self, name, *words):
        point = self.top / name
        point.mkdir(exist_ok=True)
        self.machine.must("mount", *words, point)
        self.machine.covered.append(str(point))
        return str(point)

    def rows(self):
        return {row["path"]: row for row in self.machine.rows("SELECT * FROM mounts")}


def findmnt(machine):
    said = machine.must("findmnt", "-J", "--list", "-v", "-o", "TARGET,SOURCE,FSTYPE,VFS-OPTIONS,FS-OPTIONS")
    return [row for row in json.loads(said)["filesystems"] if row["fstype"] not in KERNEL_MADE]


def make_all(mounts):
    mounts.mount("ro", "-t", "tmpfs", "-o", "ro,size=1m,mode=700", "a device")
    mounts.mount("strict", "-t", "tmpfs", "-o", "nosuid,nodev,noexec,noatime", "tmpfs")
    mounts.mount("nosuid", "-t", "tmpfs", "-o", "nosuid", "tmpfs")
    mounts.mount("nodev", "-t", "tmpfs", "-o", "nodev,size=64k", "tmpfs")
    mounts.mount("noexec", "-t", "ramfs", "-o", "noexec", "tab\there")
    bound = mounts.mount("bound", "--bind", mounts.top / "strict")
    mounts.machine.must("mount", "-o", "remount,bind,ro,nosuid", bound)
    on_disk = mounts.machine.folder / "on disk"
    on_disk.mkdir()
    mounts.mount("own folder", "--bind", on_disk)
    for word in ("lower", "upper", "work"):
        (mounts.top / "plain" / word).mkdir()
    layers = ",".join(f"{word}dir={mounts.top}/plain/{word}" for word in ("lower", "upper", "work"))
    mounts.mount("layers", "-t", "overlay", "-o", layers, "overlay")


def test_mounts_are_those_that_findmnt_lists(machine):
    mounts = Mounts(machine)
    for name in NAMES:
        mounts.mount(name, "-t", "tmpfs", f"own {name}".replace("\n", " "))
    make_all(mounts)
    said, ours = findmnt(machine), mounts.rows()
    last = {row["target"]: row for row in said}
    assert set(last) == set(ours) and len(last) >= len(NAMES) + 8, (set(last) ^ set(ours))
    for path, theirs in last.items():
        row = ours[path]
        assert (row["type"], row["device"]) == (theirs["fstype"], theirs["source"] or ""), (row, theirs)
        assert row["device_alias"] == (os.path.realpath(row["device"]) if row["device"].startswith("/dev/")
                                       else row["device"]), row
        options = set(theirs["vfs-options"].split(",")) | set(theirs["fs-options"].split(",")) - {"rw"}
        shown = {one for one in options if not one.startswith(("lowerdir=", "upperdir=", "workdir="))}
        assert set(row["flags"].split(",")) == shown, (row, theirs)


def test_flags_are_what_the_kernel_holds_to(machine):
    mounts = Mounts(machine)
    mounts.mount("plain", "-t", "tmpfs", "tmpfs")
    make_all(mounts)
    rows = mounts.rows()
    for path, row in rows.items():
        flags = os.statvfs(path).f_flag
        assert {name: row[name] for name in FLAGS} == {name: int(bool(flags & bit)) for name, bit in
                                                       FLAGS.items()}, (path, flags)
    for name in FLAGS:
        assert {row[name] for path, row in rows.items() if path.startswith(str(mounts.top))} == {0, 1}, name
    for point, may_run in (("nosuid", True), ("noexec", False)):
        program = mounts.top / point / "run"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        done = subprocess.run(["sh", "-c", str(program)], capture_output=True, check=False)
        assert (done.returncode == 0) == may_run == (rows[str(program.parent)]["noexec"] == 0), done


def seen(path):
    """Flags of what one comes to by this path."""
    flags = os.statvfs(path).f_flag
    return {name: int(bool(flags & bit)) for name, bit in FLAGS.items()}


def test_what_lies_on_top_is_shown(machine):
    mounts = Mounts(machine)
    point = mounts.mount("point", "-t", "tmpfs", "-o", "nosuid", "below")
    mounts.mount("point", "-t", "tmpfs", "-o", "noexec", "above")
    row = mounts.rows()[point]
    assert row["device"] == "above" and {name: row[name] for name in FLAGS} == seen(point), row
    older = mounts.mount("older", "-t", "tmpfs", "older")
    newer = mounts.mount("newer", "-t", "tmpfs", "-o", "nosuid,noexec", "newer")
    machine.must("mount", "--make-private", mounts.top)  # no mount below a shared one can be moved
    machine.must("mount", "--move", older, newer)
    machine.covered[machine.covered.index(older)] = newer
    row = mounts.rows()[newer]
    assert row["device"] == "older" and {name: row[name] for name in FLAGS} == seen(newer), row


def test_what_is_hidden_is_not_shown(machine):
    mounts = Mounts(machine)
    mounts.mount("outer", "-t", "tmpfs", "outer")
    inner = mounts.mount("outer/inner", "-t", "tmpfs", "-o", "nosuid", "inner")
    mounts.mount("outer", "-t", "tmpfs", "cover")
    assert inner not in mounts.rows(), mounts.rows()[inner]


namespace.need("/usr/bin/findmnt", "/usr/bin/mount")
namespace.enter()
namespace.run(globals())
