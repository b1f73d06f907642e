#!/usr/bin/env python3
"""The drivers in usb_policy against modprobe: what it would do when it is asked for one, and when a device is plugged in."""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "operations"))
import namespace  # noqa: E402: found through the line above

DEVICE = "usb:v0001p0001d0001dc00dsc00dp00ic08isc06ip50in00"
MODULE = """\
__attribute__((section(".modinfo"), used)) static const char license[] = "license=GPL";
__attribute__((section(".modinfo"), used)) static const char alias[] = "alias=usb:v*p*d*dc*dsc*dp*ic08isc*ip*in*";
"""
CASES = [
    {},
    {"etc/usb.conf": "install usb-storage /bin/true\n"},
    {"etc/usb.conf": "  install\tusb_storage   /bin/false\n"},
    {"etc/usb.conf": "blacklist usb-storage\n"},
    {"etc/usb.conf": "install usb-storage \\\n  /bin/false\n"},
    {"etc/usb.conf": "# install usb-storage /bin/true\nInstall usb-storage /bin/true\n"},
    {"etc/usb": "install usb-storage /bin/true\n"},
    {"run/usb.conf": "install usb-storage /bin/false\n"},
    {"local/usb.conf": "install usb-storage /bin/false\n"},
    {"vendor/usb.conf": "blacklist usb_storage\n"},
    {"vendor/usb.conf": "install usb-storage /bin/true\n", "etc/usb.conf": "# as before\n"},
    {"vendor/usb.conf": "install usb-storage /bin/true\n", "run/usb.conf": "# as before\n"},
    {"local/usb.conf": "install usb-storage /bin/true\n", "vendor/usb.conf": "# hidden\n"},
    {"etc/usb.conf": "install usb-storage /bin/true; /sbin/modprobe --ignore-install usb-storage\n"},
    {"etc/usb.conf": "install usb-storage /bin/false || /sbin/modprobe -i usb-storage\n"},
    {"etc/usb.conf": "install usb-storage /sbin/modprobe -i usb-storage\ninstall usb-storage /bin/true\n"},
    {"etc/usb.conf": "install usb-storage /bin/true\ninstall usb-storage /sbin/modprobe -i usb-storage\n"},
    {"etc/a.conf": "install usb-storage /bin/true\n", "vendor/b.conf": "install usb-storage /bin/echo\n"},
]


def make_module(machine):
    """A driver that depmod takes for usb-storage; nobody loads it."""
    release = os.uname().release
    folder = machine.folder / "modules/lib/modules" / release / "kernel/drivers/usb/storage"
    folder.mkdir(parents=True)
    (machine.folder / "usb.c").write_text(MODULE)
    subprocess.run(["gcc", "-c", machine.folder / "usb.c", "-o", folder / "usb-storage.ko"], check=True)
    subprocess.run(["depmod", "-b", machine.folder / "modules", release], check=True, capture_output=True)
    return machine.folder / "modules"


def said_by_modprobe(modules):
    """The word of the table for what modprobe would do."""
    def would(*what):
        done = subprocess.run(["modprobe", "-d", modules, "-n", "-v", *what], capture_output=True, text=True, check=True)
        return done.stdout.splitlines()
    commands = [" ".join(line.split()) for line in would("usb-storage")]
    if commands and all(re.fullmatch(r"install /bin/(true|false)", command) for command in commands):
        return "install disabled"
    return "loadable" if would("-b", DEVICE) else "blacklisted"


def test_drivers_are_kept_out_as_modprobe_keeps_them_out(machine):
    modules = make_module(machine)
    machine.lay_over("/run")
    places = {"etc": machine.lay_over("/etc/modprobe.d"), "vendor": machine.lay_over("/lib/modprobe.d"),
              "run": machine.folder / "run/modprobe.d", "local": machine.lay_over("/usr/local/lib") / "modprobe.d"}
    for place in places.values():
        place.mkdir(exist_ok=True)
    seen = set()
    for files in CASES:
        for place in places.values():
            for path in place.iterdir():
                path.unlink()
        for name, text in files.items():
            place, _, name = name.partition("/")
            (places[place] / name).write_text(text)
        expected = said_by_modprobe(modules)
        rows = machine.rows("SELECT in_force, value, source FROM usb_policy WHERE control = 'usb_storage_driver'")
        assert [row["value"] for row in rows] == [expected], (files, rows, expected)
        assert rows[0]["in_force"] == (expected != "loadable"), rows
        seen.add(expected)
    assert seen == {"loadable", "install disabled", "blacklisted"}, seen


namespace.need("/usr/sbin/modprobe", "/usr/sbin/depmod", "/usr/bin/gcc")
namespace.enter()
namespace.run(globals())
