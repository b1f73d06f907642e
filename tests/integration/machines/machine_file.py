"""Reads *.machine files (tests/fixtures/machines/README.md) and unpacks them into a folder.

Everything that is not understood is a SyntaxError_ with file and line: a truth that is silently
skipped would be a test that cannot fail."""
import codecs
import datetime
import pathlib
import re
import shlex

TODAY = "2026-06-01"
HOSTS = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "hosts"
STATES = {"pass", "fail", "unknown", "not_applicable"}
PROFILES = {"server", "pc"}
HEADER = re.compile(r"-- (\S+)((?: .*?)?) --$")
CHECK = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+$")
CELL = re.compile(r"(\w+)(=|~)(.*)$", re.S)


class MachineError(Exception):
    """What is wrong, and where."""


class Entry:
    """One thing of the file system."""

    def __init__(self, kind, path, content=b"", mode=None):
        self.kind, self.path, self.content, self.mode = kind, path, content, mode


class Expectation:
    """What the truth says of one check."""

    def __init__(self, check, state, line):
        self.check, self.state, self.line = check, state, line
        self.exceptions = {}  # framework → state
        self.rows = []        # each a list of (column, operator, text)
        self.facts = []
        self.keys = None      # (columns, sorted list of texts)
        self.reasons = []

    def state_for(self, framework):
        return self.exceptions.get(framework, self.state)


class Truth:
    """What a scan must say for one day and profile."""

    def __init__(self, today, profile, line):
        self.today, self.profile, self.line = today, profile, line
        self.checks = {}
        self.others = None  # states in which a check that is not named may be


class Machine:
    """A parsed file; `entries` are those of its base followed by its own. `inherited` are the
    expectations of its bases, for the checks that a truth does not name."""

    def __init__(self, path):
        self.path, self.name = path, path.stem
        self.lineno = 0
        self.comment = []
        self.settings = {}
        self.entries = []
        self.truths = []
        self.inherited = {}

    def wrong(self, what, line=None):
        return MachineError(f"{self.path.name}:{line or self.lineno}: {what}")


def sections_of(machine, text):
    """Yields (line, words of the header or None, lines) of each section, the head first."""
    header, start, lines = None, 1, []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.startswith("-- "):
            lines.append(line)
            continue
        yield start, header, lines
        machine.lineno = number
        found = HEADER.match(line)
        if not found:
            raise machine.wrong(f"not a section header: {line!r}")
        try:
            header = [found[1], *shlex.split(found[2])]
        except ValueError as error:
            raise machine.wrong(f"header {line!r}: {error}") from None
        start, lines = number + 1, []
    yield start, header, lines


def read_head(machine, start, lines):
    for number, line in enumerate(lines, start):
        machine.lineno = number
        if line.startswith("#"):
            if machine.settings:
                raise machine.wrong("the comment stands before the settings")
            machine.comment.append(line[1:].strip())
        elif line.strip():
            name, colon, value = line.partition(":")
            if not colon or name not in ("base", "profile", "today"):
                raise machine.wrong(f"not a setting: {line!r} (base, profile, today)")
            if name in machine.settings:
                raise machine.wrong(f"{name} is said twice")
            machine.settings[name] = value.strip()
    if not machine.comment:
        machine.lineno = 1
        raise machine.wrong("a comment says what the machine shows and why the truth is what it is")


def checked_path(machine, path):
    if not path.startswith("/") or ".." in path.split("/") or path.endswith("/"):
        raise machine.wrong(f"not an absolute path of a file: {path!r}")
    return path[1:]


def file_content(machine, lines, options):
    """The bytes that the lines of a section stand for."""
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    text = "\n".join(lines) + ("" if "no-newline" in options or not lines else "\n")
    if "escaped" in options:
        try:
            data = codecs.escape_decode(text.encode())[0]
        except ValueError as error:
            raise machine.wrong(f"escapes: {error}") from None
    else:
        data = text.encode()
    if "crlf" in options:
        data = data.replace(b"\n", b"\r\n")
    return (codecs.BOM_UTF8 if "bom" in options else b"") + data


