#!/usr/bin/env python3
"""automatic_updates against apt-config, which reads the same settings, with the files of unattended-upgrades."""
import os
import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hardening"))
from scratch_host import need, run_tests  # noqa: E402: found through the line above

AUTO = '''APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n'''
CASES = {
    "as it is installed": {"20auto-upgrades": AUTO},
    "nested": {"20auto-upgrades": 'APT {\n Periodic {\n  Update-Package-Lists "7"; // weekly\n'
                                  '  Unattended-Upgrade "always";\n  Download-Upgradeable-Packages "2d";\n };\n};\n'},
    "switched off": {"20auto-upgrades": AUTO, "99-off": 'APT::Periodic::Enable "0";\n'},
    "the later file": {"20auto-upgrades": AUTO, "99own": '/* never\n */ APT::Periodic::Unattended-Upgrade "0";\n'},
    "a file that apt ignores": {"20auto-upgrades": AUTO, "99own.dpkg-old": 'APT::Periodic::Unattended-Upgrade "0";\n',
                                "98 own": 'APT::Periodic::Unattended-Upgrade "0";\n'},
    "cleared": {"20auto-upgrades": AUTO, "60own": '#clear Unattended-Upgrade::Origins-Pattern;\n'
                'Unattended-Upgrade::Allowed-Origins { "${distro_id}:${distro_codename}-security"; };\n'
                'Unattended-Upgrade::Package-Blacklist { "linux-"; "libc6$"; };\n'
                'unattended-upgrade::automatic-reboot "true";\n'},
    "added": {"20auto-upgrades": AUTO, "60own": 'Unattended-Upgrade::Origins-Pattern:: "origin=Own,label=All";\n'
              'Unattended-Upgrade::Automatic-Reboot "yes";\n# remark\n'},
    "in one file": {"20auto-upgrades": 'APT::Periodic::Update-Package-Lists "0"; APT::Periodic::Unattended-Upgrade "12h";'},
    "nothing": {},
    "in the main file": {"20auto-upgrades": AUTO, "../apt.conf": 'APT::Periodic::Update-Package-Lists "3";\n'},
}


def apt_config(host):
    """{name: value, name::: list} as apt has it, in small letters."""
    settings = host.write("/apt-of-the-test.conf", f'Dir "{host.root}";\n')
    told = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True, timeout=30,
                          env={**os.environ, "APT_CONFIG": str(settings), "LC_ALL": "C"}).stdout
    values, lists = {}, {}
    for name, value in re.findall(r'^(\S+) "(.*)";$', told, re.M):
        if name.endswith("::"):
            lists.setdefault(name[:-2].lower(), []).append(value)
        else:
            values[name.lower()] = value
    return values, lists


def days(value):
    """Of an interval of apt's daily script."""
    if value == "always":
        return 1
    number, unit = re.fullmatch(r"(\d+)([smhd]?)", value).groups()
    return -(-int(number) * {"s": 1, "m": 60, "h": 3600, "d": 86400, "": 86400}[unit] // 86400)


def is_true(value):
    return value.lower() in ("1", "yes", "true", "with", "on", "enable")


def test_settings_are_those_of_apt_config(host):
    folder = host.path("/etc/apt/apt.conf.d")
    for name in ("usr/bin/unattended-upgrade", "usr/lib/systemd/system/apt-daily-upgrade.timer",
                 "etc/systemd/system/timers.target.wants/apt-daily-upgrade.timer"):
        host.write("/" + name, "[Timer]\nOnCalendar=daily\n")
    for case, files in CASES.items():
        shutil.rmtree(host.path("/etc/apt"), ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy("/etc/apt/apt.conf.d/50unattended-upgrades", folder)
        for name, text in files.items():
            (folder / name).write_text(text)
        values, lists = apt_config(host)
        rows = host.query("SELECT * FROM automatic_updates WHERE mechanism = 'unattended-upgrades'")
        assert len(rows) == 1, rows
        row = rows[0]

        def interval(name):
            return days(values.get(f"apt::periodic::{name}", "0"))
        installs = interval("unattended-upgrade") > 0
        expected = {
            "enabled": int(values.get("apt::periodic::enable", "1") != "0"),
            "refreshes_days": interval("update-package-lists"), "installs": int(installs),
            "downloads": int(installs or interval("download-upgradeable-packages") > 0),
            "origins": "; ".join(lists.get("unattended-upgrade::allowed-origins", [])
                                 + lists.get("unattended-upgrade::origins-pattern", [])) or None,
            "excluded": "; ".join(lists.get("unattended-upgrade::package-blacklist", [])) or None,
            "reboots": int(is_true(values.get("unattended-upgrade::automatic-reboot", "false")))}
        found = {name: row[name] for name in expected}
        assert found == expected, (case, found, expected)


if __name__ == "__main__":
    need("apt-config", "unattended-upgrade")
    run_tests(globals())
