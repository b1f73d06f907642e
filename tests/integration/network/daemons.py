"""Real servers of Debian's packages with settings of a test's own: each function starts one and returns its ports.

They listen where their `servers` say (Servers.address)."""
import os
import pathlib
import shutil
import signal
import sys

from servers import free_port, must


def is_everywhere(servers):
    return servers.address == "*"


def start_vsftpd(servers, *settings):
    port = free_port()
    (servers.folder / "empty").mkdir(exist_ok=True)
    listen = "listen_ipv6=YES" if is_everywhere(servers) else f"listen=YES\nlisten_address={servers.address}"
    path = servers.folder / f"vsftpd-{port}.conf"
    path.write_text("\n".join((listen, f"listen_port={port}\nbackground=NO",
                               f"secure_chroot_dir={servers.folder}/empty", *settings)) + "\n")
    servers.start("/usr/sbin/vsftpd", path, port=port)
    return port


def start_telnetd(servers):
    port = free_port()
    kinds = (("0.0.0.0", "tcp4"), ("[::]", "tcp6")) if is_everywhere(servers) else ((servers.address, "tcp"),)
    (servers.folder / "inetd.conf").write_text("".join(
        f"{address}:{port} stream {kind} nowait root /usr/sbin/telnetd telnetd\n" for address, kind in kinds))
    servers.start("/usr/sbin/inetd", "-i", servers.folder / "inetd.conf", port=port)
    return port


