#!/usr/bin/env python3
"""PostgreSQL fails over to a streaming standby, both of them real servers: the collectors find the
new primary by themselves, nothing that a synchronous standby had is lost or doubled, the old primary
is not written to again, and what an asynchronous standby did not have is told on both sides."""
import json
import pathlib
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from company import all_logged, await_that, run_tests  # noqa: E402: found through the line above
from database import Database, Standby, rejoin  # noqa: E402
from group import AGENTS, Group, check_that_all_is_there  # noqa: E402

SYNCHRONOUS = ("synchronous_standby_names=second",)
ROUNDS = 5
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"


class Pair(Group):
    """Collectors that know two servers, of which the second follows the first."""

    def __init__(self, bin_folder):
        self.first = Database(SYNCHRONOUS)
        self.second = Standby(self.first)
        super().__init__(bin_folder, self.first)

    @property
    def conninfo(self):
        return (f"host={self.first.folder},{self.second.folder} user=assay dbname=postgres"
                " target_session_attrs=read-write")

    def fail_over(self):
        """The first server's machine dies; somebody, or Patroni, promotes the second."""
        self.first.stop(signal.SIGKILL)
        self.second.promote()
        self.database = self.second

    def no_longer_wait_for_the_standby(self):
        """From here on a commit is acknowledged when the primary alone has it."""
        self.first.stop()
        self.first.settings = ()
        self.first.start()
        await_that(lambda: self.first.rows("SELECT 1 FROM pg_stat_replication"), "nobody follows")

    def doctor(self, subject, code=None):
        """What the doctor says of one thing: its kind, and the sentence in English."""
        done = subprocess.run([str(self.bin / "assay-collector"), "doctor", "--state",
                               str(self.collector_state), "-o", "json"], env=self.environment,
                              capture_output=True, text=True, timeout=120)
        assert code is None or done.returncode == code, done.stdout + done.stderr
        found = [(line["kind"], line["said"]["en"]) for line in json.loads(done.stdout)
                 if line["subject"] == subject]
        assert found, done.stdout
        return found

    def close(self):
        super().close()
        self.first.close()
        self.second.close()


def test_a_failover_under_load_loses_and_doubles_nothing(pair):
    pair.serve()
    other, second = pair.another_collector("second")
    listens = [pair.listen, second]
    for agent in AGENTS:
        pair.enroll(agent)
    assert pair.doctor("standby") == [("good", "second confirms every commit")]
    half_way, threads = pair.work(listens, ROUNDS, 2)
    half_way.wait(timeout=120)
    time.sleep(1)
    pair.fail_over()
    for thread in threads:
        thread.join()
    for place, agent in enumerate(AGENTS):  # through either collector, which nobody has touched
        assert pair.send_to(agent, listens[place % 2]), (pair.folder / "collector.log").read_text()
    assert pair.collector.poll() is None and other.poll() is None
    check_that_all_is_there(pair, len(AGENTS) * (ROUNDS + 1))
    for agent in AGENTS:
        kept = json.loads((pair.agent_state(agent) / "courier/ledger.json").read_text())
        assert kept["alarms"] == [] and kept["unproven"] == [], kept


def test_the_old_primary_is_passed_over_until_it_follows_the_new_one(pair):
    pair.serve()
    for agent in AGENTS:
        pair.enroll(agent)
        assert pair.send_to(agent, pair.listen)
    pair.fail_over()
    assert pair.send_to("web", pair.listen)
    # It comes back, is the first that the connection string names, and takes writes.
    pair.first.settings = ()
    pair.first.start()
    before = pair.first.rows("SELECT id, last_sequence FROM hosts ORDER BY 1")
    kind, said = pair.doctor("database", code=1)[0]
    assert kind == "trouble" and str(pair.first.folder) in said and "before a failover" in said, said
    assert pair.send_to("mail", pair.listen)
    pair.end_collector()
    pair.serve()
    assert pair.send_to("files", pair.listen)
    assert pair.first.rows("SELECT id, last_sequence FROM hosts ORDER BY 1") == before
    check_that_all_is_there(pair, len(AGENTS) * 2)
    # While the new primary is away, the old one is not taken for it either.
    pair.second.stop(signal.SIGKILL)
    assert not pair.send_to("web", pair.listen)
    pair.second.start()
    assert pair.send_to("web", pair.listen)
    pair.first.stop()
    rejoin(pair.first, pair.second)
    await_that(lambda: pair.second.rows("SELECT 1 FROM pg_stat_replication"), "it does not follow")
    assert {kind for kind, _ in pair.doctor("database")} == {"good"}
    assert pair.send_to("web", pair.listen)
    check_that_all_is_there(pair, len(AGENTS) * 2 + 3)


