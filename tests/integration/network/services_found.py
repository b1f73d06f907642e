"""What assay-agent services answers about ports of 127.0.0.1, as rows by port."""
import json
import time

from servers import must


def found(servers, *ports, options=(), inside=()):
    """The rows of services by port, each with its details as {name: {values}} under "details". `inside`: a command
    that runs another, in a namespace."""
    answer = json.loads(must(*inside, servers.bin / "assay-agent", "services", "-o", "json", *options,
                             "127.0.0.1:" + ",".join(map(str, ports))))
    tables = {table["table"]: table["rows"] for table in answer}
    rows = {row["port"]: row | {"details": {}} for row in tables["services"]}
    for row in tables["service_details"]:
        rows[row["port"]]["details"].setdefault(row["name"], set()).add(row["value"])
    assert set(rows) == {int(str(port).split("/")[0]) for port in ports}, rows
    return rows


def expect(row, **columns):
    wrong = {name: row[name] for name, value in columns.items() if row[name] != value}
    assert not wrong, f"{wrong} in {row}"


def found_in_time(servers, port, options=(), inside=()):
    """The row of one port, as soon as a protocol was met there; the last one after 30 seconds."""
    until = time.monotonic() + 30
    while True:
        row, = found(servers, port, options=options, inside=inside).values()
        if row["status"] == "ok" or time.monotonic() > until:
            return row
        time.sleep(0.3)
