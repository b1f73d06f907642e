#!/usr/bin/env python3
"""Hosts of a town audit each other over their cables: services, TLS and open ports are found as is written beside each
server (inhabitants.py), over IPv4, IPv6 and in a VLAN, and the rules say of them what is written there."""
import sys

from town import (Company, Town, await_that, become_the_auditor, full_name, in_vlan, ipv4, ipv6, run_tests,
                  side_by_side)
from inhabitants import HOUSES, settle
from judged import expect_verdict

SERVICES = ("CLEAR-SERVICE-LOGIN", "CLEAR-SERVICE-TERMINAL", "CLEAR-SERVICE-HTTP", "CLEAR-SERVICE-HSTS", "NET-SERVICE-OPEN",
            "NET-SERVICE-ANONYMOUS", "NET-SERVICE-SCREEN", "NET-SERVICE-SMB1", "NET-SERVICE-SIGNING",
            "NET-SERVICE-RESOLVER", "SSH-SERVICE-ALGORITHMS", "SSH-SERVICE-KEY", "SSH-SERVICE-PASSWORD",
            "SSH-SERVICE-OPEN")
TLS = ("TLS-OFFERED-SSL", "TLS-OFFERED-OLD", "TLS-OFFERED-MODERN", "TLS-OFFERED-NEWEST", "TLS-OFFERED-SUITE",
       "TLS-OFFERED-SECRECY", "TLS-OFFERED-DH", "TLS-OFFERED-COMPRESSION", "TLS-OFFERED-RENEGOTIATION",
       "TLS-CERT-EXPIRED", "TLS-CERT-EXPIRING", "TLS-CERT-WEAK", "TLS-CERT-UNTRUSTED", "TLS-CERT-NAME")
OPEN_TO_SWEEPS = ('sweep:\n  scanner: true\n  ranges: [192.0.2.0/29, "fd5a:7a9e::/125", 10.7.0.0/24]\n  rate: 60000\n')


class Settled(Town):
    """With everybody in."""

    def build(self, bin_folder):
        super().build(bin_folder)
        self.ports = settle(self)
        for name in ("snmp public", "snmp", "resolver", "name server"):
            await_that(lambda name=name: f":{self.ports['data'][name]} " in self.data.must("ss", "-Hlnu"), name)

    def servers(self, *hosts):
        """(host, name of the server, its port, what is expected) of each."""
        for host in hosts or HOUSES:
            for name, expected in HOUSES[host][0].items():
                yield host, name, self.ports[host][name], expected


def target(address, rest):
    return f"[{address}]:{rest}" if ":" in address else f"{address}:{rest}"


def is_tcp(expected):
    return expected.row["protocol"] != "snmp"


def compare_services(town, asking, address_of, *hosts):
    """What `asking` finds on the hosts at these addresses is what is expected, and nothing else."""
    asked = []
    for host in hosts:
        ports = [str(port) for _, _, port, expected in town.servers(host) if is_tcp(expected)]
        ports += [f"{port}/udp" for _, _, port, expected in town.servers(host) if expected.udp]
        asked.append(target(address_of(host), ",".join(ports)))
    tables = asking.tables("services", "--ftp-anonymous", "--snmp-communities", *asked)
    rows = {(row["address"], row["port"], row["transport"]): row for row in tables["services"]}
    wrong = {}
    for host, name, port, expected in town.servers(*hosts):
        for transport in (["tcp"] if is_tcp(expected) else []) + (["udp"] if expected.udp else []):
            row = rows.pop((address_of(host), port, transport))
            for column, value in expected.row.items():
                if row[column] != value:
                    wrong[name, transport, column] = (row[column], row["detail"])
    assert not wrong and not rows, (asking.name, wrong, rows)
    return tables


def test_services_are_found_from_another_host_over_both_families(town):
    all_hosts = tuple(HOUSES)
    tables = side_by_side({
        "IPv4": lambda: compare_services(town, town.auditor, ipv4, *all_hosts),
        "IPv6": lambda: compare_services(town, town.auditor, ipv6, *all_hosts)})
    weak = town.ports["web"]["ssh weak"]
    for found in tables.values():
        offered = {row["value"] for row in found["service_details"] if (row["port"], row["name"]) == (weak, "cipher")}
        assert "3des-cbc" in offered, offered
        judge_what_was_tried(town, found["services"])


