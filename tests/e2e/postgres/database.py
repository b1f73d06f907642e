"""A PostgreSQL server of a test's own, reached by a socket in its folder and by no network."""
import os
import pathlib
import pwd
import signal
import subprocess
import tempfile
import time

PROGRAMS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]


class Database:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-postgres-"))
        # The server refuses to be root.
        self.user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.server = None
        made = self._launch("initdb", "-D", self.folder / "data", "-U", "assay", "-A", "trust",
                            "-E", "UTF8", "--locale=C.UTF-8", "-N")
        assert made.wait(timeout=120) == 0, (self.folder / "log").read_text()
        self.start()

    @property
    def conninfo(self):
        return f"host={self.folder} user=assay dbname=postgres"

    def _launch(self, program, *words):
        more = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        with open(self.folder / "log", "ab") as log:
            return subprocess.Popen([str(PROGRAMS / program), *map(str, words)], stdout=log,
                                    stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
                                    start_new_session=True, **(more if self.user else {}))

    def start(self):
        self.server = self._launch("postgres", "-D", self.folder / "data", "-k", self.folder,
                                   "-c", "listen_addresses=", "-c", "max_connections=60")
        until = time.monotonic() + 60
        while subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", self.folder]).returncode != 0:
            assert self.server.poll() is None, (self.folder / "log").read_text()[-2000:]
            assert time.monotonic() < until, "PostgreSQL was not ready within 60 s"
            time.sleep(0.1)

    def stop(self, how=signal.SIGINT):
        """SIGINT: in order, waiting for nobody. SIGKILL: as a machine that loses its power."""
        if self.server is None:
            return
        if how == signal.SIGKILL:
            os.killpg(self.server.pid, how)
        else:
            self.server.send_signal(how)
        self.server.wait(timeout=60)
        self.server = None

    def rows(self, sql):
        done = subprocess.run(["psql", "-X", "-A", "-t", "-F", "\t", "-c", sql, self.conninfo],
                              capture_output=True, text=True, check=True, timeout=60)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def number(self, sql):
        """The one number that is asked for; -1 while the table is not there."""
        done = subprocess.run(["psql", "-X", "-A", "-t", "-c", sql, self.conninfo],
                              capture_output=True, text=True, timeout=60)
        return int(done.stdout) if done.returncode == 0 else -1

    def close(self):
        self.stop()
        subprocess.run(["rm", "-rf", self.folder], check=False)
