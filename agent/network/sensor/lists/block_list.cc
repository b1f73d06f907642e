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
    if (entry.kind != EntryKind::kDomain && is_refused(entry.network)) {
      ++info.refused;
      continue;
    }
    entries_.push_back({std::move(entry), index});
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

void BlockLists::match(const Address& address, std::uint16_t port, const Visit& visit) const {
  if (addresses_.empty() || is_refused({address, 128})) return;
  for (const auto& index : addresses_) {
    const auto wanted = masked(address, index.bits);
    auto at = std::ranges::lower_bound(index.entries, wanted, {},
                                       [](const auto& each) { return each.first; });
    for (; at != index.entries.end() && at->first == wanted; ++at) {
      const auto& entry = entries_[at->second];
      if (entry.what.port == 0 || entry.what.port == port) visit(entry);
    }
  }
}

void BlockLists::match(std::string_view name, const Visit& visit) const {
  if (names_.empty()) return;
  const auto domain = domain_from(name);
  if (!domain) return;
  std::string_view suffix = *domain;
  for (bool is_whole = true;; is_whole = false) {
    auto at =
        std::ranges::lower_bound(names_, suffix, {}, [](const auto& each) { return each.first; });
    for (; at != names_.end() && at->first == suffix; ++at) {
      const auto& entry = entries_[at->second];
      if (entry.what.reach == Reach::kItOnly && !is_whole) continue;
      if (entry.what.reach == Reach::kBelowOnly && is_whole) continue;
      visit(entry);
    }
    const auto dot = suffix.find('.');
    if (dot == std::string_view::npos) return;
    suffix.remove_prefix(dot + 1);
  }
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
