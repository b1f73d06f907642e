#!/usr/bin/env python3
"""Checks ledger.json against docs/formats/ledger.md without a line of Assay's own code.

A second implementation of the ledger's formats with nothing but Python's standard library: whoever
wants to check a proof of logging without trusting Assay can start here.
"""
import base64
import hashlib
import json
import pathlib
import re
import sys

import ed25519


class Refused(Exception):
    pass


def require(condition, why):
    if not condition:
        raise Refused(why)


# --- the tree: RFC 6962, 2.1 -------------------------------------------------------------------

def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(count):
    return 1 << (count - 1).bit_length() - 1


def root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def inclusion(index, leaves):
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return inclusion(index, leaves[:k]) + [root(leaves[k:])]
    return inclusion(index - k, leaves[k:]) + [root(leaves[:k])]


def consistency(older, leaves):
    def subproof(m, part, is_whole):
        if m == len(part):
            return [] if is_whole else [root(part)]
        k = split(len(part))
        if m <= k:
            return subproof(m, part[:k], is_whole) + [root(part[k:])]
        return subproof(m - k, part[k:], False) + [root(part[:k])]
    return subproof(older, leaves, True) if 0 < older < len(leaves) else []


def root_of_inclusion(index, size, leaf, hashes):
    """RFC 9162, 2.1.3.2."""
    require(0 <= index < size, "the tree has no such leaf")
    fn, sn, result = index, size - 1, leaf
    for sibling in hashes:
        require(sn != 0, "the proof is too long")
        if fn & 1 or fn == sn:
            result = node_hash(sibling, result)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, sibling)
        fn, sn = fn >> 1, sn >> 1
    require(sn == 0, "the proof is too short")
    return result


