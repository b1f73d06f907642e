"""A name server on 127.0.0.1, over UDP and TCP, whose one answer is that there is nothing of the kind: name_server.py PORT."""
import socket
import sys
import threading


def answer(query):
    return query[:2] + b"\x81\x80" + query[4:]


def serve_tcp(listener):
    while True:
        connection, _ = listener.accept()
        with connection:
            query = connection.recv(4096)
            connection.sendall(query[:2] + answer(query[2:]))


PORT = int(sys.argv[1])
threading.Thread(target=serve_tcp, args=(socket.create_server(("127.0.0.1", PORT)),), daemon=True).start()
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.bind(("127.0.0.1", PORT))
    while True:
        question, peer = server.recvfrom(4096)
        server.sendto(answer(question), peer)
