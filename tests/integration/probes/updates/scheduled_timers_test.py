#!/usr/bin/env python3
"""Timers in scheduled_tasks against systemctl and systemd-analyze, which read the same folders."""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hardening"))
from scratch_host import need, run_tests  # noqa: E402: found through the line above

MARK = "AssayMark"  # systemd-analyze tells of each file in which this unknown key stands, in its order
INSTALL = "[Install]\nWantedBy=timers.target\n"
UNITS = {
    "usr/lib": {
        "plain.timer": f"[Timer]\nOnCalendar=daily\nRandomizedDelaySec=1h\n{INSTALL}",
        "off.timer": f"[Timer]\nOnCalendar=Mon..Fri *-*-* 22:30\n{INSTALL}",
        "static.timer": "[Timer]\nOnBootSec=15min\nOnUnitActiveSec=1d\n",
        "masked.timer": f"[Timer]\nOnCalendar=hourly\n{INSTALL}",
        "masked-now.timer": f"[Timer]\nOnCalendar=hourly\n{INSTALL}",
        "emptied.timer": f"[Timer]\nOnCalendar=hourly\n{INSTALL}",
        "many.timer": "[Unit]\nDescription=many\n[Timer]\n# OnCalendar=never\nOnCalendar=weekly\n"
                      f"OnCalendar = *-*-1..7 \\\n  18:00:00\n; OnBootSec=1\nOnStartupSec=5\n{INSTALL}",
        "per@.timer": f"[Timer]\nOnCalendar=monthly\n{INSTALL}",
        "per@.timer.d/all.conf": "[Timer]\nOnCalendar=04:00\n",
        "changed.timer": f"[Timer]\nOnCalendar=daily\nOnBootSec=1h\nUnit=other.service\n{INSTALL}",
        "changed.timer.d/50-vendor.conf": "[Timer]\nOnCalendar=\nOnCalendar=06:00\n",
        "hidden.timer": f"[Timer]\nOnCalendar=daily\n{INSTALL}",
        "hidden.timer.d/more.conf": "[Timer]\nOnCalendar=01:00\n",
        "hidden.timer.d/switched-off.conf": "[Timer]\nOnCalendar=01:30\n",
        "a-long-name.timer": f"[Timer]\nOnCalendar=daily\n{INSTALL}",
        "own.timer": "[Timer]\nOnCalendar=yearly\n",
        "aliased.timer": f"[Timer]\nOnCalendar=daily\n{INSTALL}Alias=another.timer\n"},
    "usr/local/lib": {
        "local.timer": f"[Timer]\nOnCalendar=quarterly\n{INSTALL}",
        "a-long-.timer.d/local.conf": "[Timer]\nOnCalendar=05:00\n"},
    "etc": {
        "changed.timer.d/10-own.conf": "[Timer]\nOnCalendar=\nOnCalendar=07:00\n",
        "hidden.timer.d/more.conf": "[Timer]\nOnCalendar=02:00\n",
        "hidden.timer.d/switched-off.conf": "",
        "a-.timer.d/all.conf": "[Timer]\nOnCalendar=03:00\n",
        "timer.d/all-timers.conf": "[Timer]\nRandomizedDelaySec=5\n",
        "per@one.timer.d/more.conf": "[Timer]\nOnCalendar=09:00\n",
        "own.timer": f"[Timer]\nOnCalendar=Sun 03:10\n{INSTALL}"}}
ENABLED = ["plain.timer", "many.timer", "per@one.timer", "changed.timer", "hidden.timer", "own.timer", "local.timer",
           "aliased.timer", "emptied.timer", "masked-now.timer", "a-long-name.timer"]


def said(*command, code=0):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, "SYSTEMD_COLORS": "0"})
    assert code in (None, done.returncode), f"{command}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def make_units(host):
    services = {"other.service"}
    for place, units in UNITS.items():
        for name, text in units.items():
            host.write(f"/{place}/systemd/system/{name}", text.replace("[Timer]\n", f"[Timer]\n{MARK}=1\n"))
            services.add(name.split("/")[0].removesuffix(".d").replace(".timer", ".service"))
    for name in services:
        host.write(f"/usr/lib/systemd/system/{name}", "[Service]\nExecStart=-/usr/bin/true now\nUser=daemon\n")
    systemctl = ("systemctl", "--root", host.root)
    said(*systemctl, "enable", *ENABLED)
    said(*systemctl, "mask", "masked.timer")
    said(*systemctl, "mask", "--runtime", "masked-now.timer")
    host.write("/etc/systemd/system/emptied.timer", "")


def rows_of(host):
    rows = host.query("SELECT * FROM scheduled_tasks WHERE kind = 'systemd_timer'")
    return {row["name"]: row for row in rows}


def schedule_of(host, timer):
    """What the files that systemd reads for it say, in systemd's order."""
    files = re.findall(rf"^(/\S+?):\d+: Unknown key '{MARK}' in section \[Timer\]",
                       said("systemd-analyze", f"--root={host.root}", "verify", timer, code=None), re.M)
    assert files, timer
    schedule = []
    for path in files:
        text = pathlib.Path(path).read_text().replace("\\\n", " ")
        for key, value in re.findall(r"^(On\w+) *= *(.*?) *$", text, re.M):
            schedule = [*schedule, f"{key}={' '.join(value.split())}"] if value else []
    return schedule


def test_enabled_are_those_that_systemctl_has_enabled(host):
    make_units(host)
    listed = dict(line.split()[:2] for line in said(
        "systemctl", "--root", host.root, "list-unit-files", "--type=timer", "--no-legend", "--no-pager").splitlines())
    assert set(listed.values()) == {"enabled", "disabled", "static", "masked", "masked-runtime", "indirect", "alias"}
    rows = rows_of(host)
    assert set(rows) == {name for name, state in listed.items() if state != "alias" and "@" not in name} | {
        "per@one.timer"}, rows
    for name, row in rows.items():
        state = said("systemctl", "--root", host.root, "is-enabled", name, code=None).strip()
        assert row["enabled"] == (state == "enabled"), (name, state, row)


def test_schedules_are_those_of_the_files_that_systemd_reads(host):
    make_units(host)
    rows = rows_of(host)
    for name, row in rows.items():
        if "masked" in name or name == "emptied.timer":
            assert row["schedule"] is None, row
            continue
        expected = schedule_of(host, name)
        assert row["schedule"].split("; ") == expected, (row, expected)
        assert (row["program"], row["user"]) == ("/usr/bin/true", "daemon"), row
        for one in expected:
            if one.startswith("OnCalendar="):
                said("systemd-analyze", "calendar", one.removeprefix("OnCalendar="))
    assert rows["changed.timer"]["schedule"].endswith("OnCalendar=06:00")  # not the administrator's


if __name__ == "__main__":
    need("systemctl", "systemd-analyze")
    run_tests(globals())
