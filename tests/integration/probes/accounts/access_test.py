#!/usr/bin/env python3
"""The tables about access against the programs that own the files: ssh-keygen and sshd, visudo and
cvtsudoers, utmpdump, last and lastlog. Everything is in scratch folders; sshd is on loopback."""
import base64
import json
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

NEEDED = ["ssh-keygen", "ssh", "/usr/sbin/sshd", "/usr/sbin/visudo", "cvtsudoers", "utmpdump", "last",
          "lastlog"]


def must(*command, **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=60,
                          env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
                          **({"stdin": subprocess.DEVNULL} if "input" not in more else {}), **more)
    assert done.returncode == 0, f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return done.stdout


class Machine:
    """A root folder of its own, asked through the agent."""

    def __init__(self, bin_folder):
        self.bin = pathlib.Path(bin_folder)
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="assay-access-"))
        self.write("etc/passwd", "root:x:0:0:root:/root:/bin/bash\nlin:x:1000:1000::/home/lin:/bin/sh\n")
        self.write("etc/group", "root:x:0:\nlin:x:1000:\n")

    def write(self, path, content, mode=0o644):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        file.chmod(mode)
        return file

    def query(self, sql):
        return json.loads(must(self.bin / "assay-agent", "query", "--root", self.root, "-o", "json", sql))

    def close(self):
        shutil.rmtree(self.root)


def ssh_string(data):
    return struct.pack(">I", len(data)) + data


def fido_line(keys):
    """ssh-keygen makes no FIDO key without a device, but reads its public half."""
    name = b"sk-ssh-ed25519@openssh.com"
    public = base64.b64decode((keys / "ed25519.pub").read_text().split()[1])[-32:]
    blob = ssh_string(name) + ssh_string(public) + ssh_string(b"ssh:")
    return f"{name.decode()} {base64.b64encode(blob).decode()} fido\n"


def make_keys(folder):
    kinds = [("rsa1024", "rsa", 1024), ("rsa3072", "rsa", 3072), ("dsa", "dsa", 1024),
             ("ecdsa256", "ecdsa", 256), ("ecdsa384", "ecdsa", 384), ("ecdsa521", "ecdsa", 521),
             ("ed25519", "ed25519", 256)]
    for name, kind, bits in kinds:
        must("ssh-keygen", "-q", "-t", kind, "-b", bits, "-N", "", "-C", f"{name} of a test",
             "-f", folder / name)
    must("ssh-keygen", "-q", "-s", folder / "ed25519", "-I", "id", "-n", "root", folder / "rsa3072.pub")
    lines = [(folder / f"{name}.pub").read_text() for name, _, _ in kinds]
    return lines + [(folder / "rsa3072-cert.pub").read_text(), fido_line(folder)]


