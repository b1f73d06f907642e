#!/usr/bin/env python3
"""A leg in a VLAN, for kernels without 802.1Q of their own: vlan_leg.py CABLE VLAN ADDRESS…

Makes a network device NAME.VLAN whose frames leave by the cable with a tag and come in by it without; says "ready". What
crosses the cable is what a kernel's own VLAN device would send."""
import fcntl
import os
import select
import socket
import struct
import subprocess
import sys

TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 2, 0x1000
SOL_PACKET, PACKET_AUXDATA, TP_STATUS_VLAN_VALID = 263, 8, 1 << 4
ETH_P_ALL, ETH_P_8021Q = 3, 0x8100


def tag_of(ancillary):
    """The kernel takes the tag off what comes in, and tells it beside."""
    for level, kind, data in ancillary:
        if (level, kind) == (SOL_PACKET, PACKET_AUXDATA):
            status, _, _, _, _, tag = struct.unpack_from("=IIIHHH", data)
            return tag & 0xFFF if status & TP_STATUS_VLAN_VALID else None
    return None


def main(cable, vlan, *addresses):
    leg = f"{cable}.{vlan}"
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", leg.encode(), IFF_TAP | IFF_NO_PI))
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL)) as wire:
        wire.bind((cable, ETH_P_ALL))
        wire.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
        mac = wire.getsockname()[4].hex(":")
        for words in (("link", "set", "dev", leg, "address", mac), ("link", "set", "dev", leg, "mtu", "1496"),
                      *(("address", "add", address, "dev", leg) + (("nodad",) if ":" in address else ())
                        for address in addresses), ("link", "set", "dev", leg, "up")):
            subprocess.run(["ip", *words], check=True, timeout=30, stdin=subprocess.DEVNULL)
        print("ready", flush=True)
        tag = struct.pack(">HH", ETH_P_8021Q, int(vlan))
        while True:
            for ready in select.select([device, wire], [], [])[0]:
                if ready is wire:
                    frame, ancillary, _, sender = wire.recvmsg(65536, 256)
                    if sender[2] != socket.PACKET_OUTGOING and tag_of(ancillary) == int(vlan):
                        os.write(device, frame)
                else:
                    frame = os.read(device, 65536)
                    wire.send(frame[:12] + tag + frame[12:])


main(*sys.argv[1:])
