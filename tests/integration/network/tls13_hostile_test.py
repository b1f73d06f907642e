#!/usr/bin/env python3
"""assay-agent tls against a server of TLS 1.3 that carries the handshake through and sends a chain that no library would:
what is encrypted is as hostile as what is not."""
import resource
import sys
import time

from servers import Hostile, must, run_tests
from tls13_server import Tls13Server, certificates, message

MOST_SECONDS = 25
MOST_MIB = 80
VERIFY = message(15, b"\x08\x04\x00\x04sign")


def flight_of(chain, spoil=lambda flight: flight):
    def flight(finished):
        before = message(11, chain) + VERIFY
        return spoil(before + finished(before))
    return flight


def audited(servers, flight):
    server = Tls13Server(flight)
    with Hostile(server) as hostile:
        begin = time.monotonic()
        tables = servers.tables(hostile.port)
        seconds = time.monotonic() - begin
    assert seconds < MOST_SECONDS, seconds
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak < MOST_MIB, peak
    assert server.handshakes, "no handshake came to the certificate"
    endpoint, = tables["tls_endpoints"]
    assert (endpoint["status"], endpoint["protocols"]) == ("ok", "TLSv1.3"), endpoint
    return endpoint, tables["certificates"]


def own_certificate(servers):
    must("openssl", "x509", "-in", servers.certificate("server")[0], "-outform", "DER", "-out", servers.folder / "server.der")
    return (servers.folder / "server.der").read_bytes()


def test_a_proper_chain_is_read(servers):
    """So that what follows differs by its certificate alone."""
    endpoint, rows = audited(servers, flight_of(certificates(own_certificate(servers))))
    assert endpoint["detail"] is None, endpoint
    row, = rows
    assert (row["status"], row["subject"], row["host_match"]) == ("ok", "CN = localhost", 1), row


def test_broken_der_is_unreadable(servers):
    whole = own_certificate(servers)
    for broken in (b"\x30\x82\x01\x00\x30\x82\xff\xff" + bytes(64), whole[:-1], whole[:40], b"\x30", b"",
                   whole[:10] + b"\xff" * 20 + whole[30:], b"\x30\x80" + whole[4:], b"\x04" + whole[1:]):
        _, rows = audited(servers, flight_of(certificates(broken)))
        row, = rows
        assert (row["status"], row["trusted"], row["trust_problem"], row["host_match"]) == (
            "unreadable", None, "the certificate cannot be read", None), (broken[:20], row)


def test_a_broken_one_behind_a_whole_one(servers):
    _, rows = audited(servers, flight_of(certificates(own_certificate(servers), b"\x30\x82\x01\x00\x30")))
    assert [(row["position"], row["status"]) for row in sorted(rows, key=lambda row: row["position"])] == [
        (0, "ok"), (1, "unreadable")], rows


def expect_no_certificate(servers, flight, words):
    endpoint, rows = audited(servers, flight)
    assert not rows, rows
    assert endpoint["detail"] and words in endpoint["detail"], endpoint


def test_a_chain_of_a_hundred_is_not_read(servers):
    expect_no_certificate(servers, flight_of(certificates(*[b"\x30\x00"] * 100)), "more certificates than are read")


def test_a_certificate_message_that_breaks_off(servers):
    for chain in (b"", b"\0\0\0\x09\0\0\x05abc", certificates(b"\x30\x00")[:-1], certificates(b"\x30\x00") + b"x"):
        expect_no_certificate(servers, flight_of(chain), "a Certificate message against the grammar of TLS")


def test_a_message_of_16_mb_by_its_length(servers):
    expect_no_certificate(servers, lambda finished: b"\x0b\xff\xff\xff" + bytes(30_000), "16777215 bytes")


def test_a_wrong_finished_is_no_handshake(servers):
    chain = certificates(own_certificate(servers))
    expect_no_certificate(servers, flight_of(chain, lambda flight: flight[:-1] + bytes([flight[-1] ^ 1])), "the handshake failed")


def test_messages_that_have_no_place(servers):
    expect_no_certificate(servers, lambda finished: VERIFY + finished(VERIFY), "a message that has no place there")


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
