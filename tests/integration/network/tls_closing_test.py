#!/usr/bin/env python3
"""assay-agent tls against servers that close the connection where others send an alert, as some mail servers do:
the same is found as with alerts, for tens of connections; and one that begins to close whatever is asked is not
taken for one that refuses."""
import contextlib
import itertools
import select
import socket
import sys

from servers import Hostile, run_tests

ALERT = 21
MOST_CONNECTIONS = 150


def carry(connection, server):
    """Both ways, until either ends; without an answer that begins with an alert."""
    is_first = True
    while True:
        readable, _, _ = select.select([connection, server], [], [], 10)
        if not readable:
            return
        for source in readable:
            data = source.recv(65536)
            if not data:
                return
            if source is server:
                if is_first and data[0] == ALERT:
                    return
                is_first = False
            (server if source is connection else connection).sendall(data)


@contextlib.contextmanager
def closing(port, closes_from=None):
    """A relay to the port, and how often it was connected to."""
    counted = itertools.count(1)
    seen = [0]

    def talk(connection):
        seen[0] = next(counted)
        if closes_from is None or seen[0] < closes_from:
            with socket.create_connection(("127.0.0.1", port), 10) as server:
                carry(connection, server)
    with Hostile(talk) as relay:
        yield relay.port, seen


def facts(tables):
    endpoint, = tables["tls_endpoints"]
    return endpoint["status"], endpoint["protocols"], endpoint["unknown_protocols"]


def test_a_server_that_closes_instead_of_saying_no_is_seen_whole(servers):
    port = servers.openssl("-tls1_2", "-cipher", "ECDHE+AESGCM:AES128-SHA")
    direct = servers.tables(port)
    with closing(port) as (relay, seen):
        tables = servers.tables(relay)
    assert facts(tables) == facts(direct), (facts(tables), facts(direct), seen)
    assert facts(tables)[0] == "ok", tables["tls_endpoints"]
    assert servers.suites(tables) == servers.suites(direct)
    assert seen[0] <= MOST_CONNECTIONS, seen


def test_a_server_that_begins_to_close_whatever_is_asked_is_not_taken_for_one_that_refuses(servers):
    port = servers.openssl("-tls1_2", "-cipher", "ECDHE+AESGCM:AES128-SHA")
    with closing(port) as (relay, seen):
        servers.tables(relay)
    # Wherever it begins: among the first questions, in the middle of the refusals, and at the last ones.
    for part in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95):
        begins = max(2, int(seen[0] * part))
        with closing(port, begins) as (relay, _):
            status, offered, unknown = facts(servers.tables(relay))
        assert status != "ok" or unknown, (part, begins, seen[0], status, unknown, offered)


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
