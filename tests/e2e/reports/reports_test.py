#!/usr/bin/env python3
"""A week's report, made when the week is over by the clocks of collector and host, kept, and made
again from the evidence; and the terms of then, by which answers as of a moment are given."""
import datetime
import json
import pathlib
import signal
import sqlite3
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import await_that, clock_set_off, run_tests  # noqa: E402: found through the line above

LATER = "+8d"
WEEK = datetime.timedelta(days=7)


def ask(company, *words, code=0):
    return company.run("assay", *words, code=code, **clock_set_off(company.clock))


def told(company, *words, code=0):
    return json.loads(ask(company, *words, "-o", "json", code=code))


def in_store(company, sql):
    with sqlite3.connect(company.collector_state / "store.db", timeout=10) as database:
        rows = database.execute(sql).fetchall()
    database.close()
    return rows


def week_of(day):
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def weeks_that_end(company):
    """From that of the first snapshot to the last that is over eight days later; the latest first."""
    (first,), = in_store(company, "SELECT min(accepted_at) FROM snapshots")
    day = datetime.datetime.fromtimestamp(first, datetime.timezone.utc)
    now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=8)
    weeks = []
    while week_of(day) != week_of(now):
        weeks.insert(0, week_of(day))
        day += WEEK
    return weeks


def serve_later(company):
    company.clock = LATER
    company.serve(LATER)


def fsck(company, code=0):
    return json.loads(company.run("assay-collector", "fsck", "--state", company.collector_state, "-o",
                                  "json", code=code))


def live(company):
    """A machine that was scanned, and again eight days later."""
    company.clock = None
    company.serve()
    company.enroll("web")
    company.login()
    company.scan_and_send("web")
    await_that(lambda: in_store(company, "SELECT 1 FROM marks WHERE revision > 0"), "it was not judged")
    company.end_collector()
    serve_later(company)
    assert told(company, "report", "list") == [], "no host has said yet that the week is over"
    assert "尚無週報" in ask(company, "report", "list", "--lang", "zh-TW")
    ask(company, "report", "show", "latest", code=1)
    company.run("assay-agent", "run", "--once", "--state", company.agent_state("web"),
                "--collector", company.listen, **clock_set_off(LATER))
    # What it looks for each minute it looks for at its start.
    company.end_collector()
    serve_later(company)
    weeks = weeks_that_end(company)
    await_that(lambda: len(told(company, "report", "list")) == len(weeks), "no report was made", 30)
    return weeks


def test_a_week_has_one_report_which_is_the_same_when_it_is_made_again(company):
    weeks = live(company)
    reports = told(company, "report", "list")
    assert [report["week"] for report in reports] == weeks, (reports, weeks)
    week = weeks[-1]
    report = told(company, "report", "show", week)
    assert report["week"] == week and report["summary"]["new"] > 0, report["summary"]
    assert report["summary"]["causes"] == {"new_host": report["summary"]["new"]}, report["summary"]
    assert [host["enrolled_in_period"] for host in report["hosts"]] == [True], report["hosts"]
    assert all(one["before"]["hosts"] == 0 and one["after"]["hosts"] == 1
               for one in report["frameworks"]), report["frameworks"]
    text = ask(company, "report", "show", week, "--lang", "zh-TW")
    assert text.startswith(f"週報 {week}：") and "期末符合率" in text, text
    assert "Weekly report " + weeks[0] in ask(company, "report", "show", "latest", "--lang", "en")
    assert ask(company, "report", "show", week, "-o", "csv").count("\n") > report["summary"]["new"]

    checked = told(company, "report", "check", week)
    assert checked["is_same"] and checked["sha256"] == checked["kept_sha256"], checked
    in_ledger = in_store(company, "SELECT record FROM acts WHERE kind = 'report_made'")
    assert len(in_ledger) == len(weeks), in_ledger
    # It goes on, and so does what is known.
    company.run("assay-agent", "run", "--once", "--state", company.agent_state("web"),
                "--collector", company.listen, **clock_set_off(LATER))
    company.run("assay-collector", "agent", "revoke", report["hosts"][0]["id"], "--state",
                company.collector_state, **clock_set_off(LATER))
    assert told(company, "report", "check", week)["again_sha256"] == checked["sha256"]
    assert "與製作當時完全一致" in ask(company, "report", "check", "latest", "--lang", "zh-TW")
    key = company.run("assay-collector", "ledger", "key", "--state", company.collector_state).strip()
    assert told(company, "verify", "--collector", "--ledger-key", key)["good"]
    assert fsck(company)["good"] and fsck(company)["read"]["reports"] == len(weeks)


def test_what_was_altered_since_is_found(company):
    week = live(company)[-1]
    company.end_collector()
    in_store(company, "UPDATE hosts SET enrolled_at = enrolled_at - 86400 * 30")
    serve_later(company)
    checked = told(company, "report", "check", week, code=65)
    assert not checked["is_same"] and checked["kept_sha256"] == checked["sha256"], checked
    assert "is NOT what it was" in ask(company, "report", "check", week, "--lang", "en", code=65)
    company.end_collector()
    in_store(company, "UPDATE hosts SET enrolled_at = enrolled_at + 86400 * 30")
    in_store(company, f"UPDATE reports SET digest = zeroblob(32) WHERE week = '{week}'")
    damaged = [one["subject"]["en"] for one in fsck(company, 65)["damaged"]]
    assert f"report {week}" in damaged and any(one.startswith("ledger entry") for one in damaged), damaged
    serve_later(company)
    ask(company, "report", "show", week, code=1)
    assert "not what was stored" in company.errors, company.errors


def test_answers_are_by_the_terms_of_then(company):
    company.clock = None
    settings = company.collector_state / "collector.yaml"
    settings.write_text("organisation: {grade: A}\nreports: {weekly: false}\n")
    company.serve()
    company.enroll("web")
    company.login()
    company.scan_and_send("web")
    await_that(lambda: in_store(company, "SELECT 1 FROM marks WHERE revision > 0"), "it was not judged")
    moment = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def controls(*as_of):
        return told(company, "controls", "--framework", "csma-plan", *as_of)

    before = controls("--as-of", moment)
    time.sleep(1.1)
    settings.write_text("organisation: {grade: D, kinds: []}\nstale_after_days: 3\nreports: {weekly: false}\n")
    rows = "SELECT stale_after, grade, kinds FROM terms ORDER BY number"
    for _ in range(2):  # the second time nothing has changed
        company.collector.send_signal(signal.SIGHUP)
        await_that(lambda: controls() != before, "the settings were not taken")
    assert in_store(company, rows) == [(7 * 86400, "A", None), (3 * 86400, "D", ",")]
    assert controls("--as-of", moment) == before
    company.end_collector()
    company.serve()
    assert len(in_store(company, rows)) == 2, "nothing has changed"
    assert controls("--as-of", moment) == before and controls() != before
    kinds = [kind for kind, in in_store(company, "SELECT kind FROM acts ORDER BY number")]
    assert [kind for kind in kinds if kind not in ("token_made", "host_enrolled")] == ["terms_set"] * 2, kinds
    assert fsck(company)["good"]


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
