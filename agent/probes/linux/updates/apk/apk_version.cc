#include "agent/probes/linux/updates/apk/apk_version.h"

#include <array>
#include <compare>
#include <vector>

namespace assay::agent {
namespace {

// In the order in which parts may follow one another; of two versions that differ in the kind of a
// part, the one with the later kind is older.
enum class Kind { kFirstNumber, kNumber, kLetter, kSuffix, kSuffixNumber, kHash, kRevision, kEnd };

// In order; those before kNoSuffix make a version older than that without.
constexpr std::array<std::string_view, 10> kSuffixes = {"alpha", "beta", "pre", "rc", "",
                                                        "cvs",   "svn",  "git", "hg", "p"};
constexpr std::ptrdiff_t kNoSuffix = 4;

struct Part {
  Kind kind{};
  std::string_view text;
};

std::ptrdiff_t rank_of_suffix(std::string_view suffix) {
  return std::ranges::find(kSuffixes, suffix) - kSuffixes.begin();
}

std::string_view take(std::string_view& text, std::string_view characters) {
  const auto taken = text.substr(0, std::min(text.find_first_not_of(characters), text.size()));
  text.remove_prefix(taken.size());
  return taken;
}

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kHexadecimal = "0123456789abcdef";

// The next part behind one of the kind `last`; nothing when no version goes on like this.
std::optional<Part> next_part(Kind last, std::string_view& text) {
  const char first = text.front();
  if (kLetters.contains(first) && last <= Kind::kNumber) {
    const Part part{Kind::kLetter, text.substr(0, 1)};
    text.remove_prefix(1);
    return part;
  }
  if (first == '.' && last <= Kind::kNumber) {
    text.remove_prefix(1);
    return Part{Kind::kNumber, take(text, kDigits)};
  }
  if (kDigits.contains(first) && last == Kind::kSuffix)
    return Part{Kind::kSuffixNumber, take(text, kDigits)};
  if (first == '_' && last <= Kind::kSuffixNumber) {
    text.remove_prefix(1);
    const Part part{Kind::kSuffix, take(text, kLetters)};
    if (part.text.empty() || rank_of_suffix(part.text) == std::ssize(kSuffixes))
      return std::nullopt;
    return part;
  }
  if (first == '~' && last < Kind::kHash) {
    text.remove_prefix(1);
    return Part{Kind::kHash, take(text, kHexadecimal)};
  }
  if (text.starts_with("-r") && last < Kind::kRevision) {
    text.remove_prefix(2);
    return Part{Kind::kRevision, take(text, kDigits)};
  }
  return std::nullopt;
}

std::optional<std::vector<Part>> parts_of(std::string_view version) {
  std::vector<Part> parts = {{Kind::kFirstNumber, take(version, kDigits)}};
  while (!version.empty()) {
    const auto part = next_part(parts.back().kind, version);
    if (!part) return std::nullopt;
    parts.push_back(*part);
  }
  for (const auto& part : parts)
    if (part.text.empty()) return std::nullopt;
  parts.push_back({Kind::kEnd, {}});
  return parts;
}

// Numbers of any length.
std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

std::strong_ordering compare_parts(const Part& a, const Part& b) {
  switch (a.kind) {
    case Kind::kNumber:
      if (a.text.starts_with('0') || b.text.starts_with('0')) return a.text <=> b.text;
      return compare_numbers(a.text, b.text);
    case Kind::kFirstNumber:
    case Kind::kSuffixNumber:
    case Kind::kRevision: return compare_numbers(a.text, b.text);
    case Kind::kSuffix: return rank_of_suffix(a.text) <=> rank_of_suffix(b.text);
    default: return a.text <=> b.text;
  }
}

bool is_before_release(const Part& part) {
  return part.kind == Kind::kSuffix && rank_of_suffix(part.text) < kNoSuffix;
}

int sign(std::strong_ordering order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

}  // namespace

std::optional<int> apk_compare(std::string_view a, std::string_view b) {
  const auto parts_a = parts_of(a);
  const auto parts_b = parts_of(b);
  if (!parts_a || !parts_b) return std::nullopt;
  for (std::size_t i = 0;; ++i) {
    const auto& of_a = (*parts_a)[i];
    const auto& of_b = (*parts_b)[i];
    if (of_a.kind != of_b.kind) {
      if (is_before_release(of_a)) return -1;
      if (is_before_release(of_b)) return 1;
      return sign(of_b.kind <=> of_a.kind);
    }
    if (of_a.kind == Kind::kEnd) return 0;
    if (const auto order = compare_parts(of_a, of_b); order != 0) return sign(order);
  }
}

}  // namespace assay::agent
