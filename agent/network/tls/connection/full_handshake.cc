#include "agent/network/tls/connection/full_handshake.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include <array>

#include "agent/network/tls/wire/answer.h"

namespace assay::agent::tls {

namespace {

using std::chrono::steady_clock;

constexpr auto kLeastPatience = std::chrono::milliseconds(10);

int index_of_facts() {
  static const int kIndex = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return kIndex;
}

HandshakeFacts* facts_behind(SSL* ssl) {
  return static_cast<HandshakeFacts*>(SSL_get_ex_data(ssl, index_of_facts()));
}

int on_ticket(SSL* ssl, SSL_SESSION* session) {
  auto* facts = facts_behind(ssl);
  if (facts == nullptr) return 0;
  ++facts->tickets;
  facts->session = Session(session, SSL_SESSION_free);
  return 1;  // it is ours
}

int on_certificate_request(SSL* ssl, X509**, EVP_PKEY**) {
  if (auto* facts = facts_behind(ssl)) facts->requests_certificate = true;
  return 0;  // we have none
}

SSL_CTX* make_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  if (context == nullptr) return nullptr;
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_security_level(context, 0);  // to look at it, whatever it is
  SSL_CTX_set_max_cert_list(context, static_cast<long>(kMaxMessageBytes));
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, on_ticket);
  SSL_CTX_set_client_cert_cb(context, on_certificate_request);
  SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  return context;
}

SSL_CTX* context() {
  static SSL_CTX* const kContext = make_context();  // lives as long as the program
  return kContext;
}

std::string der_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int length = i2d_X509(certificate, &bytes);
  if (length <= 0) return {};
  std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(length));
  OPENSSL_free(bytes);
  return out;
}

Error handshake_error() {
  std::array<char, 256> text{};
  const auto code = ERR_peek_last_error();
  ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  const auto* reason = ERR_reason_error_string(code);
  return {Code::kInvalidData,
          std::string("the handshake failed: ") + (reason != nullptr ? reason : text.data())};
}

}  // namespace

FullHandshake::FullHandshake(const HandshakeWish& wish)
    : ssl_(context() != nullptr ? SSL_new(context()) : nullptr),
      waits_for_tickets_(wish.session == nullptr) {
  if (!ssl_) return;
  // OpenSSL uses a session once and then marks it as used up; the caller's is for several.
  const Session once(wish.session ? SSL_SESSION_dup(wish.session.get()) : nullptr,
                     SSL_SESSION_free);
  if (once) (void)SSL_set_session(ssl_.get(), once.get());  // else a whole one
  SSL_set_ex_data(ssl_.get(), index_of_facts(), &facts_);
  // A macro of OpenSSL's casts the name's const away.
  if (!wish.server_name.empty())
    SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(wish.server_name.c_str()));
  std::string protocols;
  for (const auto& name : wish.application_protocols) {
    protocols += static_cast<char>(name.size());
    protocols += name;
  }
  if (!protocols.empty())
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                        static_cast<unsigned>(protocols.size()));
}

FullHandshake::~FullHandshake() = default;

Result<Need> FullHandshake::advance(int descriptor, std::string&) {
  if (!ssl_) return fail(Code::kInternal, "OpenSSL cannot begin a handshake");
  if (SSL_get_fd(ssl_.get()) < 0) {
    begin_ = steady_clock::now();
    if (SSL_set_fd(ssl_.get(), descriptor) != 1) return fail(Code::kInternal, "OpenSSL: no socket");
  }
  ERR_clear_error();
  if (!facts_.is_finished) return handshake();
  // Tickets come behind the handshake, and so may data of a server that speaks first.
  std::array<char, 4096> ignored;
  const int length = SSL_read(ssl_.get(), ignored.data(), static_cast<int>(ignored.size()));
  ERR_clear_error();
  if (facts_.tickets > 0 || length > 0) return Need::kNothing;
  return SSL_get_error(ssl_.get(), length) == SSL_ERROR_WANT_READ ? Need::kRead : Need::kNothing;
}

Result<Need> FullHandshake::handshake() {
  const int done = SSL_connect(ssl_.get());
  if (done == 1) {
    note_facts();
    if (!waits_for_tickets_) return Need::kNothing;
    const auto now = steady_clock::now();
    patience_ = now + std::max<steady_clock::duration>(now - begin_, kLeastPatience);
    return Need::kRead;
  }
  switch (SSL_get_error(ssl_.get(), done)) {
    case SSL_ERROR_WANT_READ: return Need::kRead;
    case SSL_ERROR_WANT_WRITE: return Need::kWrite;
    case SSL_ERROR_SYSCALL:
    case SSL_ERROR_ZERO_RETURN: return fail(Code::kUnavailable, "the server closed the connection");
    default: return fail(handshake_error());
  }
}

void FullHandshake::note_facts() {
  facts_.is_finished = true;
  const auto* chain = SSL_get_peer_cert_chain(ssl_.get());
  for (int i = 0; i < sk_X509_num(chain) && facts_.chain.size() < kMaxChainCertificates; ++i)
    facts_.chain.push_back(der_of(sk_X509_value(chain, i)));
  const unsigned char* name = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &length);
  if (length > 0) facts_.application_protocol.assign(reinterpret_cast<const char*>(name), length);
  const unsigned char* status = nullptr;
  const auto bytes = SSL_get_tlsext_status_ocsp_resp(ssl_.get(), &status);
  if (bytes > 0 && status != nullptr)
    facts_.status.assign(reinterpret_cast<const char*>(status), static_cast<std::size_t>(bytes));
}

}  // namespace assay::agent::tls
