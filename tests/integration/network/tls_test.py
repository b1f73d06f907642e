#!/usr/bin/env python3
"""assay-agent tls against real servers: the suites are those that were set, and those that sslscan
finds; what else is told is as it was set."""
import shutil
import subprocess
import sys

import peers
from servers import Hostile, free_port, must, run_tests


def endpoint_of(tables):
    assert len(tables["tls_endpoints"]) == 1
    return tables["tls_endpoints"][0]


def test_a_short_list_is_found_as_it_was_set(servers):
    port = servers.openssl("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256:AES256-SHA:DHE-RSA-AES256-SHA256",
                           "-serverpref")
    tables = servers.tables(port)
    assert servers.suites(tables) == {("TLSv1.2", "0xC02F"), ("TLSv1.2", "0x0035"), ("TLSv1.2", "0x006B")}
    facts = {row["suite"]: row for row in tables["tls_suites"]}
    assert facts["TLS_RSA_WITH_AES_256_CBC_SHA"]["weak_reason"] == "no forward secrecy"
    assert facts["TLS_RSA_WITH_AES_256_CBC_SHA"]["forward_secrecy"] == 0
    first = facts["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"]
    assert (first["preference"], first["bits"], first["aead"], first["weakness"]) == (1, 128, 1, None), first
    assert first["key_exchange_group"] == "x25519", first
    assert facts["TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"]["key_exchange_bits"] >= 2048
    endpoint = endpoint_of(tables)
    assert (endpoint["status"], endpoint["protocols"]) == ("ok", "TLSv1.2"), endpoint
    assert endpoint["server_preference"] == 1 and endpoint["unknown_protocols"] is None, endpoint
    assert endpoint["secure_renegotiation"] == 1 and endpoint["compression"] == 0, endpoint
    assert endpoint["fallback_scsv"] is None, endpoint  # there is nothing to fall back from


def test_the_client_s_order_is_told_from_the_server_s(servers):
    port = servers.openssl("-tls1_2", "-cipher", "AES128-SHA:AES256-SHA")
    endpoint = endpoint_of(servers.tables(port))
    assert endpoint["server_preference"] == 0, endpoint


