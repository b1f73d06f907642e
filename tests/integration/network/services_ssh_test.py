#!/usr/bin/env python3
"""assay-agent services against OpenSSH in strong and weak settings: what it offers, its host keys, and by which
methods it lets people log in."""
import pathlib
import socket
import sys

from servers import Hostile, free_port, must, run_tests
from services_found import expect, found


def start_sshd(servers, *options):
    port = free_port()
    keys = []
    for kind, more in (("ed25519", ()), ("rsa", ("-b", "2048")), ("ecdsa", ("-b", "384"))):
        key = servers.folder / f"host-{kind}"
        if not key.exists():
            must("ssh-keygen", "-q", "-t", kind, *more, "-N", "", "-f", key)
        keys += ["-h", key]
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    servers.start("/usr/sbin/sshd", "-D", "-f", "/dev/null", "-p", port, "-o", "ListenAddress=127.0.0.1", "-o",
                  "PidFile=none", *keys, *(word for option in options for word in ("-o", option)), port=port)
    return port


def test_ssh(servers):
    strong = start_sshd(servers)
    weak = start_sshd(servers, "KexAlgorithms=diffie-hellman-group1-sha1", "Ciphers=3des-cbc,aes128-cbc",
                      "MACs=hmac-md5", "HostKeyAlgorithms=+ssh-rsa")
    group = start_sshd(servers, "KexAlgorithms=diffie-hellman-group14-sha256")
    curve = start_sshd(servers, "KexAlgorithms=ecdh-sha2-nistp256")
    rows = found(servers, strong, weak, group, curve)
    for row in rows.values():
        expect(row, status="ok", protocol="ssh", tls="none", product="OpenSSH")
        assert row["details"]["host_key"] == {"ssh-ed25519 256", "ssh-rsa 2048", "ecdsa-sha2-nistp384 384"}, row
        assert row["details"]["protocol"] == {"2.0"}, row
    offers = rows[strong]["details"]
    ours = set(must("ssh", "-Q", "cipher").split())
    assert offers["cipher"] <= ours and "chacha20-poly1305@openssh.com" in offers["cipher"], offers
    assert "curve25519-sha256" in offers["key_exchange"], offers
    offers = rows[weak]["details"]
    assert (offers["key_exchange"], offers["cipher"], offers["mac"]) == (
        {"diffie-hellman-group1-sha1"}, {"3des-cbc", "aes128-cbc"}, {"hmac-md5"}), offers
    assert "ssh-rsa" in offers["host_key_algorithm"], offers


def methods(row):
    return row["details"].get("auth_method", set())


def test_methods_of_authentication(servers):
    everything = start_sshd(servers, "UsePAM=yes", "HostbasedAuthentication=yes")
    keys = start_sshd(servers, "PasswordAuthentication=no", "KbdInteractiveAuthentication=no")
    asked = start_sshd(servers, "PasswordAuthentication=no", "KbdInteractiveAuthentication=yes", "UsePAM=yes")
    password = start_sshd(servers, "PubkeyAuthentication=no", "KbdInteractiveAuthentication=no")
    pairs = start_sshd(servers, "AuthenticationMethods=publickey,password")
    either = start_sshd(servers, "AuthenticationMethods=publickey,password password,publickey")
    rows = found(servers, everything, keys, asked, password, pairs, either)
    for row in rows.values():
        expect(row, status="ok", protocol="ssh", authentication="required", detail=None)
    for port, names in ((everything, {"publickey", "password", "keyboard-interactive", "hostbased"}),
                        (keys, {"publickey"}), (asked, {"publickey", "keyboard-interactive"}),
                        (password, {"password"}), (pairs, {"publickey"}), (either, {"publickey", "password"})):
        assert methods(rows[port]) == names, (port, rows[port])


def test_whatever_the_server_encrypts_with(servers):
    """What servers were set to over the years: each is understood."""
    settings = (
        ("Ciphers=chacha20-poly1305@openssh.com", "KexAlgorithms=curve25519-sha256"),
        ("Ciphers=aes256-gcm@openssh.com", "KexAlgorithms=ecdh-sha2-nistp256"),
        ("Ciphers=aes256-ctr", "MACs=hmac-sha2-512-etm@openssh.com", "KexAlgorithms=diffie-hellman-group16-sha512"),
        ("Ciphers=aes128-cbc", "MACs=hmac-sha2-256", "KexAlgorithms=diffie-hellman-group14-sha1"),
        ("Ciphers=3des-cbc", "MACs=hmac-sha1", "KexAlgorithms=diffie-hellman-group1-sha1", "HostKeyAlgorithms=ssh-rsa"))
    ports = [start_sshd(servers, *options) for options in settings]
    for port, row in found(servers, *ports).items():
        assert "password" in methods(row), (settings[ports.index(port)], row)
        expect(row, authentication="required", detail=None)


def test_without_an_algorithm_in_common_the_methods_are_unknown(servers):
    mac = start_sshd(servers, "Ciphers=aes128-ctr", "MACs=hmac-md5")
    exchange = start_sshd(servers, "KexAlgorithms=sntrup761x25519-sha512@openssh.com")
    rows = found(servers, mac, exchange)
    for port, what in ((mac, "mac"), (exchange, "kex")):
        expect(rows[port], status="ok", protocol="ssh", authentication=None)
        assert methods(rows[port]) == set(), rows[port]
        assert f"no algorithm in common: {what}" in rows[port]["detail"], rows[port]


def test_a_banner_before_the_log_in_is_passed_over(servers):
    (servers.folder / "banner").write_text("secret-of-the-house\n" * 200)
    port = start_sshd(servers, f"Banner={servers.folder}/banner")
    row = found(servers, port)[port]
    assert {"publickey", "password"} <= methods(row), row
    assert "secret-of-the-house" not in str(row), row


def test_a_server_that_breaks_off_or_lies_leaves_them_unknown(servers):
    """A real server's first messages, then nothing that fits."""
    real = start_sshd(servers)

    def relay_then(rest):
        def talk(connection):
            with socket.create_connection(("127.0.0.1", real)) as server:
                server.sendall(b"SSH-2.0-x\r\n")
                data = b""
                while len(data) < 400:
                    data += server.recv(4096)
                connection.sendall(data)
            rest(connection)
        return talk

    def hang_up(connection):
        connection.recv(4096)

    def answer_garbage(connection):
        connection.recv(4096)
        connection.sendall(b"\0\0\0\x0c\x0a\x1f" + bytes(10) + b"\xf7" * 3000)

    for rest in (hang_up, answer_garbage):
        with Hostile(relay_then(rest)) as server:
            row = found(servers, server.port)[server.port]
        expect(row, status="ok", protocol="ssh", authentication=None)
        assert methods(row) == set() and row["detail"], row


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
