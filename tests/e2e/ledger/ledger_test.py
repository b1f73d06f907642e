#!/usr/bin/env python3
"""The ledger from the machine to the auditor: what was accepted is proven, also by a program that
shares no line with Assay, and what is tampered with is found by the agent, by fsck and by verify."""
import contextlib
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
from company import all_logged, await_that, run_tests  # noqa: E402


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


def put_aside(company):
    """Ends the collector and keeps its store as it is now."""
    company.end_collector()
    saved = company.folder / "saved.db"
    shutil.copy(company.collector_state / "store.db", saved)
    return saved


def bring_back(company, saved):
    """The store as it was; the collector serves."""
    if company.collector is not None:
        company.end_collector()
    shutil.copy(saved, company.collector_state / "store.db")
    company.serve()


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
    place = f"entry {index_of(company, 2)} of {2 + company.acts()} in the ledger assay-ledger/"
    assert any(place in detail for _, detail in entries), entries
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
    assert second.open_checkpoint(kept["checkpoint"], kept["key"])[0] == 3 + company.acts(), kept["checkpoint"]
    assert company.courier_status("web")["ledger"]["size"] == 3 + company.acts()


def test_a_killed_collector_logs_what_it_accepted_when_it_is_back(company):
    start(company)
    for how in (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM):
        company.scan_and_send("web")
        company.end_collector(how)
        company.serve()
    company.scan_and_send("web")
    await_that(lambda: all_logged(fsck(company), 4),
               "not everything was logged")
    answer = fsck(company)
    assert answer["good"] and answer["read"]["snapshots"] == 4, answer
    company.scan_and_send("web")
    assert memory(company)["alarms"] == [] and memory(company)["unproven"] == [], memory(company)


def test_what_an_administrator_alters_is_found(company):
    start(company)
    for _ in range(3):
        company.scan_and_send("web")
    await_that(lambda: all_logged(fsck(company), 3), "it was not logged")
    await_that(lambda: fsck(company)["read"]["judged_again"] == 1, "it was not judged")
    for sql in ("UPDATE snapshots SET accepted_at = accepted_at - 86400 WHERE number = 1",
                "UPDATE ledger_entries SET sequence = 9 WHERE number = 1",
                "DELETE FROM snapshots WHERE number = 3",
                "UPDATE tables SET frame = zeroblob(length(frame)) WHERE number = 1",
                # What was judged is judged again; who may come in is in the ledger.
                "DELETE FROM verdict_groups WHERE number = 1",
                "DELETE FROM finding_groups WHERE number = 1",
                "UPDATE marks SET day = '2020-01-01'",
                "UPDATE results SET frame = zeroblob(length(frame))",
                "INSERT INTO tokens (id, kind, hash, name, role, created, host_id) VALUES"
                " ('t-x', 'person', randomblob(32), 'Eve', 'admin', 5, '')"):
        saved = put_aside(company)
        alter(company, sql)
        answer = fsck(company, code=65)
        assert not answer["good"] and answer["damaged"], (sql, answer)
        for damage in answer["damaged"]:
            for words in damage.values():
                assert any("\u4e00" <= letter <= "\u9fff" for letter in words["zh-TW"]), damage
        bring_back(company, saved)
    await_that(lambda: fsck(company)["read"]["judged_again"] == 1, "it was not judged")
    answer = fsck(company)
    assert answer["good"] and answer["not_judged_again"] == 0, answer


def test_a_database_that_is_brought_back_is_an_alarm_on_both_sides(company):
    start(company)
    company.scan_and_send("web")
    saved = put_aside(company)
    company.serve()
    company.scan_and_send("web")
    company.scan_and_send("web")
    bring_back(company, saved)
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


def logged(company):
    # Closed, or the collector that ends after it leaves its last writes in a file beside store.db.
    with contextlib.closing(sqlite3.connect(company.collector_state / "store.db", timeout=10)) as database:
        return database.execute("SELECT count(*) FROM ledger_entries").fetchone()[0]


