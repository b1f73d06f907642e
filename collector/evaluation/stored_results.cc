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

checks::SharedResult StoredResults::find(const evidence::Digest& key) {
  if (auto known = remembered_.stored.find(key)) return known;
  if (auto known = remembered_.computed.find(key)) return known;
  const auto json = store_.result(key);
  if (!json) {
    if (json.error().code() != Code::kNotFound && !failure_) failure_ = json.error();
    return nullptr;
  }
  auto result = checks::result_from_json(*json);
  if (!result) return nullptr;
  return remembered_.stored.store(key,
                                  std::make_shared<const checks::CheckResult>(std::move(*result)));
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
