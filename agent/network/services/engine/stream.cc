#include "agent/network/services/engine/stream.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <array>

namespace assay::agent::services {

using tls::Need;

namespace {

SSL_CTX* make_context() {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  if (context == nullptr) return nullptr;
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_security_level(context, 0);  // to look at it, whatever it is
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  (void)SSL_CTX_set_cipher_list(context, "ALL:COMPLEMENTOFALL:!eNULL");  // else those by default
  return context;
}

SSL_CTX* context() {
  static SSL_CTX* const kContext = make_context();  // lives as long as the program
  return kContext;
}

std::unexpected<Error> handshake_error() {
  const auto code = ERR_peek_last_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return fail(Code::kInvalidData,
              std::string("the handshake failed: ") + (reason != nullptr ? reason : "unknown"));
}

// A record's header: handshake or alert, of SSL 3.x.
bool is_record(std::string_view bytes) {
  return bytes.size() >= 2 && (bytes[0] == '\x16' || bytes[0] == '\x15') && bytes[1] == '\x03';
}

}  // namespace

Stream::Stream(bool is_tls, const std::string& server_name)
    : is_tls_(is_tls), ssl_(is_tls && context() != nullptr ? SSL_new(context()) : nullptr) {
  // A macro of OpenSSL's casts the name's const away.
  if (ssl_ && !server_name.empty())
    SSL_ctrl(ssl_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(server_name.c_str()));
}

// SSL_CTX_set_msg_callback(3)
void Stream::hear_record(int is_sent, int /*version*/, int type, const void* bytes,
                         std::size_t length, SSL* /*ssl*/, void* stream) {
  if (is_sent != 0 || type != SSL3_RT_HEADER) return;
  auto& self = *static_cast<Stream*>(stream);
  self.heard_anything_ = true;
  self.spoke_tls_ = self.spoke_tls_ || is_record({static_cast<const char*>(bytes), length});
}

Result<Need> Stream::begin(int descriptor) {
  if (!is_tls_ || is_begun_) return Need::kNothing;
  if (!ssl_) return fail(Code::kInternal, "OpenSSL cannot begin a handshake");
  if (SSL_get_fd(ssl_.get()) < 0 && SSL_set_fd(ssl_.get(), descriptor) != 1)
    return fail(Code::kInternal, "OpenSSL: no socket");
  // A fast answer is read in the call that asks; a slow or short one can be looked at before.
  SSL_set_msg_callback(ssl_.get(), hear_record);
  SSL_ctrl(ssl_.get(), SSL_CTRL_SET_MSG_CALLBACK_ARG, 0, this);
  if (!spoke_tls_) {
    std::array<char, 2> first{};
    const auto length = ::recv(descriptor, first.data(), first.size(), MSG_PEEK | MSG_DONTWAIT);
    if (length > 0) heard_anything_ = true;
    if (length == 2) spoke_tls_ = is_record({first.data(), first.size()});
  }
  ERR_clear_error();
  const int done = SSL_connect(ssl_.get());
  if (done == 1) {
    is_begun_ = true;
    return Need::kNothing;
  }
  switch (SSL_get_error(ssl_.get(), done)) {
    case SSL_ERROR_WANT_READ: return Need::kRead;
    case SSL_ERROR_WANT_WRITE: return Need::kWrite;
    case SSL_ERROR_SYSCALL:
    case SSL_ERROR_ZERO_RETURN: return fail(Code::kUnavailable, "the server closed the connection");
    default: return handshake_error();
  }
}

Result<bool> Stream::read(int descriptor, std::string& received, std::size_t limit) {
  if (!is_tls_) {
    auto more = tls::read_some(descriptor, received, limit);
    if (more && *more) heard_anything_ = true;
    return more;
  }
  std::array<char, 16U << 10U> bytes;
  ERR_clear_error();
  const int length = SSL_read(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (length > 0) {
    received.append(bytes.data(), static_cast<std::size_t>(length));
    if (received.size() > limit) return fail(Code::kTooLarge, "the server sent more than is read");
    return true;
  }
  const int error = SSL_get_error(ssl_.get(), length);
  ERR_clear_error();
  if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return false;
  return fail(Code::kUnavailable, "the server closed the connection");
}

Status Stream::write(int descriptor, std::string& pending) {
  if (!is_tls_) return tls::write_some(descriptor, pending);
  while (!pending.empty()) {
    ERR_clear_error();
    const int length = SSL_write(ssl_.get(), pending.data(), static_cast<int>(pending.size()));
    if (length <= 0) {
      const int error = SSL_get_error(ssl_.get(), length);
      ERR_clear_error();
      if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) return {};
      return fail(Code::kUnavailable, "the server closed the connection");
    }
    pending.erase(0, static_cast<std::size_t>(length));
  }
  return {};
}

}  // namespace assay::agent::services
