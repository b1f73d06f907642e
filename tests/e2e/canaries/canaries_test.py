#!/usr/bin/env python3
"""Secrets planted on a machine are found in no table, spool, bundle, store, answer or log, nor on the wire.

In each place the search also has to find what lies beside them: the tables that read those files."""
import pathlib
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import run_tests  # noqa: E402: found through the line above
from planted import MARK, PUBLIC, plant, secret  # noqa: E402: the file beside this one
from wire import Wire, messages_of  # noqa: E402: the file beside this one

MACHINE = pathlib.Path(__file__).with_name("machine.py")
FRAME = b"\x28\xb5\x2f\xfd"  # how a zstd frame begins


class Machine:
    """This machine with folders laid over /etc and /root, and a process full of secrets."""

    def __init__(self, company):
        self.company = company
        self.folder = company.folder / "machine"
        self.needles = plant(self.folder)
        self.process = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(300)", f"--password={secret('command_line')}"],
            env={"API_TOKEN": secret("environment")}, stdin=subprocess.DEVNULL)

    def run(self, *command, **more):
        return self.company.run("unshare", "--mount", "--propagation", "private", sys.executable,
                                MACHINE, self.folder, *command, **more)

    def close(self):
        self.process.kill()
        self.process.wait()


def unpacked(content):
    """`content` itself, and every zstd frame in it in the clear."""
    yield content
    at = content.find(FRAME)
    while at >= 0:
        done = subprocess.run(["zstd", "-dcq"], input=content[at:], capture_output=True)
        if done.stdout:
            yield done.stdout
            inner = done.stdout.find(FRAME)
            if inner >= 0:
                yield from unpacked(done.stdout[inner:])
        at = content.find(FRAME, at + 4)


def expect_clean(where, content, needles):
    for clear in unpacked(content):
        for needle in needles:
            found = clear.find(needle.encode())
            assert found < 0, f"{where}: {clear[max(0, found - 120):found + 60]!r}"


def expect_tables(where, contents):
    """Every table that reads a planted file is in `contents`, with what is public of it."""
    clear = [text for content in contents for text in unpacked(content)]
    for name, lines in PUBLIC.items():
        head = f'{{"assay":"table/1","table":"{name}",'.encode()
        tables = [text for text in clear if head in text]
        assert tables, f"{where}: there is no table {name}"
        for line in lines:
            assert any(line.encode() in table for table in tables), f"{where}: {name} lacks {line}"


def expect_clean_tables(where, contents, needles):
    expect_tables(where, contents)
    for content in contents:
        expect_clean(where, content, needles)


def files_below(folder):
    return [path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()]


def values_of(database):
    """Each value that an SQLite database holds, in one piece."""
    with sqlite3.connect(database) as store:
        tables = [name for name, in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        values = [value for table in tables for row in store.execute(f'SELECT * FROM "{table}"') for value in row]
    return [value if isinstance(value, bytes) else str(value).encode() for value in values if value is not None]


def with_machine(company, test):
    machine = Machine(company)
    try:
        test(machine)
    finally:
        machine.close()


def test_the_search_itself_finds_what_is_there(company):
    frame = subprocess.run(["zstd", "-qc"], input=f"x{MARK}y".encode(), capture_output=True).stdout
    try:
        expect_clean("here", b"before" + frame, [MARK])
    except AssertionError:
        return
    raise AssertionError("a secret in a compressed frame was not found")


def test_the_machine_under_test_is_the_planted_one(company):
    def look(machine):
        names = machine.run("assay-agent", "query", "-o", "csv", "SELECT username FROM users")
        assert "old" in names.split(), names
        hashes = machine.run("assay-agent", "query", "-o", "csv", "SELECT hash_alg FROM shadow")
        assert "6" in hashes.split(), hashes
    with_machine(company, look)


def test_no_table_holds_a_secret(company):
    def look(machine):
        bundle = company.folder / "all.assay"
        machine.run("assay-agent", "bundle", "--state", company.agent_state("none"), "-o", bundle)
        folder = company.folder / "tables"
        folder.mkdir()
        subprocess.run(["tar", "--zstd", "-xf", bundle, "-C", folder], check=True)
        expect_clean_tables("the bundle", files_below(folder), machine.needles)
    with_machine(company, look)


def test_no_answer_holds_a_secret(company):
    def look(machine):
        for form in ("table", "json", "csv"):
            said = machine.run("assay-agent", "scan", "-o", form)
            expect_clean(f"scan -o {form}", (said + company.errors).encode(), machine.needles)
    with_machine(company, look)


def scan_and_send(company, machine, collector, code=0):
    machine.run("assay-agent", "run", "--once", "--state", company.agent_state("web"), "--collector", collector,
                code=code)
    expect_clean("what the agent said", company.errors.encode(), machine.needles)


def test_no_spool_wire_store_or_log_holds_a_secret(company):
    def look(machine):
        company.serve()
        company.enroll("web")
        company.end_collector()
        scan_and_send(company, machine, company.listen, code=None)
        expect_clean_tables("the spool", files_below(company.folder / "agents"), machine.needles)
        company.serve()
        with Wire(company.collector_state, company.agent_state("web"), company.listen) as wire:
            scan_and_send(company, machine, wire.listen)
        expect_clean_tables("the wire", [message for said in wire.said for message in messages_of(said)],
                            machine.needles)
        company.end_collector()
        for content in files_below(company.folder / "agents"):
            expect_clean("the agent's state", content, machine.needles)
        for content in files_below(company.collector_state):
            expect_clean("the collector's state", content, machine.needles)
        expect_clean_tables("the store", values_of(company.collector_state / "store.db"), machine.needles)
        expect_clean("the log", (company.folder / "collector.log").read_bytes(), machine.needles)
    with_machine(company, look)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
