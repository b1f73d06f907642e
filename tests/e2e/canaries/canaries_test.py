#!/usr/bin/env python3
"""Secrets planted on a machine are found in no table, spool, bundle, store, answer or log."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import run_tests  # noqa: E402: found through the line above
from planted import MARK, plant, secret  # noqa: E402: the file beside this one

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


def files_below(folder, needles):
    count = 0
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            expect_clean(path, path.read_bytes(), needles)
            count += 1
    return count


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
        assert files_below(folder, machine.needles) > 10
    with_machine(company, look)


def test_no_answer_holds_a_secret(company):
    def look(machine):
        for form in ("table", "json", "csv"):
            said = machine.run("assay-agent", "scan", "-o", form)
            expect_clean(f"scan -o {form}", (said + company.errors).encode(), machine.needles)
    with_machine(company, look)


def test_no_spool_store_or_log_holds_a_secret(company):
    def look(machine):
        company.serve()
        company.enroll("web")
        machine.run("assay-agent", "run", "--once", "--state", company.agent_state("web"),
                    "--collector", company.listen)
        expect_clean("what the agent said", company.errors.encode(), machine.needles)
        company.end_collector()
        assert files_below(company.folder / "agents", machine.needles) > 5
        assert files_below(company.collector_state, machine.needles) > 2
        expect_clean("the log", (company.folder / "collector.log").read_bytes(), machine.needles)
    with_machine(company, look)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
