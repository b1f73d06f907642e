#!/usr/bin/env python3
"""What hosts are judged by is renewed while the collector runs: by a file, and by a signed bundle.
What is bad changes nothing and is told."""
import json
import pathlib
import signal
import ssl
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import await_that, run_tests  # noqa: E402: found through the line above

RULE = """
- id: LOCAL-ROOT
  title: {{en: Root is there, zh-TW: 有 root 帳號}}
  rationale: {{en: To tell contents apart., zh-TW: 用以分辨內容。}}
  severity: low
  key: [username]
  query: SELECT username FROM users WHERE uid = 0 AND {condition}
  remedy: {{en: None., zh-TW: 無。}}
"""
CYCLES = """
table: eol_cycles
source: Example Ltd
retrieved: {retrieved}
rows:
  - {{product: debian, cycle: "12", security_until: 2031-01-01}}
"""
CATALOGUE = """
framework: test
edition: "1"
title: {en: T, zh-TW: 標題}
source: {en: S, zh-TW: 來源}
controls_in_document: 1
controls: []
"""


def start(company):
    """A collector with a content folder of its own, and one machine that was judged."""
    company.own = company.folder / "own"
    company.trust = company.folder / "trust"
    for folder in (company.own, company.trust):
        folder.mkdir()
    (company.own / "local.yaml").write_text(RULE.format(condition="username = 'nobody else'"))
    (company.collector_state / "collector.yaml").write_text(
        f"content: {company.own}\ncontent_trust: {company.trust}\n")
    company.serve()
    company.enroll("web")
    company.scan_and_send("web")
    company.login()
    await_that(lambda: verdict(company) == "pass", "it was not judged")


def verdict(company, check="LOCAL-ROOT"):
    """None where the content has no such check, or the host was not judged by it."""
    host = company.json("assay", "hosts", "-o", "json")[0]["id"]
    told = subprocess.run(["assay", "explain", check, "--host", host, "-o", "json"],
                          env=company.environment, capture_output=True, text=True, timeout=60)
    verdicts = json.loads(told.stdout)["verdicts"] if told.returncode == 0 else []
    return verdicts[0]["state"] if verdicts else None


def hang_up(company):
    company.collector.send_signal(signal.SIGHUP)


def show(company, *more):
    return company.json("assay-collector", "content", "show", "--state", company.collector_state,
                        "-o", "json", *more)


def api(company):
    """What the API tells of the content."""
    tls = ssl.create_default_context(
        cafile=str(company.collector_state / "identity" / "ca.pem"))
    request = urllib.request.Request(f"https://{company.api}/api/v1/content", headers={
        "Authorization": "Bearer " + company.admin_token.split(".")[0]})
    with urllib.request.urlopen(request, context=tls, timeout=30) as answer:
        return json.load(answer)


def log(company):
    return (company.folder / "collector.log").read_text()


def maker(company, name, between=None):
    """A key and certificate to sign content with."""
    key, certificate = company.folder / f"{name}.key", company.folder / f"{name}.pem"
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key],
                   check=True, capture_output=True, timeout=60)
    request = company.folder / f"{name}.csr"
    subprocess.run(["openssl", "req", "-new", "-key", key, "-subj", f"/CN={name}", "-out", request],
                   check=True, capture_output=True, timeout=60)
    if between:
        sign_between(company, name, key, request, certificate, *between)
    else:
        subprocess.run(["openssl", "x509", "-req", "-in", request, "-signkey", key, "-days", "30",
                        "-out", certificate], check=True, capture_output=True, timeout=60)
    return key, certificate


def sign_between(company, name, key, request, certificate, begin, end):
    folder = company.folder / f"{name}-ca"
    folder.mkdir()
    (folder / "index.txt").touch()
    (folder / "serial").write_text("01\n")
    settings = folder / "ca.cnf"
    settings.write_text(
        f"[ca]\ndefault_ca=it\n[it]\ndatabase={folder}/index.txt\nserial={folder}/serial\n"
        f"new_certs_dir={folder}\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n")
    subprocess.run(["openssl", "ca", "-batch", "-config", settings, "-selfsign", "-keyfile", key,
                    "-in", request, "-startdate", begin, "-enddate", end, "-out", certificate,
                    "-notext"], check=True, capture_output=True, timeout=60)


