#!/usr/bin/env python3
"""The oldest TLS that table crypto_policy names is the oldest that the real library speaks."""
import os
import socket
import subprocess
import time

from scratch_host import need, run_tests

FRAME = ("openssl_conf = init\n[init]\nssl_conf = mod\n[mod]\nsystem_default = sect\n[sect]\n")
CONFIGURATIONS = {
    "nothing": "",
    "debian 11": FRAME + "MinProtocol = TLSv1.2\nCipherString = DEFAULT@SECLEVEL=2\n",
    "laxer": FRAME + "MinProtocol = TLSv1\nCipherString = DEFAULT@SECLEVEL=0\n",
    "laxer without a protocol": FRAME + "CipherString = DEFAULT:@SECLEVEL=0\n",
    "a level that forbids": FRAME + "MinProtocol = TLSv1\nCipherString = DEFAULT@SECLEVEL=1\n",
    "stricter": FRAME + "MinProtocol = TLSv1.3\n",
    "quoted, with a comment": FRAME + "MinProtocol = \"TLSv1.1\" # older\n"
                              "CipherString = 'ALL@SECLEVEL=0'\n",
    "not reached": "[sect]\nMinProtocol = TLSv1.3\n",
    "the later of two": FRAME + "MinProtocol = TLSv1.3\nMinProtocol = TLSv1.2\n",
    "continued": FRAME + "MinProtocol = \\\nTLSv1.3\n",
    "prefixed": FRAME + "TLS.MinProtocol = TLSv1.3\nDTLS.MinProtocol = DTLSv1.2\n",
}
VERSIONS = [("TLSv1", "-tls1"), ("TLSv1.1", "-tls1_1"), ("TLSv1.2", "-tls1_2"),
            ("TLSv1.3", "-tls1_3")]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def oldest_spoken(configuration, certificate, key, lax):
    """A real server under the configuration, and clients that would speak anything."""
    port = free_port()
    server = subprocess.Popen(
        ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", certificate, "-key", key,
         "-quiet", "-www"], env={**os.environ, "OPENSSL_CONF": str(configuration)},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < until, "no server"
                time.sleep(0.05)
        for name, option in VERSIONS:
            done = subprocess.run(
                ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", option, "-cipher",
                 "ALL:@SECLEVEL=0"], env={**os.environ, "OPENSSL_CONF": str(lax)},
                input=b"", capture_output=True, timeout=30, check=False)
            if done.returncode == 0 and b"Cipher is (NONE)" not in done.stdout:
                return name
        return None
    finally:
        server.kill()
        server.wait()


def test_the_oldest_protocol_is_the_one_that_is_spoken(host):
    host.write("/usr/lib/x86_64-linux-gnu/libssl.so.3", b"")
    certificate, key = host.path("/tmp/c.pem"), host.path("/tmp/k.pem")
    certificate.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x",
                    "-keyout", str(key), "-out", str(certificate)], check=True, timeout=60,
                   capture_output=True, stdin=subprocess.DEVNULL)
    lax = host.write("/tmp/lax.cnf", CONFIGURATIONS["laxer"])
    for name, text in CONFIGURATIONS.items():
        configuration = host.write("/etc/ssl/openssl.cnf", text)
        rows = host.query("SELECT value FROM crypto_policy WHERE component = 'openssl' AND "
                          "setting = 'oldest_protocol'")
        spoken = oldest_spoken(configuration, certificate, key, lax)
        assert rows[0]["value"] == spoken, f"{name}: the agent says {rows}, the server speaks {spoken}"


if __name__ == "__main__":
    need("openssl")
    run_tests(globals())
