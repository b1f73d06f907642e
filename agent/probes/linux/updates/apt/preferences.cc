#include "agent/probes/linux/updates/apt/preferences.h"

#include <fnmatch.h>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/letters.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/updates/apt/apt_conf.h"
#include "agent/probes/linux/updates/apt/source_options.h"

namespace assay::agent {
namespace {

constexpr std::string_view kMain = "/etc/apt/preferences";
constexpr std::string_view kParts = "/etc/apt/preferences.d";
constexpr std::size_t kMaxPins = 10'000;
constexpr std::size_t kMaxPatternBytes = 256;

std::unexpected<Error> broken(std::int64_t line, std::string_view why) {
  return fail(Code::kInvalidData, "line " + std::to_string(line).append(": ").append(why));
}

bool is_like(std::string_view pattern, std::string_view text) {
  if (pattern.size() > kMaxPatternBytes) return false;
  return ::fnmatch(std::string(pattern).c_str(), std::string(text).c_str(), FNM_CASEFOLD) == 0;
}

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && text.starts_with('"') && text.ends_with('"'))
    return text.substr(1, text.size() - 2);
  return text;
}

bool matches_condition(std::string_view condition, const PinTarget& target) {
  const auto equals = condition.find('=');
  const auto value = unquoted(trimmed(condition.substr(equals + 1)));
  switch (trimmed(condition.substr(0, equals))[0]) {
    case 'a': return is_like(value, target.release.suite);
    case 'n': return is_like(value, target.release.codename);
    case 'o': return is_like(value, target.release.origin);
    case 'l': return is_like(value, target.release.label);
    case 'v': return is_like(value, target.release.version);
    case 'c': return is_like(value, target.component);
    case 'b': return true;  // every list that is read is of one of the system's architectures
    default: return false;
  }
}

// "release stable", "release a=stable, o=Debian", "release v=12".
bool matches_release(std::string_view data, const PinTarget& target) {
  if (!data.contains('=')) {
    data = unquoted(data);
    const bool is_version = !data.empty() && data[0] >= '0' && data[0] <= '9';
    if (is_version) return is_like(data, target.release.version);
    return is_like(data, target.release.suite) || is_like(data, target.release.codename);
  }
  while (!data.empty()) {
    const auto comma = data.find(',');
    const auto condition = trimmed(data.substr(0, comma));
    if (!condition.empty() && (condition.find('=') == std::string_view::npos ||
                               condition.find('=') == 0 || !matches_condition(condition, target)))
      return false;
    data.remove_prefix(comma == std::string_view::npos ? data.size() : comma + 1);
  }
  return true;
}

class PreferencesReader {
 public:
  Status add(std::string_view line, std::int64_t number) {
    if (trimmed(line).empty()) return end();
    if (line[0] == '#') return {};
    if (line[0] == ' ' || line[0] == '\t') {
      if (current_ != nullptr) current_->append(" ").append(trimmed(line));
      return {};
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return broken(number, "not a field");
    if (first_line_ == 0) first_line_ = number;
    const auto field = line.substr(0, colon);
    current_ = equals_ignoring_case(field, "Package")        ? &package_
               : equals_ignoring_case(field, "Pin")          ? &pin_
               : equals_ignoring_case(field, "Pin-Priority") ? &priority_
                                                             : nullptr;
    if (current_ != nullptr) *current_ = trimmed(line.substr(colon + 1));
    return {};
  }

  Status end() {
    const auto line = std::exchange(first_line_, 0);
    current_ = nullptr;
    const auto package = std::exchange(package_, {});
    const auto pin = std::exchange(pin_, {});
    const auto priority = decimal<int>(std::exchange(priority_, {}));
    if (line == 0 || (package.empty() && pin.empty())) return {};
    if (package.empty()) return broken(line, "a pin without Package");
    if (!priority || *priority == 0) return broken(line, "a pin without Pin-Priority");
    AptPin made{.packages = words_of(package), .priority = *priority, .line = line};
    const auto blank = pin.find_first_of(" \t");
    const auto kind = pin.substr(0, blank);
    if (blank != std::string::npos) made.data = trimmed(std::string_view(pin).substr(blank));
    if (kind == "version")
      made.kind = AptPin::Kind::kVersion;
    else if (kind == "origin")
      made.kind = AptPin::Kind::kOrigin;
    else if (kind != "release")
      return {};  // apt ignores it, with a warning
    pins_.push_back(std::move(made));
    return pins_.size() > kMaxPins ? Status(fail(Code::kTooLarge, "more pins than expected"))
                                   : Status();
  }

  std::vector<AptPin> take() { return std::move(pins_); }

 private:
  std::string package_;
  std::string pin_;
  std::string priority_;
  std::string* current_ = nullptr;
  std::int64_t first_line_ = 0;
  std::vector<AptPin> pins_;
};

Status read_part(Host& host, const std::string& path, std::vector<AptPin>& pins) {
  const auto text = host.read_file(path, kMaxConfigBytes);
  if (!text) return fail(text.error());
  auto parsed = parse_preferences(*text);
  if (!parsed) return fail(parsed.error().within("reading " + path));
  for (auto& pin : *parsed) {
    pin.file = path;
    pins.push_back(std::move(pin));
  }
  return {};
}

}  // namespace

bool AptPin::is_understood() const {
  return std::ranges::none_of(packages,
                              [](std::string_view name) { return name.starts_with('/'); }) &&
         !data.starts_with('/') && !data.contains("=/");
}

bool AptPin::names(std::string_view package, std::string_view source) const {
  return std::ranges::any_of(packages, [&](std::string_view pattern) {
    if (pattern.starts_with("src:")) return is_like(pattern.substr(4), source);
    if (const auto colon = pattern.find(':'); colon != std::string_view::npos)
      pattern = pattern.substr(0, colon);
    return is_like(pattern, package);
  });
}

bool AptPin::matches(const PinTarget& target) const {
  if (!is_understood()) return false;
  if (kind == Kind::kRelease) return matches_release(data, target);
  if (kind != Kind::kOrigin) return false;
  const auto site = unquoted(data);
  return site.empty() ? target.site.empty() : is_like(site, target.site);
}

bool AptPin::matches_version(std::string_view version) const {
  return kind == Kind::kVersion && is_understood() && is_like(unquoted(data), version);
}

Result<std::vector<AptPin>> parse_preferences(std::string_view text) {
  PreferencesReader reader;
  Lines lines(text);
  while (const auto line = lines.next())
    if (auto added = reader.add(*line, lines.number()); !added)
      return fail(std::move(added.error()));
  if (auto ended = reader.end(); !ended) return fail(std::move(ended.error()));
  return reader.take();
}

// apt reads the folder before the file.
Result<std::vector<AptPin>> read_preferences(Host& host) {
  std::vector<AptPin> pins;
  const auto names = host.list_directory(kParts, kMaxDirectoryEntries);
  if (!names && names.error().code() != Code::kNotFound) return fail(names.error());
  if (names)
    for (const auto& name : *names)
      if (is_apt_part(name, ".pref", false))
        if (auto part = read_part(host, std::string(kParts) + "/" + name, pins); !part)
          return fail(std::move(part.error()));
  if (auto main = read_part(host, std::string(kMain), pins);
      !main && main.error().code() != Code::kNotFound)
    return fail(std::move(main.error()));
  return pins;
}

AptPin default_release_pin(std::string_view release) {
  constexpr int kDefaultReleasePriority = 990;
  return {.packages = {"*"}, .data = std::string(release), .priority = kDefaultReleasePriority};
}

}  // namespace assay::agent
