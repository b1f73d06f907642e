"""What sslscan and nmap say of the same endpoint, as {(protocol, code)}."""
import re
import subprocess
import xml.etree.ElementTree as xml


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300,
                          stdin=subprocess.DEVNULL).stdout


def sslscan(port, *options, host="127.0.0.1"):
    tree = xml.fromstring(run("sslscan", "--xml=-", *options, f"{host}:{port}"))
    return {(cipher.get("sslversion"), "0x" + cipher.get("id")[2:].upper())
            for cipher in tree.iter("cipher")}


def nmap(port, code_of, host="127.0.0.1"):
    """`code_of`: codes by IANA's names, from the table of suites of any audit."""
    tree = xml.fromstring(run("nmap", "-n", "-Pn", "-oX", "-", "-p", str(port), "--script",
                              "ssl-enum-ciphers", host))
    found = set()
    for script in tree.iter("script"):
        for version in script.findall("table"):
            if not re.match(r"(TLS|SSL)v", version.get("key") or ""):
                continue
            for suite in version.iterfind("table[@key='ciphers']/table/elem[@key='name']"):
                name = suite.text.replace("TLS_AKE_WITH_", "TLS_")
                found.add((version.get("key"), code_of.get(name, name)))
    return found
