#include "agent/network/services/protocols/ssh/ssh_session.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace assay::agent::services {

namespace {

constexpr std::size_t kMaxSent = 64U << 10U;
constexpr int kMaxSteps = 1'000;  // of one call: each moves bytes, which are bounded

// All that libssh speaks, the broken among it: to look at a server, whatever it is.
constexpr const char* kExchanges =
    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
    "ecdh-sha2-nistp521,diffie-hellman-group14-sha256,diffie-hellman-group16-sha512,"
    "diffie-hellman-group18-sha512,diffie-hellman-group-exchange-sha256,"
    "diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,diffie-hellman-group1-sha1";
constexpr const char* kHostKeys =
    "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-256,"
    "rsa-sha2-512,ssh-rsa";
constexpr const char* kCiphers =
    "aes128-ctr,aes256-ctr,aes192-ctr,chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,"
    "aes256-gcm@openssh.com,aes128-cbc,aes256-cbc,aes192-cbc,3des-cbc";
constexpr const char* kMacs =
    "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512,"
    "hmac-sha1-etm@openssh.com,hmac-sha1";

std::vector<std::string> names_of(int methods) {
  static constexpr std::array kNames{
      std::pair{SSH_AUTH_METHOD_PUBLICKEY, "publickey"},
      std::pair{SSH_AUTH_METHOD_PASSWORD, "password"},
      std::pair{SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive"},
      std::pair{SSH_AUTH_METHOD_HOSTBASED, "hostbased"},
      std::pair{SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi-with-mic"},
  };
  std::vector<std::string> names;
  for (const auto& [method, name] : kNames)
    if ((static_cast<unsigned>(methods) & method) != 0) names.emplace_back(name);
  return names;
}

}  // namespace

SshSession::~SshSession() {
  if (session_ != nullptr) library_->free(session_);
}

Status SshSession::begin() {
  const auto& library = ssh_library();
  if (!library) return fail(library.error());
  std::array<int, 2> pair{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return fail(system_error(errno, "a pair of sockets"));
  ours_ = FileDescriptor(pair[0]);
  theirs_ = FileDescriptor(pair[1]);
  library_ = &*library;
  session_ = library_->make();
  if (session_ == nullptr) return fail(Code::kUnavailable, "libssh did not start");
  const int number = theirs_.number();
  const int no = 0;
  const int least_bits = 768;
  const std::string name(kSshNobody);
  // No file of this machine's has a say: neither what ssh is set to, nor which hosts it knows.
  for (const auto& [option, value] : std::initializer_list<std::pair<ssh_options_e, const void*>>{
           {SSH_OPTIONS_PROCESS_CONFIG, &no},
           {SSH_OPTIONS_HOST, "server"},
           {SSH_OPTIONS_USER, name.c_str()},
           {SSH_OPTIONS_SSH_DIR, "/nonexistent"},
           {SSH_OPTIONS_KNOWNHOSTS, "/dev/null"},
           {SSH_OPTIONS_GLOBAL_KNOWNHOSTS, "/dev/null"},
           {SSH_OPTIONS_COMPRESSION, "no"},
           {SSH_OPTIONS_RSA_MIN_SIZE, &least_bits},
           {SSH_OPTIONS_KEY_EXCHANGE, kExchanges},
           {SSH_OPTIONS_HOSTKEYS, kHostKeys},
           {SSH_OPTIONS_CIPHERS_C_S, kCiphers},
           {SSH_OPTIONS_CIPHERS_S_C, kCiphers},
           {SSH_OPTIONS_HMAC_C_S, kMacs},
           {SSH_OPTIONS_HMAC_S_C, kMacs},
           {SSH_OPTIONS_FD, &number}})
    if (library_->set_option(session_, option, value) != SSH_OK) return library_error();
  library_->set_blocking(session_, 0);
  return {};
}

std::unexpected<Error> SshSession::library_error() const {
  std::string text = library_->error(session_);
  // "kex error : no match for method mac algo client->server: server [hmac-md5], client […]": what
  // the server offers is in the table.
  constexpr std::string_view kNoMatch = "no match for method ";
  text.erase(std::min(text.size(), text.find(": server [")));
  if (const auto at = text.find(kNoMatch); at != std::string::npos)
    text = "no algorithm in common: " + text.substr(at + kNoMatch.size());
  return fail(Code::kUnavailable, text.empty() ? "no session" : text);
}

Result<bool> SshSession::step() {
  if (!is_connected_) {
    const int done = library_->connect(session_);
    if (theirs_.is_open() && library_->descriptor(session_) == theirs_.number())
      (void)theirs_.release();  // the session closes it
    if (done == SSH_AGAIN) return false;
    if (done != SSH_OK) return library_error();
    is_connected_ = true;
    return true;
  }
  const int answer = library_->log_in_by_nothing(session_, nullptr);
  if (answer == SSH_AUTH_AGAIN) return false;
  if (answer == SSH_AUTH_ERROR) return library_error();
  methods_.emplace();
  if (answer == SSH_AUTH_SUCCESS)
    methods_->lets_in = true;
  else
    methods_->names = names_of(library_->methods(session_, nullptr));
  return true;
}

Result<bool> SshSession::exchange(std::string& received, std::string& send) {
  bool has_moved = false;
  if (!received.empty()) {
    const auto length =
        ::send(ours_.number(), received.data(), received.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (length > 0) {
      received.erase(0, static_cast<std::size_t>(length));
      has_moved = true;
    } else if (errno != EAGAIN && errno != EWOULDBLOCK) {
      received.clear();  // the library has hung up, and will say why
    }
  }
  const auto stepped = step();
  if (!stepped) return stepped;
  std::array<char, 8192> bytes;
  for (;;) {
    const auto length = ::recv(ours_.number(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (length <= 0) break;
    has_moved = true;
    sent_ += static_cast<std::size_t>(length);
    if (sent_ > kMaxSent) return fail(Code::kTooLarge, "the server asks for more than is sent");
    send.append(bytes.data(), static_cast<std::size_t>(length));
  }
  return has_moved || *stepped;
}

Result<std::optional<SshMethods>> SshSession::advance(std::string& received, std::string& send) {
  if (library_ == nullptr)
    if (auto begun = begin(); !begun) return fail(begun.error());
  for (int i = 0; i < kMaxSteps && !methods_; ++i) {
    const auto moved = exchange(received, send);
    if (!moved) return fail(moved.error());
    if (!*moved) break;
  }
  return methods_;
}

}  // namespace assay::agent::services
