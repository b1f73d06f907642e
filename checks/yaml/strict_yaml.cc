#include "checks/yaml/strict_yaml.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "evidence/refusal.h"

namespace assay::checks::yaml {

namespace {

std::string placed(std::string_view file, int line, std::string_view what) {
  std::string text(file);
  text.append(":").append(std::to_string(line)).append(": ").append(what);
  return text;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text.append(text.empty() ? "" : "\n").append(line);
  return text;
}

}  // namespace

void Problems::add(std::string_view file, int line, std::string_view what) {
  all_.push_back(placed(file, line, what));
}

void Problems::add(std::string_view file, int line, const Text& what) {
  all_.push_back(placed(file, line, what.en));
  chinese_.push_back(placed(file, line, what.zh_tw));
}

Error Problems::to_error() const {
  if (chinese_.size() < all_.size()) return {Code::kConfiguration, joined(all_)};
  return {Code::kConfiguration, Text{joined(all_), joined(chinese_)}};
}

Value::Value(std::shared_ptr<const YAML::Node> node, std::shared_ptr<const std::string> file,
             Problems* problems)
    : node_(std::move(node)), file_(std::move(file)), problems_(problems) {}

bool Value::is_mapping() const {
  return node_->IsMap();
}
bool Value::is_sequence() const {
  return node_->IsSequence();
}
bool Value::is_scalar() const {
  return node_->IsScalar();
}
bool Value::is_null() const {
  return node_->IsNull();
}
int Value::line() const {
  return std::max(node_->Mark().line, 0) + 1;
}

void Value::complain(std::string_view what) const {
  problems_->add(*file_, line(), what);
}

void Value::complain(const Text& what) const {
  problems_->add(*file_, line(), what);
}

std::string Value::text() const {
  if (!node_->IsScalar()) {
    complain("text is expected here");
    return {};
  }
  return node_->Scalar();
}

std::int64_t Value::integer() const {
  std::int64_t number = 0;
  const std::string word = node_->IsScalar() ? node_->Scalar() : std::string();
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (word.empty() || error != std::errc() || end != word.data() + word.size())
    complain("a whole number is expected here, not \"" + word + "\"");
  return number;
}

bool Value::boolean() const {
  // yaml-cpp marks a quoted scalar with the tag "!".
  const std::string word = node_->IsScalar() && node_->Tag() != "!" ? node_->Scalar() : "";
  if (word != "true" && word != "false") complain("true or false is expected here");
  return word == "true";
}

evidence::Value Value::cell(evidence::Type type) const {
  if (node_->IsNull()) return evidence::kNull;
  if (type == evidence::Type::kInteger) return integer();
  return text();
}

evidence::Value Value::any_cell() const {
  if (node_->IsNull()) return evidence::kNull;
  // yaml-cpp marks a quoted scalar with the tag "!".
  const std::string word = node_->IsScalar() ? node_->Scalar() : std::string();
  const bool looks_like_number =
      !word.empty() && node_->Tag() != "!" &&
      std::ranges::all_of(word.substr(word.front() == '-' && word.size() > 1 ? 1 : 0),
                          [](char c) { return c >= '0' && c <= '9'; });
  if (looks_like_number) return integer();
  return text();
}

std::vector<Value> Value::items() const {
  std::vector<Value> out;
  if (!node_->IsSequence()) {
    complain("a list is expected here");
    return out;
  }
  for (const auto& item : *node_)
    out.emplace_back(std::make_shared<const YAML::Node>(item), file_, problems_);
  return out;
}

std::vector<std::string> Value::texts() const {
  std::vector<std::string> out;
  for (const auto& item : items()) out.push_back(item.text());
  return out;
}

Text Value::translated() const {
  Mapping mapping(*this);
  const auto word = [&mapping](std::string_view key) {
    const auto value = mapping.required(key);
    if (!value) return std::string();
    auto text = value->text();
    if (text.empty()) value->complain(std::string(key) + " is empty");
    return text;
  };
  return {word("en"), word("zh-TW")};
}

Mapping::Mapping(const Value& value) : value_(value) {
  if (!value.is_mapping()) {
    value.complain("keys and values are expected here");
    return;
  }
  std::set<std::string> known;
  for (const auto& entry : *value.node_)
    if (entry.first.IsScalar() && !known.insert(entry.first.Scalar()).second)
      value.problems_->add(value.file(), entry.first.Mark().line + 1,
                           "the key \"" + entry.first.Scalar() + "\" is there twice");
}

Mapping::~Mapping() {
  if (!value_.is_mapping()) return;
  for (const auto& entry : *value_.node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
    if (std::ranges::find(asked_, key) != asked_.end()) continue;
    std::string what = "unknown key \"" + key + "\"";
    if (const auto likely = nearest(key, asked_)) what += "; did you mean \"" + *likely + "\"?";
    value_.problems_->add(*value_.file_, entry.first.Mark().line + 1, what);
  }
}

std::optional<Value> Mapping::optional(std::string_view key) {
  asked_.emplace_back(key);
  if (!value_.is_mapping()) return std::nullopt;
  for (const auto& entry : *value_.node_)
    if (entry.first.IsScalar() && entry.first.Scalar() == key)
      return Value(std::make_shared<const YAML::Node>(entry.second), value_.file_,
                   value_.problems_);
  return std::nullopt;
}

std::optional<Value> Mapping::required(std::string_view key) {
  auto value = optional(key);
  if (!value && value_.is_mapping())
    value_.complain("the key \"" + std::string(key) + "\" is missing");
  return value;
}

std::vector<std::pair<std::string, Value>> Mapping::entries() {
  std::vector<std::pair<std::string, Value>> out;
  if (!value_.is_mapping()) return out;
  for (const auto& entry : *value_.node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
    asked_.push_back(key);
    out.emplace_back(key, Value(std::make_shared<const YAML::Node>(entry.second), value_.file_,
                                value_.problems_));
  }
  return out;
}

std::optional<Value> parse(std::string_view text, std::string_view file, Problems* problems) {
  if (text.size() > kMaxFileBytes) {
    problems->add(file, 1, "the file is over 8 MiB");
    return std::nullopt;
  }
  try {
    auto node = std::make_shared<const YAML::Node>(YAML::Load(std::string(text)));
    return Value(std::move(node), std::make_shared<const std::string>(file), problems);
  } catch (const YAML::Exception& error) {
    problems->add(file, std::max(error.mark.line, 0) + 1, error.msg);
    return std::nullopt;
  }
}

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 64;
  if (word.size() > kLongest) return std::nullopt;
  std::optional<std::string> best;
  std::size_t best_distance = (word.size() < 4 ? 1 : std::max<std::size_t>(word.size() / 3, 2)) + 1;
  for (const auto& candidate : candidates) {
    // Levenshtein's distance, one row at a time.
    std::vector<std::size_t> row(candidate.size() + 1);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = i;
    for (std::size_t i = 0; i < word.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i + 1;
      for (std::size_t j = 0; j < candidate.size(); ++j) {
        const std::size_t substituted = diagonal + (word[i] == candidate[j] ? 0 : 1);
        diagonal = row[j + 1];
        row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
      }
    }
    if (row.back() < best_distance) {
      best_distance = row.back();
      best = candidate;
    }
  }
  return best;
}

Text suggested(std::string_view word, const std::vector<std::string>& candidates) {
  const auto likely = nearest(word, candidates);
  return likely ? phrase({"; did you mean \"{}\"?", "；是否要寫「{}」？"}, *likely) : Text();
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates) {
  return suggested(word, candidates).en;
}

}  // namespace assay::checks::yaml
