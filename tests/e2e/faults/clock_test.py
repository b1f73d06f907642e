#!/usr/bin/env python3
"""Clocks that are a year wrong: the collector's, while it serves; a machine's; and two machines that
are one. What cannot be delivered waits, what was acknowledged stays, and somebody is told."""
import json
import pathlib
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
from aftermath import events, expect_all_there, fsck, host_id, sequences  # noqa: E402
from company import all_logged, await_that, clock_set_off, run_tests  # noqa: E402

YEAR_BACK, YEAR_AHEAD = "-365d", "+365d"


def doctor(company, subject, clock=None):
    lines = json.loads(company.run("assay-collector", "doctor", "--state", company.collector_state,
                                   "-o", "json", code=None, **clock_set_off(clock)))
    return next((line["kind"], line["said"]["en"]) for line in lines if line["subject"] == subject)


class SettableClock:
    """Of the programs that start while it is in force: it can be set while they run."""

    def __init__(self, company):
        self.company = company
        self.file = company.folder / "clock"
        self.set("+0d")

    def set(self, by):
        new = self.file.with_suffix(".new")
        new.write_text(by + "\n")
        new.rename(self.file)

    def serve(self):
        """Starts the collector by this clock."""
        more = clock_set_off("+0d") | {"FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_NO_CACHE": "1"}
        del more["FAKETIME"]
        before = self.company.environment
        self.company.environment = before | more
        try:
            self.company.serve()
        finally:
            self.company.environment = before


def scan_by(company, name, clock, code):
    company.run("assay-agent", "run", "--once", "--state", company.agent_state(name), "--collector",
                company.listen, code=code, **clock_set_off(clock))


def test_a_collector_whose_clock_is_set_back_a_year_takes_nothing_until_it_is_right(company):
    clock = SettableClock(company)
    clock.serve()
    for name in ("web", "mail"):
        company.enroll(name)
        company.scan_and_send(name)
    company.login()
    await_that(lambda: all_logged(fsck(company), 2), "it was not logged")
    resident = subprocess.Popen(
        ["assay-agent", "run", "--state", str(company.agent_state("mail")), "--collector",
         company.listen], env=company.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_that(lambda: company.courier_status("mail")["connected"], "it did not attach", 30)
        clock.set(YEAR_BACK)
        # No certificate of a machine is valid yet.
        for _ in range(2):
            company.scan_and_send("web", 1)
            assert "cannot be reached" in company.errors or "not yet valid" in company.errors, (
                company.errors)
        assert company.courier_status("web")["spooled"] == 2, company.courier_status("web")
        # On the connection that was open before, too.
        company.run("assay", "scan", host_id(company, "mail"), code=None)
        kind, said = doctor(company, "clock", YEAR_BACK)
        assert kind == "trouble" and "set back" in said, said
        company.run("assay-collector", "prune", "--state", company.collector_state, code=None,
                    **clock_set_off(YEAR_BACK))
        assert company.collector.poll() is None
        time.sleep(2)
        clock.set("+0d")
        company.scan_and_send("web")
        asked = host_id(company, "mail")
        await_that(lambda: company.succeeds("assay", "scan", asked), "it does not come back", 60)
    finally:
        resident.terminate()
        resident.wait(timeout=30)
    company.scan_and_send("mail")
    expect_all_there(company, {"web": 4, "mail": len(sequences(company, asked))})
    times = [each["accepted_at"] for each in company.json("assay", "evidence", "list",
                                                       host_id(company, "web"), "-o", "json")]
    assert times == sorted(times, reverse=True), times
    assert doctor(company, "clock")[0] == "good"


def test_a_machine_whose_clock_is_a_year_wrong_is_heard_when_it_is_right_again(company):
    company.serve()
    for name in ("web", "mail"):
        company.enroll(name)
        company.scan_and_send(name)
    company.login()
    # The collector's certificate is not valid yet, by this clock.
    scan_by(company, "web", YEAR_BACK, 1)
    assert "cannot be reached" in company.errors, company.errors
    assert company.courier_status("web")["spooled"] == 1, company.courier_status("web")
    # It is mended; what was scanned before keeps the time that it was given.
    company.scan_and_send("web")
    scan_by(company, "web", YEAR_AHEAD, 0)
    company.scan_and_send("web")
    company.scan_and_send("mail")
    expect_all_there(company, {"web": 5, "mail": 2})
    web = host_id(company, "web")
    ledger_key = company.run("assay-collector", "ledger", "key", "--state",
                             company.collector_state).strip()
    company.json("assay", "verify", "--collector", "--ledger-key", ledger_key, "--all", "-o", "json")
    taken = sorted(each["ended"] for each in company.json("assay", "evidence", "list", web, "-o", "json"))
    assert int(taken[0][:4]) == int(taken[2][:4]) - 1 and int(taken[4][:4]) == int(taken[2][:4]) + 1, taken
    assert "2 clock" in events(company), events(company)


def test_two_machines_with_one_identity_are_told_and_the_first_goes_on(company):
    company.serve()
    for name in ("web", "mail"):
        company.enroll(name)
        company.scan_and_send(name)
    company.login()
    shutil.copytree(company.agent_state("web"), company.agent_state("clone"))
    company.scan_and_send("web")
    time.sleep(1.1)  # within one second the same machine would say the very same
    company.run("assay-agent", "run", "--once", "--state", company.agent_state("clone"), code=1)
    assert "fork" in company.errors, company.errors
    status = company.json("assay-agent", "status", "--state", company.agent_state("clone"), "-o", "json")
    assert status["spool"]["set_aside"] == 1, status
    company.scan_and_send("web")
    company.scan_and_send("web")
    company.run("assay-agent", "run", "--once", "--state", company.agent_state("clone"), code=1)
    # The machine that was copied goes on as if there were no other.
    company.scan_and_send("web")
    company.scan_and_send("mail")
    expect_all_there(company, {"web": 5, "mail": 2})
    assert "2 fork" in events(company), events(company)


if __name__ == "__main__":
    started = time.monotonic()
    code = run_tests(sys.modules[__name__], sys.argv[1])
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(code)
