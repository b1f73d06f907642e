#include "agent/probes/linux/text/addresses.h"

#include <algorithm>

namespace assay::agent {
namespace {

constexpr std::size_t kMinTokenBytes = 16;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Long, and letters mixed with digits all over: "20250520T000000Z" of a snapshot is none.
bool is_token(std::string_view part) {
  if (part.size() < kMinTokenBytes) return false;
  int digits = 0;
  int letters = 0;
  for (const char c : part) {
    if (is_digit(c))
      ++digits;
    else if (is_letter(c))
      ++letters;
    else if (c != '-' && c != '_' && c != '=')
      return false;
  }
  return digits >= 3 && letters >= 3;
}

void append_path(std::string& out, std::string_view path) {
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    out += is_token(part) ? "***" : part;
    if (slash == std::string_view::npos) return;
    out += '/';
    path.remove_prefix(slash + 1);
  }
}

// Where the host begins in what stands between the scheme and the query.
std::size_t host_of(std::string_view rest) {
  const auto authority = rest.substr(0, rest.find('/'));
  auto at = authority.rfind('@');
  // A password may hold a slash that nobody encoded; behind a port it is the path's own @.
  const auto colon = authority.find(':');
  const bool may_hold_password = colon != std::string_view::npos &&
                                 !std::ranges::all_of(authority.substr(colon + 1), is_digit);
  if (at == std::string_view::npos && may_hold_password) at = rest.rfind('@');
  return at == std::string_view::npos ? 0 : at + 1;
}

// Behind "https://"; 0 when there is no scheme.
std::size_t end_of_scheme(std::string_view address) {
  constexpr std::string_view kSeparator = "://";
  const auto at = address.find(kSeparator);
  return at == std::string_view::npos ? 0 : at + kSeparator.size();
}

}  // namespace

std::string without_secrets(std::string_view address) {
  const auto begin = end_of_scheme(address);
  auto rest = address.substr(begin);
  rest = rest.substr(0, rest.find_first_of("?#"));
  return std::string(address.substr(0, begin)).append(rest.substr(host_of(rest)));
}

std::string public_address(std::string_view url) {
  const auto begin = end_of_scheme(url);
  if (begin == 0) return std::string(url);
  const auto clean = without_secrets(url);
  const auto path = std::min(clean.find('/', begin), clean.size());
  auto shown = clean.substr(0, path);
  append_path(shown, std::string_view(clean).substr(path));
  return shown;
}

std::string public_addresses(std::string_view list) {
  constexpr std::string_view kBetween = " \t\r\n,";
  std::string out;
  for (auto begin = list.find_first_not_of(kBetween); begin != std::string_view::npos;) {
    const auto end = list.find_first_of(kBetween, begin);
    if (!out.empty()) out += ' ';
    out += public_address(list.substr(begin, end - begin));
    begin = end == std::string_view::npos ? end : list.find_first_not_of(kBetween, end);
  }
  return out;
}

}  // namespace assay::agent
