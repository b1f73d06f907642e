// JSON in one form: keys in one order, no spaces, strings as canonical.h has them. For what is
// named by the digest of its bytes: a manifest, an act, the list of a pack.
//
// One thread at a time. Hostile input.
#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/canonical.h"
#include "evidence/digest.h"
#include "evidence/limits.h"

namespace assay::evidence {

class JsonLineWriter {
 public:
  void text(std::string_view key, std::string_view value) {
    this->key(key);
    append_json_string(out_, value);
  }
  void number(std::string_view key, std::int64_t value) {
    this->key(key);
    out_.append(std::to_string(value));
  }
  void digest(std::string_view key, const std::optional<Digest>& value) {
    if (value)
      text(key, value->hex());
    else
      raw(key, "null");
  }
  void raw(std::string_view key, std::string_view json) {
    this->key(key);
    out_.append(json);
  }
  void open() {
    out_.push_back('{');
    first_ = true;
  }
  void close() { out_.push_back('}'); }
  std::string& out() { return out_; }

 private:
  void key(std::string_view key) {
    if (!first_) out_.push_back(',');
    first_ = false;
    out_.append("\"").append(key).append("\":");
  }
  std::string out_;
  bool first_ = true;
};

// Reads exactly the order in which the writer wrote; `ok()` turns false for good at the first
// difference, so that the calls can follow each other without a test after each.
class JsonLineReader {
 public:
  explicit JsonLineReader(std::string_view in) : in_(in) {}

  void expect(std::string_view text) {
    if (ok_ && in_.substr(at_).starts_with(text))
      at_ += text.size();
    else
      ok_ = false;
  }
  [[nodiscard]] bool next_is(std::string_view text) const {
    return ok_ && in_.substr(at_).starts_with(text);
  }
  std::string text() {
    if (!ok_) return {};
    auto value = read_json_string(in_, &at_);
    ok_ = value.has_value();
    return ok_ ? std::move(*value) : std::string();
  }
  std::int64_t number() {
    std::int64_t value = 0;
    if (!ok_) return 0;
    const char* begin = in_.data() + at_;
    const auto [end, error] = std::from_chars(begin, in_.data() + in_.size(), value);
    const std::string_view digits(begin, static_cast<std::size_t>(end - begin));
    ok_ = error == std::errc() && value >= 0 && digits == std::to_string(value);
    at_ += digits.size();
    return value;
  }
  std::optional<Digest> digest() {
    if (next_is("null")) {
      expect("null");
      return std::nullopt;
    }
    // Its digits are never escaped, so they are read where they stand.
    expect("\"");
    if (!ok_) return std::nullopt;
    const auto value = Digest::from_hex(in_.substr(at_, 2 * kDigestBytes));
    ok_ = value.has_value();
    at_ += ok_ ? 2 * kDigestBytes : 0;
    expect("\"");
    return ok_ ? std::optional(*value) : std::nullopt;
  }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return at_ == in_.size(); }
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  std::string_view in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace assay::evidence
