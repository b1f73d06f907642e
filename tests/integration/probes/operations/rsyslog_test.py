#!/usr/bin/env python3
"""The table logging against rsyslogd: what it says is forwarded arrives, and files have the modes it says."""
import os
import pathlib
import socket
import subprocess

import namespace

PORT = 10514
SETTINGS = """\
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="{folder}/log.sock")
$FileCreateMode 0640
$IncludeConfig {folder}/rsyslog.d/*.conf
if $programname == 'assay' and $msg contains "secret" then {{
  action(type="omfile" file="{folder}/secret.log" fileCreateMode="0600")
  stop
}}
user.*  -{folder}/user.log
& @@127.0.0.1:{port}
:msg, contains, "never" ~
"""
INCLUDED = """\
/* mixed forms,
   as people write them */
ruleset(name="unused") {
  action(type="omfwd" target="192.0.2.1" port="6514" protocol="tcp"
         StreamDriver="gtls" StreamDriverMode="1" StreamDriverAuthMode="anon")
}
"""


def prepare(machine):
    included = machine.folder / "rsyslog.d"
    included.mkdir()
    (included / "10-own.conf").write_text(INCLUDED)
    machine.cover("/etc/rsyslog.conf", SETTINGS.format(folder=machine.folder, port=PORT))


def value(machine, setting, target):
    rows = machine.rows("SELECT value FROM logging WHERE component = 'rsyslog' AND "
                        f"setting = '{setting}' AND target = '{target}'")
    return [row["value"] for row in rows]


def test_forwards_what_it_says(machine):
    prepare(machine)
    checked = subprocess.run(["rsyslogd", "-N1"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    receiver = socket.create_server(("127.0.0.1", PORT))
    daemon = machine.start("rsyslogd", "-n", "-i", machine.folder / "pid")
    machine.wait_for((machine.folder / "log.sock").exists)
    for text in ("a secret word", "a word"):
        subprocess.run(["logger", "-u", machine.folder / "log.sock", "-t", "assay", "-p", "user.info", text],
                       check=True)
    receiver.settimeout(20)
    connection, _ = receiver.accept()
    connection.settimeout(20)
    arrived = connection.recv(4096)
    assert b"a word" in arrived and b"secret" not in arrived, arrived
    targets = machine.rows("SELECT target, text, line FROM logging WHERE setting = 'forward' AND "
                           "component = 'rsyslog' ORDER BY target")
    assert [row["target"] for row in targets] == [f"127.0.0.1:{PORT}", "192.0.2.1:6514"], targets
    assert value(machine, "forward_tls", f"127.0.0.1:{PORT}") == [0]
    assert value(machine, "forward_tls", "192.0.2.1:6514") == [1]
    for name in ("user.log", "secret.log"):
        path = machine.folder / name
        machine.wait_for(path.exists)
        assert value(machine, "file_mode", str(path)) == [os.stat(path).st_mode & 0o7777], name
    running = "SELECT value FROM logging WHERE component = 'rsyslog' AND setting = 'running'"
    assert machine.rows(running) == [{"value": 1}]
    machine.stop(daemon)
    assert machine.rows(running) == [{"value": 0}]


def test_understands_what_rsyslog_understands(machine):
    for path in sorted(pathlib.Path(__file__).parents[3].glob("fuzz/corpus/rsyslog_conf/accepted_*")):
        done = subprocess.run(["rsyslogd", "-N1", "-f", path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (path, done.stderr)
        machine.cover("/etc/rsyslog.conf", path.read_text())
        rows = machine.rows("SELECT value, note FROM logging WHERE component = 'rsyslog' AND "
                            "setting = 'configuration'")
        assert rows == [{"value": 1, "note": None}], (path, rows)


namespace.need("/usr/sbin/rsyslogd", "/usr/bin/logger")
namespace.enter()
namespace.run(globals())
