#!/usr/bin/env python3
"""wifi_networks against nmcli, which writes profiles of what it is told, and wpa_supplicant, which tells how it
read its file."""
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "operations"))
import namespace  # noqa: E402: found through the line above

PSK = ("wifi-sec.psk", "words of a key")
# name: what nmcli is told, and the word of the table for it
PROFILES = {
    "Office": (("wifi-sec.key-mgmt", "wpa-psk", *PSK), "wpa-psk"),
    "Café 免費": ((), "open"),
    "a;b": (("wifi-sec.key-mgmt", "sae", *PSK, "autoconnect", "no", "ifname", "wlan0"), "wpa3-sae"),
    " blank first": (("wifi-sec.key-mgmt", "owe", "802-11-wireless.hidden", "yes"), "owe"),
    "x#y": (("wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.proto", "rsn", *PSK), "wpa2-psk"),
    "eap": (("wifi-sec.key-mgmt", "wpa-eap", "802-1x.eap", "peap", "802-1x.identity", "me", "802-1x.phase2-auth",
             "mschapv2", "802-1x.password", "secret"), "wpa-eap"),
    "back\\slash": (("wifi-sec.key-mgmt", "none", "wifi-sec.wep-key0", "abcde"), "wep"),
    "12;34;": (("wifi-sec.key-mgmt", "ieee8021x", "wifi-sec.auth-alg", "leap", "wifi-sec.leap-username", "me"), "wep"),
    "both;": (("wifi-sec.key-mgmt", "wpa-psk", "wifi-sec.proto", "wpa,rsn", *PSK), "wpa-psk"),
}
SUPPLICANT = """\
ctrl_interface={folder}/control
# as people write it
network={{
\tssid="Office"   # at work
\tpsk="words of a key"
}}
network={{
  ssid=436166c3a9
  proto=RSN # only
  scan_ssid=1
  psk=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
}}
network={{
  ssid="open"
  key_mgmt=NONE
  disabled=1
}}
network={{
  ssid="wep"
  key_mgmt=NONE
  wep_key0="abcde"
  disabled=0   # not any more
}}
network={{
  ssid=P"tab\\tand\\x41\\\\"
  key_mgmt=SAE
  sae_password="x"
}}
network={{
  ssid="mixed # two"
  key_mgmt=WPA-PSK SAE WPA-PSK-SHA256
  psk="words of # a key"
  proto=WPA2
}}
network={{
  ssid="old"
  key_mgmt=WPA-EAP IEEE8021X
  eap=PEAP
  identity="me"
  password="secret"
}}
network={{
  ssid="q"uote"
  key_mgmt=WPA-EAP-SHA256
  eap=TLS
  identity="me"
}}
network={{
  ssid="owe"
  key_mgmt=OWE
}}
"""
# Weakest first, by what wpa_supplicant says that it allows.
KINDS = [("IEEE8021X", "wep"), ("WPA-PSK", "wpa-psk"), ("WPA-EAP", "wpa-eap"), ("WPA-EAP-SHA256", "wpa-eap"),
         ("SAE", "wpa3-sae"), ("OWE", "owe")]


def rows_by_name(machine, manager):
    rows = machine.rows(f"SELECT * FROM wifi_networks WHERE manager = '{manager}'")
    found = {row["ssid"]: row for row in rows}
    assert len(found) == len(rows), rows
    return found


def test_profiles_are_what_nmcli_was_told(machine):
    folder = machine.lay_over("/etc/NetworkManager/system-connections")
    for number, (name, (settings, _)) in enumerate(PROFILES.items()):
        done = subprocess.run(["nmcli", "--offline", "connection", "add", "type", "wifi", "con-name", f"n{number}", "ssid",
                               name, *settings], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (name, done.stderr)
        path = folder / f"n{number}.nmconnection"
        path.write_text(done.stdout)
        path.chmod(0o600)
    rows = rows_by_name(machine, "NetworkManager")
    assert set(rows) == set(PROFILES), set(rows) ^ set(PROFILES)
    for name, (settings, security) in PROFILES.items():
        told = dict(zip(settings[::2], settings[1::2]))
        row = rows[name]
        assert row["security"] == security, row
        assert row["hidden"] == (told.get("802-11-wireless.hidden") == "yes"), row
        assert row["autoconnect"] == (told.get("autoconnect") != "no"), row
        assert row["interface"] == told.get("ifname"), row


def plain(name):
    """The bytes of a name as wpa_cli tells it: in quotes or in hexadecimal."""
    return name[1:-1] if name.startswith('"') else bytes.fromhex(name).decode()


def security_of(kinds, protocols, has_wep_key):
    if "NONE" in kinds:
        return "wep" if has_wep_key else "open"
    word = next(word for kind, word in KINDS if kind in kinds)
    return "wpa2-psk" if word == "wpa-psk" and protocols == ["RSN"] else word


def test_networks_are_what_wpa_supplicant_read(machine):
    (machine.lay_over("/etc/wpa_supplicant") / "wpa_supplicant.conf").write_text(
        SUPPLICANT.format(folder=machine.folder))
    daemon = machine.start("wpa_supplicant", "-D", "wired", "-i", "lo", "-c", "/etc/wpa_supplicant/wpa_supplicant.conf")
    machine.wait_for((machine.folder / "control/lo").exists)

    def ask(*command):
        return subprocess.run(["wpa_cli", "-p", machine.folder / "control", "-i", "lo", *command], capture_output=True,
                              text=True, check=True, timeout=20).stdout.rstrip("\n")
    rows = rows_by_name(machine, "wpa_supplicant")
    listed = re.findall(r"^(\d+)\t", ask("list_networks"), re.M)
    assert len(listed) == len(rows) == SUPPLICANT.count("network="), (listed, rows)
    for number in listed:
        name, kinds, protocols, hidden, off, key = (ask("get_network", number, what) for what in (
            "ssid", "key_mgmt", "proto", "scan_ssid", "disabled", "wep_key0"))
        row = rows[plain(name)]
        assert row["security"] == security_of(kinds.split(), protocols.split(), key == "*"), (row, kinds, protocols)
        assert (row["hidden"], row["autoconnect"]) == (int(hidden), 1 - int(off)), row
    machine.stop(daemon)


namespace.need("/usr/bin/nmcli", "/usr/sbin/wpa_supplicant", "/usr/sbin/wpa_cli")
namespace.enter()
namespace.run(globals())
