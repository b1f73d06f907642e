#!/usr/bin/env python3
"""packaging/quickstart as a new user types it: once, again, and with --keep."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
FRAMEWORKS = ("twse-listed", "twse-securities", "csma-plan", "idb-isp", "iso-27002")


def quickstart(state, *more, language="en_US.UTF-8"):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LC_")}
    environment["LANG"] = language
    begun = time.monotonic()
    running = subprocess.Popen([str(ROOT / "packaging/quickstart"), "--state", str(state), *more],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               stdin=subprocess.DEVNULL, env=environment, start_new_session=True)
    try:
        said, errors = running.communicate(timeout=1500)
    except subprocess.TimeoutExpired:
        os.killpg(running.pid, signal.SIGKILL)  # the compilers that it started as well
        raise
    assert running.returncode == 0, said[-3000:] + errors[-3000:]
    return said, time.monotonic() - begun


def programs_of(state):
    """Processes of ours that have this state folder on their command line."""
    found = []
    for process in pathlib.Path("/proc").iterdir():
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
        except (OSError, NotADirectoryError):
            continue
        if any(str(state).encode() in word for word in words) and b"assay" in words[0]:
            found.append(int(process.name))
    return found


def check_first_and_second_run(state):
    said, _ = quickstart(state)
    for word in (*FRAMEWORKS, "What to do: ", "assay findings", "assay-agent query", f"State folder: {state}"):
        assert word in said, f"{word} is missing in:\n{said}"
    assert not programs_of(state), "something goes on running"
    said, seconds = quickstart(state, language="zh_TW.UTF-8")
    assert "涵蓋率" in said and str(state) in said, said
    assert seconds < 60, f"the second run took {seconds:.0f} s"
    print(f"the second run took {seconds:.1f} s")


def check_keep(state):
    said, _ = quickstart(state, "--keep")
    running = programs_of(state)
    assert len(running) == 1 and f"kill $(cat {state}/collector.pid)" in said, (running, said)
    said, _ = quickstart(state, "--keep")
    assert programs_of(state) == running, "a second collector was started"
    os.kill(running[0], signal.SIGTERM)
    until = time.monotonic() + 20
    while programs_of(state):
        assert time.monotonic() < until, "the collector did not end"
        time.sleep(0.1)


def main():
    with tempfile.TemporaryDirectory(prefix="assay-quickstart-") as folder:
        state = pathlib.Path(folder) / "state"
        try:
            check_first_and_second_run(state)
            check_keep(state)
        finally:
            for process in programs_of(state):
                os.kill(process, signal.SIGKILL)
    print("2 passed, 0 failed")


if __name__ == "__main__":
    sys.exit(main())
