#include "cli/client/remote.h"

#include <set>

#include "evidence/refusal.h"

namespace assay::cli {

Result<Json> Remote::post(const std::vector<std::string>& path, const Json& body) {
  RequestBody request;
  if (!body.is_null()) request.text = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return post(path, {}, request);
}

Result<Json> Remote::get_all(const std::vector<std::string>& path, Query query) {
  Json all = Json::array();
  query.emplace_back("cursor", "");
  std::set<std::string> cursors{""};
  for (;;) {
    auto page = get(path, query);
    if (!page) return page;
    const auto items = page->find("items");
    if (items == page->end() || !items->is_array())
      return refuse(Code::kInvalidData,
                    {"the collector's answer is not a list", "收集伺服器的回覆不是清單"});
    for (auto& item : *items) all.push_back(std::move(item));
    const auto next = page->find("next");
    if (next == page->end() || !next->is_string()) return all;
    const auto cursor = next->get<std::string>();
    // A collector that answers with a page of before again would keep us here forever.
    if (!cursors.insert(cursor).second)
      return refuse(Code::kInvalidData,
                    {"the collector's list does not end", "收集伺服器的清單沒有結尾"});
    query.back().second = cursor;
  }
}

}  // namespace assay::cli
