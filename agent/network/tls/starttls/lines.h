// Lines of protocols that speak in lines.
#pragma once

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent::tls {

inline constexpr std::size_t kMaxLineBytes = 8192;

// Takes the next line from the front of `received`, without its end; nullopt while it is not
// complete. kInvalidData for a line that is longer than any server's.
[[nodiscard]] inline Result<std::optional<std::string>> take_line(std::string& received) {
  const auto end = received.find('\n');
  if (std::min(end, received.size()) > kMaxLineBytes)
    return fail(Code::kInvalidData, "a line without an end");
  if (end == std::string::npos) return std::nullopt;
  auto line = received.substr(0, end);
  received.erase(0, end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

[[nodiscard]] inline std::string in_capitals(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  });
  return text;
}

// A reply of SMTP (RFC 5321 4.2) or FTP (RFC 959 4.2): "250-more" and "250 last".
struct ReplyLine {
  int code = 0;
  bool is_last = false;
  std::string text;
};
// nullopt: not a reply; in FTP a line inside a long one.
[[nodiscard]] inline std::optional<ReplyLine> reply_line(std::string_view line) {
  if (line.size() < 3) return std::nullopt;
  int code = 0;
  for (const char c : line.substr(0, 3)) {
    if (c < '0' || c > '9') return std::nullopt;
    code = code * 10 + (c - '0');
  }
  if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return std::nullopt;
  return ReplyLine{code, line.size() == 3 || line[3] == ' ',
                   std::string(line.substr(std::min<std::size_t>(4, line.size())))};
}

}  // namespace assay::agent::tls
