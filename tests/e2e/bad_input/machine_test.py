#!/usr/bin/env python3
"""Machines that are broken, or that lie: what cannot be read is unknown, and nothing leaks."""
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from company import run_tests  # noqa: E402: found through the line above
from image import *  # noqa: E402, F403: the words of this test

STATUS = "var/lib/dpkg/status"
SECRET = "cAnArY7Qx2"


def test_a_truncated_package_database_is_unknown(company):
    root = image(company)
    os.truncate(root / STATUS, 1500)
    seen = scan(company, root)
    expect_unavailable(company, seen, "deb_packages", "invalid_data", "/" + STATUS, "line ")
    expect_unknown(seen, READS_PACKAGES, "deb_packages", STATUS)


def test_a_database_cut_between_two_packages_is_noticed(company):
    root = image(company)
    text = (root / STATUS).read_text()
    (root / STATUS).write_text(text[:text.index("\nPackage: perl\n") + 1])
    expect_unavailable(company, scan(company, root), "deb_packages", "cut short", "perl")


def test_an_oversized_package_database_is_unknown(company):
    root = image(company)
    for size in (2 ** 26 + 1, 2 ** 40):
        os.truncate(root / STATUS, size)
        seen = scan(company, root)
        expect_unavailable(company, seen, "deb_packages", "too_large", "67108864")
        expect_unknown(seen, READS_PACKAGES, "deb_packages")
        assert seen["costs"]["peak_bytes"] < 2 ** 26, seen["costs"]


def test_an_invalid_byte_is_kept_and_every_output_is_text(company):
    root = image(company)
    append(root / STATUS, b"\nPackage: odd\nStatus: install ok installed\nArchitecture: amd64\n"
           b"Maintainer: \xff\xfe A\xc3( \x1b]0;title\x07\x1b[2J\nVersion: 1.0\xed\xa0\x80\n\n")
    digests = {table(scan(company, root), "deb_packages")["digest"] for _ in range(3)}
    assert len(digests) == 1 and None not in digests, digests
    sql = "SELECT name, length(CAST(version AS BLOB)) AS bytes, maintainer FROM deb_packages"
    for form in ("json", "ndjson", "csv", "table"):
        # company.run reads standard output as strict UTF-8.
        text = company.run("assay-agent", "query", "--root", root, "-o", form, sql)
        assert "odd" in text, text
        assert form == "csv" or "\x1b" not in text, text
    row = query(company, root, sql + " WHERE name = 'odd'")[0]
    assert row["bytes"] == 6 and "title" in row["maintainer"], row


def test_names_cannot_steer_the_terminal(company):
    root = image(company)
    (root / "etc/hostname").write_bytes(b"web\x1b]0;owned\x07\x1b[31m\0\n")
    append(root / "etc/passwd", b"x\x1b[2Jy\0z:x:0:0:\x1b[31m:/\x9b31m:/bin/sh\n")
    append(root / "etc/shadow", b"x\x1b[2Jy\0z::1:2:3:4:::\n")
    for command in (("scan",), ("explain", "ACC-UID0"), ("query", "SELECT * FROM users"),
                    ("query", "SELECT * FROM system_info")):
        text = company.run("assay-agent", *command, "--root", root)
        assert not set(text) & {chr(c) for c in range(32)} - {"\n"}, (command, text)


def test_an_unreadable_shadow_is_unknown_and_never_a_pass(company):
    root = image(company)
    (root / "etc/shadow").chmod(0)
    company.folder.chmod(0o711)
    own = company.folder / "own"
    shutil.copytree(company.bin.parent / "share", own / "share")
    (own / "bin").mkdir()
    for name in ("assay-agent", "assay-host"):
        shutil.copy2(company.bin / name, own / "bin")
    command = as_nobody(own / "bin/assay-agent")
    seen = company.json(*command, "scan", "--root", root, "-o", "json")
    expect_unavailable(company, seen, "shadow", "permission_denied", "/etc/shadow")
    expect_unknown(seen, READS_SHADOW, "shadow: permission_denied", "/etc/shadow")
    company.run(*command, "query", "--root", root, "SELECT 1 FROM shadow", code=1)
    assert "/etc/shadow" in company.errors, company.errors
    company.run(*command, "scan", "--root", root, "--fail-on-unknown", code=3)


