"""Two hosts as network namespaces with one cable between them, and what runs on them."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

CLIENT = "192.0.2.1"
SERVER = "192.0.2.2"


class TwoHosts:
    """`client` and `server`; all that runs on them ends with them."""

    def __init__(self, bin_folder):
        self.bin = pathlib.Path(bin_folder)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-sensor-"))
        self.folder.chmod(0o755)
        self.running = []
        self.names = {"client": f"assay-c-{os.getpid()}", "server": f"assay-s-{os.getpid()}"}
        for name in self.names.values():
            self.must("ip", "netns", "add", name)
            self.must("ip", "-n", name, "link", "set", "lo", "up")
        self.must("ip", "-n", self.names["client"], "link", "add", "lan0", "type", "veth", "peer", "name", "lan0",
                  "netns", self.names["server"])
        for host, address in (("client", CLIENT), ("server", SERVER)):
            for words in (("addr", "add", f"{address}/24", "dev", "lan0"),
                          ("addr", "add", f"2001:db8::{address[-1]}/64", "dev", "lan0", "nodad"),
                          ("link", "set", "lan0", "up")):
                self.must("ip", "-n", self.names[host], *words)

    @staticmethod
    def must(*command, **more):
        more.setdefault("stdin", subprocess.DEVNULL)
        done = subprocess.run(list(map(str, command)), capture_output=True, timeout=60, **more)
        assert done.returncode == 0, f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
        return done.stdout

    def on(self, host, *command):
        return ["ip", "netns", "exec", self.names[host], *map(str, command)]

    def start(self, host, *command, **more):
        log = open(self.folder / "servers.log", "ab")
        more.setdefault("stdout", log)
        process = subprocess.Popen(self.on(host, *command), stdin=subprocess.DEVNULL, stderr=log,
                                   start_new_session=True, **more)
        self.running.append(process)
        return process

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def wait_for_port(self, port):
        """Until something on the server listens there; a look at the socket table sends nothing."""
        until = time.monotonic() + 30
        while f":{port} ".encode() not in self.must(*self.on("server", "ss", "-Hlntu")):
            assert time.monotonic() < until, f"port {port}: " + self.log()
            time.sleep(0.05)

    def log(self):
        return (self.folder / "servers.log").read_text(errors="replace")[-2500:]

    def stop(self, process, how=signal.SIGTERM):
        os.killpg(process.pid, how)
        process.wait(timeout=30)

    def close(self):
        for process in self.running:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait(timeout=10)
        for name in self.names.values():
            subprocess.run(["ip", "netns", "del", name], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


def free_of(text, needles):
    """None of the needles, in no upper or lower case, is in the text."""
    for needle in needles:
        at = text.lower().find(needle.lower())
        assert at < 0, f"{needle} in …{text[max(0, at - 200):at + 80]}…"
