#!/usr/bin/env python3
"""Servers that keep data or let people in: what the agent says of where they listen, whose they are,
who can reach them and how they are set up, beside the real PostgreSQL, Redis, Samba, Telnet and
Dovecot of Debian's packages."""
import pathlib
import pwd
import sys

from service_namespace import run_tests

POSTGRES = next(iter(sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))),
                pathlib.Path("/usr/lib/postgresql/postgres"))
SERVICES = [POSTGRES, "/usr/bin/redis-server", "/usr/sbin/smbd", "/usr/sbin/inetd", "/usr/sbin/telnetd",
            "/usr/sbin/dovecot"]
LISTENER = "SELECT address, port, process, package, path, uid FROM listening_ports WHERE port = {}"
REACH = "SELECT address, reach, package FROM exposure WHERE port = {} ORDER BY address"


def test_postgresql_on_loopback_is_out_of_reach(host):
    data = host.folder / "data"
    data.mkdir()
    account = pwd.getpwnam("postgres")
    for path in (data, host.folder):
        host.must("chown", "postgres", path)
    as_postgres = ("setpriv", "--reuid", "postgres", "--regid", account.pw_gid, "--clear-groups")
    host.must(*as_postgres, POSTGRES.parent / "initdb", "--no-sync", "-D", data, "-A", "trust",
              cwd=host.folder)
    host.start(*as_postgres, POSTGRES, "-D", data, "-p", "15432", "-k", host.folder,
               "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off")
    row = host.wait_for(LISTENER.format(15432))[0]
    package = f"postgresql-{POSTGRES.parts[4]}"
    assert row == {"address": "127.0.0.1", "port": 15432, "process": "postgres", "package": package,
                   "path": str(POSTGRES), "uid": account.pw_uid}, row
    assert host.query(REACH.format(15432)) == [
        {"address": "127.0.0.1", "reach": "loopback_only", "package": package}]


def test_redis_on_every_address_is_reachable_until_it_is_filtered(host):
    host.start("/usr/bin/redis-server", "--port", "16379", "--bind", "0.0.0.0", "--save", "",
               "--dir", host.folder, "--protected-mode", "no")
    row = host.wait_for(LISTENER.format(16379))[0]
    # redis-server is a name of the program that checks and serves alike, which redis-tools brings.
    assert (row["address"], row["process"]) == ("0.0.0.0", "redis-server"), row
    assert (row["path"], row["package"]) == ("/usr/bin/redis-check-rdb", "redis-tools"), row
    reach = host.query(REACH.format(16379))
    assert [row["reach"] for row in reach] == ["reachable"], reach
    rules = host.folder / "filter.nft"
    rules.write_text("table inet filter { chain input { type filter hook input priority 0;\n"
                     "policy accept; tcp dport 16379 drop\n}\n}\n")
    host.must("ip", "netns", "exec", host.name, "nft", "-f", rules)
    reach = host.query(REACH.format(16379))
    assert [row["reach"] for row in reach] == ["filtered"], reach


def test_samba_is_seen_listening_with_the_shares_of_its_file(host):
    share = host.folder / "share"
    share.mkdir()
    for name in ("private", "state", "cache", "lock", "pid", "log", "ncalrpc"):
        (host.folder / name).mkdir()
    settings = host.folder / "smb.conf"
    folders = "".join(f"{key} = {host.folder}/{name}\n" for key, name in
                      (("private dir", "private"), ("state directory", "state"), ("pid directory", "pid"),
                       ("cache directory", "cache"), ("lock directory", "lock"),
                       ("ncalrpc dir", "ncalrpc")))
    settings.write_text(f"[global]\nsmb ports = 10445\nbind interfaces only = yes\n"
                        f"interfaces = 127.0.0.1/8\nlog file = {host.folder}/log/smbd\n"
                        f"server role = standalone server\nserver min protocol = SMB3\ndisable spoolss = yes\n{folders}"
                        f"[data]\npath = {share}\nread only = yes\nguest ok = yes\n")
    host.start("/usr/sbin/smbd", "--foreground", "--no-process-group", "--debug-stdout",
               f"--configfile={settings}")
    row = host.wait_for(LISTENER.format(10445))[0]
    assert (row["address"], row["process"], row["package"]) == ("127.0.0.1", "smbd", "samba"), row
    assert host.query(REACH.format(10445))[0]["reach"] == "loopback_only"
    # The table reads the file at its usual place: an image with this file.
    root = host.folder / "root"
    (root / "etc/samba").mkdir(parents=True)
    (root / "etc/os-release").write_text("ID=debian\n")
    (root / "etc/samba/smb.conf").write_text(settings.read_text())
    shares = host.query("SELECT share, path FROM samba_shares WHERE share = 'data'", "--root", root)
    assert shares == [{"share": "data", "path": str(share)}], shares


def test_telnet_behind_inetd_is_cleartext_and_the_super_servers(host):
    settings = host.folder / "inetd.conf"
    settings.write_text("192.0.2.10:23 stream tcp nowait root /usr/sbin/telnetd telnetd\n")
    host.start("/usr/sbin/inetd", "-i", settings)
    row = host.wait_for(LISTENER.format(23))[0]
    assert (row["address"], row["process"], row["package"]) == ("192.0.2.10", "inetd", "openbsd-inetd"), row
    assert host.query(REACH.format(23))[0]["reach"] == "reachable"
    finding = host.checks()["NET-CLEARTEXT"]
    assert finding["state"] == "fail" and finding["rows"][0]["port"] == 23, finding


def test_dovecot_listens_on_the_network_under_its_package(host):
    settings = host.folder / "dovecot.conf"
    settings.write_text(
        f"base_dir = {host.folder}/run\nstate_dir = {host.folder}/state\nprotocols = imap\nssl = no\n"
        f"log_path = {host.folder}/dovecot.log\nlisten = 192.0.2.10\n"
        "service imap-login {\n inet_listener imap {\n  port = 143\n }\n}\n"
        "passdb {\n driver = static\n args = nopassword=y\n}\nuserdb {\n driver = prefetch\n}\n")
    host.start("/usr/sbin/dovecot", "-F", "-c", settings)
    row = host.wait_for(LISTENER.format(143))[0]
    assert (row["address"], row["process"], row["package"]) == ("192.0.2.10", "dovecot", "dovecot-core"), row
    assert host.query(REACH.format(143))[0]["reach"] == "reachable"


if __name__ == "__main__":
    run_tests(globals(), SERVICES, sys.argv[1])
