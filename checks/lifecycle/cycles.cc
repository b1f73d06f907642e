#include "checks/lifecycle/cycles.h"

#include <algorithm>
#include <set>

#include "checks/engine/versions.h"
#include "checks/yaml/strict_yaml.h"

namespace assay::checks::lifecycle {

namespace {

constexpr std::size_t kMaxName = 64;

const std::string& last_day(const Cycle& cycle) {
  return std::max({std::cref(cycle.support_until), std::cref(cycle.security_until),
                   std::cref(cycle.extended_until)},
                  [](const std::string& a, const std::string& b) { return a < b; });
}

bool is_covered(const Product& product, const Cycle& cycle) {
  return std::ranges::any_of(product.cycles, [&](const Cycle& other) {
    return other.name.size() < cycle.name.size() && cycle_matches(cycle.name, other.name);
  });
}

void keep_since(Product* product, const std::string& since, std::vector<Omission>* omissions) {
  if (product->is_system || since.empty()) return;
  std::set<std::string> gone;
  const auto is_old = [&](const Cycle& cycle) {
    return !cycle.security_until.empty() && last_day(cycle) < since && !is_covered(*product, cycle);
  };
  for (const auto& cycle : product->cycles)
    if (is_old(cycle)) gone.insert(cycle.name);
  for (const auto& name : gone) omissions->push_back({product->name, name, Why::kEndedBefore});
  std::erase_if(product->cycles, [&](const Cycle& cycle) { return gone.contains(cycle.name); });
}

}  // namespace

Text reason(Why why) {
  switch (why) {
    case Why::kEndedWithoutDay:
      return {"ended, but the source names no day", "已終止，但來源未載明日期"};
    case Why::kNothingSaid:
      return {"the source does not say whether it ends", "來源未載明是否終止"};
    case Why::kCoversOther:
      return {"versions of a cycle that is left out would be taken for it",
              "未納入之週期的版本會被誤認為此週期"};
    case Why::kEndedBefore:
      return {"ended before the day that was asked for", "在指定日期之前即已終止"};
    case Why::kNotReleased:
      return {"not released, or its end is not planned yet", "尚未發行，或尚未訂定終止日"};
    case Why::kNoVersion: return {"has no version number", "沒有版本號"};
    case Why::kExtensionWithoutDay:
      return {"taken in without its extended support, of which the source names no day",
              "已納入，但來源未載明延伸支援的終止日，故不計其延伸支援"};
  }
  return {};
}

Status select(Cycles* cycles, const Selection& selection) {
  if (!selection.products.empty()) {
    std::vector<std::string> known;
    for (const auto& product : cycles->products) known.push_back(product.name);
    std::string missing;
    for (const auto& name : selection.products)
      if (std::ranges::find(known, name) == known.end())
        missing += (missing.empty() ? "" : "\n") +
                   ("\"" + name + "\" is no product of the source" + yaml::suggestion(name, known));
    if (!missing.empty()) return fail(Code::kUsage, missing);
    const std::set<std::string> asked(selection.products.begin(), selection.products.end());
    std::erase_if(cycles->products, [&](const auto& one) { return !asked.contains(one.name); });
    std::erase_if(cycles->omissions, [&](const auto& one) { return !asked.contains(one.product); });
  }
  for (auto& product : cycles->products) keep_since(&product, selection.since, &cycles->omissions);
  return {};
}

void uncover(Cycles* cycles) {
  for (auto& product : cycles->products) {
    std::vector<std::string> gone;
    for (const auto& omission : cycles->omissions)
      if (omission.product == product.name && omission.why != Why::kExtensionWithoutDay)
        gone.push_back(omission.cycle);
    const auto covers = [&](const Cycle& cycle) {
      return std::ranges::any_of(gone, [&](const std::string& other) {
        return other.size() > cycle.name.size() && cycle_matches(other, cycle.name);
      });
    };
    for (const auto& cycle : product.cycles)
      if (covers(cycle)) cycles->omissions.push_back({product.name, cycle.name, Why::kCoversOther});
    std::erase_if(product.cycles, covers);
  }
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._+-~").find(c) != std::string_view::npos;
  });
}

}  // namespace assay::checks::lifecycle
