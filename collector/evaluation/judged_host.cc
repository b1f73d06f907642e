#include "collector/evaluation/judged_host.h"

#include <algorithm>
#include <utility>

namespace assay::collector {
namespace {

void append(std::string& key, const evidence::Digest& digest) {
  key.append(reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size());
}

}  // namespace

void SeenTable::append_to(std::string& key) const {
  if (reason)
    key.append("-").append(std::to_string(reason->size())).append(":").append(*reason);
  else
    append(key += '=', digest);
}

evidence::Digest input_digest(const Questions& questions, const evidence::Digest& content,
                              std::string_view profile, std::string_view day,
                              const std::vector<SeenTable>& tables) {
  std::string all("assay evaluation/2\n");
  all.reserve(tables.size() * 64);
  all.append(content.raw()).append(profile).append("\n").append(day).append("\n");
  for (std::size_t i = 0; i < tables.size(); ++i) {
    all += questions.plan.tables()[i];
    tables[i].append_to(all);
    all += '\n';
  }
  return evidence::sha256(all);
}

std::string group_key(const Questions& questions, std::size_t place,
                      const std::vector<SeenTable>& tables) {
  const auto& asked = questions.plan.groups()[place].tables;
  std::string key;
  key.reserve((1 + asked.size()) * (1 + evidence::kDigestBytes));
  append(key, questions.outline->groups[place]);
  for (const auto table : asked) tables[table].append_to(key);
  return key;
}

std::shared_ptr<const JudgedHost> JudgedHosts::find(const std::string& host_id,
                                                    std::int64_t revision) {
  auto found = hosts_.find(host_id);
  if (!found || (*found)->revision != revision) return nullptr;
  return std::move(*found);
}

void JudgedHosts::keep(const std::string& host_id, std::shared_ptr<const JudgedHost> host) {
  hosts_.keep(host_id, std::move(host));
}

std::shared_ptr<const std::string> JudgedHosts::shared(const std::string& reason) {
  if (auto found = reasons_.find(reason)) return std::move(*found);
  return reasons_.keep_first(reason, std::make_shared<const std::string>(reason));
}

std::vector<SeenTable> JudgedHosts::seen_by(checks::HostEvaluation& evaluation,
                                            const Questions& questions) {
  std::vector<SeenTable> seen;
  seen.reserve(questions.plan.tables().size());
  for (std::size_t i = 0; i < questions.plan.tables().size(); ++i) {
    const auto& table = evaluation.table(i);
    seen.push_back(table.digest ? SeenTable{*table.digest, nullptr}
                                : SeenTable{{}, shared(table.reason)});
  }
  return seen;
}

checks::TableSource::Entry RememberedTables::find(std::string_view table) const {
  const auto& names = judged_.outline->tables;
  const auto place = std::ranges::lower_bound(names, table);
  if (place == names.end() || *place != table) return {std::nullopt, "it was not asked for"};
  const auto& seen = judged_.tables[static_cast<std::size_t>(place - names.begin())];
  if (seen.reason) return {std::nullopt, *seen.reason};
  return {seen.digest, {}};
}

}  // namespace assay::collector
