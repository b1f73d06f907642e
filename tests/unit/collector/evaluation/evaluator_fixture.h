// Hosts in a store of their own, judged by rules of the test's.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checks/engine/compiler.h"
#include "collector/evaluation/evaluator.h"
#include "evidence/canonical.h"
#include "tests/unit/collector/store/sqlite_engine.h"

namespace assay::collector {

inline constexpr const char* kRules = R"(
- id: ACC-ROOT
  title: {en: A second account is root, zh-TW: 另有帳號具有 root 權限}
  rationale: {en: It cannot be told who acted., zh-TW: 無法追查是誰的操作。}
  severity: high
  key: [username]
  query: SELECT username FROM users WHERE uid = 0 AND username <> 'root'
  remedy: {en: Remove it from /etc/passwd., zh-TW: 自 /etc/passwd 移除。}
  controls: []
- id: EOL-DAY
  title: {en: The day is over, zh-TW: 期限已過}
  rationale: {en: For a test., zh-TW: 測試用。}
  severity: low
  key: [today]
  query: SELECT today FROM clock WHERE today > '2026-11-21'
  remedy: {en: None., zh-TW: 無。}
  controls: []
)";

class EvaluatorTest : public testing::Test {
 protected:
  EvaluatorTest() {
    std::filesystem::create_directories(rules_);
    store_ = sqlite::SqliteStore::open({folder_.file(), 2, 0}).value();
    set_rules(kRules);
    for (const auto* host : {"host-1", "host-2"}) enroll(host);
  }

  void set_rules(const std::string& yaml) {
    std::ofstream(rules_ + "/test.yaml") << yaml;
    auto content = checks::compile_content({rules_});
    ASSERT_TRUE(content) << content.error().message();
    content_ = std::make_shared<const checks::Content>(std::move(*content));
    if (evaluator_) evaluator_->set_content(content_);
    if (!evaluator_)
      evaluator_ = std::make_unique<Evaluator>(*store_, content_, [this] { return now_; });
  }
  void enroll(const std::string& host_id) {
    const auto token = enrollment_token(host_id);
    ASSERT_TRUE(store_->add_token(token));
    Host host;
    host.id = host_id;
    ASSERT_TRUE(store_->enroll(token.hash, host, certificate_of(host_id, host_id), at(20)));
  }
  static StoredTable users(const std::vector<std::string>& roots,
                           const std::vector<std::string>& others = {}) {
    evidence::Table table(*evidence::find_table("users"));
    for (const auto& name : others) table.add({{"uid", std::int64_t{1000}}, {"username", name}});
    for (const auto& name : roots) table.add({{"uid", std::int64_t{0}}, {"username", name}});
    return table_with("users", evidence::to_canonical(table).value());
  }
  void accept(const std::string& host_id, const std::vector<StoredTable>& tables) {
    auto& [sequence, previous] = chain_[host_id];
    const auto snapshot = snapshot_of(host_id, ++sequence, tables, previous);
    previous = snapshot.digest;
    const auto receipt = store_->commit_snapshot(snapshot, tables);
    ASSERT_TRUE(receipt) << receipt.error().message();
  }
  void judge(const std::string& host_id) {
    const auto done = evaluator_->evaluate(host_id);
    ASSERT_TRUE(done) << done.error().message();
  }
  std::vector<Finding> open() {
    FindingFilter filter;
    filter.state = FindingState::kOpen;
    return store_->findings(filter, {})->items;
  }

  sqlite::TestFolder folder_;
  std::string rules_ = folder_.file() + ".content/rules";
  evidence::Seconds now_ = evidence::from_timestamp("2026-11-21T05:00:00Z").value();
  std::unique_ptr<Store> store_;
  std::shared_ptr<const checks::Content> content_;
  std::unique_ptr<Evaluator> evaluator_;
  std::map<std::string, std::pair<std::int64_t, std::optional<evidence::Digest>>> chain_;
};

}  // namespace assay::collector