def start_nginx(servers, blocks):
    """Blocks: port, " ssl" or nothing, and what else the block of a server says."""
    temporary = "".join(f"{kind}_temp_path {servers.folder}/{kind};"
                        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    place, more_place = ("[::]", " ipv6only=off") if is_everywhere(servers) else (servers.address, "")
    (servers.folder / "nginx.conf").write_text(
        f"daemon off; pid {servers.folder}/pid; error_log {servers.folder}/error.log;\nevents {{ }}\n"
        f"http {{ access_log off; default_type text/html; {temporary}\n"
        + "\n".join(f"server {{ listen {place}:{port}{more_place}{tls}; {more} }}" for port, tls, more in blocks)
        + "\n}\n")
    servers.start("nginx", "-p", servers.folder, "-c", "nginx.conf", port=blocks[0][0])


def start_dovecot(servers, tls, clear="yes", address=None, password="not-asked-for"):
    """Ports of imap, imaps, pop3 and pop3s; `clear`: log-ins without TLS. Others may ask for log-ins at the socket
    auth. Any name has a mailbox."""
    imap, imaps, pop3, pop3s = (free_port() for _ in range(4))
    folder = servers.folder / f"dovecot-{imap}"
    folder.mkdir()
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", "mail")
    settings = folder / "dovecot.conf"
    both = "*, ::"
    listen = address or (both if is_everywhere(servers) else servers.address)
    # On two addresses a process serves more than one client (0: any number): the usual one process for each client takes
    # the next from the first address that has one, so that the other waits for as long as the first is audited.
    clients = 0 if listen == both else 1
    settings.write_text(f"""base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = {listen}
protocols = imap pop3
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail
}}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
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
  service_count = {clients}
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps if tls == "yes" else 0}
    ssl = yes
  }}
}}
service pop3-login {{
  service_count = {clients}
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


def start_postfix(servers, *more):
    """With STARTTLS on one port, without on another; `more`: settings of further ones."""
    port, quiet, *others = (free_port() for _ in range(2 + len(more)))
    etc, queue, data = (servers.folder / name for name in ("postfix", "queue", "data"))
    shutil.copytree("/etc/postfix", etc, symlinks=True)
    queue.mkdir()
    data.mkdir()
    shutil.chown(data, "postfix")
    interfaces, protocols, place = (("all", "all", "") if is_everywhere(servers)
                                    else (servers.address, "ipv4", f"{servers.address}:"))
    (etc / "main.cf").write_text(f"""compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
maillog_file = /dev/stdout
inet_interfaces = {interfaces}
inet_protocols = {protocols}
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
        f"{place}{port} inet n - n - - smtpd\n"
        f"{place}{quiet} inet n - n - - smtpd\n  -o smtpd_tls_security_level=none\n"
        + "".join(f"{place}{other} inet n - n - - smtpd\n" + "".join(f"  -o {setting}\n" for setting in settings)
                  for other, settings in zip(others, more))
        + "\n".join(rest) + "\n")
    must("postfix", "-c", etc, "check")
    servers.start("/usr/sbin/postfix", "-c", etc, "start-fg", port=port)
    master = int((queue / "pid/master.pid").read_text())
    servers.ending.append(lambda: os.killpg(master, signal.SIGKILL))
    return port, quiet, *others


def start_slapd(servers, name, lines):
    """Its port in clear; for "tls" the one of LDAPS as well."""
    port, secure = free_port(), free_port()
    database = servers.folder / f"ldap-{name}"
    database.mkdir()
    settings = servers.folder / f"slapd-{name}.conf"
    settings.write_text("include /etc/ldap/schema/core.schema\nmodulepath /usr/lib/ldap\nmoduleload back_mdb\n"
                        f"pidfile {database}/pid\n{lines}database mdb\nsuffix dc=example\ndirectory {database}\n")
    place = "" if is_everywhere(servers) else servers.address
    addresses = f"ldap://{place}:{port}"
    if name == "tls":
        addresses += f" ldaps://{place}:{secure}"
    servers.start("/usr/sbin/slapd", "-h", addresses, "-f", settings, "-d", "0", port=port)
    return (port, secure) if name == "tls" else port


def start_slapd_with_tls(servers):
    return start_slapd(servers, "tls", f"TLSCertificateFile {servers.folder}/server.crt\n"
                                       f"TLSCertificateKeyFile {servers.folder}/server.key\n")


def start_postgresql(servers, tls):
    binaries = next(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
    data = servers.folder / f"pg-{tls}"
    data.mkdir()
    shutil.chown(data, "postgres")
    must("runuser", "-u", "postgres", "--", binaries / "initdb", "-D", data, "-A", "trust")
    for name in ("server.crt", "server.key"):
        shutil.copy(servers.folder / name, data / name)
        shutil.chown(data / name, "postgres")
        os.chmod(data / name, 0o600)
    port = free_port()
    servers.start("runuser", "-u", "postgres", "--", binaries / "postgres", "-D", data, "-p", port,
                  "-c", f"listen_addresses={servers.address}", "-c", f"unix_socket_directories={data}",
                  "-c", f"ssl={tls}", port=port)
    return port


def start_mariadb(servers, *options):
    data = servers.folder / "mariadb"
    data.mkdir()
    shutil.chown(data, "mysql")
    must("mariadb-install-db", "--no-defaults", f"--datadir={data}", "--user=mysql", "--skip-test-db")
    port = free_port()
    servers.start("mariadbd", "--no-defaults", f"--datadir={data}", "--user=mysql", f"--port={port}",
                  f"--bind-address={servers.address}", f"--socket={data}/socket", f"--pid-file={data}/pid",
                  "--skip-ssl", *options, port=port)
    return port


def start_redis(servers, *options):
    port = free_port()
    places = ("0.0.0.0", "::") if is_everywhere(servers) else (servers.address,)
    servers.start("redis-server", "--port", port, "--bind", *places, "--save", "", "--dir", servers.folder,
                  *options, port=port)
    return port


def start_memcached(servers):
    port = free_port()
    place = "0.0.0.0,::" if is_everywhere(servers) else servers.address
    servers.start("memcached", "-l", place, "-p", port, "-u", "nobody", port=port)
    return port


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


def start_samba(servers, least, signing):
    port = free_port()
    folder = servers.folder / f"samba-{least}"
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc"):
        (folder / name).mkdir(parents=True)
    settings = folder / "smb.conf"
    interfaces = "" if is_everywhere(servers) else f"interfaces = {servers.address}\nbind interfaces only = yes\n"
    settings.write_text(f"""[global]
private dir = {folder}/private
lock directory = {folder}/lock
state directory = {folder}/state
cache directory = {folder}/cache
pid directory = {folder}/pid
ncalrpc dir = {folder}/ncalrpc
log file = {folder}/log
{interfaces}smb ports = {port}
server min protocol = {least}
server signing = {signing}
disable netbios = yes
load printers = no
""")
    servers.start("smbd", "--foreground", "--no-process-group", "-s", settings, port=port)
    return port


def start_sshd(servers, key, *options, inside=()):
    pathlib.Path("/run/sshd").mkdir(exist_ok=True)
    port = free_port()
    listen = () if is_everywhere(servers) else ("-o", f"ListenAddress={servers.address}")
    servers.start(*inside, "/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-p", port, "-h", key, *listen,
                  "-o", "PidFile=none", *(word for option in options for word in ("-o", option)), port=port)
    return port


def start_snmpd(servers, community):
    """A port of UDP. Whoever asks it may be too early."""
    port = free_port()
    settings = servers.folder / f"snmpd-{port}.conf"
    place = (f"udp:{port},udp6:{port}", "rocommunity {0}\nrocommunity6 {0}") if is_everywhere(servers) else (
        f"udp:{servers.address}:{port}", "rocommunity {0} " + servers.address)
    settings.write_text(f"agentAddress {place[0]}\n{place[1].format(community)}\n")
    servers.run("/usr/sbin/snmpd", "-f", "-C", "-c", settings, "-Lf", servers.folder / "snmpd.log", "-I", "-smux", "-p",
                servers.folder / f"snmpd-{port}.pid",
                env=os.environ | {"SNMP_PERSISTENT_DIR": str(servers.folder), "MIBS": ""})
    return port


def start_dnsmasq(servers, *options):
    """On all addresses, of both families."""
    port = free_port()
    servers.start("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts",
                  f"--port={port}", "--user=root", f"--pid-file={servers.folder}/dnsmasq-{port}.pid", *options, port=port)
    return port


def start_resolver(servers):
    """dnsmasq that looks names up for anybody, at a name server of the test's own."""
    upstream = free_port()
    servers.run(sys.executable, pathlib.Path(__file__).parent / "name_server.py", upstream)
    return start_dnsmasq(servers, f"--server=127.0.0.1#{upstream}")