def index_of(company, sequence):
    """Where the ledger has that snapshot of the only host."""
    with contextlib.closing(sqlite3.connect(company.collector_state / "store.db", timeout=10)) as database:
        return database.execute("SELECT number FROM ledger_entries WHERE host_id <> '' AND sequence = ?",
                                (sequence,)).fetchone()[0]


def audit(company, code, *more):
    """What an auditor sees from outside: the answer, and what is bad, in English."""
    answer = json.loads(company.run("assay", "verify", "--collector", "--ledger-key",
                                    ledger_key(company), "-o", "json", *more, code=code))
    bad = [f"{entry['subject']['en']}: {entry['detail']['en']}" for entry in answer["entries"]
           if entry["outcome"] == "bad"]
    assert answer["good"] == (code == 0) == (not bad), answer
    return answer, bad


def test_a_live_collector_is_verified_from_outside(company):
    start(company)
    for _ in range(3):
        company.scan_and_send("web")
    await_that(lambda: all_logged(fsck(company), 3), "it was not logged")
    kept = company.folder / "checkpoint"
    answer, _ = audit(company, 0, "--save", kept)
    assert answer["ledger"] == {"entries": 3 + company.acts(), "snapshots": 3, "looked_at": 3, "acts": company.acts(),
                                "acts_compared": company.acts()}, answer
    assert not answer["complete"], "nothing says whether this is the log of before"
    assert second.open_checkpoint(kept.read_text(), ledger_key(company))[0] == 3 + company.acts()
    company.scan_and_send("web")
    await_that(lambda: all_logged(fsck(company), 4), "it was not logged")
    answer, _ = audit(company, 0, "--since", kept, "--save", kept, "--all")
    assert answer["complete"] and answer["ledger"]["looked_at"] == 4, answer
    host = company.json("assay", "hosts", "-o", "json")[0]["name"]
    answer, _ = audit(company, 0, "--since", kept, "--host", host)
    assert not answer["complete"] and answer["ledger"]["looked_at"] == 4, answer
    told = company.run("assay", "verify", "--collector", "--ledger-key", ledger_key(company),
                       "--lang", "zh-TW")
    assert "並非全部查驗" in told and "帳本紀錄" in told, told
    other = company.folder / "other"
    company.run("assay-collector", "init", "--state", other)
    foreign = company.run("assay-collector", "ledger", "key", "--state", other).strip()
    company.run("assay", "verify", "--collector", "--ledger-key", foreign, code=65)
    company.run("assay", "verify", "--collector", code=64)
    company.run("assay", "verify", kept, "--all", code=64)
    company.run("assay", "verify", code=64)


def test_what_is_altered_in_the_store_is_found_from_outside(company):
    start(company)
    for _ in range(3):
        company.scan_and_send("web")
    await_that(lambda: all_logged(fsck(company), 3), "it was not logged")
    kept = company.folder / "checkpoint"
    audit(company, 0, "--save", kept)
    size = 3 + company.acts()
    flip = "substr({0}, 1, 40) || x'00' || substr({0}, 42)"
    for sql, what in (
            ("UPDATE ledger_entries SET accepted_at = accepted_at - 86400 WHERE number = 1", "root"),
            ("UPDATE ledger_tiles SET hashes = CAST(" + flip.format("hashes") + " AS BLOB)", "tile"),
            (f"UPDATE ledger_checkpoints SET note = replace(note, char(10) || '{size}' || char(10),"
             f" char(10) || '{size + 1}' || char(10))", "checkpoint"),
            ("UPDATE snapshots SET signature = CAST(" + flip.format("signature") + " AS BLOB)"
             " WHERE number = 2", "snapshot 2"),
            ("UPDATE tables SET frame = zeroblob(length(frame)) WHERE number = 1", "snapshot")):
        saved = put_aside(company)
        alter(company, sql)
        company.serve()
        answer, bad = audit(company, 65, "--since", kept, "--all")
        assert any(what in line for line in bad), (sql, bad)
        bring_back(company, saved)
    audit(company, 0, "--since", kept, "--all")