def is_consistent(older, newer, old_root, new_root, hashes):
    """RFC 9162, 2.1.4.2."""
    if older in (0, newer):
        return not hashes and (older == 0 or old_root == new_root)
    hashes = ([old_root] if older & older - 1 == 0 else []) + hashes
    if not hashes:
        return False
    fn, sn = older - 1, newer - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = hashes[0]
    for part in hashes[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(part, fr), node_hash(part, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, part)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == new_root


# --- notes, checkpoints, proofs ----------------------------------------------------------------

def from_base64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        raise Refused("not base64") from None
    require(base64.b64encode(data).decode() == text, "not base64 in its one form")
    return data


def read_key(text):
    name, key_id, key = text.split("+", 2)
    material = from_base64(key)
    computed = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    require(computed.hex() == key_id and len(material) == 33, "not a key")
    return name, computed, material[0], material[1:]


def open_note(note, key):
    """The text, and the time for a witness, if `key` signed it."""
    name, key_id, kind, public = read_key(key)
    require(not re.search(r"[\x00-\x09\x0b-\x1f]", note), "a control character")
    text, empty, signatures = note.rpartition("\n\n")
    require(empty and signatures.endswith("\n"), "no signatures")
    text += "\n"
    when = None
    found = False
    for line in signatures[:-1].split("\n"):
        match = re.fullmatch("\u2014 ([^ +]+) ([A-Za-z0-9+/=]+)", line)
        require(match, "not a signature")
        data = from_base64(match.group(2))
        if match.group(1) != name or data[:4] != key_id:
            continue
        message, signature = text.encode(), data[4:]
        if kind == 4:
            when = int.from_bytes(signature[:8], "big")
            message = b"cosignature/v1\ntime %d\n" % when + message
            signature = signature[8:]
        require(ed25519.verify(public, message, signature), "a signature that does not hold")
        found = True
    require(found, "not signed by the key")
    return text, when


def open_checkpoint(note, key):
    text, _ = open_note(note, key)
    lines = text[:-1].split("\n")
    require(len(lines) == 3 and lines[0] == read_key(key)[0], "not a checkpoint of this log")
    require(re.fullmatch("0|[1-9][0-9]*", lines[1]), "not a size")
    digest = from_base64(lines[2])
    require(len(digest) == 32, "not a root")
    return int(lines[1]), digest


ENTRY = re.compile(r'\{"assay":"ledger-entry/1","manifest":"([0-9a-f]{64})","host_id":"[a-z0-9-]{1,40}",'
                   r'"sequence":[1-9][0-9]{0,11},"accepted":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}\n')


ACT_ENTRY = re.compile(r'\{"assay":"ledger-act/1","act":"([0-9a-f]{64})","number":([1-9][0-9]{0,11}),'
                       r'"at":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"\}\n')
ACT_KEYS = ["assay", "number", "kind", "record", "at", "token", "name", "details"]


def entry_of_act(text):
    """The line by which the ledger names an act, given the act's canonical bytes."""
    try:
        act = json.loads(text)
    except ValueError:
        raise Refused("not JSON")
    require(isinstance(act, dict) and list(act) == ACT_KEYS and act["assay"] == "act/1", "not an act")
    again = json.dumps(act, ensure_ascii=False, separators=(",", ":")) + "\n"
    require(again == text, "not in its one form")
    require(1 <= act["number"] <= 999999999999, "its number")
    require(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", act["at"]), "its time")
    return '{"assay":"ledger-act/1","act":"%s","number":%d,"at":"%s"}\n' % (
        hashlib.sha256(text.encode()).hexdigest(), act["number"], act["at"])


def verify_proof(text, key):
    """The digest of the manifest, or act, that is proven to be logged."""
    match = re.fullmatch(r"c2sp\.org/tlog-proof@v1\nextra ([^\n]+)\nindex (0|[1-9][0-9]*)\n"
                         r"((?:[^\n]{44}\n)*)\n(.+)", text, re.S)
    require(match, "not a proof of logging")
    entry = from_base64(match.group(1))
    line = entry.decode("utf-8", "replace")
    fields = ENTRY.fullmatch(line) or ACT_ENTRY.fullmatch(line)
    require(fields, "not an entry")
    hashes = [from_base64(line) for line in match.group(3).split()]
    size, signed = open_checkpoint(match.group(4), key)
    require(root_of_inclusion(int(match.group(2)), size, leaf_hash(entry), hashes) == signed,
            "the proof leads to another root")
    return fields.group(1)


# --- the vectors -------------------------------------------------------------------------------

def check(vectors):
    key, entries = vectors["ledger_key"], [text.encode() for text in vectors["entries"]]
    require(read_key(key)[0] == "assay-ledger/" + vectors["ca_fingerprint"], "the key's name")
    leaves = [leaf_hash(entry) for entry in entries]
    count = 0
    for entry in vectors["entries"]:
        require(ENTRY.fullmatch(entry), "an entry")
    for tree in vectors["trees"]:
        require(root(leaves[:tree["size"]]) == from_base64(tree["root"]), "a root")
        count += 1
    for proof in vectors["inclusion"]:
        hashes = [from_base64(text) for text in proof["hashes"]]
        tree = leaves[:proof["size"]]
        require(hashes == inclusion(proof["index"], tree) and root_of_inclusion(
            proof["index"], proof["size"], tree[proof["index"]], hashes) == root(tree), "inclusion")
        count += 1
    for proof in vectors["consistency"]:
        hashes = [from_base64(text) for text in proof["hashes"]]
        older, tree = proof["from"], leaves[:proof["to"]]
        require(hashes == consistency(older, tree) and is_consistent(
            older, len(tree), root(tree[:older]), root(tree), hashes), "consistency")
        count += 1
    for vector in vectors["checkpoints"]:
        size, signed = open_checkpoint(vector["note"], key)
        require((size, signed) == (vector["size"], root(leaves[:size])), vector["name"])
        if "witnessed" in vector:
            require(open_note(vector["note"], vectors["witness_key"])[1] == vector["witnessed"],
                    vector["name"])
        count += 1
    for vector in vectors["proofs"]:
        require(verify_proof(vector["proof"], key) == vector["manifest"], vector["name"])
        count += 1
    for vector in vectors["refused_proofs"]:
        try:
            verify_proof(vector["proof"], key)
        except Refused:
            count += 1
            continue
        raise Refused("accepted: " + vector["name"])
    for vector in vectors["acts"]:
        require(entry_of_act(vector["act"]) == vector["entry"]
                and ACT_ENTRY.fullmatch(vector["entry"]), vector["name"])
        count += 1
    for vector in vectors["refused_acts"]:
        try:
            entry_of_act(vector["act"])
        except Refused:
            count += 1
            continue
        raise Refused("accepted: " + vector["name"])
    return count


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("ledger.json")
    try:
        print("%d vectors agree" % check(json.loads(path.read_text(encoding="utf-8"))))
    except Refused as error:
        sys.exit("ledger.json: %s" % error)
