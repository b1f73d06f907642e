#include "collector/store/postgres/target.h"

#include <libpq-fe.h>

#include <memory>

#include "evidence/refusal.h"

namespace assay::collector::postgres {
namespace {

std::string trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

Result<Target> parse_target(std::string_view text) {
  Target target{std::string(text), {}};
  char* words = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(target.conninfo.c_str(), &words), &PQconninfoFree);
  const std::unique_ptr<char, decltype(&PQfreemem)> problem(words, &PQfreemem);
  if (options == nullptr) {
    return refuse(Code::kUsage, {"the store's connection string: {}", "資料庫的連線字串：{}"},
                  trimmed(problem == nullptr ? "no memory" : problem.get()));
  }
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword(option->keyword);
    if (keyword == "password" || keyword == "sslpassword") {
      return refuse(Code::kUsage,
                    {"a password does not belong into a connection string, which others can see; "
                     "name a passfile= or a service=, which libpq reads by itself",
                     "連線字串可能被他人看見，不得含有密碼；請改用 passfile= 或 service=，由 libpq "
                     "自行讀取"});
    }
    if (keyword == "host" || keyword == "hostaddr" || keyword == "port" || keyword == "dbname" ||
        keyword == "user" || keyword == "service") {
      if (!target.shown.empty()) target.shown += ' ';
      target.shown.append(keyword).append("=").append(option->val);
    }
  }
  if (target.shown.empty()) target.shown = "by the environment";
  return target;
}

}  // namespace assay::collector::postgres
