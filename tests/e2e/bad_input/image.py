"""An image to be spoilt: a copy of the fixture machine, and what a scan says of it."""
import os
import pathlib
import shutil
import subprocess

FIXTURE = pathlib.Path(__file__).resolve().parents[2] / "fixtures/hosts/readme_web01"
READS_PACKAGES = {"ALLOW-ORIGIN", "EOL-PRODUCT", "EOL-UPSTREAM-DISTRO"}
READS_SHADOW = {"ACC-SYSTEM-SHELL", "PWD-EMPTY", "PWD-HASH", "PWD-MAXAGE-ACCOUNTS"}
READS_POLICY = {"PWD-CLASSES", "PWD-HISTORY", "PWD-LOCKOUT", "PWD-MAXAGE", "PWD-MINAGE",
                "PWD-MINLEN"}


def image(company, name="image"):
    root = company.folder / name
    shutil.copytree(FIXTURE, root, symlinks=True)
    return root


def append(path, data):
    with open(path, "ab") as file:
        file.write(data)


def link(root, name, target):
    """Puts a symbolic link in the place of a file or folder of the image."""
    path = root / name
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    path.symlink_to(target)


def scan(company, root, **more):
    return company.json("assay-agent", "scan", "--root", root, "-o", "json", **more)


def query(company, root, sql, **more):
    return company.json("assay-agent", "query", "--root", root, "-o", "json", sql, **more)


def table(seen, name):
    return next(table for table in seen["tables"] if table["name"] == name)


def collected(seen):
    return {each["name"] for each in seen["tables"] if each["status"] == "ok"}


def expect_unavailable(company, seen, name, *words, also=()):
    """That table is missing, with these words as the reason, and no other but those in `also`."""
    found = table(seen, name)
    assert found["status"] == "unavailable" and found["rows"] == 0, found
    for word in words:
        assert word in found["reason"], (word, found)
    lost = collected(scan(company, FIXTURE)) - collected(seen)
    assert lost - set(also) == {name}, lost


def expect_unknown(seen, checks, *words):
    """Each of `checks` is unknown, and says why. What cannot be read is never a pass."""
    states = {check["id"]: check for check in seen["checks"]}
    for check in checks:
        found = states[check]
        assert found["state"] == "unknown", found
        for word in words:
            assert word in found["reason"], (word, found)


class Mounted:
    """A file system that lasts as long as the `with`; a test that may not mount fails, loudly."""

    def __init__(self, folder, kind, options="defaults"):
        self.folder, self.kind, self.options = pathlib.Path(folder), kind, options

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["mount", "-t", self.kind, "-o", self.options, "assay-test",
                               self.folder], capture_output=True, text=True)
        assert done.returncode == 0, f"this test must be allowed to mount: {done.stderr}"
        return self.folder

    def __exit__(self, *problem):
        subprocess.run(["umount", "--lazy", self.folder], check=True)


def fill(folder):
    """Takes the last byte of a small file system."""
    filler = pathlib.Path(folder) / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                pass
    return filler


def as_nobody(*command):
    if os.geteuid() != 0:
        return command
    return ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command)


def everything_in(folder):
    """Every byte below a folder, unpacked: file names, files, and what is compressed in them."""
    out = []
    for path in sorted(pathlib.Path(folder).rglob("*")):
        out.append(str(path).encode())
        if path.is_file():
            data = path.read_bytes()
            out.append(data)
            at = data.find(b"\x28\xb5\x2f\xfd")
            while at >= 0:
                out.append(subprocess.run(["zstd", "-dcq"], input=data[at:],
                                          capture_output=True).stdout)
                at = data.find(b"\x28\xb5\x2f\xfd", at + 4)
    return b"\n".join(out)
