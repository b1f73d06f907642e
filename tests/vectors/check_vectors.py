#!/usr/bin/env python3
"""Checks evidence.json against docs/formats/evidence.md without a line of Assay's own code.

A second implementation of the formats, from the page alone, with nothing but Python's standard
library: whoever wants to read Assay's evidence without trusting Assay can start here.
A reader accepts what its writer writes: it parses leniently, writes again, and compares bytes.
"""
import base64
import datetime
import hashlib
import json
import pathlib
import re
import sys

from certificates import Refused, read_certificate, require, verify_ecdsa, verify_issued

MAX_TABLE = 64 << 20
MAX_CELL = 64 << 10
MAX_MANIFEST = 256 << 10
MAX_REASON = 1024
MAX_BUNDLE = 1 << 30
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
HEX64 = re.compile(r"[0-9a-f]{64}")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# --- strings, tables -------------------------------------------------------------------------

SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def write_string(data):
    """JSON string (RFC 8785) of any bytes; those that are not UTF-8 become \\udc80 … \\udcff."""
    out = []
    for char in data.decode("utf-8", "surrogateescape"):
        code = ord(char)
        if code in SHORT:
            out.append(SHORT[code])
        elif code < 0x20 or 0xDC80 <= code <= 0xDCFF:
            out.append("\\u%04x" % code)
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def bytes_of(text):
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise Refused("an escape that stands for no byte") from None


def write_cell(value, kind):
    if value is None:
        return "null"
    if isinstance(value, bytes) and kind == "text":
        require(len(value) <= MAX_CELL, "a cell over 64 KiB")
        return write_string(value)
    require(isinstance(value, int) and not isinstance(value, bool) and kind == "integer",
            "a value of another type")
    require(-(1 << 63) <= value < 1 << 63, "an integer of more than 64 bits")
    return str(value)


def write_table(name, version, columns, rows):
    for word in [name] + [column for column, _ in columns]:
        require(isinstance(word, str) and NAME.fullmatch(word), "not a name")
    require(isinstance(version, int) and version >= 1, "not a version")
    require(1 <= len(columns) <= 64, "1 to 64 columns")
    require(len({column for column, _ in columns}) == len(columns), "a column twice")
    require(all(kind in ("text", "integer") for _, kind in columns), "not a type")
    require(all(len(row) == len(columns) for row in rows), "a row with too many or too few cells")
    header = '{"assay":"table/1","table":"%s","version":%d,"columns":[%s]}\n' % (
        name, version, ",".join('["%s","%s"]' % tuple(column) for column in columns))
    lines = {("[" + ",".join(write_cell(cell, kind) for cell, (_, kind) in zip(row, columns))
              + "]\n").encode() for row in rows}
    return header.encode() + b"".join(sorted(lines))


def loads(text):
    try:
        return json.loads(text)
    except ValueError as error:
        raise Refused("not JSON: %s" % error) from None


