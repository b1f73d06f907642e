#include "collector/store/postgres/postgres_store.h"
#include "tests/unit/collector/store/conformance.h"
#include "tests/unit/collector/store/postgres_server.h"

namespace assay::collector {
namespace {

class PostgresEngine final : public Engine {
 public:
  Result<std::unique_ptr<Store>> open() override {
    postgres::Options options;
    options.conninfo = postgres::PostgresServer::shared().conninfo(schema_);
    auto opened = postgres::PostgresStore::open(options);
    if (!opened) return fail(opened.error());
    return std::move(*opened);
  }

 private:
  std::string schema_ = postgres::PostgresServer::shared().new_schema();
};

const EngineFactory kPostgres{"Postgres", [] { return std::make_unique<PostgresEngine>(); }};
const auto kName = [](const auto& info) { return info.param.name; };

INSTANTIATE_TEST_SUITE_P(Postgres, StoreConformance, testing::Values(kPostgres), kName);
INSTANTIATE_TEST_SUITE_P(Postgres, StoreLedger, testing::Values(kPostgres), kName);
INSTANTIATE_TEST_SUITE_P(Postgres, StoreRetention, testing::Values(kPostgres), kName);
INSTANTIATE_TEST_SUITE_P(Postgres, StoreHistory, testing::Values(kPostgres), kName);

}  // namespace
}  // namespace assay::collector