def test_what_the_standby_has_not_confirmed_is_not_acknowledged(pair):
    pair.serve()
    for agent in AGENTS:
        pair.enroll(agent)
        assert pair.send_to(agent, pair.listen)
    await_that(lambda: all_logged(pair.fsck(), len(AGENTS)), "it was not logged")
    pair.second.stop()
    kind, said = pair.doctor("standby", code=1)[0]
    assert kind == "trouble" and "wait" in said, said
    sending = subprocess.Popen([str(pair.bin / "assay-agent"), "run", "--once", "--state",
                                str(pair.agent_state("web")), "--collector", pair.listen],
                               env=pair.environment, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        await_that(lambda: pair.first.number(WAITING) > 0, "nobody waits for the standby", 60)
        # Somebody lets those who wait go on: they are told of a success that may yet be undone.
        pair.first.rows("SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
                        " WHERE wait_event = 'SyncRep'")
        time.sleep(3)
        assert sending.poll() is None, "it was acknowledged"
        pair.second.start()
        assert sending.wait(timeout=120) == 0
    finally:
        sending.kill()
        sending.wait()
    check_that_all_is_there(pair, len(AGENTS) + 1)
    pair.fail_over()
    assert pair.send_to("web", pair.listen)
    check_that_all_is_there(pair, len(AGENTS) + 2)


def test_what_a_standby_that_was_behind_has_lost_is_told_on_both_sides(pair):
    pair.no_longer_wait_for_the_standby()
    pair.serve()
    for agent in AGENTS:
        pair.enroll(agent)
        assert pair.send_to(agent, pair.listen)
    assert pair.doctor("standby")[0][0] == "warning" and "second" in pair.doctor("standby")[0][1]
    await_that(lambda: pair.second.number("SELECT count(*) FROM ledger_entries") == len(AGENTS) + pair.acts(),
               "the standby does not follow")
    pair.second.stop()
    assert pair.send_to("web", pair.listen) and pair.send_to("web", pair.listen)
    await_that(lambda: all_logged(pair.fsck(), 5), "it was not logged")
    assert pair.send_to("web", pair.listen)  # now the agent has seen that checkpoint
    pair.first.stop(signal.SIGKILL)
    pair.second.start()
    pair.second.promote()
    pair.database = pair.second
    rewound = "SELECT detail FROM events WHERE kind = 'ledger'"
    await_that(lambda: pair.second.rows(rewound), "the collector does not notice", 30)
    told = pair.second.rows(rewound)
    assert any("this collector saw" in detail for (detail,) in told), told
    for _ in range(2):
        assert pair.send_to("web", pair.listen)
    kept = json.loads((pair.agent_state("web") / "courier/ledger.json").read_text())
    assert kept["alarms"] and "ledger: it was" in kept["alarms"][0]["detail"], kept
    told = pair.second.rows(rewound)
    assert any("the agent holds" in detail for (detail,) in told), told
    gaps = pair.second.rows("SELECT detail FROM events WHERE kind = 'sequence_gap'")
    assert len(gaps) == 1, gaps
    assert pair.doctor("events")[0][0] == "warning" and "ledger" in pair.doctor("events")[0][1]


if __name__ == "__main__":
    started = time.monotonic()
    code = run_tests(sys.modules[__name__], sys.argv[1], Pair)
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