def pack(company, signer, condition, name="content.bundle", valid_days=30, retrieved=None):
    folder = company.folder / f"source-of-{name}"
    folder.mkdir(exist_ok=True)
    (folder / "catalogue.yaml").write_text(CATALOGUE)
    (folder / "rule.yaml").write_text(RULE.format(condition=condition))
    (folder / "cycles.yaml").write_text(
        CYCLES.format(retrieved=retrieved or time.strftime("%Y-%m-%d", time.gmtime())))
    bundle = company.folder / name
    company.run("assay", "content", "pack", folder, "--key", signer[0], "--certificate", signer[1],
                "--title", "Head office", "--valid-days", valid_days, "--to", bundle)
    return bundle


def install(company, bundle, *more, code=0):
    return company.run("assay-collector", "content", "install", bundle, "--state",
                       company.collector_state, *more, code=code)


def test_a_file_that_changes_is_taken_up_by_itself(company):
    start(company)
    before = api(company)
    assert before["state"] == "in_force" and before["failure"] is None, before
    assert before["own_files"] == [str(company.own / "local.yaml")], before
    (company.own / "local.yaml").write_text(RULE.format(condition="username = 'root'"))
    await_that(lambda: verdict(company) == "fail", "nobody looked at the files")
    after = api(company)
    assert after["digest"] != before["digest"], after
    assert show(company)["digest"] == after["digest"] and show(company)["is_running"]


def test_bad_content_changes_nothing_and_is_told(company):
    start(company)
    before = api(company)
    bad = company.own / "local.yaml"
    bad.write_text(RULE.format(condition="usernam = 'root'"))
    hang_up(company)
    await_that(lambda: api(company)["state"] == "last_good", "it does not tell")
    told = api(company)
    assert told["digest"] == before["digest"] and verdict(company) == "pass", told
    assert told["failure"]["file"] == str(bad) and told["failure"]["line"] == 7, told
    assert "no such column: usernam" in told["failure"]["reason"], told
    hang_up(company)
    hang_up(company)
    time.sleep(2)
    assert log(company).count("no such column: usernam") == 1, log(company)
    text = company.run("assay-collector", "content", "show", "--state", company.collector_state,
                       "--lang", "zh-TW")
    assert "沿用最後一份正確的內容" in text and f"{bad}:7:" in text, text

    # The collector ends, and starts again while the file is still bad.
    company.end_collector()
    assert not show(company)["is_running"]
    company.serve()
    company.login()
    told = api(company)
    assert told["digest"] == before["digest"] and told["source"]["is_kept_copy"], told
    assert "judging by the last good content" in log(company)
    assert verdict(company) == "pass"

    bad.write_text(RULE.format(condition="username = 'root'"))
    hang_up(company)
    await_that(lambda: verdict(company) == "fail", "what is good again is not taken up")
    assert api(company)["failure"] is None and not api(company)["source"]["is_kept_copy"]


def test_with_bad_content_from_the_beginning_it_does_not_start(company):
    own = company.folder / "own"
    own.mkdir()
    (own / "a.yaml").write_text("- id: 5\n")
    (company.collector_state / "collector.yaml").write_text(f"content: {own}\n")
    company.run("assay-collector", "serve", "--state", company.collector_state, code=78)
    assert f"{own / 'a.yaml'}:1:" in company.errors, company.errors


def test_a_signed_bundle_is_installed_and_judged_by(company):
    start(company)
    (company.own / "local.yaml").unlink()
    head_office = maker(company, "head-office")
    bundle = pack(company, head_office, "username = 'root'")
    install(company, bundle, code=78)
    assert "nobody is trusted" in company.errors, company.errors
    (company.trust / "head-office.pem").write_text(head_office[1].read_text())
    text = install(company, bundle, "--lang", "zh-TW")
    assert "已安裝：Head office" in text, text
    hang_up(company)
    await_that(lambda: verdict(company) == "fail", "the bundle is not taken up")
    told = api(company)
    assert told["source"]["kind"] == "bundle" and told["bundle"]["title"] == "Head office", told
    assert told["bundle"]["signer"]["certificate"] == "head-office.pem", told
    assert told["bundle"]["age_days"] == 0 and told["bundle"]["limit_days"] == 30, told
    assert not told["bundle"]["is_past_limit"], told

    company.run("assay-collector", "content", "remove", "--state", company.collector_state)
    hang_up(company)
    await_that(lambda: api(company)["source"]["kind"] == "shipped", "what ships is not back")


