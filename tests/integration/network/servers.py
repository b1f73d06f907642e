"""Servers on free ports of loopback: real ones as processes, hostile ones as threads of the test."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from run_each import run_each  # noqa: E402: found through the line above
from small_machine import make_small  # noqa: E402

given_ports = set()


def free_port():
    """Each port once: the kernel may name one again that nobody listens on yet."""
    while True:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        if port not in given_ports:
            given_ports.add(port)
            return port


def free_display():
    """Of X11, whose port is 6000 above it."""
    while True:
        port = free_port()
        if 6000 < port < 65536:
            return port - 6000


def must(*command, **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=120, **more)
    assert done.returncode == 0, f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return done.stdout


class Servers:
    """A folder and processes that are gone when it is closed."""

    address = "127.0.0.1"  # that servers listen on; "*": all, of both families

    def __init__(self, bin_folder):
        self.bin = pathlib.Path(bin_folder)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-tls-"))
        self.folder.chmod(0o755)
        self.running = []
        self.ending = []  # what ends those that have left their process group

    def certificate(self, name, *key, subject="/CN=localhost",
                    names="subjectAltName=DNS:localhost,IP:127.0.0.1", days=90):
        """NAME.crt and NAME.key, self-signed."""
        key = key or ("rsa:2048",)
        must("openssl", "req", "-x509", "-newkey", *key, "-nodes", "-keyout", self.folder / f"{name}.key",
             "-out", self.folder / f"{name}.crt", "-days", days, "-subj", subject, "-addext", names)
        (self.folder / f"{name}.key").chmod(0o644)
        return self.folder / f"{name}.crt", self.folder / f"{name}.key"

    def command(self, *words):
        """What runs a command where the servers are."""
        return list(map(str, words))

    def listens(self, port):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        return False

    def run(self, *command, **more):
        log = open(self.folder / "servers.log", "ab")
        server = subprocess.Popen(self.command(*command), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                  start_new_session=True, cwd=self.folder, **more)
        self.running.append(server)
        return server

    def start(self, *command, port, **more):
        """Runs it until something listens on that port of TCP."""
        server = self.run(*command, **more)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.listens(port):
                return server
            assert server.poll() is None, (self.folder / "servers.log").read_text()[-1500:]
            time.sleep(0.05)
        raise AssertionError(f"{command}: no listener\n{(self.folder / 'servers.log').read_text()[-1500:]}")

    def openssl(self, *options, certificate="server"):
        """openssl s_server; the port that it listens on."""
        if not (self.folder / f"{certificate}.crt").exists():
            self.certificate(certificate)
        port = free_port()
        self.start("openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-quiet", "-cert",
                   f"{certificate}.crt", "-key", f"{certificate}.key", *options, port=port)
        return port

    def tables(self, *targets, start_tls=None):
        """The tables of an audit, by name."""
        words = [self.bin / "assay-agent", "tls", "-o", "json"]
        if start_tls:
            words += ["--starttls", start_tls]
        answer = json.loads(must(*words, *(str(t) if ":" in str(t) else f"127.0.0.1:{t}" for t in targets)))
        return {table["table"]: table["rows"] for table in answer}

    def suites(self, tables):
        """What was accepted, as {(protocol, code)}; nothing may be unknown."""
        for row in tables["tls_suites"]:
            assert row["status"] == "accepted", row
        return {(row["protocol"], row["code"]) for row in tables["tls_suites"]}

    def close(self):
        for end in self.ending:
            end()
        for server in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait(timeout=10)
        shutil.rmtree(self.folder, ignore_errors=True)


class Hostile:
    """Accepts connections, and lets `talk(connection)` do as it likes with each, in a thread."""

    def __init__(self, talk, address="127.0.0.1"):
        self.socket = socket.create_server((address, 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        self.talk = talk
        self.ended = threading.Event()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while not self.ended.is_set():
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection, contextlib.suppress(OSError):
            connection.settimeout(30)
            self.talk(connection)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.ended.set()
        with contextlib.suppress(OSError):  # closing it alone would leave it to the thread that accepts
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def run_test(name, test, bin_folder):
    """Whether it passes, with servers of its own."""
    servers = Servers(bin_folder)
    try:
        test(servers)
        return True
    except Exception as error:  # noqa: BLE001: a test may fail in any way
        print(name, type(error).__name__, error, flush=True)
        return False
    finally:
        servers.close()


def run_tests(tests, bin_folder, at_once=4):
    """Runs each function test_… with servers of its own; returns the exit code."""
    return run_each(tests, lambda name: run_test(name, tests[name], bin_folder), at_once)


def run_on_own_machines(tests, prepare=lambda: None, at_once=3):
    """The main program of tests that look at all that listens or runs: each has namespaces of its own, of network and
    processes, in which `prepare` is called first, and few files."""
    if len(sys.argv) == 2:
        sys.exit(run_each(tests, lambda name: os.execvp("unshare", [
            "unshare", "--net", "--pid", "--fork", "--mount-proc", "--kill-child", sys.executable, *sys.argv, name]), at_once))
    must("ip", "link", "set", "lo", "up")
    make_small(sys.argv[1])
    prepare()
    _, bin_folder, name = sys.argv
    sys.exit(0 if run_test(name, tests[name], bin_folder) else 1)


def run_beside_a_cable(tests, own, at_once=3):
    """As run_on_own_machines(), on a machine with `own`, an address that others could reach, at the end of a cable that
    leads nowhere."""
    def lay_cable():
        must("ip", "link", "add", "own", "type", "veth", "peer", "name", "nowhere")
        must("ip", "address", "add", f"{own}/24", "dev", "own")
        for name in ("own", "nowhere"):
            must("ip", "link", "set", name, "up")
    run_on_own_machines(tests, lay_cable, at_once)
