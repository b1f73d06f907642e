#!/usr/bin/env python3
"""What people record, end to end: a register from a spreadsheet, and an allow-list that is learnt,
then meets a new package, and is mended."""
import csv
import io
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import await_that, run_tests  # noqa: E402: found through the line above

NEW_PACKAGE = """
Package: surprise
Status: install ok installed
Maintainer: Nobody <nobody@example.com>
Architecture: amd64
Version: 6.6-1
Description: was not there when the list was learnt
"""


def start(company):
    company.serve()
    company.enroll("web")
    company.scan_and_send("web")
    company.login()
    await_that(lambda: verdict(company) == "unknown", "it was not judged", 30)


def the_host(company):
    return company.json("assay", "hosts", "-o", "json")[0]


def verdict(company):
    """What ALLOW-DEB says of the host; None before it was judged."""
    told = company.json("assay", "explain", "ALLOW-DEB", "--host", the_host(company)["id"],
                        "-o", "json")["verdicts"]
    return told[0]["state"] if told else None


def test_learn_meet_a_new_package_approve_pass(company):
    start(company)
    host = the_host(company)["id"]
    learn = ("assay", "allowlist", "learn", "--from", host, "--kind", "deb")
    proposed = company.json(*learn, "-o", "json")
    assert len(proposed["items"]) > 50 and proposed["applied"] is None, len(proposed["items"])
    applied = company.json(*learn, "--apply", "--note", "golden image", "-o", "json")["applied"]
    assert applied["added"] == len(proposed["items"]), applied
    await_that(lambda: verdict(company) == "pass", "what was learnt is not approved", 30)
    review = ("assay", "allowlist", "review", "--kind", "deb", "-o", "json")
    assert company.json(*review)["items"] == []

    company.scan_with_package("web", NEW_PACKAGE)
    await_that(lambda: verdict(company) == "fail", "the new package was not noticed", 30)
    queue = company.json(*review)["items"]
    assert [item["name"] for item in queue] == ["surprise"], queue
    assert queue[0]["versions"] == ["6.6-1"] and queue[0]["host_count"] == 1, queue
    assert queue[0]["first_seen"] and queue[0]["installed_at"] is None, queue
    assert queue[0]["installed_reason"]["zh-TW"], queue
    text = company.run("assay", "allowlist", "review", "--kind", "deb", "--lang", "zh-TW")
    assert "surprise" in text and "1 項未核准" in text, text

    company.run("assay", "allowlist", "approve", "deb", "surprise", "--version", "6.6-1",
                "--note", "change 118")
    await_that(lambda: verdict(company) == "pass", "what is approved still fails", 30)
    approval = [item for item in company.json("assay", "allowlist", "list", "-o", "json")
                if item["row"]["name"] == "surprise"][0]
    assert approval["note"] == "change 118" and approval["approved_by"], approval
    company.run("assay", "allowlist", "withdraw", approval["id"], "--note", "a mistake")
    await_that(lambda: verdict(company) == "fail", "what is withdrawn still counts", 30)


def test_an_export_judges_like_the_approvals(company):
    start(company)
    company.run("assay", "allowlist", "learn", "--from", the_host(company)["id"], "--kind", "deb",
                "--apply", "--note", 'golden: "image" # 7')
    content = company.folder / "content"
    content.mkdir()
    (content / "allowlist.yaml").write_text(company.run("assay", "allowlist", "export"))
    company.run("assay", "check", "lint", content)
    company.end_collector()
    (company.collector_state / "collector.yaml").write_text(f"content: {content}\n")
    company.serve()
    company.login()
    for item in company.json("assay", "allowlist", "list", "-o", "json"):
        assert item["state"] == "in_force", item
    ids = [item["id"] for item in company.json("assay", "allowlist", "list", "-o", "json")]
    company.run("assay", "allowlist", "withdraw", *ids, "--note", "it is in the file now")
    await_that(lambda: verdict(company) == "pass", "the file's rows are not those of the list", 30)


def test_a_register_goes_out_to_a_spreadsheet_and_comes_back(company):
    start(company)
    host = the_host(company)
    sheet = company.folder / "assets.csv"
    sheet.write_text("\ufeff主機;擁有者;核心資通系統;存放位置;主機群組\r\n"
                     f"{host['name']};陳美玲;是;=1+1;\"web;dmz\"\r\n", encoding="utf-8")
    dry = company.json("assay", "register", "import", sheet, "--dry-run", "-o", "json")
    assert dry["dry_run"] and len(dry["changed"]) == 1, dry
    assert company.json("assay", "register", "show", host["id"], "-o", "json")["fields"] == {}
    company.run("assay", "register", "import", sheet)
    company.run("assay", "register", "set", host["id"], "zone=dmz", "--note", "plan of 2026")
    entry = company.json("assay", "register", "show", host["id"], "-o", "json")
    assert entry["fields"] == {"owner": "陳美玲", "location": "=1+1", "zone": "dmz", "is_core": 1}
    assert entry["groups"] == ["dmz", "web"] and entry["note"] == "plan of 2026", entry

    form = company.run("assay", "register", "export", "-o", "csv", "--lang", "zh-TW")
    rows = list(csv.DictReader(io.StringIO(form.removeprefix("\ufeff"))))
    assert rows[0]["擁有者"] == "陳美玲" and rows[0]["核心資通系統"] == "是", rows
    assert rows[0]["存放位置"] == "'=1+1", "a formula leaves the file as a text"
    assert rows[0]["作業系統"], rows
    again = company.folder / "again.csv"
    again.write_text(form, encoding="utf-8")
    back = company.json("assay", "register", "import", again, "-o", "json")
    assert back["unchanged"] == 1 and back["changed"] == [], back

    again.write_bytes("host,owner\n".encode() + "主機,陳".encode("big5") + b"\n")
    company.run("assay", "register", "import", again, code=65)
    assert "line 2: not UTF-8" in company.errors, company.errors
    history = company.json("assay", "register", "history", host["id"], "-o", "json")
    assert [len(entry["changes"]) for entry in history] == [1, 4], history
    groups = company.json("assay", "posture", "--by", "group", "-o", "json")
    assert {item["name"] for item in groups} == {"web", "dmz"}, groups


def test_many_rows_are_taken_and_too_many_refused(company):
    start(company)
    sheet = company.folder / "many.csv"
    lines = ["host,owner"] + [f"host-{number},somebody" for number in range(100_000)]
    sheet.write_text("\n".join(lines) + "\n")
    begin = time.monotonic()
    answer = company.json("assay", "register", "import", sheet, "--dry-run", "-o", "json")
    assert len(answer["unmatched"]) == 100_000 and answer["changed"] == [], answer["rows"]
    print(f"     100,000 rows in {time.monotonic() - begin:.1f} s")
    sheet.write_text("\n".join(lines) + "\none-more,somebody\n")
    company.run("assay", "register", "import", sheet, code=65)
    assert "more than 100000 rows" in company.errors, company.errors


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
