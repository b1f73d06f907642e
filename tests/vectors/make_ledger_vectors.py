#!/usr/bin/env python3
"""Makes ledger.json: `tests/vectors/make_ledger_vectors.py > tests/vectors/ledger.json`.

Runs give the same bytes: keys are hashes of their names, and Ed25519 needs no chance. Nothing of
Assay's own code is in it; its unit test reads the same file. A vector is right when both agree.
The keys are public by their making. Nothing but these vectors may trust them.
"""
import base64
import hashlib
import json
import sys

import check_ledger_vectors as ledger
import ed25519

HOST = "7b1c6c2e-5f0d-4a53-9d0e-0f2a7f5b9f10"
CA = hashlib.sha256(b"assay test vectors: CA").hexdigest()
ORIGIN = "assay-ledger/" + CA
LOG_KEY = hashlib.sha256(b"assay test vectors: ledger").digest()
WITNESS_KEY = hashlib.sha256(b"assay test vectors: witness").digest()
WITNESS = "witness.example/w1"
SEEN = 1795222925


def base64_of(data):
    return base64.b64encode(data).decode()


def entry(number):
    manifest = hashlib.sha256(b"manifest %d" % number).hexdigest()
    return ('{"assay":"ledger-entry/1","manifest":"%s","host_id":"%s","sequence":%d,'
            '"accepted":"2026-11-21T01:%02d:%02dZ"}\n'
            % (manifest, HOST, number + 1, number // 60, number % 60))


# What people did, as canonical bytes: one that has every form of detail, and one without a person.
ACTS = [
    ("with a person, texts, a number and null",
     '{"assay":"act/1","number":1,"kind":"pack_made","record":"1","at":"2026-11-21T02:00:00Z",'
     '"token":"t-1","name":"林 \\"Lin\\"","details":{"framework":"idb-isp","edition":"113",'
     '"since":null,"as_of":1795222800,"hosts":",","pack":"%s"}}\n'
     % hashlib.sha256(b"pack.json").hexdigest()),
    ("of which the record is gone",
     '{"assay":"act/1","number":2,"kind":"pack_made","record":"2","at":"2026-11-21T02:00:01Z",'
     '"token":"","name":"","details":{}}\n')]


def act_entry(act):
    fields = json.loads(act)
    return ('{"assay":"ledger-act/1","act":"%s","number":%d,"at":"%s"}\n'
            % (hashlib.sha256(act.encode()).hexdigest(), fields["number"], fields["at"]))


def vkey(name, kind, secret):
    public = bytes([kind]) + ed25519.public_key(secret)
    key_id = hashlib.sha256(name.encode() + b"\n" + public).digest()[:4]
    return "%s+%s+%s" % (name, key_id.hex(), base64_of(public)), key_id


def line(name, key_id, signature):
    return "\u2014 %s %s\n" % (name, base64_of(key_id + signature))


LEDGER_VKEY, LEDGER_ID = vkey(ORIGIN, 1, LOG_KEY)
WITNESS_VKEY, WITNESS_ID = vkey(WITNESS, 4, WITNESS_KEY)
ENTRIES = [entry(number) for number in range(300)]
LEAVES = [ledger.leaf_hash(text.encode()) for text in ENTRIES]


def body(size, leaves=None):
    root = ledger.root(LEAVES[:size] if leaves is None else leaves)
    return "%s\n%d\n%s\n" % (ORIGIN, size, base64_of(root))


def checkpoint(size, leaves=None, witnessed=False):
    text = body(size, leaves)
    note = text + "\n" + line(ORIGIN, LEDGER_ID, ed25519.sign(LOG_KEY, text.encode()))
    if witnessed:
        message = "cosignature/v1\ntime %d\n%s" % (SEEN, text)
        note += line(WITNESS, WITNESS_ID,
                     SEEN.to_bytes(8, "big") + ed25519.sign(WITNESS_KEY, message.encode()))
    return note


def tlog_proof(index, size, witnessed=False):
    lines = ["c2sp.org/tlog-proof@v1", "extra " + base64_of(ENTRIES[index].encode()),
             "index %d" % index]
    lines += [base64_of(hash_) for hash_ in ledger.inclusion(index, LEAVES[:size])]
    return "\n".join(lines) + "\n\n" + checkpoint(size, witnessed=witnessed)


def altered(text, old, new):
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def refused_proofs():
    good = tlog_proof(3, 5)
    other = [*LEAVES[:4], ledger.leaf_hash(b"another")]
    return [
        {"name": "a hash that is altered", "proof": altered(
            good, base64_of(ledger.inclusion(3, LEAVES[:5])[0]), base64_of(bytes(32)))},
        {"name": "a hash that is missing", "proof": altered(
            good, base64_of(ledger.inclusion(3, LEAVES[:5])[0]) + "\n", "")},
        {"name": "another index", "proof": altered(good, "index 3\n", "index 2\n")},
        {"name": "an index beyond the tree", "proof": altered(good, "index 3\n", "index 5\n")},
        {"name": "an index with a leading zero", "proof": altered(good, "index 3\n", "index 03\n")},
        {"name": "another entry", "proof": altered(
            good, base64_of(ENTRIES[3].encode()), base64_of(ENTRIES[2].encode()))},
        {"name": "a root that the log did not sign", "proof": altered(
            good, body(5), body(5, other))},
        {"name": "a size that the log did not sign", "proof": altered(good, "\n5\n", "\n6\n")},
        {"name": "a checkpoint that is not signed", "proof": good[:good.index("\u2014")]},
        {"name": "a signature by another key", "proof": altered(
            good, good[good.index("\u2014"):],
            line(ORIGIN, LEDGER_ID, ed25519.sign(WITNESS_KEY, body(5).encode())))},
        {"name": "another version", "proof": altered(good, "@v1", "@v2")},
        {"name": "base64 without padding", "proof": altered(good, "=\n", "\n")},
        {"name": "a line end of another system", "proof": good.replace("\n", "\r\n")},
    ]


def vectors():
    sizes = [1, 2, 3, 5, 8, 255, 256, 257, 300]
    return {
        "about": "Vectors of docs/formats/ledger.md, made by make_ledger_vectors.py beside this "
                 "file. Hashes are base64. trees: the roots over the first `size` of the entries.",
        "ledger_key": LEDGER_VKEY,
        "witness_key": WITNESS_VKEY,
        "ca_fingerprint": CA,
        "entries": ENTRIES,
        "trees": [{"size": size, "root": base64_of(ledger.root(LEAVES[:size]))} for size in sizes],
        "inclusion": [
            {"index": index, "size": size,
             "hashes": [base64_of(hash_) for hash_ in ledger.inclusion(index, LEAVES[:size])]}
            for index, size in [(0, 1), (0, 2), (1, 3), (4, 5), (6, 8), (0, 256), (255, 256),
                                (256, 257), (7, 300), (299, 300)]],
        "consistency": [
            {"from": older, "to": newer,
             "hashes": [base64_of(hash_) for hash_ in ledger.consistency(older, LEAVES[:newer])]}
            for older, newer in [(0, 5), (1, 2), (2, 3), (3, 5), (4, 8), (5, 5), (6, 8), (255, 300),
                                 (256, 257), (256, 300), (257, 300)]],
        "checkpoints": [
            {"name": "signed by the log", "note": checkpoint(5), "size": 5},
            {"name": "seen by a witness", "note": checkpoint(300, witnessed=True), "size": 300,
             "witnessed": SEEN}],
        "proofs": [
            {"name": "the only entry", "manifest": json.loads(ENTRIES[0])["manifest"],
             "proof": tlog_proof(0, 1)},
            {"name": "an entry among five", "manifest": json.loads(ENTRIES[3])["manifest"],
             "proof": tlog_proof(3, 5)},
            {"name": "the last entry, seen by a witness",
             "manifest": json.loads(ENTRIES[299])["manifest"],
             "proof": tlog_proof(299, 300, witnessed=True)}],
        "refused_proofs": refused_proofs(),
        "acts": [{"name": name, "act": act, "entry": act_entry(act)} for name, act in ACTS],
        "refused_acts": [
            {"name": "keys in another order",
             "act": ACTS[1][1].replace('"token":"","name":""', '"name":"","token":""')},
            {"name": "a space", "act": ACTS[1][1].replace('"number":2', '"number": 2')},
            {"name": "number 0", "act": ACTS[1][1].replace('"number":2', '"number":0')},
            {"name": "a time with a fraction", "act": ACTS[1][1].replace("01Z", "01.5Z")},
            {"name": "no line end", "act": ACTS[1][1][:-1]}],
    }


if __name__ == "__main__":
    json.dump(vectors(), sys.stdout, indent=1, ensure_ascii=False)
    print()
