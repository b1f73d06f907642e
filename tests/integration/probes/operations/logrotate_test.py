#!/usr/bin/env python3
"""Rotation in the table logging against what logrotate itself says it would do."""
import re
import subprocess

import namespace

MIXED = """\
weekly
rotate 4
compress
include {folder}/logrotate.d
# what comes later does not count for what was included
rotate 9
/nowhere/late.log {{
    monthly
    missingok
}}
"""
INCLUDED = {
    "a": '"/nowhere/with blank.log" /nowhere/b.log\n/nowhere/c*.log\n{\n  daily\n  rotate 180\n  missingok\n'
         '  postrotate\n    rotate 7\n  }\n  endscript\n}\n',
    "b": "/nowhere/d.log {\n  yearly\n  rotate=2\n  missingok\n}\n",
    "b.dpkg-old": "/nowhere/old.log {\n  daily\n}\n",
}
PATTERN = re.compile(r"^rotating pattern: (.*?) +(hourly|daily|weekly|monthly|yearly|after \d+ days|"
                     r"\d+ bytes|forced from command line) \((?:(\d+) rotations|no old logs will be kept)\)", re.M | re.S)
DAYS = {"daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}


def said_by_logrotate(path):
    done = subprocess.run(["logrotate", "-d", path], capture_output=True, text=True, check=False)
    found = PATTERN.findall(done.stderr + done.stdout)
    assert found, done.stderr
    return sorted((pattern.rstrip(), when, int(count or 0)) for pattern, when, count in found)


def compare(machine, path):
    rows = machine.rows("SELECT target, value, text, note FROM logging WHERE component = 'logrotate' AND "
                        "setting = 'retention_days' AND text NOT LIKE 'unlimited%'")
    ours = {row["target"]: row for row in rows}
    expected = said_by_logrotate(path)
    for patterns, when, count in expected:
        # logrotate prints the patterns of a block in one line, each with its blanks escaped or not.
        for name, row in ours.items():
            if name not in patterns or when not in DAYS:
                continue
            if patterns.split() == [name] or name in patterns.split() or f'"{name}"' in patterns:
                # A log that may be rotated before its time is kept for no known number of days.
                expected_days = None if "maxsize" in (row["note"] or "") else DAYS[when] * count
                assert row["value"] == expected_days, (name, row, when, count)
    blocks = " ".join(patterns for patterns, _, _ in expected)
    for name in ours:
        assert name in blocks, (name, blocks)
    for patterns, _, _ in expected:
        assert any(name in patterns for name in ours), patterns


def test_this_machine(machine):
    compare(machine, "/etc/logrotate.conf")


def test_mixed_forms(machine):
    folder = machine.folder / "logrotate.d"
    folder.mkdir()
    for name, text in INCLUDED.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o644)
    machine.cover("/etc/logrotate.conf", MIXED.format(folder=machine.folder))
    compare(machine, "/etc/logrotate.conf")
    rows = machine.rows("SELECT target, value FROM logging WHERE component = 'logrotate' AND "
                        "setting = 'retention_days' AND target LIKE '/nowhere/%' ORDER BY target")
    assert {row["target"]: row["value"] for row in rows} == {
        "/nowhere/with blank.log": 180, "/nowhere/b.log": 180, "/nowhere/c*.log": 180, "/nowhere/d.log": 730,
        "/nowhere/late.log": 270}, rows


namespace.need("/usr/sbin/logrotate")
namespace.enter()
namespace.run(globals())
