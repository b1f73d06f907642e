#!/usr/bin/env python3
"""Writes a capture of mixed traffic for the sensor's bench.

    make_capture.py FILE MEGABYTES          connections of a company, 200 at a time; FILE.pcapng: in that form
    make_capture.py --flood FILE COUNT      so many SYNs from as many addresses
"""
import random
import struct
import sys

MAC = bytes.fromhex("020000000002020000000001")
RANDOM = random.Random(5)
BULK = RANDOM.randbytes(1 << 16)


def packet(source, target, protocol, body):
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(body), 1, 0x4000, 64, protocol, 0, source, target)
    return MAC + b"\x08\x00" + ip + body


def tcp(source, target, ports, sequence, flags, data=b""):
    header = struct.pack(">HHIIBBHHH", *ports, sequence & 0xffffffff, 0, 0x50, flags, 1024, 0, 0)
    return packet(source, target, 6, header + data)


def udp(source, target, ports, data):
    return packet(source, target, 17, struct.pack(">HHHH", *ports, 8 + len(data), 0) + data)


def tls_hellos(name):
    entry = b"\x00" + struct.pack(">H", len(name)) + name
    names = struct.pack(">HHH", 0, len(entry) + 2, len(entry)) + entry
    share = struct.pack(">HH", 51, 1200) + BULK[:1200]
    extensions = share + names
    body = (b"\x03\x03" + BULK[:32] + b"\x00" + struct.pack(">H", 34) + BULK[:34] + b"\x01\x00" +
            struct.pack(">H", len(extensions)) + extensions)
    client = b"\x16\x03\x01" + struct.pack(">HI", len(body) + 4, 0x01000000 | len(body)) + body
    chosen = struct.pack(">HHH", 43, 2, 0x0304)
    body = b"\x03\x03" + BULK[:32] + b"\x00" + b"\x13\x01\x00" + struct.pack(">H", len(chosen)) + chosen
    server = b"\x16\x03\x03" + struct.pack(">HI", len(body) + 4, 0x02000000 | len(body)) + body
    return client, server


def beginning(kind, number):
    """What client and server say first, in turns; the client begins."""
    if kind < 6:
        client, server = tls_hellos(b"host%d.example" % (number % 500))
        return [client, server]
    if kind < 8:
        return [b"GET /%d HTTP/1.1\r\nHost: www%d.example\r\nAuthorization: Basic eDp5\r\n\r\n" % (number, number % 50),
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"]
    if kind < 9:
        return [b"", b"220 files\r\n", b"USER x\r\n", b"331 ?\r\n", b"PASS y\r\n", b"230 ok\r\n"]
    return [BULK[number % 999:][:300], BULK[number % 777:][:200]]


def connection(number):
    """The packets of one connection, half of the bytes towards the client."""
    client = struct.pack(">I", 0x0a010000 + RANDOM.randrange(2000))
    server = struct.pack(">I", 0x0a020000 + RANDOM.randrange(200))
    kind = RANDOM.randrange(12)
    if kind >= 10:  # a name is asked for
        name = b"\x06host%02d\x07example\x00\x00\x01\x00\x01" % (number % 100)
        ports = (20000 + number % 40000, 53)
        yield udp(client, server, ports, struct.pack(">6H", number & 0xffff, 0x100, 1, 0, 0, 0) + name)
        yield udp(server, client, ports[::-1], struct.pack(">6H", number & 0xffff, 0x8180, 1, 1, 0, 0) + name +
                  b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04" + server)
        return
    ports = (20000 + number % 40000, (443, 443, 443, 443, 443, 443, 80, 8080, 21, 9999)[kind])
    at = [number * 7919, number * 104729]
    yield tcp(client, server, ports, at[0], 2)
    yield tcp(server, client, ports[::-1], at[1], 18)
    at = [at[0] + 1, at[1] + 1]
    for turn, said in enumerate(beginning(kind, number)):
        side = turn % 2
        ends = (client, server, ports) if side == 0 else (server, client, ports[::-1])
        yield tcp(*ends, at[side], 24, said)
        at[side] += len(said)
    # Most connections are short; a few carry most of the bytes.
    for _ in range(int(RANDOM.paretovariate(1.1) * 8) % 3000):
        data = BULK[at[1] % 60000:][:RANDOM.choice((1460, 1460, 1460, 700, 120))]
        yield tcp(server, client, ports[::-1], at[1], 16, data)
        at[1] += len(data)
        if RANDOM.random() < 0.4:
            yield tcp(client, server, ports, at[0], 16)
    yield tcp(client, server, ports, at[0], 17)
    yield tcp(server, client, ports[::-1], at[1], 17)


def mixed(limit):
    under_way = []
    number = 0
    while limit > 0:
        while len(under_way) < 200:
            under_way.append(connection(number))
            number += 1
        at = RANDOM.randrange(len(under_way))
        for _ in range(4):
            frame = next(under_way[at], None)
            if frame is None:
                under_way[at] = under_way[-1]
                under_way.pop()
                break
            limit -= len(frame) + 16
            yield frame


def flood(count):
    target = bytes((10, 2, 0, 1))
    for number in range(count):
        source = struct.pack(">I", 0x0b000000 + number)
        yield tcp(source, target, (1024 + number % 60000, 443), number, 2)


def main():
    words = sys.argv[1:]
    is_flood = words[0] == "--flood"
    path, size = words[1:] if is_flood else words
    frames = flood(int(size)) if is_flood else mixed(int(size) * 1_000_000)
    count = 0
    is_new = path.endswith(".pcapng")
    with open(path, "wb", buffering=1 << 20) as out:
        if is_new:
            out.write(struct.pack("<IIIHHqI", 0x0a0d0d0a, 28, 0x1a2b3c4d, 1, 0, -1, 28))
            out.write(struct.pack("<IIHHII", 1, 20, 1, 0, 262144, 20))
        else:
            out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, 1))
        for frame in frames:
            seconds, size = 1764000000 + count // 50000, len(frame)
            if is_new:
                length = 32 + (size + 3) // 4 * 4
                ticks = seconds * 1000000
                out.write(struct.pack("<IIIIIII", 6, length, 0, ticks >> 32, ticks & 0xffffffff, size, size))
                out.write(frame + b"\0" * (-size % 4) + struct.pack("<I", length))
            else:
                out.write(struct.pack("<IIII", seconds, 0, size, size))
                out.write(frame)
            count += 1
    print(count)


main()
