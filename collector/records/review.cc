#include "collector/records/review.h"

#include <algorithm>

#include "evidence/refusal.h"
#include "evidence/timestamp.h"

namespace assay::collector {
namespace {

// More things of one kind than any machine has.
constexpr std::int64_t kMaxRows = 200'000;

evidence::Table clock_of(const std::string& today) {
  evidence::Table table(*evidence::find_table("clock"));
  const auto date = evidence::from_date(today);
  table.add({{"today", today},
             {"day", std::int64_t{date ? date->time_since_epoch().count() / 86'400 : 0}}});
  return table;
}

evidence::Table host_of(const std::string& name) {
  evidence::Table table(evidence::Header{"reviewed_host", 1, {{"name", evidence::Type::kText}}});
  table.add({{"name", name}});
  return table;
}

// Whether approvals of the list can name hosts.
bool asks_for_host(const ApprovalList& list) {
  return list.is_approved.contains("reviewed_host");
}

}  // namespace

const evidence::Value& value_of(const checks::ResultRow& row, std::string_view column) {
  static const evidence::Value kNothing;
  const auto found =
      std::ranges::find(row.cells, column, &std::pair<std::string, evidence::Value>::first);
  return found == row.cells.end() ? kNothing : found->second;
}

std::string key_of(const Unapproved& item) {
  std::string key;
  for (const auto& column : item.seen->key) {
    const auto& value = value_of(item.row, column);
    key += std::holds_alternative<std::monostate>(value) ? "-" : "=" + evidence::to_text(value);
    key += '\n';
  }
  return key;
}

Reviewer::Reviewer(const ApprovalList& list, evidence::Table approved, std::string today,
                   std::vector<std::string> kinds)
    : list_(list),
      approved_(std::move(approved)),
      today_(std::move(today)),
      kinds_(std::move(kinds)) {}

Result<Reviewer::Rows> Reviewer::compute(const SeenIn& seen, const checks::TableSource& tables,
                                         const std::string& host_name) {
  using Shared = std::shared_ptr<const evidence::Table>;
  auto wanted = seen.tables;
  wanted.emplace_back("host_groups");
  for (const auto& name : wanted) {
    const auto entry = tables.find(name);
    auto done =
        bench_.put(name, entry.digest ? entry.digest->hex() : "none", [&]() -> Result<Shared> {
          if (entry.digest) return tables.share(name);
          return std::make_shared<const evidence::Table>(*evidence::find_table(name));
        });
    if (!done) return fail(done.error());
  }
  const auto put = [this](const evidence::Table& table, const std::string& digest) {
    return bench_.put(table.header().table, digest, [&]() -> Result<Shared> {
      return std::make_shared<const evidence::Table>(table);
    });
  };
  if (auto done = put(approved_, "the list"); !done) return fail(done.error());
  if (auto done = put(clock_of(today_), today_); !done) return fail(done.error());
  if (auto done = put(host_of(host_name), "host " + host_name); !done) return fail(done.error());
  auto answer = bench_.database().query(unapproved_sql(list_, seen), kMaxRows);
  if (!answer) return fail(answer.error().within(list_.name));
  if (answer->row_count > kMaxRows)
    return refuse(Code::kTooLarge, {"too much to review", "待檢視的項目過多"});
  auto rows = std::make_shared<std::vector<checks::ResultRow>>();
  for (auto& row : answer->rows) {
    checks::ResultRow named;
    for (std::size_t i = 0; i < row.size(); ++i)
      named.cells.emplace_back(answer->columns[i], std::move(row[i]));
    rows->push_back(std::move(named));
  }
  return rows;
}

Result<Reviewer::Rows> Reviewer::rows_of(const SeenIn& seen, const checks::TableSource& tables,
                                         const std::string& host_name) {
  std::string key = seen.kind + "\n" + (asks_for_host(list_) ? host_name : "") + "\n";
  auto read = seen.tables;
  read.emplace_back("host_groups");
  for (const auto& name : read) {
    const auto entry = tables.find(name);
    key += name + " " + (entry.digest ? entry.digest->hex() : "-") + "\n";
  }
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  auto rows = compute(seen, tables, host_name);
  if (rows) known_.emplace(key, *rows);
  return rows;
}

Result<Reviewer::Answer> Reviewer::review(const checks::TableSource& tables,
                                          const std::string& host_name) {
  Answer answer;
  for (const auto& seen : list_.seen) {
    if (!kinds_.empty() && std::ranges::find(kinds_, seen.kind) == kinds_.end()) continue;
    const auto entry = tables.find(seen.tables.front());
    if (!entry.digest) {
      answer.missing.push_back({seen.tables.front(), entry.reason});
      continue;
    }
    const auto rows = rows_of(seen, tables, host_name);
    if (!rows) return fail(rows.error());
    for (const auto& row : **rows) answer.items.push_back({&seen, row});
  }
  return answer;
}

std::vector<std::pair<std::string, evidence::Value>> proposal_for(const ApprovalList& list,
                                                                  const Unapproved& item,
                                                                  bool is_exact) {
  // Columns of the lists that are patterns.
  constexpr std::string_view kPatterns[] = {"name", "path", "process"};
  std::vector<std::pair<std::string, evidence::Value>> cells;
  auto columns = item.seen->key;
  if (is_exact) columns.insert(columns.end(), item.seen->exact.begin(), item.seen->exact.end());
  for (const auto& column : columns) {
    if (!list.table().column(column)) continue;
    auto value = value_of(item.row, column);
    if (std::holds_alternative<std::monostate>(value)) continue;
    const bool is_pattern = std::ranges::find(kPatterns, column) != std::end(kPatterns);
    if (const auto* text = std::get_if<std::string>(&value); text != nullptr && is_pattern)
      value = glob_of(*text);
    cells.emplace_back(column, std::move(value));
  }
  return cells;
}

}  // namespace assay::collector
