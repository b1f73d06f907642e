#!/usr/bin/env python3
"""The ledger from the machine to the auditor: what was accepted is proven, also by a program that
shares no line with Assay, and what is tampered with is found by the agent, by fsck and by verify."""
import json
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "vectors")]
import check_ledger_vectors as second  # noqa: E402: found through the line above
from company import await_that, run_tests  # noqa: E402


def start(company):
    company.serve()
    company.enroll("web")
    company.login()


def ledger_key(company):
    return company.run("assay-collector", "ledger", "key", "--state", company.collector_state).strip()


def memory(company, name="web"):
    path = company.agent_state(name) / "courier/ledger.json"
    return json.loads(path.read_text()) if path.exists() else {}


def export(company, name="proof.bundle"):
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    bundle = company.folder / name
    company.run("assay", "evidence", "export", host, "-o", bundle)
    return bundle


def outcomes(company, bundle, code, *more):
    answer = json.loads(company.run("assay", "verify", bundle, "-o", "json", *more, code=code))
    return answer["good"], [(entry["outcome"], entry["detail"]["en"]) for entry in answer["entries"]]


def fsck(company, code=0):
    return json.loads(company.run("assay-collector", "fsck", "--state", company.collector_state,
                                  "-o", "json", code=code))


def alter(company, sql):
    with sqlite3.connect(company.collector_state / "store.db", timeout=10) as database:
        database.execute(sql)
    database.close()


def test_a_bundle_proves_itself_by_the_ledgers_key_alone(company):
    start(company)
    company.scan_and_send("web")
    company.scan_and_send("web")
    bundle, key = export(company), ledger_key(company)
    good, entries = outcomes(company, bundle, 0, "--ledger-key", key)
    assert good and all(outcome == "good" for outcome, _ in entries if outcome != "not_checked"), entries
    assert any("entry 1 of 2 in the ledger assay-ledger/" in detail for _, detail in entries), entries
    assert any("the ledger's key names" in detail for _, detail in entries), entries
    unpacked = company.folder / "unpacked"
    unpacked.mkdir()
    subprocess.run(f"zstd -dcq '{bundle}' | tar -xf - -C '{unpacked}'", shell=True, check=True)
    proof = next(unpacked.glob("manifests/*.tlog-proof"))
    assert second.verify_proof(proof.read_text(), key) == proof.stem.split("-")[1]
    other = company.folder / "other"
    company.run("assay-collector", "init", "--state", other)
    foreign = company.run("assay-collector", "ledger", "key", "--state", other).strip()
    good, entries = outcomes(company, bundle, 65, "--ledger-key", foreign)
    assert not good, entries


def test_an_agent_keeps_the_checkpoint_and_all_its_receipts_are_proven(company):
    start(company)
    for _ in range(3):
        company.scan_and_send("web")
    kept = memory(company)
    assert kept["key"] == ledger_key(company), kept
    assert kept["unproven"] == [] and kept["alarms"] == [], kept
    assert second.open_checkpoint(kept["checkpoint"], kept["key"])[0] == 3, kept["checkpoint"]
    assert company.courier_status("web")["ledger"]["size"] == 3


def test_a_killed_collector_logs_what_it_accepted_when_it_is_back(company):
    start(company)
    for how in (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM):
        company.scan_and_send("web")
        company.end_collector(how)
        company.serve()
    company.scan_and_send("web")
    await_that(lambda: fsck(company)["read"]["ledger_entries"] == 4, "not everything was logged")
    answer = fsck(company)
    assert answer["good"] and answer["read"]["snapshots"] == 4, answer
    company.scan_and_send("web")
    assert memory(company)["alarms"] == [] and memory(company)["unproven"] == [], memory(company)


def test_what_an_administrator_alters_is_found(company):
    start(company)
    for _ in range(3):
        company.scan_and_send("web")
    await_that(lambda: fsck(company)["read"]["ledger_entries"] == 3, "it was not logged")
    for sql in ("UPDATE snapshots SET accepted_at = accepted_at - 86400 WHERE number = 1",
                "UPDATE ledger_entries SET sequence = 9 WHERE number = 1",
                "DELETE FROM snapshots WHERE number = 3",
                "UPDATE tables SET frame = zeroblob(length(frame)) WHERE number = 1"):
        saved = company.folder / "saved.db"
        company.end_collector()
        shutil.copy(company.collector_state / "store.db", saved)
        alter(company, sql)
        answer = fsck(company, code=65)
        assert not answer["good"] and answer["damaged"], (sql, answer)
        shutil.copy(saved, company.collector_state / "store.db")
        company.serve()
    assert fsck(company)["good"]


def test_a_database_that_is_brought_back_is_an_alarm_on_both_sides(company):
    start(company)
    company.scan_and_send("web")
    company.end_collector()
    saved = company.folder / "saved.db"
    shutil.copy(company.collector_state / "store.db", saved)
    company.serve()
    company.scan_and_send("web")
    company.scan_and_send("web")
    company.end_collector()
    shutil.copy(saved, company.collector_state / "store.db")
    company.serve()
    # The machine's chain goes on from what the collector has forgotten.
    company.scan_and_send("web")
    alarms = memory(company)["alarms"]
    assert alarms and "ledger: it was" in alarms[0]["detail"], memory(company)
    rows = company.json("assay-agent", "query", "--state", company.agent_state("web"), "-o", "json",
                        "SELECT kind, detail FROM agent_gaps")
    assert any(row["kind"] == "ledger" for row in rows), rows
    with sqlite3.connect(company.collector_state / "store.db", timeout=10) as database:
        events = database.execute("SELECT detail FROM events WHERE kind = 'ledger'").fetchall()
    assert events and "the ledger was" in events[0][0], events


if __name__ == "__main__":
    started = time.monotonic()
    code = run_tests(sys.modules[__name__], sys.argv[1])
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
