#include "agent/probes/linux/accounts/ssh_keys/authorized_key_line.h"

#include <algorithm>
#include <array>

#include "agent/probes/linux/accounts/ssh_keys/ssh_public_key.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxCommentBytes = 256;
constexpr std::size_t kMaxOptionsBytes = 4096;

// Options whose value says who, where and until when.
constexpr std::array<std::string_view, 6> kShown = {"from",       "permitopen",  "permitlisten",
                                                    "principals", "expiry-time", "tunnel"};
// Those there are else. A word that is none of them may be anything, so its line is not shown.
constexpr std::array<std::string_view, 17> kNames = {"agent-forwarding",
                                                     "cert-authority",
                                                     "command",
                                                     "environment",
                                                     "no-agent-forwarding",
                                                     "no-port-forwarding",
                                                     "no-pty",
                                                     "no-user-rc",
                                                     "no-x11-forwarding",
                                                     "no-touch-required",
                                                     "port-forwarding",
                                                     "pty",
                                                     "restrict",
                                                     "user-rc",
                                                     "verify-required",
                                                     "x11-forwarding",
                                                     "touch-required"};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view take_word(std::string_view& text) {
  const auto end = std::min(text.size(), text.find_first_of(" \t"));
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t")));
  return word;
}

// Where the options end: at the first blank outside of quotes; npos when a quote has no end.
std::size_t options_end(std::string_view text) {
  bool is_quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '"') {
      ++i;
    } else if (text[i] == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted && is_blank(text[i])) {
      return i;
    }
  }
  return std::string_view::npos;
}

// False when the options are not sshd's.
bool add_options(std::string_view text, AuthorizedKey& key) {
  while (!text.empty()) {
    bool is_quoted = false;
    std::size_t end = 0;
    for (; end < text.size() && (is_quoted || text[end] != ','); ++end) {
      if (text[end] == '\\' && end + 1 < text.size()) {
        ++end;
      } else if (text[end] == '"') {
        is_quoted = !is_quoted;
      }
    }
    end = std::min(end, text.size());
    const auto option = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + 1));
    const auto name = in_small_letters(option.substr(0, option.find('=')));
    const bool is_shown = std::ranges::find(kShown, name) != kShown.end();
    if (!is_shown && std::ranges::find(kNames, name) == kNames.end()) return false;
    if (name == "cert-authority") key.is_authority = true;
    if (!key.options.empty()) key.options += ',';
    key.options += name;
    if (is_shown) key.options += option.substr(std::min(option.size(), name.size()));
  }
  return true;
}

void cut(std::string& text, std::size_t size) {
  if (text.size() <= size) return;
  text.resize(size);
  text += "…";
}

}  // namespace

Result<std::optional<AuthorizedKey>> parse_authorized_key(std::string_view line) {
  auto rest = trimmed(line);
  if (rest.empty() || rest[0] == '#') return std::optional<AuthorizedKey>();
  AuthorizedKey key;
  if (!is_ssh_algorithm(rest.substr(0, rest.find_first_of(" \t")))) {
    const auto end = options_end(rest);
    if (end == std::string_view::npos || !add_options(rest.substr(0, end), key))
      return fail(Code::kInvalidData, "neither an algorithm nor options of sshd");
    rest = trimmed(rest.substr(end));
  }
  const auto algorithm = take_word(rest);
  if (!is_ssh_algorithm(algorithm)) return fail(Code::kInvalidData, "no algorithm of a key");
  const auto read = read_ssh_public_key(algorithm, take_word(rest));
  if (!read) return fail(read.error());
  key.algorithm = algorithm;
  key.comment = rest;
  key.bits = read->bits;
  key.fingerprint = read->fingerprint;
  cut(key.comment, kMaxCommentBytes);
  cut(key.options, kMaxOptionsBytes);
  return key;
}

}  // namespace assay::agent
