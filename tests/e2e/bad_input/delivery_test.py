#!/usr/bin/env python3
"""From the agent to the collector over broken disks, broken processes and with bad tokens:
a clear message, a retry that works, and evidence that is neither lost nor there twice."""
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import run_tests  # noqa: E402: found through the line above
from image import Mounted, as_nobody, everything_in, fill  # noqa: E402

SECRET = "cAnArY7Qx2"


def sequences(company):
    """The numbers of all snapshots that the collector has, of its one host."""
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    return sorted(snapshot["sequence"] for snapshot in
                  company.json("assay", "evidence", "list", host, "-o", "json"))


def status(company, name="web"):
    return company.json("assay-agent", "status", "--state", company.agent_state(name), "-o", "json")


def start(company):
    company.serve()
    company.enroll("web")
    company.login()


def test_a_bad_token_is_refused_and_leaves_nothing(company):
    company.serve()
    used, expired = company.token(), company.token("--ttl", "1s")
    company.enroll("first", used)
    time.sleep(1.5)
    # used, expired, of another CA, unknown
    for token in (used, expired, f"{company.token().split('.')[0]}.{'0' * 64}",
                  f"{'A' * len(used.split('.')[0])}.{used.split('.')[1]}"):
        company.enroll("second", token, code=1)
        assert company.errors.startswith("assay-courier: "), company.errors
        assert token.split(".")[0] not in company.errors, company.errors
    for token in ("", "x", "a.b", "." * 99, used * 999, "\x1b[31m"):
        company.run("assay-agent", "enroll", "--state", company.agent_state("second"),
                    "--collector", company.listen, code=64, ASSAY_TOKEN=token)
    assert not list(company.agent_state("second").glob("identity/*.crt"))
    company.enroll("second")


def test_a_killed_agent_goes_on_where_it_was(company):
    start(company)
    for delay in range(6):
        agent = subprocess.Popen(
            [str(company.bin / "assay-agent"), "run", "--once", "--state",
             str(company.agent_state("web"))], env=company.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.02 + 0.04 * delay)
        agent.kill()
        agent.wait()
    time.sleep(0.5)  # a courier whose agent is gone ends by itself
    company.scan_and_send("web")
    numbers = sequences(company)
    assert numbers == list(range(1, len(numbers) + 1)) and numbers, numbers


def test_a_replayed_snapshot_has_the_same_receipt_and_is_there_once(company):
    start(company)
    company.end_collector()
    company.scan_and_send("web", 1)
    state = company.agent_state("web")
    before = company.folder / "before"
    shutil.copytree(state, before)
    company.serve()
    company.scan_and_send("web")
    assert sequences(company) == [1, 2]
    # The machine is set back to a time when nothing had been sent, and sends it again.
    shutil.rmtree(state)
    shutil.copytree(before, state)
    company.run("assay-courier", "run", "--once", "--state", state, "--collector", company.listen)
    assert sequences(company) == [1, 2]


def test_a_machine_set_back_in_time_is_told_and_nothing_is_overwritten(company):
    start(company)
    company.scan_and_send("web")
    state, before = company.agent_state("web"), company.folder / "before"
    shutil.copytree(state, before)
    company.scan_and_send("web")
    shutil.rmtree(state)
    shutil.copytree(before, state)
    # Within one second, of an unchanged machine, it would be the very same manifest again.
    time.sleep(1.1)
    company.run("assay-agent", "run", "--once", "--state", state, code=1)
    assert "fork" in company.errors, company.errors
    assert status(company)["spool"]["set_aside"] == 1, status(company)
    assert sequences(company) == [1, 2]


