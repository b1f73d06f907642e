#include "agent/network/sensor/lists/stix_pattern.h"

#include "agent/network/sensor/lists/list_text.h"

namespace assay::agent::sensor {

namespace {

constexpr std::size_t kMaxValues = 1000;  // of one pattern
constexpr std::string_view kNotSimple = "a pattern that is more than values joined by OR";
constexpr std::string_view kOtherObject = "a pattern of neither an address, a name nor a URL";
constexpr std::string_view kBadValue = "a pattern whose value cannot be read";
constexpr std::string_view kUrlWithPath = "a URL with a path: only its host is seen on the wire";

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool takes(std::string_view word) {
    skip_blanks();
    if (!text_.starts_with(word)) return false;
    text_.remove_prefix(word.size());
    return true;
  }
  // "ipv4-addr:value"
  std::string_view take_path() {
    skip_blanks();
    const auto path = text_.substr(0, text_.find_first_of(" \t\r\n=!<>[]()"));
    text_.remove_prefix(path.size());
    return path;
  }
  // 'it\'s'
  std::optional<std::string> take_string() {
    if (!takes("'")) return std::nullopt;
    std::string out;
    while (!text_.empty() && text_.front() != '\'') {
      if (text_.front() == '\\') text_.remove_prefix(1);
      if (text_.empty()) return std::nullopt;
      out.push_back(text_.front());
      text_.remove_prefix(1);
    }
    return takes_end_of_string() ? std::optional(out) : std::nullopt;
  }
  bool is_at_end() {
    skip_blanks();
    return text_.empty();
  }

 private:
  void skip_blanks() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
  }
  bool takes_end_of_string() {
    if (text_.empty()) return false;
    text_.remove_prefix(1);
    return true;
  }

  std::string_view text_;
};

std::optional<ParsedEntry> entry_of_url(std::string_view url, std::string_view* why) {
  const auto scheme = url.find("://");
  auto host = scheme == std::string_view::npos ? url : url.substr(scheme + 3);
  if (host.ends_with('/')) host.remove_suffix(1);
  if (host.find_first_of("/?#") != std::string_view::npos) {
    *why = kUrlWithPath;
    return std::nullopt;
  }
  host = host.substr(std::min(host.rfind('@') + 1, host.size()));
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  return parse_indicator(host);
}

std::optional<ParsedEntry> entry_of(std::string_view path, std::string_view value,
                                    std::string_view* why) {
  const bool is_address = path == "ipv4-addr:value" || path == "ipv6-addr:value";
  const bool is_url = path == "url:value";
  *why = is_address || is_url || path == "domain-name:value" ? kBadValue : kOtherObject;
  if (*why == kOtherObject) return std::nullopt;
  auto entry = is_url ? entry_of_url(value, why) : parse_indicator(value);
  if (!entry || is_url) return entry;
  const bool is_name = entry->kind == EntryKind::kDomain;
  return entry->port == 0 && is_name != is_address ? entry : std::nullopt;
}

}  // namespace

std::optional<std::vector<ParsedEntry>> entries_of_pattern(std::string_view pattern,
                                                           std::string_view* why) {
  Reader reader(pattern);
  std::vector<ParsedEntry> entries;
  do {
    if (!reader.takes("[")) break;
    do {
      const auto path = reader.take_path();
      const bool is_equal = reader.takes("=");
      const auto value = is_equal ? reader.take_string() : std::nullopt;
      if (!value || entries.size() == kMaxValues) {
        *why = kNotSimple;
        return std::nullopt;
      }
      auto entry = entry_of(path, *value, why);
      if (!entry) return std::nullopt;
      entries.push_back(*std::move(entry));
    } while (reader.takes("OR"));
    if (!reader.takes("]")) break;
    if (reader.is_at_end()) return entries;
  } while (reader.takes("OR"));
  *why = kNotSimple;
  return std::nullopt;
}

}  // namespace assay::agent::sensor
