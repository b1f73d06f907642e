// OpenSSL with as little of it as an audit needs: its start costs more than the audit of a small
// server. The program's first use of it.
#pragma once

namespace assay::agent::tls {

// No configuration file: what this machine's openssl.cnf allows its own programs must not limit
// what is seen of others. No words for errors, and nothing freed at the end. Any thread, many
// times.
void start_openssl();

// Besides, for this thread from now on: the default provider without the ciphers and decoders that
// no audit uses. To look for one algorithm, OpenSSL sets up all there are of its kind. Where it
// fails everything stays as it is. For all threads: EVP_get_cipherbyname() knows no cipher.
void use_lean_openssl();

}  // namespace assay::agent::tls
