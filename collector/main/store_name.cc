#include "collector/main/store_name.h"

#include "collector/store/postgres/target.h"
#include "evidence/refusal.h"

namespace assay::collector {

std::string postgres_conninfo(std::string_view name) {
  if (name.starts_with("postgres://") || name.starts_with("postgresql://"))
    return std::string(name);
  constexpr std::string_view kPrefix = "postgres:";
  return name.starts_with(kPrefix) ? std::string(name.substr(kPrefix.size())) : std::string();
}

Status check_store_name(std::string_view name) {
  if (name.empty()) return {};
  const auto conninfo = postgres_conninfo(name);
  if (conninfo.empty())
    return refuse(Code::kUsage,
                  {"postgres:host=… dbname=… as libpq reads it; left out: store.db",
                   "應為 postgres:host=… dbname=…（依 libpq 的寫法）；省略時使用 store.db"});
  const auto target = postgres::parse_target(conninfo);
  if (!target) return fail(target.error());
  return {};
}

}  // namespace assay::collector
