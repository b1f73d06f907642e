#!/usr/bin/env python3
"""What crosses the switch of a town while people log in, in clear and by TLS: the sensor tells it while it happens, a
capture of the same wire read afterwards tells the same, and neither tells a password.

Frames with tags of VLANs cross the wire as well; those with two tags, which nothing here sends, are in a capture that the
test writes."""
import base64
import contextlib
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import sys

from town import (HERE, VLAN, Town, await_that, await_words, become_the_auditor, full_name, in_vlan, ipv4, ipv6, run_tests,
                  side_by_side)
from daemons import start_dovecot, start_slapd_with_tls, start_telnetd, start_vsftpd
from judged import expect_verdict

USER = "cassandra-lee"
PASSWORD = "Tr0ub4dor-and-3"
NEEDLES = [*(text for word in (USER, PASSWORD) for text in (word, base64.b64encode(word.encode()).decode().rstrip("="))),
           PASSWORD.encode().hex()]
TABLES = ("observed_cleartext", "observed_flows", "observed_dns", "observed_hosts", "observed_capture")
LAST_WORDS = b"that was the last of it"


class Talking(Town):
    """With a few servers on two of its hosts."""

    def build(self, bin_folder):
        super().build(bin_folder)
        self.mail.certificate("server")
        self.files.certificate("server")
        key = (f"rsa_cert_file={self.files.folder}/server.crt", f"rsa_private_key_file={self.files.folder}/server.key",
               "ssl_enable=YES", "force_local_logins_ssl=YES")
        own = ("local_enable=YES", "anonymous_enable=NO")
        (self.imap_clear, _, self.pop3_clear, _), (self.imap_tls, _, _, _), self.telnet, self.ftp, self.ftps, ldap = (
            side_by_side(dict(enumerate((
                lambda: start_dovecot(self.mail, "no", password=PASSWORD),
                lambda: start_dovecot(self.mail, "yes", "no", password=PASSWORD),
                lambda: start_telnetd(self.files), lambda: start_vsftpd(self.files, *own),
                lambda: start_vsftpd(self.files, *own, *key), lambda: start_slapd_with_tls(self.files))))).values())
        self.ldap, self.ldaps = ldap


def talk(host, protocol, address, port):
    host.must(sys.executable, HERE.parent / "sensor/talk.py", protocol, address, port, USER, PASSWORD)


