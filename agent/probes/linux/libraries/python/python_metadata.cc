#include "agent/probes/linux/libraries/python/python_metadata.h"

#include <strings.h>

#include "agent/probes/linux/libraries/package_text.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kLicenseClass = "License ::";

bool is_named(std::string_view field, std::string_view name) {
  return field.size() == name.size() && ::strncasecmp(field.data(), name.data(), name.size()) == 0;
}

// Old tools wrote this word for what they were not told.
std::string_view known(std::string_view value) {
  return value == "UNKNOWN" ? std::string_view() : value;
}

void keep_first(std::string_view& kept, std::string_view value) {
  if (kept.empty()) kept = known(value);
}

struct Fields {
  std::string_view name, version, summary, author, author_email;
  std::string_view license, license_expression, license_class;

  void add(std::string_view field, std::string_view value) {
    if (is_named(field, "Name")) keep_first(name, value);
    if (is_named(field, "Version")) keep_first(version, value);
    if (is_named(field, "Summary")) keep_first(summary, value);
    if (is_named(field, "Author")) keep_first(author, value);
    if (is_named(field, "Author-email")) keep_first(author_email, value);
    if (is_named(field, "License")) keep_first(license, value);
    if (is_named(field, "License-Expression")) keep_first(license_expression, value);
    // "License :: OSI Approved :: MIT License"
    if (is_named(field, "Classifier") && value.starts_with(kLicenseClass))
      keep_first(license_class, trimmed(value.substr(value.rfind(':') + 1)));
  }

  [[nodiscard]] std::string_view best_license() const {
    if (!license_expression.empty()) return license_expression;
    return license.empty() ? license_class : license;
  }
};

}  // namespace

Result<PythonMetadata> parse_python_metadata(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  Fields fields;
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (trimmed(*line).empty()) break;
    if (line->front() == ' ' || line->front() == '\t') continue;  // of a long licence or text
    const auto colon = line->find(':');
    if (colon == std::string_view::npos) continue;
    fields.add(line->substr(0, colon), trimmed(line->substr(colon + 1)));
  }
  if (fields.name.empty()) return fail(Code::kInvalidData, "it says no name");
  const auto author = names_of_people(fields.author);
  return PythonMetadata{.name = shortened(fields.name),
                        .version = shortened(fields.version),
                        .summary = shortened(fields.summary),
                        .author = author.empty() ? names_of_people(fields.author_email) : author,
                        .license = shortened(fields.best_license())};
}

bool is_python_metadata(std::string_view path) {
  return path.ends_with(".egg-info") || path.ends_with(".dist-info/METADATA") ||
         path.ends_with(".egg-info/PKG-INFO") || path.ends_with("/EGG-INFO/PKG-INFO");
}

}  // namespace assay::agent