def judge_what_was_tried(town, services):
    """Anonymous FTP and the communities of SNMP: a scan does not try the first, and asks other hosts nothing over UDP."""
    for rule, protocol, name in (("NET-SERVICE-ANONYMOUS", "ftp", "ftp open"),
                                 ("NET-SERVICE-COMMUNITY", "snmp", "snmp public")):
        rows = [row for row in services if row["protocol"] == protocol]
        port = next(port for _, each, port, _ in town.servers() if each == name)
        expect_verdict(town.auditor.bin, town.auditor.folder, rule, {"services": rows}, "fail", {"port": port})
        rows = [row for row in rows if row["port"] != port]
        assert rows
        expect_verdict(town.auditor.bin, town.auditor.folder, rule, {"services": rows}, "pass")


def test_hosts_audit_each_other(town):
    side_by_side({
        "web": lambda: compare_services(town, town.web, ipv4, "files"),
        "files": lambda: compare_services(town, town.files, ipv6, "web"),
        "auditor": lambda: compare_services(town, town.auditor, in_vlan, "files")})


def test_tls_is_found_as_it_was_set_up(town):
    """Each protocol before TLS by its own name; a server without TLS says so in it."""
    dialogues = {}
    for host, name, port, expected in town.servers():
        before = expected.row["protocol"] if expected.row["tls"] != "implicit" else None
        # A protocol that TLS can follow; or TLS at once, also with those that know no TLS, but for those that wait.
        if before in ("smtp", "imap", "pop3", "ftp", "ldap", "postgresql", "mysql") or expected.offers:
            dialogues.setdefault(before, []).extend(
                (target(address, port), host, name, expected) for address in (ipv4(host), ipv6(host)))

    def audit(before):
        words = ("--starttls", before) if before else ()
        tables = town.auditor.tables("tls", *words, *(one[0] for one in dialogues[before]))
        rows = {target(row["host"], row["port"]): row for row in tables["tls_endpoints"]}
        shown = {target(row["host"], row["port"]) for row in tables["certificates"] if row["position"] == 0}
        wrong = {}
        for endpoint, host, name, expected in dialogues[before]:
            row = rows.pop(endpoint)
            state = (row["status"], row["start_tls"], row["protocols"], row["unknown_protocols"])
            if state != (("ok" if expected.offers else "no_start_tls"), before, expected.offers, None):
                wrong[endpoint, name] = (state, row["detail"])
            if (endpoint in shown) != bool(expected.offers):
                wrong[endpoint, name, "certificate"] = row["detail"]
        assert not wrong and not rows, (before, wrong, rows)

    assert set(dialogues) == {None, "smtp", "imap", "pop3", "ftp", "ldap", "postgresql", "mysql"}, set(dialogues)
    side_by_side({before: lambda before=before: audit(before) for before in dialogues})


def judged_endpoints(check):
    """Those in which a check found something, as they were named."""
    return {row.get("endpoint") or target(row["host"], row["port"]) for row in check["rows"]}


def scanned(town, targets):
    """Checks by name. On a busy machine an endpoint may take longer than the time that a scan has for each, and is unknown:
    then it is looked at once more."""
    for _ in range(3):
        report = town.auditor.agent(
            "scan", "-o", "json", network_tls="on", network_services="on", network_max_endpoints=300,
            network_time_limit="4m", network_targets=",".join(targets))
        tables = {table["name"]: table for table in report["tables"]}
        for name in ("services", "service_details", "tls_endpoints", "tls_suites", "certificates"):
            assert tables[name]["status"] == "ok", tables[name]
        checks = {check["id"]: check for check in report["checks"]}
        if not any("s for this endpoint" in (checks[rule]["reason"] or "") for rule in TLS):
            break
    return checks


def test_the_rules_say_what_is_written_beside_each_server(town):
    by_name, by_address = {}, {}
    for host, _, port, expected in town.servers():
        if is_tcp(expected):
            by_name[target(full_name(host), port)] = by_address[target(ipv6(host), port)] = expected
    checks, wrong = scanned(town, [*by_name, *by_address]), {}
    for rule in (*SERVICES, *TLS):
        failing = {endpoint for endpoint, expected in (by_name | by_address).items()
                   if rule in expected.fails or (rule in expected.by_name and endpoint in by_name)
                   or (rule == "TLS-OFFERED-MODERN" and not expected.offers)}
        is_unknown = any(rule in expected.unknown for expected in by_name.values())
        check = checks[rule]
        state = "fail" if failing else "unknown" if is_unknown else "pass"
        if (check["state"], judged_endpoints(check), bool(check["reason"])) != (state, failing, is_unknown):
            wrong[rule] = (state, check["state"], check["reason"], sorted(failing ^ judged_endpoints(check)))
    assert not wrong, wrong


