"""A small town: a switch with a cable to each of five hosts, each a machine of its own as far as one kernel can make
several: network, processes, mounts and name. The test itself runs on one of them, the auditor.

    auditor ──┐     ┌── files
              switch ── data      in VLAN 7: auditor ── files
    web ──────┘     └── mail

All of it ends with the test, however that ends, for every process of it is below the auditor's first."""
import concurrent.futures
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = map(str, (HERE.parent, HERE.parents[1] / "integration/network"))
from company import Company, await_that  # noqa: E402: found through the line above
from servers import Servers, must  # noqa: E402
from small_machine import make_small  # noqa: E402

NUMBERS = {"auditor": 1, "web": 2, "mail": 3, "files": 4, "data": 5}
VLAN = 7
NAMESPACES = ("--net", "--mount", "--uts", "--pid", "--fork", "--mount-proc", "--kill-child")


def ipv4(name):
    return f"192.0.2.{NUMBERS[name]}"


def ipv6(name):
    return f"fd5a:7a9e::{NUMBERS[name]}"


def in_vlan(name):
    return f"10.7.0.{NUMBERS[name]}"


def full_name(name):
    return f"{name}.town.test"


def become_the_auditor():
    """Starts the test again where it is process 1 of a machine of its own."""
    if len(sys.argv) == 2:
        os.execvp("unshare", ["unshare", *NAMESPACES, sys.executable, *sys.argv, "inside"])
    must("hostname", "auditor")
    must("mount", "-t", "tmpfs", "none", "/run")
    must("mount", "-t", "sysfs", "none", "/sys")
    must("ip", "link", "set", "lo", "up")
    make_small(sys.argv[1])


def side_by_side(tasks):
    """What each returns, by its key."""
    with concurrent.futures.ThreadPoolExecutor(len(tasks)) as pool:
        running = {key: pool.submit(task) for key, task in tasks.items()}
        return {key: task.result() for key, task in running.items()}


def await_words(stream, words):
    """A line that a program says when it has begun."""
    assert select.select([stream], [], [], 60)[0], f"it does not say {words}"
    line = stream.readline()
    assert words in line, line


