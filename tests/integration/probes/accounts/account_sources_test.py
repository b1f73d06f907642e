#!/usr/bin/env python3
"""account_sources against glibc, which finds the accounts of libnss-extrausers only where nsswitch.conf
makes it a source, and those of the first source first."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

EXTRA = pathlib.Path("/var/lib/extrausers")
# Lines of nsswitch.conf about passwd.
LINES = [
    "passwd: files extrausers\n",
    "passwd:\textrausers   files # both\n",
    "passwd: extrausers\n",
    "passwd: files\n",
    "passwd:files extrausers\n",
    "  passwd : extrausers files\n",
    "passwd: files [!SUCCESS=return] extrausers\n",
    "passwd: files [NOTFOUND=return UNAVAIL=continue] extrausers\n",
    "passwd: extrausers[NOTFOUND=continue]files\n",
    "passwd: files\npasswd: extrausers files\n",
    "passwd extrausers files\n",
    "PASSWD: extrausers\n",
    "#passwd: extrausers\npasswd: files #extrausers\n",
    "group: files extrausers\n",
    "passwd:\n",
    "",
]


def prepare(machine):
    machine.own("/etc")
    machine.empty(EXTRA)
    with open("/etc/passwd", "a") as passwd:
        passwd.write("local:x:4001:4001:of files:/:/bin/sh\nboth:x:4002:4002:of files:/:/bin/sh\n")
    (EXTRA / "passwd").write_text("extra:x:4003:4003:of extrausers:/:/bin/sh\n"
                                  "both:x:4004:4004:of extrausers:/:/bin/sh\n")


def comment_of(name):
    done = subprocess.run(["getent", "passwd", name], capture_output=True, text=True, check=False, timeout=30)
    return done.stdout.split(":")[4].removeprefix("of ") if done.returncode == 0 else None


def sources(machine, database):
    rows = machine.rows(f"SELECT * FROM account_sources WHERE database = '{database}' ORDER BY position")
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1)), rows
    return [row["source"] for row in rows]


def stops(text):
    """Whether an action keeps libc from the sources behind it when a name is not found."""
    return "[!SUCCESS=return]" in text or "[NOTFOUND=return" in text


def test_accounts_come_from_the_sources_in_their_order(machine):
    prepare(machine)
    for text in LINES:
        pathlib.Path("/etc/nsswitch.conf").write_text(text)
        named = sources(machine, "passwd")
        found = {name: comment_of(name) for name in ("local", "extra", "both")}
        reached = named[:1] if stops(text) else named
        expected = {"local": "files" if "files" in reached else None,
                    "extra": "extrausers" if "extrausers" in reached else None,
                    "both": reached[0] if reached else None}
        assert found == expected, (text, named, found)


def test_a_source_is_known_with_its_line(machine):
    prepare(machine)
    pathlib.Path("/etc/nsswitch.conf").write_text("# own\nhosts: dns\npasswd: files extrausers\n"
                                                  "shadow: extrausers\n")
    rows = machine.rows("SELECT database, source, kind, file, line FROM account_sources "
                        "WHERE database IN ('passwd', 'shadow', 'group') ORDER BY database, position")
    assert [tuple(row.values()) for row in rows] == [
        ("group", "files", "local", None, None), ("passwd", "files", "local", "/etc/nsswitch.conf", 3),
        ("passwd", "extrausers", "local", "/etc/nsswitch.conf", 3),
        ("shadow", "extrausers", "local", "/etc/nsswitch.conf", 4)], rows


namespace.need("/usr/bin/getent")
if not EXTRA.is_dir():
    sys.exit("missing: libnss-extrausers: packaging/dependencies/install test")
namespace.enter()
namespace.run(globals())
