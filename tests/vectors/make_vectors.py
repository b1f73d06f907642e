#!/usr/bin/env python3
"""Makes evidence.json: `tests/vectors/make_vectors.py > tests/vectors/evidence.json`.

Runs give the same bytes: keys are hashes of their names, and signatures take their secret number
from key and message (RFC 6979). The canonical bytes come from check_vectors.py, Assay's own come
out of the unit test that reads the same file; a vector is right when both agree.
The keys are public by their making. Nothing but these vectors may trust them.
"""
import base64
import copy
import hashlib
import hmac
import json
import re
import sys

import certificates as x509
import check_vectors as evidence

HOST = "7b1c6c2e-5f0d-4a53-9d0e-0f2a7f5b9f10"


# --- signing -----------------------------------------------------------------------------------

def der(tag, *contents):
    content = b"".join(contents)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def secret_number(key, digest):
    """RFC 6979 §3.2 for P-256 and SHA-256."""
    seed = key.to_bytes(32, "big") + (int.from_bytes(digest, "big") % x509.N).to_bytes(32, "big")
    k, v = bytes(32), b"\1" * 32
    for step in (b"\0", b"\1"):
        k = hmac.digest(k, v + step + seed, "sha256")
        v = hmac.digest(k, v, "sha256")
    while True:
        v = hmac.digest(k, v, "sha256")
        number = int.from_bytes(v, "big")
        if 0 < number < x509.N:
            return number
        k = hmac.digest(k, v + b"\0", "sha256")
        v = hmac.digest(k, v, "sha256")


def sign(key, message):
    digest = hashlib.sha256(message).digest()
    number = secret_number(key, digest)
    r = x509.times(number, x509.G)[0] % x509.N
    s = (int.from_bytes(digest, "big") + r * key) * pow(number, -1, x509.N) % x509.N
    return der(0x30, integer(r), integer(s))


def key_named(name):
    return int.from_bytes(hashlib.sha256(b"assay test vectors: " + name.encode()).digest(),
                          "big") % x509.N


# --- certificates ------------------------------------------------------------------------------

def name_of(text):
    return der(0x30, der(0x31, der(0x30, der(6, b"\x55\x04\x03"), der(12, text.encode()))))


