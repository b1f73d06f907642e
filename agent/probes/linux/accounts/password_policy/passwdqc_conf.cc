#include "agent/probes/linux/accounts/password_policy/passwdqc_conf.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::agent {
namespace {

constexpr std::size_t kPassphrase = 2;
constexpr int kMaxConfigDepth = 8;

bool set_lengths(PasswdqcSettings& settings, std::string_view text) {
  auto lengths = settings.shortest;
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    const auto comma = text.find(',');
    const auto word = text.substr(0, comma);
    if ((comma == std::string_view::npos) != (i + 1 == lengths.size())) return false;
    text.remove_prefix(std::min(text.size(), comma == std::string_view::npos ? comma : comma + 1));
    lengths[i] = whole_number(word);
    if (!lengths[i] && word != "disabled") return false;
  }
  settings.shortest = lengths;
  return true;
}

Status add(PasswdqcSettings& settings, Host& host, std::string_view option, const Location& where,
           int depth);

Status add_config(PasswdqcSettings& settings, Host& host, const std::string& path, int depth) {
  if (depth >= kMaxConfigDepth) {
    return fail(Code::kInvalidData,
                fmt::format("{}: passwdqc config= files name one another", path));
  }
  const auto text = read_optional(host, path);
  if (!text) return fail(text.error());
  std::string_view rest = *text ? std::string_view(**text) : std::string_view();
  for (std::int64_t number = 1; !rest.empty(); ++number) {
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (auto done = add(settings, host, line, {path, number}, depth + 1); !done) return done;
  }
  return {};
}

Status add(PasswdqcSettings& settings, Host& host, std::string_view option, const Location& where,
           int depth) {
  const auto equals = option.find('=');
  if (equals == std::string_view::npos) return {};
  const auto name = option.substr(0, equals);
  const auto value = option.substr(equals + 1);
  if (name == "config") return add_config(settings, host, std::string(value), depth);
  if (name == "min" && set_lengths(settings, value)) settings.min_where = where;
  if (name == "passphrase") settings.passphrase_words = whole_number(value).value_or(3);
  if (name == "similar") settings.similar = value;
  if (const auto length = whole_number(value); name == "match" && length && *length >= 0) {
    settings.match_length = *length;
    settings.match_where = where;
  }
  if (name == "enforce" && (value == "none" || value == "users" || value == "everyone")) {
    settings.enforce = value;
    settings.enforce_where = where;
  }
  return {};
}

}  // namespace

std::optional<std::int64_t> PasswdqcSettings::shortest_accepted() const {
  std::optional<std::int64_t> least;
  for (std::size_t i = 0; i < shortest.size(); ++i) {
    if (i == kPassphrase && passphrase_words == 0) continue;
    if (shortest[i] && (!least || *shortest[i] < *least)) least = shortest[i];
  }
  return least;
}

std::int64_t PasswdqcSettings::classes_required() const {
  if (shortest[0]) return 1;
  if (shortest[1]) return 2;
  if (shortest[kPassphrase] && passphrase_words > 0) return 2;  // letters and what parts the words
  return shortest[3] ? 3 : 4;
}

Result<PasswdqcSettings> read_passwdqc(Host& host, const PamEntry& entry) {
  PasswdqcSettings settings;
  for (const auto& argument : entry.arguments) {
    if (auto done = add(settings, host, argument, entry.where, 0); !done) return fail(done.error());
  }
  return settings;
}

}  // namespace assay::agent
