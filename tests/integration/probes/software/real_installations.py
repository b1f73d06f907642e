"""A folder that stands for a machine's file system, and the agent that reads it."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time


def must(*command, **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=120, **more)
    assert done.returncode == 0, f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return done.stdout


class Machine:
    def __init__(self, bin_folder):
        self.agent = pathlib.Path(bin_folder) / "assay-agent"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-software-"))
        self.root = self.folder / "root"
        self.root.mkdir()
        self.running = []

    def query(self, sql):
        return json.loads(must(self.agent, "query", "--root", self.root, "-o", "json", sql))

    def start(self, *command, until, environment=None):
        """Starts a server and waits until `until()` is true."""
        log = open(self.folder / "servers.log", "ab")
        server = subprocess.Popen(list(map(str, command)), stdin=subprocess.DEVNULL, stdout=log,
                                  stderr=log, start_new_session=True, env=environment)
        self.running.append(server)
        end = time.monotonic() + 60
        while not until():
            if server.poll() is not None or time.monotonic() > end:
                raise CannotRun(f"{command[0]} does not run here: "
                                + (self.folder / "servers.log").read_text()[-800:])
            time.sleep(0.2)
        return server

    def stop(self, server):
        server.terminate()
        server.wait(timeout=60)

    def close(self):
        for server in self.running:
            if server.poll() is None:
                self.stop(server)
        shutil.rmtree(self.folder, ignore_errors=True)


class CannotRun(Exception):
    """What the test needs is not possible on this machine."""


def run_tests(namespace, tools):
    """Runs every test_ function of a module with a machine of its own; 77 when one cannot run."""
    missing = [tool for tool in tools if not shutil.which(tool)]
    if missing:
        print(f"SKIPPED: missing {missing}: packaging/dependencies/install test")
        sys.exit(77)
    failed = skipped = 0
    for name, test in sorted(namespace.items()):
        if not name.startswith("test_"):
            continue
        machine = Machine(sys.argv[1])
        try:
            test(machine)
            print(f"ok   {name}", flush=True)
        except CannotRun as why:
            skipped += 1
            print(f"SKIPPED {name}: {why}", flush=True)
        except Exception as problem:  # noqa: BLE001: a test may fail in any way
            failed += 1
            print(f"FAIL {name}: {problem!r}", flush=True)
        finally:
            machine.close()
    sys.exit(1 if failed else 77 if skipped else 0)


def user_environment(folder):
    return {"HOME": str(folder), "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(folder)}
