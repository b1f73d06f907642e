#!/usr/bin/env python3
"""A pack from the machine to the auditor: made through the API, checked offline with nothing but the
ledger's key, the same again later, and found out when a byte of it was altered."""
import json
import pathlib
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "vectors")]
import check_ledger_vectors as second  # noqa: E402: found through the line above
from company import await_that, run_tests  # noqa: E402


def members_of(archive):
    at = 0
    while archive[at]:
        size = int(archive[at + 124:at + 135], 8)
        yield archive[at:at + 100].split(b"\0")[0].decode(), at + 512, size
        at += 512 + (size + 511) // 512 * 512


def archive_of(pack):
    return subprocess.run(["zstd", "-dcq", str(pack)], capture_output=True, check=True).stdout


def packed(company, archive, name):
    plain = company.folder / (name + ".tar")
    plain.write_bytes(archive)
    subprocess.run(["zstd", "-q", "-f", str(plain), "-o", str(company.folder / name)], check=True)
    return company.folder / name


def outcomes(company, pack, code, *more):
    answer = json.loads(company.run("assay", "verify", pack, "-o", "json", *more, code=code))
    return [(entry["outcome"], entry["subject"]["en"], entry["detail"]["en"])
            for entry in answer["entries"]]


def test_a_pack_proves_itself_and_is_the_same_again(company):
    company.serve()
    company.enroll("web")
    company.login()
    company.scan_and_send("web")
    await_that(lambda: company.json("assay", "hosts", "-o", "json")[0]["scanned_at"], "not judged")
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
    company.end_collector()
    company.serve(clock="+5m")
    key = company.run("assay-collector", "ledger", "key", "--state", company.collector_state).strip()
    ask = ("assay", "pack", "--framework", "idb-isp", "--as-of", moment, "--file")
    pack = company.folder / "first.assaypack"
    acts = company.acts()
    company.run(*ask, pack)
    entries = outcomes(company, pack, 0, "--ledger-key", key)
    assert not [entry for entry in entries if entry[0] == "bad"], entries
    assert [entry for entry in entries if entry[1] == "reports" and entry[0] == "not_checked"], entries
    assert any(entry[1] == "act.json" and "in the ledger assay-ledger/" in entry[2] for entry in entries)

    archive = archive_of(pack)
    files = {name: archive[at:at + size] for name, at, size in members_of(archive)}
    verdicts = json.loads(files["verdicts.json"])
    assert {"pass", "fail"} <= {row["state"] for row in verdicts}, verdicts
    assert "檔案.assaypack" in files["report.zh-TW.html"].decode()
    # By a program that shares no line with Assay: the act is logged, and names the list.
    proven = second.verify_proof(files["act.tlog-proof"].decode(), key)
    assert second.entry_of_act(files["act.json"].decode()).split('"')[7] == proven
    assert json.loads(files["act.json"])["details"]["pack"] == second.hashlib.sha256(
        files["pack.json"]).hexdigest()

    # Later, when there is more evidence and other people's acts.
    company.scan_and_send("web")
    company.run("assay", "pack", "--framework", "idb-isp", "--file", company.folder / "other.assaypack")
    again = company.folder / "again.assaypack"
    company.run(*ask, again)
    later = archive_of(again)
    same = {name: later[at:at + size] for name, at, size in members_of(later)}
    for name, content in files.items():
        if not name.startswith(("act.", "timestamps/")) and not name.endswith(".tlog-proof"):
            assert same[name] == content, name
    assert same["act.json"] == files["act.json"]

    # A byte altered in each member in turn.
    for name, at, size in members_of(archive):
        if size == 0 or (name.startswith("tables/") and at % 7 != 0):
            continue  # of the many tables some
        altered = bytearray(archive)
        altered[at + size // 2] ^= 1
        bad = outcomes(company, packed(company, bytes(altered), "altered"), None, "--ledger-key", key) \
            if name != "pack.json" else [("bad", "", "")]
        assert [entry for entry in bad if entry[0] == "bad"], name
    altered = bytearray(archive)
    at = next(at for name, at, _ in members_of(archive) if name == "pack.json")
    altered[at + 3] ^= 1
    company.run("assay", "verify", packed(company, bytes(altered), "altered"), "--ledger-key", key, code=65)

    read = json.loads(company.run("assay-collector", "fsck", "--state", company.collector_state,
                                  "-o", "json"))
    assert read["good"] and read["read"]["acts"] == acts + 2, read
    company.run("assay", "verify", "--collector", "--ledger-key", key, "--all")


if __name__ == "__main__":
    started = time.monotonic()
    code = run_tests(sys.modules[__name__], sys.argv[1])
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