def test_old_protocols_with_all_suites_are_what_sslscan_finds(servers):
    port = servers.openssl("-cipher", "ALL:@SECLEVEL=0", "-ciphersuites",
                           "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"
                           ":TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256")
    tables = servers.tables(port)
    found = servers.suites(tables)
    assert {protocol for protocol, _ in found} == {"TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}, found
    theirs = peers.sslscan(port)
    assert theirs and theirs <= found, theirs - found
    # It knows no suite that authenticates nobody in TLS 1.2, and some that it does not name.
    assert all(row["authentication"] in ("anonymous", "rsa", "certificate") for row in tables["tls_suites"])
    anonymous = [row for row in tables["tls_suites"] if row["authentication"] == "anonymous"]
    assert anonymous and all(row["weakness"] == "broken" for row in anonymous)
    assert endpoint_of(tables)["fallback_scsv"] == 1


def test_a_server_of_one_group_alone_shows_its_certificate_by_tls_1_3(servers):
    for group in ("X25519", "P-256", "P-384", "P-521", "X448", "ffdhe2048", "ffdhe3072"):
        tables = servers.tables(servers.openssl("-tls1_3", "-groups", group))
        endpoint = endpoint_of(tables)
        assert [row["subject"] for row in tables["certificates"]] == ["CN = localhost"], (group, endpoint)
        assert endpoint["session_tickets"] == 1, (group, endpoint)


def test_tls_1_0_alone(servers):
    port = servers.openssl("-tls1", "-cipher", "DEFAULT:@SECLEVEL=0")
    tables = servers.tables(port)
    assert servers.suites(tables) == peers.sslscan(port)
    assert endpoint_of(tables)["protocols"] == "TLSv1.0"


def test_tls_1_3_alone_shows_what_it_encrypts(servers):
    servers.certificate("ec", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    port = servers.openssl("-tls1_3", "-alpn", "h2,http/1.1", "-groups", "X25519:P-384", "-Verify", "1",
                           certificate="ec")
    tables = servers.tables(f"localhost:{port}")
    endpoint = endpoint_of(tables)
    assert servers.suites(tables) == {("TLSv1.3", code) for code in ("0x1301", "0x1302", "0x1303")}
    assert endpoint["alpn"] == "h2 http/1.1", endpoint
    assert endpoint["groups"] == "x25519 secp384r1", endpoint
    assert endpoint["signature_algorithms"] == "ecdsa_secp256r1_sha256", endpoint
    assert endpoint["client_certificate"] == 1 and endpoint["compression"] is None, endpoint
    leaf = tables["certificates"][0]
    assert (leaf["key_algorithm"], leaf["key_bits"], leaf["host_match"]) == ("id-ecPublicKey", 256, 1), leaf


def test_a_stapled_answer_and_the_size_of_a_dh_key(servers):
    servers.certificate("server")
    must("openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe3072", "-out",
         servers.folder / "dh.pem")
    must("openssl", "ocsp", "-issuer", servers.folder / "server.crt", "-cert", servers.folder / "server.crt",
         "-reqout", servers.folder / "request", "-no_nonce")
    (servers.folder / "index.txt").write_text("")
    must("openssl", "ocsp", "-index", servers.folder / "index.txt", "-CA", servers.folder / "server.crt",
         "-rsigner", servers.folder / "server.crt", "-rkey", servers.folder / "server.key", "-reqin",
         servers.folder / "request", "-respout", servers.folder / "staple", "-ndays", "1")
    port = servers.openssl("-tls1_2", "-cipher", "DHE-RSA-AES128-SHA:@SECLEVEL=0", "-dhparam", "dh.pem",
                           "-status_file", "staple")
    endpoint = endpoint_of(servers.tables(port))
    assert endpoint["ocsp_stapling"] == 1 and endpoint["dh_bits"] == 3072, endpoint


def test_two_chains_and_their_facts(servers):
    servers.certificate("server", days=10)
    servers.certificate("ec", "ec", "-pkeyopt", "ec_paramgen_curve:P-384")
    port = servers.openssl("-tls1_2", "-dcert", "ec.crt", "-dkey", "ec.key")
    rows = servers.tables(f"localhost:{port}")["certificates"]
    assert sorted((row["key_algorithm"], row["key_bits"], row["valid_days"]) for row in rows) == [
        ("id-ecPublicKey", 384, 90), ("rsaEncryption", 2048, 10)], rows
    for row in rows:
        assert (row["self_signed"], row["trusted"], row["host_match"]) == (1, 0, 1), row
        assert row["trust_problem"] == "self-signed certificate", row


def test_a_chain_behind_an_authority_is_shown_whole(servers):
    ca, key = servers.certificate("ca", subject="/CN=Example CA", names="basicConstraints=critical,CA:TRUE")
    must("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", servers.folder / "leaf.key", "-out",
         servers.folder / "leaf.csr", "-subj", "/CN=www.example.tw", "-addext", "subjectAltName=DNS:www.example.tw")
    must("openssl", "x509", "-req", "-in", servers.folder / "leaf.csr", "-CA", ca, "-CAkey", key, "-days", "30",
         "-out", servers.folder / "leaf.crt", "-copy_extensions", "copyall")
    port = servers.openssl("-tls1_2", "-cert_chain", "ca.crt", certificate="leaf")
    rows = servers.tables(port)["certificates"]
    assert [(row["position"], row["common_name"], row["ca"]) for row in rows] == [
        (0, "www.example.tw", 0), (1, "Example CA", 1)], rows
    assert rows[0]["host_match"] == 0 and rows[0]["trusted"] == 0 and rows[1]["trusted"] is None, rows


def test_ssl_2_is_found(servers):
    kinds = bytes.fromhex("010080" "0700C0")
    certificate = must("openssl", "x509", "-in", servers.certificate("server")[0], "-outform", "DER",
                       "-out", servers.folder / "server.der") or (servers.folder / "server.der").read_bytes()

    def talk(connection):
        hello = connection.recv(4096)
        if hello[2:5] != b"\x01\x00\x02":
            return  # not SSLv2: hang up
        body = (b"\x04\x00\x01\x00\x02" + len(certificate).to_bytes(2, "big") + len(kinds).to_bytes(2, "big")
                + b"\x00\x10" + certificate + kinds + bytes(16))
        connection.sendall((0x8000 | len(body)).to_bytes(2, "big") + body)

    with Hostile(talk) as server:
        tables = servers.tables(server.port)
    assert endpoint_of(tables)["protocols"] == "SSLv2", tables["tls_endpoints"]
    assert servers.suites(tables) == {("SSLv2", "0x010080"), ("SSLv2", "0x0700C0")}
    assert tables["certificates"][0]["key_bits"] == 2048


def test_many_endpoints_at_once_are_one_row_each(servers):
    ports = [servers.openssl("-tls1_2", "-cipher", "AES128-SHA") for _ in range(3)] + [free_port()]
    rows = servers.tables(*ports)["tls_endpoints"]
    assert sorted(row["status"] for row in rows) == ["ok", "ok", "ok", "refused"], rows


def test_wrong_words_are_said(servers):
    for words, said in ((("127.0.0.1:0",), "1 to 65535"), (("a b",), "neither a name nor an address"),
                        (("--starttls", "gopher", "127.0.0.1"), "smtp, imap")):
        done = subprocess.run([servers.bin / "assay-agent", "tls", *words], capture_output=True, text=True,
                              check=False, timeout=30)
        assert done.returncode == 64 and said in done.stderr and not done.stdout, done


def test_what_only_looks_at_others_takes_no_program_that_looks_at_this_machine(servers):
    folder = servers.folder / "own"
    folder.mkdir()
    for name in ("assay-agent", "assay-scanner"):
        shutil.copy(servers.bin / name, folder)

    def run(*words):
        return subprocess.run([folder / "assay-agent", *words], capture_output=True, text=True, check=False, timeout=30)
    done = run("tls", "-o", "json", f"127.0.0.1:{servers.openssl('-tls1_2')}")
    assert done.returncode == 0 and '"status": "ok"' in done.stdout, done
    done = run("query", "SELECT 1")
    assert done.returncode == 66 and str(folder / "assay-host") in done.stderr and not done.stdout, done


def test_the_help_names_all_commands(servers):
    for words, expected in (((), ("tls", "services", "scan", "version")), (("tls",), ("--starttls",)),
                            (("scan",), ("--fail-on",))):
        said = must(servers.bin / "assay-agent", *words, "--help")
        assert all(name in said for name in expected), said


if __name__ == "__main__":
    sys.exit(run_tests(globals(), sys.argv[1]))
