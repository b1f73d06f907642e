#!/usr/bin/env python3
"""Carries connections from one address to another: relay.py FROM TO, each a port of 127.0.0.1 or a socket's path.

Two of them, with a socket in the file system between, join two network namespaces.
"""
import pathlib
import socket
import sys
import threading


def listening(address):
    if address.isdigit():
        return socket.create_server(("127.0.0.1", int(address)))
    path = pathlib.Path(address)
    path.unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX)
    server.bind(address)
    server.listen(16)
    return server


def connected(address):
    if address.isdigit():
        return socket.create_connection(("127.0.0.1", int(address)), timeout=30)
    client = socket.socket(socket.AF_UNIX)
    client.connect(address)
    return client


def carry(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        sink.close()


def main(begin, end):
    server = listening(begin)
    while True:
        near, _ = server.accept()
        try:
            far = connected(end)
        except OSError:
            near.close()
            continue
        for pair in ((near, far), (far, near)):
            threading.Thread(target=carry, args=pair, daemon=True).start()


main(*sys.argv[1:])
