#!/usr/bin/env python3
"""The client: says over the wire what a careless person's programs say.

    talk.py PROTOCOL SERVER PORT USER PASSWORD
"""
import ftplib
import imaplib
import poplib
import smtplib
import socket
import ssl
import struct
import sys
import time
import urllib.error
import urllib.request


def ftp(server, port, user, password):
    with ftplib.FTP() as client:
        client.connect(server, port, timeout=20)
        try:
            client.login(user, password)
        except ftplib.error_perm:
            pass  # the server does not know the person: the password went in clear all the same


def ftps(server, port, user, password):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with ftplib.FTP_TLS(context=context) as client:
        client.connect(server, port, timeout=20)
        try:
            client.login(user, password)
        except ftplib.error_perm:
            pass


def pop3(server, port, user, password):
    client = poplib.POP3(server, port, timeout=20)
    client.user(user)
    client.pass_(password)
    client.quit()


def imap(server, port, user, password):
    client = imaplib.IMAP4(server, port, timeout=20)
    client.login(user, password)
    client.logout()


def imap_starttls(server, port, user, password):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    client = imaplib.IMAP4(server, port, timeout=20)
    client.starttls(context)
    client.login(user, password)
    client.logout()


def smtp(server, port, user, password):
    with smtplib.SMTP(server, port, local_hostname="client", timeout=20) as client:
        client.login(user, password, initial_response_ok=False)


def http(server, port, user, password):
    manager = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    manager.add_password(None, f"http://{server}:{port}/", user, password)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(manager))
    try:
        opener.open(f"http://{server}:{port}/", timeout=20).read()
    except urllib.error.HTTPError:
        pass


def tls(server, port, version, name, ciphers=""):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if ciphers:
        context.set_ciphers(ciphers)
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, version)
    with socket.create_connection((server, port), timeout=20) as plain:
        with context.wrap_socket(plain, server_hostname=name) as client:
            client.sendall(b"GET / HTTP/1.0\r\n\r\n")
            while client.recv(4096):
                pass


def until(connection, end):
    got = b""
    while end not in got.lower():
        piece = connection.recv(4096)
        if not piece:
            raise EOFError(f"{end} did not come: {got}")
        got += piece


def telnet(server, port, user, password):
    with socket.create_connection((server, port), timeout=20) as client:
        # No option is wanted: DONT for WILL, WONT for DO.
        got = b""
        while b"login:" not in got.lower():
            piece = client.recv(4096)
            if not piece:
                raise EOFError(got)
            for at in range(len(piece) - 2):
                if piece[at] == 255 and piece[at + 1] in (251, 253):
                    client.sendall(bytes((255, 254 if piece[at + 1] == 251 else 252, piece[at + 2])))
            got += piece
        client.sendall(user.encode() + b"\r\n")
        until(client, b"assword:")
        client.sendall(password.encode() + b"\r\n")
        time.sleep(0.3)


def vnc(server, port, _user, _password):
    with socket.create_connection((server, port), timeout=20) as client:
        client.recv(12)
        client.sendall(b"RFB 003.008\n")
        client.recv(3)
        client.sendall(b"\x02")
        client.recv(16)
        client.sendall(b"0123456789abcdef")


def dns(server, port, name, _unused):
    labels = b"".join(bytes((len(label),)) + label.encode() for label in name.split("."))
    question = struct.pack(">6H", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(20)
        client.sendto(question, (server, port))
        client.recv(4096)


def main():
    protocol, server, port, *words = sys.argv[1:]
    globals()[protocol](server, int(port), *words)


main()
