#!/usr/bin/env python3
"""update_history and package_installs against apt and dpkg that really install, upgrade, remove and fail in a root
folder, on other days."""
import os
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "hardening"))
from scratch_host import need, run_tests  # noqa: E402: found through the line above

PACKAGES = [("one", "1"), ("one", "2"), ("two", "1"), ("three", "1"), ("clash", "1"), ("four", "1"), ("needed", "1")]
# when, what apt-get is told, whether it succeeds
RUNS = [("2026-01-10 01:00:00", ("install", "one=1", "two"), True), ("2026-02-11 02:00:00", ("upgrade",), True),
        ("2026-02-11 03:00:00", ("install", "three", "two-"), True), ("2026-03-12 04:00:00", ("install", "clash"), False),
        ("2026-04-13 05:00:00", ("purge", "three"), True), ("2026-05-14 06:00:00", ("install", "two"), True)]


class Apt:
    def __init__(self, host):
        self.host = host
        for name in ("etc/apt/sources.list.d", "etc/apt/apt.conf.d", "etc/apt/preferences.d", "var/lib/apt/lists/partial",
                     "var/cache/apt/archives/partial", "var/lib/dpkg/info", "var/lib/dpkg/updates", "var/log/apt"):
            host.path(name).mkdir(parents=True)
        host.write("/var/lib/dpkg/status", "")
        self.settings = host.write("/apt-of-the-test.conf", (
            f'Dir "{host.root}";\nDir::State::status "{host.root}/var/lib/dpkg/status";\nDir::Bin::dpkg "/usr/bin/dpkg";\n'
            f'Dir::Bin::Methods "/usr/lib/apt/methods";\nDPkg::Use-Pty "0";\nAPT::Sandbox::User "root";\n'
            f'DPkg::Options {{ "--root={host.root}"; "--log={host.root}/var/log/dpkg.log"; }};\n'))
        for name, version in PACKAGES:
            self.build(name, version)
        packed = subprocess.run(["dpkg-scanpackages", "-m", "."], cwd=host.path("repository"), capture_output=True, check=True)
        host.write("/repository/Packages", packed.stdout)
        host.write("/etc/apt/sources.list", f"deb [trusted=yes] file:{host.root}/repository ./\n")

    def build(self, name, version):
        """clash has a file of one's: dpkg refuses it."""
        owner = "one" if name == "clash" else name
        self.host.write(f"/build/{name}-{version}/usr/share/{owner}", name)
        self.host.write(f"/build/{name}-{version}/DEBIAN/control",
                        f"Package: {name}\nVersion: {version}\nArchitecture: all\nMaintainer: T <t@t>\nDescription: d\n"
                        + ("Depends: needed\n" if name == "four" else ""))
        self.host.path("repository").mkdir(exist_ok=True)
        subprocess.run(["dpkg-deb", "--root-owner-group", "-b", self.host.path(f"build/{name}-{version}"),
                        self.host.path(f"repository/{name}_{version}.deb")], check=True, capture_output=True)

    def run(self, when, *command, succeeds=True, **more):
        # faketime refuses a name in shared memory that a process left there which was ended with its number.
        alone = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs tmpfs /dev/shm && exec "$@"', "sh"]
        done = subprocess.run([*alone, "faketime", when, "apt-get", "-y", *command], capture_output=True, text=True,
                              timeout=60, check=False, stdin=subprocess.DEVNULL,
                              env={**os.environ, "APT_CONFIG": str(self.settings), "LC_ALL": "C", "TZ": "UTC",
                                   "DEBIAN_FRONTEND": "noninteractive", **more})
        assert (done.returncode == 0) == succeeds, done.stdout + done.stderr

    def installed(self):
        """{name: version} by dpkg."""
        told = subprocess.run(["dpkg-query", f"--admindir={self.host.root}/var/lib/dpkg", "-W", "-f",
                               "${db:Status-Status} ${Package} ${Version}\n"], capture_output=True, text=True, check=True)
        return dict(line.split()[1:] for line in told.stdout.splitlines() if line.startswith("installed "))


    def marked_automatic(self):
        return subprocess.run(["apt-mark", "showauto"], capture_output=True, text=True, check=True,
                              env={**os.environ, "APT_CONFIG": str(self.settings)}).stdout.split()


def changes(before, after):
    return {"installed": len(after.keys() - before.keys()), "removed": len(before.keys() - after.keys()),
            "upgraded": sum(after[name] != before[name] for name in after.keys() & before.keys())}


def test_runs_are_what_they_changed(host):
    apt = Apt(host)
    apt.run(RUNS[0][0], "update")
    expected, days = [], {}
    for when, command, succeeds in RUNS:
        day = when[:10]
        before = apt.installed()
        apt.run(when, *command, succeeds=succeeds)
        run = changes(before, apt.installed())
        expected.append({"day": day, "succeeded": int(succeeds), **run})
        sums = days.setdefault(day, dict.fromkeys(run, 0))
        for name, count in run.items():
            sums[name] += count
        if day == "2026-03-12":  # as logrotate does it
            subprocess.run(["gzip", host.path("var/log/apt/history.log")], check=True)
            host.path("var/log/apt/history.log.gz").rename(host.path("var/log/apt/history.log.1.gz"))
    rows = host.query("SELECT * FROM update_history WHERE manager = 'apt' ORDER BY time")
    assert len(rows) == len(expected), rows
    for row, run in zip(rows, expected):
        assert (row["time"][:10], row["succeeded"], row["program"]) == (run["day"], run["succeeded"], "apt-get"), (row, run)
        if run["succeeded"]:
            assert {name: row[name] for name in ("installed", "upgraded", "removed")} == {
                name: run[name] for name in ("installed", "upgraded", "removed")}, (row, run)
    assert [row["source"] for row in rows].count("/var/log/apt/history.log.1.gz") == 4, rows
    by_day = {row["time"]: row for row in host.query("SELECT * FROM update_history WHERE manager = 'dpkg'")}
    for day, sums in days.items():
        if day != "2026-03-12":
            assert {name: by_day[day][name] for name in sums} == sums, (day, by_day[day], sums)


def test_installs_have_a_day_a_version_and_who_asked_for_them(host):
    apt = Apt(host)
    apt.run("2026-01-10 12:00:00", "update")
    apt.run("2026-01-10 12:00:00", "install", "one=1", "two")
    apt.run("2026-02-11 12:00:00", "upgrade")
    apt.run("2026-03-12 12:00:00", "install", "four", SUDO_UID="65534")
    apt.run("2026-04-13 12:00:00", "remove", "two")
    apt.run("2026-05-14 12:00:00", "install", "two")
    rows = host.query("SELECT * FROM package_installs WHERE manager = 'apt'")
    told = {row["name"]: row for row in rows}
    assert len(told) == len(rows) and set(told) == set(apt.installed()), rows
    assert {name: row["time"][:10] for name, row in told.items()} == {
        "one": "2026-01-10", "two": "2026-05-14", "four": "2026-03-12", "needed": "2026-03-12"}, rows
    assert {name for name, row in told.items() if row["automatic"]} == set(apt.marked_automatic()) == {"needed"}, rows
    assert {name: row["username"] for name, row in told.items()} == {
        "one": None, "two": None, "four": "nobody", "needed": "nobody"}, rows
    # An upgrade is no installation.
    assert {name: row["version"] for name, row in told.items()} == {**apt.installed(), "one": "1"}, rows


if __name__ == "__main__":
    need("apt-get", "dpkg-deb", "dpkg-scanpackages", "faketime")
    run_tests(globals())
