#!/usr/bin/env python3
"""reboot_required finds real processes that run on files which were replaced.

Copies a program and a library into a folder of its own below /usr/local, starts them, removes the
files, and asks the agent. Needs root.

    reboot_required_test.py <folder of the programs>
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77
AGENT = pathlib.Path(sys.argv.pop(1)) / "assay-agent" if len(sys.argv) > 1 else None
LOAD_AND_WAIT = "import ctypes, sys; ctypes.CDLL(sys.argv[1]); print('loaded', flush=True); input()"


def rows_of(folder):
    sql = f"SELECT * FROM reboot_required WHERE file LIKE '{folder}/%'"
    result = subprocess.run([AGENT, "query", sql, "-o", "json"], check=True, capture_output=True,
                            text=True)
    return json.loads(result.stdout)


class RebootRequiredTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-test-", dir="/usr/local/lib"))
        self.addCleanup(shutil.rmtree, self.folder)

    def start(self, *command):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(process.stdin.close)
        return process

    def test_a_program_that_was_replaced(self):
        program = self.folder / "waiter"
        shutil.copy(shutil.which("cat"), program)
        self.start(str(program))
        self.assertEqual(rows_of(self.folder), [])
        program.unlink()
        self.assertEqual([(r["reason"], r["name"], r["path"]) for r in rows_of(self.folder)],
                         [("deleted_executable", "waiter", str(program))])

    def test_a_library_that_was_replaced(self):
        found = [path for path in pathlib.Path("/usr/lib").rglob("libz.so.1")]
        if not found:
            print("skipped: there is no libz to copy")
            self.skipTest("no library")
        library = self.folder / "libassaytest.so"
        shutil.copy(found[0].resolve(), library)
        process = self.start(sys.executable, "-c", LOAD_AND_WAIT, str(library))
        self.assertEqual(process.stdout.readline(), "loaded\n")
        self.assertEqual(rows_of(self.folder), [])
        library.unlink()
        self.assertEqual([(r["reason"], r["file"]) for r in rows_of(self.folder)],
                         [("deleted_library", str(library))])


if __name__ == "__main__":
    if os.geteuid() != 0:
        print("skipped: other users' processes can only be looked at by root")
        sys.exit(SKIPPED)
    unittest.main()
