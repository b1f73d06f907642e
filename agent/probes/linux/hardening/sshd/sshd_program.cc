#include "agent/probes/linux/hardening/sshd/sshd_program.h"

#include <array>
#include <cstring>
#include <set>

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 4> kPlaces = {"/usr/sbin/sshd", "/usr/bin/sshd",
                                                     "/usr/local/sbin/sshd", "/sbin/sshd"};
constexpr std::string_view kVersionMark = "OpenSSH_";
constexpr std::size_t kMaxListBytes = 4096;

std::size_t find_from(std::string_view text, std::string_view needle, std::size_t at) {
  const auto* found = ::memmem(text.data() + at, text.size() - at, needle.data(), needle.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The number at the start of `text`, taken off it; -1 when there is none of one or two digits.
int take_number(std::string_view& text) {
  int number = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && is_digit(text[digits]); ++digits) {
    if (digits == 2) return -1;
    number = number * 10 + (text[digits] - '0');
  }
  text.remove_prefix(digits);
  return digits == 0 ? -1 : number;
}

// The patterns of other versions, which stand in the program too, hold a * or a comma; its own
// version "OpenSSH_9.2p1" has a p.
int version_in(std::string_view bytes) {
  for (auto at = find_from(bytes, kVersionMark, 0); at != std::string_view::npos;
       at = find_from(bytes, kVersionMark, at + 1)) {
    auto text = bytes.substr(at + kVersionMark.size(), 8);
    const int major = take_number(text);
    if (major < 0 || !text.starts_with('.')) continue;
    text.remove_prefix(1);
    const int minor = take_number(text);
    if (minor >= 0 && text.size() > 1 && text[0] == 'p' && is_digit(text[1]))
      return major * 100 + minor;
  }
  return 0;
}

// The whole text, between two NULs, around the place `at`.
std::string_view text_around(std::string_view bytes, std::size_t at) {
  const auto before = at == 0 ? std::string_view::npos : bytes.rfind('\0', at - 1);
  const auto begin = before == std::string_view::npos ? 0 : before + 1;
  const auto end = bytes.find('\0', at);
  return bytes.substr(begin, end == std::string_view::npos ? end : end - begin);
}

bool is_list(std::string_view text) {
  return text.size() <= kMaxListBytes && text.find(',') != std::string_view::npos &&
         text.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
             "-@.,_") == std::string_view::npos;
}

// The only list that names all of `names`; empty when there are two different ones or none.
std::string list_with(std::string_view bytes, std::initializer_list<std::string_view> names) {
  std::set<std::string_view> lists;
  const auto first = *names.begin();
  for (auto at = find_from(bytes, first, 0); at != std::string_view::npos;
       at = find_from(bytes, first, at + first.size())) {
    const auto text = text_around(bytes, at);
    if (is_list(text) && std::ranges::all_of(names, [&](std::string_view name) {
          return text.find(name) != std::string_view::npos;
        }))
      lists.insert(text);
  }
  return lists.size() == 1 ? std::string(*lists.begin()) : std::string();
}

}  // namespace

SshdProgram read_sshd_program(std::string_view bytes) {
  SshdProgram program;
  program.version = version_in(bytes);
  program.ciphers = list_with(bytes, {"chacha20-poly1305@openssh.com,", "aes256-ctr"});
  program.macs = list_with(bytes, {"umac-128-etm@openssh.com,", "hmac-sha2-256"});
  program.kex_algorithms = list_with(bytes, {"curve25519-sha256@libssh.org,", "diffie-hellman"});
  program.public_key_algorithms =
      list_with(bytes, {"ssh-ed25519-cert-v01@openssh.com,", "rsa-sha2-512,rsa-sha2-256"});
  return program;
}

Result<std::optional<SshdProgram>> find_sshd_program(Host& host) {
  for (const auto path : kPlaces) {
    const auto bytes = host.read_file(path, kMaxSshdProgramBytes);
    if (!bytes) {
      if (bytes.error().code() == Code::kNotFound) continue;
      return fail(bytes.error());
    }
    auto program = read_sshd_program(*bytes);
    program.path = path;
    return program;
  }
  return std::nullopt;
}

}  // namespace assay::agent
