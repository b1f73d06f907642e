#!/usr/bin/env python3
"""Tables firewall_* and exposure against real packet filters and real connections.

Three network namespaces of the test's own: a machine with listeners and rules, a peer that really
connects, a "container" behind the machine. Whatever the table says of a listener must be what the
peer finds. What the kernel refuses to load is said aloud, and the test then counts as skipped (77).
"""
import json
import os
import pathlib
import subprocess
import sys
import time

MACHINE4, PEER4, INSIDE4 = "198.51.100.1", "198.51.100.2", "172.30.0.2"
MACHINE6 = "fd00:51::1"
TCP, UDP = 6, 17
# protocol, family, address, port
LISTENERS = [
    (TCP, 4, "0.0.0.0", 8001), (TCP, 4, "0.0.0.0", 8002), (TCP, 4, MACHINE4, 8003),
    (TCP, 6, "::", 8004), (TCP, 4, "127.0.0.1", 8005), (TCP, 4, "0.0.0.0", 8006),
    (TCP, 6, "::1", 8007), (UDP, 4, "0.0.0.0", 8008), (UDP, 4, "0.0.0.0", 8009),
    (TCP, 6, "v6only", 8010)]

LISTEN = r"""
import socket, sys, threading, json
def serve(s, protocol):
    while True:
        if protocol == 6:
            c, _ = s.accept(); c.sendall(b"y"); c.close()
        else:
            _, peer = s.recvfrom(9); s.sendto(b"y", peer)
for protocol, family, address, port in json.loads(sys.argv[1]):
    s = socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6,
                      socket.SOCK_STREAM if protocol == 6 else socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == 6: s.setsockopt(41, 26, address == "v6only")
    s.bind(("::" if address == "v6only" else address, port))
    if protocol == 6: s.listen()
    threading.Thread(target=serve, args=(s, protocol), daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
"""
CONNECT = r"""
import socket, sys, json, threading
found = []
def knock(protocol, address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM if protocol == 6 else socket.SOCK_DGRAM)
    s.settimeout(0.7)
    try:
        s.connect((address, port))
        if protocol == 17: s.send(b"x")
        if s.recv(1): found.append([protocol, address, port])
    except OSError: pass
threads = [threading.Thread(target=knock, args=a) for a in json.loads(sys.argv[1])]
[t.start() for t in threads]; [t.join() for t in threads]
print(json.dumps(found))
"""

NFT_DROP = """
table inet filter {
  set friends { type ipv4_addr; flags interval; elements = { 198.51.100.0/25 } }
  chain input { type filter hook input priority 0; policy drop;
    ct state vmap { invalid : drop, established : accept, related : accept }
    iif lo accept
    meta l4proto ipv6-icmp accept
    tcp dport { 8001, 8100-8200 } accept
    ip saddr @friends tcp dport 8002 counter accept
    ip saddr 203.0.113.0/24 tcp dport 8003 accept
    tcp dport vmap { 8004 : jump extra, 9000 : drop }
    udp dport 8008 limit rate 50/second accept
    log prefix "no: "
    tcp dport 8006 reject with tcp reset
  }
  chain extra {
    meta nfproto ipv6 accept
    return
  }
}
"""
NFT_PREROUTING = """
table ip raw { chain pre { type filter hook prerouting priority raw; policy accept;
    iifname "m0" tcp dport 8001 drop
    iifname "other*" drop
    tcp flags & (fin|syn|rst|ack) == syn tcp dport 8002 drop
  }
}
"""
NFT_INTERFACE = """
table inet filter { chain input { type filter hook input priority 0; policy drop;
    iifname "m0" tcp dport { 8001, 8004 } accept
    iifname "m0:1" tcp dport 8002 accept
  }
}
"""
NFT_MARK = """
table inet filter { chain input { type filter hook input priority 0; policy drop;
    tcp dport 8001 accept
    meta mark 0x17 accept
    ct state established accept
  }
}
"""


class Skipped(Exception):
    pass


