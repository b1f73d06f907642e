#include "cli/client/host_list.h"

#include <algorithm>
#include <set>

#include "cli/client/read_file.h"
#include "evidence/canonical.h"

namespace assay::cli {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

// Without its comment and the spaces around it.
std::string_view host_in(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '#' && (i == 0 || is_space(line[i - 1]))) line = line.substr(0, i);
  while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
  while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
  return line;
}

bool is_text(std::string_view name) {
  while (!name.empty()) {
    const auto length = evidence::utf8_length(name);
    const auto byte = static_cast<unsigned char>(name.front());
    if (length == 0 || byte < 0x20 || byte == 0x7F) return false;
    name.remove_prefix(length);
  }
  return true;
}

}  // namespace

Result<std::vector<std::string>> parse_host_list(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::set<std::string, std::less<>> hosts;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto host = host_in(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (host.empty()) continue;
    if (host.size() > kMaxListedHostBytes)
      return refuse(Code::kTooLarge,
                    {"line {}: longer than {} bytes; one host a line",
                     "第 {} 行：超過 {} 位元組；請每行寫一部主機"},
                    number, kMaxListedHostBytes);
    if (!is_text(host))
      return refuse(Code::kInvalidData,
                    {"line {}: not UTF-8, or holds a control character",
                     "第 {} 行：不是 UTF-8，或含有控制字元"},
                    number);
    hosts.emplace(host);
    if (hosts.size() > kMaxListedHosts)
      return refuse(Code::kTooLarge, {"line {}: more than {} hosts", "第 {} 行：超過 {} 部主機"},
                    number, kMaxListedHosts);
  }
  if (hosts.empty()) return refuse(Code::kInvalidData, {"no host is named", "沒有列出任何主機"});
  return std::vector<std::string>(hosts.begin(), hosts.end());
}

Result<std::vector<std::string>> read_host_list(const std::string& path) {
  const auto text = read_file(path, kMaxHostListBytes);
  if (!text) return fail(text.error());
  auto hosts = parse_host_list(*text);
  if (!hosts) return fail(hosts.error().within(path));
  return hosts;
}

}  // namespace assay::cli
