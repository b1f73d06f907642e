#!/usr/bin/env python3
"""The main job, end to end: a machine is enrolled, scanned, its evidence kept, its controls read."""
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import run_tests  # noqa: E402: found through the line above

FRAMEWORKS = {"twse-listed", "twse-securities", "csma-plan", "idb-isp", "iso-27002"}


def start(company):
    company.serve()
    company.enroll("web")
    company.scan_and_send("web")
    company.login()
    # A receipt says that the evidence is kept; the verdicts follow a moment later.
    await_that(lambda: counters(company)["marks"] > 0, "the snapshot was not evaluated", company)


def counters(company):
    """What the collector has evaluated and stored so far, read from its database."""
    database = sqlite3.connect(f"file:{company.collector_state / 'store.db'}?mode=ro", uri=True)
    with database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
                for name in names}


def test_an_auditor_reads_the_controls(company):
    start(company)
    hosts = company.json("assay", "hosts", "-o", "json")
    assert len(hosts) == 1 and hosts[0]["name"], hosts
    controls = company.json("assay", "controls", "-o", "json")
    assert {control["framework"] for control in controls} == FRAMEWORKS
    findings = company.json("assay", "findings", "-o", "json")
    assert findings and all(finding["check"] and finding["severity"] for finding in findings)
    text = company.run("assay", "explain", findings[0]["id"], "--lang", "zh-TW")
    assert "處理方式" in text, text
    assert company.run("assay", "findings", "--fail-on", "info", code=2)


def test_an_auditor_lists_the_software_of_a_machine(company):
    start(company)
    host = company.json("assay", "hosts", "-o", "json")[0]["name"]
    software = company.json("assay", "software", "--host", host, "-o", "json")
    expected = company.json("assay-agent", "query", "-o", "json",
                            "SELECT name FROM deb_packages WHERE status LIKE '% installed'")
    debs = [item for item in software if item["kind"] == "deb"]
    assert {item["name"] for item in debs} == {row["name"] for row in expected}, len(debs)
    assert all(item["purl"].startswith("pkg:deb/") for item in debs)
    openssl, = (item for item in debs if item["name"] == "openssl")
    assert openssl["cpe"].startswith("cpe:2.3:a:openssl:openssl:3."), openssl
    assert openssl["cpe"].count(":") == 12 and openssl["confidence"] == "exact", openssl
    assert "+" not in openssl["cpe"].split(":")[5], openssl
    assert sum(item["cpe"] is not None for item in debs) > 20
    assert any(item["kind"] == "os" and item["cpe"] for item in software)
    table = company.run("assay", "software", "--host", host, "--kind", "os")
    assert "debian_linux" in table, table


def test_a_question_is_put_to_the_tables_of_the_whole_fleet(company):
    start(company)
    host = company.json("assay", "hosts", "-o", "json")[0]["name"]
    sql = "SELECT name, version FROM deb_packages WHERE name IN ('dpkg', 'openssl') ORDER BY name"
    expected = company.json("assay-agent", "query", "-o", "json", sql)
    answer = company.json("assay", "query", sql, "-o", "json")
    item, = answer["items"]
    assert [one["name"] for one in item["hosts"]] == [host], answer
    assert item["rows"] == [[row["name"], row["version"]] for row in expected], answer
    nothing = company.json("assay", "query", "SELECT name FROM rpm_packages", "-o", "json")
    assert nothing["items"] == [], nothing
    # A table that this machine cannot have is no table without rows.
    assert nothing["hosts"]["without_rows"] + nothing["hosts"]["not_answered"] == 1, nothing
    company.run("assay", "query", "SELECT nme FROM deb_packages", code=64)
    assert "no such column: nme" in company.errors, company.errors


def test_collector_and_agent_judge_alike(company):
    start(company)
    scan = company.json("assay-agent", "scan", "-o", "json")
    mine = {check["id"] for check in scan["checks"] if check["state"] == "fail"}
    theirs = {finding["check"] for finding in company.json("assay", "findings", "-o", "json")}
    # Only the collector knows the register of machines, in which this one does not stand yet.
    assert theirs - mine == {"INV-REGISTERED"} and mine <= theirs, (mine, theirs)


