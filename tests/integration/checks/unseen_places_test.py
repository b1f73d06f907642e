#!/usr/bin/env python3
"""No check passes on a machine of which a part was not looked at.

Some tables have rows that are nothing but a note: what lies at that place is not known.
docs/tables.md says which tables do. For each rule that reads one of them, the first case of its own
test that passes must be unknown once such a row is among its evidence, and the first that fails
must fail as before.

    unseen_places_test.py <folder of the programs>
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import yaml

ASSAY = pathlib.Path(sys.argv.pop(1)) / "assay"
SOURCE = pathlib.Path(__file__).resolve().parents[3]

# Rules that such a row does not concern. They must pass with it, or they do not belong here.
NOT_CONCERNED = {
    "SECRETS-PASSWORD-FILES": "the probe asks for these files by name",
    "SECRETS-SUDOERS": "the probe asks for these files by name",
    "SECRETS-HOMES": "the probe asks for the folders that passwd names",
}


def tables_with_places():
    """Name of each table that has such rows: columns of the row."""
    tables = {}
    name, columns = None, {}
    for line in (SOURCE / "docs/tables.md").read_text(encoding="utf-8").splitlines() + ["### end"]:
        if line.startswith("### "):
            says_so = ("not looked at:" in columns.get("note", "")
                       or any("a row that is only a note" in meaning for meaning in columns.values()))
            if name and says_so:
                tables[name] = columns
            name, columns = line[4:].strip(), {}
        elif cells := re.match(r"\| `(\w+)` \| \w+ \| (.*?) \|", line):
            columns[cells[1]] = cells[2]
    return tables


def unseen(columns):
    """Such a row, of the machine as a whole: whatever a rule looks for may be there."""
    row = {"note": "not looked at: folders below lie deeper than 128 levels"}
    if "not_looked_at" in columns.get("kind", ""):
        row["kind"] = "not_looked_at"
    return row | {column: "/" for column in ("path", "store") if column in columns}


def rules():
    """Each rule's id and all of its SQL, fragments put in."""
    documents = [yaml.safe_load(path.read_text(encoding="utf-8"))
                 for path in sorted((SOURCE / "checks/rules").glob("*.yaml"))]
    fragments = {}
    for document in documents:
        if isinstance(document, dict):
            fragments |= document.get("fragments", {})
    for document in documents:
        for rule in document if isinstance(document, list) else document.get("checks", []):
            sql = rule["query"] + "\n" + rule.get("applies", "")
            while found := re.search(r"\{\{(\w+)\}\}", sql):
                sql = sql.replace(found[0], fragments[found[1]])
            yield rule["id"], sql


def first_case(rule, verdict):
    [path] = (SOURCE / "tests/rules").glob(f"*/{rule}.test")
    for case in path.read_text(encoding="utf-8").split("\n---\n"):
        given, found, _ = re.split(rf"(^expect {verdict}$)", case, maxsplit=1, flags=re.M) \
            if re.search(rf"^expect {verdict}$", case, re.M) else (case, "", "")
        if found:
            return given
    return None


def with_row(given, table, row):
    text = json.dumps(row)
    header = re.compile(rf"^table {table}$", re.M)
    if header.search(given):
        return header.sub(lambda found: found[0] + "\n" + text, given, count=1)
    return f"{given}table {table}\n{text}\n"


class UnseenPlacesTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        tables = tables_with_places()
        cls.pairs = [(rule, table, unseen(columns)) for rule, sql in rules()
                     for table, columns in tables.items() if re.search(rf"\b{table}\b", sql)]

    def judge(self, cases):
        with tempfile.TemporaryDirectory() as folder:
            for (rule, table), text in cases.items():
                place = pathlib.Path(folder) / table
                place.mkdir(exist_ok=True)
                (place / f"{rule}.test").write_text(text, encoding="utf-8")
            done = subprocess.run([ASSAY, "check", "test", folder, "--content", SOURCE / "checks"],
                                  capture_output=True, text=True)
        said = done.stdout + done.stderr
        self.assertIn(f"{len(cases)} passed, 0 failed", said.replace(folder + "/", ""))

    def test_tables_are_found(self):
        found = {table for _, table, _ in self.pairs}
        self.assertLessEqual({"sensitive_files", "certificates_on_disk", "python_packages", "npm_packages",
                              "java_archives", "flatpak_packages", "container_images"}, found)

    def test_none_passes(self):
        cases = {}
        for rule, table, row in self.pairs:
            given = first_case(rule, "pass")
            self.assertIsNotNone(given, f"{rule} has no case that passes")
            expected = "pass" if rule in NOT_CONCERNED else "unknown"
            cases[rule, table] = f"{with_row(given, table, row)}expect {expected}\n"
        self.judge(cases)

    def test_what_fails_still_fails(self):
        cases = {}
        for rule, table, row in self.pairs:
            if given := first_case(rule, "fail"):
                cases[rule, table] = f"{with_row(given, table, row)}expect fail\n"
        self.judge(cases)


if __name__ == "__main__":
    unittest.main()
