// What a person is told when something is refused, in every language that Assay speaks.
//
//   return refuse(Code::kNotFound, {"no host {}", "找不到主機 {}"}, name);
//
// The compiler turns down a sentence that leaves out a value in one of the languages, and a
// Chinese one that is not Chinese; what cannot drift apart needs no table to be kept in step.
// All functions are safe from any thread.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "evidence/result.h"
#include "evidence/text.h"

namespace assay {

// Whether a Chinese text has Chinese in it and no more than three English words in a row. What
// stands in 「」 is quoted and may be anything: a command to type, what somebody wrote.
[[nodiscard]] constexpr bool reads_as_chinese(std::string_view text) {
  constexpr int kMostEnglishWords = 3;
  bool has_chinese = false;
  bool is_in_word = false;
  int quotes = 0;
  int words = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto mark = text.substr(i, 3);
    if (mark == "「") ++quotes;
    if (mark == "」" && quotes > 0) --quotes;
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    // UTF-8 of an ideograph or a full-width mark.
    if ((byte >= 0xE4 && byte <= 0xE9) || byte == 0xEF) has_chinese = true;
    if (byte >= 0x80) words = 0;
    if (is_letter && !is_in_word && quotes == 0 && ++words > kMostEnglishWords) return false;
    is_in_word = is_letter;
  }
  return has_chinese;
}

// One sentence in both languages with places for `count` values, told apart by their order ({})
// or, where the languages order them differently, by number ({0}, {1}).
template <std::size_t count>
class Sentence {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): it is written as {"…", "…"} where it is said
  consteval Sentence(const char* en, const char* zh_tw) : en_(en), zh_tw_(zh_tw) {
    if (!mentions_all(en_)) english_sentence_has_not_a_place_for_each_value();
    if (!mentions_all(zh_tw_)) chinese_sentence_has_not_a_place_for_each_value();
    if (!reads_as_chinese(zh_tw_)) chinese_sentence_is_not_chinese();
  }
  [[nodiscard]] constexpr std::string_view en() const { return en_; }
  [[nodiscard]] constexpr std::string_view zh_tw() const { return zh_tw_; }

 private:
  // Defined nowhere: to need one while compiling is an error that bears its name.
  static void english_sentence_has_not_a_place_for_each_value();
  static void chinese_sentence_has_not_a_place_for_each_value();
  static void chinese_sentence_is_not_chinese();

  static constexpr bool mentions_all(std::string_view sentence) {
    std::array<bool, count + 1> is_there{};
    std::size_t next = 0;
    for (std::size_t i = 0; i < sentence.size(); ++i) {
      if (sentence[i] != '{') continue;
      std::size_t number = next++;
      if (++i < sentence.size() && sentence[i] >= '0' && sentence[i] <= '9')
        number = static_cast<std::size_t>(sentence[i++] - '0');
      if (i >= sentence.size() || sentence[i] != '}' || number >= count) return false;
      is_there[number] = true;
    }
    for (std::size_t i = 0; i < count; ++i)
      if (!is_there[i]) return false;
    return true;
  }

  std::string_view en_;
  std::string_view zh_tw_;
};

// What goes into a sentence: a name, a number, or words that differ by language.
class Value {
 public:
  // NOLINTBEGIN(google-explicit-constructor): values are named where the sentence is
  Value(std::string_view text) : text_{std::string(text), std::string(text)} {}
  Value(const std::string& text) : text_{text, text} {}
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(const Text& text) : text_(text) {}
  Value(std::integral auto number) : Value(std::to_string(number)) {}
  // NOLINTEND(google-explicit-constructor)
  [[nodiscard]] const Text& text() const { return text_; }

 private:
  Text text_;
};

// For phrase(), which has checked the sentences.
[[nodiscard]] Text filled(std::string_view en, std::string_view zh_tw,
                          std::span<const Value> values);

// The sentence with its values, for people.
template <typename... Values>
[[nodiscard]] Text phrase(Sentence<sizeof...(Values)> sentence, const Values&... values) {
  const std::array<Value, sizeof...(Values)> list{Value(values)...};
  return filled(sentence.en(), sentence.zh_tw(), list);
}

// The failure that says so.
template <typename... Values>
[[nodiscard]] std::unexpected<Error> refuse(Code code, Sentence<sizeof...(Values)> sentence,
                                            const Values&... values) {
  return fail(code, phrase(sentence, values...));
}

}  // namespace assay
