#!/usr/bin/env python3
"""A machine file with a mistake is refused, with file and line; a good one becomes the files it says."""
import pathlib
import tempfile

from machine_file import MachineError, read_machine, unpack

HEAD = "# What it shows.\nprofile: pc\n"
TRUTH = "-- truth --\nPWD-EMPTY: pass\nothers: pass\n"

# A file, and the line and words of the complaint.
MISTAKES = [
    ("profile: pc\n" + TRUTH, 1, "a comment"),
    ("# x\ncolour: red\n" + TRUTH, 2, "not a setting"),
    ("# x\nbase: nosuch\n" + TRUTH, 2, "there is no base"),
    ("# x\nprofile: phone\n" + TRUTH, 3, "not a profile"),
    ("# x\ntoday: 2026-02-30\n" + TRUTH, 3, "not a day"),
    ("# x\nprofile: pc\nprofile: pc\n" + TRUTH, 3, "said twice"),
    (HEAD, 1, "no '-- truth --'"),
    (HEAD + "-- truth --\nPWD-EMPTY: pass\n", 3, "others"),
    (HEAD + "-- truth --\nPWD-EMPTY: good\nothers: pass\n", 4, "not a state"),
    (HEAD + "-- truth --\npwd-empty: pass\nothers: pass\n", 4, "CHECK-ID"),
    (HEAD + "-- truth --\nPWD-EMPTY: pass\nPWD-EMPTY: fail\nothers: pass\n", 5, "said twice"),
    (HEAD + "-- truth --\nPWD-EMPTY: fail, pass csma-plan\nothers: pass\n", 4, "STATE for"),
    (HEAD + "-- truth --\nPWD-EMPTY: fail, fail for csma-plan\nothers: pass\n", 4, "no exception"),
    (HEAD + "-- truth --\n  keys username: root\nothers: pass\n", 4, "belongs to a check"),
    (HEAD + "-- truth --\nPWD-EMPTY: fail\n  key username: root\nothers: pass\n", 5, "not a detail"),
    (HEAD + "-- truth --\nPWD-EMPTY: fail\n  keys username root\nothers: pass\n", 5, "keys is"),
    (HEAD + "-- truth --\nPWD-EMPTY: fail\n  row username\nothers: pass\n", 5, "not a cell"),
    (HEAD + "-- truth --\nPWD-EMPTY: fail\n  row a='b\nothers: pass\n", 5, "quotation"),
    (HEAD + "-- truth --\nothers: sometimes\n", 4, "others is"),
    (HEAD + "-- truth tomorrow --\nothers: pass\n", 3, "not a setting of a truth"),
    (HEAD + "-- truth\nothers: pass\n", 3, "not a section header"),
    (HEAD + "-- fiel /etc/x --\n" + TRUTH, 3, "unknown kind"),
    (HEAD + "-- file etc/x --\n" + TRUTH, 3, "not an absolute path"),
    (HEAD + "-- file /etc/../x --\n" + TRUTH, 3, "not an absolute path"),
    (HEAD + "-- file /etc/x 999 --\n" + TRUTH, 3, "not an option"),
    (HEAD + "-- file /etc/x escaped --\n\\xZZ\n" + TRUTH, 3, "escapes"),
    (HEAD + "-- link /etc/x /etc/y --\n" + TRUTH, 3, "a link is"),
    (HEAD + "-- copy /etc/x /etc/y --\n" + TRUTH, 3, "a copy is"),
    (HEAD + "-- copy /etc/x <- ../machines/README.md --\n" + TRUTH, 3, "not an absolute path"),
    (HEAD + "-- copy /etc/x <- debian12/nosuch --\n" + TRUTH, 3, "has no file"),
    (HEAD + "-- remove /etc/x --\nline\n" + TRUTH, 3, "no lines"),
    (HEAD + "-- empty --\n" + TRUTH, 3, "followed by paths"),
    (HEAD + "-- remove /etc/x --\n" + TRUTH, None, "is not there"),
    (HEAD + "-- append /etc/x --\nline\n" + TRUTH, None, "is not there"),
]

GOOD = HEAD + r"""
-- file /etc/a crlf --
one
two

-- file /etc/b bom no-newline 0600 --
three
-- append /etc/a escaped --
\x00end
-- link /etc/c -> a --
-- copy /etc/f <- rpm_ndb/etc/os-release --
-- empty --
/etc/d/e
-- file /etc/gone --
-- remove /etc/gone --
""" + TRUTH


def check_mistake(folder, text, line, words):
    path = folder / "wrong.machine"
    path.write_text(text)
    try:
        with tempfile.TemporaryDirectory() as root:
            unpack(read_machine(path), root)
    except MachineError as error:
        place = f"wrong.machine:{line}: " if line else "wrong.machine: "
        assert str(error).startswith(place) and words in str(error), f"{text!r}: {error}"
        return
    raise AssertionError(f"accepted: {text!r}")


def check_good(folder):
    path, root = folder / "good.machine", folder / "root"
    path.write_text(GOOD)
    root.mkdir()
    machine = read_machine(path)
    unpack(machine, root)
    assert (root / "etc/a").read_bytes() == b"one\r\ntwo\r\n\0end\n"
    assert (root / "etc/b").read_bytes() == b"\xef\xbb\xbfthree"
    assert (root / "etc/b").stat().st_mode & 0o777 == 0o600
    assert (root / "etc/c").readlink() == pathlib.Path("a")
    assert (root / "etc/d/e").read_bytes() == b""
    assert b"ID=" in (root / "etc/f").read_bytes()
    assert not (root / "etc/gone").exists()
    assert (machine.truths[0].profile, machine.truths[0].today) == ("pc", "2026-06-01")


with tempfile.TemporaryDirectory(prefix="assay-machine-") as name:
    for mistake in MISTAKES:
        check_mistake(pathlib.Path(name), *mistake)
    check_good(pathlib.Path(name))
print(f"{len(MISTAKES)} mistakes refused")
