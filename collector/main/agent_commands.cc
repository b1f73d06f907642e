#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "collector/main/commands.h"
#include "collector/main/list_printer.h"
#include "collector/main/state.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

const Text kRevoked{"{} ({}) is revoked; its evidence stays.\n",
                    "已撤銷 {}（{}）；其證據仍予保留。\n"};

const Text kActive{"active", "使用中"};
const Text kSentAway{"revoked", "已撤銷"};

// The one host that `text` names.
Result<Host> find_host(Store& store, const std::string& text) {
  auto host = store.host(text);
  if (host || host.error().code() != Code::kNotFound) return host;
  const auto page = store.hosts(text, {"", kMaxPage});
  if (!page) return fail(page.error());
  std::vector<Host> named;
  for (const auto& candidate : page->items)
    if (candidate.name == text) named.push_back(candidate);
  if (named.empty())
    return refuse(Code::kNotFound,
                  {"no host has the id or the name {}", "沒有識別碼或名稱為 {} 的主機"}, text);
  if (named.size() > 1)
    return refuse(Code::kUsage,
                  {"several hosts are named {}; give the id (agent list)",
                   "有多部主機名為 {}；請改用識別碼（見「agent list」）"},
                  text);
  return named.front();
}

}  // namespace

Status run_agent_list(const CommonOptions& common) {
  auto store = open_store(common.state, false);
  if (!store) return fail(store.error());
  ListPrinter list({{"ID", "識別碼"},
                    {"NAME", "主機"},
                    {"STATE", "狀態"},
                    {"PROFILE", "類型"},
                    {"OS", "作業系統"},
                    {"LAST SEEN", "最近回報"},
                    {"SNAPSHOTS", "快照數"}},
                   common.language);
  const auto read = [&](const PageRequest& page) { return (*store)->hosts("", page); };
  const auto add = [&](const Host& host) -> Status {
    const auto seen = host.last_seen ? evidence::to_timestamp(*host.last_seen) : std::string("-");
    nlohmann::ordered_json object;
    object["id"] = host.id;
    object["name"] = host.name;
    object["state"] = name_of(host.state);
    object["profile"] = host.profile;
    object["os"] = host.os.empty() ? nullptr : nlohmann::ordered_json(host.os);
    object["enrolled_at"] = evidence::to_timestamp(host.enrolled_at);
    object["last_seen"] = host.last_seen ? nlohmann::ordered_json(seen) : nullptr;
    object["last_sequence"] = host.last_sequence;
    list.add(
        std::move(object),
        {host.id, host.name,
         (host.state == HostState::kActive ? kActive : kSentAway).in(common.language), host.profile,
         host.os.empty() ? "-" : host.os, seen, std::to_string(host.last_sequence)});
    return {};
  };
  if (auto done = for_every(read, add); !done) return done;
  list.print(common.is_json);
  return {};
}

Status run_agent_revoke(const CommonOptions& common, const std::string& host) {
  auto store = open_store(common.state, false);
  if (!store) return fail(store.error());
  const auto found = find_host(**store, host);
  if (!found) return fail(found.error());
  if (auto done = (*store)->revoke_host(found->id, system_now()); !done) return done;
  fmt::print(fmt::runtime(kRevoked.in(common.language)), found->name, found->id);
  return {};
}

}  // namespace assay::collector
