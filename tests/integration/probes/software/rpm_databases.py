"""Real rpm databases of every form, of small packages made for the purpose.

The headers are rpmbuild's and rpm's own; the SQLite database is rpm's own. This Debian's rpm writes
neither ndb nor Berkeley DB: the hash files are Berkeley DB's own (bsddb3), the ndb files follow rpm's
description of the format.
"""
import os
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import zlib

SPECS = {
    # Over several pages of any database; version, release and epoch as they can be.
    "assay-large": """Version: 1.2+git~rc1
Release: 3.el9
Epoch: 2
Vendor: Assay 測試
Group: System/Base
License: Apache-2.0
ModularityLabel: nodejs:18:8060020220523160029:ad008a3a
""",
    "assay-tiny": "Version: 0\nRelease: 1\nLicense: MIT\n",
    "assay-removed": "Version: 1\nRelease: 1\nLicense: MIT\n",
}
QUERY = ("%{name}|%{version}|%{release}|%{sourcerpm}|%{size}|%{sha1header}|%{arch}|%{epoch}|%{installtime}|"
         "%{vendor}|%{group}|%{license}|%{modularitylabel}\\n")


def must(*command, **more):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=120, **more)
    assert done.returncode == 0, f"{command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return done.stdout


def build_packages(folder, large_files=300):
    """The packages' files, by name; assay-large has `large_files` files."""
    packages = {}
    for name, lines in SPECS.items():
        files = large_files if name == "assay-large" else 0
        spec = folder / f"{name}.spec"
        spec.write_text(f"Name: {name}\nSummary: A package of the tests\nBuildArch: noarch\n{lines}"
                        f"%description\nNothing.\n%install\nmkdir -p %{{buildroot}}/usr/share/{name}\n"
                        f"for i in $(seq {files}); do\n"
                        f"  echo $i > %{{buildroot}}/usr/share/{name}/a-file-with-a-long-name-$i\ndone\n"
                        f"%files\n/usr/share/{name}\n")
        must("rpmbuild", "--define", f"_topdir {folder}/build", "--define", "_buildhost tests",
             "-bb", spec)
        packages[name], = (folder / "build/RPMS").glob(f"*/{name}-*.rpm")
    return packages


class SigningKey:
    """A key of the tests' own, in a keyring of their own."""

    def __init__(self, folder):
        self.home = folder / "gnupg"
        self.home.mkdir(mode=0o700)
        self.environment = {**os.environ, "GNUPGHOME": str(self.home)}
        must("gpg", "--batch", "--passphrase", "", "--quick-generate-key", "tests@assay.example",
             "rsa2048", "sign", "never", env=self.environment)
        listing = must("gpg", "--with-colons", "--list-keys", env=self.environment)
        self.key_id = next(line.split(":")[4] for line in listing.splitlines()
                           if line.startswith("pub:")).lower()
        self.public = folder / "key.asc"
        self.public.write_text(must("gpg", "--armor", "--export", env=self.environment))

    def sign(self, package):
        must("rpmsign", "--define", "_gpg_name tests@assay.example", "--define",
             f"__gpg {shutil.which('gpg')}", "--addsign", package,
             env=self.environment)

    def close(self):
        subprocess.run(["gpgconf", "--kill", "gpg-agent"], env=self.environment, check=False)


class Rpm:
    """rpm with a SQLite database in `folder`."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True)
        self("--initdb")

    def __call__(self, *arguments):
        return must("rpm", "--dbpath", self.folder, *arguments)

    def install(self, *packages):
        self("--justdb", "--nodeps", "--force-debian", "-i", *packages)


def headers(sqlite_file):
    """Number and header of each package."""
    with sqlite3.connect(f"file:{sqlite_file}?mode=ro", uri=True) as database:
        return database.execute("SELECT hnum, blob FROM Packages ORDER BY hnum").fetchall()


def write_bdb(path, packages, byte_order=1234, page_bytes=4096):
    from bsddb3 import db  # of Debian's own Python
    path.parent.mkdir(parents=True, exist_ok=True)
    table = db.DB()
    table.set_lorder(byte_order)
    table.set_pagesize(page_bytes)
    table.open(str(path), None, db.DB_HASH, db.DB_CREATE)
    order = "<I" if byte_order == 1234 else ">I"
    # rpm keeps the highest number under the number 0.
    table.put(struct.pack(order, 0), struct.pack(order, max(n for n, _ in packages)))
    for number, blob in packages:
        table.put(struct.pack(order, number), blob)
    table.close()


def write_ndb(path, packages, pages=1):
    """Slots from the last to the first, with free ones between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    free = b"Slot" + bytes(12)
    slots = [free] * (pages * 256 - 2)
    data, block = b"", pages * 256
    for index, (number, blob) in enumerate(packages):
        body = struct.pack("<4sIII", b"BlbS", number, 0, len(blob)) + blob
        body += bytes(-(len(body) + 12) % 16)
        body += struct.pack("<II4s", zlib.adler32(body), len(blob), b"BlbE")
        slots[-1 - 2 * index] = b"Slot" + struct.pack("<III", number, block, len(body) // 16)
        data += body
        block += len(body) // 16
    head = struct.pack("<4sIIII12x", b"RpmP", 0, 7, pages, len(packages) + 1)
    path.write_bytes(head + b"".join(slots) + data)


def copy_sqlite(folder, root, place):
    target = root / place
    target.mkdir(parents=True)
    for name in ("rpmdb.sqlite", "rpmdb.sqlite-wal"):
        if (folder / name).exists():
            shutil.copy(folder / name, target / name)
    return target / "rpmdb.sqlite"


def write_os_release(root, text):
    path = pathlib.Path(root, "etc/os-release")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
