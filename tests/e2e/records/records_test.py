#!/usr/bin/env python3
"""What people decide, end to end: waivers that somebody else approves and that end by themselves,
attestations with their files, plans to leave old software. The collector's clock is set forward
where a day has to pass."""
import datetime
import hashlib
import pathlib
import re
import sqlite3
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import await_that, run_tests  # noqa: E402: found through the line above

# From a vendor's repository, and past its end since 2024-02-29.
OLD_PACKAGE = """
Package: mongodb-org-server
Status: install ok installed
Maintainer: MongoDB Packaging <packaging@mongodb.com>
Architecture: amd64
Version: 4.4.29
Description: MongoDB database server
"""
# A rule that every Linux violates, and a document of two controls: one for it, one for people.
HOUSE = """
- id: HOUSE-ROOT
  title: {en: Root may log in, zh-TW: root 可登入}
  rationale: {en: Administrators use accounts of their own., zh-TW: 管理者應使用個人帳號。}
  severity: high
  key: [username]
  query: SELECT username, shell FROM users WHERE uid = 0
  remedy: {en: usermod --lock root, zh-TW: 執行 usermod --lock root}
  controls:
    - {control: "house:1", proves: full}
"""
CATALOGUE = """
framework: house
edition: "2026"
title: {en: House rules, zh-TW: 公司規定}
source: {en: House rules of Example Ltd, zh-TW: 範例公司規定}
controls_in_document: 2
controls:
  - id: "1"
    title: {en: Own accounts, zh-TW: 個人帳號}
    gist: {en: Administrators use accounts of their own, zh-TW: 管理者使用個人帳號}
    mode: automated
    location: {en: "Rule 1", zh-TW: 第一條}
  - id: "2"
    title: {en: Review by management, zh-TW: 管理審查}
    gist: {en: Management reviews the rules each year, zh-TW: 管理階層每年審查}
    mode: manual
    not_mapped: {en: The minutes are a document, zh-TW: 會議紀錄為文件}
    location: {en: "Rule 2", zh-TW: 第二條}
"""
LATER = "+4d"


def today(days=0):
    return (datetime.datetime.now(datetime.timezone.utc) +
            datetime.timedelta(days=days)).strftime("%Y-%m-%d")


def start(company, *hosts, clock=None):
    content = company.folder / "content"
    content.mkdir(exist_ok=True)
    (content / "house.yaml").write_text(HOUSE)
    (content / "catalogue.yaml").write_text(CATALOGUE)
    (company.collector_state / "collector.yaml").write_text(f"content: {content}\n")
    company.serve(clock)
    for host in hosts:
        company.enroll(host)
        company.scan_and_send(host)
    company.people = {"admin": company.admin_token}
    for name, role in (("lin", "operator"), ("Lin", "admin"), ("mei", "admin"), ("ann", "auditor")):
        company.people[f"{name}:{role}"] = company.token("--person", name, "--role", role)
    for who, token in company.people.items():
        company.run("assay", "login", f"https://{company.api}", ASSAY_TOKEN=token,
                    XDG_CONFIG_HOME=company.folder / who)
    await_that(lambda: len(hosts_of(company)) == len(hosts) and control(company, 1)["hosts"] ==
               {"fail": len(hosts)}, "they were not judged")


def later(company):
    """Some days pass: the same collector, by a clock that is ahead."""
    company.end_collector()
    company.serve(LATER)


def by(company, who, *words, code=0):
    return company.run("assay", *words, code=code, XDG_CONFIG_HOME=company.folder / who)


def told(company, *words, who="ann:auditor"):
    return company.json("assay", *words, "-o", "json", XDG_CONFIG_HOME=company.folder / who)


def hosts_of(company):
    return told(company, "hosts")


def control(company, number, framework="house", **more):
    items = told(company, "controls", "--framework", framework,
                 *(word for pair in more.items() for word in (f"--{pair[0]}", pair[1])))
    return next(item for item in items if item["id"] == str(number))


def findings(company, state, *more, check="HOUSE-ROOT"):
    return told(company, "findings", "--check", check, "--state", state, *more)


def request(company, *scope, until, who="lin:operator"):
    return told(company, "waiver", "request", "--check", "HOUSE-ROOT", "--reason",
                "to be replaced", "--measure", "console only", "--until", until, *scope,
                who=who)["id"]


def assert_audited(company, *acts):
    """The collector's log has a line for each act, in this order: (method, path, name, rest)."""
    log, at = (company.folder / "collector.log").read_text(), 0
    for method, path, name, rest in acts:
        line = re.compile(rf'audit: {method} "{path}" by "{name}" \(\w+, token \w+\) from '
                          rf'127.0.0.1: {rest}')
        found = line.search(log, at)
        assert found, (line.pattern, log[-3000:])
        at = found.end()


