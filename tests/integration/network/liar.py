"""Answers SYNs for one port, which its own machine drops, with SYN-ACKs that acknowledge something
else: liar.py PORT. Says "ready"; counts what it sent when its input ends."""
import select
import socket
import struct
import sys


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


port, sent = int(sys.argv[1]), 0
seen = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
lies = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP)
print("ready", flush=True)
while True:
    ready, _, _ = select.select([seen, sys.stdin], [], [])
    if sys.stdin in ready:
        break
    packet = seen.recv(2048)
    if packet[9] != 6 or struct.unpack(">H", packet[22:24])[0] != port or packet[33] != 0x02:
        continue
    theirs, = struct.unpack(">H", packet[20:22])
    sequence, = struct.unpack(">I", packet[24:28])
    for guess in (sequence, sequence + 2, 1):
        tcp = struct.pack(">HHIIBBHHH", port, theirs, 7, guess & 0xffffffff, 0x50, 0x12, 1024, 0, 0)
        pseudo = packet[16:20] + packet[12:16] + struct.pack(">HH", 6, len(tcp))
        tcp = tcp[:16] + struct.pack(">H", checksum(pseudo + tcp)) + tcp[18:]
        lies.sendto(tcp, (socket.inet_ntoa(packet[12:16]), 0))
        sent += 1
print(sent, flush=True)
