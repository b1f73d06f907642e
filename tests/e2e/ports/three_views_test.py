#!/usr/bin/env python3
"""Two machines with a router between them: what one says of its ports, and what the other finds.

The machines are network namespaces. The collector and the measuring agent are in "near"; "far" listens.
"""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from company import await_that, run_tests  # noqa: E402: found through the line above

FAR = f"assay-far-{os.getpid()}"
BETWEEN = f"assay-between-{os.getpid()}"
NEAR = f"assay-near-{os.getpid()}"
FAR_ADDRESS = "198.51.100.7"
OPEN, LOCAL, DROPPED, CUT, LATE = 2201, 2202, 2203, 2204, 2205


def must(*command):
    subprocess.run(list(map(str, command)), check=True, timeout=60, stdin=subprocess.DEVNULL)


def nft(namespace, hook, rule):
    must("ip", "netns", "exec", namespace, "nft", "add table inet f; add chain inet f c { type filter hook "
         f"{hook} priority 0; }}; add rule inet f c {rule}")


def make_network():
    """near – between – far: one port is shut by the far machine itself, one by what stands between."""
    for name in (NEAR, BETWEEN, FAR):
        must("ip", "netns", "add", name)
        must("ip", "-n", name, "link", "set", "lo", "up")
    for name, address, way in ((NEAR, "192.0.2.8", "192.0.2.1"), (FAR, FAR_ADDRESS, "198.51.100.1")):
        cable = name.split("-")[1]
        must("ip", "-n", BETWEEN, "link", "add", cable, "type", "veth", "peer", "name", "cable", "netns", name)
        for space, device, its in ((name, "cable", address), (BETWEEN, cable, way)):
            must("ip", "-n", space, "addr", "add", f"{its}/24", "dev", device)
            must("ip", "-n", space, "link", "set", device, "up")
        must("ip", "-n", name, "route", "add", "default", "via", way)
    must("ip", "netns", "exec", BETWEEN, "sysctl", "-qw", "net.ipv4.ip_forward=1")
    nft(FAR, "input", f"tcp dport {DROPPED} drop")
    nft(BETWEEN, "forward", f"tcp dport {CUT} drop")


class Far:
    """The far machine: listeners, and an agent whose way to the collector leads through a socket in the file system."""

    def __init__(self, company, namespace):
        self.company, self.namespace, self.running = company, namespace, []

    def start(self, *command, namespace=None):
        inside = ["ip", "netns", "exec", namespace] if namespace else []
        self.running.append(subprocess.Popen([*inside, *map(str, command)], stdin=subprocess.DEVNULL))

    def join(self):
        path = self.company.folder / "bridge"
        port = self.company.listen.rpartition(":")[2]
        relay = [sys.executable, pathlib.Path(__file__).with_name("relay.py")]
        self.start(*relay, path, port)
        await_that(path.exists, "the relay did not start")
        self.start(*relay, port, path, namespace=self.namespace)

    def listen(self, *ports, address="0.0.0.0"):
        code = ("import socket,sys,time;"
                "held=[socket.create_server((sys.argv[1],int(p))) for p in sys.argv[2:]];time.sleep(600)")
        self.start(sys.executable, "-c", code, address, *ports, namespace=self.namespace)
        sought = set(map(str, ports))
        await_that(lambda: sought <= self.heard(), f"nobody listens on {sought}", 30)

    def heard(self):
        lines = subprocess.run(["ip", "netns", "exec", self.namespace, "ss", "-Hltn"], capture_output=True,
                               text=True, check=True, timeout=30).stdout.splitlines()
        return {line.split()[3].rpartition(":")[2] for line in lines}

    def agent(self, *words, **more):
        state = self.company.agent_state("far")
        self.company.run("ip", "netns", "exec", self.namespace, "unshare", "--uts", "sh", "-c",
                         'hostname far && exec "$@"', "sh", "assay-agent", *words, "--state", state,
                         "--collector", self.company.listen, **more)

    def close(self):
        for one in self.running:
            one.terminate()
        for one in self.running:
            one.wait(timeout=30)


def agreements(company):
    items = company.json("assay", "ports", "--host", "far", "-o", "json")
    return {item["port"]: item["agreement"] for item in items if item["transport"] == "tcp"}


def test_what_a_machine_says_of_its_ports_is_held_against_what_its_neighbour_finds(company):
    far = Far(company, os.environ["ASSAY_FAR"])
    try:
        company.serve()
        far.join()
        far.listen(OPEN, DROPPED, CUT)
        far.listen(LOCAL, address="127.0.0.1")
        far.agent("enroll", ASSAY_TOKEN=company.token())
        far.agent("run", "--once")
        company.login()
        before = agreements(company)
        assert {before[port] for port in (OPEN, LOCAL, DROPPED, CUT)} == {"not_measured"}, before

        far.listen(LATE)  # after its agent has looked
        company.enroll("near")
        settings = company.folder / "agent.yaml"
        settings.write_text(f"sweep:\n  neighbours: [{FAR_ADDRESS}]\n"
                            f"  neighbour_ports: \"{OPEN}-{LATE}\"\n")
        settings.chmod(0o644)
        company.scan_and_send("near", 0, "--settings", settings)
        await_that(lambda: LATE in agreements(company), "the neighbour's measure did not come", 30)
        after = agreements(company)
        assert {port: after[port] for port in range(OPEN, LATE + 1)} == {
            OPEN: "agrees", LOCAL: "agrees", DROPPED: "agrees", CUT: "not_reached", LATE: "unlisted"}, after
        shown = company.run("assay", "ports", "--host", "far", "--disagreeing", "--lang", "zh-TW")
        assert f"{LATE}/tcp" in shown and "可連線，但主機未列出" in shown, shown
        assert f"{OPEN}/tcp" not in shown, shown
    finally:
        far.close()


def main():
    if "ASSAY_FAR" in os.environ:
        return run_tests(sys.modules[__name__], sys.argv[1])
    try:
        make_network()
        return subprocess.run(["ip", "netns", "exec", NEAR, sys.executable, *sys.argv],
                              env=os.environ | {"ASSAY_FAR": FAR}, timeout=280).returncode
    finally:
        for name in (FAR, BETWEEN, NEAR):
            subprocess.run(["ip", "netns", "del", name], timeout=30)


sys.exit(main())
