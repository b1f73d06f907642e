#include <fmt/core.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "collector/identity/key_file.h"
#include "collector/identity/token.h"
#include "collector/ledger/ledger_key.h"
#include "collector/main/commands.h"
#include "collector/main/state.h"

namespace assay::collector {
namespace {

std::vector<std::string> default_names() {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0')
    names.emplace_back(name.data());
  return names;
}

const Text kDone{
    "The collector is ready to serve.\n"
    "  CA fingerprint (SHA-256): {}\n"
    "  Administrator's token, shown this once: {}\n"
    "Next: assay-collector serve --state {}\n",
    "收集伺服器已可啟動。\n"
    "  CA 指紋（SHA-256）：{}\n"
    "  管理者權杖（只顯示這一次）：{}\n"
    "下一步：assay-collector serve --state {}\n"};

}  // namespace

Status run_init(const CommonOptions& common, const InitOptions& options) {
  if (auto made = make_key_folder(common.state); !made) return made;
  const auto names = options.names.empty() ? default_names() : options.names;
  const auto now = system_now();
  const auto authority = Authority::create(identity_folder(common.state), names, now);
  if (!authority) return fail(authority.error());
  const auto ledger =
      LedgerKey::open_or_create(identity_folder(common.state), authority->fingerprint());
  if (!ledger) return fail(ledger.error());
  auto store = open_store(common.state, true);
  if (!store) return fail(store.error());
  const auto token =
      new_person_token(authority->fingerprint(), "admin", Role::kAdmin, now, std::nullopt);
  if (!token) return fail(token.error());
  if (auto added = (*store)->add_token(token->record); !added) return added;
  if (common.is_json) {
    nlohmann::ordered_json answer;
    answer["state"] = common.state;
    answer["ca_fingerprint"] = authority->fingerprint().hex();
    answer["ledger_key"] = evidence::to_text(ledger->verifier());
    answer["admin_token"] = token->text;
    fmt::print("{}\n", answer.dump(2));
  } else {
    fmt::print(fmt::runtime(kDone.in(common.language)), authority->fingerprint().hex(), token->text,
               common.state);
  }
  return {};
}

}  // namespace assay::collector
