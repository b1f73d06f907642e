#!/usr/bin/env python3
"""The ledger's checkpoints, co-signed by witnesses that share no line with Assay: proven offline and
from outside, while one is away, when it lies, and when the collector's store is set back."""
import itertools
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "postgres")]
from company import all_logged, await_that, run_tests  # noqa: E402: found through the lines above
from database import Database  # noqa: E402
from postgres_test import Group  # noqa: E402
from time_stamps_test import export, fsck, ledger_key, log_of  # noqa: E402
from witness import Witness  # noqa: E402
from wrong_settings import expect_refusals  # noqa: E402


def name_witnesses(company, *witnesses, more="", every="1s"):
    lines = "".join(f"    - url: {witness.url}\n      key: {witness.key}\n" for witness in witnesses)
    (company.collector_state / "collector.yaml").write_text(
        f"{more}ledger:\n  witnesses:\n{lines}  witness_every: {every}\n")


def start(company, count=1):
    witnesses = [Witness(company.folder / f"witness-{number}.json", f"witness.example/w{number}")
                 .start() for number in range(1, count + 1)]
    for witness in witnesses:
        witness.knows(ledger_key(company))
    name_witnesses(company, *witnesses)
    company.serve()
    company.enroll("web")
    company.login()
    return witnesses


def told(company):
    """What the collector tells of each witness, by its name."""
    listed = company.json("assay-collector", "ledger", "witnesses", "--state",
                          company.collector_state, "-o", "json")
    return {item["witness"].split("+")[0]: item for item in listed}


def await_seen(company, snapshots, *witnesses):
    await_that(lambda: all((told(company)[witness.name]["size"] or 0) >= snapshots + company.acts()
                           for witness in witnesses), f"{snapshots} snapshots were not co-signed")


def doctor(company, language="en"):
    lines = json.loads(company.run("assay-collector", "doctor", "--state",
                                   company.collector_state, "-o", "json", code=None))
    return [(line["kind"], line["said"]["zh-TW" if language == "zh" else "en"]) for line in lines
            if line["subject"] == "witness"]


def lines_of(company, *words, code=0):
    """What `assay verify` says of witnesses."""
    answer = json.loads(company.run("assay", "verify", *words, "-o", "json", code=code))
    return [(entry["outcome"], entry["detail"]["en"]) for entry in answer["entries"]
            if "witness" in entry["detail"]["en"] or "co-sign" in entry["detail"]["en"]
            or entry["subject"]["en"] == "witness"]


def named(*witnesses):
    return [word for witness in witnesses for word in ("--witness", witness.key)]


def test_a_bundle_proves_who_has_seen_the_ledger(company):
    one, other = start(company, 2)
    company.scan_and_send("web")
    await_seen(company, 1, one, other)
    bundle, key = export(company), ("--ledger-key", ledger_key(company))
    lines = lines_of(company, bundle, *key, *named(one, other, one))
    assert [outcome for outcome, _ in lines] == ["good", "good"], lines
    assert f"witnessed by {one.name} at 20" in lines[0][1], lines
    lines = lines_of(company, bundle, *key, *named(one))
    assert sorted(outcome for outcome, _ in lines) == ["good", "not_checked"], lines
    lines = lines_of(company, bundle)
    assert [outcome for outcome, _ in lines] == ["not_checked"] * 2, lines
    stranger = Witness(company.folder / "stranger.json", one.name)
    lines = lines_of(company, bundle, *key, *named(stranger), code=65)
    assert ("bad", f"{one.name} has not co-signed the ledger with it") in lines, lines
    company.run("assay", "verify", bundle, *named(one), code=64)
    company.run("assay", "verify", bundle, *key, "--witness", key[1], code=64)


def test_a_live_collector_is_held_against_its_witnesses(company):
    one, other = start(company, 2)
    for turn in range(3):
        company.scan_and_send("web")
        await_seen(company, turn + 1, one, other)
    key = ("--collector", "--ledger-key", ledger_key(company))
    lines = lines_of(company, *key, *named(one, other))
    assert [outcome for outcome, _ in lines] == ["good", "good"], lines
    seen = 3 + company.acts()
    assert all(f"the first {seen} of {seen} entries" in detail for _, detail in lines), lines
    lines = lines_of(company, *key)
    assert [outcome for outcome, _ in lines] == ["not_checked"] * 2, lines
    stranger = Witness(company.folder / "stranger.json", one.name)
    lines = lines_of(company, *key, *named(stranger), code=65)
    assert ("bad", f"{one.name} has not co-signed the ledger") in lines, lines
    # What was logged since is none that they have seen yet, and no harm.
    for witness in (one, other):
        witness.stop()
    company.scan_and_send("web")
    await_that(lambda: all_logged(fsck(company), 4), "it was not logged")
    lines = lines_of(company, *key, "--all", *named(one, other))
    assert all(f"the first {seen} of {seen + 1} entries" in detail for _, detail in lines), lines
    assert all(kind != "trouble" for kind, _ in doctor(company))


