#!/usr/bin/env python3
"""Table sshd_config says what `sshd -T` says, for the real OpenSSH server and several settings."""
import os
import pathlib
import subprocess

from scratch_host import need, run_tests

SSHD = "/usr/sbin/sshd"
# What the agent does not list by default, and says so in its documentation.
NOT_LISTED = {"ipqos", "pidfile", "modulifile", "xauthlocation", "casignaturealgorithms",
              "securitykeyprovider", "gssapikexalgorithms", "gssapikeyexchange",
              "gssapistorecredentialsonrekey"}

CONFIGURATIONS = {
    "nothing": "",
    "debian": pathlib.Path("/usr/share/openssh/sshd_config").read_text()
    if pathlib.Path("/usr/share/openssh/sshd_config").exists() else "",
    "first value wins": "PermitRootLogin no\nPermitRootLogin yes\nMaxSessions 3\nmaxsessions 4\n",
    "spellings": "  PORT = 2222 # here\nBanner \"/etc/issue net\"\nAllowUsers 'a b' c\n"
                 "LoginGraceTime 1m30s\nClientAliveInterval=15m\nLogLevel verbose\n",
    "many": "Port 22\nPort 2200\nAcceptEnv LANG LC_*\nAcceptEnv TZ\nDenyGroups x y\n"
            "Subsystem sftp internal-sftp -f AUTH\nAuthenticationMethods publickey,password "
            "publickey\nPermitOpen 192.0.2.1:80 192.0.2.2:80\n",
    "addresses": "Port 22\nPort 23\nListenAddress 192.0.2.1\nListenAddress [2001:db8::1]:99\n",
    "family": "AddressFamily inet\n",
    "lists": "Ciphers +aes256-cbc\nMACs -hmac-sha1*,umac-*\nKexAlgorithms ^ecdh-sha2-nistp521\n"
             "HostKeyAlgorithms -ecdsa-*\nPubkeyAcceptedKeyTypes +ssh-rsa\n",
    "explicit lists": "Ciphers aes256-gcm@openssh.com,aes256-ctr\nMACs hmac-sha2-512\n",
    "old names": "ChallengeResponseAuthentication no\nPubkeyAcceptedKeyTypes ssh-ed25519\n",
    "include": "Include /etc/ssh/sshd_config.d/*.conf\nX11Forwarding yes\nPrintMotd no\n",
    "match": "PasswordAuthentication no\nMatch User backup\nPasswordAuthentication yes\n"
             "X11Forwarding yes\nMatch all\nMaxSessions 2\n",
    "words": "PermitRootLogin without-password\nGatewayPorts clientspecified\nPermitTunnel point-to-point\n"
             "AllowTcpForwarding local\nCompression delayed\nStrictModes no\nRekeyLimit 1G 1h\n"
             "UsePAM yes\nMaxStartups 5:50:20\nPerSourceMaxStartups 3\nUnusedConnectionTimeout 5m\n",
}
DROP_INS = {"10-a.conf": "X11Forwarding no\n", "20-b.conf": "Match User x\nMaxSessions 5\n",
            "30-c.conf": "MaxAuthTries 2\nX11Forwarding yes\n", "40-d.txt": "MaxAuthTries 9\n"}


def canonical(keyword, value):
    if keyword == "permitrootlogin":
        return value.replace("without-password", "prohibit-password")
    return value


def of_sshd(host, key):
    """(keyword, value) as the server itself prints them, the paths of the image put in."""
    text = host.path("/etc/ssh/sshd_config").read_text().replace(
        "Include /etc/ssh/", f"Include {host.root}/etc/ssh/")
    own = host.write("/etc/ssh/for_sshd", text)
    done = subprocess.run([SSHD, "-T", "-f", str(own), "-h", str(key)], capture_output=True,
                          text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    pairs = set()
    for line in done.stdout.splitlines():
        keyword, _, value = line.partition(" ")
        if keyword not in NOT_LISTED and keyword != "hostkey":
            pairs.add((keyword, canonical(keyword, value)))
    return pairs


def of_agent(host):
    rows = host.query("SELECT keyword, value, note FROM sshd_config WHERE \"match\" IS NULL")
    for row in rows:
        assert row["value"] is not None, row
    return {(row["keyword"], row["value"]) for row in rows
            if row["keyword"] not in NOT_LISTED and row["keyword"] != "hostkey"}


def prepare(host):
    os.makedirs("/run/sshd", exist_ok=True)
    host.write("/usr/sbin/sshd", pathlib.Path(SSHD).read_bytes(), 0o755)
    for name, text in DROP_INS.items():
        host.write(f"/etc/ssh/sshd_config.d/{name}", text)
    key = host.path("/tmp/key")
    key.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True,
                   stdin=subprocess.DEVNULL, timeout=60)
    return key


def test_every_keyword_has_the_value_that_sshd_gives_it(host):
    key = prepare(host)
    for name, text in CONFIGURATIONS.items():
        host.write("/etc/ssh/sshd_config", text)
        ours, theirs = of_agent(host), of_sshd(host, key)
        assert ours == theirs, (f"{name}:\nonly the agent: {sorted(ours - theirs)}\n"
                                f"only sshd: {sorted(theirs - ours)}")


def test_a_file_that_sshd_refuses_is_no_table(host):
    key = prepare(host)
    for text in ("Banner \"/etc/issue\n", "Port\n", "Include /etc/ssh/sshd_config\n"):
        host.write("/etc/ssh/sshd_config", text)
        own = host.write("/etc/ssh/for_sshd", text.replace(
            "/etc/ssh/sshd_config", str(host.path("/etc/ssh/for_sshd"))))
        refused = subprocess.run([SSHD, "-T", "-f", str(own), "-h", str(key)], check=False,
                                 capture_output=True, timeout=30).returncode != 0
        assert refused and host.fails("SELECT * FROM sshd_config"), text


if __name__ == "__main__":
    need("sshd", "ssh-keygen")
    run_tests(globals())
