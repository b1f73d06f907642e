#!/usr/bin/env python3
"""login_settings against shells that read the same files, su with pam_umask and pam_env, and useradd."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

ASK = 'umask; echo "${TMOUT-unset}"; readonly -p | grep -c TMOUT; export -p | grep -c TMOUT; true'
PROFILE = """\
PATH=/usr/bin:/bin
for i in $(run-parts --list --regex '^[a-zA-Z0-9_][a-zA-Z0-9._-]*\\.sh$' /etc/profile.d); do
  . $i
done
unset i
"""


def write(name, text):
    file = pathlib.Path("/etc") / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def prepare(machine):
    machine.own("/etc")
    for file in pathlib.Path("/etc/profile.d").iterdir():
        file.unlink()
    write("profile", PROFILE)
    write("bash.bashrc", "")
    write("environment", "")


class Shell:
    """What a login shell has after its files."""

    def __init__(self, machine):
        said = machine.must("sh", "-c", f"umask 022; exec env -i HOME=/nowhere bash -lc '{ASK}'").splitlines()
        self.umask = int(said[0], 8)
        self.timeout = None if said[1] == "unset" else said[1]
        self.is_readonly, self.is_exported = said[2] != "0", said[3] != "0"


def shell_rows(machine, setting):
    """Rows that a file of Bourne shells is behind."""
    return [row for row in machine.rows(f"SELECT * FROM login_settings WHERE setting = '{setting}'")
            if row["scope"] == "sh" and row["source"]]


# Files of /etc/profile.d, and whether the table can tell what comes of them.
TIMEOUTS = [
    ({"a.sh": "TMOUT=900\nreadonly TMOUT\nexport TMOUT\n"}, True),
    ({"a.sh": "declare -xr TMOUT=600\n"}, True),
    ({"a.sh": "typeset -x TMOUT='700'; umask 027\n"}, True),
    ({"a.sh": "export OTHER=1 TMOUT=\"300\" # five minutes\n"}, True),
    ({"a.sh": "readonly TMOUT=450 ; export TMOUT\n"}, True),
    ({"a.sh": "# TMOUT=60\n: TMOUT=61\necho TMOUT=62 >/dev/null\nXTMOUT=63\n"}, True),
    ({"a.sh": "TMOUT=900\nunset TMOUT\n"}, True),
    ({"a.sh": "TMOUT=900\n", "b.sh": "TMOUT=120\n", "c.txt": "TMOUT=1\n", "d.csh": "set autologout=5\n"}, True),
    ({"a.sh": "TMOUT=64 true\n"}, True),
    ({"a.sh": "cat >/dev/null <<END\nTMOUT=65\nEND\n"}, True),
    ({"a.sh": "cat >/dev/null <<-'END'\n\tTMOUT=66\n\tEND\nTMOUT=900\n"}, True),
    ({"a.sh": "a=\"first\nTMOUT=67\nlast\"\n"}, True),
    ({"a.sh": "export \\\nTMOUT=500\n"}, True),
    ({"a.sh": "TMOUT=900\n", "b.sh": "unset TMOUT\n"}, True),
    ({"a.sh": "readonly TMOUT=900\n", "b.sh": "TMOUT=0 2>/dev/null || true\n"}, True),
    ({"a.sh": "(TMOUT=69)\nTMOUT=870\n"}, True),
    ({"a.sh": "{ TMOUT=800; }\n"}, True),
    ({"a.sh": "never() {\n  TMOUT=68\n}\n"}, False),
    ({"a.sh": "if [ -n \"$NOBODY\" ]; then\n  TMOUT=70\nfi\n"}, False),
    ({"a.sh": "[ -n \"$NOBODY\" ] && TMOUT=71\n"}, False),
    ({"a.sh": "case \"$-\" in *i*) TMOUT=72;; esac\n"}, False),
    # What comes behind a shell of its own is left open.
    ({"a.sh": "( TMOUT=73 )\nTMOUT=870\n"}, False),
    ({"a.sh": "TMOUT=$((60 * 10))\n"}, False),
    ({"a.sh": "TMOUT=$(echo 600; echo \")\" >/dev/null)\n"}, False),
    ({"a.sh": "TMOUT=`echo 600`\n"}, False),
]


def test_time_outs_are_those_of_a_login_shell(machine):
    problems = []
    for files, can_be_told in TIMEOUTS:
        prepare(machine)
        for name, text in files.items():
            write(f"profile.d/{name}", text)
        shell, rows = Shell(machine), shell_rows(machine, "TMOUT")
        is_told = all(row["in_force"] is not None for row in rows)
        held = [row for row in rows if row["in_force"] == 1]
        right = is_told == can_be_told
        if right and is_told:
            right = (held[-1]["value"] if held else None) == shell.timeout
        if right and is_told and held:
            marks = (held[-1]["is_readonly"], held[-1]["is_exported"])
            right = marks == (shell.is_readonly, shell.is_exported) and held[-1]["seconds"] == int(shell.timeout)
            # The rule looks at every row: what does not hold must not be said to.
            right = right and (len(held) == 1 or shell.timeout == "120")
        if not right:
            problems.append((files, vars(shell), rows))
        machine.uncover()
    assert not problems, "\n".join(map(str, problems))


MASKS = ["umask 027\n", "umask 077 # own\n", "umask u=rwx,g=rx,o=\n", "umask -S 026 >/dev/null\n",
         "umask 022\numask 037\n", "cat >/dev/null <<END\numask 000\nEND\numask 0027\n"]


def test_masks_are_those_of_a_login_shell(machine):
    for text in MASKS:
        prepare(machine)
        write("profile.d/mask.sh", text)
        rows = [row for row in shell_rows(machine, "umask") if row["in_force"] == 1]
        value = machine.must("sh", "-c", f"umask 022; umask {rows[-1]['value']}; umask").strip()
        assert int(value, 8) == Shell(machine).umask, (text, rows)
        machine.uncover()


SESSION = "auth sufficient pam_rootok.so\naccount required pam_permit.so\nsession required pam_permit.so\n"


def mask_of_su(machine):
    return int(machine.must("sh", "-c", "umask 022; exec su -l lin -c umask").strip(), 8)


def with_person(machine):
    prepare(machine)
    machine.empty("/home", "/var/log", "/var/mail")
    machine.must("useradd", "-m", "-u", 4001, "lin")
    write("profile", "PATH=/usr/bin:/bin\n")


def test_masks_of_pam_are_those_of_a_session(machine):
    with_person(machine)
    defs = "".join(line for line in pathlib.Path("/etc/login.defs").read_text().splitlines(True)
                   if not line.startswith(("UMASK", "USERGROUPS_ENAB")))
    write("login.defs", defs + "UMASK 037\nUSERGROUPS_ENAB no\n")
    for service in ("login", "sshd"):
        pathlib.Path(f"/etc/pam.d/{service}").unlink(missing_ok=True)
    for module, scope, mask in (("", None, 0o022), ("session optional pam_umask.so\n", "login.defs", 0o037),
                                ("session optional pam_umask.so umask=0026\n", "pam_umask", 0o026)):
        write("pam.d/su-l", SESSION + module)
        rows = [row for row in machine.rows("SELECT * FROM login_settings WHERE setting = 'umask'")
                if row["in_force"] == 1]
        assert [row["scope"] for row in rows] == ([scope] if scope else []), (module, rows)
        assert mask_of_su(machine) == (int(rows[0]["value"], 8) if rows else 0o022) == mask, (module, rows)


def test_the_environment_of_pam_is_every_shells(machine):
    with_person(machine)
    write("pam.d/su-l", SESSION + "session required pam_env.so readenv=1\n")
    write("environment", 'PATH="/usr/bin:/bin"\nTMOUT=840\n')
    said = machine.must("su", "-l", "lin", "-c", "echo $TMOUT; sh -c 'echo $TMOUT'").split()
    row = machine.rows("SELECT * FROM login_settings WHERE setting = 'TMOUT'")[0]
    assert said == ["840", "840"] and (row["seconds"], row["is_exported"], row["in_force"]) == (840, 1, 1), row


def test_new_home_folders_have_the_mode(machine):
    for mode in ("0750", "0700"):
        with_person(machine)
        defs = pathlib.Path("/etc/login.defs").read_text()
        write("login.defs", defs + f"HOME_MODE {mode}\n")
        machine.must("useradd", "-m", "new")
        rows = machine.rows("SELECT value FROM login_settings WHERE setting = 'home_mode'")
        made = pathlib.Path("/home/new").stat().st_mode & 0o7777
        assert made == int(rows[-1]["value"], 8) == int(mode, 8), (oct(made), rows)
        machine.uncover()


def test_where_root_may_log_in(machine):
    prepare(machine)
    write("securetty", "tty1\n# tty2\n")
    for module, holds in (("auth required pam_securetty.so\n", 1), ("", 0)):
        write("pam.d/login", module + "auth required pam_permit.so\n")
        row = machine.rows("SELECT * FROM login_settings WHERE setting = 'securetty'")[0]
        entered = {tty: subprocess.run(["pamtester", "-I", f"tty={tty}", "login", "root", "authenticate"],
                                       capture_output=True, check=False, timeout=30).returncode == 0
                   for tty in ("tty1", "tty2")}
        assert row["in_force"] == holds and entered == {"tty1": True, "tty2": not holds}, (row, entered)
        assert row["value"] == "tty1", row


namespace.need("/usr/bin/bash", "/usr/sbin/useradd", "/usr/bin/su", "/usr/bin/pamtester")
namespace.enter()
namespace.run(globals())
