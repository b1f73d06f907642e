#!/usr/bin/env python3
"""Writes the first corpora of the evidence targets, out of the accepted and some refused vectors."""
import base64
import hashlib
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "vectors"))
from check_vectors import read_frame  # noqa: E402

vectors = json.loads((HERE.parent / "vectors/evidence.json").read_text(encoding="utf-8"))


def write(corpus, vector, data):
    name = re.sub(r"[^a-z0-9]+", "_", vector["name"].lower()).strip("_")[:60]
    (HERE / "corpus" / corpus / name).write_bytes(data)


for vector in vectors["tables"]:
    write("canonical_table", vector, vector["canonical"].encode())
for vector in vectors["manifests"]:
    write("manifest", vector, vector["canonical"].encode())
for corpus, group in (("canonical_table", "refused_tables"), ("manifest", "refused_manifests")):
    for vector in vectors[group][::4]:
        if len(vector.get("text", "")) < 4096:
            write(corpus, vector, vector["text"].encode() if "text" in vector
                  else bytes.fromhex(vector["hex"]))
for vector in vectors["bundles"]:
    frame = base64.b64decode(vector["base64"])
    write("bundle", vector, b"a" + read_frame(frame))
    write("bundle", {"name": "framed " + vector["name"]}, b"z" + frame)
for vector in vectors["refused_bundles"][1:4]:
    write("bundle", vector, b"z" + base64.b64decode(vector["base64"]))

# A pack around the first bundle with a signed manifest: its list, its act and the whole of it.
ledger = json.loads((HERE.parent / "vectors/ledger.json").read_text(encoding="utf-8"))


def members_of(archive):
    at = 0
    while archive[at]:
        size = int(archive[at + 124:at + 135], 8)
        yield archive[at:at + 100].split(b"\0")[0].decode(), archive[at + 512:at + 512 + size]
        at += 512 + (size + 511) // 512 * 512


def archive_of(files):
    out = b""
    for name, content in sorted(files.items()):
        header = bytearray(512)
        for at, field in ((0, name.encode()), (100, b"0000644"), (108, b"0000000"), (116, b"0000000"),
                          (124, b"%011o" % len(content)), (136, b"0" * 11), (148, b" " * 8),
                          (156, b"0"), (257, b"ustar\x0000")):
            header[at:at + len(field)] = field
        header[148:156] = b"%06o\0 " % sum(header)
        out += bytes(header) + content + bytes(-len(content) % 512)
    return out + bytes(1024)


bundle = dict(members_of(read_frame(base64.b64decode(vectors["bundles"][0]["base64"]))))
files = dict(bundle)
files["controls.csv"] = b"control,state\r\n1,pass\r\n"
manifest = sorted(name for name in bundle if name.endswith(".json"))[-1]
host = json.loads(bundle[manifest])["host_id"]
text = ('{"assay":"pack/1","ledger":"","framework":"idb-isp","edition":"113","content":"%s","since":null,'
        '"as_of":"2026-11-21T03:00:00Z","hosts":[\n{"id":"%s","manifest":"%s"}],"files":['
        % ("0" * 64, host, hashlib.sha256(bundle[manifest]).hexdigest()))
text += ",".join('\n{"name":"%s","bytes":%d,"sha256":"%s"}'
                 % (name, len(content), hashlib.sha256(content).hexdigest())
                 for name, content in sorted(files.items())) + "]}\n"
files["pack.json"] = text.encode()
files["act.json"] = re.sub(r'"pack":"[0-9a-f]{64}"',
                           '"pack":"%s"' % hashlib.sha256(files["pack.json"]).hexdigest(),
                           ledger["acts"][0]["act"]).encode()
write("pack", {"name": "a list"}, b"l" + files["pack.json"])
write("pack", {"name": "a whole pack"}, b"p" + archive_of(files))
for vector in ledger["acts"] + ledger["refused_acts"][:2]:
    write("pack", {"name": "act " + vector["name"]}, b"a" + vector["act"].encode())
