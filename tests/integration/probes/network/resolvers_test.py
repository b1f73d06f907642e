#!/usr/bin/env python3
"""dns_resolvers against the name servers that libc really asks: dnsmasq on addresses of loopback, each
with an answer of its own."""
import pathlib
import socket
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "operations"))
import namespace

LIBC = "source = '/etc/resolv.conf' ORDER BY id"


class Servers:
    """Servers on 127.0.0.N that answer 192.0.2.N for asked.test, and that there is no such name else."""

    def __init__(self, machine, *numbers, more=()):
        self.machine = machine
        self.log = machine.folder / "queries.log"
        machine.own("/etc")
        machine.empty("/run")
        self.write("hosts: dns\n", "nsswitch.conf")
        for number in numbers:
            self.start(f"127.0.0.{number}", f"--address=/asked.test/192.0.2.{number}", "--local=/#/", *more)

    def start(self, address, *words):
        self.machine.start("dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-hosts", "--no-resolv",
                           "--user=root", "--pid-file=", "--bind-interfaces", f"--listen-address={address}",
                           "--log-queries", f"--log-facility={self.log}", *words)
        self.machine.wait_for(lambda: answers(address))

    def write(self, text, name="resolv.conf"):
        file = pathlib.Path("/etc") / name
        file.unlink(missing_ok=True)
        file.write_text(text)

    def rows(self, kind):
        return [row["address"] for row in
                self.machine.rows(f"SELECT address FROM dns_resolvers WHERE type = '{kind}' AND {LIBC}")]

    def queries(self, name):
        """What the servers are asked while libc looks for a name."""
        before = self.log.read_text() if self.log.exists() else ""
        look_up(name)
        lines = self.log.read_text()[len(before):].splitlines()
        return [line.split("query[A] ")[1].split(" ")[0] for line in lines if "query[A] " in line]


def answers(address):
    """Whether a server is there at all."""
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as knocking:
        return knocking.connect_ex((address, 53)) == 0


def look_up(name):
    done = subprocess.run(["getent", "ahostsv4", name], capture_output=True, text=True, timeout=60,
                          check=False, env={"PATH": "/usr/bin", "LC_ALL": "C"})
    return done.stdout.split()[0] if done.returncode == 0 else None


def server_of(answer):
    return answer and answer.replace("192.0.2.", "127.0.0.")


def alive(addresses):
    return next((one for one in addresses if answers(one)), None)


FILES = [
    "nameserver 127.0.0.11\nnameserver 127.0.0.12\n",
    "# nameserver 127.0.0.11\n; nameserver 127.0.0.11\n nameserver 127.0.0.11\nnameserver\t127.0.0.12",
    "options timeout:1 attempts:1\nnameserver 127.0.0.21\nnameserver 127.0.0.12\n",
    "nameserver 127.0.0.21\nnameserver 127.0.0.22\nnameserver 127.0.0.23\nnameserver 127.0.0.11\n",
    "nameserver no-address\nnameserver 127.0.0.21\nnameserver 127.0.0.22\nnameserver 127.0.0.12\n",
    "nameserver 127.0.0.11;first\nnameserver 127.0.0.11#second\nnameserver 127.0.0.12 ;third\n",
    "nameserver ::1%lo\nnameserver 127.12\nnameserver 127.0.0.11\n",
    "nameserver 127.0.0.12 127.0.0.11\r\nnameserver 127.0.0.11\r\n",
    "nameservers 127.0.0.11\nNameserver 127.0.0.11\nnameserver 127.0.0.12\n",
    "nameserver ::1\nnameserver 127.0.0.11\n",
]


def test_the_servers_that_libc_asks(machine):
    servers = Servers(machine, 11, 12)
    for text in FILES:
        servers.write(text)
        named = servers.rows("nameserver")
        assert server_of(look_up("asked.test")) == alive(named), (text, named)
        assert len(named) <= 3, named


