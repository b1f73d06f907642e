#include "agent/network/sensor/recognise/lines.h"

#include <algorithm>

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kLooked = 32;

char lowered(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}
bool is_same_letter(char a, char b) {
  return lowered(a) == lowered(b);
}

}  // namespace

bool is_same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, is_same_letter);
}

bool begins_with_word(std::string_view line, std::string_view word) {
  if (!is_same_word(line.substr(0, word.size()), word)) return false;
  return line.size() == word.size() || line[word.size()] == ' ';
}

bool contains_word(std::string_view text, std::string_view word) {
  return !std::ranges::search(text, word, is_same_letter).empty();
}

std::string_view take_word(std::string_view* line) {
  const auto end = std::min(line->find(' '), line->size());
  const auto word = line->substr(0, end);
  *line = line->substr(std::min(end + 1, line->size()));
  return word;
}

bool looks_like_text(std::string_view text) {
  text = text.substr(0, std::min(text.find('\n'), kLooked));
  return std::ranges::all_of(text, [](char each) {
    const auto value = static_cast<unsigned char>(each);
    return (value >= 0x20 && value != 0x7f) || value == '\t' || value == '\r';
  });
}

}  // namespace assay::agent::sensor
