#include "agent/probes/linux/libraries/package_url.h"

namespace assay::agent {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '-' || c == '_' || c == '~' || c == ':';
}

void append_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(c))
      out += c;
    else
      out.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
  }
}

// "a/b c" keeps its slash: each part of a name is encoded for itself.
void append_parts(std::string& out, std::string_view name) {
  for (;;) {
    const auto slash = name.find('/');
    append_encoded(out, name.substr(0, slash));
    if (slash == std::string_view::npos) return;
    out += '/';
    name.remove_prefix(slash + 1);
  }
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  return out;
}

std::string package_url(std::string_view type, std::string_view name, std::string_view version) {
  if (name.empty() || version.empty()) return {};
  std::string url = "pkg:";
  url.reserve(type.size() + name.size() + version.size() + 16);
  url.append(type).append("/");
  append_parts(url, name);
  url += '@';
  append_encoded(url, version);
  return url;
}

}  // namespace

std::string pypi_url(std::string_view name, std::string_view version) {
  auto normal = lower_case(name);
  std::ranges::replace(normal, '_', '-');
  return package_url("pypi", normal, version);
}

std::string npm_url(std::string_view name, std::string_view version) {
  return package_url("npm", lower_case(name), version);
}

std::string maven_url(std::string_view group, std::string_view artifact, std::string_view version,
                      std::string_view type) {
  if (group.empty() || artifact.empty()) return {};
  auto url = package_url("maven", std::string(group).append("/").append(artifact), version);
  if (!url.empty() && !type.empty() && type != "jar") url.append("?type=").append(type);
  return url;
}

std::string golang_url(std::string_view module, std::string_view version) {
  return package_url("golang", lower_case(module), version);
}

}  // namespace assay::agent
