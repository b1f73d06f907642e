"""What the end-to-end and integration tests written in Python are run by."""
import os
import sys
import time


def run_each(tests, run, at_once):
    """run(NAME) for each function test_… of `tests`, a process each, which ends with what it returns, or is what it
    becomes; returns the exit code. Nearly all wait most of their time, for servers, clocks and silence: so several run
    at once. The closing line counts."""
    waiting = sorted(name for name in tests if name.startswith("test_"))
    running, failed, count = {}, 0, len(waiting)
    while waiting or running:
        if waiting and len(running) < at_once:
            name = waiting.pop(0)
            child = os.fork()
            if child == 0:
                passed = False
                try:
                    passed = run(name)
                finally:
                    sys.stdout.flush()
                    os._exit(0 if passed else 1)
            running[child] = name, time.monotonic()
        else:
            child, status = os.wait()
            name, began = running.pop(child)
            failed += status != 0
            print("ok  " if status == 0 else "FAIL", name, f"{time.monotonic() - began:.1f} s", flush=True)
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed or not count else 0