def test_a_pam_include_loop_is_unknown_and_ends(company):
    root = image(company)
    (root / "etc/pam.d/common-password").write_text("@include passwd\n")
    (root / "etc/pam.d/passwd").write_text("password substack common-password\n")
    seen = scan(company, root)
    expect_unavailable(company, seen, "password_policy", "PAM include loop", "/etc/pam.d/passwd:1")
    expect_unknown(seen, READS_POLICY, "password_policy", "loop")


def test_links_of_an_image_never_lead_out_of_it(company):
    root = image(company)
    outside = image(company, "outside")
    for path in (outside / "etc/passwd", outside / "etc/shadow", outside / "etc/os-release",
                 outside / "usr/lib/os-release", outside / STATUS, outside / "etc/login.defs"):
        path.write_text(path.read_text().replace("root", SECRET).replace("perl", SECRET)
                        .replace("debian", SECRET).replace("12", SECRET))
    with Mounted(root / "proc", "proc"):
        link(root, "etc/passwd", outside / "etc/passwd")
        link(root, "etc/shadow", "../" * 20 + str(outside / "etc/shadow")[1:])
        link(root, "var/lib/dpkg", outside / "var/lib/dpkg")
        link(root, "etc/pam.d", f"/proc/{os.getpid()}/root{outside}/etc/pam.d")
        link(root, "etc/os-release", f"/proc/{os.getpid()}/cwd/os-release")
        link(root, "usr/lib/os-release", f"/proc/self/root{outside}/usr/lib/os-release")
        link(root, "etc/group", "group")
        seen = scan(company, root)
        for name in ("users", "shadow", "deb_packages", "os_version", "groups"):
            assert table(seen, name)["status"] == "unavailable", table(seen, name)
        # Without PAM nothing is enforced; what lies outside would enforce something.
        policy = query(company, root, "SELECT setting FROM password_policy WHERE enforced = 1 AND "
                       "setting NOT IN ('hash', 'nullok')")
        assert not policy, policy
        bundle = company.folder / "image.bundle"
        company.run("assay-agent", "bundle", "--root", root, "--state", company.folder / "none",
                    "-o", bundle)
    content = subprocess.run(["zstd", "-dcq", bundle], capture_output=True, check=True).stdout
    assert SECRET.encode() not in content and SECRET not in str(seen)


def test_links_inside_of_an_image_are_followed(company):
    root = image(company)
    (root / "etc/passwd").rename(root / "usr/lib/accounts")
    link(root, "etc/passwd", "/usr/lib/accounts")
    (root / "etc/shadow").rename(root / "usr/lib/secrets")
    link(root, "etc/shadow", "../" * 20 + "usr/lib/secrets")
    seen = scan(company, root)
    assert table(seen, "users")["rows"] == 7 and table(seen, "shadow")["rows"] == 7, seen["tables"]


def test_no_secret_of_an_image_reaches_any_output(company):
    root = image(company)
    append(root / "etc/passwd", f"leak:$6$salt${SECRET}p:900:900::/:/bin/sh\n".encode())
    append(root / "etc/shadow", b"".join(
        f"{user}:{field}:19000:0:99999:7:::\n".encode() for user, field in
        (("a", f"$y$j9T$salt${SECRET}a"), ("b", f"!$6${SECRET}b"), ("c", SECRET), ("d", "!" + SECRET),
         ("e", f"${SECRET}$x"), ("f", f"$6$rounds=9${SECRET}f"), ("g", f"_{SECRET}"))))
    (root / "etc/ssl/private").mkdir(parents=True)
    (root / "etc/ssl/private/web.key").write_text(f"-----BEGIN PRIVATE KEY-----\n{SECRET}\n")
    append(root / "etc/group", f"staff2:{SECRET}:901:\n".encode())
    there = collected(company.json("assay-agent", "scan", "--all", "--root", root, "-o", "json"))
    assert len(there) > 20, there
    for name in there:
        assert SECRET not in str(query(company, root, f'SELECT * FROM "{name}"')), name
    bundle = company.folder / "image.bundle"
    company.run("assay-agent", "bundle", "--root", root, "-o", bundle, "--state",
                company.folder / "none")
    for text in (company.run("assay-agent", "scan", "--root", root, "-o", "json"),
                 company.run("assay-agent", "scan", "--root", root)):
        assert SECRET not in text, text
    assert SECRET.encode() not in everything_in(company.folder).replace(
        everything_in(root), b""), "a secret is in what was written"