def verify_offline(company, host):
    """The evidence holds, without a network, whatever people have recorded beside it."""
    bundle = company.folder / f"{host['id']}.bundle"
    by(company, "ann:auditor", "evidence", "export", host["id"], "-o", bundle)
    company.end_collector()
    ca = company.collector_state / "identity/ca.pem"
    done = subprocess.run(["unshare", "--net", "assay", "verify", str(bundle), "--ca", str(ca)],
                          env=company.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_waiver_takes_two_people_and_ends_by_itself(company):
    start(company, "web")
    last = today(1)
    waiver = request(company, until=last)
    assert waiver == "W-1"
    assert findings(company, "waived") == [], "a request changes nothing"
    by(company, "lin:operator", "waiver", "approve", waiver, code=1)
    assert "your role is operator" in company.errors, company.errors
    by(company, "Lin:admin", "waiver", "approve", waiver, code=1)
    assert "somebody else has to approve" in company.errors, company.errors
    by(company, "Lin:admin", "waiver", "approve", waiver, "--lang", "zh-TW", code=1)
    assert company.errors == "assay：W-1 由 lin 申請，須由他人核准\n", company.errors
    by(company, "mei:admin", "waiver", "approve", waiver, "--note", "board of November")

    waived = findings(company, "waived")
    assert findings(company, "open") == [] and len(waived) == 1, waived
    assert waived[0]["state"] == "waived" and waived[0]["waivers"][0]["until"] == last, waived
    assert waived[0]["waivers"][0]["reason"] == "to be replaced", waived
    text = by(company, "ann:auditor", "findings", "--check", "HOUSE-ROOT", "--state", "waived",
              "--details", "--lang", "zh-TW")
    for word in (waiver, last, "to be replaced", "lin", "mei"):
        assert word in text, text
    assert control(company, 1)["state"] == "waived"
    house = next(item for item in told(company, "posture") if item["id"] == "house")
    assert house["score"] is None and house["controls"] == {"waived": 1, "manual": 1}, house

    later(company)
    await_that(lambda: findings(company, "open"), "it is not open again")
    assert findings(company, "waived") == [] and control(company, 1)["state"] == "fail"
    assert findings(company, "open")[0]["first_seen"] == waived[0]["first_seen"], "the same one"
    shown = told(company, "waiver", "show", waiver)
    assert shown["state"] == "ended" and shown["approver"]["name"] == "mei", shown
    assert [act["act"] for act in shown["history"]] == ["requested", "approved"], shown
    assert control(company, 1, **{"as-of": last})["state"] == "waived", "what held then is known"

    requested = "/api/v1/waivers"
    approved = "/api/v1/waivers/W-1/approve"
    assert_audited(company, ("POST", requested, "lin", f'201, "W-1 HOUSE-ROOT until {last}"'),
                   ("POST", approved, "lin", 403), ("POST", approved, "Lin", 403),
                   ("POST", approved, "mei", f'200, "W-1 HOUSE-ROOT until {last}"'))
    verify_offline(company, hosts_of(company)[0])


def test_a_waiver_of_a_group_follows_the_register(company):
    start(company, "web")
    host = hosts_of(company)[0]["id"]
    by(company, "lin:operator", "waiver", "request", "--check", "HOUSE-ROOT", "--group", "dmz",
       "--reason", "x", "--measure", "y", "--until", today(1), code=1)
    assert "no host is in group dmz" in company.errors, company.errors
    many = [word for number in range(5000) for word in ("--host", f"branch-{number:05}.example")]
    by(company, "lin:operator", "waiver", "request", "--check", "HOUSE-ROOT", *many,
       "--reason", "x", "--measure", "y", "--until", today(1), code=1)
    assert "no host branch-00000.example" in company.errors, company.errors
    listed = company.folder / "hosts.txt"
    listed.write_text(f"# the branch\n{host}  # its id\n")
    asked = request(company, "--hosts-from", listed, until=today(1))
    assert [one["id"] for one in told(company, "waiver", "show", asked)["hosts"]] == [host]
    by(company, "lin:operator", "register", "set", host, "groups=dmz")
    waiver = request(company, "--group", "dmz", until=today(1))
    by(company, "mei:admin", "waiver", "approve", waiver)
    assert control(company, 1)["state"] == "waived"
    assert "group dmz" in by(company, "ann:auditor", "waiver", "list"), "whom it covers"
    assert told(company, "waiver", "show", waiver)["findings"] == 1

    by(company, "lin:operator", "register", "set", host, "groups=office")
    assert len(findings(company, "open")) == 1 and control(company, 1)["state"] == "fail"
    assert told(company, "waiver", "show", waiver)["findings"] == 0
    by(company, "lin:operator", "register", "set", host, "groups=dmz,office")
    assert findings(company, "open") == [] and control(company, 1)["state"] == "waived"


def file_in_store(company, digest):
    """The bytes that the store keeps under a digest, by tools that are not ours."""
    with sqlite3.connect(f"file:{company.collector_state / 'store.db'}?mode=ro", uri=True) as store:
        (frame,) = store.execute("SELECT frame FROM files WHERE digest = ?",
                                 (bytes.fromhex(digest),)).fetchone()
    return subprocess.run(["zstd", "-dc"], input=frame, capture_output=True, check=True).stdout


def test_an_attestation_counts_with_its_file_until_its_last_day(company):
    start(company, "web")
    assert control(company, 2)["state"] == "manual"
    minutes = company.folder / "會議紀錄.txt"
    minutes.write_bytes(b"Present: all.\n" + bytes(range(256)) * 400)
    digest = hashlib.sha256(minutes.read_bytes()).hexdigest()
    last = today(1)
    recorded = told(company, "attest", "add", "house:2", "--statement", "Reviewed on 3 November",
                    "--owner", "CISO", "--until", last, "--file", str(minutes),
                    who="lin:operator")
    assert recorded["id"] == "ATT-1" and recorded["state"] == "in_force", recorded
    assert recorded["files"][0]["sha256"] == digest, recorded
    assert file_in_store(company, digest) == minutes.read_bytes(), "kept whole, by its digest"
    passed = control(company, 2)
    assert passed["state"] == "pass" and passed["attested"], passed
    assert passed["attestations"][0]["id"] == "ATT-1", passed

    fetched = company.folder / "fetched"
    by(company, "ann:auditor", "attest", "fetch", "ATT-1", minutes.name, "-o", fetched)
    assert fetched.read_bytes() == minutes.read_bytes()
    by(company, "ann:auditor", "attest", "withdraw", "ATT-1", code=1)
    assert "your role is auditor" in company.errors, company.errors
    minutes.write_bytes(b"another")
    by(company, "lin:operator", "attest", "attach", "ATT-1", minutes, code=1)
    assert "files are never replaced" in company.errors, company.errors

    later(company)
    assert control(company, 2)["state"] == "manual", "it counts no longer"
    shown = told(company, "attest", "show", "ATT-1")
    assert shown["state"] == "ended" and shown["files"][0]["sha256"] == digest, shown
    assert control(company, 2, **{"as-of": last})["state"] == "pass", "but it did then"
    by(company, "ann:auditor", "attest", "fetch", "ATT-1", minutes.name, "-o", fetched)

    one = "/api/v1/attestations/ATT-1"
    assert_audited(company,
                   ("POST", "/api/v1/attestations", "lin", f'201, "ATT-1 house:2 until {last}"'),
                   ("PUT", one + r"/files/[^/ ]+", "lin", 201),
                   ("POST", one + "/withdraw", "ann", 403),
                   ("PUT", one + r"/files/[^/ ]+", "lin", 409))
    verify_offline(company, hosts_of(company)[0])


def of_old_package(company, check):
    return [item for item in findings(company, "open", check=check)
            if item["row"]["package"] == "mongodb-org-server"]


def test_a_phase_out_plan_answers_for_old_software_until_its_day(company):
    start(company, "web")
    company.scan_with_package("web", OLD_PACKAGE)
    await_that(lambda: of_old_package(company, "EOL-PRODUCT-NO-PLAN"), "the old package was not noticed")
    assert control(company, "CC-17010 a(j)", "twse-securities")["state"] == "fail"
    by(company, "lin:operator", "phase-out", "add", "mongodb", "--cycle", "4.4",
       "--planned-until", today(1), "--measure", "segment of its own", "--note", "board of November")
    await_that(lambda: not of_old_package(company, "EOL-PRODUCT-NO-PLAN"), "the plan does not count")
    plan = next(fact for verdict in told(company, "explain", "EOL-PRODUCT-NO-PLAN", "--host",
                                         hosts_of(company)[0]["id"])["verdicts"]
                for fact in verdict["facts"] if fact["package"] == "mongodb-org-server")
    assert plan["planned_until"] == today(1) and plan["measure"] == "segment of its own", plan
    assert plan["approved_by"] == "lin", plan
    assert of_old_package(company, "EOL-PRODUCT"), "a plan makes no old software new"
    assert control(company, "CC-17010 a(j)", "twse-securities")["state"] == "fail"

    later(company)
    await_that(lambda: of_old_package(company, "EOL-PRODUCT-NO-PLAN"), "the plan's day has passed")
    assert of_old_package(company, "EOL-PRODUCT-NO-PLAN")[0]["row"]["plan"] == "plan overdue"
    assert_audited(company, ("POST", "/api/v1/approvals/phase_out_plans", "lin", '200, "1 rows"'))
    verify_offline(company, hosts_of(company)[0])


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
