#include "agent/probes/linux/accounts/ssh_keys/authorized_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "agent/probes/linux/accounts/account_files.h"
#include "agent/probes/linux/accounts/network_mounts.h"
#include "agent/probes/linux/accounts/ssh_keys/authorized_key_line.h"
#include "agent/probes/linux/accounts/ssh_keys/sshd_settings.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

using evidence::kNull;
using evidence::Value;

constexpr std::size_t kMaxKeyFileBytes = 16U << 20U;
constexpr std::size_t kMaxRows = 200'000;
constexpr std::string_view kDefaultPatterns = ".ssh/authorized_keys .ssh/authorized_keys2";
constexpr std::uint32_t kOthersMayWrite = 022;

struct Pattern {
  std::string text;
  std::string note;  // when sshd reads it only for some
};

std::string where(const SshdWord& word) {
  return fmt::format("{}:{}", word.path, word.line);
}

std::vector<Pattern> patterns_of(const SshdSettings* settings) {
  std::vector<Pattern> patterns;
  const auto add = [&](std::string_view value, const std::string& note) {
    for (auto& text : sshd_arguments(value))
      if (text != "none") patterns.push_back({std::move(text), note});
  };
  const auto* global = settings == nullptr ? nullptr : settings->global("authorizedkeysfile");
  add(global == nullptr ? kDefaultPatterns : std::string_view(global->value), "");
  if (settings == nullptr) return patterns;
  for (const auto* word : settings->matched("authorizedkeysfile"))
    add(word->value, fmt::format("read only where Match {} holds ({})", word->match, where(*word)));
  return patterns;
}

std::string path_for(std::string_view pattern, const PasswdEntry& account) {
  std::string path;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (pattern[i] != '%' || (next != 'h' && next != 'u' && next != 'U' && next != '%')) {
      path += pattern[i];
      continue;
    }
    ++i;
    if (next == 'h') path += account.directory;
    if (next == 'u') path += account.name;
    if (next == 'U') path += std::to_string(account.uid);
    if (next == '%') path += '%';
  }
  if (path.starts_with('/')) return path;
  return account.directory + (account.directory.ends_with('/') ? "" : "/") + path;
}

class TableOfKeys {
 public:
  TableOfKeys(Host& host, NetworkMounts mounts)
      : host_(host), mounts_(std::move(mounts)), table_(*evidence::find_table("authorized_keys")) {}

  // `account` is nullptr for a file that counts for all.
  Status add_file(const PasswdEntry* account, const std::string& path, const std::string& note) {
    const auto kind = mounts_.kind_at(path);
    if (!kind.empty()) {
      add_state(account, path, "not_read",
                fmt::format("on a file system of another machine ({})", kind));
      return {};
    }
    const auto text = host_.read_file(path, kMaxKeyFileBytes);
    if (!text) {
      if (text.error().code() == Code::kNotFound) return {};
      add_state(account, path, "not_read", text.error().message());
      return {};
    }
    std::string notes = note;
    if (const auto status = host_.status(path);
        status && status->kind == FileKind::kRegular && (status->mode & kOthersMayWrite) != 0)
      notes += std::string(notes.empty() ? "" : "; ") + "others than its owner may write this file";
    Lines lines(*text);
    while (const auto line = lines.next()) {
      if (table_.rows().size() >= kMaxRows)
        return fail(Code::kTooLarge, fmt::format("more than {} keys at {}", kMaxRows, path));
      add_line(account, path, *line, lines.number(), notes);
    }
    return {};
  }

  void add_state(const PasswdEntry* account, Value path, std::string_view state, std::string note) {
    table_.add({{"uid", account == nullptr ? Value(kNull) : Value(std::int64_t{account->uid})},
                {"username", account == nullptr ? Value(kNull) : Value(account->name)},
                {"key_file", std::move(path)},
                {"state", std::string(state)},
                {"note", std::move(note)}});
  }

  [[nodiscard]] evidence::Table take() { return std::move(table_); }

 private:
  void add_line(const PasswdEntry* account, const std::string& path, std::string_view line,
                std::int64_t number, const std::string& note) {
    const auto key = parse_authorized_key(line);
    if (key && !*key) return;
    const Value uid = account == nullptr ? Value(kNull) : Value(std::int64_t{account->uid});
    const Value name = account == nullptr ? Value(kNull) : Value(account->name);
    if (!key) {
      table_.add({{"uid", uid},
                  {"username", name},
                  {"key_file", path},
                  {"line", number},
                  {"state", "invalid"},
                  {"note", "sshd passes over this line: " + key.error().message()}});
      return;
    }
    const auto& found = **key;
    table_.add({{"uid", uid},
                {"algorithm", found.algorithm},
                {"options", text_or_null(found.options)},
                {"comment", text_or_null(found.comment)},
                {"key_file", path},
                {"username", name},
                {"line", number},
                {"bits", number_or_null(found.bits)},
                {"fingerprint", found.fingerprint},
                {"cert_authority", std::int64_t{found.is_authority || account == nullptr}},
                {"state", "key"},
                {"note", text_or_null(note)}});
  }

  Host& host_;
  NetworkMounts mounts_;
  evidence::Table table_;
};

// Keys that no file of an account holds.
Status add_keys_for_all(const SshdSettings& settings, TableOfKeys& table) {
  for (const auto* name : {"authorizedkeyscommand", "trustedusercakeys"}) {
    auto words = settings.matched(name);
    if (const auto* global = settings.global(name)) words.push_back(global);
    for (const auto* word : words) {
      const auto arguments = sshd_arguments(word->value);
      if (arguments.empty() || arguments[0] == "none") continue;
      if (name == std::string_view("authorizedkeyscommand")) {
        table.add_state(nullptr, kNull, "external",
                        fmt::format("sshd also asks the program {} ({}): which keys it names is "
                                    "in no file",
                                    arguments[0], where(*word)));
        continue;
      }
      auto done = table.add_file(nullptr, arguments[0],
                                 fmt::format("whoever this key signs may log in as the principals "
                                             "of the certificate say (TrustedUserCAKeys at {})",
                                             where(*word)));
      if (!done) return done;
    }
  }
  return {};
}

}  // namespace

Result<evidence::Table> collect_authorized_keys(Host& host) {
  const auto accounts = read_passwd(host);
  if (!accounts) return fail(accounts.error());
  auto mounts = NetworkMounts::find(host);
  if (!mounts) return fail(mounts.error());
  const auto settings = SshdSettings::read(host);
  if (!settings && settings.error().code() != Code::kNotFound) return fail(settings.error());
  const auto patterns = patterns_of(settings ? &*settings : nullptr);
  TableOfKeys table(host, std::move(*mounts));
  for (const auto& account : *accounts) {
    std::vector<std::string> seen;
    for (const auto& pattern : patterns) {
      auto path = path_for(pattern.text, account);
      if (std::ranges::find(seen, path) != seen.end()) continue;
      if (auto done = table.add_file(&account, path, pattern.note); !done)
        return fail(done.error());
      seen.push_back(std::move(path));
    }
  }
  if (settings)
    if (auto done = add_keys_for_all(*settings, table); !done) return fail(done.error());
  return table.take();
}

}  // namespace assay::agent