def test_a_wrong_root_says_so(company):
    file = company.folder / "file"
    file.write_text("")
    for root, why in ((company.folder / "none", "No such file"), (file, "Not a directory")):
        for command in (("scan",), ("query", "SELECT 1"), ("explain", "PWD-MINLEN"),
                        ("bundle", "-o", company.folder / "out")):
            company.run("assay-agent", *command, "--root", root, code=66)
            assert str(root) in company.errors and why in company.errors, company.errors
    assert not (company.folder / "out").exists()


def test_a_bad_query_is_refused_with_its_reason(company):
    root = image(company)
    for sql, why in (
            ("garbage", "syntax error"), ("", "empty"), ("SELECT 1; SELECT 2", "more than one"),
            ("SELECT * FROM nothere", "no such table"), ("SELECT nothere FROM users", "no such column"),
            ("INSERT INTO users(uid) VALUES (1)", "only read"), ("DROP TABLE users", "only read"),
            (f"ATTACH '{company.folder}/x.db' AS x", "only read"), ("PRAGMA user_version", "only read"),
            (f"VACUUM INTO '{company.folder}/x.db'", ""), ("SELECT load_extension('x')", "not allowed"),
            ("SELECT readfile('/etc/passwd')", "no such function"), ("SELECT random()", "not allowed"),
            ("SELECT " + "(" * 3000 + "1" + ")" * 3000, "overflow")):
        company.run("assay-agent", "query", "--root", root, sql, code=64)
        assert why in company.errors, (sql, company.errors)
    assert not (company.folder / "x.db").exists()
    company.run("assay-agent", "query", "--root", root, "SELECT * FROM listening_ports", code=1)
    assert "needs the running machine" in company.errors, company.errors


def test_a_query_cannot_eat_the_machine(company):
    root = image(company)
    from resource import RLIMIT_AS, setrlimit
    for sql in ("SELECT a.*, b.* FROM deb_packages a, deb_packages b, deb_packages c, deb_packages d,"
                " deb_packages e, deb_packages f, deb_packages g, deb_packages h, deb_packages i",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum(i) FROM n",
                "WITH RECURSIVE n(t) AS (SELECT 'x' UNION ALL SELECT t || t FROM n) SELECT t FROM n"):
        done = subprocess.run(
            [str(company.bin / "assay-agent"), "query", "--root", str(root), sql],
            capture_output=True, text=True, env=company.environment, timeout=60,
            preexec_fn=lambda: setrlimit(RLIMIT_AS, (2 ** 29, 2 ** 29)))
        assert done.returncode == 65 and "assay-agent: " in done.stderr, (sql, done)


def test_many_accounts_take_no_time(company):
    root = image(company)
    append(root / "etc/passwd", b"".join(
        b"u%d:$6$a$b:%d:%d:::/bin/sh\n" % (i, i + 5000, i + 5000) for i in range(100_000)))
    seen = scan(company, root)
    assert table(seen, "shadow")["rows"] == 100_007, table(seen, "shadow")
    assert seen["costs"]["cpu_ms"] < 20_000, seen["costs"]


if __name__ == "__main__":
    sys.exit(run_tests(sys.modules[__name__], sys.argv[1]))
