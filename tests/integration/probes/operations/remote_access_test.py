#!/usr/bin/env python3
"""remote_access against xrdp, its session manager and TigerVNC: they run, listen and let in as the table says."""
import os
import pathlib
import re
import socket
import struct
import subprocess

import namespace

PORT = 13389
PLAIN, TLS = 0, 1  # what a client of RDP asks for, and the server selects
LAYERS = {  # for a client that knows no TLS, and one that does
    "tls": (None, TLS), "rdp": (PLAIN, PLAIN), "negotiate": (PLAIN, TLS)}
SESSIONS = [
    "AllowRootLogin=true\nRestrictOutboundClipboard=none\nRestrictInboundClipboard=none\nIdleTimeLimit=0\n",
    "AllowRootLogin=false\nRestrictOutboundClipboard=all\nRestrictInboundClipboard=all\n",
    "allowrootlogin = no\nRestrictOutboundClipboard=true\nRestrictInboundClipboard=Yes\n",
    "AllowRootLogin=1\nRestrictOutboundClipboard=text,file,image\nRestrictInboundClipboard=image, file, text\n",
    "AllowRootLogin=yes\nRestrictOutboundClipboard=text\nRestrictInboundClipboard=all\n",
    "RestrictOutboundClipboard=file, image\n"]
READ_BY_WRAPPER = ("my $read = {wrapperMode => 'tigervncserver'}; getConfig($read); readConfigFile($read, 'mandatory');"
                   "print \"$read->{SecurityTypes} $read->{localhost}\\n\"")
VNC = [
    '$SecurityTypes = "TLSVnc,VncAuth";\n$localhost = "no";\n',
    "$SecurityTypes='VncAuth'; # as before\n$localhost = 'yes';\n",
    '$localhost = "no";   # everybody\n$SecurityTypes = "VncAuth,TLSVnc";\n',
    '  $SecurityTypes="TLSVnc"; $localhost="yes";\n',
    '# $SecurityTypes = "None";\n$SecurityTypes = "TLSVnc"; $localhost = 1;\n']


def row(machine, name):
    rows = machine.rows(f"SELECT * FROM remote_access WHERE name = '{name}'")
    assert len(rows) == 1, rows
    return rows[0]


def with_settings(path, changed):
    """A file of xrdp as it is installed, but for some settings."""
    lines = pathlib.Path(path).read_text().splitlines()
    for key, value in changed.items():
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{key}="))
        lines[at] = f"{key}={value}"
    return "\n".join(lines) + "\n"


def selected(wanted):
    """What the server selects when a client asks for `wanted` (MS-RDPBCGR 2.2.1.1); None: it refuses."""
    request = struct.pack("<BBHI", 1, 0, 8, wanted)
    body = struct.pack(">BBHHB", 6 + len(request), 0xE0, 0, 0, 0) + request
    with socket.create_connection(("127.0.0.1", PORT), 10) as server:
        server.settimeout(10)
        server.sendall(struct.pack(">BBH", 3, 0, 4 + len(body)) + body)
        answer = server.recv(64)
    if len(answer) < 19 or answer[11] != 2:
        return None
    return struct.unpack("<I", answer[15:19])[0]


def is_open(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def test_xrdp_encrypts_as_its_row_says(machine):
    machine.lay_over("/run")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-keyout",
                    machine.folder / "key", "-out", machine.folder / "crt"], check=True, capture_output=True)
    installed = with_settings("/etc/xrdp/xrdp.ini", {
        "port": f"tcp://127.0.0.1:{PORT}", "fork": "false", "certificate": machine.folder / "crt", "key_file": machine.folder / "key",
        "LogFile": machine.folder / "xrdp.log"})
    for layer, takes in LAYERS.items():
        machine.cover("/etc/xrdp/xrdp.ini", installed.replace("security_layer=negotiate", f"security_layer={layer}"))
        daemon = machine.start("xrdp", "--nodaemon")
        machine.wait_for(lambda: is_open(PORT))
        found = row(machine, "xrdp")
        assert (selected(PLAIN), selected(TLS)) == takes, (layer, selected(PLAIN), selected(TLS))
        assert (found["running"], found["listens"], found["ports"]) == (1, 1, str(PORT)), found
        assert found["encryption"] == layer, found
        machine.stop(daemon)
        found = row(machine, "xrdp")
        assert (found["running"], found["listens"]) == (0, 0), found


def test_sessions_are_as_sesman_says(machine):
    machine.lay_over("/run")
    (machine.folder / "run/xrdp/sockdir").mkdir(parents=True)
    for number, settings in enumerate(SESSIONS):
        machine.cover("/etc/xrdp/sesman.ini",
                      f"[Globals]\nListenPort=3350\n[Security]\n{settings}[Sessions]\nIdleTimeLimit={number * 60}\n"
                      f"[Logging]\nLogFile={machine.folder}/sesman.log\nEnableSyslog=false\n")
        daemon = machine.start("xrdp-sesman", "--nodaemon", "--dump-config")
        machine.wait_for(lambda: is_open(3350))
        machine.stop(daemon)  # what it prints is complete only now; of what was printed twice, the last counts
        theirs = dict(re.findall(r"^ +(\w+): +(.*)$", machine.said(), re.M))
        found = row(machine, "xrdp")
        assert found["root_login"] == int(theirs["AllowRootLogin"]), (settings, found)
        assert found["idle_timeout_seconds"] == int(theirs["IdleTimeLimit"]), (settings, found)
        closed = [theirs[f"Restrict{way}boundClipboard"] in ("all", "text,file,image") for way in ("Out", "In")]
        assert found["clipboard_redirection"] == (not all(closed)), (settings, theirs, found)


def test_vnc_lets_in_as_its_wrapper_reads_it(machine):
    for place in ("defaults", "mandatory"):
        for settings in VNC:
            machine.cover(f"/etc/tigervnc/vncserver-config-{place}", settings)
            done = subprocess.run(["perl", "-MTigerVNC::Config", "-e", READ_BY_WRAPPER], capture_output=True, text=True,
                                  env={**os.environ, "HOME": str(machine.folder)}, check=True, timeout=30)
            types, is_local = done.stdout.split()
            found = row(machine, "TigerVNC server")
            assert found["authentication"] == types, (settings, types, found)
            says_so = "listens on the loopback only" in (found["note"] or "")
            assert says_so == (is_local == "1"), (settings, done.stdout, found)


def test_vnc_runs_and_listens(machine):
    server = machine.start("Xtigervnc", ":1", "-localhost", "-SecurityTypes", "None", "-nolock", "-nolisten", "unix")
    machine.wait_for(lambda: is_open(5901))
    found = row(machine, "TigerVNC server")
    assert (found["installed"], found["running"], found["listens"]) == (1, 1, 1), found
    assert "5901" in found["ports"].split(","), found
    machine.stop(server)
    found = row(machine, "TigerVNC server")
    assert (found["running"], found["listens"]) == (0, 0), found


namespace.need("/usr/sbin/xrdp", "/usr/sbin/xrdp-sesman", "/usr/bin/Xtigervnc", "/usr/bin/tigervncserver",
               "/usr/bin/openssl")
namespace.enter()
namespace.run(globals())