def read_file_section(machine, header, lines):
    kind, words = header[0], header[1:]
    if not words:
        raise machine.wrong(f"{kind} needs a path")
    path, options = checked_path(machine, words[0]), words[1:]
    mode = None
    for option in options:
        if re.fullmatch(r"0[0-7]{3}", option):
            mode = int(option, 8)
        elif option not in ("crlf", "bom", "escaped", "no-newline"):
            raise machine.wrong(f"not an option of a file: {option!r}")
    return Entry(kind, path, file_content(machine, lines, options), mode)


def read_other_section(machine, header, lines):
    """Sections whose lines are paths, or that have none."""
    kind, words = header[0], header[1:]
    filled = [line for line in lines if line.strip() and not line.startswith("#")]
    if kind == "link":
        if len(words) != 3 or words[1] != "->" or filled:
            raise machine.wrong("a link is '-- link PATH -> TARGET --' without lines")
        return [Entry("link", checked_path(machine, words[0]), words[2].encode())]
    if kind == "copy":
        if len(words) != 3 or words[1] != "<-" or filled:
            raise machine.wrong("a copy is '-- copy PATH <- FILE --' without lines")
        original = HOSTS / checked_path(machine, "/" + words[2])
        if not original.is_file():
            raise machine.wrong(f"tests/fixtures/hosts has no file {words[2]!r}")
        return [Entry("file", checked_path(machine, words[0]), original.read_bytes())]
    if kind in ("directory", "remove"):
        if len(words) != 1 or filled:
            raise machine.wrong(f"'-- {kind} PATH --' takes one path and no lines")
        return [Entry(kind, checked_path(machine, words[0]))]
    if kind == "empty":
        if words or not filled:
            raise machine.wrong("'-- empty --' is followed by paths")
        return [Entry("file", checked_path(machine, line.strip())) for line in filled]
    raise machine.wrong(f"unknown kind of section: {kind!r}")


def words_of(machine, text):
    try:
        return shlex.split(text)
    except ValueError as error:
        raise machine.wrong(f"{text.strip()!r}: {error}") from None


def read_states(machine, check, text):
    """fail, pass for csma-plan idb-isp"""
    first, *others = [part.strip() for part in text.split(",")]
    if first not in STATES:
        raise machine.wrong(f"not a state: {first!r}")
    expectation = Expectation(check, first, machine.lineno)
    for other in others:
        state, word, *frameworks = other.split()[:2] + other.split()[2:]
        if word != "for" or not frameworks or state not in STATES:
            raise machine.wrong(f"not 'STATE for FRAMEWORK…': {other!r}")
        for framework in frameworks:
            if framework in expectation.exceptions or state == first:
                raise machine.wrong(f"{framework} is said twice or is no exception")
            expectation.exceptions[framework] = state
    return expectation


def read_detail(machine, expectation, line):
    kind, _, rest = line.strip().partition(" ")
    if kind in ("row", "fact"):
        cells = []
        for word in words_of(machine, rest):
            found = CELL.match(word)
            if not found:
                raise machine.wrong(f"not a cell (COLUMN=TEXT or COLUMN~TEXT): {word!r}")
            cells.append((found[1], found[2], found[3]))
        if not cells:
            raise machine.wrong(f"{kind} without cells")
        (expectation.rows if kind == "row" else expectation.facts).append(cells)
    elif kind == "keys":
        columns, colon, names = rest.partition(":")
        if not colon or not names.split() or expectation.keys:
            raise machine.wrong("keys is 'keys COLUMN: NAME…', once")
        expectation.keys = (columns.strip().split(","), sorted(names.split()))
    elif kind == "reason" and rest.strip():
        expectation.reasons.append(rest.strip())
    else:
        raise machine.wrong(f"not a detail of a check: {line.strip()!r} (row, fact, keys, reason)")


