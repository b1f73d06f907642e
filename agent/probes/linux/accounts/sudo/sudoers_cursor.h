// Goes over one line of sudoers word by word, by its rules of quotes and escapes.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::agent {

class SudoersCursor {
 public:
  explicit SudoersCursor(std::string_view text) : text_(text) {}

  void skip_blanks();
  [[nodiscard]] bool is_at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return is_at_end() ? '\0' : text_[at_]; }
  // Passes over `c` if it is next.
  bool take(char c);
  // Up to the first of `ends` that is neither quoted nor escaped, or to the end.
  std::string_view until(std::string_view ends);

  [[nodiscard]] std::size_t at() const { return at_; }
  void go_to(std::size_t at) { at_ = at; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  [[nodiscard]] std::string_view between(std::size_t from, std::size_t to) const {
    return text_.substr(from, to - from);
  }

  // Names apart by commas, each with its "!" before it; a name ends at a blank or at one of
  // `ends`. False when a name is missing.
  [[nodiscard]] bool take_names(std::string_view ends, std::vector<std::string>& names);

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// Without the quotes and escapes: `"domain users"` and `domain\ users` are the same name.
[[nodiscard]] std::string plain_name(std::string_view written);

}  // namespace assay::agent
