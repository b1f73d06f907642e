#!/usr/bin/env python3
"""What no library of today offers any more, by servers that are scripted: SSL 3.0, compression, heartbeat. Each in the
endpoint's row, and in the verdict of a scan.

In a network namespace of the test's own, so that what listens is what the test has started."""
import os

from servers import Hostile, run_on_own_machines
from tls_hostile_test import message, record, suites_in
from tls_scan_test import found, scan

RSA_AES128 = b"\x00\x2f"
PROTOCOL_VERSION, HANDSHAKE_FAILURE = b"\x02\x46", b"\x02\x28"


def version_in(hello):
    """The one that a hello offers; of TLS 1.3 that in its extension."""
    return b"\x03\x04" if b"\x00\x2b\x00\x03\x02\x03\x04" in hello else hello[9:11]


def methods_in(hello):
    """Of compression."""
    at = 44 + hello[43]
    at += 2 + int.from_bytes(hello[at:at + 2], "big")
    return hello[at + 1:at + 1 + hello[at]]


def offers_heartbeat(hello):
    return b"\x00\x0f\x00\x01" in hello


class Relic:
    """Speaks one version with one suite; `method` of compression, `extensions` of its hello."""

    def __init__(self, version=b"\x03\x03", method=b"\x00", extensions=lambda hello: b""):
        self.version, self.method, self.extensions, self.met = version, method, extensions, []

    def __call__(self, connection):
        hello = connection.recv(8192)
        if hello[:2] != b"\x16\x03":
            return  # SSL 2.0: hangs up
        self.met.append(hello)
        if version_in(hello) != self.version:
            alert = HANDSHAKE_FAILURE if self.version == b"\x03\x00" else PROTOCOL_VERSION
            connection.sendall(self.record(21, alert))
        elif RSA_AES128 not in suites_in(hello):
            connection.sendall(self.record(21, HANDSHAKE_FAILURE))
        else:
            method = self.method if self.method in methods_in(hello) else b"\x00"
            more = self.extensions(hello)
            body = self.version + os.urandom(32) + b"\x00" + RSA_AES128 + method
            body += len(more).to_bytes(2, "big") + more if more else b""
            connection.sendall(self.record(22, message(2, body) + message(11, b"\0\0\0") + message(14, b"")))

    def record(self, kind, body):
        return record(kind, body) if self.version == b"\x03\x03" else bytes([kind]) + self.version + record(kind, body)[3:]


def audited(servers, relic):
    with Hostile(relic) as server:
        tables = servers.tables(server.port)
    endpoint, = tables["tls_endpoints"]
    assert endpoint["status"] == "ok" and endpoint["unknown_protocols"] is None, endpoint
    return endpoint, servers.suites(tables)


def test_ssl_3(servers):
    endpoint, suites = audited(servers, Relic(b"\x03\x00"))
    assert endpoint["protocols"] == "SSLv3" and suites == {("SSLv3", "0x002F")}, (endpoint, suites)
    assert endpoint["heartbeat"] in (0, None) and endpoint["compression"] == 0, endpoint


def test_compression(servers):
    relic = Relic(method=b"\x01")
    endpoint, suites = audited(servers, relic)
    assert (endpoint["protocols"], endpoint["compression"]) == ("TLSv1.2", 1), endpoint
    assert suites == {("TLSv1.2", "0x002F")}, suites
    assert any(b"\x01" in methods_in(hello) for hello in relic.met)


def test_compression_of_ssl_3(servers):
    endpoint, _ = audited(servers, Relic(b"\x03\x00", b"\x01"))
    assert (endpoint["protocols"], endpoint["compression"]) == ("SSLv3", 1), endpoint


def test_heartbeat(servers):
    relic = Relic(extensions=lambda hello: b"\x00\x0f\x00\x01\x01" if offers_heartbeat(hello) else b"")
    endpoint, _ = audited(servers, relic)
    assert endpoint["heartbeat"] == 1 and any(map(offers_heartbeat, relic.met)), endpoint
    assert endpoint["compression"] == 0, endpoint


def test_one_that_has_none_of_them(servers):
    endpoint, _ = audited(servers, Relic())
    assert (endpoint["protocols"], endpoint["compression"], endpoint["heartbeat"]) == ("TLSv1.2", 0, 0), endpoint


def test_what_they_come_to_in_a_scan(servers):
    with Hostile(Relic(b"\x03\x00")) as ssl3, Hostile(Relic(method=b"\x01")) as compressing, Hostile(Relic()) as plain:
        ports = {"ssl3": ssl3.port, "compressing": compressing.port, "plain": plain.port}
        _, checks = scan(servers, "--network")
    for check, guilty in (("TLS-OFFERED-SSL", "ssl3"), ("TLS-OFFERED-COMPRESSION", "compressing")):
        assert checks[check]["state"] == "fail", (check, checks[check])
        for name, port in ports.items():
            rows = found(checks[check], port)
            assert bool(rows) == (name == guilty), (check, name, rows)
            assert all(row.get("unknown_reason") is None for row in rows), rows
    assert [row["protocol"] for row in found(checks["TLS-OFFERED-SSL"], ports["ssl3"])] == ["SSLv3"], checks["TLS-OFFERED-SSL"]


if __name__ == "__main__":
    run_on_own_machines(globals())
