#!/usr/bin/env python3
"""Programs without owner, on the running machine, in a mount namespace of the test's own: on
/usr/local/sbin lies a file system that ends with the test."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

BIN = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path("build/dev/bin")
PLACE = pathlib.Path("/usr/local/sbin")
SKIPPED = 77


def enter_namespace():
    if os.environ.get("ASSAY_TEST_IN_NAMESPACE"):
        return
    probe = subprocess.run(["unshare", "-m", "true"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"skipped: no mount namespace can be made here: {probe.stderr.strip()}")
        sys.exit(SKIPPED)
    os.environ["ASSAY_TEST_IN_NAMESPACE"] = "1"
    os.execvp("unshare", ["unshare", "-m", "--propagation", "private", sys.executable, __file__,
                          str(BIN)])


def agent(*words):
    done = subprocess.run([BIN / "assay-agent", *words], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout


def query(sql, *more):
    return json.loads(agent("query", *more, "-o", "json", sql))


class UnpackagedBinaries(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", PLACE], check=True)
        cls.elsewhere = pathlib.Path(tempfile.mkdtemp(prefix="assay-unpackaged-", dir="/var/tmp"))
        cls.running = []
        script = PLACE / "assay-test-script"
        script.write_text("#!/bin/sh\n")
        script.chmod(0o4755)
        (PLACE / "assay-test-text").write_text("not to be started")
        cls.start(PLACE / "assay-test-sleep")
        cls.start(cls.elsewhere / "sleep")
        cls.start(cls.elsewhere / "gone")
        (cls.elsewhere / "gone").unlink()
        time.sleep(0.2)
        rows = query("SELECT * FROM unpackaged_binaries")
        cls.rows = {row["path"]: row for row in rows}

    @classmethod
    def tearDownClass(cls):
        for process in cls.running:
            process.kill()
            process.wait()
        shutil.rmtree(cls.elsewhere)
        subprocess.run(["umount", "-l", PLACE], check=True)

    @classmethod
    def start(cls, program):
        shutil.copy("/usr/bin/sleep", program)
        cls.running.append(subprocess.Popen([program, "300"]))

    def row(self, path):
        self.assertIn(str(path), self.rows)
        return self.rows[str(path)]

    def test_a_script_in_path_is_listed_with_mode_and_digest(self):
        row = self.row(PLACE / "assay-test-script")
        self.assertEqual((row["kind"], row["mode"], row["in_path"], row["running"]),
                         ("script", "4755", 1, 0))
        self.assertEqual(row["sha256"], hashlib.sha256(b"#!/bin/sh\n").hexdigest())

    def test_what_cannot_be_started_is_not_listed(self):
        self.assertNotIn(str(PLACE / "assay-test-text"), self.rows)

    def test_a_copy_of_a_packaged_program_is_nobodys(self):
        digest = hashlib.sha256(pathlib.Path("/usr/bin/sleep").read_bytes()).hexdigest()
        in_path, elsewhere = self.row(PLACE / "assay-test-sleep"), self.row(self.elsewhere / "sleep")
        self.assertEqual((in_path["sha256"], in_path["in_path"], in_path["running"]), (digest, 1, 1))
        self.assertEqual((elsewhere["sha256"], elsewhere["in_path"], elsewhere["running"]),
                         (digest, 0, 1))

    def test_a_program_whose_file_was_removed_is_listed_with_the_reason(self):
        row = self.row(self.elsewhere / "gone")
        self.assertEqual((row["sha256"], row["running"]), (None, 1))
        self.assertIn("replaced or removed", row["note"])

    # A digest that no file has shows whose word was taken.
    def test_a_scan_keeps_the_digests_for_the_next(self):
        time.sleep(2.1)  # what changed just now could change once more without a sign
        with tempfile.TemporaryDirectory() as state:
            agent("scan", "--all", "--quiet", "--state", state)
            kept = pathlib.Path(state) / "digests"
            digest = hashlib.sha256(pathlib.Path("/usr/bin/sleep").read_bytes()).hexdigest()
            self.assertEqual(kept.read_text().count(digest), 2)
            kept.write_text(kept.read_text().replace(digest, "ab" * 32))
            agent("scan", "--quick", "--quiet", "--state", state)
            rows = query("SELECT path FROM unpackaged_binaries WHERE sha256 = '" + "ab" * 32 + "'",
                         "--state", state)
            self.assertEqual({row["path"] for row in rows},
                             {str(PLACE / "assay-test-sleep"), str(self.elsewhere / "sleep")})

    def test_a_scan_makes_no_folder_for_them(self):
        nowhere = self.elsewhere / "no-agent-here"
        agent("scan", "--all", "--quiet", "--state", nowhere)
        self.assertFalse(nowhere.exists())

    def test_what_dpkg_says_to_own_is_not_listed(self):
        owned = 0
        for path in sorted(pathlib.Path("/usr/bin").iterdir())[:150]:
            if path.is_symlink() or not os.access(path, os.X_OK):
                continue
            names = [str(path), str(path).removeprefix("/usr")]
            is_owned = any(subprocess.run(["dpkg", "-S", name], capture_output=True).returncode == 0
                           for name in names)
            owned += is_owned
            self.assertEqual(str(path) not in self.rows, is_owned, path)
        self.assertGreater(owned, 20)


if __name__ == "__main__":
    enter_namespace()
    unittest.main()
