#include "agent/probes/linux/network/resolv_conf.h"

#include <arpa/inet.h>

#include <array>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxServers = 3;  // more are not asked

// The address that libc makes of what stands behind "nameserver": IPv4 may be shortened, IPv6 may
// name an interface. Empty for what it cannot read; it then passes the line over.
std::string server_address(const std::string& text) {
  ::in_addr v4{};
  std::array<char, INET_ADDRSTRLEN> written{};
  if (::inet_aton(text.c_str(), &v4) != 0 &&
      ::inet_ntop(AF_INET, &v4, written.data(), written.size()) != nullptr)
    return written.data();
  const auto percent = text.find('%');
  ::in6_addr v6{};
  if (::inet_pton(AF_INET6, text.substr(0, percent).c_str(), &v6) != 1) return {};
  if (percent == std::string::npos) return text;
  const bool is_of_link = IN6_IS_ADDR_LINKLOCAL(&v6) || IN6_IS_ADDR_MC_LINKLOCAL(&v6);
  const auto others =
      is_of_link ? std::string::npos : text.find_first_not_of("0123456789", percent + 1);
  return percent + 1 < text.size() && others == std::string::npos ? text : std::string();
}

}  // namespace

std::vector<std::string_view> blank_separated(std::string_view text, std::size_t max) {
  std::vector<std::string_view> words;
  for (text = trimmed(text); !text.empty() && words.size() < max; text = trimmed(text)) {
    const auto end = std::min(text.find_first_of(" \t\r\n"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::vector<ResolverEntry> parse_resolv_conf(std::string_view text) {
  std::vector<ResolverEntry> servers;
  std::vector<ResolverEntry> domains;
  std::vector<ResolverEntry> others;
  Lines lines(text);
  while (const auto line = lines.next()) {
    // A keyword stands at the very start of its line.
    if (line->empty() || line->front() == '#' || line->front() == ';') continue;
    const auto words = blank_separated(*line, line->size());
    if (words.size() < 2 || line->front() == ' ' || line->front() == '\t') continue;
    if (words[0] == "nameserver" && servers.size() < kMaxServers)
      if (auto address = server_address(std::string(words[1])); !address.empty())
        servers.push_back({"nameserver", std::move(address), {}});
    if (words[0] == "search" || words[0] == "domain") domains.clear();
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[0] == "search" || (words[0] == "domain" && i == 1))
        domains.push_back({"search", std::string(words[i]), {}});
      if (words[0] == "sortlist") {
        const auto slash = words[i].find('/');
        others.push_back({"sortlist", std::string(words[i].substr(0, slash)),
                          slash == std::string_view::npos
                              ? std::string()
                              : std::string(words[i].substr(slash + 1))});
      }
      if (words[0] == "options") others.push_back({"option", std::string(words[i]), {}});
    }
  }
  servers.insert(servers.end(), domains.begin(), domains.end());
  servers.insert(servers.end(), others.begin(), others.end());
  return servers;
}

}  // namespace assay::agent
