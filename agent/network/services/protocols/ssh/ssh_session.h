// An SSH session up to the question which methods of authentication there are (RFC 4252 5.2): the
// encryption is libssh's, the bytes go through our hands.
//
// The request "none" is made under a name that nobody has. No password, no key, no shell. One
// thread; the library's descriptor is one end of a pair of sockets and reaches nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/file_descriptor.h"
#include "agent/network/services/protocols/ssh/ssh_library.h"
#include "evidence/result.h"

namespace assay::agent::services {

inline constexpr std::string_view kSshNobody = "assay-scanner";

struct SshMethods {
  bool lets_in = false;            // "none" was enough
  std::vector<std::string> names;  // by their names of RFC 4252 and its followers
};

class SshSession {
 public:
  SshSession() = default;
  ~SshSession();
  SshSession(const SshSession&) = delete;
  SshSession& operator=(const SshSession&) = delete;
  SshSession(SshSession&&) = delete;
  SshSession& operator=(SshSession&&) = delete;

  // Takes all of `received` and appends to `send`. nullopt: more is to come. kNotFound,
  // kNotSupported: of the library; kUnavailable: no session with this server, in words; kTooLarge.
  [[nodiscard]] Result<std::optional<SshMethods>> advance(std::string& received, std::string& send);

 private:
  [[nodiscard]] Status begin();
  // True: bytes moved, or a step was made.
  [[nodiscard]] Result<bool> exchange(std::string& received, std::string& send);
  [[nodiscard]] Result<bool> step();
  [[nodiscard]] std::unexpected<Error> library_error() const;

  const SshLibrary* library_ = nullptr;
  ssh_session session_ = nullptr;
  FileDescriptor ours_;
  FileDescriptor theirs_;  // until the library has taken it over
  std::size_t sent_ = 0;
  bool is_connected_ = false;
  std::optional<SshMethods> methods_;
};

}  // namespace assay::agent::services
