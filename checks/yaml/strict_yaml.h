// Reads YAML as a person must be able to trust it: every key is either known or
// a problem with its file, line and the likely meaning. Used for content and settings alike.
//
// A reader collects problems instead of stopping at the first, so that one run
// shows all of them. Not for use from two threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/table.h"
#include "evidence/text.h"

namespace YAML {
class Node;
}

namespace assay::checks::yaml {

// A file larger than this is refused before it is parsed.
inline constexpr std::size_t kMaxFileBytes = 8U << 20U;

// Everything that was wrong, each as "file:line: what".
class Problems {
 public:
  void add(std::string_view file, int line, std::string_view what);
  // In both languages.
  void add(std::string_view file, int line, const Text& what);
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] const std::vector<std::string>& all() const { return all_; }
  // One kConfiguration Error that holds all of them, one per line; in Chinese, too, when all are.
  [[nodiscard]] Error to_error() const;

 private:
  std::vector<std::string> all_;
  std::vector<std::string> chinese_;  // of those that are in both languages
};

// A place in a document. Cheap to copy.
class Value {
 public:
  Value(std::shared_ptr<const YAML::Node> node, std::shared_ptr<const std::string> file,
        Problems* problems);

  [[nodiscard]] bool is_mapping() const;
  [[nodiscard]] bool is_sequence() const;
  [[nodiscard]] bool is_scalar() const;
  [[nodiscard]] bool is_null() const;  // nothing, or a document of comments only
  [[nodiscard]] int line() const;      // 1-based
  [[nodiscard]] const std::string& file() const { return *file_; }

  // A problem at this place.
  void complain(std::string_view what) const;
  void complain(const Text& what) const;

  // Each complains and returns an empty answer when the value has another form.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] bool boolean() const;  // true or false, unquoted, and no other word for them
  // An unquoted integer, text, or null (~), as a table's cell of type `type`.
  [[nodiscard]] evidence::Value cell(evidence::Type type) const;
  // An integer when it is written as one without quotes, text otherwise, null for ~.
  [[nodiscard]] evidence::Value any_cell() const;
  [[nodiscard]] std::vector<Value> items() const;
  [[nodiscard]] std::vector<std::string> texts() const;
  // {en: …, zh-TW: …}, both there and not empty.
  [[nodiscard]] Text translated() const;

 private:
  friend class Mapping;
  std::shared_ptr<const YAML::Node> node_;
  std::shared_ptr<const std::string> file_;
  Problems* problems_;
};

// A mapping whose keys must all be asked for before it ends.
class Mapping {
 public:
  // Complains about every key that is there for the second time: one of the two would be ignored.
  explicit Mapping(const Value& value);
  ~Mapping();  // complains about every key that nobody asked for
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  // Complains when the key is missing.
  [[nodiscard]] std::optional<Value> required(std::string_view key);
  [[nodiscard]] std::optional<Value> optional(std::string_view key);
  // All keys in the order of the file; they count as asked for.
  [[nodiscard]] std::vector<std::pair<std::string, Value>> entries();

 private:
  Value value_;
  std::vector<std::string> asked_;
};

// nullopt after a complaint when the text is not YAML or over the limit.
[[nodiscard]] std::optional<Value> parse(std::string_view text, std::string_view file,
                                         Problems* problems);

// The candidate that `word` was probably meant to be, if one is near enough.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

// The same as the end of a message: "; did you mean \"x\"?", or nothing.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     const std::vector<std::string>& candidates);
// In both languages.
[[nodiscard]] Text suggested(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace assay::checks::yaml