def certificate(key, issuer_key, subject, issuer, serial, uri, is_ca, valid):
    algorithm = der(0x30, x509.ECDSA_SHA256)
    x, y = x509.times(key, x509.G)
    point = b"\0\4" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    constraints = der(0x30, der(6, x509.BASIC_CONSTRAINTS), der(1, b"\xff"),
                      der(4, der(0x30, der(1, b"\xff") if is_ca else b"")))
    names = der(0x30, der(6, x509.SUBJECT_ALT_NAME), der(4, der(0x30, der(0x86, uri.encode()))))
    signed = der(0x30, der(0xA0, integer(2)), integer(serial), algorithm, name_of(issuer),
                 der(0x30, *[der(0x17, time.encode()) for time in valid]), name_of(subject),
                 der(0x30, der(0x30, x509.P256_KEY), der(3, point)),
                 der(0xA3, der(0x30, constraints, names)))
    whole = der(0x30, signed, algorithm, der(3, b"\0", sign(issuer_key, signed)))
    text = base64.b64encode(whole).decode()
    lines = [text[i:i + 64] for i in range(0, len(text), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


CA_KEY, AGENT_KEY, OTHER_KEY = key_named("CA"), key_named("agent"), key_named("other CA")
TEN_YEARS, A_MONTH = ("260101000000Z", "351231235959Z"), ("261101000000Z", "261201000000Z")
DOMAIN = "spiffe://assay.example"
CA = certificate(CA_KEY, CA_KEY, "Example CA", "Example CA", 1, DOMAIN, True, TEN_YEARS)
OTHER_CA = certificate(OTHER_KEY, OTHER_KEY, "Example CA", "Example CA", 1, DOMAIN, True, TEN_YEARS)
NO_CA = certificate(CA_KEY, CA_KEY, "Example CA", "Example CA", 1, DOMAIN, False, TEN_YEARS)
AGENT = certificate(AGENT_KEY, CA_KEY, HOST, "Example CA", 0x9A3F, DOMAIN + "/agent/" + HOST, False,
                    A_MONTH)


# --- tables ------------------------------------------------------------------------------------

TWO = [["n", "integer"], ["t", "text"]]
BASE = b'{"assay":"table/1","table":"t","version":1,"columns":[["n","integer"],["t","text"]]}\n'


def table(name, columns, rows, title="t", version=1):
    written = evidence.write_table(
        title, version, columns, [[evidence.cell_of(cell) for cell in row] for row in rows])
    return {"name": name, "table": title, "version": version, "columns": columns, "rows": rows,
            "canonical": written.decode(), "digest": evidence.sha256(written)}


def tables():
    return [
        table("the worked example of docs/formats/evidence.md",
              [["uid", "integer"], ["username", "text"]],
              [[1000, "mei-ling"], [0, "root"]], "users"),
        table("empty: looked, and found nothing", TWO, []),
        table("rows are sorted by their bytes, not by their numbers", TWO,
              [[2, "b"], [10, "a"], [-1, "c"], [None, "d"], [1, "e"]]),
        table("a repeated row is there once", TWO, [[1, "a"], [2, "b"], [1, "a"]]),
        table("NULL is not empty text", TWO, [[None, None], [None, ""]]),
        table("the largest integers", TWO, [[{"integer": "9223372036854775807"}, None],
                                           [{"integer": "-9223372036854775808"}, None], [0, None]]),
        table("every control character", [["t", "text"]],
              [[{"hex": "%02x" % code}] for code in [*range(32), 127]]),
        table("quote, backslash, slash", [["t", "text"]], [['"'], ["\\"], ["/"], ['\\"']]),
        table("Chinese, accents and four-byte characters", [["t", "text"]],
              [["資通安全"], ["é"], ["e\u0301"], ["🛡"], ["\u2028"], ["\ufeff"], ["\uffff"]]),
        table("bytes that are not UTF-8", [["t", "text"]],
              [[{"hex": text}] for text in
               ["ff", "80", "c0af", "e8b3", "eda080", "f4908080", "f8888080", "61ff62", "c3a9ff",
                "e8b387e8b3"]]),
        table("names at their limit", [["z" * 64, "text"], ["a0_", "integer"]], [["x", 1]],
              "n" * 64, 12),
        table("64 columns", [["c%d" % i, "integer"] for i in range(64)], [list(range(64))]),
    ]


def refused(name, data):
    try:
        return {"name": name, "text": data.decode()}
    except UnicodeDecodeError:
        return {"name": name, "hex": data.hex()}


def refused_tables():
    rows = [
        ("rows out of order", b"[2,null]\n[1,null]\n"), ("a row twice", b"[1,null]\n[1,null]\n"),
        ("a space", b"[1, null]\n"), ("no line end", b"[1,null]"), ("CRLF", b"[1,null]\r\n"),
        ("an empty line", b"\n"), ("too few cells", b"[1]\n"), ("too many cells", b"[1,null,null]\n"),
        ("a leading zero", b"[01,null]\n"), ("minus zero", b"[-0,null]\n"), ("a plus", b"[+1,null]\n"),
        ("a fraction", b"[1.0,null]\n"), ("an exponent", b"[1e3,null]\n"),
        ("an integer of 65 bits", b"[9223372036854775808,null]\n"),
        ("text in an integer column", b'["1",null]\n'), ("an integer in a text column", b"[1,1]\n"),
        ("true", b"[1,true]\n"), ("an escape that is not needed", b'[1,"\\u0041"]\n'),
        ("an escaped slash", b'[1,"\\/"]\n'), ("a long escape for a line end", b'[1,"\\u000a"]\n'),
        ("an escape in capitals", b'[1,"\\u001F"]\n'), ("a surrogate that stands for no byte",
                                                       b'[1,"\\ud800"]\n'),
        ("an escaped byte below 0x80", b'[1,"\\udc7f"]\n'),
        ("UTF-8 written as escaped bytes", b'[1,"\\udce8\\udcb3\\udc87"]\n'),
        ("a character written as a surrogate pair", b'[1,"\\ud83d\\udee1"]\n'),
        ("a bare byte that is not UTF-8", b'[1,"\xff"]\n'), ("a bare tab", b'[1,"\t"]\n'),
        ("a byte order mark", b"\xef\xbb\xbf[1,null]\n"), ("something behind the last row",
                                                          b"[1,null]\n "),
        ("a cell of 64 KiB and one byte", b'[1,"' + b"x" * 65537 + b'"]\n'),
    ]
    headers = [
        ("nothing at all", b""), ("another format", BASE.replace(b"table/1", b"table/2")),
        ("a capital in the table's name", BASE.replace(b'"t","version', b'"T","version')),
        ("no table name", BASE.replace(b'"t","version', b'"","version')),
        ("version zero", BASE.replace(b":1,", b":0,")),
        ("a column twice", BASE.replace(b'"n"', b'"t"')),
        ("a type that there is not", BASE.replace(b"integer", b"real")),
        ("no columns", BASE.replace(b'["n","integer"],["t","text"]', b"")),
        ("65 columns", BASE.replace(b'["n","integer"]', b",".join(
            b'["c%d","integer"]' % i for i in range(64)))),
        ("keys in another order", b'{"table":"t","assay":"table/1","version":1,"columns":[["n","integer"]]}\n'),
        ("a key more", BASE.replace(b"]}", b'],"more":1}')), ("no line end", BASE[:-1]),
        ("a byte order mark first", b"\xef\xbb\xbf" + BASE),
    ]
    return [refused(name, BASE + data) for name, data in rows] + [
        refused("header: " + name, data) for name, data in headers]


# --- manifests -----------------------------------------------------------------------------------

def manifest_fields(users, sequence=1, previous=None, host=HOST):
    return {
        "host_id": host, "host_name": "web01", "agent_version": "0.1.0",
        "config_digest": evidence.sha256(b""), "profile": "server", "sequence": sequence,
        "previous": previous, "started": "2026-11-21T01:02:03Z", "ended": "2026-11-21T01:02:04Z",
        "tables": [
            {"name": "shadow", "status": "unavailable",
             "reason": "permission_denied: reading /etc/shadow", "digest": None, "rows": 0,
             "bytes": 0, "ms": 1},
            {"name": "users", "status": "ok", "reason": "", "digest": users["digest"], "rows": 2,
             "bytes": len(users["canonical"].encode()), "ms": 2}]}


def manifest(name, fields):
    written = evidence.write_manifest(evidence.fields_of(fields))
    return {"name": name, "fields": fields, "canonical": written.decode(),
            "digest": evidence.sha256(written)}


def repeated_fields(users, previous):
    """Both tables were seen by earlier scans: one of them could not be read then."""
    fields = manifest_fields(users, 3, previous)
    fields["tables"][0].update(ms=0, collected="2026-11-20T23:59:59Z")
    fields["tables"][1].update(ms=0, collected="2026-11-21T01:02:02Z")
    return fields


def refused_repeats(repeated):
    data, time = repeated["canonical"].encode(), b'"collected":"2026-11-21T01:02:02Z"'
    changes = [
        ("collected when the scan began", time, b'"collected":"2026-11-21T01:02:03Z"'),
        ("collected years later", time, b'"collected":"2027-11-20T01:02:02Z"'),
        ("collected at no time", time, b'"collected":""'),
        ("collected: null", time, b'"collected":null'),
        ("collected with an offset", time, b'"collected":"2026-11-20T01:02:02+00:00"'),
        ("collected twice", time, time + b"," + time),
        ("collected before ms", b'"ms":0,' + time, time + b',"ms":0'),
        ("another key behind ms", b'"collected"', b'"repeated"'),
    ]
    assert all(data.replace(old, new, 1) != data for _, old, new in changes)
    return [refused(name, data.replace(old, new, 1)) for name, old, new in changes]


def refused_manifests(good):
    data = good["canonical"].encode()
    changes = [
        ("another format", b"manifest/1", b"manifest/2"), ("a space", b',"profile"', b', "profile"'),
        ("a profile that there is not", b'"server"', b'"phone"'),
        ("a time with an offset", b"01:02:03Z", b"01:02:03+00:00"),
        ("a day that there is not", b"2026-11-21T01:02:03Z", b"2026-11-31T01:02:03Z"),
        ("a second manifest without a previous", b'"sequence":1', b'"sequence":2'),
        ("a first manifest with a previous", b'"previous":null', b'"previous":"%s"' % (b"0" * 64)),
        ("a number of thirteen digits", b'"sequence":1,"previous":null',
         b'"sequence":1000000000000,"previous":"%s"' % (b"0" * 64)),
        ("a leading zero", b'"sequence":1', b'"sequence":01'),
        ("a negative number", b'"ms":1', b'"ms":-1'),
        ("a digest in capitals", good["fields"]["tables"][1]["digest"].encode(),
         good["fields"]["tables"][1]["digest"].upper().encode()),
        ("ok without a digest", b'"digest":"%s"' % good["fields"]["tables"][1]["digest"].encode(),
         b'"digest":null'),
        ("unavailable without a reason", b"permission_denied: reading /etc/shadow", b""),
        ("a status that there is not", b'"unavailable"', b'"skipped"'),
        ("tables out of order", b'"shadow"', b'"zebra"'), ("a table twice", b'"shadow"', b'"users"'),
        ("a table's name that is a path", b'"shadow"', b'"../shadow"'),
        ("a table over 64 MiB", b'"rows":2,"bytes":%d' % good["fields"]["tables"][1]["bytes"],
         b'"rows":2,"bytes":67108865'),
        ("a reason over 1024 bytes", b"permission_denied", b"x" * 1024),
        ("no line end", b"]}\n", b"]}"), ("more behind it", b"]}\n", b"]}\n\n"),
        ("a key less", b'"profile":"server",', b""),
    ]
    assert all(data.replace(old, new, 1) != data for _, old, new in changes)
    return [refused(name, data.replace(old, new, 1)) for name, old, new in changes] + [
        refused("nothing at all", b"")]


# --- signatures ----------------------------------------------------------------------------------

def signature(name, message, value, pem=AGENT):
    facts = x509.read_certificate(pem)
    return {"name": name, "certificate": pem, "host_id": facts["host_id"],
            "serial": facts["serial"], "fingerprint": evidence.sha256(facts["der"]),
            "message": message, "signature": value.hex()}


def signatures(message):
    good = sign(AGENT_KEY, message.encode())
    r, s = x509.read_signature(good)
    accepted = [
        signature("a manifest", message, good),
        signature("nothing", "", sign(AGENT_KEY, b"")),
        signature("the other s of the same signature", message,
                  der(0x30, integer(r), integer(x509.N - s))),
    ]
    refusals = [
        ("another message", message + " ", good), ("another key's", message, sign(CA_KEY, message.encode())),
        ("an altered r", message, der(0x30, integer(r ^ 1), integer(s))),
        ("r is zero", message, der(0x30, integer(0), integer(s))),
        ("s is zero", message, der(0x30, integer(r), integer(0))),
        ("s beyond the order", message, der(0x30, integer(r), integer(s + x509.N))),
        ("a byte behind it", message, good + b"\0"), ("cut", message, good[:-1]), ("empty", message, b""),
        ("a length that is not the shortest", message, b"\x30\x81" + good[1:]),
        ("an INTEGER that is not the shortest", message,
         der(0x30, der(2, b"\0\0" + r.to_bytes(32, "big")), integer(s))),
        ("raw r and s instead of DER", message, r.to_bytes(32, "big") + s.to_bytes(32, "big")),
    ]
    return accepted, [signature(*refusal) for refusal in refusals]


def issued(name, when="2026-11-21T01:02:04Z", pem=AGENT, ca=CA):
    return {"name": name, "certificate": pem, "ca": ca, "when": when}


# --- bundles ---------------------------------------------------------------------------------------

def tar(files, order=sorted):
    out = b""
    for name in order(files):
        out += evidence.tar_header(name, len(files[name])) + files[name]
        out += bytes(-len(out) % 512)
    return out + bytes(1024)


def frame(data, stated=None):
    """A zstd frame without compression, but for runs of zeros: any reader's few lines read it."""
    size = len(data) if stated is None else stated
    out = b"\x28\xb5\x2f\xfd\xe0" + size.to_bytes(8, "little")
    for run in re.findall(rb"\0{16,65536}|(?:(?!\0{16}).){1,65536}", data, re.DOTALL):
        is_repeated = run == bytes(len(run))
        out += (len(run) << 3 | is_repeated << 1).to_bytes(3, "little")
        out += b"\0" if is_repeated else run
    return out + b"\1\0\0"  # a last block, raw and empty


def bundle_files(users, fields, is_signed=True):
    files = {"tables/%s.jsonl" % users["digest"]: users["canonical"].encode()}
    for one in fields:
        content = evidence.write_manifest(one)
        stem = "manifests/%012d-%s" % (one["sequence"], evidence.sha256(content))
        files[stem + ".json"] = content
        if is_signed:
            files[stem + ".sig"] = sign(AGENT_KEY, content)
    if is_signed:
        files["ca.pem"] = CA.encode()
        files["certificates/%s-9a3f.pem" % HOST] = AGENT.encode()
    return files


def bundle(name, files):
    archive = tar(files)
    return {"name": name, "base64": base64.b64encode(frame(archive)).decode(),
            "files": {path: evidence.sha256(files[path]) for path in sorted(files)},
            "archive_digest": evidence.sha256(archive)}


def refused_bundles(good):
    archive = tar(good)
    whole = frame(archive)

    def changed(ending, change):
        files = copy.copy(good)
        path = next(path for path in sorted(files) if path.endswith(ending))
        change(files, path)
        return frame(tar(files))

    def altered(files, path):
        files[path] = files[path][:-3] + bytes([files[path][-3] ^ 1]) + files[path][-2:]

    def renamed(to):
        return lambda files, path: files.__setitem__(to, files.pop(path))

    header = bytearray(archive)
    header[156] = ord("2")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    cases = [
        ("nothing at all", b""), ("a frame that states 1 TiB", frame(archive, 1 << 40)),
        ("a frame that states one byte more", frame(archive, len(archive) + 1)),
        ("a byte behind the frame", whole + b"\0"), ("the frame is cut", whole[:-1]),
        ("the archive is cut", frame(archive[:-512])), ("a block more", frame(archive + bytes(512))),
        ("files out of order", frame(tar(good, lambda files: sorted(files, reverse=True)))),
        ("a symbolic link", frame(bytes(header))),
        ("a wrong checksum", frame(archive[:150] + bytes([archive[150] ^ 1]) + archive[151:])),
        ("no zero padding", frame(archive.replace(b"\n" + bytes(16), b"\n" + bytes(15) + b"x", 1))),
        ("an absolute name", changed("ca.pem", renamed("/ca.pem"))),
        ("a name that leads out", changed("ca.pem", renamed("../ca.pem"))),
        ("a file that does not belong", changed("ca.pem", renamed("readme.txt"))),
        ("an altered table", changed(".jsonl", altered)),
        ("an altered manifest", changed(".json", altered)),
        ("an altered signature", changed(".sig", altered)),
        ("a missing table", changed(".jsonl", lambda files, path: files.pop(path))),
        ("a missing signature", changed(".sig", lambda files, path: files.pop(path))),
        ("a missing manifest", changed(".json", lambda files, path: files.pop(path))),
        ("a missing certificate", changed("9a3f.pem", lambda files, path: files.pop(path))),
        ("a missing CA", changed("ca.pem", lambda files, path: files.pop(path))),
        ("another CA", changed("ca.pem", lambda files, path: files.update({path: OTHER_CA.encode()}))),
        ("a certificate under another name", changed("9a3f.pem", renamed(
            "certificates/%s-9a40.pem" % HOST))),
        ("a table that nobody lists", changed(".jsonl", lambda files, path: files.update(
            {"tables/%s.jsonl" % evidence.sha256(BASE): BASE}))),
    ]
    return [{"name": name, "base64": base64.b64encode(data).decode()} for name, data in cases]


def broken_chain(users, first):
    second = manifest_fields(users, 2, evidence.sha256(b"another"))
    files = bundle_files(users, [first, second])
    return {"name": "a broken chain", "base64": base64.b64encode(frame(tar(files))).decode()}


def main():
    all_tables = tables()
    users = all_tables[0]
    first = manifest("the worked example of docs/formats/evidence.md", manifest_fields(users))
    second = manifest("a second one", manifest_fields(users, 2, first["digest"]))
    alone = manifest("of a host that is not enrolled", manifest_fields(users, 0, None, ""))
    third = manifest("a third one that repeats what earlier scans saw",
                     repeated_fields(users, second["digest"]))
    odd = manifest_fields(users)
    odd["host_name"] = {"hex": (b"w\xff\"\n" + "資安".encode()).hex()}
    odd["profile"], odd["tables"] = "pc", []
    accepted, refusals = signatures(first["canonical"])
    good = bundle_files(users, [first["fields"], second["fields"]])
    vectors = {
        "about": "Vectors of docs/formats/evidence.md, made by make_vectors.py beside this file. "
                 "A cell is null, a number, text, {hex: bytes} or {integer: decimal digits}. "
                 "Refused inputs are given as text, or as hex when they are not UTF-8.",
        "tables": all_tables, "refused_tables": refused_tables(),
        "manifests": [first, second, alone, manifest("an odd host name, no tables", odd), third],
        "refused_manifests": refused_manifests(first) + refused_repeats(third),
        "signatures": accepted, "refused_signatures": refusals,
        "issued": [issued("in its time"), issued("in its first second", "2026-11-01T00:00:00Z"),
                   issued("shortly before its end", "2026-11-30T23:59:59Z")],
        "refused_issued": [
            issued("before its time", "2026-10-31T23:59:59Z"),
            issued("after its time", "2026-12-01T00:00:01Z"), issued("by another CA", ca=OTHER_CA),
            issued("by something that is no CA", ca=NO_CA), issued("by an agent", pem=CA, ca=AGENT)],
        "bundles": [bundle("two manifests, one table", good),
                    bundle("not enrolled: nothing is signed",
                           bundle_files(users, [alone["fields"]], False))],
        "refused_bundles": refused_bundles(good) + [broken_chain(users, first["fields"])],
    }
    json.dump(vectors, sys.stdout, ensure_ascii=True, indent=1)
    print()


if __name__ == "__main__":
    main()
