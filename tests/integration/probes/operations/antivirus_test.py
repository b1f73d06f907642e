#!/usr/bin/env python3
"""security_agents against ClamAV: its daemon, its guard of every access, its databases and its scans."""
import datetime
import re
import shutil
import subprocess

import namespace

SETTINGS = """\
# as people write it
LocalSocket {folder}/clamd.sock
PidFile {folder}/clamd.pid
DatabaseDirectory {folder}/signatures
LogFile {folder}/clamd.log
Foreground yes
User root
OnAccessIncludePath {folder}/guarded
OnAccessExcludeRootUID yes
"""
SIGNATURE = "Assay.Test:0:*:6173736179746573747061747465726e\n"
ROW = ("SELECT installed, running, real_time, signature_version, signature_date, last_scan FROM security_agents "
       "WHERE name = 'ClamAV'")


def must(*command, codes=(0,), **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60, check=False, **more)
    assert done.returncode in codes, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def prepare(machine):
    """Settings that name a folder of signatures of the test's own; and no log of an earlier scan."""
    for name in ("signatures", "guarded", "building"):
        (machine.folder / name).mkdir()
    (machine.folder / "signatures/own.ndb").write_text(SIGNATURE)
    machine.lay_over("/var/log/clamav")
    machine.cover("/etc/clamav/clamd.conf", SETTINGS.format(folder=machine.folder))


def row(machine):
    rows = machine.rows(ROW)
    assert len(rows) == 1, rows
    return rows[0]


def daily(machine, version, day):
    """A database as sigtool builds it, on that day."""
    building = machine.folder / "building"
    (building / "daily.ndb").write_text(SIGNATURE)
    (building / "COPYING").write_text("none\n")
    must("faketime", f"{day} 09:08:07", "sigtool", "--unsigned", "--build=daily.cud", f"--cvd-version={version}",
         cwd=building, input="assay\n")
    return (building / "daily.cud").read_bytes()


def test_signatures_are_those_that_clamscan_says_it_has(machine):
    prepare(machine)
    assert (row(machine)["signature_version"], row(machine)["signature_date"]) == (None, None)
    folder = machine.folder / "signatures"
    for name, version, day in (("daily.cvd", 27001, "2026-02-03"), ("daily.cld", 27010, "2026-03-09"),
                               ("daily.cvd", 27100, "2026-10-31")):
        (folder / name).write_bytes(daily(machine, version, day))
        _, theirs, when = must("clamscan", "--version", f"--database={folder}").strip().split("/")
        when = datetime.datetime.strptime(when, "%a %b %d %H:%M:%S %Y").date().isoformat()
        assert (theirs, when) == (str(version), day), (theirs, when)
        found = row(machine)
        assert (found["signature_version"], found["signature_date"]) == (theirs, when), found


def test_the_daemon_runs_and_guards_what_is_opened(machine):
    prepare(machine)
    before = row(machine)
    assert (before["installed"], before["running"], before["real_time"]) == (1, 0, 0), before
    daemon = machine.start("clamd")
    machine.wait_for((machine.folder / "clamd.sock").exists)
    between = row(machine)
    assert (between["running"], between["real_time"]) == (1, 0), between
    guard = machine.start("clamonacc", "--foreground", "--fdpass")
    bad = machine.folder / "guarded/bad"
    bad.write_text("assaytestpattern")

    def is_found():
        must("setpriv", "--reuid=nobody", "--clear-groups", "cat", bad)
        return guard.poll() is not None or f"{bad}: Assay.Test.UNOFFICIAL" in machine.said()
    machine.wait_for(is_found)
    if guard.poll() is not None:
        namespace.skip(f"clamonacc does not run on this kernel: {machine.said()}")
    assert row(machine)["real_time"] == 1
    machine.stop(guard)
    assert row(machine)["real_time"] == 0
    machine.stop(daemon)
    assert row(machine)["running"] == 0


def small_machine(machine):
    """A root folder with clamscan and little else."""
    root = machine.folder / "small"
    programs = subprocess.run(["ldd", "/usr/bin/clamscan"], capture_output=True, text=True, check=True).stdout
    for path in ["/usr/bin/clamscan", "/etc/ssl/openssl.cnf", *re.findall(r"(/\S+) \(0x", programs)]:
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for number in range(600):
        (root / f"srv/{number}").mkdir(parents=True)
    (root / "srv/file").write_text("nothing of note")
    (root / "link").symlink_to("srv")
    (root / "signatures").mkdir()
    (root / "signatures/own.ndb").write_text(SIGNATURE)
    return root


def scan(machine, root, name, *what):
    """The day that clamscan notes at its end."""
    log = root / "log"
    log.unlink(missing_ok=True)
    must("chroot", root, "/usr/bin/clamscan", "--database=/signatures", "--log=/log", *what)
    shutil.copy(log, machine.folder / f"var_log_clamav/{name}.log")
    return re.findall(r"^End Date: +(\d+):(\d+):(\d+) ", log.read_text(), re.M)[-1]


def test_the_last_scan_is_one_of_everything(machine):
    prepare(machine)
    root = small_machine(machine)
    scan(machine, root, "one-file", "/srv/file")
    assert row(machine)["last_scan"] is None, row(machine)
    scan(machine, root, "one-folder", "-r", "/srv")
    assert row(machine)["last_scan"] is None, row(machine)
    scan(machine, root, "without", "-r", "--exclude-dir=^/srv", "/")
    assert row(machine)["last_scan"] is None, row(machine)
    day = scan(machine, root, "everything", "-r", "--exclude-dir=^/sys", "/")
    assert row(machine)["last_scan"] == "-".join(day), row(machine)


namespace.need("/usr/bin/clamscan", "/usr/bin/sigtool", "/usr/sbin/clamd", "/usr/sbin/clamonacc",
               "/usr/bin/faketime")
namespace.enter()
namespace.run(globals())
