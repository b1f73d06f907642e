#!/usr/bin/env python3
"""password_policy against PAM itself: a person changes the password with passwd, and logs in by
pamtester, at the figures that the table names."""
import pathlib
import random
import string
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

UID = 4321
UNIX = "password [success=1 default=ignore] pam_unix.so nodelay rounds=1000 {}\n" \
       "password requisite pam_deny.so\npassword required pam_permit.so\n"
BEHIND = UNIX.format("use_authtok sha512")
PWQUALITY = "password requisite pam_pwquality.so retry=1 {}\n" + BEHIND
PASSWDQC = "password requisite pam_passwdqc.so retry=1 {}\n" + BEHIND
KINDS = [string.ascii_lowercase, string.ascii_uppercase, string.digits, "!#%+,./=?@_"]


class Person:
    """An account whose owner changes its password, with a stack of PAM of the test's own."""

    def __init__(self, machine, password_stack):
        self.machine = machine
        self.chance = random.Random(7)
        machine.own("/etc")
        machine.empty("/run", "/var/log")
        machine.must("groupadd", "-g", UID, "person")
        machine.must("useradd", "-M", "-u", UID, "-g", UID, "-s", "/bin/sh", "person")
        self.write("pam.d/passwd", password_stack)
        self.write("security/pwquality.conf", "")
        self.now = "0ld-Canary.Zf7"
        self.reset()

    @staticmethod
    def write(name, text):
        file = pathlib.Path("/etc") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def reset(self):
        hashed = self.machine.must("openssl", "passwd", "-6", "-stdin", text=self.now).strip()
        self.machine.must("usermod", "-p", hashed, "person")

    def password(self, length, kinds=1):
        """Letters of as many kinds as are asked for, in no order."""
        letters = [self.chance.choice(KINDS[at]) for at in range(kinds)]
        while len(letters) < length:
            one = self.chance.choice(KINDS[len(letters) % kinds])
            if one != letters[-1]:
                letters.append(one)
        letters = letters[:length]
        self.chance.shuffle(letters)
        return "".join(letters)

    def takes(self, new):
        """Whether the person may change to this password. The file has the last word: a stack may say that
        it failed when the password is set."""
        before = self.stored()
        done = subprocess.run(["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups", "passwd"],
                              input=f"{self.now}\n{new}\n{new}\n{new}\n{new}\n", capture_output=True, text=True,
                              timeout=30, check=False, env={"LC_ALL": "C", "PATH": "/usr/bin"})
        self.said = done.stdout + done.stderr
        is_changed = self.stored() != before
        if is_changed:
            self.now = new
        return is_changed

    def stored(self):
        return self.machine.must("getent", "-s", "files", "shadow", "person").split(":")[1]

    def takes_one(self, length, kinds):
        """Of several: one alone may happen to resemble a word."""
        return any(self.takes(self.password(length, kinds)) for _ in range(4))

    def policy(self):
        return {row["setting"]: row for row in self.machine.rows("SELECT * FROM password_policy")}

    def obeys(self, setting):
        """The figure of the table, which must be one in force."""
        row = self.policy()[setting]
        assert row["enforced"] == 1, row
        return row["value"]

    def obeys_length(self, kinds=4):
        length = self.obeys("minlen")
        assert not self.takes(self.password(length - 1, kinds)), (length, self.said)
        assert self.takes_one(length, kinds), (length, self.said)
        return length

    def obeys_classes(self, length=30):
        classes = self.obeys("classes_required")
        assert not self.takes(self.password(length, classes - 1)), (classes, self.said)
        assert self.takes_one(length, classes), (classes, self.said)
        return classes


def test_length_of_pam_unix(machine):
    person = Person(machine, UNIX.format("obscure sha512"))
    assert person.obeys_length() == 6
    person.write("pam.d/passwd", UNIX.format("minlen=11 sha512"))
    assert person.obeys_length() == 11


def test_length_of_pam_unix_behind_a_quality_module(machine):
    person = Person(machine, PWQUALITY.format("").replace("use_authtok", "use_authtok minlen=12"))
    assert person.obeys_length() == 12


