#!/usr/bin/env python3
"""A scan leaves no trace on what it reads, waits for nobody who holds a file, and stays out of mounts of others."""
import fcntl
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "operations"))
import namespace  # noqa: E402: found through the line above

LONG_AGO = (1_000_000_000, 1_100_000_000)
# The loader and OpenSSL read them in every program, before the agent can ask for anything.
OF_LIBRARIES = {"/etc/ld.so.cache", "/etc/ssl/openssl.cnf"}
SECONDS = 40  # for a scan that nothing holds up; the kernel takes a lease back after 45


def must(*command):
    subprocess.run(list(map(str, command)), check=True)


def strict_copy(machine, name, *folders):
    """A file system that notes every access, with copies."""
    root = machine.folder / name
    root.mkdir()
    must("mount", "-t", "tmpfs", "-o", "strictatime", "tmpfs", root)
    machine.covered.append(root)
    for folder in folders:
        must("cp", "-a", "-T", folder, root / folder.strip("/") if name == "root" else root)
    return root


def age(root):
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            os.utime(path, LONG_AGO)


def seen(root):
    """{path: all that the file system notes}, noted without an access. Of links the kernel notes each look."""
    found = {}

    def look(path):
        status = os.lstat(path)
        if os.path.islink(path):
            return
        found[path] = (status.st_atime_ns, status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_mode,
                       status.st_uid, status.st_gid, status.st_nlink, status.st_ino)
        if os.path.isdir(path):
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOATIME)
            for name in os.listdir(folder):
                look(os.path.join(path, name))
            os.close(folder)
    look(str(root))
    return found


def scan(machine, *options):
    begun = time.monotonic()
    done = subprocess.run([machine.agent, "scan", "--all", "-o", "json", *options], capture_output=True, text=True,
                          timeout=120, check=False)
    assert done.returncode in (0, 1), done.stderr
    assert time.monotonic() - begun < SECONDS, f"it took {time.monotonic() - begun:.0f} s"
    return {table["name"]: table for table in json.loads(done.stdout)["tables"]}


def plant_programs(root):
    """What the tables read that look at every file."""
    (root / "usr/bin").mkdir(parents=True)
    shutil.copy("/usr/bin/true", root / "usr/bin/own")
    (root / "usr/bin/own").chmod(0o4755)
    for name, text in (("app/node_modules/left/package.json", '{"name":"left","version":"1.0.0"}'),
                       ("lib/python3/site-packages/thing-1.0.dist-info/METADATA",
                        "Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text)


def test_nothing_is_changed_in_an_image(machine):
    root = strict_copy(machine, "root", "/etc")
    plant_programs(root)
    age(root)
    before = seen(root)
    tables = scan(machine, "--root", root)
    after = seen(root)
    assert [path for path in before if before[path] != after.get(path)] == [] and set(before) == set(after)
    assert all(tables[name]["rows"] > 0 for name in ("users", "npm_packages", "python_packages", "sensitive_files")), tables


def test_nothing_is_changed_on_the_machine(machine):
    etc = strict_copy(machine, "etc", "/etc")
    must("mount", "--bind", etc, "/etc")
    machine.covered.append("/etc")
    age(pathlib.Path("/etc"))
    before = seen("/etc")
    scan(machine)
    after = seen("/etc")
    assert {path for path in before if before[path] != after.get(path)} <= OF_LIBRARIES
    assert set(before) == set(after)


HOLD = """
import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)  # whoever asks for the lease back waits in vain
flocked, locked, leased = (os.open(path, os.O_RDWR) for path in sys.argv[1:])
fcntl.flock(flocked, fcntl.LOCK_EX)
fcntl.lockf(locked, fcntl.LOCK_EX)
fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
sys.stdin.read()
"""


def test_nobody_who_holds_a_file_is_waited_for(machine):
    root = strict_copy(machine, "root", "/etc")
    held = [root / "etc" / name for name in ("passwd", "shadow", "group")]
    os.mkfifo(root / "etc/crontab.fifo")
    for name in ("etc/exports", "etc/sudoers.d/pipe", "etc/cron.d/pipe"):
        (root / name).unlink(missing_ok=True)
        os.mkfifo(root / name)
    holder = subprocess.Popen([sys.executable, "-c", HOLD, *map(str, held)], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    machine.running.append(holder)
    assert holder.stdout.readline() == "held\n"
    tables = scan(machine, "--root", root)
    for name in ("users", "shadow"):
        assert tables[name]["status"] == "ok" and tables[name]["rows"] > 0, tables[name]
    # The kernel does not let it open this one without waiting: nothing is known of it, and that is said.
    assert tables["groups"]["status"] != "ok" and tables["groups"]["rows"] == 0, tables["groups"]
    for path, lock in ((held[0], fcntl.flock), (held[1], fcntl.lockf)):
        with open(path, "rb+") as file:
            try:
                lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            raise AssertionError(f"{path} is no longer locked")


def mount_bindfs(machine):
    real, point = machine.folder / "real", machine.folder / "point"
    (real / "node_modules/far").mkdir(parents=True)
    (real / "node_modules/far/package.json").write_text('{"name":"far-away","version":"1.0.0"}')
    point.mkdir()
    if not os.path.exists("/dev/fuse"):
        namespace.skip("this kernel has no FUSE")
    daemon = machine.start("bindfs", "-f", real, point)
    machine.wait_for(lambda: os.path.ismount(point))
    machine.covered.append(point)
    return daemon, point


def test_mounts_of_programs_are_not_walked(machine):
    daemon, point = mount_bindfs(machine)
    assert (point / "node_modules/far/package.json").exists()
    rows = machine.rows("SELECT path FROM npm_packages WHERE name = 'far-away'")
    assert [row["path"] for row in rows] == [f"{machine.folder}/real/node_modules/far/package.json"], rows
    kinds = machine.rows(f"SELECT type FROM mounts WHERE path = '{point}'")
    assert [row["type"] for row in kinds] == ["fuse"], kinds
    machine.stop(daemon)


def test_a_mount_that_hangs_holds_nothing_up(machine):
    daemon, point = mount_bindfs(machine)
    daemon.send_signal(signal.SIGSTOP)
    try:
        tables = scan(machine)
    finally:
        daemon.send_signal(signal.SIGCONT)
    for name in ("mounts", "npm_packages", "sensitive_files", "users"):
        assert tables[name]["status"] == "ok", tables[name]
    rows = machine.rows(f"SELECT type FROM mounts WHERE path = '{point}'")
    assert len(rows) == 1, rows
    machine.stop(daemon)


namespace.need("/usr/bin/bindfs")
namespace.enter()
namespace.run(globals())