def bind(host, url, *options):
    """A log-in that the directory refuses, once it has the password."""
    done = subprocess.run(
        host.command("env", f"LDAPTLS_CACERT={host.authority}.crt", "ldapsearch", "-x", *options, "-H", url, "-D",
                     f"cn={USER},dc=example", "-w", PASSWORD, "-b", "", "-s", "base"),
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
    assert done.returncode == 49, done  # invalid credentials


def people_log_in(town):
    """From the auditor's and from another host, over both families and in the VLAN."""
    mail, files = ipv4("mail"), ipv4("files")
    side_by_side(dict(enumerate((
        lambda: talk(town.web, "ftp", files, town.ftp),
        lambda: talk(town.web, "ftps", files, town.ftps),
        lambda: talk(town.auditor, "ftp", in_vlan("files"), town.ftp),
        lambda: talk(town.auditor, "telnet", ipv6("files"), town.telnet),
        lambda: talk(town.auditor, "pop3", mail, town.pop3_clear),
        lambda: talk(town.web, "imap", ipv6("mail"), town.imap_clear),
        lambda: talk(town.web, "imap_starttls", mail, town.imap_tls),
        lambda: bind(town.web, f"ldap://{files}:{town.ldap}"),
        lambda: bind(town.web, f"ldap://{full_name('files')}:{town.ldap}", "-ZZ"),
        lambda: bind(town.web, f"ldaps://{full_name('files')}:{town.ldaps}")))))


def clear_of(town):
    """vlan, client, server, port, service, secret."""
    return {(None, ipv4("web"), ipv4("files"), town.ftp, "ftp", "password"),
            (VLAN, in_vlan("auditor"), in_vlan("files"), town.ftp, "ftp", "password"),
            (None, ipv6("auditor"), ipv6("files"), town.telnet, "telnet", "password"),
            (None, ipv4("auditor"), ipv4("mail"), town.pop3_clear, "pop3", "password"),
            (None, ipv6("web"), ipv6("mail"), town.imap_clear, "imap", "password"),
            (None, ipv4("web"), ipv4("files"), town.ldap, "ldap", "password")}


def encrypted_of(town):
    """client, server, port, service of flows in which TLS was agreed on."""
    return {(ipv4("web"), ipv4("files"), town.ftps, "ftp"), (ipv4("web"), ipv4("mail"), town.imap_tls, "imap"),
            (ipv4("web"), ipv4("files"), town.ldap, "ldap"), (ipv4("web"), ipv4("files"), town.ldaps, "tls")}


def free_of_secrets(*texts):
    for text in texts:
        for needle in NEEDLES:
            at = text.lower().find(needle.lower())
            assert at < 0, f"{needle} in …{text[max(0, at - 200):at + 80]}…"


def tables_of(out, errors):
    free_of_secrets(out, errors)
    tables = {table["table"]: table["rows"] for table in json.loads(out)}
    assert set(TABLES) <= set(tables), set(tables)
    return tables


def read(town, path):
    done = subprocess.run([town.auditor.bin / "assay-agent", "sensor", "read", path, "-o", "json"], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return tables_of(done.stdout, done.stderr)


def process_below(pid):
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = path.read_text().partition("(")[2].rpartition(")")
            if name == "assay-scanner" and rest.split()[1] == str(pid):
                return path.parent
    return None


def turns_of(process):
    """How often it has waited for something: each round of the sensor ends so, after a tenth of a second at most."""
    return int(process.joinpath("status").read_text().partition("\nvoluntary_ctxt_switches:")[2].split()[0])


def await_rounds(process, what):
    """Until it has looked several times for what the kernel has for it."""
    before = turns_of(process)
    await_that(lambda: turns_of(process) >= before + 8, what)


class Watched:
    """The switch, watched by the sensor and recorded by tcpdump at once."""

    def __init__(self, town):
        self.town, self.path = town, town.auditor.folder / "switch.pcap"
        on_switch = ["nsenter", "--net", "-t", str(town.switch.pid)]
        self.record = subprocess.Popen(
            [*on_switch, "tcpdump", "--immediate-mode", "-Z", "root", "-U", "-B", "16384", "-i", "lan", "-w", self.path],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)
        self.watch = subprocess.Popen(
            [*on_switch, town.auditor.bin / "assay-agent", "sensor", "watch", "--interface", "lan", "--promiscuous",
             "--seconds", "600", "-o", "json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        town.auditor.running += [self.record, self.watch]
        await_words(self.record.stderr, "listening on")
        await_that(lambda: process_below(self.watch.pid), "no scanner")
        self.scanner = process_below(self.watch.pid)
        await_that(lambda: f"pid={self.scanner.name}," in town.on_switch("ss", "-0Hp"), "the sensor does not begin")
        await_rounds(self.scanner, "the sensor does not look")

    def end(self):
        """The sensor's tables, when it and the recording have all of it."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(LAST_WORDS, (ipv4("web"), 9))
        await_that(lambda: LAST_WORDS in self.path.read_bytes(), "the recording misses the end")
        await_rounds(self.scanner, "the sensor does not look any more")
        os.killpg(self.watch.pid, signal.SIGINT)  # as Ctrl-C: it ends early and tells what it saw
        out, errors = self.watch.communicate(timeout=60)
        assert self.watch.returncode == 0, errors
        os.killpg(self.record.pid, signal.SIGINT)
        assert self.record.wait(timeout=60) == 0
        return tables_of(out, errors)


def without_times(rows):
    return sorted((json.dumps({name: value for name, value in row.items() if name not in ("first_seen", "last_seen")},
                              sort_keys=True) for row in rows))


def conversations(rows):
    """Flows of TCP and UDP: others, such as of neighbour discovery, may fall on the moment in which one looks and the other
    does not yet."""
    return [row for row in rows if row["protocol"] in (6, 17)]


def test_the_sensor_and_a_capture_read_afterwards_tell_the_same_and_no_password(town):
    watched = Watched(town)
    people_log_in(town)
    live = watched.end()
    content = watched.path.read_bytes()
    assert USER.encode() in content and PASSWORD.encode() in content, "the secrets did cross the wire"
    later = read(town, watched.path)
    for tables in (live, later):
        clear = {(row["vlan"], row["client"], row["server"], row["server_port"], row["service"], row["secret"])
                 for row in tables["observed_cleartext"]}
        assert clear == clear_of(town), clear ^ clear_of(town)
        assert {row["times"] for row in tables["observed_cleartext"]} == {1}, "what went under TLS is no clear text"
        encrypted = {(row["client"], row["server"], row["server_port"], row["service"])
                     for row in tables["observed_flows"] if row["tls_version"]}
        assert encrypted == encrypted_of(town), encrypted ^ encrypted_of(town)
        about, = tables["observed_capture"]
        assert (about["lost"], about["gaps"], about["not_decoded"]) == (0, None, 0), about
    for name, chosen in (("observed_cleartext", list), ("observed_flows", conversations), ("observed_dns", list)):
        ours, theirs = without_times(chosen(live[name])), without_times(chosen(later[name]))
        assert ours == theirs and (ours or name == "observed_dns"), (name, set(ours) ^ set(theirs))
    found = sorted(one[1:5] + (one[0],) for one in clear_of(town))
    expect_verdict(town.auditor.bin, town.auditor.folder, "CLEAR-OBSERVED", later, "fail",
                   *(dict(zip(("client", "server", "server_port", "service", "vlan"), one)) for one in found))
    hosts = [{(row["vlan"], row["address"], row["mac"]) for row in tables["observed_hosts"]} for tables in (live, later)]
    assert hosts[0] == hosts[1], hosts[0] ^ hosts[1]
    assert {(None, ipv4("web")), (None, ipv6("mail")), (VLAN, in_vlan("files"))} <= {one[:2] for one in hosts[0]}, hosts[0]


def tagged(path, *tags):
    """A conversation of the town's FTP server with tags of 802.1ad and 802.1Q, as a file of tcpdump's."""
    inner = b"".join(struct.pack(">HH", 0x88A8 if number == 0 and len(tags) > 1 else 0x8100, tag) for number, tag in
                     enumerate(tags))
    said = [(False, b""), (True, b""), (False, b""), (True, b"220 (vsFTPd 3.0.3)\r\n"), (False, f"USER {USER}\r\n".encode()),
            (True, b"331 Please specify the password.\r\n"), (False, f"PASS {PASSWORD}\r\n".encode()),
            (True, b"530 Login incorrect.\r\n")]
    flags = [0x02, 0x12] + [0x18] * 6
    numbers = {False: 1000, True: 5000}
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for (is_answer, text), flag in zip(said, flags):
            ports = (21, 40000) if is_answer else (40000, 21)
            acknowledged = 0 if flag == 0x02 else numbers[not is_answer]
            segment = struct.pack(">HHIIBBHHH", *ports, numbers[is_answer], acknowledged, 0x50, flag, 65535, 0, 0) + text
            numbers[is_answer] += len(text) + (1 if flag & 0x02 else 0)
            ends = [socket.inet_aton(address) for address in (("10.9.0.2", "10.9.0.1") if is_answer else
                                                              ("10.9.0.1", "10.9.0.2"))]
            packet = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(segment), 0, 0, 64, 6, 0, *ends) + segment
            frame = b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01" + inner + struct.pack(">H", 0x0800) + packet
            file.write(struct.pack("<IIII", 1795996800, 0, len(frame), len(frame)) + frame)
    return path


def test_frames_with_one_tag_and_with_two_are_told_apart(town):
    for tags, expected in (((), (None, None)), ((5,), (5, None)), ((100, 5), (100, 5))):
        tables = read(town, tagged(town.auditor.folder / f"tags-{len(tags)}.pcap", *tags))
        rows = [(row["vlan"], row["inner_vlan"], row["client"], row["server_port"], row["service"])
                for row in tables["observed_cleartext"]]
        assert rows == [(*expected, "10.9.0.1", 21, "ftp")], (tags, rows, tables["observed_capture"])
        assert {(row["vlan"], row["inner_vlan"]) for row in tables["observed_hosts"]} == {expected}, tables["observed_hosts"]


if __name__ == "__main__":
    become_the_auditor()
    sys.exit(run_tests(globals(), sys.argv[1], Talking))
