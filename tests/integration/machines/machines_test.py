#!/usr/bin/env python3
"""The verdicts on passwords, accounts and end of life agree with truths that people worked out from
manual pages and sources, on machines of many kinds.

    machines_test.py BIN_FOLDER [NAME…]

Each machine of tests/fixtures/machines (see the README there) is unpacked, its evidence collected by
`assay-agent bundle --root` and judged by `assay check run` for the days and profiles of its truths,
and the verdicts compared, check by check. Then each truth is altered in every one of its statements: an alteration
that is not noticed is a statement that tests nothing, and fails, too. Without names, the number and
the kinds of machines are checked as well."""
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from machine_file import MachineError, read_machine, unpack
from truth import altered, compare

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "machines"
LEAST_MACHINES = 60
FAMILIES = {"debian": 10, "ubuntu": 5, "rhel": 10, "suse": 5, "alpine": 2, "amazon": 2}


def must(*command):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60,
                          env={**os.environ, "LC_ALL": "C"}, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise MachineError(f"{pathlib.Path(command[0]).name} {command[1]} ended with "
                           f"{done.returncode}: {done.stderr.strip()}")
    return done.stdout


def verdicts_of(programs, bundle, truth):
    return json.loads(must(programs / "assay", "check", "run", "--bundle", bundle, "--profile",
                           truth.profile, "--today", truth.today, "-o", "json"))


def collect(programs, machine, folder):
    """The bundle with the evidence of the machine."""
    root, settings, bundle = folder / "root", folder / "agent.yaml", folder / "evidence.bundle"
    root.mkdir()
    settings.write_text("profile: server\n")  # nothing of the settings of the machine under us
    unpack(machine, root)
    must(programs / "assay-agent", "bundle", "--root", root, "--settings", settings,
         "--state", folder / "state", "-o", bundle)
    return bundle


def judge(programs, path):
    """The complaints about one machine, and how many alterations of its truths were noticed."""
    complaints, noticed = [], 0
    try:
        machine = read_machine(path)
        with tempfile.TemporaryDirectory(prefix="assay-machine-") as folder:
            bundle = collect(programs, machine, pathlib.Path(folder))
            for truth in machine.truths:
                verdicts = verdicts_of(programs, bundle, truth)
                place = f"{path.name}:{truth.line} ({truth.today}, {truth.profile})"
                found = list(compare(verdicts, truth))
                complaints += [f"{place}: {what}" for what in found]
                for what, other in altered(truth) if not found else ():
                    noticed += 1
                    if not list(compare(verdicts, other)):
                        complaints.append(f"{place}: the same with {what}: it tests nothing")
    except MachineError as error:
        complaints.append(str(error) if path.name in str(error) else f"{path.name}: {error}")
    return complaints, noticed


def check_collection(paths):
    if len(paths) < LEAST_MACHINES:
        yield f"{len(paths)} machines, at least {LEAST_MACHINES} are wanted"
    for family, least in FAMILIES.items():
        number = sum(path.name.startswith(f"{family}-") for path in paths)
        if number < least:
            yield f"{number} machines {family}-…, at least {least} are wanted"
    for path in FOLDER.rglob("*"):
        if path.is_file() and path.suffix not in (".machine", ".base", ".md"):
            yield f"{path.name} is no machine, base or document"


def main(programs, names):
    paths = sorted(FOLDER.glob("*.machine"))
    if names:
        paths = [path for path in paths if path.stem in names]
        if len(paths) != len(set(names)):
            sys.exit(f"no such machine among: {' '.join(names)}")
    complaints = [] if names else list(check_collection(paths))
    noticed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for more, number in pool.map(lambda path: judge(programs, path), paths):
            complaints += more
            noticed += number
    for complaint in complaints:
        print(complaint)
    print(f"{len(paths)} machines, {noticed} altered truths noticed, {len(complaints)} complaints")
    return 1 if complaints or not noticed else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2:]))
