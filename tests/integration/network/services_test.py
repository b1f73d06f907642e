#!/usr/bin/env python3
"""assay-agent services against the real servers of Debian, on ports that say nothing: each is named rightly,
by what it says, and with what it offers."""
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

from servers import free_display, free_port, must, run_tests
from services_found import expect, found


def start_vsftpd(servers, *settings):
    port = free_port()
    (servers.folder / "empty").mkdir(exist_ok=True)
    path = servers.folder / f"vsftpd-{port}.conf"
    path.write_text("\n".join((f"listen=YES\nlisten_address=127.0.0.1\nlisten_port={port}\nbackground=NO",
                               f"secure_chroot_dir={servers.folder}/empty", *settings)) + "\n")
    servers.start("/usr/sbin/vsftpd", path, port=port)
    return port


def test_ftp(servers):
    servers.certificate("server")
    plain = start_vsftpd(servers, "local_enable=YES", "anonymous_enable=NO")
    tls = start_vsftpd(servers, "local_enable=YES", "anonymous_enable=NO", "ssl_enable=YES", "force_local_logins_ssl=YES",
                       f"rsa_cert_file={servers.folder}/server.crt", f"rsa_private_key_file={servers.folder}/server.key")
    implicit = start_vsftpd(servers, "local_enable=YES", "anonymous_enable=NO", "ssl_enable=YES", "implicit_ssl=YES",
                            f"rsa_cert_file={servers.folder}/server.crt",
                            f"rsa_private_key_file={servers.folder}/server.key")
    rows = found(servers, plain, tls, implicit)
    expect(rows[plain], status="ok", protocol="ftp", tls="none", cleartext_login=1, anonymous=None, product="vsFTPd")
    assert rows[plain]["version"], rows[plain]
    expect(rows[tls], protocol="ftp", tls="starttls", cleartext_login=0, authentication="required")
    expect(rows[implicit], protocol="ftp", tls="implicit", cleartext_login=0)


def test_anonymous_ftp_only_where_it_is_asked_for(servers):
    port = start_vsftpd(servers, "anonymous_enable=YES", f"anon_root={servers.folder}/empty")
    closed = start_vsftpd(servers, "anonymous_enable=NO", "local_enable=YES")
    expect(found(servers, port)[port], protocol="ftp", anonymous=None)
    rows = found(servers, port, closed, options=("--ftp-anonymous",))
    expect(rows[port], anonymous=1)
    expect(rows[closed], anonymous=0)


def test_telnet(servers):
    port = free_port()
    (servers.folder / "inetd.conf").write_text(
        f"127.0.0.1:{port} stream tcp nowait root /usr/sbin/telnetd telnetd\n")
    servers.start("/usr/sbin/inetd", "-i", servers.folder / "inetd.conf", port=port)
    row = found(servers, port)[port]
    expect(row, status="ok", protocol="telnet", tls="none", cleartext_login=1, authentication="required")
    assert "terminal-type" in row["details"]["asks_option"], row


