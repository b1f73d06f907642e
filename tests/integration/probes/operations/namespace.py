"""A test in mount, network and process namespaces of its own: files of /etc are covered, not changed, and
whatever is started ends with it."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

INSIDE = "ASSAY_TEST_INSIDE"


def enter(*more):
    """Runs this program again inside; returns only there. `more` are further namespaces, as for unshare."""
    if os.environ.get(INSIDE):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        # Names in it hold numbers of processes, which are others' too outside.
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", "/dev/shm"], check=True)
        return
    done = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--kill-child", *more,
         sys.executable, *sys.argv], env={**os.environ, INSIDE: "1"}, check=False)
    sys.exit(done.returncode)


def skip(reason):
    print(f"SKIPPED: {reason}", flush=True)
    sys.exit(77)


def need(*programs):
    missing = [program for program in programs if not os.access(program, os.X_OK)]
    if missing:
        sys.exit(f"missing: {missing}: packaging/dependencies/install test")


class Machine:
    def __init__(self):
        self.agent = pathlib.Path(sys.argv[1]) / "assay-agent"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-probe-"))
        self.folder.chmod(0o755)
        self.running = []
        self.covered = []

    def cover(self, path, text):
        """Inside, `path` has this text."""
        covering = self.folder / path.strip("/").replace("/", "_")
        covering.write_text(text)
        covering.chmod(0o644)
        subprocess.run(["mount", "--bind", covering, path], check=True)
        self.covered.append(path)

    def own(self, *paths):
        """Inside, each of these folders is a copy, which the test may change."""
        for path in paths:
            copy = self.folder / path.strip("/").replace("/", "_")
            copy.mkdir(exist_ok=True)
            self.empty(copy)
            subprocess.run(["cp", "-a", f"{path}/.", copy], check=True)
            subprocess.run(["mount", "--bind", copy, path], check=True)
            self.covered.append(path)

    def empty(self, *paths):
        """Inside, nothing is in these folders but what the test puts there."""
        for path in paths:
            subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", path], check=True)
            self.covered.append(path)

    def must(self, *command, text=None):
        done = subprocess.run(list(map(str, command)), input=text or "", capture_output=True, text=True,
                              timeout=60, check=False, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
        assert done.returncode == 0, f"{command}: {done.stdout[-1000:]}{done.stderr[-1000:]}"
        return done.stdout

    def lay_over(self, path):
        """Inside, `path` is an empty folder, whose real place is returned."""
        folder = self.folder / path.strip("/").replace("/", "_")
        folder.mkdir()
        subprocess.run(["mount", "--bind", folder, path], check=True)
        self.covered.append(path)
        return folder

    def start(self, *command):
        log = open(self.folder / "daemons.log", "ab")
        process = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.running.append(process)
        return process

    def said(self):
        log = self.folder / "daemons.log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else ""

    def stop(self, process):
        process.terminate()
        process.wait(timeout=20)

    def rows(self, sql, *options):
        done = subprocess.run([self.agent, "query", "-o", "json", *options, sql], capture_output=True, text=True,
                              timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def wait_for(self, what, seconds=20):
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"in vain: {self.said()}"
            time.sleep(0.1)

    def uncover(self):
        while self.covered:
            subprocess.run(["umount", "--lazy", self.covered.pop()], check=False)

    def close(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.uncover()
        shutil.rmtree(self.folder, ignore_errors=True)


def run(tests):
    failed = 0
    for name, test in sorted(tests.items()):
        if not name.startswith("test_"):
            continue
        machine = Machine()
        try:
            test(machine)
            print(f"ok   {name}", flush=True)
        except Exception as problem:  # noqa: BLE001: a test may fail in any way
            failed += 1
            print(f"FAIL {name}: {problem!r}\n{machine.said() if machine.running else ''}", flush=True)
        finally:
            machine.close()
    sys.exit(1 if failed else 0)
