#!/usr/bin/env python3
"""The tables logging and security_agents against auditd, where the kernel lets it run."""
import time

import namespace

SETTINGS = """\
local_events = no
write_logs = yes
log_file = {folder}/audit/audit.log
log_group = root
max_log_file = 8
num_logs = 5
max_log_file_action = keep_logs
space_left = 75
space_left_action = SYSLOG
admin_space_left = 50
admin_space_left_action = SUSPEND
disk_full_action = SUSPEND
disk_error_action = SUSPEND
"""


def test_runs_and_keeps_its_logs(machine):
    audit = machine.folder / "audit"
    audit.mkdir(mode=0o700)
    machine.cover("/etc/audit/auditd.conf", SETTINGS.format(folder=machine.folder))
    rows = machine.rows("SELECT text FROM logging WHERE component = 'auditd' AND setting = 'retention_days'")
    assert rows == [{"text": "unlimited"}], rows
    daemon = machine.start("auditd", "-f", "-s", "nochange")
    time.sleep(2)
    if daemon.poll() is not None:
        namespace.skip(f"auditd does not run on this kernel: {machine.said()}")
    rows = machine.rows("SELECT running FROM security_agents WHERE name = 'auditd'")
    assert rows == [{"running": 1}], rows
    machine.stop(daemon)
    rows = machine.rows("SELECT running FROM security_agents WHERE name = 'auditd'")
    assert rows == [{"running": 0}], rows


namespace.need("/usr/sbin/auditd")
namespace.enter()
namespace.run(globals())