def test_length_of_pwquality(machine):
    person = Person(machine, PWQUALITY.format(""))
    assert person.obeys_length() == 8
    person.write("security/pwquality.conf.d/50-own.conf", "minlen = 14\n")
    assert person.obeys_length() == 14
    assert person.policy()["minlen"]["source"] == "/etc/security/pwquality.conf.d/50-own.conf"
    person.write("security/pwquality.conf.d/60-more.conf", "minlen=13\n")
    person.write("security/pwquality.conf.d/70-not.conf.bak", "minlen=18\n")
    assert person.obeys_length() == 13
    person.write("security/pwquality.conf", "# of the machine\nminlen = 10 # longer\n")
    assert person.obeys_length() == 10
    person.write("pam.d/passwd", PWQUALITY.format("minlen=15"))
    assert person.obeys_length() == 15
    person.write("pam.d/passwd", PWQUALITY.format(""))
    person.write("security/pwquality.conf", "nonsense = 1\nminlen = 17\n")
    assert person.obeys_length() == 13
    person.write("security/pwquality.conf", "minlen = 3\n")
    assert person.obeys_length() == 6


def test_length_with_credits(machine):
    person = Person(machine, PWQUALITY.format(""))
    person.write("security/pwquality.conf", "minlen=14\ndcredit=1\nucredit=2\nocredit=1\n")
    assert person.obeys_length() == 10
    person.write("security/pwquality.conf", "minlen=12\ndcredit=-2\nucredit=-2\nlcredit=1\n")
    assert person.obeys_length() == 11


def test_classes_of_pwquality(machine):
    person = Person(machine, PWQUALITY.format(""))
    person.write("security/pwquality.conf", "minclass=3\n")
    assert person.obeys_classes() == 3
    person.write("security/pwquality.conf", "minclass=1\nlcredit=-1\nucredit=-1\n")
    assert person.obeys_classes() == 2
    person.write("security/pwquality.conf", "lcredit=-1\nucredit=-1\ndcredit=-1\nocredit=-1\n")
    assert person.obeys_classes() == 4


def test_other_settings_of_pwquality(machine):
    person = Person(machine, PWQUALITY.format(""))
    word, named, repeats = "telephone", "Xq7-person.Zt", "Xq7-Rzzz.tWk"
    person.write("security/pwquality.conf", "dictcheck=0\n")
    assert (person.policy()["dictcheck"]["value"], person.takes(word)) == (0, True), person.said
    person.write("security/pwquality.conf", "maxrepeat=2\n")
    assert person.obeys("dictcheck") == 1 and not person.takes(word + "s"), person.said
    assert person.obeys("usercheck") == 1 and not person.takes(named), person.said
    assert person.obeys("maxrepeat") == 2 and not person.takes(repeats), person.said
    assert person.takes(repeats.replace("zzz", "zz")), person.said
    person.write("security/pwquality.conf", "usercheck=0\n")
    assert (person.policy()["usercheck"]["value"], person.takes(named)) == (0, True), person.said
    assert person.takes(repeats), person.said


def test_difference_from_the_old_password(machine):
    person = Person(machine, PWQUALITY.format("difok=6"))
    changes = person.obeys("difok")
    old, new = "wmfHtRbNcKpd", "2!5-8.4+7=9?"
    assert person.takes(old), person.said
    few = new[:changes - 1] + old[changes - 1:]
    assert not person.takes(few) and person.takes(new[:changes] + old[changes:]), person.said


def test_controls_decide_whether_a_module_counts(machine):
    person = Person(machine, BEHIND)
    lengths = []
    for control in ("requisite", "required", "optional", "[success=ok default=ignore]",
                    "[default=1 success=ignore]"):
        for word in ("use_authtok", ""):
            person.write("pam.d/passwd", f"password {control} pam_pwquality.so retry=1 minlen=10\n" +
                         UNIX.format(f"{word} sha512"))
            lengths.append(person.obeys_length())
    assert lengths == [10, 10, 10, 6, 10, 6, 10, 6, 10, 10], lengths


