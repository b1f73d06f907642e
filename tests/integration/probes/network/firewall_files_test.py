#!/usr/bin/env python3
"""firewall_rules and firewall_status of ufw and firewalld against what these programs say themselves of
the rules that they write, in a copy of /etc and a network namespace."""
import ipaddress
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

UFW = """
allow 22/tcp
limit 2222/tcp comment 'who knocks # here'
deny from 203.0.113.0/24
allow in on eth0 to any port 80,443,8000:8100 proto tcp
reject out 25/tcp
deny out on eth2 to 10.9.0.0/16
allow proto udp from fd00::/8 port 53 to any port 1000
allow from 192.0.2.7 port 5000 to 192.0.2.8 port 6000 proto tcp
route allow in on eth0 out on eth1 to 10.0.0.0/8 port 5432 proto tcp
route deny from 10.4.0.0/16
allow OpenSSH
allow log 99
reject log-all 98/udp
allow proto esp from 10.0.0.5
insert 1 deny 7/udp
allow in on eth+ to any port 9999
allow from 10.1.0.0/255.255.0.0
delete allow 99
"""
ACTIONS = {"accept": "ALLOW", "drop": "DENY", "reject": "REJECT"}
WAYS = {"in": "IN", "out": "OUT", "forward": "FWD"}
POLICIES = {"deny": "drop", "allow": "accept", "reject": "reject"}


# A program of Python's once for each line of standard input, in one interpreter: to begin one takes longer
# than what it does.
MANY = """
import contextlib, io, json, runpy, sys
answers = []
for line in sys.stdin:
    sys.argv = [PROGRAM, *json.loads(line)]
    said, status = io.TextIOWrapper(io.BytesIO()), 0
    with contextlib.redirect_stdout(said):
        try:
            runpy.run_path(PROGRAM, run_name="__main__")
        except SystemExit as end:
            status = end.code or 0
    said.flush()
    answers.append([status, said.buffer.getvalue().decode()])
print(json.dumps(answers))
"""


def many(machine, name, *lines):
    """What a program says to each of these lists of words."""
    done = machine.must("/usr/bin/python3", "-c", f"PROGRAM = {shutil.which(name)!r}\n{MANY}",
                        text="".join(json.dumps(words) + "\n" for words in lines))
    answers = json.loads(done)
    assert not any(status for status, _ in answers), list(zip(lines, answers))
    return [said for _, said in answers]


def ufw(machine, *words):
    return machine.must("ufw", *words)


