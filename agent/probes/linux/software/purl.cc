#include "agent/probes/linux/software/purl.h"

namespace assay::agent {

void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_' || c == '~' ||
                          c == ':';
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain)
      out += c;
    else
      out.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
  }
}

std::string distro_qualifier(const OsRelease& release) {
  const auto id = value_of(release, "ID");
  auto version = value_of(release, "VERSION_ID");
  if (version.empty()) version = value_of(release, "VERSION_CODENAME");  // sid has no number
  if (id.empty() || version.empty()) return {};
  return std::string(id).append("-").append(version);
}

Purl::Purl(std::string_view type, std::string_view name_space, std::string_view name,
           std::string_view version) {
  text_.reserve(type.size() + name_space.size() + name.size() + version.size() + 64);
  text_.append("pkg:").append(type) += '/';
  while (!name_space.empty()) {
    const auto slash = name_space.find('/');
    append_percent_encoded(text_, name_space.substr(0, slash));
    text_ += '/';
    name_space.remove_prefix(slash == std::string_view::npos ? name_space.size() : slash + 1);
  }
  append_percent_encoded(text_, name);
  if (version.empty()) return;
  text_ += '@';
  append_percent_encoded(text_, version);
}

Purl& Purl::with(std::string_view key, std::string_view value) {
  if (value.empty()) return *this;
  text_ += has_qualifier_ ? '&' : '?';
  has_qualifier_ = true;
  text_.append(key) += '=';
  append_percent_encoded(text_, value);
  return *this;
}

}  // namespace assay::agent
