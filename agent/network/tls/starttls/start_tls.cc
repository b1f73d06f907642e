#include "agent/network/tls/starttls/start_tls.h"

#include <array>

namespace assay::agent::tls {

namespace {

struct KnownDialogue {
  std::string_view name;
  std::unique_ptr<StartTls> (*make)();
};

constexpr std::array kDialogues{
    KnownDialogue{"smtp", smtp_start_tls},   KnownDialogue{"imap", imap_start_tls},
    KnownDialogue{"pop3", pop3_start_tls},   KnownDialogue{"ftp", ftp_start_tls},
    KnownDialogue{"ldap", ldap_start_tls},   KnownDialogue{"postgresql", postgresql_start_tls},
    KnownDialogue{"mysql", mysql_start_tls}, KnownDialogue{"rdp", rdp_start_tls}};

}  // namespace

std::span<const std::string_view> start_tls_protocols() {
  static constexpr auto kNames = [] {
    std::array<std::string_view, kDialogues.size()> names;
    for (std::size_t i = 0; i < names.size(); ++i) names[i] = kDialogues[i].name;
    return names;
  }();
  return kNames;
}

std::unique_ptr<StartTls> start_tls(std::string_view protocol) {
  for (const auto& dialogue : kDialogues)
    if (dialogue.name == protocol) return dialogue.make();
  return nullptr;
}

}  // namespace assay::agent::tls