def test_a_full_disk_of_the_agent(company):
    company.serve()
    with Mounted(company.agent_state("web"), "tmpfs", "size=2m"):
        company.enroll("web")
        company.login()
        company.scan_and_send("web")
        filler = fill(company.agent_state("web"))
        for _ in range(2):
            company.scan_and_send("web", 1)
            assert "No space left on device" in company.errors, company.errors
        assert status(company)["identity"]["enrolled"], status(company)
        # Also what a process that has ended could not keep in memory.
        assert status(company)["spool"]["gaps"] == 2, status(company)
        gaps = company.json("assay-agent", "query", "--state", company.agent_state("web"),
                            "-o", "json", "SELECT kind, sum(count) AS times FROM agent_gaps")
        assert gaps == [{"kind": "no_space", "times": 2}], gaps
        filler.unlink()
        company.scan_and_send("web")
        assert sequences(company) == [1, 2]


def test_a_full_disk_of_the_agent_at_enrollment(company):
    company.serve()
    with Mounted(company.agent_state("web"), "tmpfs", "size=256k"):
        filler = fill(company.agent_state("web"))
        company.enroll("web", code=1)
        assert "No space left on device" in company.errors, company.errors
        filler.unlink()
        company.enroll("web")


def test_a_full_disk_of_the_collector(company):
    shutil.copytree(company.collector_state, company.folder / "made")
    with Mounted(company.collector_state, "tmpfs", "size=8m") as state:
        shutil.copytree(company.folder / "made", state, dirs_exist_ok=True)
        start(company)
        company.scan_and_send("web")
        filler = fill(state)
        for _ in range(2):
            company.scan_and_send("web", 1)
            assert company.errors.strip(), "nobody said that the collector has no room"
        assert company.collector.poll() is None, "the collector ended"
        assert sequences(company) == [1], "it still answers, with what it had"
        waiting = status(company)["spool"]["spooled"]
        assert waiting == 2, status(company)
        filler.unlink()
        company.scan_and_send("web")
        assert sequences(company) == [1, 2, 3, 4]
        assert status(company)["spool"]["spooled"] == 0, status(company)
        company.end_collector()
        company.serve()
        assert sequences(company) == [1, 2, 3, 4]
        assert company.json("assay", "findings", "-o", "json")
        company.end_collector()


def test_a_read_only_state_says_so(company):
    company.serve()
    company.enroll("web")
    state = company.agent_state("web")
    shutil.copytree(state, company.folder / "made")
    with Mounted(state, "tmpfs") as folder:
        shutil.copytree(company.folder / "made", folder, dirs_exist_ok=True)
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        company.run("assay-agent", "run", "--once", "--state", state, code=1)
        assert "Read-only file system" in company.errors, company.errors
        company.run("assay-agent", "scan", "-o", "json", "--state", state)
        company.run("assay-agent", "status", "--state", state)


