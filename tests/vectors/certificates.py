"""ECDSA on P-256, DER and certificates, as far as Assay's evidence needs them, from the standards.

Plain integers of Python's: right, slow, and not for keys that are worth anything.
"""
import base64
import datetime
import hashlib
import re


class Refused(Exception):
    """These bytes are not evidence; the text says why."""


def require(condition, reason):
    if not condition:
        raise Refused(reason)


# --- ECDSA P-256 (FIPS 186-5, SEC 1) -----------------------------------------------------------

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def add_points(a, b):
    if a is None or b is None:
        return b if a is None else a
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(number, point):
    total = None
    while number:
        if number & 1:
            total = add_points(total, point)
        point, number = add_points(point, point), number >> 1
    return total


def verify_ecdsa(point, message, signature):
    r, s = read_signature(signature)
    require(0 < r < N and 0 < s < N, "a signature out of range")
    e, w = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, -1, N)
    found = add_points(times(e * w % N, G), times(r * w % N, point))
    require(found is not None and found[0] % N == r, "not that key's signature over these bytes")


# --- DER, certificates (X.690, RFC 5280) --------------------------------------------------------

def read_der(data, at=0):
    """The tag, content and end of the value at `at`; definite lengths in shortest form only."""
    require(at + 2 <= len(data), "DER is cut")
    tag, length, at = data[at], data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        require(1 <= count <= 4 and at + count <= len(data), "a DER length")
        length = int.from_bytes(data[at:at + count], "big")
        require(length >= 0x80 and data[at] != 0, "a DER length that is not the shortest")
        at += count
    require(at + length <= len(data), "DER is cut")
    return tag, data[at:at + length], at + length


def children(data):
    found, at = [], 0
    while at < len(data):
        tag, content, at = read_der(data, at)
        found.append((tag, content))
    return found


def read_integer(tag, content):
    require(tag == 2 and content, "not an INTEGER")
    require(len(content) == 1 or content[0] or content[1] & 0x80, "not the shortest INTEGER")
    return int.from_bytes(content, "big", signed=True)


def read_signature(data):
    tag, content, end = read_der(data)
    require(tag == 0x30 and end == len(data), "a signature is one SEQUENCE")
    numbers = children(content)
    require(len(numbers) == 2, "a signature is two INTEGERs")
    return [read_integer(*number) for number in numbers]


ECDSA_SHA256 = bytes.fromhex("06082a8648ce3d040302")
P256_KEY = bytes.fromhex("06072a8648ce3d020106082a8648ce3d030107")
SUBJECT_ALT_NAME = bytes.fromhex("551d11")
BASIC_CONSTRAINTS = bytes.fromhex("551d13")


def read_pem(text):
    found = re.fullmatch(r"-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=\n]+)\n"
                         r"-----END CERTIFICATE-----\n", text)
    require(found, "not one certificate in PEM")
    return base64.b64decode(found.group(1))


def read_validity(tag, content):
    form = {0x17: "%y%m%d%H%M%SZ", 0x18: "%Y%m%d%H%M%SZ"}[tag]
    return datetime.datetime.strptime(content.decode(), form).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_certificate(text):
    der = read_pem(text)
    outer = children(read_der(der)[1])
    require(len(outer) == 3 and outer[1][1] == ECDSA_SHA256, "not ECDSA with SHA-256")
    whole = read_der(der)[1]
    signed = whole[:read_der(whole)[2]]
    parts = children(outer[0][1])
    facts = {"der": der, "signed": signed, "signature": outer[2][1][1:],
             "serial": parts[1][1].lstrip(b"\0").hex(), "issuer": parts[3][1],
             "subject": parts[5][1], "host_id": "", "is_ca": False}
    facts["not_before"], facts["not_after"] = [read_validity(*t) for t in children(parts[4][1])]
    algorithm, key = children(parts[6][1])
    require(algorithm[1] == P256_KEY and key[1][:2] == b"\0\4" and len(key[1]) == 66,
            "not a P-256 key")
    x, y = int.from_bytes(key[1][2:34], "big"), int.from_bytes(key[1][34:], "big")
    require((y * y - (x * x * x - 3 * x + B)) % P == 0, "a key that is not on the curve")
    facts["point"] = (x, y)
    for _, extension in children(read_der(parts[7][1])[1]):
        fields = children(extension)
        value = read_der(fields[-1][1])[1]
        if fields[0][1] == BASIC_CONSTRAINTS:
            facts["is_ca"] = (1, b"\xff") in children(value)
        if fields[0][1] == SUBJECT_ALT_NAME:
            for tag, name in children(value):
                found = re.fullmatch(rb"spiffe://[a-z0-9._-]+/agent/([a-z0-9-]{1,40})", name)
                if tag == 0x86 and found:
                    facts["host_id"] = found.group(1).decode()
    return facts


def verify_issued(certificate, ca, when):
    leaf, issuer = read_certificate(certificate), read_certificate(ca)
    require(issuer["is_ca"], "the CA may not issue")
    require(leaf["issuer"] == issuer["subject"], "issued by another")
    verify_ecdsa(issuer["point"], leaf["signed"], leaf["signature"])
    for facts in (leaf, issuer):
        require(facts["not_before"] <= when <= facts["not_after"], "not valid at that time")
