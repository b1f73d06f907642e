#include "collector/search/asker.h"

#include "checks/engine/compiler.h"
#include "collector/evaluation/snapshot_tables.h"
#include "evidence/refusal.h"
#include "evidence/schema.h"

namespace assay::collector {

namespace {

using Shared = std::shared_ptr<const evidence::Table>;

Text in_query(const Error& error) {
  // What SQLite says of it, in its own words.
  if (error.code() == Code::kConfiguration)
    return phrase({"the query: {}", "查詢無法執行：{}"}, error.message());
  return error.within(phrase({"the query", "查詢"})).text();
}

evidence::Table clock_at(evidence::Seconds when) {
  evidence::Table table(*evidence::find_table("clock"));
  const auto today = evidence::to_date(when);
  const auto day = evidence::from_date(today);
  table.add({{"today", today}, {"day", day ? day->time_since_epoch().count() / 86'400 : 0}});
  return table;
}

}  // namespace

Result<QuestionSources> sources_of(const checks::Content& content, const std::string& sql) {
  auto schema = checks::schema_database(content);
  if (!schema) return fail(schema.error());
  const auto reads = schema->analyse(sql);
  if (!reads) return fail(Code::kUsage, in_query(reads.error()));
  QuestionSources sources;
  for (const auto& table : reads->tables) {
    const auto* spec = evidence::find_table(table);
    if (spec == nullptr)
      return refuse(
          Code::kUsage,
          {"the query: {} is made for checks, and not kept", "查詢：{} 只供檢查使用，並未保存"},
          table);
    if (table == "clock" || spec->origin == evidence::Origin::kReference)
      sources.of_content.push_back(table);
    else
      sources.of_hosts.push_back(table);
  }
  if (sources.of_hosts.empty())
    return refuse(Code::kUsage,
                  {"the query reads no table of a host", "查詢未讀取任何主機的資料表"});
  return sources;
}

Status Asker::show_content() {
  const auto when = terms_.when;
  for (const auto& table : terms_.sources.of_content) {
    const auto put = [&](Shared rows) {
      return workbench_.put(table, table, [&]() -> Result<Shared> { return rows; });
    };
    if (table == "clock") {
      if (auto shown = put(std::make_shared<const evidence::Table>(clock_at(when))); !shown)
        return shown;
      continue;
    }
    const auto reference = terms_.content.references.find(table);
    if (reference == terms_.content.references.end())
      return refuse(Code::kUsage,
                    {"{}: no such reference data has been loaded", "{}：尚未載入這份參考資料"},
                    table);
    if (auto reason = checks::reason_against(reference->second, evidence::to_date(when));
        !reason.empty())
      return refuse(Code::kUsage, {"{}: {}", "{}：參考資料無法使用（{}）"}, table, reason);
    if (auto shown = put(reference->second.table); !shown) return shown;
  }
  return {};
}

Result<checks::QueryResult> Asker::ask(std::span<const TableIndex::Number> numbers,
                                       std::size_t room) {
  if (!is_content_shown_) {
    if (auto shown = show_content(); !shown) return fail(shown.error());
    is_content_shown_ = true;
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto& digest = *index_.meaning(numbers[i]).digest;
    auto shown = workbench_.put(terms_.sources.of_hosts[i], digest.hex(), [&]() -> Result<Shared> {
      auto table = load_table(store_, digest);
      if (!table) return fail(table.error());
      return std::make_shared<const evidence::Table>(std::move(*table));
    });
    if (!shown) return fail(shown.error());
  }
  auto rows = workbench_.database().query(terms_.sql, static_cast<std::int64_t>(room));
  if (!rows && rows.error().code() == Code::kConfiguration)
    return fail(Code::kUsage, in_query(rows.error()));
  return rows;
}

}  // namespace assay::collector
