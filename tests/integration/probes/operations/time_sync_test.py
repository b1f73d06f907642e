#!/usr/bin/env python3
"""The table time_sync against chronyd (which does not touch the clock) and what chronyc says of it."""
import subprocess

import namespace

SETTINGS = """\
confdir /etc/chrony/conf.d
sourcedir {folder}/sources.d
server 127.0.0.1 port 11123 iburst
bindcmdaddress {folder}/run/chronyd.sock
cmdport 0
port 0
pidfile {folder}/pid
local stratum 8
"""


def chronyc(machine, *words):
    return subprocess.run(["chronyc", "-h", machine.folder / "run" / "chronyd.sock", "-c", "-N", *words],
                          capture_output=True, text=True, check=False)


def test_names_the_sources_that_chronyd_uses(machine):
    folder = machine.folder / "sources.d"
    folder.mkdir()
    (folder / "own.sources").write_text("server 127.0.0.2 iburst\nserver 127.0.0.3\n")
    (machine.folder / "run").mkdir(mode=0o700)
    machine.cover("/etc/chrony/chrony.conf", SETTINGS.format(folder=machine.folder))
    daemon = machine.start("chronyd", "-x", "-d", "-u", "root", "-F", "0")
    try:
        machine.wait_for(lambda: daemon.poll() is not None or chronyc(machine, "sources").returncode == 0)
    except AssertionError as problem:
        namespace.skip(f"chronyd answers nothing here: {problem}")
    if daemon.poll() is not None:
        namespace.skip(f"chronyd does not run here: {machine.said()}")
    used = sorted(line.split(",")[2] for line in chronyc(machine, "sources").stdout.splitlines())
    rows = machine.rows("SELECT server, running FROM time_sync WHERE service = 'chrony' ORDER BY server")
    assert [row["server"] for row in rows] == used, (rows, used)
    assert all(row["running"] == 1 for row in rows), rows
    machine.stop(daemon)
    rows = machine.rows("SELECT DISTINCT running FROM time_sync WHERE service = 'chrony'")
    assert rows == [{"running": 0}], rows


def test_the_kernels_word_is_the_kernels(machine):
    rows = machine.rows("SELECT t.synchronised AS table_says, c.synchronised AS kernel_says FROM time_sync t, "
                        "clock_state c WHERE t.service = 'kernel'")
    assert len(rows) == 1 and rows[0]["table_says"] == rows[0]["kernel_says"], rows


namespace.need("/usr/sbin/chronyd", "/usr/bin/chronyc")
namespace.enter()
namespace.run(globals())
