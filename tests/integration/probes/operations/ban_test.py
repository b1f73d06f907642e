#!/usr/bin/env python3
"""security_agents against fail2ban's own server."""
import namespace

RUNNING = "SELECT kind, running FROM security_agents WHERE name = 'fail2ban'"


def test_fail2ban_runs_and_ends(machine):
    settings = machine.folder / "fail2ban"
    settings.mkdir()
    (settings / "fail2ban.conf").write_text("[Definition]\nloglevel = INFO\nlogtarget = STDOUT\nsyslogsocket = auto\n"
                                            "dbfile = None\ndbpurgeage = 1d\n")
    (settings / "jail.conf").write_text("[DEFAULT]\n")
    assert machine.rows(RUNNING) == [{"kind": "ban", "running": 0}]
    daemon = machine.start("fail2ban-server", "-f", "-x", "-c", settings, "-s", machine.folder / "sock", "-p",
                           machine.folder / "pid", "start")
    machine.wait_for((machine.folder / "sock").exists)
    assert machine.rows(RUNNING) == [{"kind": "ban", "running": 1}]
    machine.stop(daemon)
    assert machine.rows(RUNNING) == [{"kind": "ban", "running": 0}]


namespace.need("/usr/bin/fail2ban-server")
namespace.enter()
namespace.run(globals())
