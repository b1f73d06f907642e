#!/usr/bin/env python3
"""mfa against logins: sshd with PAM and pam_oath or pam_google_authenticator, and a client that has all
proofs but the code, and then the code as well."""
import base64
import hashlib
import hmac
import os
import pathlib
import socket
import struct
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

PORT = 2222
SECRET = bytes(range(20))
PASSWORD = "Nightjar-71"
OATH = "auth {} pam_oath.so usersfile=/etc/users.oath window=30\n"
GOOGLE = "auth {} pam_google_authenticator.so secret=/etc/${{USER}}.google user=root allowed_perm=0600 {}\n"
UNIX = "auth required pam_unix.so nodelay\n"
REST = "account required pam_permit.so\nsession required pam_permit.so\n"
SSHD = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/%u.pub
StrictModes no
PidFile none
MaxAuthTries 20
"""
# An answer for each kind of question that a login asks.
ASKPASS = """#!/bin/sh
case "$1" in
*ode*|*OTP*|*One-time*) echo "$CODE" ;;
*) echo "$PASSWORD" ;;
esac
"""


def is_served():
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", PORT)) == 0


class Login:
    def __init__(self, machine):
        self.machine = machine
        self.folder = machine.folder
        machine.own("/etc")
        machine.empty("/run", "/var/log")
        pathlib.Path("/run/sshd").mkdir()
        machine.must("useradd", "-M", "-d", "/", "-s", "/bin/sh", "lin")
        hashed = machine.must("openssl", "passwd", "-6", "-stdin", text=PASSWORD)
        machine.must("chpasswd", "-e", text=f"lin:{hashed}")
        for name in ("host", "lin"):
            machine.must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name)
        self.askpass = self.write(self.folder / "askpass", ASKPASS, 0o755)
        self.server = None

    @staticmethod
    def write(path, text, mode=0o644):
        file = pathlib.Path(path)
        file.write_text(text)
        file.chmod(mode)
        return file

    def serve(self, stack, settings):
        self.stop()
        self.write("/etc/users.oath", f"HOTP/T30/6 lin - {SECRET.hex()}\n", 0o600)
        self.write("/etc/lin.google", base64.b32encode(SECRET).decode().strip("=") + "\n\" TOTP_AUTH\n", 0o600)
        self.write("/etc/pam.d/sshd", stack + REST)
        self.write("/etc/ssh/sshd_config", SSHD.format(port=PORT, folder=self.folder) + settings)
        self.server = self.machine.start("/usr/sbin/sshd", "-D", "-e")
        self.machine.wait_for(is_served)

    def stop(self):
        if self.server:
            self.machine.stop(self.server)
            self.server = None

    def ssh(self, methods, code):
        """A client that has the key and the password."""
        done = subprocess.run(
            ["ssh", "-v", "-F", "/dev/null", "-p", str(PORT), "-o", "StrictHostKeyChecking=no", "-o",
             "UserKnownHostsFile=/dev/null", "-o", f"PreferredAuthentications={methods}", "-o",
             "NumberOfPasswordPrompts=1", "-i", str(self.folder / "lin"), "-o", "IdentitiesOnly=yes",
             "lin@127.0.0.1", "true"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60,
            check=False, env={"PATH": os.environ["PATH"], "SSH_ASKPASS": str(self.askpass),
                              "SSH_ASKPASS_REQUIRE": "force", "PASSWORD": PASSWORD, "CODE": code})
        self.said = done.stderr
        return done.returncode == 0

    def enters(self, code):
        return self.ssh("publickey,password,keyboard-interactive", code)


def code_now(shift=0):
    """RFC 6238, as both modules count."""
    mac = hmac.new(SECRET, struct.pack(">Q", int(time.time()) // 30 + shift), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


KEY_AND_PAM = "AuthenticationMethods publickey,keyboard-interactive\nKbdInteractiveAuthentication yes\n"
ASKED = "PubkeyAuthentication no\nPasswordAuthentication no\nKbdInteractiveAuthentication yes\n"
# A stack of PAM and settings of sshd: without the code nobody gets in.
SAFE = [
    (OATH.format("required"), KEY_AND_PAM),
    (GOOGLE.format("required", ""), KEY_AND_PAM),
    (UNIX + OATH.format("required"), ASKED),
    (UNIX + GOOGLE.format("required", ""), ASKED),
    (UNIX + GOOGLE.format("required", "nullok"), ASKED),
    (UNIX + OATH.format("required") + "auth optional pam_permit.so\n", ASKED),
]
# Here one gets in without.
OPEN = [
    (UNIX + OATH.format("required"), "KbdInteractiveAuthentication yes\n"),
    (UNIX + OATH.format("optional"), ASKED),
    (OATH.format("sufficient") + UNIX, ASKED),
    (UNIX.replace("required", "sufficient") + OATH.format("required"), ASKED),
    (UNIX.replace("required", "[success=1 default=ignore]") + OATH.format("requisite") +
     "auth required pam_permit.so\n", ASKED),
    (UNIX + GOOGLE.format("required", "nullok").replace("/etc/", "/etc/none/"), ASKED),
    (OATH.format("required"), KEY_AND_PAM.replace("interactive\n", "interactive publickey\n", 1)),
    (OATH.format("required"), "AuthenticationMethods publickey,password publickey,keyboard-interactive\n"
     "UsePAM no\n"),
]


def is_required(machine, factor):
    rows = machine.rows(f"SELECT required FROM mfa WHERE service = 'sshd' AND factor = '{factor}'")
    assert len(rows) == 1, rows
    return rows[0]["required"]


def test_without_the_code_nobody_gets_in(machine):
    login = Login(machine)
    for stack, settings in SAFE:
        login.serve(stack, "UsePAM yes\n" + settings)
        asked = is_required(machine, "one_time_code")
        ours = asked == 1 or "nullok" in stack  # for accounts that have set none up
        assert ours and not login.enters("000000"), (stack, settings, asked)
        assert login.enters(code_now()), (stack, settings, login.said[-1500:])


def test_where_one_gets_in_without_none_is_required(machine):
    login = Login(machine)
    for stack, settings in OPEN:
        login.serve(stack, settings + ("" if "UsePAM" in settings else "UsePAM yes\n"))
        assert login.enters("000000"), (stack, settings, login.said[-1500:])
        assert is_required(machine, "one_time_code") == 0, (stack, settings)


def test_a_password_alone_does_not_pass_a_stack_that_wants_the_code(machine):
    login = Login(machine)
    login.serve(UNIX + OATH.format("required"), "UsePAM yes\nPubkeyAuthentication no\n"
                "KbdInteractiveAuthentication no\n")
    assert not login.enters("000000") and not login.enters(code_now())
    assert is_required(machine, "one_time_code") == 1


def test_what_sshd_asks_for_is_shown(machine):
    login = Login(machine)
    for methods, twice in (("publickey,keyboard-interactive", 1), ("publickey,password publickey", 0),
                           ("keyboard-interactive:pam,publickey", 1), ("password,keyboard-interactive", 0)):
        login.serve(UNIX, f"UsePAM yes\nKbdInteractiveAuthentication yes\nAuthenticationMethods {methods}\n")
        rows = machine.rows("SELECT * FROM mfa WHERE service = 'sshd' AND factor = 'sshd_methods'")
        dump = machine.must("/usr/sbin/sshd", "-T")
        assert f"authenticationmethods {rows[0]['control']}\n" in dump and rows[0]["required"] == twice, rows
        assert not login.ssh("publickey", "") or not twice, login.said
        asked = [line.split(": ")[2] for line in login.said.splitlines() if "that can continue" in line]
        first = {way.split(",")[0].split(":")[0] for way in rows[0]["control"].split()}
        assert set(asked[0].split(",")) == first, (asked, rows)


namespace.need("/usr/sbin/sshd", "/usr/bin/ssh", "/usr/sbin/useradd")
namespace.enter()
namespace.run(globals())
