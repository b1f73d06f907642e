// Lists of addresses, networks and names with which nobody should speak, and what is on them.
//
// Not changed after prepare(); then safe from several threads.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/network/sensor/capture/byte_source.h"
#include "agent/network/sensor/lists/list_parser.h"
#include "agent/network/sensor/packet/address.h"
#include "evidence/result.h"

namespace assay::agent::sensor {

struct ListInfo {
  std::string name;  // of the file, without its folder
  std::string date;  // YYYY-MM-DD, as the list says, else of its newest entry; empty: neither does
  std::size_t entries = 0;                            // without exceptions
  std::uint64_t refused = 0;                          // private addresses and own networks
  std::uint64_t not_understood = 0;                   // lines
  std::map<std::string_view, std::uint64_t> reasons;  // for it
};

class BlockLists {
 public:
  // `own`: networks that are never looked up, whatever a list says.
  explicit BlockLists(std::vector<Network> own = {}) : own_(std::move(own)) {}

  void add(std::string name, ParsedList list);
  void prepare();

  struct Entry {
    ParsedEntry what;
    std::uint32_t list = 0;  // index into lists()
  };
  using Visit = std::function<void(const Entry&)>;
  // Every entry that an address is on, for connections to or from this port of it; but for those
  // from which the same list excepts it. What one list excepts, another may have.
  void match(const Address& address, std::uint16_t port, const Visit& visit) const;
  // Every entry that a name is on: it, or a domain above it. Any case, with or without a last dot.
  void match(std::string_view name, const Visit& visit) const;

  [[nodiscard]] const std::vector<ListInfo>& lists() const { return lists_; }
  [[nodiscard]] bool is_empty() const { return entries_.empty(); }

 private:
  struct Rank {  // of what is said of one address or name, see ParsedEntry
    unsigned weight = 0;
    std::size_t length = 0;
    auto operator<=>(const Rank&) const = default;
  };
  // Calls found(entry, length of what matched), exceptions included.
  template <typename Found>
  void each_match(const Address& address, std::uint16_t port, const Found& found) const;
  template <typename Found>
  void each_match(std::string_view domain, const Found& found) const;
  // Calls each(found) and passes on what is not excepted.
  template <typename Each>
  void visit_listed(const Each& each, const Visit& visit) const;

  struct AddressIndex {
    unsigned bits;
    std::vector<std::pair<Address, std::uint32_t>> entries;  // sorted
  };
  [[nodiscard]] bool is_refused(const Network& network) const;

  std::vector<Network> own_;
  std::vector<ListInfo> lists_;
  std::vector<Entry> entries_;
  std::vector<AddressIndex> addresses_;                            // by length of prefix
  std::vector<std::pair<std::string_view, std::uint32_t>> names_;  // sorted
  bool has_exceptions_ = false;
};

// Reads a file of at most kMaxListBytes, open already, and adds it under the path's base name.
[[nodiscard]] Status load_block_list(ByteSource& source, const std::string& path,
                                     BlockLists* lists);

}  // namespace assay::agent::sensor
