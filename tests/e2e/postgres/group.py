"""A company whose collectors share a database, and what must be true of it whatever happened."""
import json
import shutil
import subprocess
import threading

from company import Company, all_logged, await_that
from database import Database

AGENTS = ("web", "mail", "files")


class Group(Company):
    """One collector at first; another_collector() brings more."""

    def __init__(self, bin_folder, database=None):
        self.database = database or Database()
        self.others = []
        super().__init__(bin_folder, settings=f"store: 'postgres:{self.conninfo}'\n")

    @property
    def conninfo(self):
        return self.database.conninfo

    def another_collector(self, name):
        """Starts one more, which is told whose it is by nothing but the first one's identity."""
        state = self.folder / name
        state.mkdir(mode=0o700)
        shutil.copytree(self.collector_state / "identity", state / "identity")
        shutil.copy(self.collector_state / "collector.yaml", state)
        log = open(self.folder / "collector.log", "ab")
        process = subprocess.Popen(
            [str(self.bin / "assay-collector"), "serve", "--state", str(state), "--listen",
             "127.0.0.1:0", "--api-listen", "127.0.0.1:0"],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.others.append(process)
        ready = state / "serve.json"
        await_that(lambda: ready.exists() and ready.read_text().strip(), f"{name} did not start", 30)
        return process, json.loads(ready.read_text())["listen"]

    def send_to(self, agent, listen):
        """Scans and sends; whether it was taken. What was not taken waits in the agent's spool."""
        return self.succeeds("assay-agent", "run", "--once", "--state", self.agent_state(agent),
                             "--collector", listen)

    def work(self, listens, rounds, meeting):
        """Every agent scans and sends so often, each time to the next collector; returns the
        threads. In round `meeting` all wait for whoever calls wait() on the barrier."""
        together = threading.Barrier(len(AGENTS) + 1)

        def one(place, agent):
            for turn in range(rounds):
                if turn == meeting:
                    together.wait(timeout=120)
                self.send_to(agent, listens[(place + turn) % len(listens)])

        threads = [threading.Thread(target=one, args=each) for each in enumerate(AGENTS)]
        for thread in threads:
            thread.start()
        return together, threads

    def fsck(self):
        return json.loads(self.run("assay-collector", "fsck", "--state", self.collector_state,
                                   "-o", "json"))

    def close(self):
        for process in self.others:
            process.kill()
            process.wait()
        super().close()
        self.database.close()


def check_that_all_is_there(group, scans):
    """Every scan of every agent, once, in its chain, in the ledger, and judged."""
    for agent in AGENTS:
        status = group.courier_status(agent)
        assert status["spooled"] == 0 and status["set_aside"] == 0, status
    await_that(lambda: all_logged(group.fsck(), scans),
               "not everything was logged")
    answer = group.fsck()
    assert answer["good"] and answer["read"]["snapshots"] == scans, answer
    chains = group.database.rows("SELECT host_id, count(*), min(sequence), max(sequence)"
                                 " FROM snapshots GROUP BY host_id")
    assert len(chains) == len(AGENTS), chains
    assert all(count == last and first == "1" for _, count, first, last in chains), chains
    told = group.database.rows("SELECT kind, detail FROM events WHERE kind <> 'evaluation'")
    assert told == [], told
    unjudged = ("SELECT h.id FROM hosts h LEFT JOIN marks m ON m.host_id = h.id"
                " WHERE m.snapshot IS DISTINCT FROM h.last_snapshot")
    await_that(lambda: group.database.rows(unjudged) == [], "a host was not judged", 150)
