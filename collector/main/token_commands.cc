#include <fmt/core.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "collector/identity/token.h"
#include "collector/main/commands.h"
#include "collector/main/list_printer.h"
#include "collector/main/state.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

constexpr std::chrono::seconds kEnrollmentLifetime = std::chrono::hours(1);

std::string when(const std::optional<evidence::Seconds>& time) {
  return time ? evidence::to_timestamp(*time) : "-";
}

nlohmann::ordered_json when_json(const std::optional<evidence::Seconds>& time) {
  return time ? nlohmann::ordered_json(evidence::to_timestamp(*time)) : nullptr;
}

const Text kGood{"good", "有效"};
const Text kSpent{"spent", "已使用"};
const Text kExpired{"expired", "已逾期"};
const Text kRevoked{"revoked", "已撤銷"};
const Text kEnrollment{"enrollment", "註冊"};
const Text kPerson{"person", "人員"};

const Text& state_of(const Token& token, evidence::Seconds now) {
  if (token.revoked_at) return kRevoked;
  if (token.spent_at) return kSpent;
  return token.is_good(now) ? kGood : kExpired;
}

Result<NewToken> make(const TokenCreateOptions& options, const evidence::Digest& ca) {
  std::optional<std::chrono::seconds> lifetime;
  if (!options.ttl.empty()) {
    const auto parsed = parse_duration(options.ttl);
    if (!parsed) return fail(parsed.error());
    lifetime = *parsed;
  }
  if (options.person.empty())
    return new_enrollment_token(ca, system_now(), lifetime.value_or(kEnrollmentLifetime));
  const auto role = role_from(options.role);
  if (!role)
    return refuse(Code::kUsage, {"a role is admin, operator or auditor",
                                 "角色只能是 admin、operator 或 auditor"});
  return new_person_token(ca, options.person, *role, system_now(), lifetime);
}

}  // namespace

Result<std::chrono::seconds> parse_duration(std::string_view text) {
  constexpr std::int64_t kMost = 10LL * 366 * 86'400;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::int64_t seconds = unit == "s"   ? 1
                               : unit == "m" ? 60
                               : unit == "h" ? 3600
                               : unit == "d" ? 86'400
                                             : 0;
  if (error != std::errc() || seconds == 0 || number < 1 || number > kMost / seconds) {
    return refuse(Code::kUsage,
                  {"a duration is a number with s, m, h or d behind it: 30m, 1h, 7d; not {}",
                   "時間長度須為數字加上 s、m、h 或 d，如 30m、1h、7d；而不是 {}"},
                  text);
  }
  return std::chrono::seconds(number * seconds);
}

Status run_token_create(const CommonOptions& common, const TokenCreateOptions& options) {
  const auto authority = Authority::open(identity_folder(common.state));
  if (!authority) return fail(authority.error());
  auto store = open_store(common.state, false);
  if (!store) return fail(store.error());
  const auto token = make(options, authority->fingerprint());
  if (!token) return fail(token.error());
  if (auto added = (*store)->add_token(token->record); !added) return added;
  if (common.is_json) {
    nlohmann::ordered_json answer;
    answer["id"] = token->record.id;
    answer["kind"] = name_of(token->record.kind);
    answer["token"] = token->text;
    answer["expires"] = when_json(token->record.expires);
    fmt::print("{}\n", answer.dump(2));
  } else {
    // The token alone, so that it can be piped.
    fmt::print("{}\n", token->text);
  }
  return {};
}

Status run_token_list(const CommonOptions& common) {
  auto store = open_store(common.state, false);
  if (!store) return fail(store.error());
  ListPrinter list({{"ID", "識別碼"},
                    {"KIND", "種類"},
                    {"STATE", "狀態"},
                    {"NAME", "姓名"},
                    {"ROLE", "角色"},
                    {"CREATED", "建立時間"},
                    {"EXPIRES", "到期時間"},
                    {"HOST", "主機"}},
                   common.language);
  const auto now = system_now();
  const auto read = [&](const PageRequest& page) { return (*store)->tokens(page); };
  const auto add = [&](const Token& token) -> Status {
    const bool is_person = token.kind == TokenKind::kPerson;
    nlohmann::ordered_json object;
    object["id"] = token.id;
    object["kind"] = name_of(token.kind);
    object["state"] = state_of(token, now).en;
    object["name"] = is_person ? nlohmann::ordered_json(token.name) : nullptr;
    object["role"] = is_person ? nlohmann::ordered_json(name_of(token.role)) : nullptr;
    object["created"] = evidence::to_timestamp(token.created);
    object["expires"] = when_json(token.expires);
    object["revoked_at"] = when_json(token.revoked_at);
    object["spent_at"] = when_json(token.spent_at);
    object["host_id"] = token.host_id.empty() ? nullptr : nlohmann::ordered_json(token.host_id);
    list.add(
        std::move(object),
        {token.id, (is_person ? kPerson : kEnrollment).in(common.language),
         state_of(token, now).in(common.language), is_person ? token.name : "-",
         is_person ? std::string(name_of(token.role)) : "-", evidence::to_timestamp(token.created),
         when(token.expires), token.host_id.empty() ? "-" : token.host_id});
    return {};
  };
  if (auto done = for_every(read, add); !done) return done;
  list.print(common.is_json);
  return {};
}

Status run_token_revoke(const CommonOptions& common, const std::string& id) {
  auto store = open_store(common.state, false);
  if (!store) return fail(store.error());
  return (*store)->revoke_token(id, system_now());
}

}  // namespace assay::collector
