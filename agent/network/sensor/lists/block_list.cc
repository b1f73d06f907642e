#include "agent/network/sensor/lists/block_list.h"

#include <algorithm>
#include <filesystem>

namespace assay::agent::sensor {

// A network that lies within one that is never looked up. One that is wider stays: only public
// addresses are ever compared with it.
bool BlockLists::is_refused(const Network& network) const {
  if (!is_public(network.address)) return true;
  return std::ranges::any_of(own_, [&](const Network& own) {
    return network.bits >= own.bits && own.has(network.address);
  });
}

void BlockLists::add(std::string name, ParsedList list) {
  ListInfo info{.name = std::move(name), .date = list.date};
  info.not_understood = list.not_understood;
  info.reasons = std::move(list.reasons);
  // A list that does not say of which day it is is at least as new as its newest entry.
  if (info.date.empty())
    for (const auto& entry : list.entries) info.date = std::max(info.date, entry.date);
  const auto index = static_cast<std::uint32_t>(lists_.size());
  for (auto& entry : list.entries) {
    const bool is_exception = entry.is_exception;
    if (entry.kind != EntryKind::kDomain && is_refused(entry.network)) {
      if (!is_exception) ++info.refused;
      continue;
    }
    entries_.push_back({std::move(entry), index});
    if (is_exception)
      has_exceptions_ = true;
    else
      ++info.entries;
  }
  lists_.push_back(std::move(info));
}

void BlockLists::prepare() {
  addresses_.clear();
  names_.clear();
  for (std::uint32_t at = 0; at < entries_.size(); ++at) {
    const auto& what = entries_[at].what;
    if (what.kind == EntryKind::kDomain) {
      names_.emplace_back(what.domain, at);
      continue;
    }
    auto found = std::ranges::find(addresses_, what.network.bits, &AddressIndex::bits);
    if (found == addresses_.end()) found = addresses_.insert(found, {what.network.bits, {}});
    found->entries.emplace_back(what.network.address, at);
  }
  for (auto& index : addresses_) std::ranges::sort(index.entries);
  std::ranges::sort(names_);
}

template <typename Found>
void BlockLists::each_match(const Address& address, std::uint16_t port, const Found& found) const {
  for (const auto& index : addresses_) {
    const auto wanted = masked(address, index.bits);
    auto at = std::ranges::lower_bound(index.entries, wanted, {},
                                       [](const auto& each) { return each.first; });
    for (; at != index.entries.end() && at->first == wanted; ++at) {
      const auto& entry = entries_[at->second];
      if (entry.what.port == 0 || entry.what.port == port) found(entry, index.bits);
    }
  }
}

template <typename Found>
void BlockLists::each_match(std::string_view domain, const Found& found) const {
  auto suffix = domain;
  for (bool is_whole = true;; is_whole = false) {
    auto at =
        std::ranges::lower_bound(names_, suffix, {}, [](const auto& each) { return each.first; });
    for (; at != names_.end() && at->first == suffix; ++at) {
      const auto& entry = entries_[at->second];
      if (entry.what.reach == Reach::kItOnly && !is_whole) continue;
      if (entry.what.reach == Reach::kBelowOnly && is_whole) continue;
      found(entry, suffix.size());
    }
    const auto dot = suffix.find('.');
    if (dot == std::string_view::npos) return;
    suffix.remove_prefix(dot + 1);
  }
}

template <typename Each>
void BlockLists::visit_listed(const Each& each, const Visit& visit) const {
  if (!has_exceptions_) return each([&](const Entry& entry, std::size_t) { visit(entry); });
  std::map<std::uint32_t, Rank> excepted;  // by list
  const auto rank = [](const Entry& entry, std::size_t length) {
    return Rank{.weight = entry.what.weight, .length = length};
  };
  each([&](const Entry& entry, std::size_t length) {
    if (!entry.what.is_exception) return;
    auto& highest = excepted[entry.list];
    highest = std::max(highest, rank(entry, length));
  });
  each([&](const Entry& entry, std::size_t length) {
    if (entry.what.is_exception) return;
    const auto exception = excepted.find(entry.list);
    // Both for the same name: in doubt it is listed.
    if (exception == excepted.end() || rank(entry, length) >= exception->second) visit(entry);
  });
}

void BlockLists::match(const Address& address, std::uint16_t port, const Visit& visit) const {
  if (addresses_.empty() || is_refused({address, 128})) return;
  visit_listed([&](const auto& found) { each_match(address, port, found); }, visit);
}

void BlockLists::match(std::string_view name, const Visit& visit) const {
  if (names_.empty()) return;
  const auto domain = domain_from(name);
  if (!domain) return;
  visit_listed([&](const auto& found) { each_match(*domain, found); }, visit);
}

Status load_block_list(ByteSource& source, const std::string& path, BlockLists* lists) {
  std::string text;
  for (;;) {
    const auto piece = source.peek(ByteSource::kMaxRun);
    if (piece.empty()) break;
    text.append(text_of(piece));
    if (text.size() > kMaxListBytes) break;
    source.take(piece.size());
  }
  if (!source.failure()) return fail(source.failure().error().within(path));
  auto list = parse_block_list(text);
  if (!list) return fail(list.error().within(path));
  lists->add(std::filesystem::path(path).filename().string(), std::move(*list));
  return {};
}

}  // namespace assay::agent::sensor
