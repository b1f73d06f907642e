#!/usr/bin/env python3
"""Several collectors on one PostgreSQL: any agent may talk to any of them, one is killed while they
all work, the database is killed and is away, and nothing that was acknowledged is lost or doubled."""
import hashlib
import json
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from company import all_logged, await_that, run_tests  # noqa: E402: found through the line above
from group import AGENTS, Group, check_that_all_is_there  # noqa: E402

ROUNDS = 4


def test_three_collectors_share_the_work_and_one_is_killed(group):
    group.serve()
    killed, second = group.another_collector("second")
    _, third = group.another_collector("third")
    listens = [group.listen, second, third]
    for agent in AGENTS:
        group.enroll(agent)
    half_way, threads = group.work(listens, ROUNDS, ROUNDS // 2)
    half_way.wait(timeout=120)
    time.sleep(0.5)
    killed.kill()
    killed.wait()
    for thread in threads:
        thread.join()
    for agent in AGENTS:  # what the dead one did not take is taken by the others
        assert group.send_to(agent, third), agent
    check_that_all_is_there(group, len(AGENTS) * (ROUNDS + 1))
    group.login()
    assert len(group.json("assay", "hosts", "-o", "json")) == len(AGENTS)


def test_a_database_that_is_killed_and_away_costs_time_and_nothing_else(group):
    group.serve()
    for agent in AGENTS:
        group.enroll(agent)
        assert group.send_to(agent, group.listen)
    group.database.stop(signal.SIGKILL)
    assert not group.send_to("web", group.listen)
    assert group.courier_status("web")["spooled"] == 1
    assert group.courier_status("web")["set_aside"] == 0
    group.database.start()
    for agent in AGENTS:
        assert group.send_to(agent, group.listen), (group.folder / "collector.log").read_text()[-800:]
    check_that_all_is_there(group, len(AGENTS) * 2 + 1)


def keep_report(group, week, content):
    """A weekly report in the built-in store, as a collector keeps it; the ledger will have its act."""
    frame = subprocess.run(["zstd", "-c", f"--stream-size={len(content)}"], input=content,
                           capture_output=True, check=True).stdout
    with sqlite3.connect(group.collector_state / "store.db", timeout=10) as store:
        at = int(time.time())
        store.execute("INSERT INTO reports VALUES (1, ?, ?, ?, ?, ?, ?)",
                      (week, at - 8 * 86400, at - 86400, hashlib.sha256(content).digest(), frame, at))
        store.execute("INSERT INTO acts SELECT max(number) + 1, 'report_made', '1', ? FROM acts", (at,))
    store.close()


def test_a_company_moves_from_the_built_in_store_and_goes_on(group):
    settings = group.collector_state / "collector.yaml"
    group.run("psql", "-X", "-q", "-c", "CREATE SCHEMA moved", group.database.conninfo)
    target = f"postgres:{group.database.conninfo} options=-csearch_path=moved"
    shutil.rmtree(group.collector_state)
    group.collector_state.mkdir(mode=0o700)
    group.admin_token = group.json("assay-collector", "init", "--state", group.collector_state,
                                   "--name", "127.0.0.1", "-o", "json")["admin_token"]
    group.serve()
    for agent in AGENTS:
        group.enroll(agent)
        assert group.send_to(agent, group.listen) and group.send_to(agent, group.listen)
    group.login()
    await_that(lambda: all_logged(group.fsck(), 6), "not everything was logged")
    await_that(lambda: len(group.json("assay", "findings", "-o", "json")) > 0, "nothing was judged")
    time.sleep(3)
    findings, hosts = (group.json("assay", what, "-o", "json") for what in ("findings", "hosts"))
    move = ["assay-collector", "migrate-store", "--state", group.collector_state, "--to", target,
            "-o", "json"]
    group.run(*move, code=1)
    assert "serves" in group.errors, group.errors
    group.end_collector()
    keep_report(group, "2026-W40", b'{"week":"2026-W40"}')
    # It is killed when the first rows are there, and goes on where it was.
    process = subprocess.Popen([str(word) for word in move], env=group.environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    await_that(lambda: process.poll() is not None or
               group.database.number("SELECT count(*) FROM moved.tokens") > 0, "no beginning", 30)
    process.kill()
    process.wait()
    if group.database.number("SELECT count(*) FROM moved.moves WHERE ended > 0") == 0:
        answer = group.json(*move)
        in_ledger = 6 + group.acts() - 1  # the report's waits
        assert answer["good"] and answer["snapshots"] == 6 and answer["ledger_entries"] == in_ledger, answer
    group.run(*move, code=1)
    assert "already" in group.errors, group.errors
    settings.write_text(f"store: '{target}'\n")
    assert group.fsck()["good"]
    group.serve()
    assert group.json("assay", "findings", "-o", "json") == findings
    assert group.json("assay", "report", "show", "2026-W40", "-o", "json") == {"week": "2026-W40"}
    assert group.database.rows("SELECT stale_after FROM moved.terms") == [[str(7 * 86400)]]
    seen = group.json("assay", "hosts", "-o", "json")
    assert [host["id"] for host in seen] == [host["id"] for host in hosts]
    for agent in AGENTS:
        assert group.send_to(agent, group.listen), agent
        kept = json.loads((group.agent_state(agent) / "courier/ledger.json").read_text())
        assert kept["alarms"] == [] and group.courier_status(agent)["set_aside"] == 0, kept
    await_that(lambda: all_logged(group.fsck(), 9), "the ledger did not go on")
    assert group.fsck()["good"]


def test_what_a_database_cannot_be_asked_for_is_refused_in_words(group):
    group.run("assay-collector", "backup", "--state", group.collector_state,
              group.folder / "copy", code=1)
    assert "pg_dump" in group.errors, group.errors
    answer = group.run("assay-collector", "doctor", "--state", group.collector_state, code=1)
    assert "PostgreSQL, answers" in answer, answer
    settings = group.collector_state / "collector.yaml"
    settings.write_text("store: 'postgres:host=db password=geheim'\n")
    group.run("assay-collector", "agent", "list", "--state", group.collector_state, code=78)
    assert "passfile" in group.errors and "geheim" not in group.errors, group.errors


if __name__ == "__main__":
    started = time.monotonic()
    code = run_tests(sys.modules[__name__], sys.argv[1], Group)
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