def test_a_server_of_ipv6(machine):
    servers = Servers(machine)
    servers.start("::1", "--address=/asked.test/192.0.2.66", "--local=/#/")
    servers.write("nameserver ::1\n")
    assert (servers.rows("nameserver"), look_up("asked.test")) == (["::1"], "192.0.2.66")


def test_without_a_server_libc_asks_none_but_this_machine(machine):
    servers = Servers(machine, 1, 11)
    for text in ("", "search a.test\n", "nameserver none\n"):
        servers.write(text)
        assert (server_of(look_up("asked.test")), servers.rows("nameserver")) == ("127.0.0.1", []), text


SEARCHES = [
    "search a.test b.test\tc.test\n",
    "domain d.test\n",
    "search a.test\ndomain d.test\nsearch e.test f.test\n",
    "search a.test\ndomain d.test more\n",
    "search " + " ".join(f"n{number}.test" for number in range(30)) + "\n",
    "search a.test. b.test\n",
]


def test_the_domains_that_libc_appends(machine):
    servers = Servers(machine, 11)
    for text in SEARCHES:
        servers.write("nameserver 127.0.0.11\n" + text)
        asked = [name.removeprefix("short.") for name in servers.queries("short") if name != "short"]
        named = [name.rstrip(".") for name in servers.rows("search")]
        assert asked == named, (text, asked, named)


def test_options_are_those_that_libc_obeys(machine):
    servers = Servers(machine, 11, 12)
    servers.write("nameserver 127.0.0.11\nsearch a.test\noptions ndots:3 attempts:2\noptions rotate\n")
    assert servers.rows("option") == ["ndots:3", "attempts:2", "rotate"], servers.rows("option")
    assert servers.queries("x.y.z")[0] == "x.y.z.a.test"
    servers.write("nameserver 127.0.0.11\nsearch a.test\noptions ndots:2\n")
    assert servers.queries("x.y.z")[0] == "x.y.z"
    servers.write("nameserver 127.0.0.11\nsortlist 192.0.2.0/255.255.255.0 198.51.100.0\n")
    rows = machine.rows(f"SELECT address, netmask FROM dns_resolvers WHERE type = 'sortlist' AND {LIBC}")
    assert rows == [{"address": "192.0.2.0", "netmask": "255.255.255.0"},
                    {"address": "198.51.100.0", "netmask": None}], rows


def test_a_local_resolver_and_what_it_asks_in_turn(machine):
    servers = Servers(machine, 12)
    servers.start("127.0.0.53", "--server=127.0.0.12")
    folder = pathlib.Path("/run/systemd/resolve")
    folder.mkdir(parents=True)
    (folder / "stub-resolv.conf").write_text("nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch a.test\n")
    (folder / "resolv.conf").write_text("nameserver 127.0.0.12\nsearch a.test\n")
    pathlib.Path("/etc/resolv.conf").unlink()
    pathlib.Path("/etc/resolv.conf").symlink_to("../run/systemd/resolve/stub-resolv.conf")
    assert look_up("asked.test") == "192.0.2.12"
    rows = machine.rows("SELECT address, source, note FROM dns_resolvers WHERE type = 'nameserver' AND "
                        "address LIKE '127.%'")
    assert [(row["address"], row["source"]) for row in rows] == [
        ("127.0.0.53", "/etc/resolv.conf"), ("127.0.0.12", "/run/systemd/resolve/resolv.conf")], rows
    assert rows[0]["note"] is None and "systemd-resolved" in rows[1]["note"], rows
    asked = servers.log.read_text()
    assert "forwarded asked.test to 127.0.0.12" in asked, asked


namespace.need("/usr/sbin/dnsmasq", "/usr/bin/getent")
namespace.enter()
# libc looks for no addresses of a kind of which the machine itself has none but loopback's.
subprocess.run(["ip", "addr", "add", "198.51.100.53/32", "dev", "lo"], check=True)
namespace.run(globals())
