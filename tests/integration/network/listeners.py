"""Listens on many ports until its input ends: listeners.py FAMILY PORT…  (4, 6 or both); says "ready"."""
import resource
import socket
import sys

family, ports = sys.argv[1], list(map(int, sys.argv[2:]))
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
kept = []
for port in ports:
    for kind, host in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
        if family not in ("both", "4" if kind == socket.AF_INET else "6"):
            continue
        one = socket.socket(kind, socket.SOCK_STREAM)
        if kind == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind((host, port))
        one.listen(16)
        kept.append(one)
print("ready", flush=True)
sys.stdin.read()
