#include "agent/probes/linux/network/resolv_conf.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxServers = 3;  // more are not asked
constexpr std::size_t kMaxWords = 20;

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
    const auto words = blank_separated(*line, kMaxWords);
    if (words.size() < 2 || line->front() == ' ' || line->front() == '\t') continue;
    if (words[0] == "nameserver" && servers.size() < kMaxServers)
      servers.push_back({"nameserver", std::string(words[1]), {}});
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
      if (others.size() > kMaxWords * 2) break;
    }
  }
  servers.insert(servers.end(), domains.begin(), domains.end());
  servers.insert(servers.end(), others.begin(), others.end());
  return servers;
}

}  // namespace assay::agent
