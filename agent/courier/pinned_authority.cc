#include "agent/courier/pinned_authority.h"

#include <netdb.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <memory>

#include "agent/host/file_descriptor.h"
#include "evidence/limits.h"

namespace assay::agent {

namespace {

constexpr long kMaxChainBytes = 64L << 10;

std::string openssl_words() {
  const char* words = ERR_reason_error_string(ERR_peek_last_error());
  std::string out = words == nullptr ? "the connection was closed" : words;
  ERR_clear_error();
  return out;
}

Result<FileDescriptor> connect_to(const Address& address, std::chrono::seconds timeout) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &hints, &found);
      code != 0)
    return fail(Code::kUnavailable, "looking up " + address.host + ": " + ::gai_strerror(code));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, ::freeaddrinfo);
  int reason = 0;
  for (const auto* one = found; one != nullptr; one = one->ai_next) {
    FileDescriptor socket(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, 0));
    // On Linux the limit on sending is also the one on connecting.
    const timeval limit{timeout.count(), 0};
    (void)::setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    (void)::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (socket.is_open() && ::connect(socket.number(), one->ai_addr, one->ai_addrlen) == 0)
      return socket;
    reason = errno == EINPROGRESS ? ETIMEDOUT : errno;
  }
  return fail(Code::kUnavailable,
              system_error(reason, "connecting to " + address.host + ":" + address.port).message());
}

Result<std::string> to_pem(X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new(BIO_s_mem()), BIO_free_all);
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1)
    return fail(Code::kInternal, "writing a certificate");
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  if (std::cmp_greater(size, evidence::kMaxPemBytes))
    return fail(Code::kTooLarge, "the CA's certificate has more than 16 KiB");
  return std::string(data, static_cast<std::size_t>(size));
}

}  // namespace

Result<Address> address_from(std::string_view text) {
  const auto colon = text.rfind(':');
  const auto host = text.substr(0, std::min(colon, text.size()));
  const auto port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  const bool is_bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const bool is_number = !port.empty() && port.size() <= 5 &&
                         port.find_first_not_of("0123456789") == std::string_view::npos;
  if (host.empty() || !is_number || (!is_bracketed && host.find(':') != std::string_view::npos))
    return fail(Code::kUsage, "HOST:PORT is expected, not \"" + std::string(text) + "\"");
  return Address{std::string(is_bracketed ? host.substr(1, host.size() - 2) : host),
                 std::string(port)};
}

Result<std::string> fetch_authority(const Address& address, const evidence::Digest& fingerprint,
                                    std::chrono::seconds timeout) {
  auto socket = connect_to(address, timeout);
  if (!socket) return fail(socket.error());
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  SSL_CTX_free);
  if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION) != 1)
    return fail(Code::kInternal, "TLS 1.3 is not to be had");
  // Nobody is trusted here: the fingerprint below decides, and then a second, verified connection.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_max_cert_list(context.get(), kMaxChainBytes);
  const std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context.get()), SSL_free);
  constexpr unsigned char kHttp2[] = {2, 'h', '2'};
  if (!ssl || SSL_set_fd(ssl.get(), socket->number()) != 1 ||
      SSL_set_alpn_protos(ssl.get(), kHttp2, sizeof kHttp2) != 0)
    return fail(Code::kInternal, "preparing TLS");
  // What SSL_set_tlsext_host_name() stands for, without its old-style cast.
  (void)SSL_ctrl(ssl.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 const_cast<char*>(address.host.c_str()));
  if (SSL_connect(ssl.get()) != 1)
    return fail(Code::kUnavailable,
                "TLS 1.3 with " + address.host + ":" + address.port + ": " + openssl_words());
  STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl.get());
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    X509* certificate = sk_X509_value(chain, i);
    evidence::Digest digest;
    unsigned int size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.bytes.data(), &size) == 1 &&
        digest == fingerprint && X509_check_ca(certificate) == 1)
      return to_pem(certificate);
  }
  return fail(Code::kUnauthenticated,
              address.host + ":" + address.port +
                  " is not the collector that this token is from: its CA has another fingerprint. "
                  "The token was not sent");
}

}  // namespace assay::agent