def with_ufw(machine):
    machine.own("/etc")
    machine.empty("/run")
    machine.must("sysctl", "-qw", "net.ipv4.ip_forward=1")  # or ufw calls the policy for it disabled
    defaults = pathlib.Path("/etc/default/ufw")
    defaults.write_text(re.sub("^IPT_SYSCTL=.*", "IPT_SYSCTL=", defaults.read_text(), flags=re.M))
    done = subprocess.run(["ufw", "--force", "enable"], capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        namespace.skip(f"ufw cannot load its rules into this kernel: {done.stderr[-300:]}")


def end_of(row, side, interface):
    """One side of a rule as ufw writes it."""
    ports = (row[f"{side}_ports"] or "").replace("-", ":")
    protocol = f"/{row['protocol']}" if row["protocol"] else ""
    words = [row[side] or "", ports + protocol if ports else ""]
    text = " ".join(filter(None, words)) or "Anywhere"
    has_ports = row["source_ports"] or row["destination_ports"]
    if not has_ports and row[side]:
        text += protocol
    return text + (f" on {interface.replace('*', '+')}" if interface else "")


def ufw_row(row):
    interfaces = {"in": (row["in_interface"], None), "out": (None, row["out_interface"]),
                  "forward": (row["out_interface"], row["in_interface"])}[row["direction"]]
    action = "LIMIT" if row["expression"] == "limit" else ACTIONS[row["action"]]
    return (end_of(row, "destination", interfaces[0]), f"{action} {WAYS[row['direction']]}",
            end_of(row, "source", interfaces[1]))


def plain(part):
    """Without what only decorates it."""
    return re.sub(r" \((?:v6|out|log|log-all|OpenSSH(?: \(v6\))?)\)", "", part.split(" #")[0]).strip()


def said_of(text):
    """The rules of `ufw status`: to, action, from; what only decorates is left out."""
    found = []
    for line in text.splitlines():
        match = re.match(r"(?:\[ *\d+\] )?(\S.*?)\s+((?:ALLOW|DENY|REJECT|LIMIT) (?:IN|OUT|FWD))\s+(.*)", line)
        if not match:
            continue
        to, action, source = match.groups()
        found.append((plain(to), action, plain(source)))
    return found


def test_rules_of_ufw(machine):
    with_ufw(machine)
    many(machine, "ufw", *map(shlex.split, UFW.strip().splitlines()))
    said = said_of(ufw(machine, "status", "verbose"))
    rows = machine.rows("SELECT * FROM firewall_rules WHERE backend = 'ufw' AND position > 0 "
                        "ORDER BY direction, family, position")
    assert all(row["is_complete"] and row["file"].startswith("/etc/ufw/user") for row in rows), rows
    ours = [ufw_row(row) for row in rows]
    for way in WAYS.values():
        mine, theirs = ([rule for rule in rules if rule[1].endswith(way)] for rules in (ours, said))
        assert mine == theirs and mine, f"{way}: the table: {mine}\nufw: {theirs}"
    numbered = said_of(ufw(machine, "status", "numbered"))
    assert len(numbered) == len(rows) == len(said), (len(numbered), len(rows))


def status(machine, backend):
    rows = machine.rows(f"SELECT * FROM firewall_status WHERE backend = '{backend}'")
    assert len(rows) == 1, rows
    return rows[0]


def compare_policies(machine):
    said = re.search(r"Default: (\w+) \(incoming\), (\w+) \(outgoing\), (\w+) \(routed\)",
                     ufw(machine, "status", "verbose")).groups()
    row = status(machine, "ufw")
    ours = (row["default_in"], row["default_out"], row["default_forward"])
    assert row["active"] == 1 and ours == tuple(POLICIES[word] for word in said), (row, said)
    policies = machine.rows("SELECT DISTINCT direction, action FROM firewall_rules WHERE backend = 'ufw' "
                            "AND position = 0")
    assert {row["direction"]: row["action"] for row in policies} == dict(zip(("in", "out", "forward"), ours))
    return ours


def test_policies_of_ufw(machine):
    with_ufw(machine)
    before = compare_policies(machine)
    ufw(machine, "disable")
    assert "inactive" in ufw(machine, "status") and status(machine, "ufw")["active"] == 0
    for policy, way in (("reject", "incoming"), ("deny", "outgoing"), ("allow", "routed")):
        ufw(machine, "default", policy, way)
    ufw(machine, "--force", "enable")
    assert compare_policies(machine) == ("reject", "drop", "accept") != before


ZONES = """
--new-service=own
--service=own --add-port=7001/udp --add-port=7100-7200/tcp
--service=own --add-include=http
--service=own --add-protocol=ah
--service=own --add-source-port=99/tcp
--service=own --set-destination=ipv4:224.0.0.251
--service=own --set-destination=ipv6:ff02::/16
--zone=public --add-port=8080-8090/tcp --add-port=69/udp
--zone=public --add-source-port=68/udp
--zone=public --add-protocol=gre
--zone=public --add-service=ipsec --add-service=mdns --add-service=freeipa-ldap --add-service=own
--zone=dmz --add-interface=eth9
--zone=internal --add-source=10.0.0.0/8
--zone=internal --set-target=DROP
--zone=trusted --add-interface=eth8
--new-zone=quiet
--zone=quiet --add-source=192.0.2.0/24
"""


def firewalld(machine, *lines):
    return many(machine, "firewall-offline-cmd", *lines)


def listed(text):
    """What firewalld prints of zones or services: by name, the words of each line."""
    found = {}
    for block in text.split("\n\n"):
        head, *lines = block.strip().splitlines() or [""]
        if head:
            parts = [line.strip().partition(":") for line in lines]
            found[head.split(" ")[0]] = {name: words.split() for name, _, words in parts}
    return found


def openings(said):
    """(protocol, port, source port) of each thing that a zone or a service lets in."""
    found = {(part.split("/")[1], part.split("/")[0], None) for part in said["ports"]}
    found |= {(protocol, None, None) for protocol in said["protocols"]}
    return found | {(part.split("/")[1], None, part.split("/")[0]) for part in said["source-ports"]}


def services_of(machine, names):
    """What each of these services opens, and those that they include."""
    said, left = {}, set(names)
    while left:
        texts = firewalld(machine, *([f"--info-service={name}"] for name in sorted(left)))
        said.update({name: block for text in texts for name, block in listed(text).items()})
        left = {other for one in said.values() for other in one["includes"]} - set(said)
    return said


def opened_by(said, service):
    targets = [ipaddress.ip_network(one.split(":", 1)[1]) for one in said[service]["destination"]]
    found = {(*one, target) for one in openings(said[service]) for target in targets or [None]}
    return found.union(*(opened_by(said, other) for other in said[service]["includes"]))


def test_zones_of_firewalld(machine):
    machine.own("/etc")
    machine.empty("/run", "/var/log")
    firewalld(machine, *(line.split() for line in ZONES.strip().splitlines()))
    zones, default = firewalld(machine, ["--list-all-zones"], ["--get-default-zone"])
    said, default = listed(zones), default.strip()
    rows = machine.rows("SELECT * FROM firewall_rules WHERE backend = 'firewalld' ORDER BY table_name, position")
    shown = {name for name, zone in said.items() if zone["interfaces"] or zone["sources"]} | {default}
    assert {row["table_name"] for row in rows} == shown and len(shown) == 5, (rows, shown)
    services = services_of(machine, {one for name in shown for one in said[name]["services"]})
    for name in shown:
        zone, mine = said[name], [row for row in rows if row["table_name"] == name]
        target = {"ACCEPT": "accept", "DROP": "drop"}.get(zone["target"][0], "reject")
        assert (mine[0]["position"], mine[0]["action"]) == (0, target), (name, mine[0])
        theirs = {(*one, None) for one in openings(zone)}
        theirs = theirs.union(*(opened_by(services, one) for one in zone["services"]))
        ours = {(row["protocol"], row["destination_ports"], row["source_ports"],
                 row["destination"] and ipaddress.ip_network(row["destination"]))
                for row in mine if row["action"] == "accept" and row["position"] > 0}
        assert ours == theirs, f"{name}: the table alone: {ours - theirs}\nfirewalld alone: {theirs - ours}"
        assert all(row["is_complete"] for row in mine), mine
        names = {row["expression"].split("=")[1] for row in mine if row["action"] == "continue"}
        assert names == set(zone["interfaces"]) | set(zone["sources"]), (name, names)


def test_what_is_not_understood_of_a_zone_is_said(machine):
    machine.own("/etc")
    machine.empty("/run", "/var/log")
    before = machine.rows("SELECT * FROM firewall_rules WHERE backend = 'firewalld' AND is_complete = 0")
    assert not before, before
    rule = 'rule family="ipv4" source address="10.0.0.0/8" service name="http" accept'
    firewalld(machine, ["--set-default-zone=work"],
              *(["--zone=work", word] for word in (
                  f"--add-rich-rule={rule}", "--add-masquerade", "--add-icmp-block=echo-request",
                  "--add-forward-port=port=22:proto=tcp:toport=3753")))
    rows = machine.rows("SELECT * FROM firewall_rules WHERE backend = 'firewalld' AND is_complete = 0")
    assert len(rows) == 4 and all(row["action"] == "other" for row in rows), rows
    assert any("10.0.0.0/8" in row["expression"] and "http" in row["expression"] for row in rows), rows


namespace.need("/usr/sbin/ufw", "/usr/bin/firewall-offline-cmd")
namespace.enter()
namespace.run(globals())
