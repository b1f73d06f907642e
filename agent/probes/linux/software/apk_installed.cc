#include "agent/probes/linux/software/apk_installed.h"

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

std::unexpected<Error> broken(std::int64_t line, std::string_view why) {
  return fail(Code::kInvalidData, "line " + std::to_string(line).append(": ").append(why));
}

// The member that keeps a field, nullptr for those that are not text or not kept.
constexpr std::string_view ApkPackage::* member_for(char field) {
  switch (field) {
    case 'P': return &ApkPackage::name;
    case 'V': return &ApkPackage::version;
    case 'A': return &ApkPackage::arch;
    case 'o': return &ApkPackage::origin;
    case 'L': return &ApkPackage::license;
    case 'm': return &ApkPackage::maintainer;
    case 'C': return &ApkPackage::checksum;
    case 's': return &ApkPackage::repository_tag;
    default: return nullptr;
  }
}

class Paragraphs {
 public:
  Status add_line(std::string_view line, std::int64_t number) {
    if (line.empty()) return end();
    if (line.size() < 2 || line[1] != ':') return broken(number, "no field of apk's");
    if (first_line_ == 0) first_line_ = number;
    return add_field(line[0], line.substr(2), number);
  }

  [[nodiscard]] bool is_open() const { return first_line_ != 0; }
  std::vector<ApkPackage> take() { return std::move(packages_); }

 private:
  Status end() {
    if (first_line_ == 0) return {};
    if (package_.name.empty() || package_.version.empty())
      return broken(first_line_, "a package without name or version");
    if (packages_.size() == evidence::kMaxRows)
      return fail(Code::kTooLarge, "more packages than a table may have rows");
    packages_.push_back(package_);
    package_ = {};
    first_line_ = 0;
    return {};
  }

  Status add_field(char field, std::string_view value, std::int64_t number) {
    if (field == 'I' || field == 't') {
      const auto amount = decimal(value);
      if (!amount || *amount < 0) return broken(number, "a field that is no number");
      (field == 'I' ? package_.installed_bytes : package_.build_time) = amount;
      return {};
    }
    // Files, scripts or attributes are missing; other letters tell how sums were made.
    if (field == 'f' && value.find_first_of("fsx") != std::string_view::npos)
      package_.is_broken = true;
    const auto member = member_for(field);
    if (member == nullptr) return {};
    // An empty line was lost, and two packages would melt into one.
    if (!(package_.*member).empty()) return broken(number, "a field for the second time");
    if (value.size() > evidence::kMaxCellBytes)
      return fail(Code::kTooLarge, "line " + std::to_string(number) + ": a value over 64 KiB");
    package_.*member = value;
    return {};
  }

  std::vector<ApkPackage> packages_;
  ApkPackage package_;
  std::int64_t first_line_ = 0;  // of the paragraph that is being read; 0 between two
};

}  // namespace

Result<std::vector<ApkPackage>> parse_apk_installed(std::string_view text) {
  Paragraphs paragraphs;
  Lines lines(text);
  while (const auto line = lines.next())
    if (auto added = paragraphs.add_line(*line, lines.number()); !added)
      return fail(std::move(added.error()));
  // apk ends every package by an empty line, the last one too.
  if (paragraphs.is_open())
    return broken(lines.number(), "the file ends in the middle of a package");
  return paragraphs.take();
}

}  // namespace assay::agent
