#include "agent/probes/linux/updates/ini_file.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

std::unexpected<Error> broken(std::int64_t line, std::string_view why) {
  return fail(Code::kInvalidData, "line " + std::to_string(line).append(": ").append(why));
}

// One backslash at the end: the next line belongs to this one.
bool is_continued(std::string_view line) {
  return line.ends_with('\\');
}

class IniReader {
 public:
  explicit IniReader(IniDialect dialect) : dialect_(dialect) {}

  Status add(std::string_view line, std::int64_t number) {
    const auto text = trimmed(line);
    if (is_open_) return extend(text);
    if (text.empty() || text[0] == '#' || text[0] == ';') return {};
    if (dialect_ == IniDialect::kRepository && (line[0] == ' ' || line[0] == '\t')) {
      if (entries_.empty() || entries_.back().key.empty())
        return broken(number, "a continuation of nothing");
      entries_.back().value.append(" ").append(text);
      return {};
    }
    if (text[0] == '[') return begin_section(text, number);
    return add_assignment(text, number);
  }

  std::vector<SectionEntry> take() { return std::move(entries_); }

 private:
  // The rest of a value that a backslash continued; comments in between are skipped.
  Status extend(std::string_view text) {
    if (!text.empty() && (text[0] == '#' || text[0] == ';')) return {};
    is_open_ = is_continued(text);
    if (is_open_) text.remove_suffix(1);
    entries_.back().value.append(" ").append(trimmed(text));
    return {};
  }

  Status begin_section(std::string_view text, std::int64_t number) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) {
      if (dialect_ == IniDialect::kRepository) return broken(number, "a section without its ]");
      return {};
    }
    section_ = text.substr(1, end - 1);
    entries_.push_back({section_, {}, {}, number});
    return {};
  }

  Status add_assignment(std::string_view text, std::int64_t number) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      if (dialect_ == IniDialect::kRepository) return broken(number, "neither key nor section");
      return {};
    }
    auto value = trimmed(text.substr(equals + 1));
    if (dialect_ == IniDialect::kUnit && is_continued(value)) {
      is_open_ = true;
      value.remove_suffix(1);
    }
    entries_.push_back(
        {section_, trimmed(text.substr(0, equals)), std::string(trimmed(value)), number});
    return {};
  }

  IniDialect dialect_;
  std::string_view section_;
  std::vector<SectionEntry> entries_;
  bool is_open_ = false;
};

}  // namespace

Result<std::vector<SectionEntry>> parse_ini(std::string_view text, IniDialect dialect) {
  IniReader reader(dialect);
  Lines lines(text);
  while (const auto line = lines.next())
    if (auto added = reader.add(*line, lines.number()); !added)
      return fail(std::move(added.error()));
  return reader.take();
}

}  // namespace assay::agent
