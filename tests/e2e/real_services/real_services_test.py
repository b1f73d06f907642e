#!/usr/bin/env python3
"""The agent against real servers of Debian's packages, in a network namespace of the test's own."""
import os
import pathlib
import signal
import sys

from service_namespace import run_tests

SERVICES = {"vsftpd": "/usr/sbin/vsftpd", "sshd": "/usr/sbin/sshd", "nginx": "/usr/sbin/nginx",
            "clamd": "/usr/sbin/clamd"}


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


if __name__ == "__main__":
    run_tests(globals(), SERVICES.values(), sys.argv[1])