def test_the_checkpoint_is_served_with_its_cosignatures(company):
    one, = start(company)
    company.scan_and_send("web")
    await_seen(company, 1, one)
    kept = company.folder / "checkpoint"
    company.run("assay", "verify", "--collector", "--ledger-key", ledger_key(company), "--save", kept)
    text = kept.read_text()
    assert text.count("\n— ") == 2 and f"\n— {one.name} " in text, text


def test_a_witness_that_was_set_back_is_asked_from_there(company):
    one, = start(company)
    company.scan_and_send("web")
    await_seen(company, 1, one)
    old = one.file.read_text()
    company.scan_and_send("web")
    await_seen(company, 2, one)
    one.stop()
    one.file.write_text(old)
    one.asked.clear()
    one.start()
    company.scan_and_send("web")
    await_seen(company, 3, one)
    assert 409 in one.asked and 422 not in one.asked, one.asked
    # One that knows nothing any more.
    one.file.unlink()
    company.scan_and_send("web")
    await_seen(company, 4, one)


def test_a_witness_that_is_away_keeps_nobody_waiting(company):
    one, other = start(company, 2)
    company.scan_and_send("web")
    await_seen(company, 1, one, other)
    other.stop()
    for _ in range(2):
        company.scan_and_send("web")
    await_seen(company, 3, one)
    await_that(lambda: told(company)[other.name]["trouble"], "nobody was told")
    time.sleep(4)
    assert log_of(company).count(f"no co-signature of the witness {other.name}") == 1, "more than once"
    kinds = dict(zip((one.name, other.name), doctor(company)))
    assert kinds[one.name][0] == "good" and kinds[other.name][0] == "warning", kinds
    assert "cannot be reached" in kinds[other.name][1], kinds
    assert "無法連線" in doctor(company, "zh")[1][1]
    # A bundle has what each said last; the older of them has not seen the latest entry.
    key = ("--ledger-key", ledger_key(company))
    lines = lines_of(company, export(company), *key, *named(one, other), code=65)
    assert sorted(outcome for outcome, _ in lines) == ["bad", "good"], lines
    other.start()
    await_seen(company, 3, other)
    assert "again" in log_of(company)
    assert all(outcome == "good" for outcome, _ in
               lines_of(company, export(company), *key, *named(one, other)))
    assert not fsck(company)["damaged"]


def test_a_witness_that_lies_is_not_believed(company):
    one, = start(company)
    stranger = Witness(company.folder / "stranger.json", one.name)
    stranger.knows(ledger_key(company))

    def body_of(request):
        return request.split(b"\n\n", 1)[1].rpartition(b"\n\n")[0] + b"\n"

    def slowly(request):
        def drops():
            for _ in range(60):
                time.sleep(1)
                yield b"."
        return 200, "text/plain", drops()

    plain = "text/plain"
    answers = {"no co-signature that its key has made": stranger.add_checkpoint,
               "not lines of co-signatures": lambda request: (200, plain, b"\0<html>" * 100),
               "more than an hour off":
                   lambda request: (200, plain, one.cosign(body_of(request), 1_700_000_000)),
               "without a time": lambda request: (200, plain, one.cosign(body_of(request), 0)),
               "too large": lambda request: (200, plain, itertools.repeat(b"x" * 65_536)),
               "each time": lambda request: (409, "text/x.tlog.size", b"0\n"),
               "does not tell what it has seen":
                   lambda request: (409, "text/x.tlog.size", b"-1\n"),
               "HTTP status 409": lambda request: (409, plain, b"1\n"),
               "HTTP status 302": lambda request: (302, plain, b""),
               "does not know this ledger": lambda request: (404, plain, b""),
               "by another key": lambda request: (403, plain, b""),
               "took too long": slowly}
    one.answer = next(iter(answers.values()))
    company.scan_and_send("web")
    for words, answer in answers.items():
        one.answer = answer
        await_that(lambda: words in log_of(company), f"it is not said: {words}")
    # Before it lied, the ledger's first entry at most.
    assert (told(company)[one.name]["size"] or 0) <= company.acts(), told(company)
    company.scan_and_send("web")
    one.answer = one.add_checkpoint
    await_seen(company, 2, one)
    assert fsck(company)["good"]
    company.run("assay-collector", "doctor", "--state", company.collector_state, code=None)


def test_a_collector_that_stops_does_not_wait_for_a_witness(company):
    one, = start(company)
    asked, over = threading.Event(), threading.Event()

    def hang(request):
        asked.set()
        over.wait(60)
        return 200, "text/plain", b""

    one.answer = hang
    company.scan_and_send("web")
    assert asked.wait(30), "the witness was not asked"
    began = time.monotonic()
    company.end_collector()
    assert time.monotonic() - began < 10, "it waited"
    over.set()


def copy_store(company, target):
    company.end_collector()
    shutil.copy(company.collector_state / "store.db", target)


