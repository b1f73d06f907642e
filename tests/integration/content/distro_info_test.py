#!/usr/bin/env python3
"""The real debian.csv and ubuntu.csv become content, and the shipped rules judge by it to the day.

    distro_info_test.py BIN
"""
import csv
import datetime
import os
import pathlib
import subprocess
import sys
import tempfile

import yaml

BIN = pathlib.Path(sys.argv[1])
ASSAY, CONTENT = BIN / "assay", BIN.parent / "share/assay/content.json"
LISTS = [pathlib.Path("/usr/share/distro-info") / name for name in ("debian.csv", "ubuntu.csv")]
RETRIEVED = "2026-11-21"
NAMES = {"debian": "Debian GNU/Linux", "ubuntu": "Ubuntu"}


def run(*words):
    done = subprocess.run([ASSAY, *map(str, words)], capture_output=True, text=True,
                          env=os.environ | {"ASSAY_CONTENT": str(CONTENT), "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done


def expected():
    """(product, version) → (codename, end, extended end), read apart from the importer."""
    found, left_out = {}, set()
    for path in LISTS:
        for row in csv.DictReader(path.open()):
            version = (row["version"] or "").split(" ")[0]
            if not version or not row.get("release") or not row.get("eol"):
                left_out.add(version or row["series"])
                continue
            extended = row.get("eol-lts") or row.get("eol-esm")
            if not extended and (row.get("eol-server") or "") > row["eol"]:
                extended = row["eol-server"]
            if path.stem == "debian" and version in ("4.0", "5.0", "6.0"):
                version = version[0]
            found[path.stem, version] = (row["series"], row["eol"], extended)
    return found, left_out


def case(product, version, series, today, rule, verdict):
    platform = f'{{"name":"{NAMES[product]}","version":"{version}","platform":"{product}","codename":"{series}"}}'
    rows = '\n{"source":"distro-info-data","source_date":"%s"}' % RETRIEVED if verdict == "fail" else ""
    return (f"check {rule}\nprofile server\ntoday {today}\ntable os_version\n{platform}\n"
            f"expect {verdict}{rows}\n")


def cases(found):
    """On its last supported day a release passes; on the next it does not."""
    for (product, version), (series, end, extended) in found.items():
        last = datetime.date.fromisoformat(max(end, extended or ""))
        after = last + datetime.timedelta(days=1)
        yield case(product, version, series, last, "EOL-OS", "pass")
        yield case(product, version, series, after, "EOL-OS", "fail")
        if extended and extended > end:
            yield case(product, version, series, end, "EOL-OS-EXTENDED", "pass")
            after = datetime.date.fromisoformat(end) + datetime.timedelta(days=1)
            yield case(product, version, series, after, "EOL-OS-EXTENDED", "fail")


def main():
    found, left_out = expected()
    assert len(found) > 40, "the lists are shorter than they have ever been"
    with tempfile.TemporaryDirectory() as folder:
        own = pathlib.Path(folder) / "content.d"
        own.mkdir()
        done = run("content", "import", "distro-info", *LISTS, "--retrieved", RETRIEVED,
                   "-o", own / "releases.yaml")
        for name in left_out:
            assert name in done.stderr, (name, done.stderr)
        rows = yaml.safe_load((own / "releases.yaml").read_text())["rows"]
        seen = {(row["product"], row["cycle"]):
                (row["codename"], str(row["security_until"]),
                 str(row["extended_until"]) if "extended_until" in row else None) for row in rows}
        wanted = {key: (series, end, extended or None)
                  for key, (series, end, extended) in found.items()}
        assert seen == wanted, seen.items() ^ wanted.items()
        run("check", "lint", own)
        tests = pathlib.Path(folder) / "releases.test"
        tests.write_text("---\n".join(cases(found)))
        run("check", "test", tests, "--content", own)


main()
