"""Makes the machine small that the agents of a test look at: people's homes, what was installed by
hand, headers and manuals are seen as empty by this process and all that it starts. A scan looks at
every file, and most of them are of no test.

e2e.main_job and e2e.quickstart see the machine as it is.
"""
import ctypes
import os
import pathlib
import pwd
import subprocess
import sys
import tempfile

CLONE_NEWNS = 0x00020000  # unshare(2)
FOLDERS = ("/usr/include", "/usr/local", "/usr/share/doc", "/usr/share/man", "/usr/src")


def homes():
    people = (person for person in pwd.getpwall() if person.pw_uid == 0 or person.pw_uid >= 1000)
    return {person.pw_dir for person in people if person.pw_dir not in ("/", "")}


def to_hide(folder, kept):
    """The folder, or those of its folders that lead to nothing that is kept."""
    if folder.is_symlink() or not folder.is_dir() or folder in kept:
        return
    if not any(folder in path.parents for path in kept):
        yield folder
        return
    for child in folder.iterdir():
        yield from to_hide(child, kept)


def make_small(bin_folder):
    """Needs root; anybody else sees the machine as it is."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "a mount namespace of its own")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    # What a program that sees another time of day leaves there when it is ended (libfaketime).
    subprocess.run(["mount", "-t", "tmpfs", "assay-test", "/dev/shm"], check=True)
    kept = [pathlib.Path(path).resolve() for path in
            (bin_folder, pathlib.Path(__file__).parents[1], tempfile.gettempdir(), sys.prefix, sys.base_prefix)]
    for folder in sorted({*FOLDERS, *homes()}):
        for place in to_hide(pathlib.Path(folder), kept):
            subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,size=4k", "assay-test", place], check=True)
