#!/usr/bin/env python3
"""A disk that alters what it holds, a write-ahead log that was written in part, a stop in the middle
of the work: what is damaged is named, what was whole stays whole, and nobody else notices."""
import pathlib
import shutil
import signal
import sqlite3
import struct
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from aftermath import (expect_all_there, fsck, host_id, last_accepted,  # noqa: E402
                       sequences)
from company import all_logged, await_that, run_tests  # noqa: E402

OTHER_PACKAGE = ("Package: assay-test-other\nStatus: install ok installed\nMaintainer: nobody\n"
                 "Architecture: all\nVersion: 1.0\nDescription: another\n")
AGENTS = ("web", "mail", "files")


def start(company, *names):
    company.serve()
    for name in names:
        company.enroll(name)
    company.login()


def largest_table(company):
    """Its digest, and where in store.db some of its bytes lie."""
    path = company.collector_state / "store.db"
    with sqlite3.connect(path, timeout=10) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        digest, frame = database.execute(
            "SELECT lower(hex(digest)), frame FROM tables ORDER BY length(frame) DESC LIMIT 1").fetchone()
    database.close()
    # A long blob lies in pieces on pages of its own.
    file, middle = path.read_bytes(), len(frame) // 2
    places = [file.find(frame[at:at + 64]) for at in range(middle, middle + 256, 64)]
    return digest, next(place for place in places if place >= 0)


def flip(company, place):
    with open(company.collector_state / "store.db", "r+b") as file:
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))


def test_a_blob_that_rots_on_the_disk_is_named_and_harms_nobody_else(company):
    start(company, "web", "mail")
    company.scan_and_send("web")
    web = host_id(company, "web")
    await_that(lambda: all_logged(fsck(company), 1), "it was not logged")
    digest, place = largest_table(company)
    bundle, key = company.folder / "web.bundle", company.folder / "ledger.vkey"
    key.write_text(company.run("assay-collector", "ledger", "key", "--state", company.collector_state))
    flip(company, place)
    # Under the collector that serves.
    answer = fsck(company, 65)
    assert any(digest in str(found) for found in answer["damaged"]), (digest, answer)
    company.run("assay", "evidence", "export", web, "-o", bundle, code=None)
    if bundle.exists():
        company.run("assay", "verify", bundle, "--ledger-key", key, code=65)
    seen = company.json("assay", "verify", "--collector", "--ledger-key", key, "--all", "-o", "json",
                        code=65)
    assert not seen["good"], seen
    company.scan_with_package("mail", OTHER_PACKAGE)
    company.scan_and_send("mail")
    company.scan_and_send("web")
    assert sequences(company, host_id(company, "mail")) == [1, 2]
    company.end_collector(signal.SIGKILL)
    company.serve()
    assert len(company.json("assay", "hosts", "-o", "json")) == 2
    assert not fsck(company, 65)["good"], "a restart does not make it good"
    # The disk is mended: nothing else was touched meanwhile.
    flip(company, place)
    expect_all_there(company, {"web": 2, "mail": 2})
    company.json("assay", "verify", "--collector", "--ledger-key", key, "--all", "-o", "json")


class Log:
    """The frames of a write-ahead log, as the format of SQLite's files describes them."""

    def __init__(self, data):
        self.data = data
        page = struct.unpack(">I", data[8:12])[0]
        self.frame = 24 + page
        self.ends = [32]  # behind the header, and behind each frame that ends a transaction
        for at in range(32, len(data) - self.frame + 1, self.frame):
            if data[at + 8:at + 16] != data[16:24]:
                break  # left over from before the log was begun anew
            if struct.unpack(">I", data[at + 4:at + 8])[0]:
                self.ends.append(at + self.frame)


def test_a_log_that_was_written_in_part_is_whole_transactions(company):
    start(company, "web", "mail")
    company.scan_and_send("mail")
    company.scan_and_send("web")
    company.end_collector()
    for _ in range(2):
        company.scan_and_send("web", 1)
    spooled = company.folder / "spooled"
    shutil.copytree(company.agent_state("web"), spooled)
    company.serve()
    send = ("assay-courier", "run", "--once", "--state", company.agent_state("web"))
    company.run(*send, "--collector", company.listen)
    time.sleep(1)  # judged and logged
    company.end_collector(signal.SIGKILL)
    store, wal = (company.collector_state / name for name in ("store.db", "store.db-wal"))
    killed, log = store.read_bytes(), Log(wal.read_bytes())
    assert len(log.ends) >= 4, log.ends

    def put(data):
        store.write_bytes(killed)
        wal.write_bytes(data)
        (company.collector_state / "store.db-shm").unlink(missing_ok=True)

    def count(data):
        put(data)
        with sqlite3.connect(store) as database:
            found = database.execute("SELECT count(*) FROM snapshots").fetchone()[0]
        database.close()
        return found

    counts = []
    for before, end in zip(log.ends, log.ends[1:]):
        wanted = count(log.data[:before])
        counts.append(wanted)
        last = end - log.frame
        torn = [log.data[:last + 24],                      # a frame's header, no page
                log.data[:last + log.frame // 2],          # half of a page
                log.data[:last + 24] + bytes(log.frame - 24),  # its page was never written
                log.data[:end - 1] + bytes([log.data[end - 1] ^ 1])]
        put(torn[len(counts) % len(torn)])
        answer = fsck(company)
        assert answer["good"] and answer["read"]["snapshots"] == wanted, (wanted, answer)
    assert counts[0] == 2 and counts[-1] == 4, counts
    # One cut of which the collector had acknowledged nothing yet: the agent sends again.
    first = counts.index(2)
    put(log.data[:log.ends[first + 1] - log.frame // 2])
    shutil.rmtree(company.agent_state("web"))
    shutil.copytree(spooled, company.agent_state("web"))
    company.serve()
    company.run(*send, "--collector", company.listen)
    company.scan_and_send("mail")
    expect_all_there(company, {"web": 3, "mail": 2})


def test_a_stop_in_the_middle_of_the_work_loses_and_doubles_nothing(company):
    start(company, *AGENTS)
    for name in AGENTS:
        company.scan_and_send(name)
    is_over = threading.Event()
    sent = dict.fromkeys(AGENTS, 1)

    def work(name):
        while not is_over.is_set():
            company.succeeds("assay-agent", "run", "--once", "--state", company.agent_state(name),
                             "--collector", company.listen)
            sent[name] += 1

    threads = [threading.Thread(target=work, args=[name]) for name in AGENTS]
    for thread in threads:
        thread.start()
    try:
        for _ in range(4):
            time.sleep(0.7)
            began = time.monotonic()
            company.collector.send_signal(signal.SIGTERM)
            assert company.collector.wait(timeout=20) == 0, "it did not end well"
            assert time.monotonic() - began < 10, "it took long to stop"
            assert not (company.collector_state / "serve.json").exists()
            acknowledged = {name: last_accepted(company, name) for name in AGENTS}
            company.serve()
            for name, number in acknowledged.items():
                assert number in sequences(company, host_id(company, name)), (name, number)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    for name in AGENTS:
        company.scan_and_send(name)
        sent[name] += 1
    expect_all_there(company, sent)
    assert min(sent.values()) > 3, sent


if __name__ == "__main__":
    started = time.monotonic()
    code = run_tests(sys.modules[__name__], sys.argv[1])
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
