#!/usr/bin/env python3
"""assay-agent services against servers of the back rooms: VNC in its kinds of security, rlogin and rexec, TFTP, NTP,
NFS with its port mapper, and a container engine's API without a log-in."""
import subprocess
import sys

from servers import free_display, free_port, must, run_tests
from services_found import expect, found, found_in_time


def start_vnc(servers, kinds, *more):
    port = free_port()
    password = servers.folder / "vnc-password"
    password.write_bytes(subprocess.run(["tigervncpasswd", "-f"], input=b"not-asked", capture_output=True,
                                        check=True, timeout=30).stdout)
    servers.certificate("server")
    number = free_display()
    servers.start("Xtigervnc", f":{number}", "-nolock", "-listen", "tcp", "-nolisten", "unix", "-nolisten", "local",
                  "-rfbport", port, "-interface", "127.0.0.1", "-SecurityTypes", kinds, "-PasswordFile", password,
                  "-X509Cert", servers.folder / "server.crt", "-X509Key", servers.folder / "server.key", *more, port=port)
    return port


def test_vnc(servers):
    kinds = {kind: start_vnc(servers, kind) for kind in
             ("None", "VncAuth", "VncAuth,None", "TLSVnc,X509Vnc", "TLSNone", "X509Plain,VncAuth", "RA2")}
    rows = found(servers, *kinds.values())
    expected = {"None": ("none", {"none"}), "VncAuth": ("required", {"vnc"}), "VncAuth,None": ("none", {"vnc", "none"}),
                "TLSVnc,X509Vnc": ("required", {"vencrypt", "vencrypt-tls-vnc", "vencrypt-x509-vnc"}),
                "TLSNone": ("none", {"vencrypt", "vencrypt-tls-none"}),
                "X509Plain,VncAuth": ("required", {"vnc", "vencrypt", "vencrypt-vnc", "vencrypt-x509-plain"}),
                "RA2": ("required", {"ra2"})}
    for kind, port in kinds.items():
        expect(rows[port], status="ok", protocol="vnc", authentication=expected[kind][0])
        assert rows[port]["details"]["security_type"] == expected[kind][1], (kind, rows[port])


def start_inetd(servers, programs):
    """The port of each program, by name."""
    ports = {name: free_port() for name in programs}
    (servers.folder / "inetd.conf").write_text("".join(
        f"127.0.0.1:{ports[name]} {kind} root {words}\n" for name, (kind, words) in programs.items()))
    first = next(port for name, port in ports.items() if programs[name][0].startswith("stream"))
    servers.start("/usr/sbin/inetd", "-i", servers.folder / "inetd.conf", port=first)
    return ports


def test_rlogin_and_rexec_and_an_rsh_that_keeps_silent(servers):
    ports = start_inetd(servers, {name: ("stream tcp nowait", f"/usr/sbin/in.{name}d in.{name}d")
                                  for name in ("rlogin", "rexec", "rsh")})
    rows = found(servers, *ports.values())
    for name in ("rlogin", "rexec"):
        expect(rows[ports[name]], status="ok", protocol=name, tls="none", cleartext_login=1, authentication="required")
    # It talks to ports below 1024 only, from which we never come: unknown, and the reason says so.
    expect(rows[ports["rsh"]], status="unrecognised", protocol=None)
    assert "hangs up without a word" in rows[ports["rsh"]]["detail"], rows[ports["rsh"]]


def test_tftp(servers):
    shares = servers.folder / "shares"
    shares.mkdir()
    port = free_port()
    process = subprocess.Popen(["/usr/sbin/in.tftpd", "-L", "-a", f"127.0.0.1:{port}", "-u", "nobody", "-s", shares],
                               stdin=subprocess.DEVNULL, start_new_session=True)
    servers.running.append(process)
    expect(found_in_time(servers, f"{port}/udp"), status="ok", protocol="tftp", tls="none", authentication="none")


def test_ntp(servers):
    port = free_port()
    settings = servers.folder / "chrony.conf"
    settings.write_text(f"port {port}\nbindaddress 127.0.0.1\nallow 127.0.0.1\nlocal stratum 7\ncmdport 0\n"
                        f"bindcmdaddress /\npidfile {servers.folder}/chrony.pid\n")
    # -x: this machine's clock is left alone.
    process = subprocess.Popen(["/usr/sbin/chronyd", "-d", "-x", "-u", "root", "-f", settings], stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    servers.running.append(process)
    row = found_in_time(servers, f"{port}/udp")
    expect(row, status="ok", protocol="ntp")
    assert row["details"] == {"stratum": {"7"}, "version": {"4"}}, row


def start_namespace(servers):
    """A network of its own with a loopback, and an empty /run; how to run a command in it."""
    holder = subprocess.Popen(["unshare", "--net", "--mount", "sh", "-c", "mount -t tmpfs none /run && "
                               "ip link set lo up && echo ready && exec sleep 300"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, text=True, start_new_session=True)
    servers.running.append(holder)
    assert holder.stdout.readline() == "ready\n"
    return ["nsenter", "--target", holder.pid, "--net", "--mount"]


def test_nfs_with_its_port_mapper(servers):
    inside = start_namespace(servers)
    (servers.folder / "ganesha.conf").write_text("""NFS_CORE_PARAM {
  NFS_Port = 30049; MNT_Port = 30050; Protocols = 3, 4; Enable_NLM = false; Enable_RQUOTA = false;
  Plugins_Dir = "/usr/lib/x86_64-linux-gnu/ganesha";
}
NFS_KRB5 { Active_krb5 = false; }
EXPORT { Export_Id = 1; Path = /memory; Pseudo = /memory; Access_Type = RO; FSAL { Name = MEM; } Transports = TCP; }
""")
    log = open(servers.folder / "nfs.log", "ab")

    def start(*command):
        servers.running.append(subprocess.Popen(list(map(str, (*inside, *command))), stdin=subprocess.DEVNULL, stdout=log,
                                                stderr=log, start_new_session=True))
    start("rpcbind", "-f")
    row = found_in_time(servers, 111, inside=inside)
    expect(row, status="ok", protocol="portmapper")
    start("ganesha.nfsd", "-F", "-L", servers.folder / "ganesha.log", "-f", servers.folder / "ganesha.conf", "-p",
          servers.folder / "ganesha.pid")
    expect(found_in_time(servers, 30049, inside=inside), status="ok", protocol="nfs")
    rows = found(servers, 30049, 30050, 111, inside=inside)
    for port, protocol in ((30049, "nfs"), (30050, "mountd"), (111, "portmapper")):
        expect(rows[port], status="ok", protocol=protocol, tls="none", detail=None)


def test_a_container_engine_that_asks_nobody(servers):
    port = free_port()
    state = servers.folder / "podman"
    state.mkdir()
    # What it mounts is gone with its namespace, and does not keep the folder from being removed.
    servers.start("unshare", "--mount", "podman", "--root", state / "root", "--runroot", state / "run", "--tmpdir",
                  state / "tmp", "system", "service", "--time=0", f"tcp://127.0.0.1:{port}", port=port)
    row = found(servers, port)[port]
    expect(row, status="ok", protocol="docker", tls="none", authentication="none", product="Libpod",
           version=must("podman", "--version").split()[-1])
    assert row["details"]["api_version"], row


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
