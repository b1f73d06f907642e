#include "agent/probes/linux/network/shares/smb_conf.h"

#include <algorithm>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr int kMaxDepth = 8;
constexpr std::size_t kMaxFiles = 100;
constexpr std::size_t kMaxSections = 10'000;
constexpr std::size_t kMaxValues = 2'000;  // of one section
constexpr std::size_t kMaxText = 4'096;

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& letter : out)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return out;
}

// Parameters are compared without regard to case and blanks.
std::string plain(std::string_view name) {
  auto text = lower(name);
  std::erase_if(text, [](char letter) { return letter == ' ' || letter == '\t'; });
  return text;
}

struct Synonym {
  std::string_view name;
  std::string_view present;
  bool is_inverse = false;
};

constexpr std::array<Synonym, 16> kSynonyms = {{{"public", "guestok"},
                                                {"writeable", "readonly", true},
                                                {"writable", "readonly", true},
                                                {"writeok", "readonly", true},
                                                {"allowhosts", "hostsallow"},
                                                {"denyhosts", "hostsdeny"},
                                                {"browsable", "browseable"},
                                                {"directory", "path"},
                                                {"printok", "printable"},
                                                {"minprotocol", "serverminprotocol"},
                                                {"protocol", "servermaxprotocol"},
                                                {"maxprotocol", "servermaxprotocol"},
                                                {"onlyguest", "guestonly"},
                                                {"users", "validusers"},
                                                {"serversmbencrypt", "smbencrypt"},
                                                {"group", "forcegroup"}}};

std::string inverted(std::string_view value) {
  const SmbValue wrapped{std::string(value), {}, 0};
  return smb_truth(&wrapped, false) ? "no" : "yes";
}

class Reading {
 public:
  explicit Reading(const SmbReader& read) : read_(read) {
    conf_.sections.push_back({.name = "global", .source = {}, .values = {}});
  }

  Status add_file(const std::string& path, int depth) {
    if (depth > kMaxDepth || ++files_ > kMaxFiles) {
      conf_.notes.push_back("too many files are included");
      return {};
    }
    const auto text = read_(path);
    if (!text && text.error().code() == Code::kNotFound && depth > 0) return {};
    if (!text) return fail(text.error());
    Lines lines(*text);
    std::string joined;
    std::int64_t start = 0;
    while (const auto line = lines.next()) {
      if (joined.empty()) start = lines.number();
      auto content = trimmed(*line);
      if (joined.empty() && (content.starts_with('#') || content.starts_with(';'))) continue;
      const bool goes_on = content.ends_with('\\');
      if (goes_on) content.remove_suffix(1);
      joined += content;
      if (goes_on && joined.size() < kMaxText) {
        joined += ' ';
        continue;
      }
      if (auto added = add_line(joined, path, start, depth); !added) return added;
      joined.clear();
    }
    return joined.empty() ? Status() : add_line(joined, path, start, depth);
  }

  SmbConf take() { return std::move(conf_); }

 private:
  Status add_line(std::string_view line, const std::string& path, std::int64_t number, int depth) {
    line = trimmed(line);
    if (line.empty()) return {};
    if (line.front() == '[') {
      const auto name = trimmed(line.substr(1, line.find(']') - 1));
      if (conf_.sections.size() < kMaxSections || name == "global")
        current_ = lower(name) == "globals" ? "global" : lower(name);
      conf_.section(current_, path, number);
      return {};
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return {};
    return set(plain(trimmed(line.substr(0, equals))), trimmed(line.substr(equals + 1)), path,
               number, depth);
  }

  Status set(std::string name, std::string_view value, const std::string& path, std::int64_t number,
             int depth) {
    if (name == "include" || name == "configfile") return include(value, depth);
    std::string text(value.substr(0, kMaxText));
    const auto synonym = std::ranges::find(kSynonyms, std::string_view(name), &Synonym::name);
    if (synonym != kSynonyms.end()) {
      if (synonym->is_inverse) text = inverted(text);
      name = synonym->present;
    }
    auto& section = conf_.section(current_, path, number);
    if (name == "copy") {
      copy(lower(value), section);
    } else if (section.values.size() < kMaxValues) {
      section.values.insert_or_assign(std::move(name), SmbValue{std::move(text), path, number});
    }
    return {};
  }

  Status include(std::string_view path, int depth) {
    if (path == "registry") {
      conf_.notes.emplace_back("more settings stand in Samba's registry, which is not read");
      return {};
    }
    if (path.find('%') != std::string_view::npos) {
      conf_.notes.push_back("an included file depends on the client: " + std::string(path));
      return {};
    }
    return add_file(std::string(path), depth + 1);
  }

  void copy(const std::string& name, SmbSection& section) {
    const auto from = std::ranges::find(conf_.sections, name, &SmbSection::name);
    if (from == conf_.sections.end()) return;
    for (const auto& [parameter, value] : from->values)
      section.values.insert_or_assign(parameter, value);
  }

  const SmbReader& read_;
  SmbConf conf_;
  std::string current_ = "global";
  std::size_t files_ = 0;
};

}  // namespace

const SmbValue* SmbSection::find(std::string_view parameter) const {
  const auto found = values.find(parameter);
  return found == values.end() ? nullptr : &found->second;
}

SmbSection& SmbConf::section(std::string_view name, std::string_view source, std::int64_t line) {
  const auto found = std::ranges::find(sections, name, &SmbSection::name);
  if (found != sections.end()) return *found;
  sections.push_back(
      {.name = std::string(name), .source = std::string(source), .line = line, .values = {}});
  return sections.back();
}

bool smb_truth(const SmbValue* value, bool otherwise) {
  if (value == nullptr) return otherwise;
  const auto word = lower(value->value);
  if (word == "yes" || word == "true" || word == "1" || word == "on") return true;
  if (word == "no" || word == "false" || word == "0" || word == "off") return false;
  return otherwise;
}

Result<SmbConf> read_smb_conf(const std::string& path, const SmbReader& read) {
  Reading reading(read);
  if (auto added = reading.add_file(path, 0); !added) return fail(std::move(added.error()));
  return reading.take();
}

}  // namespace assay::agent
