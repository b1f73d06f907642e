#include "collector/evaluation/stored_results.h"

#include <utility>

namespace assay::collector {

evidence::Digest SaidBefore::content_of(const evidence::Digest& check,
                                        std::string_view result_json) {
  evidence::Sha256 hash;
  hash.add("assay said/1\n");
  hash.add(check.raw());
  hash.add(result_json);
  return hash.finish();
}

std::optional<evidence::Digest> SaidBefore::key_of(const evidence::Digest& content) {
  return keys_.find(content);
}

void SaidBefore::remember(const evidence::Digest& content, const evidence::Digest& key) {
  (void)keys_.keep_first(content, key);
}

checks::SharedResult StoredResults::remembered(const evidence::Digest& key) {
  if (auto known = remembered_.stored.find(key)) return known;
  return remembered_.computed.find(key);
}

checks::SharedResult StoredResults::remember(const evidence::Digest& key, std::string_view json) {
  auto result = checks::result_from_json(json);
  if (!result) return nullptr;
  return remembered_.stored.store(key,
                                  std::make_shared<const checks::CheckResult>(std::move(*result)));
}

void StoredResults::expect(std::span<const evidence::Digest> keys) {
  absent_.clear();
  std::vector<evidence::Digest> unknown;
  for (const auto& key : keys)
    if (remembered(key) == nullptr) unknown.push_back(key);
  const auto found = store_.results(unknown);
  if (!found) {
    if (!failure_) failure_ = found.error();
    return;
  }
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    if (const auto& json = (*found)[i])
      (void)remember(unknown[i], *json);
    else
      absent_.insert(unknown[i]);
  }
}

checks::SharedResult StoredResults::find(const evidence::Digest& key) {
  if (auto known = remembered(key)) return known;
  if (absent_.contains(key)) return nullptr;
  const auto json = store_.result(key);
  if (json) return remember(key, *json);
  if (json.error().code() != Code::kNotFound && !failure_) failure_ = json.error();
  return nullptr;
}

// A result is the same whether it was computed now or read from the store, where bytes that are
// not UTF-8 are replaced; otherwise a finding would change its key from one evaluation to the
// next.
checks::SharedResult StoredResults::store(const evidence::Digest& key,
                                          checks::SharedResult result) {
  const auto json = checks::to_json(*result);
  const auto content = evidence::sha256(json);
  auto shared = remembered_.distinct.find(content);
  if (shared == nullptr) {
    auto read = checks::result_from_json(json);
    if (!read) {
      if (!failure_) failure_ = read.error();
      return result;
    }
    shared = remembered_.distinct.store(
        content, std::make_shared<const checks::CheckResult>(std::move(*read)));
  }
  return remembered_.computed.store(key, std::move(shared));
}

std::optional<Error> StoredResults::take_failure() {
  return std::exchange(failure_, std::nullopt);
}

}  // namespace assay::collector
