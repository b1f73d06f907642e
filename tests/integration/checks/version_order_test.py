#!/usr/bin/env python3
"""dpkg_compare and rpm_compare order versions as dpkg and rpm themselves do.

Thousands of pairs, made from a fixed seed: near neighbours, so that every rule decides some of
them. dpkg is asked once a pair, rpm once for all.

    version_order_test.py <folder of the programs>
"""
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77
AGENT = pathlib.Path(sys.argv.pop(1)) / "assay-agent" if len(sys.argv) > 1 else None
DPKG_PAIRS = 2_000
RPM_PAIRS = 12_000
WORDS = {-1: "lt", 0: "eq", 1: "gt"}
DPKG_PIECES = ["0", "1", "9", "10", "010", "00", "a", "b", "rc", "Z", ".", "+", "~", "~~", "-", "."]
RPM_PIECES = ["0", "1", "9", "10", "010", "00", "a", "b", "rc", "Z", ".", "+", "~", "~~", "^", "_", "..", "el9"]


def version(random_source, pieces, with_release):
    body = "".join(random_source.choice(pieces) for _ in range(random_source.randint(1, 6)))
    if with_release:
        body += "-" + "".join(random_source.choice(pieces[:10]) for _ in range(random_source.randint(1, 3)))
    epoch = random_source.choice(["", "", "", "", "0:", "1:", "01:", "10:"])
    return epoch + body


def neighbour(random_source, pieces, text):
    """`text` with one piece put in, taken out or changed."""
    at = random_source.randrange(len(text) + 1)
    return text[:at] + random_source.choice(pieces + [""]) + text[at + random_source.randrange(2):]


def pairs_of(count, pieces, is_valid):
    random_source = random.Random(20261128)
    pairs = []
    while len(pairs) < count:
        left = version(random_source, pieces, random_source.random() < 0.5)
        right = (neighbour(random_source, pieces, left) if random_source.random() < 0.7
                 else version(random_source, pieces, random_source.random() < 0.5))
        if is_valid(left) and is_valid(right):
            pairs.append((left, right))
    return pairs


def is_valid_for_dpkg(text):
    """deb-version(7): begins with a digit behind the epoch, no colon there, no empty revision."""
    epoch, colon, rest = text.partition(":")
    if not colon:
        epoch, rest = "0", text
    if not epoch.isdigit() or ":" in rest or not rest or not rest[0].isdigit():
        return False
    return not rest.endswith("-")


def ours(function, pairs):
    """What the SQL function says of each pair."""
    answers = []
    for start in range(0, len(pairs), 400):
        values = ",".join(f"({n},'{a}','{b}')" for n, (a, b) in enumerate(pairs[start:start + 400]))
        sql = f"WITH p(n, a, b) AS (VALUES {values}) SELECT n, {function}(a, b) AS o FROM p"
        done = subprocess.run([AGENT, "query", sql, "-o", "json"], capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        by_number = {row["n"]: row["o"] for row in json.loads(done.stdout)}
        answers += [by_number[n] for n in range(len(pairs[start:start + 400]))]
    return answers


class VersionOrderTest(unittest.TestCase):
    def assert_varied(self, answers):
        for order in WORDS:
            self.assertGreater(answers.count(order), len(answers) // 50, f"few pairs are {WORDS[order]}")

    @unittest.skipUnless(shutil.which("dpkg"), "there is no dpkg")
    def test_dpkg_agrees(self):
        pairs = pairs_of(DPKG_PAIRS, DPKG_PIECES, is_valid_for_dpkg)
        answers = ours("dpkg_compare", pairs)
        self.assert_varied(answers)
        wrong = [(a, WORDS[order], b) for (a, b), order in zip(pairs, answers)
                 if subprocess.run(["dpkg", "--compare-versions", a, WORDS[order], b],
                                   stderr=subprocess.DEVNULL).returncode != 0]
        self.assertEqual(wrong, [])

    @unittest.skipUnless(shutil.which("rpm"), "there is no rpm")
    def test_rpm_agrees(self):
        pairs = pairs_of(RPM_PAIRS, RPM_PIECES, lambda text: text[-1:] not in ("", ":", "-"))
        answers = ours("rpm_compare", pairs)
        self.assert_varied(answers)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
            listed.writelines(f"{a} {b}\n" for a, b in pairs)
            listed.flush()
            script = (f'for line in io.lines("{listed.name}") do '
                      'local a, b = line:match("^(%S+) (%S+)$"); print(rpm.vercmp(a, b), " ") end')
            done = subprocess.run(["rpm", "--eval", "%{lua:" + script + "}"], check=True,
                                  capture_output=True, text=True)
        # Some builds of rpm print them one behind the other.
        theirs = [int(word) for word in re.findall(r"-?[01]", done.stdout)]
        wrong = [(a, b, mine, real) for (a, b), mine, real in zip(pairs, answers, theirs, strict=True)
                 if mine != real]
        self.assertEqual(wrong, [])

    def test_null_is_no_version(self):
        done = subprocess.run([AGENT, "query", "SELECT rpm_compare(NULL, '1') AS o", "-o", "json"],
                              check=True, capture_output=True, text=True)
        self.assertEqual(json.loads(done.stdout), [{"o": None}])


if __name__ == "__main__":
    if not shutil.which("dpkg") and not shutil.which("rpm"):
        print("skipped: there is neither dpkg nor rpm on this machine")
        sys.exit(SKIPPED)
    unittest.main()