def listening(host):
    """Ports of TCP that the host's own kernel says are open to others."""
    lines = host.must("ss", "-Hltn").splitlines()
    places = [line.split()[3].rpartition(":") for line in lines]
    return {int(port) for address, _, port in places if not address.startswith("127.") and address != "[::1]"}


def sweep(town, *words):
    settings = town.auditor.file("agent.yaml", OPEN_TO_SWEEPS)
    return town.auditor.tables("sweep", "--settings", settings, *words)


def open_ports(tables):
    found = {}
    for row in tables["reachable_ports"]:
        found.setdefault(row["address"], set()).add(row["port"])
    return found


def expect_open(tables, expected):
    found = open_ports(tables)
    wrong = {address: sorted(found.get(address, set()) ^ ports) for address, ports in expected.items()
             if found.get(address) != ports}
    assert not wrong and set(found) == set(expected), wrong


def test_a_sweep_finds_what_listens_and_no_more(town):
    hosts = {host.name: listening(host) for host in town.neighbours}
    for host, name, port, expected in town.servers():
        assert port in hosts[host] or not is_tcp(expected), (host, name)
    expected = {address_of(name): ports for name, ports in hosts.items() for address_of in (ipv4, ipv6)}
    expect_open(sweep(town, *expected, "--ports", "1-1023,32768-60999"), expected)
    # Each frame of the VLAN passes through a program of the test, which loses some of a whole range's.
    first, last = min(hosts["files"]), max(hosts["files"])
    around = ",".join(map(str, sorted({*range(first, first + 200), *range(last - 200, last + 1), *hosts["files"]})))
    expect_open(sweep(town, in_vlan("files"), "--ports", around), {in_vlan("files"): hosts["files"]})


def run_agent(company, machine, *words, **more):
    company.run(*machine.command("assay-agent", *words, "--state", machine.folder / "enrolled", "--collector",
                                 company.listen), **more)


def test_a_packet_filter_makes_the_views_differ_and_the_three_views_say_so(town):
    memcached, redis, mysql = (town.ports["data"][name] for name in ("memcached", "redis open", "mysql"))
    town.data.must("nft", "add table inet own; add chain inet own in { type filter hook input priority 0; }; "
                   f"add rule inet own in tcp dport {memcached} drop")
    town.on_switch("nft", "add table bridge own; add chain bridge own way { type filter hook forward priority 0; }; "
                   f"add rule bridge own way tcp dport {redis} drop")
    company = Company(town.auditor.bin, address=ipv4("auditor"))
    try:
        assert {memcached, redis, mysql} <= listening(town.data), "inside, all of them listen"
        tables = sweep(town, ipv4("data"), ipv6("data"), "--ports", f"{memcached},{redis},{mysql}")
        assert open_ports(tables) == {ipv4("data"): {mysql}, ipv6("data"): {mysql}}, tables
        assert {row["silent"] for row in tables["sweeps"]} == {2}, tables["sweeps"]
        rows = town.auditor.tables("services", *(target(ipv4("data"), port) for port in (memcached, redis)))["services"]
        assert {(row["status"], row["protocol"]) for row in rows} == {("timed_out", None)}, rows

        company.serve()
        run_agent(company, town.data, "enroll", ASSAY_TOKEN=company.token())
        run_agent(company, town.auditor, "enroll", ASSAY_TOKEN=company.token())
        run_agent(company, town.data, "run", "--once")
        settings = town.auditor.file("neighbours.yaml", f"sweep:\n  neighbours: [{ipv4('data')}]\n"
                                     f"  neighbour_ports: \"{memcached},{redis},{mysql}\"\n")
        run_agent(company, town.auditor, "run", "--once", "--settings", settings)
        company.login()

        def agreements():
            items = company.json("assay", "ports", "--host", "data", "-o", "json")
            return {item["port"]: item["agreement"] for item in items if item["transport"] == "tcp"}
        await_that(lambda: agreements().get(mysql) == "agrees", "no measure has come", 60)
        found = agreements()
        # The host says of itself what its own filter keeps out; of the switch's it knows nothing.
        assert {port: found[port] for port in (memcached, redis, mysql)} == {
            memcached: "agrees", redis: "not_reached", mysql: "agrees"}, found
    finally:
        company.close()
        town.data.must("nft", "delete table inet own")
        town.on_switch("nft", "delete table bridge own")


if __name__ == "__main__":
    become_the_auditor()
    sys.exit(run_tests(globals(), sys.argv[1], Settled))