def start_nginx(servers, blocks):
    temporary = "".join(f"{kind}_temp_path {servers.folder}/{kind};"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (servers.folder / "nginx.conf").write_text(
        f"daemon off; pid {servers.folder}/pid; error_log {servers.folder}/error.log;\nevents {{ }}\n"
        f"http {{ access_log off; default_type text/html; {temporary}\n"
        + "\n".join(f"server {{ listen 127.0.0.1:{port}{tls}; {more} }}" for port, tls, more in blocks) + "\n}\n")
    servers.start("nginx", "-p", servers.folder, "-c", "nginx.conf", port=blocks[0][0])


def test_http(servers):
    servers.certificate("server")
    plain, moved, basic, form, secure, strict = (free_port() for _ in range(6))
    key = "ssl_certificate server.crt; ssl_certificate_key server.key;"
    (servers.folder / "passwords").write_text("")
    start_nginx(servers, [
        (plain, "", "location / { return 200 hello; }"),
        (moved, "", "location / { return 301 https://www.example.tw/; }"),
        (basic, "", "auth_basic x; auth_basic_user_file passwords;"),
        (form, "", "location / { return 200 '<input type=\"password\">'; }"),
        (secure, " ssl", key + "location / { return 200 hello; }"),
        (strict, " ssl", key + "add_header Strict-Transport-Security max-age=31536000; location / { return 200 hi; }")])
    rows = found(servers, plain, moved, basic, form, secure, strict)
    for row in rows.values():
        expect(row, status="ok", protocol="http", product="nginx")
    expect(rows[plain], tls="none", redirects_to_https=0, hsts=None, cleartext_login=None)
    expect(rows[moved], tls="none", redirects_to_https=1, cleartext_login=0)
    expect(rows[basic], tls="none", authentication="required", cleartext_login=1)
    expect(rows[form], tls="none", cleartext_login=1)
    expect(rows[secure], tls="implicit", redirects_to_https=None, hsts=0)
    expect(rows[strict], tls="implicit", hsts=1)


def start_dovecot(servers, tls, clear="yes", address="127.0.0.1"):
    """Ports of imap, imaps, pop3 and pop3s; `clear`: log-ins without TLS. Others may ask for log-ins at the socket auth."""
    imap, imaps, pop3, pop3s = (free_port() for _ in range(4))
    folder = servers.folder / f"dovecot-{imap}"
    folder.mkdir()
    settings = folder / "dovecot.conf"
    settings.write_text(f"""base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = {address}
protocols = imap pop3
passdb {{
  driver = static
  args = password=not-asked-for
}}
ssl = {tls}
disable_plaintext_auth = {"no" if clear == "yes" else "yes"}
auth_mechanisms = plain login
ssl_cert = <{servers.folder}/server.crt
ssl_key = <{servers.folder}/server.key
service auth {{
  unix_listener {servers.folder}/auth-{imap} {{
    mode = 0666
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps if tls == "yes" else 0}
    ssl = yes
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s if tls == "yes" else 0}
    ssl = yes
  }}
}}
""")
    servers.start("/usr/sbin/dovecot", "-F", "-c", settings, port=imap)
    return imap, imaps, pop3, pop3s


def test_imap_and_pop3(servers):
    servers.certificate("server")
    ports = {tls: start_dovecot(servers, tls) for tls in ("yes", "no")}
    rows = found(servers, *ports["yes"], ports["no"][0], ports["no"][2])
    for port, protocol, tls, clear in zip((*ports["yes"], ports["no"][0], ports["no"][2]),
                                          ("imap", "imap", "pop3", "pop3", "imap", "pop3"),
                                          ("starttls", "implicit", "starttls", "implicit", "none", "none"),
                                          (1, 0, 1, 0, 1, 1)):
        expect(rows[port], status="ok", protocol=protocol, tls=tls, cleartext_login=clear, product="Dovecot")
        assert rows[port]["details"]["auth_method"] == {"PLAIN", "LOGIN"}, rows[port]


def test_smtp(servers):
    servers.certificate("server")
    port, quiet, wrapped = free_port(), free_port(), free_port()
    etc, queue, data = (servers.folder / name for name in ("postfix", "queue", "data"))
    shutil.copytree("/etc/postfix", etc, symlinks=True)
    queue.mkdir()
    data.mkdir()
    shutil.chown(data, "postfix")
    (etc / "main.cf").write_text(f"""compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = /dev/stdout
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks_style = host
myhostname = localhost.invalid
alias_maps =
smtpd_tls_security_level = may
smtpd_tls_cert_file = {servers.folder}/server.crt
smtpd_tls_key_file = {servers.folder}/server.key
""")
    rest = [line for line in pathlib.Path("/etc/postfix/master.cf").read_text().splitlines()
            if not line.startswith(("smtp      inet", "#"))]
    (etc / "master.cf").write_text(
        f"127.0.0.1:{port} inet n - n - - smtpd\n"
        f"127.0.0.1:{quiet} inet n - n - - smtpd\n  -o smtpd_tls_security_level=none\n"
        f"  -o smtpd_banner=hello\n"
        f"127.0.0.1:{wrapped} inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n"
        + "\n".join(rest) + "\n")
    must("postfix", "-c", etc, "check")
    servers.start("/usr/sbin/postfix", "-c", etc, "start-fg", port=port)
    rows = found(servers, port, quiet, wrapped)
    expect(rows[port], status="ok", protocol="smtp", tls="starttls", cleartext_login=0, product="Postfix")
    expect(rows[quiet], status="ok", protocol="smtp", tls="none", cleartext_login=0)
    expect(rows[wrapped], status="ok", protocol="smtp", tls="implicit", product="Postfix")


def test_redis_and_memcached(servers):
    opened, closed, cache = free_port(), free_port(), free_port()
    for port, more in ((opened, ()), (closed, ("--requirepass", "not-asked-for"))):
        servers.start("redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", servers.folder,
                      *more, port=port)
    servers.start("memcached", "-l", "127.0.0.1", "-p", cache, "-u", "nobody", port=cache)
    rows = found(servers, opened, closed, cache)
    version = must("redis-server", "--version").split("v=")[1].split()[0]
    expect(rows[opened], status="ok", protocol="redis", authentication="none", version=version)
    expect(rows[closed], status="ok", protocol="redis", authentication="required", version=None)
    expect(rows[cache], status="ok", protocol="memcached", authentication="none",
           version=must("memcached", "-V").split()[1])


def start_slapd(servers, name, lines):
    """Its port in clear; for "tls" the one of LDAPS as well."""
    port, secure = free_port(), free_port()
    database = servers.folder / f"ldap-{name}"
    database.mkdir()
    settings = servers.folder / f"slapd-{name}.conf"
    settings.write_text("include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
                        f"pidfile {database}/pid\n{lines}database mdb\nsuffix dc=example\ndirectory {database}\n")
    addresses = f"ldap://127.0.0.1:{port}"
    if name == "tls":
        addresses += f" ldaps://127.0.0.1:{secure}"
    servers.start("/usr/sbin/slapd", "-h", addresses, "-f", settings, "-d", "0", port=port)
    return (port, secure) if name == "tls" else port


def start_slapd_with_tls(servers):
    return start_slapd(servers, "tls", f"TLSCertificateFile {servers.folder}/server.crt\n"
                                       f"TLSCertificateKeyFile {servers.folder}/server.key\n")


def test_ldap(servers):
    servers.certificate("server")
    tls, secure = start_slapd_with_tls(servers)
    closed = start_slapd(servers, "closed", "disallow bind_anon\n")
    rows = found(servers, tls, secure, closed)
    expect(rows[tls], status="ok", protocol="ldap", tls="starttls", anonymous=1)
    expect(rows[secure], status="ok", protocol="ldap", tls="implicit", anonymous=1)
    expect(rows[closed], status="ok", protocol="ldap", tls="none", anonymous=0)


def test_postgresql(servers):
    servers.certificate("server")
    binaries = next(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    ports = {}
    for tls in ("on", "off"):
        data = servers.folder / f"pg-{tls}"
        data.mkdir()
        shutil.chown(data, "postgres")
        must("runuser", "-u", "postgres", "--", binaries / "initdb", "-D", data, "-A", "trust")
        for name in ("server.crt", "server.key"):
            shutil.copy(servers.folder / name, data / name)
            shutil.chown(data / name, "postgres")
            os.chmod(data / name, 0o600)
        ports[tls] = free_port()
        servers.start("runuser", "-u", "postgres", "--", binaries / "postgres", "-D", data, "-p", ports[tls],
                      "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={data}",
                      "-c", f"ssl={tls}", port=ports[tls])
    rows = found(servers, *ports.values())
    expect(rows[ports["on"]], status="ok", protocol="postgresql", tls="starttls")
    expect(rows[ports["off"]], status="ok", protocol="postgresql", tls="none")


def start_mariadb(servers):
    data = servers.folder / "mariadb"
    data.mkdir()
    shutil.chown(data, "mysql")
    must("mariadb-install-db", "--no-defaults", f"--datadir={data}", "--user=mysql", "--skip-test-db")
    port = free_port()
    servers.start("mariadbd", "--no-defaults", f"--datadir={data}", "--user=mysql", f"--port={port}",
                  "--bind-address=127.0.0.1", f"--socket={data}/socket", f"--pid-file={data}/pid", "--skip-ssl", port=port)
    return port


def test_mysql(servers):
    port = start_mariadb(servers)
    expect(found(servers, port)[port], status="ok", protocol="mysql", tls="none", product="MariaDB",
           version=must("mariadbd", "--version").split("Ver ")[1].split("-")[0], authentication="required")


def start_xrdp(servers, layer):
    port = free_port()
    settings = servers.folder / f"xrdp-{layer}.ini"
    changed = {"port": f"port=tcp://127.0.0.1:{port}", "security_layer": f"security_layer={layer}",
               "certificate": f"certificate={servers.folder}/server.crt",
               "key_file": f"key_file={servers.folder}/server.key",
               "LogFile": f"LogFile={servers.folder}/xrdp.log", "EnableSyslog": "EnableSyslog=false"}
    lines, section = [], ""
    for line in pathlib.Path("/etc/xrdp/xrdp.ini").read_text().splitlines():
        if line.startswith("["):
            section = line
        key = line.split("=")[0]
        lines.append(changed[key] if key in changed and section in ("[Globals]", "[Logging]") else line)
    settings.write_text("\n".join(lines) + "\n")
    servers.start("xrdp", "--nodaemon", "--config", settings, port=port)
    return port


def test_rdp(servers):
    servers.certificate("server")
    ports = {layer: start_xrdp(servers, layer) for layer in ("tls", "rdp")}
    rows = found(servers, *ports.values())
    expect(rows[ports["tls"]], status="ok", protocol="rdp", tls="starttls", network_level_authentication=0)
    expect(rows[ports["rdp"]], status="ok", protocol="rdp", tls="none", network_level_authentication=0)
    assert rows[ports["rdp"]]["details"]["security_type"] == {"rdp"}, rows


def start_samba(servers, least, signing):
    port = free_port()
    folder = servers.folder / f"samba-{least}"
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
        (folder / name).mkdir(parents=True)
    settings = folder / "smb.conf"
    settings.write_text(f"""[global]
private dir = {folder}/private
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
pid directory = {folder}/pid
ncalrpc dir = {folder}/ncalrpc
log file = {folder}/log
interfaces = 127.0.0.1
bind interfaces only = yes
smb ports = {port}
server min protocol = {least}
server signing = {signing}
disable netbios = yes
load printers = no
""")
    servers.start("smbd", "--foreground", "--no-process-group", "-s", settings, port=port)
    return port


def test_smb(servers):
    ports = {"NT1": start_samba(servers, "NT1", "auto"), "SMB2": start_samba(servers, "SMB2", "mandatory")}
    rows = found(servers, *ports.values())
    expect(rows[ports["NT1"]], status="ok", protocol="smb", smb1=1, signing_required=0)
    expect(rows[ports["SMB2"]], status="ok", protocol="smb", smb1=0, signing_required=1)
    assert rows[ports["SMB2"]]["details"]["dialect"] == {"3.0.2"}, rows


def test_dns(servers):
    port = free_port()
    servers.start("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", f"--port={port}",
                  "--listen-address=127.0.0.1", "--bind-interfaces", "--user=root", f"--pid-file={servers.folder}/dnsmasq.pid", "--server=127.0.0.1#9",
                  port=port)
    expect(found(servers, port)[port], status="ok", protocol="dns", product="dnsmasq")
    expect(found(servers, f"{port}/udp")[port], status="ok", protocol="dns", product="dnsmasq")


def test_snmp(servers):
    port = free_port()
    settings = servers.folder / "snmpd.conf"
    settings.write_text(f"agentAddress udp:127.0.0.1:{port}\nrocommunity public 127.0.0.1\n")
    process = subprocess.Popen(["/usr/sbin/snmpd", "-f", "-C", "-c", settings, "-Lf", servers.folder / "snmpd.log",
                                "-p", servers.folder / "snmpd.pid"], stdin=subprocess.DEVNULL, start_new_session=True,
                               env=os.environ | {"SNMP_PERSISTENT_DIR": str(servers.folder)})
    servers.running.append(process)
    until = time.monotonic() + 20
    while time.monotonic() < until and found(servers, f"{port}/udp")[port]["status"] != "ok":
        time.sleep(0.2)
    expect(found(servers, f"{port}/udp")[port], status="ok", protocol="snmp", default_community=None)
    row = found(servers, f"{port}/udp", options=("--snmp-communities",))[port]
    expect(row, status="ok", protocol="snmp", default_community=1, cleartext_login=1)
    assert row["details"]["community"] == {"public"} and "2c" in row["details"]["version"], row


def test_rsync(servers):
    port = free_port()
    (servers.folder / "rsyncd.conf").write_text(f"pid file = {servers.folder}/rsync.pid\n")
    servers.start("rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}",
                  f"--config={servers.folder}/rsyncd.conf", port=port)
    expect(found(servers, port)[port], status="ok", protocol="rsync", tls="none")


def test_x11(servers):
    rows = []
    for more in (("-ac",), ("-auth", servers.folder / "authority")):
        number = free_display()
        must("xauth", "-f", servers.folder / "authority", "add", f":{number}", ".", "0123456789abcdef" * 2)
        servers.start("Xvfb", f":{number}", "-nolock", "-listen", "tcp", "-nolisten", "unix", "-nolisten", "local", *more,
                      port=6000 + number)
        rows += found(servers, 6000 + number).values()
    expect(rows[0], status="ok", protocol="x11", authentication="none")
    expect(rows[1], status="ok", protocol="x11", authentication="required")


def test_what_is_not_there_has_a_row_too(servers):
    nobody, silent = free_port(), free_port()
    expect(found(servers, nobody)[nobody], status="refused", protocol=None)
    expect(found(servers, f"{nobody}/udp")[nobody], status="refused", protocol=None)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", silent))
        expect(found(servers, f"{silent}/udp")[silent], status="no_answer", protocol=None)


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
