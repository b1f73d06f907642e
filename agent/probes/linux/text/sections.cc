#include "agent/probes/linux/text/sections.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "agent/probes/linux/text/letters.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

bool is_comment(std::string_view text) {
  return text.starts_with('#') || text.starts_with(';');
}

class SectionReader {
 public:
  explicit SectionReader(SectionRules rules) : rules_(rules) {}

  Status add(std::string_view line, std::int64_t number) {
    const auto text = trimmed(line);
    if (is_open_) return extend(text);
    if (text.empty() || is_comment(text)) return {};
    if (rules_.continuation == SectionContinuation::kIndented &&
        (line[0] == ' ' || line[0] == '\t')) {
      if (entries_.empty() || entries_.back().key.empty())
        return nonsense(number, "a continuation of nothing");
      append(text);
      return {};
    }
    return text[0] == '[' ? begin_section(text, number) : add_assignment(text, number);
  }

  std::vector<SectionEntry> take() { return std::move(entries_); }

 private:
  Status nonsense(std::int64_t line, std::string_view why) const {
    if (rules_.strictness != SectionStrictness::kStrict) return {};
    return fail(Code::kInvalidData, "line " + std::to_string(line).append(": ").append(why));
  }

  void append(std::string_view text) { entries_.back().value.append(" ").append(text); }

  // The rest of a value that a backslash continued; comments in between are passed over.
  Status extend(std::string_view text) {
    if (is_comment(text)) return {};
    is_open_ = text.ends_with('\\');
    if (is_open_) text.remove_suffix(1);
    append(trimmed(text));
    return {};
  }

  Status begin_section(std::string_view text, std::int64_t number) {
    text.remove_prefix(1);
    const auto end = std::min(text.find(']'), text.size());
    if (end == text.size() && rules_.strictness == SectionStrictness::kStrict)
      return nonsense(number, "a section without its ]");
    section_ = trimmed(text.substr(0, end));
    if (!rules_.shows_headers) return {};
    const auto behind = end == text.size() ? std::string_view() : text.substr(end + 1);
    return push({section_, {}, std::string(trimmed(behind)), number});
  }

  Status add_assignment(std::string_view text, std::int64_t number) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0)
      return nonsense(number, "neither key nor section");
    auto value = trimmed(text.substr(equals + 1));
    const bool is_continued =
        rules_.continuation == SectionContinuation::kBackslash && value.ends_with('\\');
    if (is_continued) value = trimmed(value.substr(0, value.size() - 1));
    const auto before = entries_.size();
    auto pushed = push({section_, trimmed(text.substr(0, equals)), std::string(value), number});
    is_open_ = is_continued && entries_.size() > before;
    return pushed;
  }

  Status push(SectionEntry entry) {
    if (entries_.size() < kMaxSectionEntries)
      entries_.push_back(std::move(entry));
    else if (rules_.strictness != SectionStrictness::kTolerant)
      return fail(Code::kTooLarge, "too many settings");
    return {};
  }

  SectionRules rules_;
  std::string_view section_;
  std::vector<SectionEntry> entries_;
  bool is_open_ = false;
};

template <typename Same>
const SectionEntry* last_that(const std::vector<SectionEntry>& entries, std::string_view section,
                              std::string_view key, Same same) {
  const SectionEntry* found = nullptr;
  for (const auto& entry : entries)
    if (same(entry.section, section) && same(entry.key, key)) found = &entry;
  return found;
}

}  // namespace

Result<std::vector<SectionEntry>> parse_sections(std::string_view text, SectionRules rules) {
  if (rules.strictness != SectionStrictness::kTolerant && text.contains('\0'))
    return fail(Code::kInvalidData, "no text: it holds a zero byte");
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  SectionReader reader(rules);
  Lines lines(text);
  while (const auto line = lines.next())
    if (auto added = reader.add(*line, lines.number()); !added)
      return fail(std::move(added.error()));
  return reader.take();
}

std::vector<SectionEntry> parse_sections_tolerantly(std::string_view text, bool shows_headers) {
  auto entries = parse_sections(
      text, {.strictness = SectionStrictness::kTolerant, .shows_headers = shows_headers});
  return entries ? *std::move(entries) : std::vector<SectionEntry>();
}

const SectionEntry* last_entry(const std::vector<SectionEntry>& entries, std::string_view section,
                               std::string_view key) {
  return last_that(entries, section, key, std::equal_to<std::string_view>());
}

const SectionEntry* last_entry_ignoring_case(const std::vector<SectionEntry>& entries,
                                             std::string_view section, std::string_view key) {
  return last_that(entries, section, key, equals_ignoring_case);
}

std::string_view last_value(const std::vector<SectionEntry>& entries, std::string_view section,
                            std::string_view key) {
  const auto* entry = last_entry(entries, section, key);
  return entry == nullptr ? std::string_view() : std::string_view(entry->value);
}

bool has_section(const std::vector<SectionEntry>& entries, std::string_view section) {
  return std::ranges::find(entries, section, &SectionEntry::section) != entries.end();
}

}  // namespace assay::agent
