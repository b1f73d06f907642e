#include "agent/probes/linux/accounts/sudo/sudoers_cursor.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxNames = 10'000;

}  // namespace

void SudoersCursor::skip_blanks() {
  while (peek() == ' ' || peek() == '\t') ++at_;
}

bool SudoersCursor::take(char c) {
  if (is_at_end() || peek() != c) return false;
  ++at_;
  return true;
}

std::string_view SudoersCursor::until(std::string_view ends) {
  const auto start = at_;
  bool is_quoted = false;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '\\' && at_ + 1 < text_.size()) {
      ++at_;
    } else if (c == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted && ends.find(c) != std::string_view::npos) {
      break;
    }
  }
  return text_.substr(start, at_ - start);
}

bool SudoersCursor::take_names(std::string_view ends, std::vector<std::string>& names) {
  const std::string all_ends = std::string(" \t,").append(ends);
  do {
    skip_blanks();
    bool is_negated = false;
    while (take('!')) {
      is_negated = !is_negated;
      skip_blanks();
    }
    const auto name = until(all_ends);
    if (name.empty() || names.size() >= kMaxNames) return false;
    names.push_back((is_negated ? "!" : "") + plain_name(name));
    skip_blanks();
  } while (take(','));
  return true;
}

std::string plain_name(std::string_view written) {
  std::string name;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '"') continue;
    // Before another character than a special one the backslash is part of the name: DOMAIN\user.
    constexpr std::string_view kSpecial = "\\\" \t,:=!()@#";
    if (written[i] == '\\' && i + 1 < written.size() &&
        kSpecial.find(written[i + 1]) != std::string_view::npos)
      ++i;
    name += written[i];
  }
  return name;
}

}  // namespace assay::agent
