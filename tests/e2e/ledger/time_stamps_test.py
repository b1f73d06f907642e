#!/usr/bin/env python3
"""The ledger's checkpoints, time-stamped by a real authority (openssl ts): proven offline and years
later, while it is away and when it lies, and whoever alters a stamp is found."""
import json
import pathlib
import sqlite3
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "postgres")]
from company import all_logged, await_that, clock_set_off, run_tests  # noqa: E402: found through the lines above
from database import Database  # noqa: E402
from postgres_test import Group  # noqa: E402
from stamp_authority import StampAuthority  # noqa: E402
from wrong_settings import expect_refusals  # noqa: E402


def ask_for_stamps(company, authority, more="", every="1s"):
    settings = company.collector_state / "collector.yaml"
    settings.write_text(f"{more}ledger:\n  timestamps:\n    url: {authority.url}\n"
                        f"    ca: {authority.ca}\n    every: {every}\n")


def start(company):
    authority = StampAuthority(company.folder / "authority").start()
    ask_for_stamps(company, authority)
    company.serve()
    company.enroll("web")
    company.login()
    return authority


def stamps(company):
    return company.json("assay-collector", "ledger", "timestamps", "--state",
                        company.collector_state, "-o", "json")


def scan_until_stamped(company, snapshots):
    company.scan_and_send("web")
    await_that(lambda: any(stamp["size"] >= snapshots + company.acts() for stamp in stamps(company)), "it was not stamped")


def export(company, name="stamped.bundle"):
    bundle = company.folder / name
    bundle.unlink(missing_ok=True)
    company.run("assay", "evidence", "export", company.json("assay", "hosts", "-o", "json")[0]["id"],
                "-o", bundle)
    return bundle


def stamp_line(company, bundle, *more, code=0, **environment):
    """What `assay verify` says of the time stamp."""
    answer = json.loads(company.run("assay", "verify", bundle, "-o", "json", *more, code=code,
                                    **environment))
    lines = [(entry["outcome"], entry["detail"]["en"]) for entry in answer["entries"]
             if "time stamp" in entry["detail"]["en"]]
    assert len(lines) == 1, answer
    return lines[0]


def ledger_key(company):
    return company.run("assay-collector", "ledger", "key", "--state", company.collector_state).strip()


def fsck(company, code=0):
    return json.loads(company.run("assay-collector", "fsck", "--state", company.collector_state,
                                  "-o", "json", code=code))


def log_of(company):
    return (company.folder / "collector.log").read_text()


def test_a_bundle_proves_since_when_it_was_there(company):
    authority = start(company)
    scan_until_stamped(company, 1)
    stamp = stamps(company)[0]
    assert stamp["state"] == "good" and stamp["authority"] == "CN=時戳機構", stamp
    bundle, key = export(company), ("--ledger-key", ledger_key(company))
    outcome, detail = stamp_line(company, bundle, *key, "--tsa-ca", authority.ca)
    assert outcome == "good" and f"no later than {stamp['at']}" in detail, detail
    outcome, detail = stamp_line(company, bundle, *key)
    assert outcome == "not_checked", detail
    # The authority's certificates have ended for years by then, and so has everything else.
    outcome, detail = stamp_line(company, bundle, *key, "--tsa-ca", authority.ca,
                                 **clock_set_off("+3650d"))
    assert outcome == "good", detail
    other = StampAuthority(company.folder / "other")
    outcome, detail = stamp_line(company, bundle, *key, "--tsa-ca", other.ca, code=65)
    assert outcome == "bad", detail
    company.run("assay", "verify", bundle, "--tsa-ca", bundle, code=65)


def test_another_program_takes_the_tokens_too(company):
    authority = start(company)
    scan_until_stamped(company, 1)
    with sqlite3.connect(company.collector_state / "store.db", timeout=10) as database:
        note, token = database.execute("SELECT note, token FROM ledger_time_stamps").fetchone()
    database.close()
    assert authority.verifies(token, note.encode())
    assert not authority.verifies(token, note.encode() + b"\n")


def test_an_authority_may_be_asked_over_tls(company):
    authority = StampAuthority(company.folder / "authority", is_https=True).start()
    ask_for_stamps(company, authority)
    company.serve()
    company.enroll("web")
    company.scan_and_send("web")
    await_that(lambda: "certificate verify failed" in log_of(company), "it trusted anybody")
    assert authority.asked == 0
    company.end_collector()
    company.environment["SSL_CERT_FILE"] = str(authority.ca)
    company.serve()
    scan_until_stamped(company, 2)


def test_an_authority_that_is_away_keeps_nobody_waiting(company):
    authority = StampAuthority(company.folder / "authority").start()
    authority.stop()
    ask_for_stamps(company, authority)
    company.serve()
    company.enroll("web")
    for _ in range(2):
        company.scan_and_send("web")
    await_that(lambda: "no time stamp" in log_of(company), "nobody was told")
    await_that(lambda: all_logged(fsck(company), 2), "it was not logged")
    assert stamps(company) == []
    authority.start()
    await_that(lambda: len(stamps(company)) == 1, "it was not stamped when the authority was back")
    assert stamps(company)[0]["size"] == 2 + company.acts()
    doctor = json.loads(company.run("assay-collector", "doctor", "--state", company.collector_state,
                                    "-o", "json"))
    assert [line["kind"] for line in doctor if line["subject"] == "timestamps"] == ["good"], doctor


