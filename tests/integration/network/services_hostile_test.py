#!/usr/bin/env python3
"""assay-agent services against servers that mean harm, or nothing: one row, in bounded time and memory."""
import os
import resource
import subprocess
import sys
import threading
import time

from servers import Hostile, run_tests
from services_found import found


MOST_SECONDS = 32
MOST_MIB = 80


def row_of(servers, talk, most=MOST_SECONDS):
    with Hostile(talk) as server:
        begin = time.monotonic()
        row = found(servers, server.port)[server.port]
        seconds = time.monotonic() - begin
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert seconds < most, seconds
    assert peak < MOST_MIB, peak
    return row


def expect_unrecognised(row):
    assert (row["status"], row["protocol"], row["tls"]) == ("unrecognised", None, None), row
    assert row["detail"], row
    for column in ("authentication", "cleartext_login", "anonymous", "smb1", "recursion"):
        assert row[column] is None, row


def test_hanging_up_at_once(servers):
    expect_unrecognised(row_of(servers, lambda connection: None, 8))


def test_a_server_that_is_full_for_a_moment_is_asked_again(servers):
    """As sshd is with MaxStartups: it hangs up on whoever is one too many."""
    begun = []

    def talk(connection):
        begun.append(time.monotonic())
        if begun[-1] - begun[0] > 1:
            connection.sendall(b"220 mx.example.tw ESMTP Postfix\r\n")
            if connection.recv(4096):
                connection.sendall(b"250-mx\r\n250 STARTTLS\r\n")
                connection.recv(4096)
    row = row_of(servers, talk)
    assert (row["status"], row["protocol"], row["tls"]) == ("ok", "smtp", "starttls"), row


def test_who_turns_everybody_away_is_asked_twice_and_no_more(servers):
    begun = []
    expect_unrecognised(row_of(servers, lambda _: begun.append(time.monotonic()), 8))
    pauses = [later - before for before, later in zip(begun, begun[1:]) if later - before > 1]
    assert len(pauses) == 1, pauses


def test_one_that_listens_no_more_after_the_first_time_is_not_nobody(servers):
    """refused would mean that nobody listens there."""
    begun = []

    def talk(_):
        begun.append(time.monotonic())
        if len(begun) == 1:
            threading.Timer(0.8, server.__exit__).start()
    with Hostile(talk) as server:
        row = found(servers, server.port)[server.port]
    expect_unrecognised(row)
    assert "turned connections away" in row["detail"], row


def test_silence(servers):
    expect_unrecognised(row_of(servers, lambda connection: time.sleep(30)))


def test_garbage_at_once(servers):
    expect_unrecognised(row_of(servers, lambda connection: connection.sendall(b"\xf7" + os.urandom(5000)), 10))


def test_garbage_as_an_answer(servers):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(b"\xf7" + os.urandom(5000))
    expect_unrecognised(row_of(servers, talk))


def test_one_byte_a_second(servers):
    def talk(connection):
        for byte in b"220 a greeting that takes its time and does not come to an end within any patience":
            connection.sendall(bytes([byte]))
            time.sleep(1)
    expect_unrecognised(row_of(servers, talk))


def test_an_endless_banner(servers):
    def talk(connection):
        for _ in range(10_000):
            connection.sendall(b"220-more and more\r\n" * 1000)
    expect_unrecognised(row_of(servers, talk))


def test_an_endless_line(servers):
    def talk(connection):
        for _ in range(10_000):
            connection.sendall(b"x" * 10_000)
    expect_unrecognised(row_of(servers, talk))


def test_an_endless_page_is_a_page(servers):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(10_000):
            connection.sendall(b"x" * 10_000)
    row = row_of(servers, talk)
    assert (row["status"], row["protocol"]) == ("ok", "http"), row


def test_endless_negotiation_is_telnet(servers):
    def talk(connection):
        for _ in range(10_000):
            connection.sendall(b"\xff\xfd\x18\xff\xfb\x01" * 1000)
    row = row_of(servers, talk)
    assert (row["status"], row["protocol"], row["cleartext_login"]) == ("ok", "telnet", None), row


def test_an_ssh_packet_of_4_gb(servers):
    def talk(connection):
        connection.sendall(b"SSH-2.0-x\r\n\xff\xff\xff\xff\x04" + bytes(1000))
        time.sleep(5)
    row = row_of(servers, talk)
    assert (row["status"], row["protocol"]) == ("ok", "ssh") and "more than is read" in row["detail"], row


def test_a_handshake_that_goes_nowhere_is_tls_and_unrecognised(servers):
    def talk(connection):
        if connection.recv(65536)[:1] == b"\x16":  # closing on what was not read would take the alert back
            connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")
    row = row_of(servers, talk)
    assert (row["status"], row["protocol"], row["tls"]) == ("unrecognised", None, "implicit"), row


def test_a_greeting_that_is_late_is_still_heard(servers):
    def talk(connection):
        time.sleep(1.5)
        connection.sendall(b"220 late.example.tw ESMTP Postfix\r\n")
        connection.recv(4096)
        connection.sendall(b"250-late\r\n250 STARTTLS\r\n")
        connection.recv(4096)
    row = row_of(servers, talk)
    assert (row["status"], row["protocol"], row["tls"]) == ("ok", "smtp", "starttls"), row


def test_what_was_cut_off_is_unknown_and_not_no(servers):
    """A PostgreSQL that takes no second connection: whether it offers TLS is not known."""
    def talk(connection):
        if connection.recv(8) == b"\0\0\0\x08\0\xff\0\xff":
            connection.sendall(b"E\0\0\0\x1bSFATAL\0C0A000\0Mno\0\0\0\0\0\0")
    row = row_of(servers, talk)
    assert (row["status"], row["protocol"], row["tls"]) == ("ok", "postgresql", None), row
    assert row["detail"].startswith("not all was found out"), row


def test_text_of_terminals_does_not_come_through(servers):
    def talk(connection):
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nServer: \x1b[31mx\x07\xff/1.0\r\nContent-Length: 0\r\n\r\n")
    row = row_of(servers, talk)
    assert row["product"] == "[31mx", row


def test_nothing_harmful_is_said(servers):
    """What is sent to a server that answers nothing: no log-in, no command that writes."""
    said = []

    def talk(connection):
        data = b""
        while True:
            more = connection.recv(4096)
            if not more:
                break
            data += more
        said.append(data)
    row_of(servers, talk)
    everything = b"\n".join(said)
    assert len(said) > 8, len(said)
    for word in (b"USER", b"PASS", b"LOGIN", b"AUTH ", b"POST", b"PUT", b"DELETE", b"SET", b"FLUSH", b"CONFIG", b"HELO",
                 b"public"):
        assert word not in everything, (word, everything)


def test_two_at_once_do_not_meet(servers):
    """A second scan of an endpoint stays away while the first runs."""
    with Hostile(lambda connection: time.sleep(4)) as server:
        first = []
        thread = threading.Thread(target=lambda: first.append(found(servers, server.port)))
        thread.start()
        time.sleep(1)
        second = found(servers, server.port)[server.port]
        thread.join()
    assert second["status"] == "busy", second
    assert first[0][server.port]["status"] == "unrecognised", first


def test_a_slip_is_told_before_anything_is_sent(servers):
    done = subprocess.run([servers.bin / "assay-agent", "services", "127.0.0.1:99999"], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=30)
    assert done.returncode == 64 and "65535" in done.stderr, done


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
