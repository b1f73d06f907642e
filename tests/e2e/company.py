"""A small company for end-to-end tests: one collector, some agents, one auditor, in a folder.

Everything runs from the build's bin folder on ports that the system chooses, of 127.0.0.1 unless
another address is given, and ends with the company, whatever happens.
"""
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from run_each import run_each  # noqa: E402: found through the line above
from small_machine import make_small  # noqa: E402

DPKG_STATUS = pathlib.Path("/var/lib/dpkg/status")


def clock_set_off(by):
    """The environment of a program that sees another time of day (libfaketime)."""
    if by is None:
        return {}
    library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": str(library), "FAKETIME": by, "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            # An address sanitizer wants to be the first library.
            "ASAN_OPTIONS": "verify_asan_link_order=0"}


def all_logged(examined, snapshots):
    """Whether fsck, by its answer, found so many snapshots and every act in the ledger."""
    read = examined["read"]
    return read["ledger_entries"] == snapshots + read["acts"]


class Company:
    def __init__(self, bin_folder, settings=None, address="127.0.0.1"):
        self.bin = pathlib.Path(bin_folder)
        self.address = address
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-company-"))
        self.collector = None
        self.listen = self.api = None
        self.environment = {"PATH": f"{self.bin}:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
                            "HOME": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / "config"),
                            # The services of the machine that the tests run on are none of theirs.
                            "ASSAY_NETWORK_TLS": "off", "ASSAY_NETWORK_SERVICES": "off"}
        if settings is not None:
            self.collector_state.mkdir(mode=0o700)
            (self.collector_state / "collector.yaml").write_text(settings)
        init = self.json("assay-collector", "init", "--state", self.collector_state,
                         "--name", address, "-o", "json")
        self.admin_token = init["admin_token"]

    @property
    def collector_state(self):
        return self.folder / "collector"

    def agent_state(self, name):
        return self.folder / "agents" / name

    def run(self, *command, code=0, **more):
        """Runs a command that must end with `code`, unless that is None; returns what it printed on
        standard output."""
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              env={**self.environment, **more}, stdin=subprocess.DEVNULL,
                              timeout=120)
        assert code in (None, done.returncode), (
            f"{' '.join(map(str, command))}: exit {done.returncode}, expected {code}\n"
            f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
        self.errors = done.stderr
        return done.stdout

    def succeeds(self, *command):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              env=self.environment, stdin=subprocess.DEVNULL, timeout=120)
        return done.returncode == 0

    def json(self, *command, **more):
        return json.loads(self.run(*command, **more))

    def serve(self, clock=None):
        """Starts the collector; by a clock that is set off: "+3d"."""
        ready = self.collector_state / "serve.json"
        ready.unlink(missing_ok=True)
        self.log = open(self.folder / "collector.log", "ab")
        self.collector = subprocess.Popen(
            [str(self.bin / "assay-collector"), "serve", "--state", str(self.collector_state),
             "--listen", self.listen or f"{self.address}:0", "--api-listen",
             self.api or f"{self.address}:0"],
            env=self.environment | clock_set_off(clock), stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log)
        until = time.monotonic() + 30
        while not ready.exists() or not ready.read_text().strip():
            assert self.collector.poll() is None, (self.folder / "collector.log").read_text()[-2000:]
            assert time.monotonic() < until, "the collector was not ready within 30 s"
            time.sleep(0.02)
        told = json.loads(ready.read_text())
        self.listen, self.api = told["listen"], told["api_listen"]

    def end_collector(self, how=signal.SIGTERM):
        self.collector.send_signal(how)
        self.collector.wait(timeout=30)
        self.collector = None

    def acts(self):
        """How many are on record: each has an entry in the ledger, or waits for it."""
        return self.json("assay-collector", "fsck", "--state", self.collector_state, "-o", "json",
                         code=None)["read"]["acts"]

    def token(self, *more):
        return self.json("assay-collector", "token", "create", "--state", self.collector_state,
                         "-o", "json", *more)["token"]

    def enroll(self, name, token=None, code=0):
        self.run("assay-agent", "enroll", "--state", self.agent_state(name), "--collector",
                 self.listen, code=code, ASSAY_TOKEN=token or self.token())

    def scan_and_send(self, name, code=0, *more):
        self.run("assay-agent", "run", "--once", "--state", self.agent_state(name), "--collector",
                 self.listen, *more, code=code)

    def courier_status(self, name):
        return json.loads((self.agent_state(name) / "courier/status.json").read_text())

    def login(self):
        self.run("assay", "login", f"https://{self.api}", ASSAY_TOKEN=self.admin_token)

    def scan_with_package(self, name, entry):
        """A scan of this machine, on which a package was installed meanwhile."""
        status = self.folder / "status"
        status.write_text(DPKG_STATUS.read_text().rstrip("\n") + "\n\n" + entry.strip("\n") + "\n")
        subprocess.run(
            ["unshare", "--mount", "sh", "-c",
             f'mount --bind "{status}" {DPKG_STATUS} && exec "$@"', "sh", "assay-agent", "run",
             "--once", "--state", str(self.agent_state(name)), "--collector", self.listen],
            env=self.environment, check=True, timeout=120, stdout=subprocess.DEVNULL)

    def close(self):
        if self.collector is not None and self.collector.poll() is None:
            self.end_collector(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)


def await_that(condition, what, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.2)


def run_tests(module, bin_folder, make=Company, at_once=2, is_machine_small=True):
    """Runs every test_… function of a module with a company of its own; the closing line counts."""
    tests = vars(module)
    if is_machine_small:
        make_small(bin_folder)

    def run(name):
        company = make(bin_folder)
        try:
            tests[name](company)
            return True
        except Exception as problem:  # noqa: BLE001: a test may fail in any way
            log = company.folder / "collector.log"
            print(f"{name}: {problem!r}\n{log.read_text()[-1500:] if log.exists() else ''}", flush=True)
            return False
        finally:
            company.close()

    return run_each(tests, run, at_once)