def test_what_may_not_be_installed_is_refused(company):
    start(company)
    (company.own / "local.yaml").unlink()
    trusted, stranger = maker(company, "trusted"), maker(company, "stranger")
    (company.trust / "trusted.pem").write_text(trusted[1].read_text())
    before = api(company)["digest"]
    install(company, pack(company, stranger, "username = 'root'", "strange.bundle"), code=65)
    assert "nobody who is trusted signed it" in company.errors, company.errors
    unsigned = company.folder / "unsigned"
    unsigned.write_text("{}")
    install(company, unsigned, code=65)
    install(company, company.folder / "not there", code=66)
    expired = maker(company, "expired", between=("20200101000000Z", "20200201000000Z"))
    (company.trust / "expired.pem").write_text(expired[1].read_text())
    install(company, pack(company, expired, "username = 'root'", "expired.bundle"), code=65)
    assert "has expired" in company.errors, company.errors

    older = pack(company, trusted, "username = 'root'", "older.bundle")
    time.sleep(1.1)
    newer = pack(company, trusted, "username = 'nobody else'", "newer.bundle")
    install(company, newer)
    install(company, older, code=65)
    assert "--allow-older" in company.errors, company.errors
    whole = newer.read_bytes()
    newer.write_bytes(whole[:len(whole) // 2])
    install(company, newer, code=65)
    hang_up(company)
    await_that(lambda: api(company)["source"]["kind"] == "bundle", "the newer one is not in force")
    assert verdict(company) == "pass" and api(company)["digest"] != before
    install(company, older, "--allow-older")
    hang_up(company)
    await_that(lambda: verdict(company) == "fail", "the older one is not in force")


def test_past_its_limit_the_data_of_a_bundle_is_unknown(company):
    start(company)
    (company.own / "local.yaml").write_text(
        "- id: LOCAL-EOL\n  title: {en: T, zh-TW: 標題}\n  rationale: {en: R, zh-TW: 理由}\n"
        "  severity: low\n  key: [product]\n"
        "  query: SELECT product FROM eol_cycles, users WHERE 1 = 0\n"
        "  remedy: {en: R, zh-TW: 補救}\n")
    maker_of_it = maker(company, "maker")
    (company.trust / "maker.pem").write_text(maker_of_it[1].read_text())
    fresh = pack(company, maker_of_it, "username = 'root'", "fresh.bundle")
    install(company, fresh)
    hang_up(company)
    await_that(lambda: verdict(company, "LOCAL-EOL") == "pass", "fresh data is not judged by")
    time.sleep(1.1)
    install(company, pack(company, maker_of_it, "username = 'root'", "stale.bundle", 5,
                          "2026-01-01"))
    hang_up(company)
    await_that(lambda: verdict(company, "LOCAL-EOL") == "unknown", "old data is judged by")
    told = [item for item in api(company)["references"] if item["table"] == "eol_cycles"][0]
    assert "too old to judge by" in told["unusable"], told


def logged(company):
    """What the collector has said, line by line, as programs read it."""
    text = (company.folder / "collector.log").read_text()
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def said(company, text):
    return [line for line in logged(company) if text in line["message"]]


def test_settings_are_taken_up_while_it_runs_and_the_log_says_what_waits(company):
    settings = company.collector_state / "collector.yaml"
    settings.write_text("log: {format: json}\n")
    company.serve()
    company.enroll("web")
    company.scan_and_send("web")
    company.login()
    settings.write_text("log: {format: json}\nquotas: {snapshots_per_minute: 0}\n")
    hang_up(company)
    await_that(lambda: said(company, "those of before stay in force"), "a mistake is not told")
    assert "collector.yaml:2" in said(company, "those of before")[0]["message"], logged(company)
    company.scan_and_send("web")
    settings.write_text("log: {format: json}\nquotas: {snapshots_per_minute: 1}\n"
                        "listen: 127.0.0.1:1\n")
    hang_up(company)
    await_that(lambda: said(company, "read anew"), "the settings are not read")
    assert said(company, "listen has changed, which counts from the next start on")
    over = [company.scan_and_send("web", code=None) for _ in range(3)]
    assert company.courier_status("web")["spooled"] > 0, (over, "the quota is not in force")
    for line in logged(company):
        assert line["time"].endswith("Z") and line["level"] in (
            "debug", "info", "warning", "error"), line
    assert {"settings", "content"} & {line.get("component") for line in logged(company)}


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
