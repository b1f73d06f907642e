#!/usr/bin/env python3
"""rpm_packages against rpm itself: what `rpm -qa` prints of a database, in every form of it."""
import json
import pathlib
import shutil
import sqlite3
import sys
import tempfile

import rpm_databases as made

OS_RELEASE = 'ID="rhel"\nVERSION_ID="9.4"\n'


class Machine:
    """Packages that rpm installed, and the agent that reads them."""

    def __init__(self, bin_folder):
        self.agent = pathlib.Path(bin_folder) / "assay-agent"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assay-rpm-"))
        self.roots = 0
        packages = made.build_packages(self.folder)
        self.key = made.SigningKey(self.folder)
        try:
            self.key.sign(packages["assay-large"])
            self.rpm = made.Rpm(self.folder / "rpm")
            self.rpm("--import", self.key.public)
            self.rpm.install(*packages.values())
            self.rpm("-e", "--force-debian", "--justdb", "assay-removed")
        except BaseException:
            self.close()  # gpg's agent would live on
            raise

    def root(self):
        self.roots += 1
        root = self.folder / f"root{self.roots}"
        made.write_os_release(root, OS_RELEASE)
        return root

    def rows(self, root):
        return json.loads(made.must(self.agent, "query", "--root", root, "-o", "json",
                                    "SELECT * FROM rpm_packages"))

    def packages(self):
        return made.headers(self.rpm.folder / "rpmdb.sqlite")

    def expected(self):
        return sorted(self.rpm("-qa", "--qf", made.QUERY).splitlines())

    def close(self):
        self.key.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def as_rpm_prints(row):
    columns = ("name", "version", "release", "source", "size", "sha1", "arch", "epoch", "install_time", "vendor",
               "package_group", "license", "module")
    return "|".join("(none)" if row[column] is None else str(row[column]) for column in columns)


def printed(rows):
    return sorted(map(as_rpm_prints, rows))


def test_sqlite_gives_what_rpm_prints(machine):
    root = machine.root()
    made.copy_sqlite(machine.rpm.folder, root, "usr/lib/sysimage/rpm")
    rows = machine.rows(root)
    assert printed(rows) == machine.expected(), rows
    assert len(rows) == 3, rows


def test_purl_and_signing_key_are_those_of_the_package(machine):
    root = machine.root()
    made.copy_sqlite(machine.rpm.folder, root, "var/lib/rpm")
    by_name = {row["name"]: row for row in machine.rows(root)}
    large = by_name["assay-large"]
    assert large["purl"] == ("pkg:rpm/redhat/assay-large@1.2%2Bgit~rc1-3.el9"
                             "?arch=noarch&distro=rhel-9.4&epoch=2"), large
    assert large["signing_key"] == machine.key.key_id, (large, machine.key.key_id)
    assert by_name["assay-tiny"]["signing_key"] is None
    assert by_name["gpg-pubkey"]["purl"] is None


def test_what_stands_in_the_write_ahead_log_alone_counts(machine):
    source = machine.folder / "logged"
    source.mkdir()
    shutil.copy(machine.rpm.folder / "rpmdb.sqlite", source)
    database = sqlite3.connect(source / "rpmdb.sqlite")
    database.execute("PRAGMA wal_autocheckpoint = 0")
    database.execute("DELETE FROM Packages WHERE hnum = (SELECT hnum FROM Name WHERE key = 'assay-tiny')")
    database.commit()
    assert (source / "rpmdb.sqlite-wal").stat().st_size > 0
    root = machine.root()
    made.copy_sqlite(source, root, "var/lib/rpm")
    database.close()
    assert {row["name"] for row in machine.rows(root)} == {"assay-large", "gpg-pubkey"}


def test_berkeley_db_gives_what_rpm_prints(machine):
    for byte_order in (1234, 4321):
        root = machine.root()
        made.write_bdb(root / "var/lib/rpm/Packages", machine.packages(), byte_order)
        assert printed(machine.rows(root)) == machine.expected(), byte_order
    reader = made.must("rpm", "--define", "_db_backend bdb_ro", "--dbpath", root / "var/lib/rpm", "-qa",
                       "--qf", made.QUERY)
    assert sorted(reader.splitlines()) == machine.expected()


def test_a_berkeley_db_of_many_buckets_is_read_whole(machine):
    blob = machine.packages()[-1][1]
    for page_bytes in (512, 4096, 65536):
        root = machine.root()
        made.write_bdb(root / "var/lib/rpm/Packages", [(n, blob) for n in range(1, 701)],
                       page_bytes=page_bytes)
        query = json.loads(made.must(machine.agent, "query", "--root", root, "-o", "json",
                                     "SELECT count(*) AS n FROM rpm_packages"))
        assert query == [{"n": 700}], query


def test_ndb_gives_what_rpm_prints(machine):
    for pages in (1, 3):
        root = machine.root()
        made.write_ndb(root / "usr/lib/sysimage/rpm/Packages.db", machine.packages(), pages)
        assert printed(machine.rows(root)) == machine.expected(), pages


def test_every_cut_of_a_database_is_an_error(machine):
    makers = {"Packages": made.write_bdb, "Packages.db": made.write_ndb}
    for name, write in makers.items():
        root = machine.root()
        path = root / "var/lib/rpm" / name
        write(path, machine.packages())
        whole = path.read_bytes()
        for length in range(64, len(whole), max(1, len(whole) // 40)):
            path.write_bytes(whole[:length])
            scan = made.subprocess.run([machine.agent, "query", "--root", root, "SELECT * FROM rpm_packages"],
                                       capture_output=True, text=True, check=False)
            assert scan.returncode != 0, (name, length, len(whole), scan.stdout)


def main():
    missing = [tool for tool in ("rpm", "rpmbuild", "rpmsign", "gpg") if not shutil.which(tool)]
    try:
        import bsddb3  # noqa: F401
    except ImportError:
        missing.append("python3-bsddb3")
    if missing:
        print(f"SKIPPED: missing {missing}: packaging/dependencies/install test")
        sys.exit(77)
    failed = 0
    machine = Machine(sys.argv[1])
    try:
        for name, test in sorted(globals().items()):
            if not name.startswith("test_"):
                continue
            try:
                test(machine)
                print(f"ok   {name}", flush=True)
            except Exception as problem:  # noqa: BLE001: a test may fail in any way
                failed += 1
                print(f"FAIL {name}: {problem!r}", flush=True)
    finally:
        machine.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
