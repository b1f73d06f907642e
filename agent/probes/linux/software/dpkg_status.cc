#include "agent/probes/linux/software/dpkg_status.h"

#include <strings.h>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kMaxInstalledKibibytes = std::int64_t{1} << 50;

std::unexpected<Error> broken(std::int64_t line, std::string_view why) {
  return fail(Code::kInvalidData, "line " + std::to_string(line).append(": ").append(why));
}

bool is_named(std::string_view field, std::string_view name) {
  return field.size() == name.size() && ::strncasecmp(field.data(), name.data(), name.size()) == 0;
}

// The member that keeps a field, nullptr for the many fields that are not kept.
std::string_view DpkgPackage::* member_for(std::string_view field) {
  // The first letter rules most fields out before any comparison.
  switch (field[0] | 0x20) {
    case 'p':
      if (is_named(field, "Package")) return &DpkgPackage::name;
      if (is_named(field, "Priority")) return &DpkgPackage::priority;
      return nullptr;
    case 's':
      if (is_named(field, "Status")) return &DpkgPackage::status;
      if (is_named(field, "Section")) return &DpkgPackage::section;
      if (is_named(field, "Source")) return &DpkgPackage::source;
      return nullptr;
    case 'v': return is_named(field, "Version") ? &DpkgPackage::version : nullptr;
    case 'a': return is_named(field, "Architecture") ? &DpkgPackage::arch : nullptr;
    case 'm': return is_named(field, "Maintainer") ? &DpkgPackage::maintainer : nullptr;
    default: return nullptr;
  }
}

class Paragraphs {
 public:
  explicit Paragraphs(DpkgLayout layout) : layout_(layout) {}

  Status add_line(std::string_view line, std::int64_t number) {
    if (line.empty()) return end();
    if (line[0] == ' ' || line[0] == '\t') {
      if (first_line_ == 0) return broken(number, "a continuation without a field");
      return {};
    }
    if (first_line_ == 0) first_line_ = number;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return broken(number, "neither a field nor a continuation");
    return add_field(line.substr(0, colon), line.substr(colon + 1), number);
  }

  [[nodiscard]] bool is_open() const { return first_line_ != 0; }

  // The end of a paragraph: what dpkg always writes must be there.
  Status end() {
    if (first_line_ == 0) return {};
    if (package_.name.empty()) return broken(first_line_, "a paragraph without Package");
    if (layout_ == DpkgLayout::kStatusFolder && package_.status.empty())
      package_.status = "install ok installed";
    if (package_.status.empty()) return broken(first_line_, "a paragraph without Status");
    if (package_.version.empty() && package_.is_installed())
      return broken(first_line_, "an installed package without Version");
    if (packages_.size() == evidence::kMaxRows)
      return fail(Code::kTooLarge, "more packages than a table may have rows");
    packages_.push_back(package_);
    package_ = {};
    first_line_ = 0;
    return {};
  }

  std::vector<DpkgPackage> take() { return std::move(packages_); }

 private:
  Status add_field(std::string_view field, std::string_view raw, std::int64_t number) {
    if (is_named(field, "Installed-Size")) {
      const auto kibibytes = decimal(trimmed(raw));
      if (!kibibytes || *kibibytes < 0 || *kibibytes > kMaxInstalledKibibytes)
        return broken(number, "Installed-Size is no number");
      package_.installed_bytes = *kibibytes * 1024;
      return {};
    }
    const auto member = member_for(field);
    if (member == nullptr) return {};
    // An empty line was lost, and two packages would melt into one.
    if (!(package_.*member).empty()) return broken(number, "a field for the second time");
    const auto value = trimmed(raw);
    if (value.size() > evidence::kMaxCellBytes)
      return fail(Code::kTooLarge, "line " + std::to_string(number) + ": a value over 64 KiB");
    package_.*member = value;
    return {};
  }

  DpkgLayout layout_;
  std::vector<DpkgPackage> packages_;
  DpkgPackage package_;
  std::int64_t first_line_ = 0;  // of the paragraph that is being read; 0 between two
};

}  // namespace

Result<DpkgPackages> parse_dpkg_status(std::string_view text, DpkgLayout layout) {
  Paragraphs paragraphs(layout);
  Lines lines(text);
  while (const auto line = lines.next())
    if (auto added = paragraphs.add_line(*line, lines.number()); !added)
      return fail(std::move(added.error()));
  if (layout == DpkgLayout::kStatus && !text.empty() && !text.ends_with('\n'))
    return broken(lines.number(), "the file ends in the middle of a line");
  const bool is_ended = !text.empty() && !paragraphs.is_open();
  if (auto ended = paragraphs.end(); !ended) return fail(std::move(ended.error()));
  return DpkgPackages{paragraphs.take(), is_ended};
}

std::string_view dpkg_revision(std::string_view version) {
  const auto hyphen = version.rfind('-');
  return hyphen == std::string_view::npos ? std::string_view() : version.substr(hyphen + 1);
}

}  // namespace assay::agent
