#!/usr/bin/env python3
"""Rules and settings with a slip: the file, the line, what was probably meant, and exit 78."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import run_tests  # noqa: E402: found through the line above

RULE = """- id: LOCAL-SHELL
  title: {{en: A, zh-TW: 甲}}
  rationale: {{en: A, zh-TW: 甲}}
  {severity}: low
  key: [username]
  query: {query}
  remedy: {{en: A, zh-TW: 甲}}
  controls:
    - {{control: "iso-27002:5.18", proves: supporting, not_proven: {{en: A, zh-TW: 甲}}}}
"""


def rules(company, text):
    """A content.d folder with one file, and settings of an agent that reads it."""
    folder = company.folder / "content.d"
    folder.mkdir(exist_ok=True)
    (folder / "local.yaml").write_text(text)
    settings = company.folder / "agent.yaml"
    settings.write_text(f"content: {{folders: [{folder}]}}\n")
    return folder, settings


def expect_refused(company, text, *words):
    """The lint, an agent and a collector each refuse the rule with these words."""
    folder, settings = rules(company, text)
    collector = company.collector_state / "collector.yaml"
    collector.write_text(f"content: {folder}\n")
    for command in (("assay", "check", "lint", folder),
                    ("assay-agent", "scan", "--settings", settings),
                    ("assay-agent", "explain", "PWD-MINLEN", "--settings", settings),
                    ("assay-collector", "serve", "--state", company.collector_state, "--listen",
                     "127.0.0.1:0", "--api-listen", "127.0.0.1:0")):
        out = company.run(*command, code=78)
        for word in (str(folder / "local.yaml") + ":", *words):
            assert word in company.errors + out, (command, word, company.errors, out)


def test_a_good_rule_of_ones_own_is_taken(company):
    folder, settings = rules(company, RULE.format(severity="severity",
                                                  query="SELECT username FROM users"))
    company.run("assay", "check", "lint", folder)
    seen = company.json("assay-agent", "scan", "--settings", settings, "-o", "json")
    assert "LOCAL-SHELL" in [check["id"] for check in seen["checks"]]


def test_a_typo_in_a_rule_has_file_line_and_suggestion(company):
    expect_refused(company, RULE.format(severity="severty", query="SELECT username FROM users"),
                   "local.yaml:4", "severty", 'did you mean "severity"')


def test_a_misspelt_column_has_file_and_line(company):
    expect_refused(company, RULE.format(severity="severity", query="SELECT usrname FROM users"),
                   "local.yaml:6", "usrname")


def test_a_rule_may_only_read(company):
    for query in ("DELETE FROM users", "ATTACH '/tmp/x' AS x", "SELECT load_extension('/tmp/x.so')",
                  "SELECT 1 AS username; DROP TABLE users", "PRAGMA writable_schema=1",
                  "CREATE TABLE x(a)", "SELECT writefile('/tmp/x', 'y') AS username",
                  "SELECT random() AS username FROM users", "SELECT username FROM sqlite_master"):
        expect_refused(company, RULE.format(severity="severity", query=f'"{query}"'),
                       "local.yaml:6")


def test_a_file_that_is_no_yaml_is_refused(company):
    for text in ("- id: [\n", "\t- x\n", "- id: A\n  id: B\n", "a: &x [*x]\n", "\0", "[" * 100_000,
                 "\N{BYTE ORDER MARK}- id: A-B\n"):
        expect_refused(company, text)


def test_an_unknown_setting_of_the_agent_is_refused(company):
    settings = company.folder / "agent.yaml"
    settings.write_text("profile: server\nscan:\n  intervall: 1h\n")
    for command in (("scan",), ("query", "SELECT 1"), ("config", "check"), ("config", "dump"),
                    ("status",), ("run", "--once"), ("explain", "PWD-MINLEN"),
                    ("enroll", "--collector", "127.0.0.1:1"), ("bundle", "-o", "/dev/null")):
        company.run("assay-agent", *command, "--settings", settings, code=78)
        assert f'{settings}:3: unknown key "intervall"; did you mean "interval"?' in company.errors
    settings.write_text("profile: server\n")
    company.run("assay-agent", "scan", "--settings", settings, code=78, ASSAY_SCAN_INTERVALL="1h")
    assert "did you mean ASSAY_SCAN_INTERVAL?" in company.errors, company.errors


def test_a_senseless_setting_of_the_agent_is_refused(company):
    settings = company.folder / "agent.yaml"
    for text in ("profile: laptop", "scan: {interval: 1s}", "scan: {interval: 9999999999999999d}",
                 "spool: {max_bytes: -1}", "collector: {address: nowhere}", "state_dir: relative",
                 "scan: 5", "scan: {interval: 1h, interval: 2h}", "- a", "content: {folders: x}"):
        settings.write_text(text + "\n")
        company.run("assay-agent", "config", "check", "--settings", settings, code=78)
        assert f"{settings}:1" in company.errors, (text, company.errors)
    company.run("assay-agent", "scan", "--settings", company.folder / "none.yaml", code=66)


def test_an_unknown_setting_of_the_collector_is_refused(company):
    settings = company.collector_state / "collector.yaml"
    for text, word in (("listn: 127.0.0.1:0", 'did you mean "listen"'),
                       ("agents: {scan_interval_secnds: 300}", "scan_interval_seconds"),
                       ("agents: {scan_interval_seconds: 1}", "300"),
                       ("agents: {profile: laptop}", "server or pc"), ("- a", ""), ("[", "")):
        settings.write_text("# own\n" + text + "\n")
        company.run("assay-collector", "serve", "--state", company.collector_state, code=78)
        line = 3 if text == "[" else 2  # YAML notices at the end
        assert f"{settings}:{line}" in company.errors and word in company.errors, (text, company.errors)


def test_a_folder_of_rules_that_is_not_there_is_told(company):
    (company.collector_state / "collector.yaml").write_text("content: /none/content.d\n")
    company.run("assay-collector", "serve", "--state", company.collector_state, code=78)
    assert "/none/content.d" in company.errors, company.errors
    settings = company.folder / "agent.yaml"
    settings.write_text("content: {folders: [/none/content.d]}\n")
    company.run("assay-agent", "scan", "--settings", settings, code=78)
    assert "/none/content.d" in company.errors, company.errors
    company.run("assay", "check", "lint", "/none/content.d", code=66)


def test_settings_of_which_all_is_commented_out_are_none(company):
    (company.collector_state / "collector.yaml").write_text("# listen: 127.0.0.1:7443\n")
    company.serve()
    settings = company.folder / "agent.yaml"
    settings.write_text("# profile: server\n")
    company.run("assay-agent", "config", "check", "--settings", settings)


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