def test_an_authority_that_lies_is_not_believed(company):
    authority = StampAuthority(company.folder / "authority")
    stranger = StampAuthority(company.folder / "stranger")
    answers = {"answers another query": lambda query: authority.reply(authority.query_of_its_own()),
               "not a time stamp of an authority that is trusted": stranger.reply,
               "not a reply": lambda query: b"<html>" * 100,
               "too large": lambda query: b"0" * 100_000,
               "declined": lambda query: authority.reply(b"nonsense")}
    authority.start()
    ask_for_stamps(company, authority)
    company.serve()
    company.enroll("web")
    for word, answer in answers.items():
        authority.answer = answer
        company.scan_and_send("web")
        await_that(lambda: word in log_of(company), f"it is not said: {word}")
    assert stamps(company) == []
    authority.answer = authority.reply
    scan_until_stamped(company, len(answers) + 1)
    assert fsck(company)["good"]


def test_a_collector_that_stops_does_not_wait_for_an_authority(company):
    authority = StampAuthority(company.folder / "authority").start()
    asked, over = threading.Event(), threading.Event()

    def hang(query):
        asked.set()
        over.wait(60)
        return b""

    authority.answer = hang
    ask_for_stamps(company, authority)
    company.serve()
    company.enroll("web")
    company.scan_and_send("web")
    assert asked.wait(30), "the authority was not asked"
    began = time.monotonic()
    company.end_collector()
    assert time.monotonic() - began < 10, "it waited"
    over.set()


def test_an_altered_token_is_found(company):
    authority = start(company)
    scan_until_stamped(company, 1)
    answer = fsck(company)
    assert answer["good"] and answer["read"]["ledger_time_stamps"] >= 1, answer
    assert answer["unknown_time_stamp_signers"] == 0, answer
    archive = subprocess.run(["zstd", "-dcq", export(company)], check=True,
                             capture_output=True).stdout
    with sqlite3.connect(company.collector_state / "store.db", timeout=10) as database:
        tokens = [token for token, in database.execute("SELECT token FROM ledger_time_stamps")]
    database.close()
    token = next(token for token in tokens if token in archive)
    for place in (20, len(token) // 2, len(token) - 5):
        altered = token[:place] + bytes([token[place] ^ 1]) + token[place + 1:]
        file = company.folder / "altered"
        file.write_bytes(archive.replace(token, altered))
        bundle = company.folder / "altered.bundle"
        subprocess.run(["zstd", "-qf", file, "-o", bundle], check=True)
        company.run("assay", "verify", bundle, "--tsa-ca", authority.ca, code=65)
    company.end_collector()
    settings = company.collector_state / "collector.yaml"
    for with_ca in (True, False):
        if not with_ca:
            settings.write_text("# nobody is asked\n")
        with sqlite3.connect(company.collector_state / "store.db", timeout=10) as database:
            database.execute("UPDATE ledger_time_stamps SET token = ? WHERE token = ?",
                             (altered, token))
        database.close()
        answer = fsck(company, code=65)
        assert "time stamp" in answer["damaged"][0]["subject"]["en"], answer
        with sqlite3.connect(company.collector_state / "store.db", timeout=10) as database:
            database.execute("UPDATE ledger_time_stamps SET token = ? WHERE token = ?",
                             (token, altered))
        database.close()
    answer = fsck(company)
    assert answer["unknown_time_stamp_signers"] >= 1, answer
    assert {stamp["state"] for stamp in stamps(company)} == {"not_checked"}


def test_wrong_settings_are_refused_in_both_languages(company):
    expect_refusals(company, "timestamps", (
        ("{url: 'tsa.example', ca: x}", "http://HOST/", "網址應為"),
        ("{url: 'http://tsa.example/', ca: none.pem}", "No such file", "沒有這個檔案"),
        ("{url: 'http://tsa.example/', ca: collector.yaml}", "not certificates", "不是 PEM"),
        ("{url: 'http://tsa.example/', ca: x, every: often}", "a duration is", "時間長度")))


def test_of_a_group_one_collector_asks(company):
    group = Group(company.bin)
    try:
        authority = StampAuthority(group.folder / "authority").start()
        ask_for_stamps(group, authority, (group.collector_state / "collector.yaml").read_text(),
                       every="4s")
        group.serve()
        group.enroll("web")
        others = [group.another_collector(name) for name in ("second", "third")]
        for turn in range(6):
            assert group.send_to("web", others[turn % 2][1])
            time.sleep(0.5)
        await_that(lambda: any(stamp["size"] == 6 + group.acts() for stamp in stamps(group)), "it was not stamped")
        sizes = [stamp["size"] for stamp in stamps(group)]
        assert len(sizes) == len(set(sizes)) == authority.asked, (sizes, authority.asked)
        assert group.fsck()["good"]
    finally:
        group.close()


def test_a_move_takes_the_stamps_along(company):
    authority = start(company)
    scan_until_stamped(company, 1)
    before = stamps(company)
    company.end_collector()
    database = Database()
    try:
        target = f"postgres:{database.conninfo}"
        company.run("assay-collector", "migrate-store", "--state", company.collector_state, "--to",
                    target)
        ask_for_stamps(company, authority, f"store: '{target}'\n")
        assert stamps(company) == before
        company.serve()
        scan_until_stamped(company, 2)
        answer = fsck(company)
        assert answer["good"] and answer["read"]["ledger_time_stamps"] == len(before) + 1, answer
        company.end_collector()
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
