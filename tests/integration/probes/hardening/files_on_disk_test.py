#!/usr/bin/env python3
"""Keys and certificates made by the real tools, set-user-ID programs and open folders that the
test plants: what the two walks say of them."""
import os
import subprocess

from scratch_host import need, run_tests


def must(*command):
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=60,
                   stdin=subprocess.DEVNULL)


def folder(host, name):
    path = host.path(name)
    path.mkdir(parents=True, exist_ok=True)
    return path


def test_keys_of_the_real_tools_are_known_and_never_shown(host):
    keys = folder(host, "/root/.ssh")
    must("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", keys / "id_ed25519")
    must("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret-canary", "-f", keys / "locked.key")
    must("ssh-keygen", "-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-f", keys / "id_rsa")
    tls = folder(host, "/etc/tls")
    must("openssl", "genpkey", "-algorithm", "ed25519", "-out", tls / "a.key")
    must("openssl", "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:secret-canary",
         "-out", tls / "b.key")
    (tls / "a.key").chmod(0o644)
    rows = {row["path"]: row for row in host.query("SELECT * FROM sensitive_files")}
    assert rows["/root/.ssh/id_ed25519"]["encrypted"] == 0, rows
    assert rows["/root/.ssh/locked.key"]["encrypted"] == 1, rows
    assert rows["/root/.ssh/id_rsa"]["encrypted"] == 0, rows
    assert rows["/etc/tls/b.key"]["encrypted"] == 1, rows
    assert "others_read" in rows["/etc/tls/a.key"]["reason"], rows
    assert "/root/.ssh/id_ed25519.pub" not in rows
    shown = str(rows)
    assert "canary" not in shown and (keys / "id_rsa").read_text().split()[6] not in shown


def test_a_setuid_program_that_no_package_owns_is_found(host):
    host.write("/var/lib/dpkg/info/passwd.list", "/.\n/usr/bin/passwd\n")
    host.write("/usr/bin/passwd", b"x", 0o4755)
    host.write("/opt/tool", b"x", 0o4755)
    folder(host, "/srv/drop").chmod(0o777)
    rows = {row["path"]: row for row in host.query("SELECT * FROM sensitive_files")}
    assert rows["/usr/bin/passwd"]["package"] == "passwd", rows
    assert rows["/opt/tool"]["reason"] == "no_package", rows
    assert rows["/srv/drop"]["kind"] == "world_writable_folder", rows


def test_a_hostile_tree_costs_its_own_part_only(host):
    """More files named like keys than are listed, and folders nested deeper than is walked."""
    host.write("/etc/tls/open.key", "x")  # no key: only the next is one
    must("openssl", "genpkey", "-algorithm", "ed25519", "-out", host.path("/etc/tls/real.key"))
    host.path("/etc/tls/real.key").chmod(0o644)
    crowd = folder(host, "/home/eve/crowd")
    os.chown(crowd, 4242, 4242)
    for number in range(20_001):
        descriptor = os.open(crowd / f"{number}.key", os.O_CREAT | os.O_WRONLY, 0o644)
        os.fchown(descriptor, 4242, 4242)
        os.close(descriptor)
    deep = folder(host, "/home/eve/deep")
    at = os.open(deep, os.O_RDONLY)
    for _ in range(140):
        os.mkdir("d", dir_fd=at)
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)
    rows = host.query("SELECT path, kind, reason, note FROM sensitive_files")
    real, = (row for row in rows if row["path"] == "/etc/tls/real.key")
    assert "others_read" in real["reason"], real
    missing = {row["path"]: row["note"] for row in rows if row["kind"] == "not_looked_at"}
    assert set(missing) == {"/home/eve/crowd", "/home/eve/deep"}, missing
    assert "uid 4242" in missing["/home/eve/crowd"], missing
    assert "deeper than 128 levels" in missing["/home/eve/deep"], missing
    assert not any(row["path"].startswith("/home/eve/crowd/") for row in rows)
    for table in ("certificates_on_disk", "python_packages", "npm_packages", "java_archives"):
        notes = host.query(f"SELECT path FROM {table} WHERE note LIKE 'not looked at: %'")
        assert notes == [{"path": "/home/eve/deep"}], (table, notes)


def test_certificates_of_every_form_are_read_and_an_expired_one_is_found(host):
    folder_of_site = folder(host, "/etc/nginx")
    site = folder_of_site / "site.pem"
    key, request = folder_of_site / "site.key", folder_of_site / "site.csr"
    must("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key)
    must("openssl", "req", "-new", "-key", key, "-subj", "/O=Example/CN=www.example.tw", "-out",
         request)
    extensions = host.write("/tmp/extensions",
                            "subjectAltName = DNS:www.example.tw, IP:192.0.2.1\n")
    # Signed by itself, valid for less than the second it takes to make it.
    must("openssl", "x509", "-req", "-in", request, "-signkey", key, "-days", "0", "-extfile",
         extensions, "-out", site)
    must("openssl", "x509", "-in", site, "-outform", "DER", "-out", folder_of_site / "site.der")
    host.write("/etc/nginx/both.pem", (folder_of_site / "site.key").read_bytes() + site.read_bytes())
    rows = host.query("SELECT path, common_name, key_strength, self_signed, sha256, "
                      "subject_alternative_names FROM certificates_on_disk, clock WHERE "
                      "not_valid_after / 86400 <= clock.day ORDER BY path")
    assert [row["path"] for row in rows] == ["/etc/nginx/both.pem", "/etc/nginx/site.der",
                                             "/etc/nginx/site.pem"], rows
    assert len({row["sha256"] for row in rows}) == 1, rows
    assert rows[0]["common_name"] == "www.example.tw" and rows[0]["key_strength"] == "2048", rows
    assert rows[0]["subject_alternative_names"] == "www.example.tw 192.0.2.1", rows
    digest = subprocess.run(["openssl", "x509", "-in", site, "-noout", "-fingerprint", "-sha256"],
                            check=True, capture_output=True, text=True, timeout=60).stdout
    assert digest.split("=")[1].strip().replace(":", "").lower() == rows[0]["sha256"], rows


if __name__ == "__main__":
    need("openssl", "ssh-keygen")
    run_tests(globals())
