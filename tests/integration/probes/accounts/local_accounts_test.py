#!/usr/bin/env python3
"""users, groups, user_groups and shadow against getent, id, passwd -S and chage -l, for accounts that
useradd, usermod, gpasswd, chpasswd and chage make in a copy of /etc."""
import datetime
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

HASHED = [("md5", "-1", "1"), ("sha256", "-5", "5"), ("sha512", "-6", "6"), ("bsd", "-apr1", "apr1")]
STATES = {"P": {"active"}, "NP": {"empty"}, "L": {"locked", "not_set"}}
HIGHEST = 4294967294
SECRET = "Nightjar-canary-71"


def make_accounts(machine):
    machine.own("/etc")
    machine.empty("/home", "/var/mail", "/var/log")
    must = machine.must
    must("useradd", "-u", 4001, "-m", "-c", "Ada Example,Room 1,,", "-s", "/bin/bash", "ada")
    must("groupadd", "-g", 4100, "team")
    must("groupadd", "-g", HIGHEST, "last")
    must("useradd", "-u", 4002, "-g", "users", "-G", "adm,team", "bob")
    must("useradd", "-u", 4001, "-o", "-g", "team", "-d", "/srv/twin", "-s", "", "twin")
    must("useradd", "-r", "-s", "/usr/sbin/nologin", "keeper")
    must("useradd", "-u", HIGHEST, "-g", "last", "highest")
    must("gpasswd", "-a", "ada", "team")
    must("gpasswd", "-M", "ada,bob,keeper", "last")
    must("usermod", "-aG", "audio", "bob")
    must("gpasswd", "-d", "bob", "adm")


def make_passwords(machine):
    must = machine.must
    for name, option, _ in HASHED:
        must("useradd", "-N", f"h{name}")
        hashed = must("openssl", "passwd", option, "-stdin", text=SECRET).strip()
        must("chpasswd", "-e", text=f"h{name}:{hashed}\n")
    must("chpasswd", text=f"ada:{SECRET}\nbob:{SECRET}\n")
    must("usermod", "-L", "bob")
    must("passwd", "-d", "twin")
    must("chage", "-m", 1, "-M", 90, "-W", 14, "-I", 30, "-E", "2031-02-03", "ada")
    must("chage", "-d", 0, "bob")
    must("chage", "-m", -1, "-M", -1, "-W", -1, "-I", -1, "-E", -1, "hmd5")
    must("chage", "-E", 1, "highest")


def fields_of(machine, database):
    return [line.split(":") for line in machine.must("getent", "-s", "files", database).splitlines()]


def signed(text):
    return int(text) - (1 << 32 if int(text) >= 1 << 31 else 0)


def by_name(rows):
    return sorted(rows, key=lambda row: row["username"])


def test_accounts_are_those_that_getent_lists(machine):
    make_accounts(machine)
    theirs = [{"username": name, "uid": int(uid), "gid": int(gid), "description": words, "directory": home,
               "shell": shell, "uid_signed": signed(uid), "gid_signed": signed(gid), "uuid": None}
              for name, _, uid, gid, words, home, shell in fields_of(machine, "passwd")]
    assert any(row["uid"] == HIGHEST for row in theirs), theirs
    ours = machine.rows("SELECT * FROM users")
    assert by_name(ours) == by_name(theirs), (ours, theirs)


def test_groups_are_those_that_getent_lists(machine):
    make_accounts(machine)
    theirs = sorted((name, int(gid), signed(gid)) for name, _, gid, _ in fields_of(machine, "group"))
    ours = sorted((row["groupname"], row["gid"], row["gid_signed"])
                  for row in machine.rows("SELECT * FROM groups"))
    assert ours == theirs, (ours, theirs)


def test_members_are_those_that_id_says(machine):
    make_accounts(machine)
    theirs = {(int(uid), int(gid)) for name, _, uid, *_ in fields_of(machine, "passwd")
              for gid in machine.must("id", "-G", name).split()}
    rows = machine.rows("SELECT uid, gid FROM user_groups")
    ours = {(row["uid"], row["gid"]) for row in rows}
    assert len(ours) == len(rows) and ours == theirs, (ours - theirs, theirs - ours)
    assert {(4001, 4001), (4001, 4100), (4002, HIGHEST)} <= ours and (4002, 4) not in ours, ours


def day(text):
    """What chage -l says of a day, as shadow counts it."""
    if text == "never":
        return None
    return (datetime.datetime.strptime(text, "%b %d, %Y") - datetime.datetime(1970, 1, 1)).days


def chage_of(machine, name):
    lines = machine.must("chage", "-l", name).splitlines()
    return dict([part.strip() for part in line.split(":", 1)] for line in lines)


def test_passwords_are_in_the_state_that_passwd_says(machine):
    make_accounts(machine)
    make_passwords(machine)
    ours = {row["username"]: row for row in machine.rows("SELECT * FROM shadow")}
    said = [line.split() for line in machine.must("passwd", "-S", "-a").splitlines()]
    assert {words[0] for words in said} == set(ours), (said, set(ours))
    for name, state, _, least, most, warning, inactive in said:
        row = ours[name]
        assert row["password_status"] in STATES[state], (name, state, row)
        for days, column in ((least, "min"), (most, "max"), (warning, "warning"), (inactive, "inactive")):
            assert int(days) == (-1 if row[column] is None else row[column]), (name, column, days, row)
    assert {name: ours[f"h{name}"]["hash_alg"] for name, _, _ in HASHED} == \
        {name: mark for name, _, mark in HASHED}, ours
    assert (ours["bob"]["password_status"], ours["twin"]["password_status"]) == ("locked", "empty"), ours
    assert ours["bob"]["hash_alg"] == ours["ada"]["hash_alg"] is not None, ours
    assert ours["keeper"]["hash_alg"] is None, ours


def test_days_are_those_that_chage_says(machine):
    make_accounts(machine)
    make_passwords(machine)
    rows = machine.rows("SELECT * FROM shadow")
    for name in ("ada", "bob", "hmd5", "hsha512", "highest", "keeper", "root"):
        row, said = next(row for row in rows if row["username"] == name), chage_of(machine, name)
        if row["last_change"] == 0:
            assert said["Last password change"] == "password must be changed", (row, said)
        else:
            assert row["last_change"] == day(said["Last password change"]), (row, said)
        assert row["expire"] == day(said["Account expires"]), (row, said)
        ends = row["last_change"] and row["max"] is not None and row["max"] < 10000
        if ends:
            assert row["last_change"] + row["max"] == day(said["Password expires"]), (row, said)
        elif row["last_change"] != 0:
            assert said["Password expires"] == "never", (row, said)
    stored = [fields[1] for fields in fields_of(machine, "shadow") if "$" in fields[1]]
    text = json.dumps(rows)
    assert len(stored) >= 6 and not [one for one in stored if one in text or one.split("$")[-1] in text]


namespace.need("/usr/sbin/useradd", "/usr/bin/chage", "/usr/bin/getent", "/usr/bin/openssl")
namespace.enter()
namespace.run(globals())
