"""A time-stamp authority on a free port of 127.0.0.1: `openssl ts` behind HTTP."""
import http.server
import pathlib
import ssl
import subprocess
import threading

SETTINGS = """
[req]
distinguished_name = name
[name]
[ca]
basicConstraints = critical, CA:TRUE
[tsa]
basicConstraints = CA:FALSE
extendedKeyUsage = critical, timeStamping
[tls]
subjectAltName = IP:127.0.0.1
[stamps]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class StampAuthority:
    """Answers as an authority does, or as `answer` (a function of the query's bytes) does."""

    def __init__(self, folder, days=30, is_https=False):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        self.port = 0
        self.server = None
        self.is_https = is_https
        self.asked = 0
        self.answer = self.reply
        (self.folder / "settings").write_text(SETTINGS.format(folder=self.folder))
        (self.folder / "serial").write_text("01\n")
        self._openssl("req", "-x509", *KEY, "-keyout", "ca.key", "-out", "ca.pem", "-subj",
                      "/CN=Stamp CA", "-days", str(days), "-config", "settings", "-extensions", "ca")
        for name, subject in (("tsa", "時戳機構"), ("tls", "Server")):
            self._openssl("req", *KEY, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj",
                          f"/CN={subject}", "-utf8", "-config", "settings")
            self._openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                          "-out", f"{name}.pem", "-days", str(days), "-set_serial", "7",
                          "-extfile", "settings", "-extensions", name)

    def _openssl(self, *words, **more):
        return subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True,
                              timeout=60, **more).stdout

    @property
    def ca(self):
        return self.folder / "ca.pem"

    @property
    def url(self):
        return f"http{'s' if self.is_https else ''}://127.0.0.1:{self.port}/tsr"

    def reply(self, query):
        (self.folder / "query").write_bytes(query)
        return self._openssl("ts", "-reply", "-config", "settings", "-section", "stamps",
                             "-queryfile", "query", "-inkey", "tsa.key", "-signer", "tsa.pem")

    def query_of_its_own(self):
        return self._openssl("ts", "-query", "-data", "settings", "-sha256", "-cert")

    def start(self):
        """On the port that it had before, if it had one."""
        authority = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                authority.asked += 1
                reply = authority.answer(query)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.server.handle_error = lambda *words: None  # whoever asked has hung up
        self.port = self.server.server_address[1]
        if self.is_https:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(self.folder / "tls.pem", self.folder / "tls.key")
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def verifies(self, token, note):
        """Whether openssl itself takes the token for a stamp over the note."""
        (self.folder / "token").write_bytes(token)
        (self.folder / "note").write_bytes(note)
        return subprocess.run(["openssl", "ts", "-verify", "-data", "note", "-in", "token",
                               "-token_in", "-CAfile", "ca.pem"], cwd=self.folder,
                              capture_output=True, timeout=60).returncode == 0
