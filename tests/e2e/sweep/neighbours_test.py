#!/usr/bin/env python3
"""A resident agent checks its configured neighbours with its scan, and what it found is evidence at the collector."""
import json
import pathlib
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from company import run_tests  # noqa: E402: found through the line above


def table_of_last_scan(company, name):
    """The rows of a table in the snapshot that the collector has, as objects; and its entry in the manifest."""
    company.login()
    snapshot = company.json("assay", "evidence", "list", "-o", "json")[0]["id"]
    bundle = company.folder / "evidence.bundle"
    company.run("assay", "evidence", "export", snapshot, "-o", bundle)
    manifest = company.json("assay", "evidence", "show", snapshot, "-o", "json")["manifest"]
    entry, = [one for one in manifest["tables"] if one["name"] == name]
    if not entry.get("digest"):
        return entry, None
    words = ["tar", "-xOf", bundle, "--wildcards", f"*tables/{entry['digest']}.jsonl"]
    text = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=True).stdout
    head, *rows = text.splitlines()
    columns = [column[0] for column in json.loads(head)["columns"]]
    return entry, [dict(zip(columns, json.loads(row))) for row in rows]


def send(company, text):
    settings = company.folder / "agent.yaml"
    settings.write_text(text)
    settings.chmod(0o644)
    company.scan_and_send("web", 0, "--settings", settings)


def test_neighbours_are_part_of_the_evidence(company):
    company.serve()
    company.enroll("web")
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as other:
        port = listener.getsockname()[1]
        other.bind(("127.0.0.1", 0))
        closed = other.getsockname()[1]
        send(company, f"sweep:\n  neighbours: [127.0.0.1]\n  neighbour_ports: \"{port},{closed}\"\n")
    _, rows = table_of_last_scan(company, "reachable_ports")
    assert [(row["address"], row["port"], row["state"], row["role"]) for row in rows] == [
        ("127.0.0.1", port, "open", "neighbour")], rows
    _, rows = table_of_last_scan(company, "sweeps")
    assert [(row["asked"], row["open"], row["closed"]) for row in rows] == [(2, 1, 1)], rows


def test_a_check_that_cannot_be_made_is_evidence_as_well(company):
    company.serve()
    company.enroll("web")
    send(company, "sweep:\n  neighbours: [127.0.0.1]\n  exclude: [127.0.0.0/8]\n")
    entry, rows = table_of_last_scan(company, "reachable_ports")
    assert rows is None and "every target is excluded" in entry["reason"], entry


sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
