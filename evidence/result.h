// How every part of Assay reports failure: a value, or an Error that says what
// kind of failure it was and, in words for a person, what was being done.
// Where a person is refused something, evidence/refusal.h says it in both languages.
//
// No function of ours throws across a component's border. A Result may not be
// dropped silently: write `(void)` with the reason beside it.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "evidence/text.h"

namespace assay {

// A closed list. A caller may branch on the code, never on the message.
enum class Code {
  kNotFound,          // the file, row or name does not exist
  kPermissionDenied,  // it exists and we may not look
  kNotSupported,      // not on this platform, kernel or kind of host
  kInvalidData,       // bytes that do not follow their format
  kTooLarge,          // over a limit that is written down in a header
  kTimedOut,          // the time budget was used up
  kUnavailable,       // the other side is not there now; trying again is right
  kConflict,          // contradicts what is already recorded
  kUnauthenticated,   // who it is could not be proven
  kRefused,           // who it is is known, and it may not do this
  kNoSpace,           // the disk, or a quota, is full
  kIo,                // any other failure of the operating system
  kUsage,             // wrong words on the command line
  kConfiguration,     // wrong words in a file of settings or content
  kLost,              // evidence was lost; has a counter of its own
  kInternal,          // a promise of ours was broken
};

// The code's stable name, as it appears in evidence and JSON ("permission_denied").
[[nodiscard]] std::string_view name_of(Code code);

class [[nodiscard]] Error {
 public:
  // In English only: for whoever looks after the machine, or what a library said.
  Error(Code code, std::string message) : code_(code), text_{std::move(message), {}} {}
  // For people, in both languages.
  Error(Code code, Text text) : code_(code), text_(std::move(text)) {}

  [[nodiscard]] Code code() const { return code_; }
  // In English.
  [[nodiscard]] const std::string& message() const { return text_.en; }
  // In the language. What is there in English only stands behind what its code means.
  [[nodiscard]] std::string in(Language language) const;
  [[nodiscard]] Text text() const { return {message(), in(Language::kChinese)}; }

  // The same failure, seen from one level up: "reading /etc/shadow: <message>".
  // A context without languages is a name, such as a path.
  [[nodiscard]] Error within(std::string_view context) const;
  [[nodiscard]] Error within(const Text& context) const;

 private:
  Code code_;
  Text text_;
};

template <typename T>
using Result = std::expected<T, Error>;
using Status = std::expected<void, Error>;

[[nodiscard]] inline std::unexpected<Error> fail(Code code, std::string message) {
  return std::unexpected(Error(code, std::move(message)));
}
[[nodiscard]] inline std::unexpected<Error> fail(Code code, Text text) {
  return std::unexpected(Error(code, std::move(text)));
}
[[nodiscard]] inline std::unexpected<Error> fail(Error error) {
  return std::unexpected(std::move(error));
}
// The Error for `errno` value `number`; `what` names the operation and its object.
[[nodiscard]] Error system_error(int number, std::string_view what);
[[nodiscard]] Error system_error(int number, const Text& what);

}  // namespace assay