def test_evidence_is_exported_and_verified_offline(company):
    start(company)
    snapshot = company.json("assay", "evidence", "list", "-o", "json")[0]["id"]
    bundle = company.folder / "web.assay"
    company.run("assay", "evidence", "export", snapshot, "-o", bundle)
    company.end_collector()
    company.run("assay", "verify", bundle, "--ca", company.collector_state / "identity/ca.pem")
    listing = subprocess.run(["tar", "--zstd", "-tf", bundle], capture_output=True, text=True, check=True)
    assert "ca.pem" in listing.stdout and "tables/" in listing.stdout
    damaged = bytearray(bundle.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    bundle.write_bytes(damaged)
    company.run("assay", "verify", bundle, code=65)


def test_an_unchanged_machine_costs_a_manifest_and_no_evaluation(company):
    start(company)
    before = counters(company)
    time.sleep(1.1)  # what is repeated is older than the scan, and times are whole seconds
    company.scan_and_send("web")
    sent = company.courier_status("web")["last_submission"]
    assert sent["differences"] == 1, sent
    assert 0 < sent["bytes_sent"] <= 512, sent
    after = counters(company)
    assert after["snapshots"] == before["snapshots"] + 1, (before, after)
    for table in ("tables", "results", "findings", "verdicts"):
        assert after[table] == before[table], (table, before, after)


def test_what_is_not_looked_at_again_says_since_when_it_is_known(company):
    start(company)
    time.sleep(1.1)
    company.scan_and_send("web")
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    first, second = (company.json("assay", "evidence", "show", snapshot["id"], "-o", "json")["manifest"]
                     for snapshot in reversed(company.json("assay", "evidence", "list", host,
                                                           "-o", "json")))
    assert all(table["collected"] is None for table in first["tables"]), first
    repeated = {table["name"]: table for table in second["tables"] if table["collected"]}
    # What differs on every look is repeated unless the machine has really changed meanwhile.
    digests = [{table["name"]: table["digest"] for table in manifest["tables"]
                if table["name"] != "agent_costs"} for manifest in (first, second)]
    assert ("agent_costs" in repeated) == (digests[0] == digests[1]), (first, second)
    for table in repeated.values():
        assert table["collected"] == first["started"], table
        assert table in [{**other, "collected": first["started"], "ms": 0}
                         for other in first["tables"]], table


def test_a_finding_is_fixed_and_comes_back(company):
    start(company)
    policy = company.json("assay", "findings", "-o", "json")
    assert any(finding["first_seen"] == finding["last_seen"] for finding in policy)
    diff = company.json("assay", "diff", "--from", "2020-01-01", "-o", "json")
    assert len(diff["new"]) == len(policy), (len(diff["new"]), len(policy))


def test_a_revoked_agent_is_refused_at_once(company):
    start(company)
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    company.run("assay-collector", "agent", "revoke", host, "--state", company.collector_state)
    company.scan_and_send("web", 1)
    assert "revoked" in company.errors, company.errors


def test_a_token_is_good_once_and_for_a_while(company):
    company.serve()
    token = company.token()
    company.enroll("first", token)
    company.enroll("second", token, code=1)
    expired = company.token("--ttl", "1s")
    time.sleep(1.5)
    company.enroll("third", expired, code=1)
    secret = token.split(".")[0]
    company.enroll("fourth", f"{secret}.{'0' * 64}", code=1)
    assert not (company.agent_state("second") / "identity/agent.crt").exists()


def test_a_killed_collector_loses_and_doubles_nothing(company):
    start(company)
    for round_number in range(5):
        agent = subprocess.Popen(
            [str(company.bin / "assay-agent"), "run", "--once", "--state",
             str(company.agent_state("web")), "--collector", company.listen],
            env=company.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        time.sleep(0.05 + 0.04 * round_number)
        company.end_collector(signal.SIGKILL)
        agent.wait(timeout=60)
        company.serve()
    company.scan_and_send("web")
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    sequences = [snapshot["sequence"] for snapshot in
                 company.json("assay", "evidence", "list", host, "-o", "json")]
    assert sorted(sequences) == list(range(1, max(sequences) + 1)), sequences
    assert max(sequences) >= 7, sequences


def test_the_collector_being_away_is_a_message_and_a_retry(company):
    start(company)
    company.end_collector()
    company.scan_and_send("web", 1)
    assert company.errors.strip(), "nobody said that the collector is away"
    status = company.json("assay-agent", "status", "--state", company.agent_state("web"), "-o", "json")
    assert status["spool"]["spooled"] == 1, status
    company.serve()
    company.scan_and_send("web")
    status = company.json("assay-agent", "status", "--state", company.agent_state("web"), "-o", "json")
    assert status["spool"]["spooled"] == 0, status


def await_that(condition, what, company, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        log = company.folder / "agent.log"
        assert time.monotonic() < until, f"{what}\n{log.read_text()[-2000:] if log.exists() else ''}"
        time.sleep(0.1)


def children_of(pid):
    return [int(child) for child in
            pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def ticks_of(pid):
    """Clock ticks (10 ms) that a process has used: utime + stime."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def resident_kib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def idle(pids):
    """They cost nothing while nothing happens; how much memory they keep is printed."""
    before = {pid: ticks_of(pid) for pid in pids}
    time.sleep(3)
    for pid in pids:
        name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
        used = ticks_of(pid) - before[pid]
        print(f"     {name}: {used} ticks in 3 s, {resident_kib(pid) / 1024:.1f} MiB resident")
        assert used <= 1, (name, used)


def test_the_resident_agent_scans_when_asked_and_idles_otherwise(company):
    start(company)
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    company.run("assay", "scan", host, code=1)
    assert "not attached" in company.errors, company.errors
    agent = subprocess.Popen(
        [str(company.bin / "assay-agent"), "run", "--state", str(company.agent_state("web")),
         "--collector", company.listen], env=company.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=open(company.folder / "agent.log", "wb"))
    try:
        # A machine that was scanned a moment ago is not scanned at the start, but it attends.
        await_that(lambda: company.succeeds("assay", "scan", host), "it did not attach", company)
        await_that(lambda: len(company.json("assay", "evidence", "list", host, "-o", "json")) == 2,
                   "it was asked, and no snapshot came", company)
        time.sleep(1)  # the receipt is settled, the status written
        idle([agent.pid, *children_of(agent.pid)])
    finally:
        agent.send_signal(signal.SIGTERM)
        assert agent.wait(timeout=30) == 0
    assert "audit: POST" in (company.folder / "collector.log").read_text()


def test_a_backup_that_is_taken_while_it_serves_comes_back(company):
    start(company)
    before = company.json("assay", "findings", "-o", "json")
    folder = company.folder / "backup"
    taken = company.json("assay-collector", "backup", folder, "--state", company.collector_state,
                         "-o", "json")
    assert taken["files"] >= 4 and taken["bytes"] > 100_000, taken
    # What comes after the backup is lost with the disk, and that is seen.
    company.scan_and_send("web")
    company.end_collector(signal.SIGKILL)
    shutil.rmtree(company.collector_state)
    company.run("assay-collector", "restore", folder, "--check")
    company.run("assay-collector", "restore", folder, "--state", company.collector_state)
    company.serve()
    assert company.json("assay", "findings", "-o", "json") == before
    company.scan_and_send("web")
    sequences = [snapshot["sequence"] for snapshot in company.json(
        "assay", "evidence", "list", company.json("assay", "hosts", "-o", "json")[0]["id"],
        "-o", "json")]
    assert sorted(sequences) == [1, 3], sequences
    company.run("assay-collector", "restore", folder, "--state", company.collector_state, code=1)
    assert "not an empty folder" in company.errors, company.errors


def test_an_air_gapped_bundle_is_in_the_chain(company):
    start(company)
    bundle = company.folder / "carried.assay"
    company.run("assay-agent", "bundle", "--state", company.agent_state("web"), "-o", bundle)
    company.run("assay", "verify", bundle, "--ca", company.collector_state / "identity/ca.pem")
    company.scan_and_send("web")
    sequences = [snapshot["sequence"] for snapshot in company.json(
        "assay", "evidence", "list", company.json("assay", "hosts", "-o", "json")[0]["id"],
        "-o", "json")]
    assert sorted(sequences) == [1, 2, 3], sequences


if __name__ == "__main__":
    # One of them is of a machine on which nothing changes.
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1], at_once=1, is_machine_small=False))
