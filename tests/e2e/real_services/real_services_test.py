#!/usr/bin/env python3
"""The agent against real servers of Debian's packages, in a network namespace of the test's own."""
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SERVICES = {"vsftpd": "/usr/sbin/vsftpd", "sshd": "/usr/sbin/sshd", "nginx": "/usr/sbin/nginx",
            "clamd": "/usr/sbin/clamd"}


class Namespace:
    """A host of its own with lo and one pair of interfaces; servers in it end with it."""

    def __init__(self, bin_folder):
        self.bin = pathlib.Path(bin_folder)
        self.name = f"assay-test-{os.getpid()}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-services-"))
        self.folder.chmod(0o755)
        self.running = []
        self.must("ip", "netns", "add", self.name)
        self.must("ip", "-n", self.name, "link", "set", "lo", "up")
        for command in (("link", "add", "lan0", "type", "veth", "peer", "name", "lan1"),
                        ("addr", "add", "192.0.2.10/24", "dev", "lan0"), ("link", "set", "lan0", "up"), ("link", "set", "lan1", "up")):
            self.must("ip", "-n", self.name, *command)

    @staticmethod
    def must(*command, **more):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=60, **more)
        assert done.returncode == 0, f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
        return done.stdout

    def start(self, *command):
        log = open(self.folder / "servers.log", "ab")
        self.running.append(subprocess.Popen(
            ["ip", "netns", "exec", self.name, *map(str, command)], stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True))

    def query(self, sql):
        return json.loads(self.must("ip", "netns", "exec", self.name, self.bin / "assay-agent",
                                    "query", "-o", "json", sql))

    def wait_for(self, sql, rows=1):
        until = time.monotonic() + 30
        while len(self.query(sql)) < rows:
            assert time.monotonic() < until, (
                f"{sql}\n{self.query('SELECT * FROM listening_ports')}\n"
                + (self.folder / "servers.log").read_text()[-1500:])
            time.sleep(0.1)
        return self.query(sql)

    def checks(self):
        report = json.loads(self.must("ip", "netns", "exec", self.name, self.bin / "assay-agent",
                                      "scan", "-o", "json"))
        return {check["id"]: check for check in report["checks"]}

    def close(self):
        for server in self.running:
            try:
                os.killpg(server.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            server.wait(timeout=10)
        subprocess.run(["ip", "netns", "del", self.name], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def test_a_quiet_machine_listens_on_nothing(host):
    assert host.query("SELECT * FROM listening_ports") == []
    assert host.checks()["NET-CLEARTEXT"]["state"] == "pass"


def test_plain_ftp_is_found_with_its_package(host):
    settings = host.folder / "vsftpd.conf"
    settings.write_text("listen=YES\nlisten_port=21\nanonymous_enable=NO\nlocal_enable=YES\n"
                        "background=NO\nsecure_chroot_dir=/var/run\n")
    host.start(SERVICES["vsftpd"], settings)
    row = host.wait_for("SELECT * FROM listening_ports WHERE port = 21")[0]
    assert (row["process"], row["package"], row["protocol"]) == ("vsftpd", "vsftpd", 6), row
    finding = host.checks()["NET-CLEARTEXT"]
    assert finding["state"] == "fail" and finding["rows"][0]["port"] == 21, finding


def test_ssh_is_no_cleartext_service(host):
    key = host.folder / "host_key"
    host.must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    host.start(SERVICES["sshd"], "-D", "-e", "-f", "/dev/null", "-h", key, "-p", "22")
    rows = host.wait_for("SELECT * FROM listening_ports WHERE port = 22", 2)
    assert {row["package"] for row in rows} == {"openssh-server"}, rows
    assert host.checks()["NET-CLEARTEXT"]["state"] == "pass"


def test_nginx_on_loopback_is_told_from_nginx_on_the_network(host):
    settings = host.folder / "nginx.conf"
    settings.write_text(
        f"daemon off; pid {host.folder}/nginx.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {host.folder}; proxy_temp_path {host.folder};"
        f" fastcgi_temp_path {host.folder}; uwsgi_temp_path {host.folder};"
        f" scgi_temp_path {host.folder};\n"
        "server { listen 127.0.0.1:8080; } server { listen 192.0.2.10:80; } }\n")
    host.start(SERVICES["nginx"], "-c", settings)
    rows = host.wait_for("SELECT address, port, package, path FROM listening_ports ORDER BY port", 2)
    assert [row["address"] for row in rows] == ["192.0.2.10", "127.0.0.1"], rows
    assert {row["path"] for row in rows} == {"/usr/sbin/nginx"}, rows


def test_clamd_is_seen_alive_and_seen_dead(host):
    signatures = host.folder / "signatures"
    signatures.mkdir()
    # A signature of our own: the MD5 and size of a file that exists nowhere.
    (signatures / "own.hdb").write_text("44d88612fea8a8f36de82e1278abb02f:68:Assay.Test.Signature\n")
    settings = host.folder / "clamd.conf"
    settings.write_text(f"DatabaseDirectory {signatures}\nLocalSocket {host.folder}/clamd.sock\n"
                        "Foreground yes\nUser root\n")
    sql = "SELECT installed, running FROM security_agents WHERE name = 'ClamAV' AND running = {}"
    host.wait_for(sql.format(0))
    host.start(SERVICES["clamd"], "--config-file", settings)
    row = host.wait_for(sql.format(1))[0]
    assert row["installed"] == 1, row
    assert host.checks()["AV-RUNNING"]["state"] == "pass"
    os.killpg(host.running[-1].pid, signal.SIGKILL)
    host.wait_for(sql.format(0))
    assert host.checks()["AV-RUNNING"]["state"] == "fail"


def main():
    missing = [path for path in SERVICES.values() if not os.access(path, os.X_OK)]
    if missing:
        sys.exit(f"missing: {missing}: packaging/dependencies/install test")
    passed = failed = 0
    for name, test in sorted(globals().items()):
        if not name.startswith("test_"):
            continue
        host = Namespace(sys.argv[1])
        try:
            test(host)
            passed += 1
            print(f"ok   {name}", flush=True)
        except Exception as problem:  # noqa: BLE001: a test may fail in any way
            failed += 1
            print(f"FAIL {name}: {problem!r}", flush=True)
        finally:
            host.close()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
