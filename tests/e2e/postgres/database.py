"""A PostgreSQL server of a test's own, reached by a socket in its folder and by no network; and a
second one that follows it."""
import os
import pathlib
import pwd
import signal
import subprocess
import tempfile
import time

PROGRAMS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]


class Database:
    def __init__(self, settings=()):
        """`settings`: of the server, "name=value" each."""
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-postgres-"))
        # The server refuses to be root.
        self.user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.server = None
        self.settings = settings
        self._make()
        self.start()

    def _make(self):
        # With checksums, as pg_rewind needs.
        self._do("initdb", "-D", self.folder / "data", "-U", "assay", "-A", "trust", "-E", "UTF8",
                 "--locale=C.UTF-8", "-N", "-k")
        with open(self.folder / "data/postgresql.conf", "a") as file:
            file.write("listen_addresses = ''\nmax_connections = 60\nwal_keep_size = 256MB\n")

    @property
    def conninfo(self):
        return f"host={self.folder} user=assay dbname=postgres"

    def _launch(self, program, *words):
        more = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        with open(self.folder / "log", "ab") as log:
            return subprocess.Popen([str(PROGRAMS / program), *map(str, words)], stdout=log,
                                    stderr=log, stdin=subprocess.DEVNULL, cwd=self.folder,
                                    start_new_session=True, **(more if self.user else {}))

    def _do(self, program, *words):
        assert self._launch(program, *words).wait(timeout=120) == 0, (self.folder / "log").read_text()

    def start(self):
        settings = [word for setting in self.settings for word in ("-c", setting)]
        self.server = self._launch("postgres", "-D", self.folder / "data", "-k", self.folder,
                                   *settings)
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


class Standby(Database):
    """A copy of another server, which follows it until it is promoted."""

    def __init__(self, primary, name="second"):
        self.primary = primary
        self.name = name
        super().__init__()

    def _make(self):
        self._do("pg_basebackup", "-D", self.folder / "data", "-R", "-X", "stream", "-c", "fast",
                 "-d", f"{self.primary.conninfo} application_name={self.name}")

    def promote(self):
        """Returns when it takes writes."""
        self._do("pg_ctl", "promote", "-w", "-D", self.folder / "data")


def rejoin(old, new):
    """Makes a primary of before the failover, stopped now, a standby of the new one."""
    new.rows("CHECKPOINT")  # pg_rewind reads the timeline where a checkpoint writes it
    old._do("pg_rewind", "-D", old.folder / "data", "--source-server", new.conninfo, "-R")
    old.settings = ()
    old.start()