class Machine(Servers):
    """One of the hosts, and what runs on it."""

    address = "*"

    def __init__(self, bin_folder, name, authority):
        super().__init__(bin_folder)
        self.name, self.authority = name, authority

    def certificate(self, name, *key, days=90, **_):
        """From the town's authority, for the names and addresses of this host."""
        names = f"DNS:{full_name(self.name)},IP:{ipv4(self.name)},IP:{ipv6(self.name)},IP:{in_vlan(self.name)}"
        must("openssl", "req", "-x509", "-newkey", *(key or ("rsa:2048",)), "-nodes", "-days", days,
             "-CA", f"{self.authority}.crt", "-CAkey", f"{self.authority}.key", "-subj", f"/CN={full_name(self.name)}",
             "-addext", f"subjectAltName={names}", "-addext", "basicConstraints=critical,CA:FALSE",
             "-keyout", self.folder / f"{name}.key", "-out", self.folder / f"{name}.crt")
        (self.folder / f"{name}.key").chmod(0o644)

    def must(self, *command, **more):
        return must(*self.command(*command), **more)

    def listens(self, port):
        return f":{port} " in self.must("ss", "-Hlntu")

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o644)
        return path

    def agent(self, *words, **settings):
        """What assay-agent on this host answers, without settings of the machine that the test runs on. `settings` go into
        the environment."""
        done = subprocess.run(
            self.command(self.bin / "assay-agent", *words, "--state", self.folder / "state"), capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=300, check=False,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8",
                 "ASSAY_CONTENT": str(self.bin.parent / "share/assay/content.json"),
                 **{f"ASSAY_{name.upper()}": str(value) for name, value in settings.items()}})
        assert done.returncode == 0, (self.name, words, done.returncode, done.stdout[-1500:], done.stderr[-1500:])
        return json.loads(done.stdout)

    def tables(self, *words, **settings):
        """The rows of its tables, by name."""
        return {table["table"]: table["rows"] for table in self.agent(*words, "-o", "json", **settings)}

    def join_vlan(self):
        leg = subprocess.Popen(
            self.command(sys.executable, HERE / "vlan_leg.py", "lan0", VLAN, f"{in_vlan(self.name)}/24"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.running.append(leg)
        await_words(leg.stdout, "ready")


class Neighbour(Machine):
    """A host other than the one that the test runs on."""

    def __init__(self, bin_folder, name, authority):
        super().__init__(bin_folder, name, authority)
        self.holder = subprocess.Popen(
            ["unshare", *NAMESPACES, "sh", "-c", "hostname \"$0\" && mount -t tmpfs none /run && "
             "mount -t sysfs none /sys && mkdir /run/sshd && ip link set lo up && echo ready && "
             "while sleep 1000; do :; done", name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True)
        await_words(self.holder.stdout, "ready")

    def command(self, *words):
        spaces = f"/proc/{self.holder.pid}/ns"
        return ["nsenter", f"--net={spaces}/net", f"--mount={spaces}/mnt", f"--uts={spaces}/uts",
                f"--pid={spaces}/pid_for_children", f"--wdns={self.folder}", *map(str, words)]

    def close(self):
        self.ending.clear()  # they name processes as this host numbers them
        self.holder.kill()   # and with it all that runs there
        self.holder.wait(timeout=30)
        super().close()


class Town:
    def __init__(self, bin_folder):
        self.folder = Servers(bin_folder)
        self.closing = [self.folder]
        try:
            self.build(bin_folder)
        except BaseException:
            self.close()
            raise

    def build(self, bin_folder):
        authority = self.folder.folder / "authority"
        self.found_authority(authority)
        self.auditor = self.add(Machine(bin_folder, "auditor", authority))
        self.neighbours = [self.add(Neighbour(bin_folder, name, authority)) for name in NUMBERS if name != "auditor"]
        self.web, self.mail, self.files, self.data = self.neighbours
        self.switch = subprocess.Popen(["unshare", "--net", "sleep", "1000"], stdin=subprocess.DEVNULL,
                                       start_new_session=True)
        self.folder.running.append(self.switch)
        own = os.readlink("/proc/self/ns/net")
        await_that(lambda: os.readlink(f"/proc/{self.switch.pid}/ns/net") != own, "no switch")
        self.on_switch("ip", "link", "add", "lan", "type", "bridge", "stp_state", "0", "forward_delay", "0")
        self.on_switch("ip", "link", "set", "lan", "up")
        for machine in (self.auditor, *self.neighbours):
            self.lay_cable(machine)
        for machine in (self.auditor, self.files):
            machine.join_vlan()

    def add(self, machine):
        self.closing.append(machine)
        return machine

    def found_authority(self, authority):
        """Trusted on all hosts; and all know the names of all."""
        must("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "90", "-subj", "/CN=Authority of the town",
             "-keyout", f"{authority}.key", "-out", f"{authority}.crt")
        trusted = self.folder.folder / "trusted"
        trusted.mkdir()
        hashed = must("openssl", "x509", "-hash", "-noout", "-in", f"{authority}.crt").strip()
        shutil.copy(f"{authority}.crt", trusted / f"{hashed}.0")
        hosts = self.folder.folder / "hosts"
        hosts.write_text("127.0.0.1 localhost\n" + "".join(f"{ipv4(name)} {full_name(name)} {name}\n" for name in NUMBERS))
        must("mount", "--bind", trusted, "/etc/ssl/certs")
        must("mount", "--bind", hosts, "/etc/hosts")

    def on_switch(self, *words, **more):
        return must("nsenter", "--net", "-t", self.switch.pid, *words, **more)

    def lay_cable(self, machine):
        """The switch's end bears the host's name."""
        self.on_switch("ip", "link", "add", machine.name, "type", "veth", "peer", "name", "lan0", "netns",
                       machine.holder.pid if isinstance(machine, Neighbour) else os.getpid())
        self.on_switch("ip", "link", "set", machine.name, "master", "lan", "up")
        machine.must("ip", "address", "add", f"{ipv4(machine.name)}/24", "dev", "lan0")
        machine.must("ip", "address", "add", f"{ipv6(machine.name)}/64", "dev", "lan0", "nodad")
        machine.must("ip", "link", "set", "lan0", "up")

    def close(self):
        while self.closing:
            self.closing.pop().close()


def run_tests(tests, bin_folder, make):
    """Each function test_… with the one town that `make` builds; the closing line counts."""
    passed = failed = 0
    town = make(bin_folder)
    try:
        for name, test in tests.items():
            if not name.startswith("test_"):
                continue
            began = time.monotonic()
            try:
                test(town)
                passed += 1
                print(f"ok   {name} {time.monotonic() - began:.1f} s", flush=True)
            except Exception as problem:  # noqa: BLE001: a test may fail in any way
                failed += 1
                print(f"FAIL {name}: {problem!r}", flush=True)
    finally:
        town.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
