#!/usr/bin/env python3
"""Servers that no small package has, as far as a log-in goes.

    peer.py smtp PORT     takes any log-in, offers TLS that nobody asks for
    peer.py vnc PORT      asks for the challenge of VNC
"""
import socket
import sys


def smtp(connection):
    lines = connection.makefile("rb")
    connection.sendall(b"220 peer ESMTP\r\n")
    for line in lines:
        word = line.split()[0].upper() if line.split() else b""
        if word in (b"EHLO", b"HELO"):
            connection.sendall(b"250-peer\r\n250-STARTTLS\r\n250 AUTH LOGIN\r\n")
        elif word == b"AUTH":
            connection.sendall(b"334 VXNlcm5hbWU6\r\n")
            lines.readline()
            connection.sendall(b"334 UGFzc3dvcmQ6\r\n")
            lines.readline()
            connection.sendall(b"235 welcome\r\n")
        elif word == b"QUIT":
            connection.sendall(b"221 bye\r\n")
            return
        else:
            connection.sendall(b"250 fine\r\n")


def vnc(connection):
    connection.sendall(b"RFB 003.008\n")
    connection.recv(12)
    connection.sendall(b"\x01\x02")
    connection.recv(1)
    connection.sendall(b"c" * 16)
    connection.recv(16)
    connection.sendall(b"\0\0\0\0")


def main():
    serve = {"smtp": smtp, "vnc": vnc}[sys.argv[1]]
    with socket.create_server(("0.0.0.0", int(sys.argv[2]))) as listener:
        while True:
            connection, _ = listener.accept()
            with connection:
                serve(connection)


main()