class World:
    def __init__(self, bin_folder):
        self.agent = pathlib.Path(bin_folder) / "assay-agent"
        pid = os.getpid()
        self.machine, self.peer, self.inside = f"asy-m{pid}", f"asy-p{pid}", f"asy-c{pid}"
        self.listener = None
        for name in (self.machine, self.peer, self.inside):
            self.must("ip", "netns", "add", name)
            self.must("ip", "-n", name, "link", "set", "lo", "up")
        self.pair(self.peer, "p0", f"{PEER4}/24", "fd00:51::2/64", "m0", f"{MACHINE4}/24",
                  f"{MACHINE6}/64")
        self.pair(self.inside, "c0", f"{INSIDE4}/16", "fd00:52::2/64", "docker0", "172.30.0.1/16",
                  "fd00:52::1/64")
        self.must("ip", "-n", self.inside, "route", "add", "default", "via", "172.30.0.1")
        self.on(self.machine, "sysctl", "-qw", "net.ipv4.ip_forward=1")

    def pair(self, far, far_name, far4, far6, near_name, near4, near6):
        self.must("ip", "-n", self.machine, "link", "add", near_name, "type", "veth", "peer",
                  "name", far_name, "netns", far)
        for space, name, v4, v6 in ((far, far_name, far4, far6),
                                    (self.machine, near_name, near4, near6)):
            self.must("ip", "-n", space, "addr", "add", v4, "dev", name)
            self.must("ip", "-n", space, "addr", "add", v6, "dev", name, "nodad")
            self.must("ip", "-n", space, "link", "set", name, "up")

    @staticmethod
    def must(*command, text=None):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, input=text,
                              timeout=60)
        assert done.returncode == 0, f"{command}: {done.stdout[-800:]}{done.stderr[-1500:]}"
        return done.stdout

    def on(self, space, *command, text=None):
        return self.must("ip", "netns", "exec", space, *command, text=text)

    def load(self, *command, text=None):
        """A rule, which a kernel without the part that it needs refuses."""
        done = subprocess.run(["ip", "netns", "exec", self.machine, *map(str, command)], input=text,
                              capture_output=True, text=True, timeout=60)
        assert "syntax error" not in done.stderr, done.stderr
        if done.returncode != 0:
            raise Skipped(f"the kernel or tool refuses {' '.join(command)}: {done.stderr[-400:]}")

    def serve(self, space, listeners):
        process = subprocess.Popen(["ip", "netns", "exec", space, sys.executable, "-c", LISTEN,
                                    json.dumps(listeners)], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        return process

    def query(self, sql):
        return json.loads(self.on(self.machine, self.agent, "query", "-o", "json", sql))

    def knock(self, targets):
        found = self.on(self.peer, sys.executable, "-c", CONNECT, json.dumps(targets))
        return {tuple(one) for one in json.loads(found)}

    def flush(self):
        self.on(self.machine, "nft", "flush", "ruleset")
        for command in ("iptables-legacy", "ip6tables-legacy"):
            for table in ("raw", "mangle", "nat", "filter"):
                names = f"/proc/net/{'ip6' if '6' in command else 'ip'}_tables_names"
                if table not in self.on(self.machine, "cat", names).split():
                    continue
                self.on(self.machine, command, "-t", table, "-F")
                self.on(self.machine, command, "-t", table, "-X")
                if table == "filter":
                    self.on(self.machine, command, "-P", "INPUT", "ACCEPT")

    def close(self):
        for name in (self.machine, self.peer, self.inside):
            subprocess.run(["ip", "netns", "del", name], check=False)


def rows_of(world, port):
    return world.query(f"SELECT * FROM exposure WHERE port = {port}")


def reach_of(world, port, family=None):
    rows = [row for row in rows_of(world, port)
            if (family is None or row["family"] == family) and row["interface"] in (None, "m0")]
    assert len(rows) == 1, f"port {port}: {rows}"
    return rows[0]["reach"]


def check_truth(world, scenario):
    """Every row that decides is what the peer finds."""
    rows = world.query("SELECT port, protocol, family, address, interface, reach, sources, why "
                       "FROM exposure ORDER BY port, family")
    assert rows, scenario
    targets = []
    for row in rows:
        if row["interface"] not in (None, "m0"):
            continue
        address = MACHINE4 if row["family"] == 2 else MACHINE6
        targets.append((row, (row["protocol"], address, row["port"])))
    open_ones = world.knock([list(target) for _, target in targets])
    for row, target in targets:
        connects = target in open_ones
        if row["reach"] == "reachable":
            is_let_in = row["sources"] == "any" or row["sources"].startswith(("198.51.100.", "fd00:51:"))
            assert connects == is_let_in, f"{scenario}: {row} connects: {connects}"
        elif row["reach"] in ("filtered", "loopback_only"):
            assert not connects, f"{scenario}: {row} connects"
        elif row["reach"] == "published_by_container":
            assert connects, f"{scenario}: {row} does not connect"


def expect(world, wanted):
    for (port, family), reach in wanted.items():
        found = reach_of(world, port, family)
        assert found == reach, f"port {port}/{family}: {found}, not {reach}: {rows_of(world, port)}"


def no_filter(world):
    expect(world, {(8001, 2): "reachable", (8004, 2): "reachable", (8004, 10): "reachable",
                   (8005, 2): "loopback_only", (8007, 10): "loopback_only", (8008, 2): "reachable",
                   (8010, 10): "reachable"})
    status = world.query("SELECT * FROM firewall_status WHERE backend = 'kernel'")[0]
    assert status["note"] == "no packet filter at all" and status["active"] == 0, status
    assert status["default_in"] == "accept", status


def nft_drop(world):
    world.load("nft", "-f", "-", text=NFT_DROP)
    expect(world, {(8001, 2): "reachable", (8002, 2): "reachable", (8003, 2): "reachable",
                   (8004, 2): "filtered", (8004, 10): "reachable", (8006, 2): "filtered",
                   (8008, 2): "reachable", (8009, 2): "filtered", (8010, 10): "filtered"})
    status = world.query("SELECT * FROM firewall_status WHERE backend = 'nftables'")[0]
    assert (status["active"], status["default_in"], status["default_in_v6"]) == (1, "drop", "drop")
    rows = world.query("SELECT * FROM firewall_rules WHERE destination_ports = '8002'")
    assert [row["source"] for row in rows] == ["@friends"], rows
    assert not world.query("SELECT * FROM firewall_rules WHERE is_complete = 0")


def nft_prerouting(world):
    world.load("nft", "-f", "-", text=NFT_PREROUTING)
    expect(world, {(8001, 2): "filtered", (8002, 2): "filtered", (8003, 2): "reachable"})


def nft_not_understood(world):
    world.load("nft", "-f", "-", text=NFT_MARK)
    expect(world, {(8001, 2): "reachable", (8002, 2): "unknown", (8009, 2): "unknown"})
    assert "not understood" in rows_of(world, 8002)[0]["why"]


def nft_by_interface(world):
    """An address with a label is still one of its interface."""
    world.on(world.machine, "ip", "addr", "del", f"{MACHINE4}/24", "dev", "m0")
    world.on(world.machine, "ip", "addr", "add", f"{MACHINE4}/24", "dev", "m0", "label", "m0:1")
    world.load("nft", "-f", "-", text=NFT_INTERFACE)
    expect(world, {(8001, 2): "reachable", (8002, 2): "filtered", (8006, 2): "filtered"})


def iptables_rules(world, command):
    for rule in ("-P INPUT DROP", "-N own", "-A INPUT -i lo -j ACCEPT",
                 "-A INPUT -i oth+ -j ACCEPT", "-A INPUT ! -i m+ -j DROP",
                 "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                 "-A INPUT -p tcp -m multiport --dports 8001,8100:8200 -j ACCEPT",
                 "-A INPUT -p tcp -m conntrack --ctstate NEW -m comment --comment own -j own",
                 "-A own -s 198.51.100.2/32 -p tcp --dport 8002 -j ACCEPT",
                 "-A own ! -s 198.51.100.2/32 -p tcp --dport 8003 -j ACCEPT",
                 "-A own -p tcp --dport 8004 -m addrtype --dst-type LOCAL -j ACCEPT",
                 "-A own -p tcp --dport 8006 -j REJECT --reject-with tcp-reset",
                 "-A INPUT -p udp --dport 8008 -m limit --limit 50/s -j ACCEPT"):
        world.load(command, *rule.split())
    expect(world, {(8001, 2): "reachable", (8002, 2): "reachable", (8003, 2): "reachable",
                   (8004, 2): "reachable", (8004, 10): "reachable", (8006, 2): "filtered",
                   (8008, 2): "reachable", (8009, 2): "filtered", (8010, 10): "reachable"})
    assert rows_of(world, 8002)[0]["sources"] == "198.51.100.2"


def iptables_legacy(world):
    iptables_rules(world, "iptables-legacy")
    rows = world.query("SELECT * FROM firewall_rules WHERE backend = 'iptables-legacy'")
    assert [r["action"] for r in rows if r["chain"] == "INPUT" and r["position"] == 0] == ["drop"]
    assert all(row["is_complete"] for row in rows), rows


def iptables_nft(world):
    iptables_rules(world, "iptables-nft")
    rows = world.query("SELECT * FROM firewall_rules WHERE backend = 'nftables'")
    assert rows and all(row["is_complete"] for row in rows), rows


def ip6tables_legacy(world):
    for rule in ("-P INPUT DROP", "-A INPUT -p ipv6-icmp -j ACCEPT",
                 "-A INPUT -p tcp --dport 8010 -s fd00:51::/64 -j ACCEPT"):
        world.load("ip6tables-legacy", *rule.split())
    expect(world, {(8004, 2): "reachable", (8004, 10): "filtered", (8010, 10): "reachable"})
    assert rows_of(world, 8010)[0]["sources"] == "fd00:51::/64"


def legacy_unknown_match(world):
    world.load("iptables-legacy", "-P", "INPUT", "DROP")
    world.load("iptables-legacy", *"-A INPUT -p tcp --dport 8001 -m mark --mark 5 -j ACCEPT".split())
    expect(world, {(8001, 2): "unknown", (8002, 2): "filtered"})


def container(world):
    for rule in ("-t nat -N DOCKER",
                 "-t nat -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER",
                 "-t nat -A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination "
                 f"{INSIDE4}:80",
                 "-t nat -A DOCKER ! -i docker0 -p tcp --dport 8081 -j DNAT --to-destination "
                 f"{INSIDE4}:81",
                 "-P FORWARD DROP",
                 "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                 f"-A FORWARD -d {INSIDE4}/32 ! -i docker0 -o docker0 -p tcp --dport 80 -j ACCEPT"):
        world.load("iptables-nft", *rule.split())
    expect(world, {(8080, 2): "published_by_container", (8001, 2): "reachable"})
    assert "dnat 172.30.0.2:80" in rows_of(world, 8080)[0]["why"]


def counted(world, backend, chain, position):
    rows = world.query(f"SELECT * FROM firewall_counters WHERE backend = '{backend}' AND "
                       f"chain = '{chain}' AND position = {position}")
    assert len(rows) == 1, rows
    assert 0 < rows[0]["not_before"] <= time.time() + 2, rows
    return rows[0]


def packets_raise(world, backend, chain, position):
    """A connection of the peer's, and nothing else, is counted by the rule."""
    before = counted(world, backend, chain, position)
    assert counted(world, backend, chain, position) == before
    assert world.knock([[TCP, MACHINE4, 8001]])
    after = counted(world, backend, chain, position)
    assert after["packets"] > before["packets"] and after["bytes"] > before["bytes"], (before, after)


def nft_counters(world):
    world.load("nft", "-f", "-", text="""table inet filter {
  counter named { }
  chain input { type filter hook input priority 0; policy accept;
    tcp dport 8002 accept
    tcp dport 8001 counter
    tcp dport 8001 counter name named accept
  }
}
""")
    packets_raise(world, "nftables", "input", 2)
    packets_raise(world, "nftables", "input", 3)
    assert not world.query("SELECT * FROM firewall_counters WHERE backend = 'nftables' AND "
                           "position IN (0, 1)")


def iptables_nft_counters(world):
    world.load("iptables-nft", *"-A INPUT -p tcp --dport 8001 -j ACCEPT".split())
    packets_raise(world, "nftables", "INPUT", 1)


def iptables_legacy_counters(world):
    world.load("iptables-legacy", *"-A INPUT -p tcp --dport 8009 -j ACCEPT".split())
    world.load("iptables-legacy", *"-A INPUT -p tcp --dport 8001 -j ACCEPT".split())
    packets_raise(world, "iptables-legacy", "INPUT", 2)
    assert counted(world, "iptables-legacy", "INPUT", 1)["packets"] == 0
    assert counted(world, "iptables-legacy", "OUTPUT", 0)["packets"] > 0  # the policy


SCENARIOS = [no_filter, nft_drop, nft_prerouting, nft_by_interface, nft_not_understood, iptables_legacy,
             iptables_nft, ip6tables_legacy, legacy_unknown_match, container, nft_counters,
             iptables_nft_counters, iptables_legacy_counters]


def wait_for_links(world):
    """A fresh link takes a moment until it carries IPv6."""
    both = [[TCP, MACHINE4, 8001], [TCP, MACHINE6, 8010]]
    until = time.monotonic() + 20
    while len(world.knock(both)) < 2:
        assert time.monotonic() < until, "the peer does not reach the machine at all"


def main():
    world = World(sys.argv[1])
    skipped = []
    servers = []
    try:
        servers = [world.serve(world.machine, LISTENERS),
                   world.serve(world.inside, [(TCP, 4, "0.0.0.0", 80), (TCP, 4, "0.0.0.0", 81)])]
        wait_for_links(world)
        for scenario in SCENARIOS:
            world.flush()
            try:
                scenario(world)
                check_truth(world, scenario.__name__)
                print(f"{scenario.__name__}: ok", flush=True)
            except Skipped as reason:
                skipped.append(scenario.__name__)
                print(f"{scenario.__name__}: SKIPPED: {reason}", flush=True)
    finally:
        for server in servers:
            server.kill()
            server.wait()
        world.close()
    return 77 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
