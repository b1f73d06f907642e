#include "tests/unit/collector/store/sqlite_engine.h"

namespace assay::collector {
namespace {

const EngineFactory kSqlite{"Sqlite", [] { return std::make_unique<sqlite::SqliteEngine>(); }};
const auto kName = [](const auto& info) { return info.param.name; };

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreConformance, testing::Values(kSqlite), kName);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreLedger, testing::Values(kSqlite), kName);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreRetention, testing::Values(kSqlite), kName);
INSTANTIATE_TEST_SUITE_P(Sqlite, StoreHistory, testing::Values(kSqlite), kName);

}  // namespace
}  // namespace assay::collector
