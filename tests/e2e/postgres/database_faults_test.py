#!/usr/bin/env python3
"""A database that dies between two statements, has no room, is away, is altered by its administrator,
is restored from a back-up: a clear error or a retry, and nothing that was acknowledged is lost."""
import json
import pathlib
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "bad_input"), str(HERE.parent / "retention")]
import retention_test  # noqa: E402: found through the line above
from company import all_logged, await_that, run_tests  # noqa: E402
from database import PROGRAMS, Database  # noqa: E402
from group import AGENTS, Group, check_that_all_is_there  # noqa: E402
from image import Mounted, fill  # noqa: E402


def enrolled(group):
    """Each agent has sent once, and all of it is logged."""
    group.serve()
    for agent in AGENTS:
        group.enroll(agent)
    # Each machine is walked at its first scan: together, as that takes its time.
    scanning = [threading.Thread(target=group.send_to, args=[agent, group.listen]) for agent in AGENTS]
    for thread in scanning:
        thread.start()
    for thread in scanning:
        thread.join()
    await_that(lambda: all_logged(group.fsck(), len(AGENTS)), "it was not logged")
    group.login()


def ask(group, path, token=None):
    """Status and body of an answer of the API."""
    context = ssl.create_default_context(cafile=group.collector_state / "identity/ca.pem")
    request = urllib.request.Request(f"https://{group.api}{path}",
                                     headers={"Authorization": f"Bearer {token}"} if token else {})
    try:
        with urllib.request.urlopen(request, context=context, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        return problem.code, problem.read().decode()


def health(group):
    return ask(group, "/healthz")[0]


class Holding:
    """Nobody else writes to a table as long as the `with` lasts, or the server lives."""

    def __init__(self, database, table):
        self.database, self.table = database, table

    def __enter__(self):
        self.session = subprocess.Popen(["psql", "-X", "-q", self.database.conninfo], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.session.stdin.write(f"BEGIN; LOCK TABLE {self.table} IN EXCLUSIVE MODE;\n\\echo held\n")
        self.session.stdin.flush()
        assert self.session.stdout.readline() == "held\n"
        return self

    def is_in_the_middle(self):
        """Whether a transaction that has written already waits for its next statement."""
        return self.database.number(
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted"
            f" AND l.relation = '{self.table}'::regclass AND a.backend_xid IS NOT NULL") > 0

    def __exit__(self, *problem):
        self.session.kill()
        self.session.wait()
        self.session.stdin.close()
        self.session.stdout.close()


def test_a_server_that_dies_between_two_statements_of_one_transaction(group):
    enrolled(group)
    scans = len(AGENTS)
    # Of a snapshot: between its place in the chain and its manifest. Of a batch of the ledger:
    # between its entries and its checkpoint. Of a judgement: between its claim and its mark.
    year = time.strftime("manifests_%Y", time.gmtime())
    for table in (year, "ledger_checkpoints"):
        with Holding(group.database, table) as holding:
            sending = subprocess.Popen(
                ["assay-agent", "run", "--once", "--state", str(group.agent_state("web")),
                 "--collector", group.listen], env=group.environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                await_that(holding.is_in_the_middle, f"nobody waits for {table}", 30)
                group.database.stop(signal.SIGKILL)
            finally:
                holding.session.kill()
                group.database.start()
                sending.wait(timeout=120)
        for agent in AGENTS:
            assert group.send_to(agent, group.listen), (table, agent)
        scans += 1 + len(AGENTS)
        check_that_all_is_there(group, scans)


def test_a_database_that_is_away_for_a_while_under_load(group):
    enrolled(group)
    _, second = group.another_collector("second")
    listens = [group.listen, second]
    assert health(group) == 200
    half_way, threads = group.work(listens, 4, 1)
    half_way.wait(timeout=120)
    group.database.stop(signal.SIGKILL)
    time.sleep(1)
    assert health(group) == 503
    status, body = ask(group, "/api/v1/hosts", "somebody")
    assert status == 503 and str(group.database.folder) not in body, "a stranger learns where it is"
    time.sleep(12)
    waiting = {agent: group.courier_status(agent)["spooled"] for agent in AGENTS}
    assert all(count > 0 for count in waiting.values()), waiting
    group.database.start()
    for thread in threads:
        thread.join()
    for place, agent in enumerate(AGENTS):
        assert group.send_to(agent, listens[place % 2]), agent
    assert health(group) == 200
    check_that_all_is_there(group, len(AGENTS) * 6)


class SmallDisk(Database):
    """A server on a file system that can be filled."""

    def __init__(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="assay-small-disk-"))
        self.disk = Mounted(self.place, "tmpfs", "size=160m,mode=0711")
        self.disk.__enter__()
        before, tempfile.tempdir = tempfile.tempdir, str(self.place)
        try:
            super().__init__(["wal_recycle=off", "min_wal_size=32MB", "max_wal_size=48MB"])
        except BaseException:
            self.disk.__exit__()
            raise
        finally:
            tempfile.tempdir = before

    def _make(self):
        super()._make()
        with open(self.folder / "data/postgresql.conf", "a") as file:
            file.write("wal_keep_size = 0\n")

    def close(self):
        super().close()
        self.disk.__exit__()
        self.place.rmdir()


def test_a_database_whose_disk_is_full_acknowledges_nothing_and_goes_on_afterwards(given):
    given.close()
    group = Group(given.bin, SmallDisk())
    try:
        enrolled(group)
        filler = fill(group.database.folder)
        refused = 0
        for _ in range(60):
            refused += 0 if group.send_to("web", group.listen) else 1
            if refused == 2:
                break
        assert refused == 2, "it took more than there was room for"
        assert group.courier_status("web")["set_aside"] == 0
        assert group.collector.poll() is None, "the collector ended"
        said = group.courier_status("web")["last_error"]["detail"]
        assert "disk is full" in said or "store is away" in said, said
        filler.unlink()
        if group.database.server.poll() is not None:  # it gives up when its log has no room
            group.database.server = None
            group.database.start()
        for agent in AGENTS:
            assert group.send_to(agent, group.listen), agent
        last = int(group.database.rows("SELECT max(last_sequence) FROM hosts")[0][0])
        check_that_all_is_there(group, last + 2 * (len(AGENTS) - 1))
    finally:
        group.close()


# What proves itself, as in tests/unit/collector/fsck/fsck_test.cc, and how a byte of it is altered.
PROVEN = {
    "tables": ("digest", "name", "bytes", "frame"),
    "snapshots": ("digest", "host_id", "sequence", "previous", "profile", "started", "ended",
                  "accepted_at", "serial"),
    "manifests": ("manifest", "signature"),
    "certificates": ("serial", "host_id", "not_before", "not_after", "pem"),
    "ledger_entries": ("number", "digest", "host_id", "sequence", "accepted_at"),
    "ledger_tiles": ("level", "number", "hashes"),
    "ledger_checkpoints": ("size", "root", "note"),
    "ledger_state": ("last_snapshot",),
    "verdict_sets": ("state", "key"),
    "finding_sets": ("row",),
    "catalogues": ("frame",),
    "terms": ("number", "since", "stale_after"),
}
ALTERED = {
    "bigint": "{0} + 1",
    "bytea": "set_byte({0}::bytea, length({0}) / 2, get_byte({0}::bytea, length({0}) / 2) # 1)",
    "text": "overlay({0} PLACING (CASE substr({0}, length({0}) / 2 + 1, 1) WHEN 'x' THEN 'y' ELSE 'x'"
            " END) FROM length({0}) / 2 + 1 FOR 1)",
}


def test_each_thing_that_is_altered_in_the_database_is_found(group):
    enrolled(group)
    assert group.send_to("web", group.listen)
    check_that_all_is_there(group, len(AGENTS) + 1)
    group.end_collector()
    kinds = {(table, column): kind for table, column, kind in group.database.rows(
        "SELECT table_name, column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'public'")}
    alter = ("SET session_replication_role = replica; UPDATE {0} SET {1} = {2} WHERE ctid = (SELECT"
             " ctid FROM {0} WHERE {1} IS NOT NULL ORDER BY ctid DESC LIMIT 1)")
    copy, found = "original", 0
    # As far as the database has tables that hold evidence, none is left out.
    for table in PROVEN:
        group.database.rows(f"CREATE TABLE {copy} AS SELECT * FROM {table}")
        for column in PROVEN[table]:
            kind = kinds[table, column]
            group.database.rows(alter.format(table, column, ALTERED[kind].format(column)))
            answer = json.loads(group.run("assay-collector", "fsck", "--state", group.collector_state,
                                          "-o", "json", code=None) or "{}")
            assert not answer.get("good", False), f"{table}.{column} was altered, and nobody noticed"
            found += 1
            group.database.rows(f"SET session_replication_role = replica; DELETE FROM {table};"
                                f" INSERT INTO {table} SELECT * FROM {copy}")
        group.database.rows(f"DROP TABLE {copy}")
    assert found == sum(map(len, PROVEN.values()))
    assert group.fsck()["good"], "all of it was put back"
    group.serve()
    for agent in AGENTS:
        assert group.send_to(agent, group.listen), agent
    check_that_all_is_there(group, 2 * len(AGENTS) + 1)


def restored(group, database):
    """The company, on another server, with what it keeps beside the database."""
    state = group.collector_state
    kept = group.folder / "kept"
    kept.mkdir(mode=0o700)
    shutil.copytree(state / "identity", kept / "identity")
    shutil.rmtree(state)
    kept.rename(state)
    group.database.close()
    group.database = database
    (state / "collector.yaml").write_text(f"store: 'postgres:{database.conninfo}'\n")


def expect_to_go_on(group, at_backup, afterwards):
    """As the guide says: what came after the back-up is gone, and both sides tell so."""
    assert group.fsck()["good"]
    assert group.fsck()["read"]["snapshots"] == at_backup
    group.serve()
    assert health(group) == 200
    for agent in AGENTS:
        assert group.send_to(agent, group.listen), agent
    await_that(lambda: all_logged(group.fsck(), at_backup + len(AGENTS)),
               "not logged")
    answer = group.fsck()
    assert answer["good"] and answer["read"]["snapshots"] == at_backup + len(AGENTS), answer
    for agent in AGENTS:
        status = group.courier_status(agent)
        assert status["spooled"] == 0 and status["set_aside"] == 0, status
        kept = json.loads((group.agent_state(agent) / "courier/ledger.json").read_text())
        assert bool(kept["alarms"]) == (agent == afterwards), (agent, kept)
    gaps = group.database.rows("SELECT count(*) FROM events WHERE kind = 'sequence_gap'")
    assert gaps == [["1"]], gaps


def test_a_dump_brings_the_company_back(group):
    enrolled(group)
    findings = group.json("assay", "findings", "-o", "json")
    dump = group.folder / "assay.dump"
    group.run(PROGRAMS / "pg_dump", "-Fc", "-f", dump, group.database.conninfo)  # while it serves
    assert group.send_to("web", group.listen)
    time.sleep(1.5)
    assert group.send_to("web", group.listen)  # it holds a checkpoint that the dump does not have
    group.end_collector()
    fresh = Database()
    group.run(PROGRAMS / "pg_restore", "--exit-on-error", "--no-owner", "-d", fresh.conninfo, dump)
    restored(group, fresh)
    expect_to_go_on(group, len(AGENTS), "web")
    group.login()
    assert [each["id"] for each in group.json("assay", "findings", "-o", "json")] == [
        each["id"] for each in findings]


class Copied(Database):
    """A server that begins with a base back-up of another."""

    def __init__(self, other):
        self.other = other
        super().__init__()

    def _make(self):
        self._do("pg_basebackup", "-D", self.folder / "data", "-X", "stream", "-c", "fast", "-d",
                 self.other.conninfo)


def test_a_base_backup_under_load_brings_the_company_back(group):
    enrolled(group)
    is_over = threading.Event()

    def work(agent):
        while not is_over.is_set():
            group.send_to(agent, group.listen)

    busy = [threading.Thread(target=work, args=[agent]) for agent in AGENTS[:2]]
    for thread in busy:
        thread.start()
    time.sleep(1)
    fresh = Copied(group.database)
    is_over.set()
    for thread in busy:
        thread.join()
    group.end_collector()
    restored(group, fresh)
    answer = group.fsck()
    assert answer["good"] and answer["read"]["snapshots"] >= len(AGENTS), answer
    group.serve()
    for agent in AGENTS:
        assert group.send_to(agent, group.listen), agent
    assert group.fsck()["good"]


def test_what_is_over_is_removed_from_a_database_too(group):
    retention_test.test_what_is_older_than_it_must_be_kept_goes_and_the_rest_is_proven(group)


def test_tables_of_hosts_can_be_distributed_by_host_and_evidence_stands_by_month(group):
    enrolled(group)
    # A key that does not begin with the host, or a reference between two that are distributed which
    # does not lead over the host, would keep Citus or Yugabyte from spreading them.
    keys = group.database.rows(
        "SELECT t.relname, i.relname, a.attname FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid"
        " JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_attribute a ON a.attrelid = t.oid AND"
        " a.attnum = x.indkey[0] WHERE x.indisunique AND t.relnamespace = 'public'::regnamespace")
    of_hosts = {table for table, in group.database.rows(
        "SELECT table_name FROM information_schema.columns WHERE column_name = 'host_id' AND"
        " table_schema = 'public'")}
    # One for the company: who may enroll, and the log over all hosts in one order.
    of_company = {"tokens", "ledger_entries"}
    assert of_company < of_hosts and {"snapshots", "verdicts", "findings", "manifests"} < of_hosts
    wrong = [key for key in keys if key[0] in of_hosts - of_company and key[2] != "host_id"]
    assert wrong == [], wrong
    references = group.database.rows(
        "SELECT t.relname, r.relname, a.attname FROM pg_constraint c JOIN pg_class t ON t.oid ="
        " c.conrelid JOIN pg_class r ON r.oid = c.confrelid JOIN pg_attribute a ON a.attrelid ="
        " t.oid AND a.attnum = c.conkey[1] WHERE c.contype = 'f'")
    assert references, "nothing refers to anything"
    across = [each for each in references if each[0] in of_hosts - of_company and each[2] != "host_id"]
    assert across == [], across
    years = group.database.rows(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE"
        " i.inhparent = 'manifests'::regclass ORDER BY 1")
    year = time.gmtime().tm_year
    assert [f"manifests_{year}"] in years and len(years) >= 2, years
    (held,), = group.database.rows(f"SELECT count(*) FROM manifests_{year}")
    assert int(held) == len(AGENTS), held


if __name__ == "__main__":
    started = time.monotonic()
    code = run_tests(sys.modules[__name__], sys.argv[1], Group)
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