def utf8(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("not UTF-8") from None


def read_table(data):
    require(len(data) <= MAX_TABLE, "a table over 64 MiB")
    lines = [loads(line) for line in utf8(data).split("\n")[:-1]]
    require(lines and isinstance(lines[0], dict), "no header")
    header, rows = lines[0], lines[1:]
    columns = header.get("columns")
    require(isinstance(columns, list) and all(
        isinstance(c, list) and len(c) == 2 and all(isinstance(word, str) for word in c)
        for c in columns), "not columns")
    require(all(isinstance(row, list) for row in rows), "a row is an array")
    rows = [[bytes_of(c) if isinstance(c, str) else c for c in row] for row in rows]
    again = write_table(header.get("table"), header.get("version"), columns, rows)
    require(again == data, "not in canonical form")
    return header["table"], len(rows)


# --- manifests ---------------------------------------------------------------------------------

FIELDS = ["host_id", "host_name", "agent_version", "config_digest", "profile", "sequence",
          "previous", "started", "ended", "tables"]
ENTRY_FIELDS = ["name", "status", "reason", "digest", "rows", "bytes", "ms"]
REPEATED_FIELDS = [*ENTRY_FIELDS, "collected"]


def is_time(text):
    try:
        datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ")
        return len(text) == 20
    except ValueError:
        return False


def write_value(value):
    if value is None:
        return "null"
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    require(isinstance(value, str), "neither text, number nor null")
    return write_string(bytes_of(value))


def write_manifest(fields):
    require(list(fields) == FIELDS, "other keys, or in another order")
    require(isinstance(fields["tables"], list), "tables is an array")
    numbers = [fields["sequence"]]
    texts = [fields[key] for key in FIELDS if key not in ("sequence", "previous", "tables")]
    for entry in fields["tables"]:
        require(isinstance(entry, dict) and list(entry) in (ENTRY_FIELDS, REPEATED_FIELDS),
                "not an entry")
        numbers += [entry["rows"], entry["bytes"], entry["ms"]]
        texts += [entry["name"], entry["status"], entry["reason"]]
    require(all(isinstance(number, int) and number >= 0 for number in numbers), "not a number")
    require(all(isinstance(text, str) for text in texts), "not text")
    require(HEX64.fullmatch(fields["config_digest"]), "not a digest")
    require(fields["profile"] in ("server", "pc"), "not a profile")
    require(is_time(fields["started"]) and is_time(fields["ended"]), "not a time")
    require(fields["sequence"] <= 999999999999, "too large a sequence number")
    require((fields["sequence"] > 1) == (fields["previous"] is not None), "previous")
    require(fields["previous"] is None or HEX64.fullmatch(fields["previous"]), "not a digest")
    names = [entry["name"] for entry in fields["tables"]]
    require(names == sorted(set(names)) and len(names) <= 256, "tables are not sorted by name")
    for entry in fields["tables"]:
        require(NAME.fullmatch(entry["name"]), "not a table name")
        ok = entry["status"] == "ok"
        require(ok or entry["status"] == "unavailable", "not a status")
        require((entry["digest"] is not None) == ok and (entry["reason"] == "") == ok,
                "a digest, or a reason")
        require(not ok or HEX64.fullmatch(entry["digest"]), "not a digest")
        require(len(bytes_of(entry["reason"])) <= MAX_REASON, "a reason over 1024 bytes")
        require(entry["bytes"] <= MAX_TABLE and entry["rows"] <= 1000000, "too large")
        if "collected" in entry:
            collected = entry["collected"]
            require(isinstance(collected, str) and is_time(collected), "not a time")
            require(collected < fields["started"], "collected after the scan began")
    pairs = ['"%s":%s' % (key, write_value(fields[key])) for key in FIELDS[:-1]]
    entries = ["{%s}" % ",".join('"%s":%s' % (key, write_value(entry[key])) for key in entry)
               for entry in fields["tables"]]
    return ('{"assay":"manifest/1",%s,"tables":[%s]}\n' % (",".join(pairs), ",".join(entries))
            ).encode()


def read_manifest(data):
    require(len(data) <= MAX_MANIFEST, "a manifest over 256 KiB")
    fields = loads(utf8(data))
    require(isinstance(fields, dict) and fields.pop("assay", None) == "manifest/1",
            "not a manifest/1")
    require(write_manifest(fields) == data, "not in canonical form")
    return fields


# --- bundles ------------------------------------------------------------------------------------

def read_frame(data):
    """One zstd frame (RFC 8878) whose blocks are raw or repeated bytes, as in the vectors."""
    require(data[:4] == b"\x28\xb5\x2f\xfd" and len(data) > 13, "not a zstd frame")
    require(data[4] == 0xE0, "not a single segment with an eight-byte size")
    size, at, out, last = int.from_bytes(data[5:13], "little"), 13, b"", False
    require(size <= MAX_BUNDLE, "a bundle over 1 GiB")
    while not last:
        require(at + 3 <= len(data), "the frame is cut")
        block = int.from_bytes(data[at:at + 3], "little")
        last, kind, length, at = block & 1, block >> 1 & 3, block >> 3, at + 3
        require(kind in (0, 1) and length <= 128 << 10, "a block of another kind")
        taken = length if kind == 0 else 1
        require(at + taken <= len(data), "the frame is cut")
        out += data[at:at + taken] * (1 if kind == 0 else length)
        at += taken
        require(len(out) <= size, "the frame states a wrong size")
    require(len(out) == size, "the frame states a wrong size")
    require(at == len(data), "more follows the frame")
    return out


def tar_header(name, size):
    def field(text, width):
        return text.encode().ljust(width, b"\0")
    start = (field(name, 100) + field("0000644", 8) + field("0000000", 8) + field("0000000", 8)
             + field("%011o" % size, 12) + field("%011o" % 0, 12))
    end = b"0" + bytes(100) + b"ustar\0" + b"00" + bytes(247)
    return start + b"%06o\0 " % sum(start + b" " * 8 + end) + end


def read_tar(data):
    files, at, previous = {}, 0, ""
    require(len(data) % 512 == 0, "not whole blocks")
    while len(data) - at > 1024:
        try:
            name = data[at:at + 100].split(b"\0")[0].decode("ascii")
            size = int(data[at + 124:at + 135].decode("ascii"), 8)
        except ValueError:
            raise Refused("not a header") from None
        require(re.fullmatch(r"(?!.*(^|/)\.{1,2}(/|$))[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", name),
                "not a member's name")
        require(previous < name and size <= MAX_TABLE, "not sorted, or too large")
        require(data[at:at + 512] == tar_header(name, size), "not a regular file's header")
        end = at + 512 + size
        files[name] = data[at + 512:end]
        at, previous = end + -end % 512, name
        require(at <= len(data) and not any(data[end:at]), "cut, or no zero padding")
    require(len(data) - at == 1024 and not any(data[at:]), "no two zero blocks at the end")
    return files


def verify_bundle(data):
    """Everything: container, digests, manifests, signatures, chain. Returns the files."""
    files = read_tar(read_frame(data))
    manifests, listed = [], set()
    for name, content in files.items():
        if re.fullmatch(r"tables/[0-9a-f]{64}\.jsonl", name):
            require(name[7:-6] == sha256(content), "an altered table")
            read_table(content)
        elif re.fullmatch(r"manifests/[0-9]{12}-[0-9a-f]{64}\.json", name):
            fields = read_manifest(content)
            require(name[10:-5] == "%012d-%s" % (fields["sequence"], sha256(content)),
                    "an altered manifest")
            manifests.append((fields, sha256(content)))
            signature = files.get(name[:-5] + ".sig")
            require((signature is not None) == (fields["host_id"] != ""), "signature missing")
            if signature is not None:
                verify_manifest_signature(files, fields, content, signature)
            for entry in fields["tables"]:
                if entry["digest"]:
                    listed.add("tables/%s.jsonl" % entry["digest"])
                    check_entry(files, entry)
        elif name.endswith(".sig"):
            require(name[:-4] + ".json" in files, "a signature without its manifest")
        elif name.startswith("certificates/"):
            facts = read_certificate(content.decode("ascii"))
            require(name == "certificates/%s-%s.pem" % (facts["host_id"], facts["serial"]),
                    "a certificate under another name")
        else:
            require(name == "ca.pem", "no such file belongs into a bundle")
    require(manifests, "no manifest")
    require({name for name in files if name.startswith("tables/")} == listed, "surplus tables")
    for (before, digest), (after, _) in zip(manifests, manifests[1:]):
        if before["host_id"] == after["host_id"] != "":
            require(after["sequence"] > before["sequence"], "a number twice")
            require(after["sequence"] > before["sequence"] + 1 or after["previous"] == digest,
                    "the chain is broken")
    return files


def verify_manifest_signature(files, fields, content, signature):
    certificates = [text.decode("ascii") for name, text in files.items()
                    if name.startswith("certificates/" + fields["host_id"] + "-")]
    require(certificates and "ca.pem" in files, "no certificate of this host")
    reason = None
    for certificate in certificates:
        try:
            verify_ecdsa(read_certificate(certificate)["point"], content, signature)
            return verify_issued(certificate, files["ca.pem"].decode("ascii"), fields["ended"])
        except Refused as refused:
            reason = refused
    raise reason


def check_entry(files, entry):
    content = files.get("tables/%s.jsonl" % entry["digest"])
    require(content is not None, "a missing table")
    name, rows = read_table(content)
    require((name, rows, len(content)) == (entry["name"], entry["rows"], entry["bytes"]),
            "the manifest states another name or size")


# --- the vectors ----------------------------------------------------------------------------------

def cell_of(neutral):
    """null, a number, text, {"hex": bytes} or {"integer": "decimal digits"}."""
    if isinstance(neutral, dict):
        return bytes.fromhex(neutral["hex"]) if "hex" in neutral else int(neutral["integer"])
    return neutral.encode() if isinstance(neutral, str) else neutral


def raw(vector):
    return bytes.fromhex(vector["hex"]) if "hex" in vector else vector["text"].encode()


def check_table(vector):
    rows = [[cell_of(cell) for cell in row] for row in vector["rows"]]
    written = write_table(vector["table"], vector["version"], vector["columns"], rows)
    require(written == vector["canonical"].encode(), "other canonical bytes")
    require(sha256(written) == vector["digest"], "another digest")
    read_table(written)


def fields_of(neutral):
    """A host name that is not UTF-8 is given as {"hex": bytes}."""
    if not isinstance(neutral["host_name"], dict):
        return neutral
    name = bytes.fromhex(neutral["host_name"]["hex"]).decode("utf-8", "surrogateescape")
    return {**neutral, "host_name": name}


def check_manifest(vector):
    written = write_manifest(fields_of(vector["fields"]))
    require(written == vector["canonical"].encode(), "other canonical bytes")
    require(sha256(written) == vector["digest"], "another digest")
    read_manifest(written)


def check_signature(vector):
    facts = read_certificate(vector["certificate"])
    require((facts["host_id"], facts["serial"], sha256(facts["der"])) == (
        vector["host_id"], vector["serial"], vector["fingerprint"]), "other facts")
    verify_ecdsa(facts["point"], vector["message"].encode(), bytes.fromhex(vector["signature"]))


def check_bundle(vector):
    data = base64.b64decode(vector["base64"])
    require({name: sha256(content) for name, content in verify_bundle(data).items()}
            == vector["files"], "other files")
    require(sha256(read_frame(data)) == vector["archive_digest"], "another archive")


CHECKS = {
    "tables": check_table,
    "refused_tables": lambda v: read_table(raw(v)),
    "manifests": check_manifest,
    "refused_manifests": lambda v: read_manifest(raw(v)),
    "signatures": check_signature,
    "refused_signatures": check_signature,
    "issued": lambda v: verify_issued(v["certificate"], v["ca"], v["when"]),
    "refused_issued": lambda v: verify_issued(v["certificate"], v["ca"], v["when"]),
    "bundles": check_bundle,
    "refused_bundles": lambda v: verify_bundle(base64.b64decode(v["base64"])),
}


def main(path):
    vectors = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    passed, failed = 0, 0
    for group, check in CHECKS.items():
        if not vectors.get(group):
            print("FAILED %s: no vectors" % group)
            failed += 1
        for vector in vectors.get(group, []):
            try:
                check(vector)
                outcome = "accepted"
            except Refused as refused:
                outcome = "refused: %s" % refused
            if outcome.startswith("refused") == group.startswith("refused"):
                passed += 1
            else:
                failed += 1
                print("FAILED %s/%s: %s" % (group, vector["name"], outcome))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).with_name(
        "evidence.json")))