def test_an_act_that_is_altered_in_the_store_is_found_from_outside(company):
    start(company)
    company.scan_and_send("web")
    waiver = company.json("assay", "waiver", "request", "--check", "ACC-UID0", "--reason",
                          "to be replaced", "--measure", "console only", "--until",
                          time.strftime("%Y-%m-%d", time.gmtime(time.time() + 86400)), "-o", "json")
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    company.run("assay", "register", "set", host, "owner=林怡君", "--note", "new")
    await_that(lambda: logged(company) == 1 + company.acts(), "it was not logged")
    kept = company.folder / "checkpoint"
    answer, _ = audit(company, 0, "--save", kept)
    assert answer["ledger"]["acts"] == answer["ledger"]["acts_compared"] == company.acts(), answer
    acts = company.json("assay", "acts", "-o", "json")
    assert [act["kind"] for act in acts[:2]] == ["register_changed", "waiver_requested"], acts
    assert sorted(act["kind"] for act in acts[2:]) == ["host_enrolled", "terms_set", "token_made", "token_made"], acts
    assert acts[1]["details"]["reason"] == "to be replaced" and acts[1]["name"] == "admin", acts
    waiver_act, register_act = acts[1]["number"], acts[0]["number"]
    tokens = {act["details"]["for"]: act["number"] for act in acts if act["kind"] == "token_made"}
    told = company.run("assay", "acts", "--kind", "waiver_requested", "--lang", "zh-TW")
    assert "例外申請" in told and waiver["id"] in told and "資產清冊" not in told, told
    answer, _ = audit(company, 0, "--since", kept, "--all")
    assert answer["complete"], answer
    gone, other = "not show it", "another text than was logged"
    for sql, act, what in (
            ("UPDATE waivers SET reason = 'T' || substr(reason, 2)", waiver_act, other),
            ("UPDATE waivers SET until = '2027-01-01'", waiver_act, other),
            ("UPDATE register_entries SET name = 'someone'", register_act, other),
            ("UPDATE tokens SET expires = expires + 1 WHERE kind = 'enrollment'", tokens["enrollment"], other),
            (f"UPDATE acts SET at = at - 86400 WHERE number = {waiver_act}", waiver_act, other),
            ("DELETE FROM waivers", waiver_act, "what it put on record is gone"),
            (f"DELETE FROM acts WHERE number = {waiver_act}", waiver_act, gone),
            (f"DELETE FROM acts WHERE number = {register_act}", register_act, gone)):
        saved = put_aside(company)
        alter(company, sql)
        company.serve()
        answer, bad = audit(company, 65, "--since", kept, "--all")
        assert len(bad) == 1 and bad[0].startswith(f"act {act}: ") and what in bad[0], (sql, bad)
        bring_back(company, saved)
    audit(company, 0, "--since", kept, "--all")


def test_a_ledger_that_was_rewound_is_found_by_a_kept_checkpoint(company):
    start(company)
    company.scan_and_send("web")
    saved = put_aside(company)
    company.serve()
    company.scan_and_send("web")
    await_that(lambda: all_logged(fsck(company), 2), "it was not logged")
    kept = company.folder / "checkpoint"
    audit(company, 0, "--save", kept)
    before = kept.read_text()
    seen = 2 + company.acts()
    bring_back(company, saved)
    audit(company, 0)
    _, bad = audit(company, 65, "--since", kept, "--save", kept)
    assert any(f"rewound: it had {seen} entries, the collector shows {seen - 1}" in line for line in bad), bad
    assert kept.read_text() == before, "what does not hold is not kept"
    # It grows over what it was, and is another log.
    for _ in range(2):
        company.scan_and_send("web")
    await_that(lambda: logged(company) == 3 + company.acts(), "it was not logged")
    _, bad = audit(company, 65, "--since", kept)
    assert any(f"forked: its first {seen} entries" in line for line in bad), bad


if __name__ == "__main__":
    started = time.monotonic()
    code = run_tests(sys.modules[__name__], sys.argv[1])
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
