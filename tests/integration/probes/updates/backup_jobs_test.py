#!/usr/bin/env python3
"""backup_jobs against rsnapshot and borg that really ran, and failed, on other days."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "operations"))
import namespace  # noqa: E402: found through the line above

SETTINGS = "\n".join("\t".join(words) for words in (
    ("config_version", "1.2"), ("snapshot_root", "{folder}/snapshots/"), ("cmd_rsync", "/usr/bin/rsync"),
    ("retain", "daily", "2"), ("retain", "weekly", "2"), ("logfile", "{folder}/rsnapshot.log"),
    ("lockfile", "{folder}/pid"), ("backup", "{folder}/data/", "here/"), ("",)))


def run(day, *command, code=0):
    done = subprocess.run(["faketime", f"{day} 05:06:07", *map(str, command)], capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode == code, f"{command}: {done.stdout}{done.stderr}"


def job(machine, tool):
    rows = machine.rows(f"SELECT * FROM backup_jobs WHERE tool = '{tool}'")
    assert len(rows) == 1, rows
    return rows[0]


def test_rsnapshots_last_success_is_the_last_run_that_copied(machine):
    data = machine.folder / "data"
    data.mkdir()
    (data / "file").write_text("precious")
    machine.cover("/etc/rsnapshot.conf", SETTINGS.format(folder=machine.folder))
    machine.cover("/etc/crontab", "30 3 * * * root /usr/bin/rsnapshot daily\n0 3 * * 1 root nice -n 19 rsnapshot weekly\n")
    assert job(machine, "rsnapshot")["last_success"] is None
    for day in ("2026-02-01", "2026-02-02", "2026-02-03"):
        run(day, "rsnapshot", "daily")
        assert job(machine, "rsnapshot")["last_success"] == day, day
    run("2026-02-09", "rsnapshot", "weekly")  # moves the oldest of them, and copies nothing
    data.rename(machine.folder / "gone")
    run("2026-02-10", "rsnapshot", "daily", code=1)
    found = job(machine, "rsnapshot")
    assert found["last_success"] == "2026-02-03", found
    assert (found["enabled"], found["schedule"]) == (1, "30 3 * * *; 0 3 * * 1"), found
    sync = SETTINGS.format(folder=machine.folder) + "sync_first\t1\n"
    machine.cover("/etc/rsnapshot.conf", sync)
    (machine.folder / "gone").rename(data)
    run("2026-03-01", "rsnapshot", "sync")
    run("2026-03-02", "rsnapshot", "daily")
    assert job(machine, "rsnapshot")["last_success"] == "2026-03-01"


def test_of_borg_it_is_said_that_nothing_is_recorded(machine):
    (machine.folder / "data").mkdir()
    machine.cover("/etc/crontab", "PATH=/usr/bin\n0 2 * * * root BORG_PASSPHRASE='a b' borg create /srv/r::{now} /etc\n")
    borg = ("env", f"BORG_BASE_DIR={machine.folder}", "BORG_PASSPHRASE=x", "borg")
    run("2026-02-01", *borg, "init", "--encryption=none", machine.folder / "repository")
    run("2026-02-01", *borg, "create", f"{machine.folder}/repository::one", machine.folder / "data")
    found = job(machine, "borg")
    assert (found["installed"], found["enabled"], found["schedule"]) == (1, 1, "0 2 * * *"), found
    assert found["last_success"] is None and "not recorded" in found["note"], found


namespace.need("/usr/bin/rsnapshot", "/usr/bin/borg", "/usr/bin/rsync", "/usr/bin/faketime", "/usr/sbin/cron")
namespace.enter()
namespace.run(globals())
