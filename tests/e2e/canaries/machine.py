#!/usr/bin/env python3
"""Runs a command on this machine as if folders of another one lay over its own.

machine.py FOLDER COMMAND…, in a mount namespace of its own (unshare --mount): until the command
ends, FOLDER/etc is seen as /etc, filled up with what lies in the real one, FOLDER/root as /root, and
FOLDER/var/lib lies over /var/lib.
"""
import os
import pathlib
import shutil
import subprocess
import sys


def fill_up(folder, real):
    """Copies what `folder` lacks of `real`; what is planted there stays."""
    def planted(where, names):
        beside = folder / pathlib.Path(where).relative_to(real)
        return [name for name in names if (beside / name).is_file()]
    shutil.copytree(real, folder, symlinks=True, dirs_exist_ok=True, ignore=planted)


if __name__ == "__main__":
    machine = pathlib.Path(sys.argv[1])
    if not (machine / "filled").exists():
        fill_up(machine / "etc", pathlib.Path("/etc"))
        (machine / "filled").touch()
    for name in ("etc", "root"):
        subprocess.run(["mount", "--bind", str(machine / name), f"/{name}"], check=True)
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", f"lowerdir={machine}/var/lib:/var/lib", "/var/lib"],
                   check=True)
    os.execvp(sys.argv[2], sys.argv[2:])
