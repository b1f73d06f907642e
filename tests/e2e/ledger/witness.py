"""A witness of ledgers on a free port of 127.0.0.1, after C2SP tlog-witness and tlog-cosignature,
with no line of Assay's own code and nothing but Python's standard library."""
import base64
import hashlib
import http.server
import json
import pathlib
import secrets
import sys
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent.parent / "vectors")]
import ed25519  # noqa: E402: found through the line above
from check_ledger_vectors import is_consistent  # noqa: E402

LOG, WITNESS = b"\x01", b"\x04"


def key_id(name, kind, public):
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def verifier_key(name, kind, public):
    return f"{name}+{key_id(name, kind, public).hex()}+{base64.b64encode(kind + public).decode()}"


class Witness:
    """Answers as a witness does, or as `answer` (a function of the request's bytes) does, which
    returns status, content type and body."""

    def __init__(self, file, name="witness.example/w1"):
        self.file = pathlib.Path(file)  # of what it has seen
        self.name = name
        self.seed = secrets.token_bytes(32)
        self.public = ed25519.public_key(self.seed)
        self.port = 0
        self.server = None
        self.lock = threading.Lock()
        self.logs = {}  # public keys by origin
        self.asked = []  # the status of each answer
        self.answer = self.add_checkpoint

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/witness"

    @property
    def key(self):
        return verifier_key(self.name, WITNESS, self.public)

    def knows(self, vkey):
        name, _, material = vkey.split("+", 2)
        material = base64.b64decode(material)
        assert material[:1] == LOG and vkey == verifier_key(name, LOG, material[1:])
        self.logs[name] = material[1:]

    def seen(self):
        return json.loads(self.file.read_text()) if self.file.exists() else {}

    def cosign(self, body, at):
        message = b"cosignature/v1\ntime %d\n" % at + body
        signature = at.to_bytes(8, "big") + ed25519.sign(self.seed, message)
        line = base64.b64encode(key_id(self.name, WITNESS, self.public) + signature).decode()
        return f"— {self.name} {line}\n".encode()

    def add_checkpoint(self, request):
        plain = "text/plain"
        head, _, note = request.partition(b"\n\n")
        lines = head.decode().split("\n")
        if not lines[0].startswith("old ") or len(lines) > 64:
            return 400, plain, b""
        old = int(lines[0][4:])
        proof = [base64.b64decode(line, validate=True) for line in lines[1:]]
        body, _, signatures = note.rpartition(b"\n\n")
        body += b"\n"
        origin, size, root = body.decode().split("\n")[:3]
        size, root = int(size), base64.b64decode(root, validate=True)
        public = self.logs.get(origin)
        if public is None:
            return 404, plain, b"unknown log"
        signed = [base64.b64decode(line.split(" ")[2]) for line in signatures.decode().splitlines()
                  if line.split(" ")[:2] == ["—", origin]]
        if not any(one[:4] == key_id(origin, LOG, public) and
                   ed25519.verify(public, body, one[4:]) for one in signed):
            return 403, plain, b"not signed by that log"
        if old > size:
            return 400, plain, b""
        with self.lock:
            all_seen = self.seen()
            seen_size, seen_root = all_seen.get(origin, (0, hashlib.sha256(b"").hexdigest()))
            if old != seen_size:
                return 409, "text/x.tlog.size", b"%d\n" % seen_size
            if not is_consistent(old, size, bytes.fromhex(seen_root), root, proof):
                return 422, plain, b"not consistent"
            all_seen[origin] = (size, root.hex())
            self.file.write_text(json.dumps(all_seen))
        return 200, plain, self.cosign(body, int(time.time()))

    def start(self):
        """On the port that it had before, if it had one."""
        witness = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                assert self.path == "/witness/add-checkpoint", self.path
                request = self.rfile.read(int(self.headers["Content-Length"]))
                status, kind, body = witness.answer(request)
                witness.asked.append(status)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                if isinstance(body, bytes):
                    self.send_header("Content-Length", str(len(body)))
                    body = [body]
                self.end_headers()
                for part in body:
                    self.wfile.write(part)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *words: None  # whoever asked has hung up
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
