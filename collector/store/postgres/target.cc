#include "collector/store/postgres/target.h"

#include <libpq-fe.h>

#include <memory>

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
    return fail(Code::kUsage, "the store's connection string: " +
                                  trimmed(problem == nullptr ? "no memory" : problem.get()));
  }
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword(option->keyword);
    if (keyword == "password" || keyword == "sslpassword") {
      return fail(Code::kUsage,
                  "a password does not belong into a connection string, which others can see; name "
                  "a passfile= or a service=, which libpq reads by itself");
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
