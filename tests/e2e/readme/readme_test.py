#!/usr/bin/env python3
"""What the documents show is what the programs print.

    readme_test.py BIN_FOLDER DOCUMENT...

Every ```console block must have a comment before it that says how it is checked:

    <!-- checked: exact; root=tests/fixtures/hosts/NAME; lang=zh-TW; exit=2 -->

exact       the lines behind "$ command" are the whole output
pattern     likewise, but "…" in a line stands for any text, and a line "…" for any lines
background  the command goes on running until the document ends; it has to print what is shown
root        assay-agent looks at that folder instead of this machine
exit        of each command that has no other; 0 when not said

A block behind <!-- file: PATH --> is written to that file. All of one document happens in order, in
one empty home; the folders /etc/assay and /var/lib/assay are in it, and the documented ports are
replaced by free ones.
"""
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[3]
BLOCK = re.compile(r"(?:<!-- (?P<key>checked|file): (?P<how>[^>]*?) -->\n+)?"
                   r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.M | re.S)
PORTS = ("7443", "7444")
SECONDS = 60


class Sample:
    """A command of a document with the output that the document shows."""

    def __init__(self, line, how, command, shown):
        self.line, self.command, self.shown = line, command, shown
        words = [word.strip() for word in how.split(";")]
        self.kind = words[0]
        self.options = dict(word.split("=", 1) for word in words[1:])
        if self.kind not in ("exact", "pattern", "background"):
            raise ValueError(f"line {line}: not a way to check: {self.kind}")
        if unknown := set(self.options) - {"root", "lang", "exit"}:
            raise ValueError(f"line {line}: unknown option {unknown}")


class File:
    """What a document says to write into a file."""

    def __init__(self, line, path, text):
        self.line, self.command, self.text = line, f"write {path}", text
        self.path = path


def steps_of(text):
    for block in BLOCK.finditer(text):
        line = text.count("\n", 0, block.start("body")) + 1
        if block["key"] == "file":
            yield File(line, block["how"].strip(), block["body"])
            continue
        if block["kind"] != "console":
            continue
        if block["key"] is None:
            raise ValueError(f"line {line}: no comment says how this block is checked")
        body = block["body"].splitlines()
        if not body or not body[0].startswith("$ "):
            raise ValueError(f"line {line}: a block begins with $ and a command")
        at = 0
        while at < len(body):
            start, command = at, body[at][2:]
            while command.endswith("\\"):
                at += 1
                command += "\n" + body[at].removeprefix("> ")
            at += 1
            shown = []
            while at < len(body) and not body[at].startswith("$ "):
                shown.append(body[at].rstrip())
                at += 1
            yield Sample(line + start, block["how"], command, shown)


def matches(shown, printed, is_pattern):
    if not is_pattern:
        return shown == printed
    wanted = ""
    for line in shown:
        if line.strip() == "…":
            wanted += r"(?:[^\n]*\n)*?"
        else:
            wanted += ".*?".join(re.escape(part) for part in line.split("…")) + r"\n"
    return re.fullmatch(wanted, "".join(line + "\n" for line in printed)) is not None


class Home:
    """An empty machine to type at."""

    def __init__(self, programs):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="assay-readme-"))
        self.running = []
        self.places = {rf"\b{port}\b": str(free_port()) for port in PORTS}
        for folder, place in (("/etc/assay", "etc"), ("/var/lib/assay", "var")):
            self.places[rf"(?<![\w.]){folder}\b"] = str(self.path / place)
            (self.path / place).mkdir(mode=0o700)
        own = self.path / "etc/content.d"
        own.mkdir()
        self.environment = {
            "PATH": f"{programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.path), "COLUMNS": "100", "TZ": "UTC",
            "ASSAY_COLLECTOR_STATE": str(self.path / "var/collector"),
            "ASSAY_STATE_DIR": str(self.path / "var"),
            "ASSAY_CONTENT_FOLDERS": str(own),
            # The services of the machine that the tests run on are none of theirs.
            "ASSAY_NETWORK_TLS": "off", "ASSAY_NETWORK_SERVICES": "off"}

    def moved(self, text):
        """A text of the document, for this home."""
        for documented, here in self.places.items():
            text = re.sub(documented, here, text)
        return text

    def script(self, sample):
        command = self.moved(sample.command)
        root = sample.options.get("root")
        prelude = ""
        if root:
            folder = shlex.quote(str(SOURCE / root))
            prelude = ("assay-agent() { case $1 in scan|query|explain|bundle)"
                       f' command assay-agent "$@" --root {folder};;'
                       ' *) command assay-agent "$@";; esac; }\n')
        return prelude + command

    def start(self, sample, output):
        # LANG alone: LC_ALL would make bash complain where the locale is not installed.
        language = {"en": "C", "zh-TW": "zh_TW"}[sample.options.get("lang", "en")]
        return subprocess.Popen(["bash", "-c", self.script(sample)], cwd=self.path,
                                env=self.environment | {"LANG": language + ".UTF-8"},
                                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                start_new_session=True)

    def lines_of(self, output):
        text = output.decode(errors="replace")
        for documented, here in self.places.items():
            text = re.sub(rf"{re.escape(here)}\b", re.sub(r"\(\?<.*?\)|\\b", "", documented), text)
        return [line.rstrip() for line in text.splitlines()]

    def write(self, file):
        path = pathlib.Path(self.moved(file.path))
        path = path if path.is_absolute() else self.path / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.moved(file.text))

    def run(self, sample):
        """None, or what is wrong."""
        process = self.start(sample, subprocess.PIPE)
        try:
            output, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            self.end(process)
            return f"not done after {SECONDS} s"
        printed = self.lines_of(output)
        wanted = int(sample.options.get("exit", "0"))
        if process.returncode != wanted:
            return f"exit code {process.returncode}, not {wanted}:\n" + "\n".join(printed)
        if not matches(sample.shown, printed, sample.kind == "pattern"):
            return "it prints:\n" + "\n".join(printed)
        return None

    def run_in_background(self, sample):
        path = self.path / f"background-{len(self.running)}"
        with open(path, "wb") as output:
            process = self.start(sample, output)
        self.running.append(process)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and process.poll() is None:
            if matches(sample.shown + ["…"], self.lines_of(path.read_bytes()), True):
                return None
            time.sleep(0.05)
        return "it prints:\n" + "\n".join(self.lines_of(path.read_bytes()))

    @staticmethod
    def end(process):
        try:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            process.kill()

    def close(self):
        for process in self.running:
            self.end(process)
        shutil.rmtree(self.path, ignore_errors=True)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def check(document, programs):
    """(passed, failed) of one document."""
    name = document.resolve().relative_to(SOURCE)
    passed = failed = 0
    home = Home(programs)
    try:
        for sample in steps_of(document.read_text()):
            if isinstance(sample, File):
                home.write(sample)
                continue
            run = home.run_in_background if sample.kind == "background" else home.run
            wrong = run(sample)
            passed, failed = passed + (wrong is None), failed + (wrong is not None)
            if wrong is not None:
                print(f"{name}:{sample.line}: $ {sample.command}\n{wrong}\n")
    except ValueError as error:
        print(f"{name}: {error}")
        failed += 1
    finally:
        home.close()
    if passed + failed == 0:
        print(f"{name}: nothing to check")
        failed = 1
    return passed, failed


def main():
    programs = pathlib.Path(sys.argv[1]).resolve()
    passed = failed = 0
    for document in sys.argv[2:]:
        good, bad = check(pathlib.Path(document), programs)
        passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
