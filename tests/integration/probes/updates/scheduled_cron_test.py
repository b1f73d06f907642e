#!/usr/bin/env python3
"""Tasks of cron and at in scheduled_tasks against cron itself, shortly before the minute is full: a row is
enabled when what it runs has run. Tables of users are written by crontab, waiting jobs by at."""
import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "operations"))
import namespace  # noqa: E402: found through the line above

# In /etc/cron.d. Every program leaves a file of its name.
PARTS = {
    "plain": "* * * * * root {bin}plain\n@reboot root {bin}boot\n",
    "more": "A=1\n  0-59/1 * * * 0-7 root {bin}step\n* * 29 nov * nobody {bin}nobody\n# no end",
    "Upper_9-x": "* * * * * root {bin}upper\n",
    "with.dot": "* * * * * root {bin}dot\n",
    "left~": "* * * * * root {bin}left\n",
    "endless": "* * * * * root {bin}first\n* * * * * root {bin}endless",
    "minute": "* * * * * root {bin}before\n99 * * * * root {bin}minute\n",
    "letters": "x * * * * root {bin}letters\n* * * * * root {bin}behind\n",
    "named": "@fortnightly root {bin}fortnightly\n* * * * * root {bin}named\n",
    "words": "hello world\n* * * * * root {bin}words\n",
    "loose": "* * * * * root {bin}loose\n",
    "others": "* * * * * root {bin}others\n",
    "another-day": "* * 30 11 * root {bin}tomorrow\n",
}
NO_ENTRIES = {"minute", "letters", "fortnightly"}
LATER = {"tomorrow"}  # enabled, but not for this minute
SCRIPTS = {"runs": 0o755, "runs-too": 0o755, "not-executable": 0o644, "script.sh": 0o755, "old.dpkg-old": 0o755}


def tasks(machine, kind):
    return machine.rows(f"SELECT * FROM scheduled_tasks WHERE kind = '{kind}'")


def lay_out_tables(machine):
    """Tables in all places, each entry with a program of its own that tells that it ran."""
    programs, ran = machine.folder / "bin", machine.folder / "ran"
    for folder in (programs, ran):
        folder.mkdir()
    ran.chmod(0o777)

    def text_of(text):
        for name in re.findall(r"\{bin\}([\w-]+)", text):
            (programs / name).write_text(f"#!/bin/sh\n: > {ran}/{name}\n")
            (programs / name).chmod(0o755)
        return text.replace("{bin}", f"{programs}/")
    parts = machine.lay_over("/etc/cron.d")
    for name, text in PARTS.items():
        (parts / name).write_text(text_of(text))
        (parts / name).chmod(0o664 if name == "loose" else 0o644)
    os.chown(parts / "others", 2, 2)
    machine.cover("/etc/crontab", text_of("SHELL=/bin/sh\n* * * * * root {bin}crontab\n"))
    spool = machine.lay_over("/var/spool/cron/crontabs")
    shutil.chown(spool, "root", "crontab")
    spool.chmod(0o1730)
    for name in ("nobody", "games"):
        subprocess.run(["crontab", "-u", name, "-"], text=True, check=True,
                       input=text_of("* * * * * {bin}of-%s\n@hourly {bin}hourly-of-%s\n" % (name, name)))
    (spool / "games").chmod(0o644)
    return ran


def test_enabled_is_what_cron_runs(machine):
    machine.lay_over("/run")
    ran = lay_out_tables(machine)
    rows = tasks(machine, "cron")
    machine.start("faketime", "-f", "@2026-11-29 12:59:58", "cron", "-f")
    machine.wait_for(lambda: {"plain", "boot", "crontab", "of-nobody", "hourly-of-nobody"} <= set(os.listdir(ran)))
    time.sleep(0.5)  # those that must not run would have begun with the others
    names = set(os.listdir(ran))
    told = {pathlib.Path(row["program"]).name: row for row in rows if row["program"]}
    # Of a line that is no entry nothing is known but that cron does not use it.
    assert {path.name for path in (machine.folder / "bin").iterdir()} - set(told) == NO_ENTRIES and not names & NO_ENTRIES
    for name, row in told.items():
        assert row["enabled"] == (name in names or name in LATER), (row, sorted(names))
    for row in rows:
        assert row["enabled"] == 1 or row["note"], row
        assert row["program"] or row["enabled"] == 0, row


def test_scripts_are_those_that_run_parts_runs(machine):
    folder = machine.lay_over("/etc/cron.daily")
    for name, mode in SCRIPTS.items():
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(mode)
    theirs = subprocess.run(["run-parts", "--test", "/etc/cron.daily"], capture_output=True, text=True, check=True)
    rows = [row for row in tasks(machine, "cron_folder") if row["source"] == "/etc/cron.daily"]
    assert sorted(row["name"] for row in rows) == sorted(SCRIPTS), rows
    assert sorted(row["program"] for row in rows if row["enabled"]) == sorted(
        theirs.stdout.split()), (rows, theirs.stdout)


def test_waiting_jobs_are_those_of_atq(machine):
    for name in ("atjobs", "atspool"):
        folder = machine.lay_over(f"/var/spool/cron/{name}")
        shutil.chown(folder, "daemon", "daemon")
        folder.chmod(0o1770)
    (machine.folder / "var_spool_cron_atjobs/.SEQ").touch(0o600)
    shutil.chown(machine.folder / "var_spool_cron_atjobs/.SEQ", "daemon", "daemon")
    machine.cover("/etc/at.deny", "")
    assert tasks(machine, "at") == []
    for account, jobs in (("root", 2), ("games", 1)):
        for _ in range(jobs):
            subprocess.run(["setpriv", f"--reuid={account}", "--clear-groups", "at", "now", "+", "1", "day"],
                           input="/usr/bin/true\n", text=True, check=True, capture_output=True, cwd="/")
    listed = collections.Counter(line.split()[-1] for line in subprocess.run(
        ["atq"], capture_output=True, text=True, check=True).stdout.splitlines())
    assert listed == {"root": 2, "games": 1}, listed
    assert {row["user"]: row["jobs"] for row in tasks(machine, "at")} == listed


namespace.need("/usr/sbin/cron", "/usr/bin/crontab", "/usr/bin/at", "/usr/bin/faketime", "/usr/bin/run-parts")
namespace.enter()
namespace.run(globals())