def test_keys_are_named_as_ssh_keygen_names_them(machine):
    keys = machine.root / "keys"
    keys.mkdir()
    lines = make_keys(keys)
    file = machine.write("root/.ssh/authorized_keys", "".join(lines), 0o600)
    said = [line.split() for line in must("ssh-keygen", "-lf", file).splitlines()]
    rows = machine.query("SELECT bits, fingerprint, comment FROM authorized_keys ORDER BY line")
    assert len(rows) == len(said) == len(lines), f"{rows}\n{said}"
    for row, words in zip(rows, said):
        assert (str(row["bits"]), row["fingerprint"]) == (words[0], words[1]), f"{row} {words}"
        assert row["comment"] == " ".join(words[2:-1]), f"{row} {words}"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_sshd_accepts_what_is_shown_as_a_key(machine):
    keys = machine.root / "keys"
    options = 'from="127.0.0.1",command="echo --token canary",no-pty,environment="A=canary" '
    machine.write("root/.ssh/authorized_keys",
                  "canary no key\n" + options + (keys / "ed25519.pub").read_text(), 0o600)
    port = free_port()
    config = machine.write("etc/ssh/sshd_config", f"""
Port {port}
ListenAddress 127.0.0.1
HostKey {keys}/ecdsa256
AuthorizedKeysFile {machine.root}/root/.ssh/authorized_keys
StrictModes no
UsePAM no
PidFile none
""")
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    server = subprocess.Popen(["/usr/sbin/sshd", "-D", "-e", "-f", str(config)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + 20
        while True:
            done = subprocess.run(
                ["ssh", "-p", str(port), "-i", str(keys / "ed25519"), "-o", "IdentitiesOnly=yes",
                 "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o",
                 "BatchMode=yes", "root@127.0.0.1", "true"], capture_output=True, text=True, timeout=30)
            if done.returncode == 0 or time.monotonic() > until:
                break
            time.sleep(0.2)
        assert done.stdout == "--token canary\n", done.stdout + done.stderr
    finally:
        server.terminate()
        server.wait(timeout=10)
    machine.write("etc/ssh/sshd_config", "UsePAM no\n")
    rows = machine.query("SELECT * FROM authorized_keys ORDER BY line")
    assert [row["state"] for row in rows] == ["invalid", "key"], rows
    assert rows[1]["options"] == 'from="127.0.0.1",command,no-pty,environment', rows
    assert "canary" not in json.dumps(rows), rows


SUDOERS = """
Defaults        env_reset
Defaults:lin    !authenticate
User_Alias      OPERATORS = chen, %ops, \\
                            #1001
Runas_Alias     DB = postgres, mysql
Host_Alias      WEB = web1, web2
Cmnd_Alias      SERVICES = /usr/bin/systemctl restart nginx, /usr/sbin/service
root            ALL=(ALL:ALL) ALL
%sudo           ALL=(ALL:ALL) ALL
OPERATORS       WEB=(root) NOPASSWD: SERVICES, PASSWD: /usr/sbin/reboot
lin             ALL=(DB) /usr/bin/psql -c secret, (root) NOEXEC: /usr/bin/vi \\
                : web1 = NOPASSWD:SETENV: ALL, !/bin/su
"%domain admins" ALL = (:adm) /usr/bin/journalctl ""
@includedir {}
"""


def rights_of_cvtsudoers(text):
    """(who, command without arguments, without password) of every rule, aliases written out."""
    found = set()
    for spec in json.loads(text)["User_Specs"]:
        users = [next(iter(user.values())) if "username" in user or "useralias" in user else
                 f"%{user['usergroup']}" if "usergroup" in user else f"#{user['userid']}"
                 for user in spec["User_List"]]
        for group in spec["Cmnd_Specs"]:
            free = any(option.get("authenticate") is False for option in group.get("Options", []))
            for command in group["Commands"]:
                name = command["command"].split()[0]
                for user in users:
                    found.add((user, ("!" if command.get("negated") else "") + name, free))
    return found


def test_sudo_reads_the_same_rights(machine):
    folder = machine.root / "etc/sudoers.d"
    machine.write("etc/sudoers.d/10-mei", "mei ALL=(ALL) NOPASSWD: /usr/bin/id, /bin/ls -l /root\n", 0o440)
    machine.write("etc/sudoers.d/passed.over", "mallory ALL=(ALL) NOPASSWD: ALL\n", 0o440)
    file = machine.write("etc/sudoers", SUDOERS.format(folder), 0o440)
    must("/usr/sbin/visudo", "-c", "-f", file)
    theirs = rights_of_cvtsudoers(must("cvtsudoers", "-e", "-f", "json", file))
    # In the scratch root the folder has the name that it would have on the machine.
    machine.write("etc/sudoers", SUDOERS.format("/etc/sudoers.d"), 0o440)
    rows = machine.query("SELECT who, commands, tags, kind FROM sudoers WHERE kind <> 'defaults'")
    assert not [row for row in rows if row["kind"] == "invalid"], rows
    ours = set()
    for row in rows:
        if row["kind"] != "rule":
            continue
        for command in row["commands"].split(", "):
            ours.add((row["who"], command.split(" ")[0], "NOPASSWD" in (row["tags"] or "")))
    assert ours == theirs, f"ours only: {ours - theirs}\ntheirs only: {theirs - ours}"
    assert "secret" not in json.dumps(machine.query("SELECT * FROM sudoers"))


def test_rights_that_sudo_refuses_are_not_understood_either(machine):
    for line in ("lin ALL", "lin ALL=(root", "User_Alias lower", "lin ALL=(root) NOPASSWD:"):
        file = machine.write("etc/sudoers", line + "\n", 0o440)
        done = subprocess.run(["/usr/sbin/visudo", "-c", "-f", str(file)], capture_output=True,
                              timeout=60)
        assert done.returncode != 0, line
        assert [row["kind"] for row in machine.query("SELECT kind FROM sudoers")] == ["invalid"], line


WTMP = """\
[2] [00000] [~~  ] [reboot  ] [~           ] [6.1.0       ] [0.0.0.0        ] [2026-10-01T08:00:00,000000+00:00]
[7] [00100] [ts/0] [lin     ] [pts/0       ] [192.0.2.9   ] [192.0.2.9      ] [2026-10-02T09:30:00,000000+00:00]
[8] [00100] [ts/0] [        ] [pts/0       ] [            ] [0.0.0.0        ] [2026-10-02T10:00:00,000000+00:00]
[7] [00200] [1   ] [root    ] [tty1        ] [            ] [0.0.0.0        ] [2026-10-03T11:00:00,000000+00:00]
"""


def test_logins_are_those_that_last_shows(machine):
    text = machine.write("wtmp.txt", WTMP)
    done = subprocess.run(["utmpdump", "-r", str(text)], capture_output=True, timeout=60)
    assert done.returncode == 0 and len(done.stdout) == 4 * 384, done.stderr
    wtmp = machine.write("var/log/wtmp", done.stdout)
    rows = machine.query("SELECT username, datetime FROM (SELECT username, time AS datetime FROM "
                         "last_logins WHERE time IS NOT NULL ORDER BY time)")
    assert [(row["username"], row["datetime"]) for row in rows] == [
        ("lin", 1790933400), ("root", 1791025200)], rows
    shown = must("last", "--time-format", "iso", "-f", wtmp)
    for row in machine.query("SELECT * FROM last_logins"):
        line = next(line for line in shown.splitlines() if line.startswith(row["username"]))
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(row["time"]))
        assert row["tty"] in line and moment in line and (row["host"] or "") in line, f"{row}\n{line}"
    assert machine.query("SELECT DISTINCT recorded_since FROM last_logins") == [
        {"recorded_since": 1790841600}]


def test_lastlog_is_read_as_its_own_program_writes_it(machine):
    (machine.root / "var/log/wtmp").unlink()
    machine.write("var/log/lastlog", b"")
    before = int(time.time())
    must("lastlog", "-R", machine.root, "-S", "-u", "lin")
    rows = {row["username"]: row for row in machine.query("SELECT * FROM last_logins")}
    assert before <= rows["lin"]["time"] <= time.time(), rows
    assert rows["root"]["time"] is None and "lastlog" in rows["root"]["note"], rows


def main():
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing or os.geteuid() != 0:
        print(f"SKIPPED: needs root, and these programs are not installed: {missing}")
        return 77
    machine = Machine(sys.argv[1])
    try:
        for name, test in list(globals().items()):
            if name.startswith("test_"):
                test(machine)
                print(f"ok {name}")
    finally:
        machine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
