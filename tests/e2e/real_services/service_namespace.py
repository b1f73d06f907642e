"""Real servers in a network namespace of the test's own, and the agent beside them."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time


class Namespace:
    """A host of its own with lo and one pair of interfaces; servers in it end with it."""

    def __init__(self, bin_folder):
        self.bin = pathlib.Path(bin_folder)
        self.name = f"assay-test-{os.getpid()}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-services-"))
        self.folder.chmod(0o755)
        self.running = []
        self.must("ip", "netns", "add", self.name)
        self.must("ip", "-n", self.name, "link", "set", "lo", "up")
        for command in (("link", "add", "lan0", "type", "veth", "peer", "name", "lan1"),
                        ("addr", "add", "192.0.2.10/24", "dev", "lan0"), ("link", "set", "lan0", "up"), ("link", "set", "lan1", "up")):
            self.must("ip", "-n", self.name, *command)

    @staticmethod
    def must(*command, **more):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=60, **more)
        assert done.returncode == 0, f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
        return done.stdout

    def start(self, *command):
        log = open(self.folder / "servers.log", "ab")
        self.running.append(subprocess.Popen(
            ["ip", "netns", "exec", self.name, *map(str, command)], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True))

    def query(self, sql, *options):
        return json.loads(self.must("ip", "netns", "exec", self.name, self.bin / "assay-agent",
                                    "query", "-o", "json", *options, sql))

    def wait_for(self, sql, rows=1):
        until = time.monotonic() + 30
        while len(self.query(sql)) < rows:
            assert time.monotonic() < until, (
                f"{sql}\n{self.query('SELECT * FROM listening_ports')}\n"
                + (self.folder / "servers.log").read_text()[-1500:])
            time.sleep(0.1)
        return self.query(sql)

    def checks(self):
        report = json.loads(self.must("ip", "netns", "exec", self.name, self.bin / "assay-agent",
                                      "scan", "-o", "json"))
        return {check["id"]: check for check in report["checks"]}

    def close(self):
        for server in self.running:
            try:
                os.killpg(server.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            server.wait(timeout=10)
        subprocess.run(["ip", "netns", "del", self.name], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def run_tests(tests, programs, bin_folder):
    """Runs each function test_… in a new namespace; exits 1 when one fails or none ran."""
    missing = [path for path in programs if not os.access(path, os.X_OK)]
    if missing:
        sys.exit(f"missing: {missing}: packaging/dependencies/install test")
    passed = failed = 0
    for name, test in sorted(tests.items()):
        if not name.startswith("test_"):
            continue
        host = Namespace(bin_folder)
        try:
            test(host)
            passed += 1
            print(f"ok   {name}", flush=True)
        except Exception as problem:  # noqa: BLE001: a test may fail in any way
            failed += 1
            print(f"FAIL {name}: {problem!r}", flush=True)
        finally:
            host.close()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)
