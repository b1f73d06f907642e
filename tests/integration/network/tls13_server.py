"""A server of TLS 1.3 (RFC 8446) that says what it is told to behind its ServerHello, be it nothing that a library would
say: the certificate is any bytes. One suite, TLS_CHACHA20_POLY1305_SHA256, and one group, x25519; what it signs is
garbage, which the audit does not look at. Written out here because no library can be brought to do this."""
import hashlib
import hmac
import os
import struct

SUITE, X25519 = b"\x13\x03", b"\x00\x1d"
PRIME = 2**255 - 19
RETRY = hashlib.sha256(b"HelloRetryRequest").digest()


def x25519(scalar, point=(9).to_bytes(32, "little")):
    """RFC 7748 5."""
    k = int.from_bytes(scalar, "little") & ~7 & ~(1 << 255) | 1 << 254
    x1 = int.from_bytes(point, "little") & (1 << 255) - 1
    x2, z2, x3, z3, swap = 1, 0, x1, 1, 0
    for t in reversed(range(255)):
        bit = k >> t & 1
        if swap ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swap = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % PRIME, b * b % PRIME, d * a % PRIME, c * b % PRIME
        e = aa - bb
        x3, z3 = pow(da + cb, 2, PRIME), x1 * pow(da - cb, 2, PRIME) % PRIME
        x2, z2 = aa * bb % PRIME, e * (aa + 121665 * e) % PRIME
    if swap:
        x2, z2 = x3, z3
    return (x2 * pow(z2, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little")


def chacha20(key, counter, nonce, data):
    """RFC 8439 2.4."""
    out = b""
    for at in range(0, len(data), 64):
        first = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, *struct.unpack("<8L", key), counter + at // 64,
                 *struct.unpack("<3L", nonce)]
        now = list(first)
        for _ in range(10):
            for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                               (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
                for x, y, z, left in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                    now[x] = now[x] + now[y] & 0xffffffff
                    turned = now[z] ^ now[x]
                    now[z] = (turned << left | turned >> 32 - left) & 0xffffffff
        stream = struct.pack("<16L", *((one + other) & 0xffffffff for one, other in zip(now, first)))
        out += bytes(one ^ other for one, other in zip(data[at:at + 64], stream))
    return out


def poly1305(key, data):
    """RFC 8439 2.5."""
    r = int.from_bytes(key[:16], "little") & 0x0ffffffc0ffffffc0ffffffc0fffffff
    total = 0
    for at in range(0, len(data), 16):
        total = (total + int.from_bytes(data[at:at + 16] + b"\x01", "little")) * r % ((1 << 130) - 5)
    return (total + int.from_bytes(key[16:], "little") & (1 << 128) - 1).to_bytes(16, "little")


def sealed(key, nonce, head, data):
    """RFC 8439 2.8."""
    def padded(part):
        return part + bytes(-len(part) % 16)
    text = chacha20(key, 1, nonce, data)
    lengths = struct.pack("<QQ", len(head), len(text))
    return text + poly1305(chacha20(key, 0, nonce, bytes(32)), padded(head) + padded(text) + lengths)


def derived(secret, label, context, length=32):
    """HKDF-Expand-Label of RFC 8446 7.1, for one block."""
    name = b"tls13 " + label
    info = struct.pack(">HB", length, len(name)) + name + bytes([len(context)]) + context
    return hmac.digest(secret, info + b"\x01", "sha256")[:length]


def block(width, body):
    return len(body).to_bytes(width, "big") + body


def message(kind, body):
    return bytes([kind]) + block(3, body)


def record(kind, body):
    return bytes([kind]) + b"\x03\x03" + block(2, body)


def extensions_of(hello):
    """Of a ClientHello in one record, by their numbers; and its suites."""
    at = 44 + hello[43]
    suites = hello[at + 2:at + 2 + int.from_bytes(hello[at:at + 2], "big")]
    at += 2 + len(suites)
    at += 1 + hello[at] + 2
    found = {}
    while at < len(hello):
        length = int.from_bytes(hello[at + 2:at + 4], "big")
        found[hello[at:at + 2]] = hello[at + 4:at + 4 + length]
        at += 4 + length
    return found, [suites[i:i + 2] for i in range(0, len(suites), 2)]


def words(data):
    return [data[i:i + 2] for i in range(0, len(data), 2)]


def shares_of(extension):
    at, found = 2, {}
    while at < len(extension):
        length = int.from_bytes(extension[at + 2:at + 4], "big")
        found[extension[at:at + 2]] = extension[at + 4:at + 4 + length]
        at += 4 + length
    return found


def received_record(connection):
    data = b""
    while len(data) < 5 or len(data) < 5 + int.from_bytes(data[3:5], "big"):
        more = connection.recv(1 if len(data) < 5 else 5 + int.from_bytes(data[3:5], "big") - len(data))
        if not more:
            return b""
        data += more
    return data


def certificates(*chain):
    """The body of a Certificate message (RFC 8446 4.4.2)."""
    return b"\0" + block(3, b"".join(block(3, one) + b"\0\0" for one in chain))


class Tls13Server:
    """To be a Hostile's `talk`. `flight(finished)`: the messages behind EncryptedExtensions, as bytes; `finished(messages)`
    is the right Finished behind those."""

    def __init__(self, flight):
        self.flight, self.handshakes = flight, 0

    def __call__(self, connection):
        hello = received_record(connection)
        if hello[:1] != b"\x16":
            return
        found, suites = extensions_of(hello)
        if b"\x03\x04" not in words(found.get(b"\0\x2b", b"")[1:]):
            return connection.sendall(record(21, b"\x02\x46"))
        if SUITE not in suites or X25519 not in words(found.get(b"\0\x0a", b"")[2:]):
            return connection.sendall(record(21, b"\x02\x28"))
        share = shares_of(found.get(b"\0\x33", b"")).get(X25519)
        if share is None:
            return connection.sendall(record(22, self.hello(hello, RETRY, X25519)))
        self.shake_hands(connection, hello, share)

    @staticmethod
    def hello(client, random, share):
        more = b"\0\x2b" + block(2, b"\x03\x04") + b"\0\x33" + block(2, share)
        return message(2, b"\x03\x03" + random + client[43:44 + client[43]] + SUITE + b"\0" + block(2, more))

    def shake_hands(self, connection, hello, share):
        own = os.urandom(32)
        said = self.hello(hello, os.urandom(32), X25519 + block(2, x25519(own)))
        connection.sendall(record(22, said))
        zero, nothing = bytes(32), hashlib.sha256().digest()
        early = hmac.digest(zero, zero, "sha256")
        secret = hmac.digest(derived(early, b"derived", nothing), x25519(own, share), "sha256")
        transcript = hello[5:] + said
        traffic = derived(secret, b"s hs traffic", hashlib.sha256(transcript).digest())
        key, nonce = derived(traffic, b"key", b""), derived(traffic, b"iv", b"", 12)
        encrypted = message(8, block(2, b""))

        def finished(messages):
            digest = hashlib.sha256(transcript + encrypted + messages).digest()
            return message(20, hmac.digest(derived(traffic, b"finished", b""), digest, "sha256"))
        data = encrypted + self.flight(finished)
        for number, at in enumerate(range(0, len(data), 16_000)):
            inside = data[at:at + 16_000] + b"\x16"
            head = b"\x17\x03\x03" + (len(inside) + 16).to_bytes(2, "big")
            own_nonce = bytes(a ^ b for a, b in zip(nonce, number.to_bytes(12, "big")))
            connection.sendall(head + sealed(key, own_nonce, head, inside))
        self.handshakes += 1
        while connection.recv(4096):
            pass
