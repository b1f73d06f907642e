#include "collector/store/sql/turn.h"

#include <string>

namespace assay::collector::sql {
namespace {

constexpr std::chrono::hours kLongestTurn{24};

}  // namespace

Result<bool> take_turn(Connection& connection, std::string_view table, evidence::Seconds now,
                       evidence::Seconds until) {
  auto done =
      connection
          .prepare("UPDATE " + std::string(table) + " SET until = ? WHERE until <= ? OR until > ?")
          .bind(until, now, now + kLongestTurn)
          .run();
  if (!done) return fail(done.error());
  return connection.changes() == 1;
}

}  // namespace assay::collector::sql
