"""A root folder of a system that uses dnf, and what the agent says of it."""
import json
import pathlib
import shutil
import tempfile
import unittest

from rpm_updates_test import AGENT, must


class DnfRoot(unittest.TestCase):
    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="assay-dnf-root-"))
        self.addCleanup(shutil.rmtree, self.work)
        self.root = self.work / "root"
        self.write("etc/os-release", "ID=rocky\nVERSION_ID=9.4\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def rows(self, sql):
        return json.loads(must(AGENT, "query", "--root", self.root, "-o", "json", sql))