def test_a_store_that_is_brought_back_is_an_alarm(company):
    one, = start(company)
    company.scan_and_send("web")
    await_seen(company, 1, one)
    acts = company.acts()
    saved = company.folder / "saved.db"
    copy_store(company, saved)
    company.serve()
    for _ in range(2):
        company.scan_and_send("web")
    await_seen(company, 3, one)
    company.end_collector()
    shutil.copy(saved, company.collector_state / "store.db")
    company.serve()
    await_that(lambda: told(company)[one.name]["alarm"], "no alarm")
    rewound = f"the ledger was rewound: the witness {one.name} has seen {3 + acts} entries"
    assert rewound in log_of(company)
    (kind, detail), = doctor(company)
    assert kind == "trouble" and rewound in detail, detail
    assert "帳本已回溯" in doctor(company, "zh")[0][1]
    with sqlite3.connect(company.collector_state / "store.db", timeout=10) as database:
        events = [detail for detail, in database.execute(
            "SELECT detail FROM events WHERE kind = 'ledger'")]
    database.close()
    assert any(rewound in event for event in events), events
    # It grows again, and is another one than the witness has seen.
    company.enroll("mail")
    for _ in range(3):
        company.scan_and_send("mail")
    await_that(lambda: "the ledger was forked: the witness" in log_of(company), "no alarm")
    assert told(company)[one.name]["size"] == 1 + acts
    # That it is away does not end the alarm.
    one.stop()
    time.sleep(3)
    assert doctor(company)[0][0] == "trouble", doctor(company)


def test_an_altered_cosignature_is_found(company):
    one, = start(company)
    company.scan_and_send("web")
    await_seen(company, 1, one)
    answer = fsck(company)
    assert answer["good"] and answer["read"]["ledger_cosignatures"] == 1, answer
    key = ("--ledger-key", ledger_key(company))
    archive = subprocess.run(["zstd", "-dcq", export(company)], check=True,
                             capture_output=True).stdout
    begin = archive.index(f"— {one.name} ".encode()) + len(f"— {one.name} ".encode()) + 20
    for place in (begin, begin + 40):
        altered = archive[:place] + bytes([archive[place] ^ 1]) + archive[place + 1:]
        (company.folder / "altered").write_bytes(altered)
        bundle = company.folder / "altered.bundle"
        subprocess.run(["zstd", "-qf", company.folder / "altered", "-o", bundle], check=True)
        company.run("assay", "verify", bundle, *key, *named(one), code=65)
    company.end_collector()
    with sqlite3.connect(company.collector_state / "store.db", timeout=10) as database:
        database.execute("UPDATE ledger_cosignatures SET at = at + 1")
    database.close()
    answer = fsck(company, code=65)
    assert one.name in answer["damaged"][0]["subject"]["en"], answer


def test_wrong_settings_are_refused_in_both_languages(company):
    good = Witness(company.folder / "x.json")
    one = f"{{url: 'http://w.example/', key: '{good.key}'}}"
    expect_refusals(company, "witnesses", (
        (f"[{{url: 'w.example', key: '{good.key}'}}]", "http://HOST/", "網址應為"),
        (f"[{{url: 'http://w.example/?x', key: '{good.key}'}}]", "without a query", "查詢字串"),
        (f"[{{url: 'http://w.example/', key: '{ledger_key(company)}'}}]", "key of a log",
         "帳本的公鑰"),
        ("[{url: 'http://w.example/', key: nonsense}]", "name+id+key", "見證者的公鑰"),
        (f"[{one}, {one}]", "named twice", "重複"),
        (f"[{one}]\n  witness_every: often", "a duration is", "時間長度")))


def test_of_a_group_one_collector_asks(company):
    group = Group(company.bin)
    try:
        one = Witness(group.folder / "witness.json").start()
        one.knows(ledger_key(group))
        name_witnesses(group, one, more=(group.collector_state / "collector.yaml").read_text(),
                       every="4s")
        group.serve()
        group.enroll("web")
        others = [group.another_collector(name) for name in ("second", "third")]
        began = time.monotonic()
        for turn in range(6):
            assert group.send_to("web", others[turn % 2][1])
            time.sleep(0.5)
        await_seen(group, 6, one)
        # One at the beginning and one in every four seconds, whoever of the three it was.
        assert len(one.asked) <= (time.monotonic() - began) / 4 + 3, one.asked
        assert set(one.asked) == {200}, one.asked
        assert group.fsck()["good"]
    finally:
        group.close()


def test_a_move_takes_the_cosignatures_along(company):
    one, = start(company)
    company.scan_and_send("web")
    await_seen(company, 1, one)
    company.end_collector()
    before = told(company)
    database = Database()
    try:
        target = f"postgres:{database.conninfo}"
        company.run("assay-collector", "migrate-store", "--state", company.collector_state, "--to",
                    target)
        name_witnesses(company, one, more=f"store: '{target}'\n")
        assert told(company) == before
        company.serve()
        company.scan_and_send("web")
        await_seen(company, 2, one)
        answer = fsck(company)
        assert answer["good"] and answer["read"]["ledger_cosignatures"] == 1, answer
        company.end_collector()
    finally:
        database.close()


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
