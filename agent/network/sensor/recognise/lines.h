// Lines of text protocols: ended by LF or CR LF, without their end.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace assay::agent::sensor {

class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  // Nothing when no whole line is left.
  [[nodiscard]] std::optional<std::string_view> next() {
    const auto end = text_.find('\n', at_);
    if (end == std::string_view::npos) return std::nullopt;
    auto line = text_.substr(at_, end - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at_ = end + 1;
    return line;
  }
  void skip(std::size_t count) { at_ += std::min(count, text_.size() - at_); }
  // Of what follows the line last returned.
  [[nodiscard]] std::size_t offset() const { return at_; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// ASCII only, as the protocols are.
[[nodiscard]] bool is_same_word(std::string_view a, std::string_view b);
[[nodiscard]] bool begins_with_word(std::string_view line, std::string_view word);
[[nodiscard]] bool contains_word(std::string_view text, std::string_view word);
// The text up to the first space, which is taken away with it.
[[nodiscard]] std::string_view take_word(std::string_view* line);
// Whether it begins as a line of text does: nothing but printable ASCII, tab, CR and bytes of UTF-8
// up to the end of the first line. TLS may follow after it.
[[nodiscard]] bool looks_like_text(std::string_view text);

}  // namespace assay::agent::sensor
