#!/usr/bin/env python3
"""interface_addresses, routes and arp_cache against what ip says of the same namespace, to which the
test gives links, addresses, routes and neighbours of every kind that this kernel has."""
import ipaddress
import json
import pathlib
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

PEER = "198.51.100.2"
PEER6 = "fd00:51::2"
# What some kernels have no part for; all else must be taken.
OPTIONAL = ("type vlan", "type vrf")

LINKS = """
link add m0 type veth peer name p0 netns {peer}
link set m0 up
link add br0 type bridge
link set br0 up
link add link m0 name m0.70 type vlan id 70
link set m0.70 up
link add vrf0 type vrf table 900
tuntap add dev t0 mode tun
link set t0 up
addr add 198.51.100.1/24 brd + dev m0 label m0:web
addr add 198.51.100.7/24 dev m0
addr add 203.0.113.9 peer 203.0.113.10/32 dev t0
addr add 203.0.113.17 peer 203.0.113.18/32 dev m0
addr add 10.70.0.1/13 brd 10.79.255.254 dev br0 label br0:1
addr add 10.71.0.1/24 dev m0.70
addr add 127.9.9.9/32 dev lo
addr add fd00:51::1/64 dev m0 nodad
addr add fd00:52::1 peer fd00:52::2 dev m0 nodad
addr add fd00:53::1/127 dev br0 nodad
"""
ROUTES = """
route add default via 198.51.100.2 dev m0
route add default via 198.51.100.3 dev m0 metric 400 proto dhcp
route add 10.1.0.0/16 via 198.51.100.4 src 198.51.100.7 mtu 1400 hoplimit 9 metric 7 proto static
route add 10.2.0.0/15 dev m0 scope link table 1000
route add 10.4.0.0/16 nexthop via 198.51.100.5 weight 3 nexthop via 203.0.113.10 dev t0
route add 10.5.0.0/16 via inet6 fd00:51::5 dev m0
route add 10.6.0.0/16 via 192.0.2.1 dev m0 onlink
route add blackhole 10.10.0.0/16
route add unreachable 10.11.0.0/16 metric 12
route add prohibit 10.12.0.0/16 table 77
route add throw 10.13.0.0/16 table 77
route add local 10.14.0.0/24 dev lo
nexthop add id 21 via 198.51.100.6 dev m0
nexthop add id 22 via 198.51.100.8 dev m0
nexthop add id 23 group 21/22,5
route add 10.20.0.0/16 nhid 21
route add 10.21.0.0/16 nhid 23
-6 route add default via fd00:51::2 dev m0
-6 route add fd01::/48 via fd00:51::3 metric 5 mtu 1300 src fd00:51::1
-6 route add fd02::/48 nexthop via fd00:51::3 weight 2 nexthop via fd00:51::4
-6 route add blackhole fd03::/48
-6 route add unreachable fd04::/48 table 77
-6 route add prohibit fd05::/48 metric 9
"""
KINDS = {"unicast": "gateway", "throw": "other"}
DISCARDS = {"blackhole", "unreachable", "prohibit", "throw"}
FLAGS = {"onlink": 4, "pervasive": 2, "offload": 8, "trap": 64}


class Net:
    """The test's own namespace, and a peer at the other end of the link m0."""

    def __init__(self, machine):
        self.machine = machine
        self.peer = machine.start("unshare", "--net", "sleep", "300")
        machine.wait_for(lambda: self.on_peer("ip", "link", check=False).returncode == 0 and
                         pathlib.Path(f"/proc/{self.peer.pid}/comm").read_text() == "sleep\n")
        for name in ("all", "default"):  # addresses hold at once
            machine.must("sysctl", "-qw", f"net.ipv6.conf.{name}.accept_dad=0")
        self.ip(LINKS.format(peer=self.peer.pid))
        for words in ("link set p0 up", "link set lo up", f"addr add {PEER}/24 dev p0",
                      f"addr add {PEER6}/64 dev p0 nodad"):
            self.on_peer("ip", *words.split())
        machine.wait_for(self.is_settled)

    def is_settled(self):
        """The kernel gives links that are up an address of their own, and routes to it, a while later."""
        links = [link for link in self.says("addr") if link["ifname"].startswith("m0")]
        return all(any(one["scope"] == "link" for one in link["addr_info"]) and
                   not any("tentative" in one for one in link["addr_info"]) for link in links)

    def on_peer(self, *command, check=True):
        return subprocess.run(["nsenter", "-t", str(self.peer.pid), "--net", *command], capture_output=True,
                              text=True, check=check, timeout=30)

    def ip(self, text):
        without = set()
        for line in filter(None, text.splitlines()):
            if any(f" {name} " in f" {line} " for name in without):
                continue
            done = subprocess.run(["ip", *line.split()], capture_output=True, text=True, check=False)
            if done.returncode != 0 and any(kind in line for kind in OPTIONAL):
                without.add(line.split(" type")[0].split()[-1])
                print(f"this kernel has none: ip {line}")
                continue
            assert done.returncode == 0, f"ip {line}: {done.stderr}"

    def says(self, *words):
        return json.loads(self.machine.must("ip", "-j", "-d", *words))

    def close(self):
        self.machine.stop(self.peer)
        for link in ("m0.70", "m0", "br0", "t0", "vrf0"):
            subprocess.run(["ip", "link", "del", link], capture_output=True, check=False)
        subprocess.run(["ip", "addr", "del", "127.9.9.9/32", "dev", "lo"], check=False)
        for family in ("-4", "-6"):
            for table in ("main", "77", "1000"):
                subprocess.run(["ip", family, "route", "flush", "table", table], capture_output=True, check=False)
        subprocess.run(["ip", "route", "del", "local", "10.14.0.0/24", "table", "local"], capture_output=True,
                       check=False)


