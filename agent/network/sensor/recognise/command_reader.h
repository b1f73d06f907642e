// Reads on where a recogniser ends: what a client says in a protocol of commands, line by line (of
// LDAP message by message), so that a log-in is seen however late in a connection it comes.
//
// It is given what the client says in order, once, from where the protocol is known, and keeps
// nothing of it but where it stands. The server is not listened to; what it refused is told by how
// the client goes on. Mails and other data between commands are passed over.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {

class CommandReader {
 public:
  // kHttp: the head of one request, as far as it is larger than is kept of a stream.
  enum class Protocol : std::uint8_t { kNone, kFtp, kHttp, kImap, kLdap, kPop3, kSmtp };
  // Of a recogniser's name; kNone: it has no commands to read on.
  [[nodiscard]] static Protocol protocol_of(std::string_view service);

  CommandReader() = default;
  explicit CommandReader(Protocol protocol) : protocol_(protocol) {}

  struct Heard {
    std::size_t read = 0;           // bytes, which are not to be given again; 0: more is needed
    Secret secret = Secret::kNone;  // that went in clear; reading stops behind it
    std::string host;               // that a request of HTTP names; the same
  };
  // From the front of `text`. `is_full`: no more can be kept, a line without an end is read, too.
  [[nodiscard]] Heard read(std::string_view text, bool is_full);
  // What follows is no command: TLS, something packed, or what comes behind a head of HTTP.
  [[nodiscard]] bool is_over() const { return is_over_; }

 private:
  Heard read_messages(std::string_view text, bool is_full);
  [[nodiscard]] std::size_t pass_over(std::size_t available);
  Heard read_line(std::string_view line);
  Secret read_command(std::string_view line);
  Secret read_ftp(std::string_view line);
  Secret read_imap(std::string_view line);
  Secret read_pop3(std::string_view line);
  Secret read_smtp(std::string_view line);
  Secret begin_login(std::string_view mechanism_and_answer);
  [[nodiscard]] bool passes_over(std::string_view line);

  std::uint64_t skip_ = 0;    // bytes of data
  std::uint32_t length_ = 0;  // of a head of HTTP so far
  Protocol protocol_ = Protocol::kNone;
  Secret asked_ = Secret::kNone;  // the next line may be the answer in a log-in
  bool is_within_line_ = false;   // its front has been read, and its end has not come
  bool is_data_ = false;          // of a mail, up to a line with a dot
  bool is_first_of_data_ = false;
  bool is_continued_ = false;  // the line goes on behind a literal of IMAP
  bool has_user_ = false;
  bool is_anonymous_ = false;
  bool is_over_ = false;
};

}  // namespace assay::agent::sensor