def test_root_may_do_what_the_table_says(machine):
    for word, enforced in (("", 0), ("enforce_for_root", 1)):
        person = Person(machine, PWQUALITY.format(word))
        assert person.policy()["enforce_root"]["value"] == enforced
        done = subprocess.run(["passwd", "person"], input="Xq7-Z\nXq7-Z\n", capture_output=True, text=True,
                              timeout=30, check=False)
        assert (done.returncode != 0) == enforced, (word, done.stderr)
        machine.uncover()


def test_a_module_that_only_warns_is_not_in_force(machine):
    person = Person(machine, PWQUALITY.format("minlen=20"))
    person.write("security/pwquality.conf", "enforcing=0\n")
    rows = person.policy()
    assert (rows["minlen"]["value"], rows["classes_required"]["enforced"]) == (6, 0), rows["minlen"]
    assert person.takes(person.password(6, 4)), person.said


def test_passwdqc(machine):
    person = Person(machine, PASSWDQC.format(""))
    assert person.obeys_length() == 7
    assert person.obeys_classes() == 2
    person.write("pam.d/passwd", PASSWDQC.format("min=disabled,disabled,disabled,disabled,12"))
    assert person.obeys_length() == 12
    assert person.obeys_classes() == 4
    person.write("pam.d/passwd", PASSWDQC.format("config=/etc/own-passwdqc.conf"))
    person.write("own-passwdqc.conf", "# own\nmin=disabled,disabled,disabled,11,10\nenforce=users\n")
    assert person.obeys_length() == 10
    assert person.obeys_classes() == 3
    person.write("own-passwdqc.conf", "enforce=none\n")
    assert person.policy()["classes_required"]["enforced"] == 0
    assert person.takes(person.password(9, 1)), person.said


def test_both_quality_modules_have_their_say(machine):
    person = Person(machine, PWQUALITY.format("minlen=9").replace(BEHIND, PASSWDQC.format("use_authtok")))
    assert person.obeys_length() == 9


def refused_again(person, most=14):
    """How many of the latest passwords are refused, the present one counted."""
    assert not person.takes(person.now), person.said
    for changes in range(1, most):
        person.write("security/opasswd", "")  # an attempt that is refused leaves a mark in it
        first = person.now
        for _ in range(changes):
            assert person.takes(person.password(12, 4)), person.said
        if person.takes(first):
            return changes
    return None


def test_history(machine):
    line = "password requisite pam_pwhistory.so {}\n" + BEHIND
    person = Person(machine, line.format("remember=3"))
    assert person.obeys("remember") == refused_again(person) == 3
    person.write("pam.d/passwd", line.format(""))
    person.write("security/pwhistory.conf", "remember = 2\n")
    assert person.obeys("remember") == refused_again(person)
    # pam_unix does not count the present password.
    person.write("pam.d/passwd", UNIX.format("remember=2 sha512"))
    assert person.obeys("remember") == refused_again(person) - 1 == 2
    person.write("pam.d/passwd", UNIX.format("sha512"))
    assert (person.policy()["remember"]["value"], refused_again(person)) == (0, 1)


def test_hash(machine):
    person = Person(machine, UNIX.format(""))
    for method, word, mark in (("SHA256", "", "5"), ("YESCRYPT", "", "y"), ("SHA512", "yescrypt", "y"),
                               ("YESCRYPT", "sha512", "6"), ("MD5", "", "1"), ("blowfish", "", "2b")):
        defs = pathlib.Path("/etc/login.defs").read_text()
        person.write("login.defs", "".join(line for line in defs.splitlines(True)
                                           if not line.startswith("ENCRYPT_METHOD")) +
                     f"ENCRYPT_METHOD {method}\n")
        person.write("pam.d/passwd", UNIX.format(word).replace("rounds=1000", ""))
        said = person.policy()["hash"]
        assert said["text"] == (word or method.lower()) and said["enforced"] == 1, said
        assert person.takes(person.password(12, 4)), person.said
        stored = machine.rows("SELECT hash_alg FROM shadow WHERE username = 'person'")
        assert stored == [{"hash_alg": mark}], (method, word, stored)


