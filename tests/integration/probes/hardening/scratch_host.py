"""A folder that the agent reads as the root of a machine, for tests against real programs."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77


def skip(why):
    print(f"SKIPPED: {why}")
    sys.exit(SKIPPED)


def need(*programs):
    for program in programs:
        if shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin") is None:
            skip(f"{program} is not installed")


class ScratchHost:
    def __init__(self, agent):
        self.agent = agent
        self.folder = tempfile.TemporaryDirectory(prefix="assay-host-")
        self.root = pathlib.Path(self.folder.name)
        self.write("/etc/os-release", pathlib.Path("/etc/os-release").read_text())
        self.write("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")

    def path(self, name):
        return self.root / name.lstrip("/")

    def write(self, name, content, mode=0o644):
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path

    def query(self, sql):
        done = subprocess.run([self.agent, "query", "--root", str(self.root), "-o", "json", sql],
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, f"{sql}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def fails(self, sql):
        done = subprocess.run([self.agent, "query", "--root", str(self.root), "-o", "json", sql],
                              capture_output=True, text=True, timeout=60, check=False)
        return done.returncode != 0


def run_tests(tests):
    agent = pathlib.Path(sys.argv[1]) / "assay-agent"
    for name, test in sorted(tests.items()):
        if not name.startswith("test_"):
            continue
        host = ScratchHost(agent)
        test(host)
        host.folder.cleanup()
        print(f"ok {name}")
