// The last login of each account, put together from all places where a machine may note logins.
// Plain values; one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

struct Login {
  std::int64_t time = 0;  // Unix seconds
  std::string tty;
  std::string host;
  std::string source;  // the file that knows
};

class LoginHistory {
 public:
  // Keeps the latest of each account. kTooLarge when there are more names than accounts can be:
  // a name that was typed wrong is none, but a file can be made to hold anything.
  [[nodiscard]] Status add(std::string_view user, Login login);
  // `source` holds records, the oldest of that time; absent: when they begin is not known.
  void covers(std::string source, std::optional<std::int64_t> since);
  // What should be known about a source; stands on every row.
  void note(std::string text) { notes_.push_back(std::move(text)); }

  [[nodiscard]] const std::map<std::string, Login, std::less<>>& logins() const { return logins_; }
  [[nodiscard]] const std::vector<std::string>& sources() const { return sources_; }
  [[nodiscard]] const std::optional<std::int64_t>& since() const { return since_; }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::map<std::string, Login, std::less<>> logins_;
  std::vector<std::string> sources_;
  std::vector<std::string> notes_;
  std::optional<std::int64_t> since_;
};

}  // namespace assay::agent