LOGIN = """\
auth requisite pam_faillock.so preauth nodelay {0}
auth [success=1 default=ignore] pam_unix.so nodelay {1}
auth [default=die] pam_faillock.so authfail nodelay {0}
auth sufficient pam_faillock.so authsucc {0}
account required pam_faillock.so
account required pam_unix.so
"""


def logs_in(person, password):
    done = subprocess.run(["pamtester", "login", "person", "authenticate"], input=password + "\n",
                          capture_output=True, text=True, timeout=30, check=False)
    return done.returncode == 0


def fails(person, times):
    for _ in range(times):
        assert not logs_in(person, "wrong")


def locked_after(person, most=6):
    """How many wrong passwords it takes until the right one is refused."""
    for failures in range(1, most):
        person.machine.must("faillock", "--user", "person", "--reset")
        fails(person, failures)
        if not logs_in(person, person.now):
            return failures
    return None


def with_login(machine, text):
    person = Person(machine, UNIX.format("sha512"))
    for service in ("login", "sshd"):
        person.write(f"pam.d/{service}", text)
    return person


def test_lockout(machine):
    person = with_login(machine, LOGIN.format("", ""))
    person.write("security/faillock.conf", "deny = 4\nunlock_time = 2\n")
    assert person.obeys("lockout_deny") == locked_after(person) == 4
    seconds = person.obeys("lockout_unlock_time")
    time.sleep(seconds / 2)
    assert not logs_in(person, person.now)
    time.sleep(seconds / 2 + 1.1)  # faillock counts whole seconds
    assert logs_in(person, person.now)
    for service in ("login", "sshd"):
        person.write(f"pam.d/{service}", LOGIN.format("deny=2 fail_interval=1", ""))
    assert person.obeys("lockout_deny") == locked_after(person) == 2
    seconds = person.obeys("lockout_fail_interval")
    machine.must("faillock", "--user", "person", "--reset")
    fails(person, 1)
    time.sleep(seconds + 1.1)
    fails(person, 1)
    assert logs_in(person, person.now)


def test_without_lockout_nobody_is_locked(machine):
    person = with_login(machine, LOGIN.format("deny=0", ""))
    rows = person.policy()
    assert (rows["lockout_deny"]["value"], rows["lockout_deny"]["enforced"]) == (0, 0), rows
    assert locked_after(person) is None


def test_empty_passwords(machine):
    for word, accepts in (("nullok", 1), ("", 0)):
        person = with_login(machine, LOGIN.format("", word))
        machine.must("passwd", "-d", "person")
        assert (person.obeys("nullok"), logs_in(person, "")) == (accepts, bool(accepts))
        machine.uncover()


def test_days_of_new_accounts(machine):
    person = with_login(machine, LOGIN.format("", ""))
    defs = [line for line in pathlib.Path("/etc/login.defs").read_text().splitlines()
            if not line.startswith("PASS_")]
    person.write("login.defs", "\n".join([*defs, "PASS_MAX_DAYS 91", "PASS_MIN_DAYS\t2", "PASS_WARN_AGE 9", ""]))
    person.write("default/useradd", "SHELL=/bin/sh\nINACTIVE=17\n")
    machine.must("useradd", "-M", "fresh")
    fields = machine.must("getent", "-s", "files", "shadow", "fresh").strip().split(":")
    days = {"min_days": fields[3], "max_days": fields[4], "warn_age": fields[5], "inactive_days": fields[6]}
    assert {name: str(person.obeys(name)) for name in days} == days, days
    machine.must("chage", "-d", "2020-01-01", "-M", 91, "person")
    expired = subprocess.run(["pamtester", "login", "person", "acct_mgmt"], capture_output=True, text=True,
                             check=False)
    assert expired.returncode != 0, expired
    without = LOGIN.format("", "").replace("account required pam_unix.so", "account required pam_permit.so")
    person.write("pam.d/login", without)
    assert person.policy()["max_days"]["enforced"] == 0
    machine.must("pamtester", "login", "person", "acct_mgmt")


namespace.need("/usr/bin/passwd", "/usr/bin/pamtester", "/usr/sbin/faillock", "/usr/bin/openssl")
namespace.enter()
namespace.run(globals())
