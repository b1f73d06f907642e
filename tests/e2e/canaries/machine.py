#!/usr/bin/env python3
"""Runs a command on this machine as if folders of another one lay over its own.

machine.py FOLDER COMMAND…, in a mount namespace of its own (unshare --mount): every folder
FOLDER/a%b is seen as /a/b, filled up with what lies in the real /a/b, until the command ends.
"""
import os
import pathlib
import shutil
import subprocess
import sys

if __name__ == "__main__":
    planted = pathlib.Path(sys.argv[1])
    for folder in sorted(planted.iterdir()):
        point = pathlib.Path("/") / folder.name.replace("%", "/")
        if point.is_dir() and not (folder / ".filled").exists():
            shutil.copytree(point, folder, symlinks=True, dirs_exist_ok=True,
                            ignore=lambda where, names, base=point, over=folder: [
                                name for name in names
                                if (over / pathlib.Path(where).relative_to(base) / name).is_file()])
            (folder / ".filled").touch()
        assert point.is_dir(), f"{point} is not there to be covered"
        subprocess.run(["mount", "--bind", str(folder), str(point)], check=True)
    os.execvp(sys.argv[2], sys.argv[2:])