def read_truth(machine, header, start, lines, is_base):
    values = {"today": machine.settings.get("today", TODAY),
              "profile": machine.settings.get("profile", "server")}
    if is_base and header[1:]:
        raise machine.wrong("the truth of a base holds for every day and profile")
    for word in header[1:]:
        name, equals, value = word.partition("=")
        if not equals or name not in values:
            raise machine.wrong(f"not a setting of a truth: {word!r} (today=, profile=)")
        values[name] = value
    truth = Truth(values["today"], values["profile"], start - 1)
    try:
        datetime.date.fromisoformat(truth.today)
    except ValueError:
        raise machine.wrong(f"not a day: {truth.today!r}") from None
    if truth.profile not in PROFILES:
        raise machine.wrong(f"not a profile: {truth.profile!r}")
    current = None
    for number, line in enumerate(lines, start):
        machine.lineno = number
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.startswith(" "):
            if current is None:
                raise machine.wrong("an indented line belongs to a check")
            read_detail(machine, current, line)
            continue
        check, colon, rest = line.partition(":")
        if check == "others":
            states = [word for word in rest.split() if word != "or"]
            if is_base:
                raise machine.wrong("'others:' is for machines, not for bases")
            if truth.others is not None or not states or set(states) - STATES:
                raise machine.wrong("others is 'others: STATE or STATE', once")
            truth.others, current = set(states), None
            continue
        if not colon or not CHECK.match(check):
            raise machine.wrong(f"not 'CHECK-ID: STATE': {line!r}")
        if check in truth.checks:
            raise machine.wrong(f"{check} is said twice")
        current = truth.checks[check] = read_states(machine, check, rest)
    machine.lineno = truth.line
    if truth.others is None and not is_base:
        raise machine.wrong("the truth does not say 'others:'")
    return truth


def read_machine(path, is_base=False):
    """Throws MachineError for whatever is not understood."""
    machine = Machine(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MachineError(f"{path.name}: {error}") from None
    for start, header, lines in sections_of(machine, text):
        machine.lineno = max(1, start - 1)
        if header is None:
            read_head(machine, start, lines)
            base = machine.settings.get("base")
            if base:
                below = path.parent / ("." if is_base else "bases") / f"{base}.base"
                if not below.is_file():
                    raise machine.wrong(f"there is no base {base!r}")
                parent = read_machine(below, is_base=True)
                machine.entries += parent.entries
                machine.inherited = parent.inherited
        elif header[0] in ("file", "append"):
            machine.entries.append(read_file_section(machine, header, lines))
        elif header[0] == "truth":
            machine.truths.append(read_truth(machine, header, start, lines, is_base))
        else:
            machine.entries += read_other_section(machine, header, lines)
    machine.lineno = 1
    if is_base:
        for truth in machine.truths:
            machine.inherited = {**machine.inherited, **truth.checks}
    elif not machine.truths:
        raise machine.wrong("there is no '-- truth --'")
    for truth in machine.truths:
        truth.checks = {**machine.inherited, **truth.checks}
    return machine


def unpack(machine, root):
    """Writes the machine's files below root, an empty folder."""
    root = pathlib.Path(root)
    for entry in machine.entries:
        place = root / entry.path
        is_there = place.is_symlink() or place.exists()
        if entry.kind in ("append", "remove") and not is_there:
            raise MachineError(f"{machine.path.name}: {entry.kind} /{entry.path}: it is not there")
        if is_there and entry.kind != "append":
            place.rmdir() if place.is_dir() and not place.is_symlink() else place.unlink()
        if entry.kind == "remove":
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        if entry.kind == "directory":
            place.mkdir()
        elif entry.kind == "link":
            place.symlink_to(entry.content.decode())
        elif entry.kind == "append":
            place.write_bytes(place.read_bytes() + entry.content)
        else:
            place.write_bytes(entry.content)
            place.chmod(entry.mode or 0o644)
