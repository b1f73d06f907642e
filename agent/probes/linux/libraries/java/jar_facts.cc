#include "agent/probes/linux/libraries/java/jar_facts.h"

#include <strings.h>

#include <array>

#include "agent/probes/linux/libraries/package_text.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kMaven = "META-INF/maven/";
constexpr std::string_view kPom = "/pom.properties";

// In the order of preference.
constexpr std::array<std::string_view, 3> kNames = {"Implementation-Title", "Bundle-SymbolicName",
                                                    "Automatic-Module-Name"};
constexpr std::array<std::string_view, 3> kVersions = {"Implementation-Version", "Bundle-Version",
                                                       "Specification-Version"};
constexpr std::array<std::string_view, 3> kVendors = {"Implementation-Vendor", "Bundle-Vendor",
                                                      "Specification-Vendor"};

// The best of several attributes that was seen.
class Best {
 public:
  explicit Best(const std::array<std::string_view, 3>& wanted) : wanted_(wanted) {}

  void offer(std::string_view attribute, std::string_view value) {
    for (std::size_t i = 0; i < best_; ++i) {
      const auto name = wanted_.at(i);
      if (attribute.size() != name.size() ||
          ::strncasecmp(attribute.data(), name.data(), name.size()) != 0)
        continue;
      if (value.empty() || value.find("${") != std::string_view::npos) return;  // never filled in
      best_ = i;
      value_ = value;
      return;
    }
  }
  [[nodiscard]] std::string value() const { return shortened(value_); }

 private:
  const std::array<std::string_view, 3>& wanted_;
  std::size_t best_ = 3;
  std::string value_;
};

struct Attributes {
  Best name{kNames};
  Best version{kVersions};
  Best vendor{kVendors};

  void add(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const auto attribute = trimmed(line.substr(0, colon));
    auto value = trimmed(line.substr(colon + 1));
    // "org.example.thing;singleton:=true"
    if (attribute.starts_with("Bundle-S")) value = trimmed(value.substr(0, value.find(';')));
    name.offer(attribute, value);
    version.offer(attribute, value);
    vendor.offer(attribute, value);
  }
};

std::string plain(std::string_view value) {
  if (value.find("${") != std::string_view::npos) return {};  // never filled in
  std::string out;
  for (const char c : trimmed(value))
    if (c != '\\') out += c;  // "org.example\:thing"
  return shortened(out);
}

}  // namespace

JarManifest parse_jar_manifest(std::string_view text) {
  Attributes attributes;
  std::string whole;  // a line with its continuations
  constexpr std::size_t kMaxLineBytes = 8192;
  Lines lines(text);
  while (auto line = lines.next()) {
    if (line->ends_with('\r')) line->remove_suffix(1);
    if (line->empty()) break;  // the end of the main section
    if (line->starts_with(' ')) {
      if (whole.size() < kMaxLineBytes) whole += line->substr(1);
      continue;
    }
    attributes.add(whole);
    whole = line->substr(0, kMaxLineBytes);
  }
  attributes.add(whole);
  return {.name = attributes.name.value(),
          .version = attributes.version.value(),
          .vendor = attributes.vendor.value()};
}

MavenArtifact parse_pom_properties(std::string_view text) {
  MavenArtifact artifact;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto entry = trimmed(*line);
    if (entry.empty() || entry.front() == '#' || entry.front() == '!') continue;
    const auto end = entry.find_first_of("=:");
    if (end == std::string_view::npos) continue;
    const auto key = trimmed(entry.substr(0, end));
    const auto value = plain(entry.substr(end + 1));
    if (key == "groupId") artifact.group = value;
    if (key == "artifactId") artifact.artifact = value;
    if (key == "version") artifact.version = value;
  }
  return artifact;
}

bool is_pom_properties(std::string_view member) {
  if (!member.starts_with(kMaven) || !member.ends_with(kPom)) return false;
  if (member.size() < kMaven.size() + kPom.size()) return false;
  const auto middle = member.substr(kMaven.size(), member.size() - kMaven.size() - kPom.size());
  const auto slash = middle.find('/');
  return slash != std::string_view::npos && slash > 0 && slash + 1 < middle.size() &&
         middle.find('/', slash + 1) == std::string_view::npos;
}

}  // namespace assay::agent
