#!/usr/bin/env python3
"""GNOME's row of screen_lock against gsettings: the value that a user without own settings gets, and whether it may
be changed, for databases made by `dconf update` and schemas compiled by GLib."""
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "operations"))
import namespace  # noqa: E402: found through the line above

SESSION, SAVER = "[org/gnome/desktop/session]\n", "[org/gnome/desktop/screensaver]\n"
IDLE, LOCK = "/org/gnome/desktop/session/idle-delay\n", "/org/gnome/desktop/screensaver/lock-enabled\n"
PROFILE = "user-db:user\nsystem-db:local\n"
CASES = {
    "no profile": {"db/local.d/00": f"{SESSION}idle-delay=uint32 60\n"},
    "defaults": {"profile/user": PROFILE},
    "set": {"profile/user": PROFILE,
            "db/local.d/00-lock": f"{SESSION}idle-delay=uint32 600\n\n{SAVER}lock-enabled=true\nlock-delay=uint32 5\n"},
    "set and locked": {"profile/user": PROFILE,
                       "db/local.d/00": f"# ours\n{SESSION}idle-delay = uint32 600\n{SAVER}lock-enabled=false\n",
                       "db/local.d/locks/00": f"# ours\n{IDLE}{LOCK}"},
    "half locked": {"profile/user": PROFILE, "db/local.d/00": f"{SESSION}idle-delay=uint32 300\n",
                    "db/local.d/locks/00": IDLE},
    "locked without a value": {"profile/user": PROFILE, "db/local.d/00": f"{SESSION}x=1\n",
                               "db/local.d/locks/00": IDLE + LOCK},
    "the last file by name": {"profile/user": PROFILE, "db/local.d/00": f"{SESSION}idle-delay=uint32 100\n",
                              "db/local.d/10": f"{SESSION}idle-delay=uint32 200\n",
                              "db/local.d/05": f"{SESSION}idle-delay=uint32 300\n"},
    "twice in a file": {"profile/user": PROFILE,
                        "db/local.d/00": f"{SESSION}idle-delay=uint32 100\n{SAVER}lock-delay=uint32 7\n"
                                         f"{SESSION}idle-delay=uint32 400\n"},
    "the first database": {"profile/user": f"# ours\n{PROFILE}system-db:site\n",
                           "db/local.d/00": f"{SESSION}idle-delay=uint32 100\n",
                           "db/site.d/00": f"{SESSION}idle-delay=uint32 200\n{SAVER}lock-delay=uint32 9\n"},
    "a lock of the second": {"profile/user": f"{PROFILE}system-db:site\n",
                             "db/local.d/00": f"{SESSION}idle-delay=uint32 100\n",
                             "db/site.d/00": f"{SESSION}idle-delay=uint32 200\n",
                             "db/site.d/locks/00": IDLE + LOCK},
    "an override": {"profile/user": PROFILE, "override": "[org.gnome.desktop.session]\nidle-delay=uint32 777\n"
                                                         "[org.gnome.desktop.screensaver]\nlock-enabled=false\n"},
    "an override below a database": {"profile/user": PROFILE, "db/local.d/00": f"{SESSION}idle-delay=uint32 42\n",
                                     "override": "[org.gnome.desktop.session]\nidle-delay=uint32 777\n"},
    "another type as written": {"profile/user": PROFILE, "db/local.d/00": f"{SESSION}idle-delay=@u 250\n"},
    "of the wrong type": {"profile/user": f"{PROFILE}system-db:site\n",
                          "db/local.d/00": f"{SESSION}idle-delay=600\n{SAVER}lock-enabled=uint32 0\nlock-delay=9\n",
                          "db/site.d/00": f"{SESSION}idle-delay=uint32 200\n{SAVER}lock-delay=uint32 8\n",
                          "db/local.d/locks/00": IDLE},
    "hexadecimal": {"profile/user": PROFILE, "db/local.d/00": f"{SESSION}idle-delay=uint32 0x10\n"},
}


class Desktop:
    """GNOME's schemas and dconf's folder, for gsettings in their places and for the agent in an image."""

    def __init__(self, machine):
        self.dconf = machine.lay_over("/etc/dconf")
        self.root = machine.folder / "root"
        self.schemas = self.root / "usr/share/glib-2.0/schemas"
        shutil.copytree("/usr/share/glib-2.0/schemas", self.schemas)
        for name in ("usr/bin/gnome-shell", "etc/os-release", "etc/passwd"):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).touch()
        home = machine.folder / "home"
        home.mkdir()
        self.environment = {**os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "GSETTINGS_BACKEND": "dconf",
                            "GSETTINGS_SCHEMA_DIR": str(self.schemas)}
        self.environment.pop("DBUS_SESSION_BUS_ADDRESS", None)

    def set_up(self, files):
        for path in self.dconf.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        (self.dconf / "db").mkdir()
        override = self.schemas / "90_own.gschema.override"
        override.write_text(files.get("override", ""))
        for name, text in files.items():
            if name != "override":
                (self.dconf / name).parent.mkdir(parents=True, exist_ok=True)
                (self.dconf / name).write_text(text)
        self.must("glib-compile-schemas", self.schemas)
        self.must("dconf", "update")
        shutil.rmtree(self.root / "etc/dconf", ignore_errors=True)
        shutil.copytree(self.dconf, self.root / "etc/dconf")

    def must(self, *command):
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True, timeout=30,
                              env=self.environment).stdout.strip()

    def get(self, schema, key):
        """Its value, and whether a user may change it."""
        schema = f"org.gnome.desktop.{schema}"
        value = self.must("gsettings", "get", schema, key).removeprefix("uint32 ")
        return ({"true": 1, "false": 0}.get(value) if value.isalpha() else int(value),
                self.must("gsettings", "writable", schema, key) == "true")


def test_gnomes_lock_is_what_gsettings_says(machine):
    desktop = Desktop(machine)
    for name, files in CASES.items():
        desktop.set_up(files)
        idle, may_change_idle = desktop.get("session", "idle-delay")
        lock, may_change_lock = desktop.get("screensaver", "lock-enabled")
        delay, _ = desktop.get("screensaver", "lock-delay")
        rows = machine.rows("SELECT * FROM screen_lock WHERE desktop = 'gnome'", "--root", desktop.root)
        assert len(rows) == 1, (name, rows)
        row = rows[0]
        assert (row["idle_seconds"], row["lock_enabled"], row["lock_delay_seconds"]) == (idle, lock, delay), (
            name, idle, lock, delay, row)
        assert row["mandatory"] == (not may_change_idle and not may_change_lock), (name, row)


namespace.need("/usr/bin/gsettings", "/usr/bin/dconf", "/usr/bin/glib-compile-schemas")
namespace.enter()
namespace.run(globals())
