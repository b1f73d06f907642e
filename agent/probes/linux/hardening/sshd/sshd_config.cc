#include "agent/probes/linux/hardening/sshd/sshd_config.h"

#include <algorithm>
#include <array>
#include <set>

#include "agent/probes/linux/hardening/a_system.h"
#include "agent/probes/linux/hardening/sshd/sshd_keywords.h"
#include "agent/probes/linux/hardening/sshd/sshd_settings.h"
#include "agent/probes/linux/text/cells.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 3> kHostKeys = {
    "/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ecdsa_key", "/etc/ssh/ssh_host_ed25519_key"};
constexpr int kOneNameForKeyboardInteractive = 807;

struct Fallback {
  std::string keyword;
  std::optional<std::string> value;
  std::string note;
};

class Rows {
 public:
  Rows(const SshdProgram& program, std::vector<SshdSetting> settings)
      : program_(program), settings_(std::move(settings)) {
    for (const auto& setting : settings_)
      if (setting.match.empty()) configured_.insert(setting.keyword);
  }

  evidence::Table table() && {
    for (const auto& setting : settings_)
      if (setting.keyword != "listenaddress" || !setting.match.empty()) add(setting);
    add_fallbacks();
    add_addresses();
    return std::move(table_);
  }

 private:
  void add(const SshdSetting& setting) {
    table_.add({{"keyword", setting.keyword},
                {"value", setting.value ? evidence::Value(*setting.value) : evidence::kNull},
                {"source", setting.source},
                {"line", setting.line},
                {"match", text_or_null(setting.match)},
                {"origin", "configured"},
                {"note", text_or_null(setting.note)}});
  }

  void add(const Fallback& fallback) {
    table_.add({{"keyword", fallback.keyword},
                {"value", fallback.value ? evidence::Value(*fallback.value) : evidence::kNull},
                {"origin", "default"},
                {"note", text_or_null(fallback.note)}});
  }

  [[nodiscard]] bool knows_fallbacks() const { return program_.version >= kOldestKnownSshd; }

  void add_fallbacks() {
    for (const auto& keyword : sshd_keywords()) {
      if (configured_.contains(keyword.name)) continue;
      if (keyword.kind == SshdValue::kList) {
        add_list(keyword);
      } else if (!keyword.fallback.empty()) {
        add_word(keyword);
      }
    }
    if (!configured_.contains("port")) add(known("port", "22"));
    if (!configured_.contains("hostkey"))
      for (const auto key : kHostKeys) add(known("hostkey", key));
  }

  [[nodiscard]] Fallback known(std::string_view keyword, std::string_view value) const {
    if (knows_fallbacks()) return {std::string(keyword), std::string(value), {}};
    return {std::string(keyword), std::nullopt,
            program_.version == 0 ? "the version of OpenSSH is not known, so its default is not"
                                  : "the default of so old a version of OpenSSH is not known"};
  }

  void add_word(const SshdKeyword& keyword) {
    if (program_.version != 0 && program_.version < keyword.since) return;
    if (keyword.name == "kbdinteractiveauthentication" && add_old_keyboard_interactive()) return;
    add(known(keyword.name, keyword.fallback));
  }

  // Before 8.7 ChallengeResponseAuthentication, on by default, switches the other one on.
  bool add_old_keyboard_interactive() {
    if (!knows_fallbacks() || program_.version >= kOneNameForKeyboardInteractive) return false;
    const auto other = std::ranges::find_if(settings_, [](const SshdSetting& setting) {
      return setting.match.empty() && setting.keyword == "challengeresponseauthentication";
    });
    if (other == settings_.end()) return false;
    auto row = *other;
    row.keyword = "kbdinteractiveauthentication";
    add(row);
    return true;
  }

  void add_list(const SshdKeyword& keyword) {
    const auto list = builtin_list(program_, keyword.name);
    if (!list.empty()) {
      add(Fallback{std::string(keyword.name), std::string(list), {}});
    } else if (keyword.name == "ciphers" || keyword.name == "macs" ||
               keyword.name == "kexalgorithms") {
      add(Fallback{std::string(keyword.name), std::nullopt,
                   "the built-in list was not found in the sshd program"});
    }
  }

  // ListenAddress with the ports, as sshd combines them.
  void add_addresses() {
    std::vector<std::string> ports;
    std::string family = "any";
    bool is_configured = false;
    for (const auto& setting : settings_) {
      if (!setting.match.empty() || !setting.value) continue;
      if (setting.keyword == "port") ports.push_back(*setting.value);
      if (setting.keyword == "addressfamily") family = *setting.value;
    }
    if (ports.empty()) ports.emplace_back("22");
    for (const auto& setting : settings_) {
      if (setting.keyword != "listenaddress" || !setting.match.empty() || !setting.value) continue;
      is_configured = true;
      for (const auto& address : with_ports(*setting.value, ports)) {
        auto row = setting;
        row.value = address;
        add(row);
      }
    }
    if (is_configured) return;
    for (const auto& port : ports) {
      if (family != "inet") add(known("listenaddress", "[::]:" + port));
      if (family != "inet6") add(known("listenaddress", "0.0.0.0:" + port));
    }
  }

  static std::vector<std::string> with_ports(const std::string& written,
                                             const std::vector<std::string>& ports) {
    const auto blank = written.find(' ');  // "192.0.2.1 rdomain 3"
    const auto address = written.substr(0, blank);
    const auto rest = blank == std::string::npos ? "" : written.substr(blank);
    const auto colons = std::ranges::count(address, ':');
    const auto bracket = address.rfind(']');
    const bool has_port = address.starts_with('[')
                              ? bracket != std::string::npos && bracket + 1 < address.size()
                              : colons == 1;
    if (has_port) return {written};
    const auto host = colons > 1 && !address.starts_with('[') ? "[" + address + "]" : address;
    std::vector<std::string> all;
    for (const auto& port : ports) all.push_back(std::string(host).append(":") + port + rest);
    return all;
  }

  const SshdProgram& program_;
  std::vector<SshdSetting> settings_;
  std::set<std::string, std::less<>> configured_;
  evidence::Table table_{*evidence::find_table("sshd_config")};
};

}  // namespace

Result<evidence::Table> collect_sshd_config(Host& host) {
  if (auto there = check_there_is_a_system(host); !there) return fail(there.error());
  const auto program = find_sshd_program(host);
  if (!program) return fail(program.error());
  if (!*program) return evidence::Table(*evidence::find_table("sshd_config"));
  auto settings = read_sshd_settings(host, **program);
  if (!settings) return fail(settings.error());
  return Rows(**program, *std::move(settings)).table();
}

}  // namespace assay::agent