def test_two_agents_on_one_state_take_turns_or_say_so(company):
    start(company)
    agents = [subprocess.Popen(
        [str(company.bin / "assay-agent"), "run", "--once", "--state",
         str(company.agent_state("web"))], env=company.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(6)]
    codes = []
    for agent in agents:
        errors = agent.communicate(timeout=60)[1]
        codes.append(agent.returncode)
        assert agent.returncode == 0 or "another assay-agent" in errors, errors
    assert 0 in codes, codes
    company.scan_and_send("web")
    numbers = sequences(company)
    assert numbers == list(range(1, len(numbers) + 1)), numbers


def test_one_collector_serves_a_state(company):
    start(company)
    before = (company.collector_state / "serve.json").read_text()
    company.run("assay-collector", "serve", "--state", company.collector_state, "--listen",
                "127.0.0.1:0", "--api-listen", "127.0.0.1:0", code=1)
    assert "another assay-collector serves" in company.errors, company.errors
    assert (company.collector_state / "serve.json").read_text() == before
    company.scan_and_send("web")


def test_a_collector_with_another_ca_is_not_trusted(company):
    start(company)
    company.end_collector()
    shutil.rmtree(company.collector_state)
    company.run("assay-collector", "init", "--state", company.collector_state, "--name", "127.0.0.1")
    company.serve()
    company.scan_and_send("web", 1)
    assert company.errors.strip(), "nobody said that the collector is another one"
    assert status(company)["spool"]["spooled"] == 1, status(company)
    company.run("assay", "hosts", code=1)
    assert company.errors.startswith("assay: "), company.errors


def test_a_missing_courier_is_named(company):
    company.serve()
    company.enroll("web")
    own = company.folder / "own"
    shutil.copytree(company.bin.parent / "share", own / "share")
    (own / "bin").mkdir()
    for name in ("assay-agent", "assay-host"):
        shutil.copy2(company.bin / name, own / "bin")
    for command in (("run", "--once"), ("enroll", "--collector", company.listen)):
        company.run(own / "bin/assay-agent", *command, "--state", company.agent_state("web"),
                    code=66, ASSAY_TOKEN=company.token())
        assert str(own / "bin/assay-courier") in company.errors, company.errors
    shutil.rmtree(own / "share")
    company.run(own / "bin/assay-agent", "scan", code=66)
    assert "content.json" in company.errors, company.errors


def test_garbage_is_no_bundle(company):
    file = company.folder / "garbage"
    good = company.folder / "good"
    company.run("assay-agent", "bundle", "--state", company.folder / "none", "-o", good)
    bytes_ = good.read_bytes()
    bomb = subprocess.run(["zstd", "-q"], input=bytes(2 ** 31 - 1), capture_output=True).stdout
    for data in (b"", b"garbage", bytes(4096), bytes_[:-1], bytes_[: len(bytes_) // 2],
                 bytes_ + b"x", bytes_[:50] + bytes(50) + bytes_[100:], bomb):
        file.write_bytes(data)
        company.run("assay", "verify", file, code=65)
        assert company.errors.startswith("assay: "), company.errors
    company.run("assay", "verify", company.folder / "none", code=66)


def test_others_see_nothing_of_the_state(company):
    start(company)
    company.scan_and_send("web")
    company.folder.chmod(0o711)
    (company.folder / "agents").chmod(0o711)
    for folder in (company.collector_state, company.agent_state("web")):
        done = subprocess.run(as_nobody("ls", str(folder)), capture_output=True, text=True)
        assert done.returncode != 0 and "denied" in done.stderr, done
    for key in company.folder.rglob("*.key"):
        assert key.stat().st_mode & 0o077 == 0, key


def test_no_secret_of_the_running_machine_is_kept(company):
    """In the environment, in arguments, in the token: in no table, spool, store, bundle or log."""
    company.environment["MY_PASSWORD"] = SECRET + "env"
    company.serve()
    token = company.token()
    company.enroll("web", token)
    listener = subprocess.Popen(
        [sys.executable, "-c", "import socket,time; s=socket.socket(); s.bind(('127.0.0.1',0));"
         "s.listen(); print(s.getsockname()[1],flush=True); time.sleep(99)",
         f"--password={SECRET}arg"], stdout=subprocess.PIPE, text=True, env=company.environment)
    try:
        port = int(listener.stdout.readline())
        seen = company.json("assay-agent", "query", "-o", "json",
                            f"SELECT * FROM listening_ports WHERE port = {port}")
        assert len(seen) == 1 and SECRET not in str(seen), seen
        company.scan_and_send("web")
        company.login()
        company.run("assay-agent", "bundle", "--state", company.agent_state("web"), "-o",
                    company.folder / "web.bundle")
        (company.folder / "scan.json").write_text(company.run("assay-agent", "scan", "-o", "json"))
    finally:
        listener.kill()
        listener.wait()
    hashes = [field for line in pathlib.Path("/etc/shadow").read_text().splitlines()
              if len(field := line.split(":")[1]) > 8]
    everything = everything_in(company.folder)
    for secret in (SECRET, token.split(".")[0], *hashes):
        assert secret.encode() not in everything, "a secret was kept"
    # Only the operator's own file has the token that it was given.
    (company.folder / "config/assay/login.json").unlink()
    assert company.admin_token.encode() not in everything_in(company.folder)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
