#!/usr/bin/env python3
"""Six years later: what need not be kept any longer goes, by the clock of a collector that can be
trusted, and what stays is whole, proven, and told apart from what was lost."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import all_logged, await_that, clock_set_off, run_tests  # noqa: E402: found through the line above

SIX_YEARS = "+2192d"
OLD_PACKAGE = ("Package: assay-test-game\nStatus: install ok installed\nMaintainer: nobody\n"
               "Architecture: all\nVersion: 1.0\nDescription: a game\n")


def collector(company, *words, code=0, clock=None):
    return company.run("assay-collector", *words, "--state", company.collector_state, code=code,
                       **clock_set_off(clock))


def fsck(company, code=0):
    return json.loads(collector(company, "fsck", "-o", "json", code=code))


def live(company):
    """A machine that is scanned three times, and another one six years later."""
    # A year of weekly reports would come into the ledger meanwhile.
    with open(company.collector_state / "collector.yaml", "a", encoding="utf-8") as settings:
        settings.write("reports: {weekly: false}\n")
    company.serve()
    company.enroll("web")
    company.login()
    company.scan_and_send("web")
    company.scan_with_package("web", OLD_PACKAGE)
    company.scan_and_send("web")
    await_that(lambda: all_logged(fsck(company), 3), "it was not logged")
    company.end_collector()
    company.serve(SIX_YEARS)
    later = clock_set_off(SIX_YEARS)
    company.run("assay-agent", "enroll", "--state", company.agent_state("db"), "--collector",
                company.listen, ASSAY_TOKEN=token_of(company, SIX_YEARS), **later)
    company.run("assay-agent", "run", "--once", "--state", company.agent_state("db"),
                "--collector", company.listen, **later)
    await_that(lambda: all_logged(fsck(company), 4), "it was not logged")


def token_of(company, clock):
    return json.loads(collector(company, "token", "create", "-o", "json", clock=clock))["token"]


def test_what_is_older_than_it_must_be_kept_goes_and_the_rest_is_proven(company):
    live(company)
    later = clock_set_off(SIX_YEARS)
    would = json.loads(collector(company, "prune", "--dry-run", "-o", "json", clock=SIX_YEARS))
    # Not the first, which the last one is kept as a difference to.
    assert would["would_remove"]["snapshots"] == 1, would
    assert would["would_remove"]["tables"] > 0, would
    assert fsck(company)["read"]["removed"] == 0
    # While it serves.
    did = json.loads(collector(company, "prune", "-o", "json", clock=SIX_YEARS))
    assert did["removed"]["snapshots"] == 1, did
    assert did["removed"]["tables"] == would["would_remove"]["tables"], (would, did)
    answer = fsck(company)
    assert answer["good"], answer["damaged"]
    assert answer["read"]["removed"] == 1 and answer["read"]["snapshots"] == 4, answer
    assert answer["read"]["ledger_entries"] == 4 + company.acts(), answer
    text = collector(company, "fsck", "--lang", "zh-TW")
    assert "1 份快照已於保存期限屆滿後移除" in text, text
    assert "沒有超過保存期限的資料" in collector(company, "prune", "--lang", "zh-TW", clock=SIX_YEARS)

    snapshots = company.json("assay", "evidence", "list", "-o", "json", **later)
    assert len(snapshots) == 2, snapshots
    web = next(item["host"] for item in snapshots if item["sequence"] == 3)
    of_web = company.json("assay", "evidence", "list", web, "-o", "json", **later)
    assert [item["removed_at"] is None for item in of_web] == [True, False, True], of_web
    company.json("assay", "evidence", "show", of_web[2]["id"], "-o", "json", **later)
    company.run("assay", "evidence", "show", of_web[1]["id"], code=1, **later)
    assert "its retention was over" in company.errors, company.errors
    # What it kept is as good as ever.
    bundle, key = company.folder / "kept.bundle", collector(company, "ledger", "key").strip()
    company.run("assay", "evidence", "export", web, "-o", bundle, **later)
    verdict = company.json("assay", "verify", bundle, "--ledger-key", key, "-o", "json")
    assert verdict["good"], verdict
    # Nor does an auditor who looks from outside take it for a loss, or for something he has seen.
    seen = company.json("assay", "verify", "--collector", "--ledger-key", key, "--all", "-o", "json",
                        **later)
    assert seen["good"] and not seen["complete"] and seen["ledger"]["looked_at"] == 3, seen
    assert any("1 are in the ledger, but removed" in entry["detail"]["en"]
               for entry in seen["entries"]), seen
    # And the machine that is there goes on.
    company.run("assay-agent", "run", "--once", "--state", company.agent_state("db"),
                "--collector", company.listen, **later)
    await_that(lambda: all_logged(fsck(company), 5), "it was not logged")


def test_a_clock_that_ran_ahead_removes_nothing(company):
    company.serve()
    company.enroll("web")
    for _ in range(2):
        company.scan_and_send("web")
    collector(company, "prune", code=1, clock=SIX_YEARS)
    assert "no host was heard of in the last 31 days" in company.errors, company.errors
    collector(company, "prune", "--lang", "zh-TW", code=1, clock=SIX_YEARS)
    assert "因此不移除任何資料" in company.errors, company.errors
    assert fsck(company)["read"]["removed"] == 0
    assert "Nothing is older" in collector(company, "prune")


def test_terms_that_cannot_be_are_refused(company):
    company.serve()
    path = company.collector_state / "collector.yaml"
    path.write_text("retention: {frameworks: {no-such-rules: 7}}\n")
    collector(company, "prune", "--dry-run", code=78)
    assert "there is no framework no-such-rules" in company.errors, company.errors
    path.write_text("retention: {years: 6, frameworks: {idb-isp: 5}}\n")
    collector(company, "prune", "--dry-run", code=78)
    assert "not less than for all frameworks" in company.errors, company.errors
    path.write_text("retention: {years: 0}\n")
    collector(company, "prune", "--dry-run", code=78)
    path.write_text("retention: {years: 6, frameworks: {idb-isp: 7}}\n")
    assert "Nothing is older" in collector(company, "prune", "--dry-run")


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
