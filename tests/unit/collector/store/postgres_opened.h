// What the tests of the PostgreSQL engine begin with: a store that is open, and something for it.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "collector/store/postgres/postgres_store.h"
#include "tests/unit/collector/store/conformance.h"

namespace assay::collector::postgres {

inline std::unique_ptr<PostgresStore> open(
    const std::string& conninfo, std::chrono::milliseconds patience = std::chrono::seconds(20)) {
  Options options;
  options.conninfo = conninfo;
  options.patience = patience;
  auto opened = PostgresStore::open(options);
  EXPECT_TRUE(opened) << opened.error().message();
  return opened ? std::move(*opened) : nullptr;
}

inline void enroll(Store& store, const std::string& host_id) {
  const auto token = enrollment_token("token of " + host_id);
  ASSERT_TRUE(store.add_token(token));
  Host host;
  host.id = host_id;
  ASSERT_TRUE(store.enroll(token.hash, host, certificate_of(host_id, "1" + host_id), at(20)));
}

inline NewSnapshot nth(const std::string& host, std::int64_t sequence) {
  std::optional<evidence::Digest> previous;
  if (sequence > 1) previous = evidence::sha256("before " + std::to_string(sequence));
  return snapshot_of(host, sequence, {}, previous);
}

}  // namespace assay::collector::postgres
