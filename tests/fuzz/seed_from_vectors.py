#!/usr/bin/env python3
"""Writes the first corpora of the evidence targets, out of the accepted and some refused vectors."""
import base64
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