def compare(ours, theirs):
    only_ours = [row for row in ours if row not in theirs]
    only_theirs = [row for row in theirs if row not in ours]
    assert len(ours) == len(theirs) and not only_ours and not only_theirs, \
        f"the table alone: {only_ours}\nip alone: {only_theirs}"


def test_addresses_are_those_that_ip_shows(machine):
    net = Net(machine)
    try:
        theirs = []
        for link in net.says("addr"):
            for one in link["addr_info"]:
                network = ipaddress.ip_network(f"{one['local']}/{one['prefixlen']}", strict=False)
                theirs.append({"interface": link["ifname"], "address": one["local"],
                               "mask": str(network.netmask), "broadcast": one.get("broadcast"),
                               "point_to_point": one.get("address"), "type": None})
        ours = machine.rows("SELECT * FROM interface_addresses")
        for row in ours:
            row["mask"] = str(ipaddress.ip_address(row["mask"]))
        assert len(theirs) >= 12, theirs
        compare(ours, theirs)
    finally:
        net.close()


def route_of(said, way):
    """A row as the table should have it, from what ip says of a route and one of its ways."""
    is_v6 = ":" in said["dst"] or said["family"] == 6
    whole = {"default": "::/0" if is_v6 else "0.0.0.0/0"}.get(said["dst"], said["dst"])
    network = ipaddress.ip_network(whole)
    metrics = {name: value for part in said.get("metrics", []) for name, value in part.items()}
    gateway = way.get("gateway") or way.get("via", {}).get("host")
    flags = sum(FLAGS.get(flag, 0) for flag in said["flags"])
    return {"destination": str(network.network_address), "netmask": network.prefixlen, "gateway": gateway,
            "source": said.get("prefsrc"), "flags": flags,
            "interface": None if said["type"] in DISCARDS else way["dev"], "mtu": metrics.get("mtu"),
            "metric": said.get("metric"), "type": KINDS.get(said["type"], said["type"]),
            "hopcount": metrics.get("hoplimit"), "table_name": said.get("table", "main"),
            "origin": said["protocol"]}


def test_routes_are_those_that_ip_shows(machine):
    net = Net(machine)
    try:
        net.ip(ROUTES)
        theirs = [route_of({**said, "family": family}, way) for family in (4, 6)
                  for said in net.says(f"-{family}", "route", "show", "table", "all")
                  for way in said.get("nexthops", [said])]
        assert len(theirs) >= 40, theirs
        compare(machine.rows("SELECT * FROM routes"), theirs)
    finally:
        net.close()


def call(address, seconds=10.0):
    """Knocks at a closed port: who answers is known on the link afterwards."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as caller:
        caller.settimeout(seconds)
        caller.connect_ex((address, 9))


def test_neighbours_are_those_that_ip_shows(machine):
    net = Net(machine)
    try:
        net.ip("""
neigh add 198.51.100.20 lladdr 02:00:00:00:00:20 dev m0 nud permanent
neigh add 198.51.100.21 lladdr 02:00:00:00:00:21 dev m0 nud stale
neigh add 198.51.100.22 lladdr 02:00:00:00:00:22 dev m0 nud noarp
neigh add fd00:51::20 lladdr 02:00:00:00:01:20 dev m0 nud permanent router
neigh add proxy 198.51.100.30 dev m0
""")
        for address in (PEER, PEER6):
            call(address)
        call("198.51.100.99", seconds=0.3)
        said = [one for one in net.says("neigh", "show", "nud", "all") if one["state"] != ["NOARP"]]
        theirs = [{"address": one["dst"], "mac": one.get("lladdr"), "interface": one["dev"],
                   "permanent": str(int("PERMANENT" in one["state"])), "state": one["state"][0].lower(),
                   "is_router": int("router" in one)} for one in said]
        compare(machine.rows("SELECT * FROM arp_cache"), theirs)
        states = {one["address"]: one["state"] for one in theirs}
        assert states[PEER] == states[PEER6] == "reachable", states
        assert states["198.51.100.99"] in ("incomplete", "failed"), states
    finally:
        net.close()


namespace.need("/usr/sbin/ip", "/usr/bin/nsenter")
namespace.enter()
namespace.run(globals())
