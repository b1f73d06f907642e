#!/usr/bin/env python3
"""assay-agent services where servers leave something open: a no to one name, silence, a lost datagram and a server that is
busy are no answer, and are told from one."""
import json
import sys
import time

from servers import Hostile, must, run_tests


def test_two_names_of_one_endpoint_are_asked_one_after_the_other(servers):
    def talk(connection):
        connection.sendall(b"+OK ready\r\n")
        while connection.recv(200):
            time.sleep(0.3)
            connection.sendall(b"+OK\r\nUSER\r\n.\r\n")
    with Hostile(talk) as server:
        answer = json.loads(must(servers.bin / "assay-agent", "services", "-o", "json", f"127.0.0.1:{server.port}",
                                 f"localhost:{server.port}"))
    rows = next(table["rows"] for table in answer if table["table"] == "services")
    assert sorted((row["host"], row["status"], row["protocol"]) for row in rows) == [
        ("127.0.0.1", "ok", "pop3"), ("localhost", "ok", "pop3")], rows


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
