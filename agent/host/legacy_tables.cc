#include <arpa/inet.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "agent/host/file_descriptor.h"
#include "agent/host/packet_filter.h"

namespace assay::agent {
namespace {

// The kernel shares these structures and numbers between both families.
static_assert(sizeof(::ipt_getinfo) == sizeof(::ip6t_getinfo));
static_assert(static_cast<int>(IPT_SO_GET_INFO) == static_cast<int>(IP6T_SO_GET_INFO));
static_assert(static_cast<int>(IPT_SO_GET_ENTRIES) == static_cast<int>(IP6T_SO_GET_ENTRIES));

constexpr int kMaxTries = 3;

std::string asking(std::string_view name) {
  return std::string("asking the kernel for iptables' table ").append(name);
}

// Sets the counters of all entries to zero: they change with every packet. Stops at the first
// entry that does not fit; whoever reads the entries finds it too.
template <typename Entry>
void clear_counters(std::string& entries) {
  for (std::size_t at = 0; at + sizeof(Entry) <= entries.size();) {
    Entry entry;
    std::memcpy(&entry, entries.data() + at, sizeof entry);
    if (entry.next_offset < sizeof entry) return;
    entry.counters = {};
    std::memcpy(entries.data() + at, &entry, sizeof entry);
    at += entry.next_offset;
  }
}

}  // namespace

Result<LegacyTable> dump_legacy_table(std::uint8_t family, std::string_view name,
                                      Counters counters) {
  ::ipt_getinfo info{};
  if (name.empty() || name.size() >= sizeof info.name)
    return fail(Code::kInvalidData, asking(name) + ": no name of a table");
  // Any socket of the family may ask; the right to configure the network is needed.
  const FileDescriptor socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return fail(system_error(errno, asking(name)));
  const int level = family == AF_INET ? IPPROTO_IP : IPPROTO_IPV6;

  for (int i = 0; i < kMaxTries; ++i) {
    std::memcpy(info.name, name.data(), name.size());
    ::socklen_t length = sizeof info;
    if (::getsockopt(socket.number(), level, IPT_SO_GET_INFO, &info, &length) != 0)
      return fail(system_error(errno, asking(name)));
    if (info.size > kMaxRulesetBytes)
      return fail(Code::kTooLarge, asking(name) + ": more than is read");

    constexpr auto kHeader = offsetof(::ipt_get_entries, entrytable);
    std::string answer(kHeader + info.size, '\0');
    std::memcpy(answer.data() + offsetof(::ipt_get_entries, name), name.data(), name.size());
    std::memcpy(answer.data() + offsetof(::ipt_get_entries, size), &info.size, sizeof info.size);
    length = static_cast<::socklen_t>(answer.size());
    if (::getsockopt(socket.number(), level, IPT_SO_GET_ENTRIES, answer.data(), &length) == 0) {
      LegacyTable table{.family = family,
                        .name = std::string(name),
                        .valid_hooks = info.valid_hooks,
                        .entry_count = info.num_entries,
                        .entries = answer.substr(kHeader)};
      std::copy_n(std::begin(info.hook_entry), table.hook_entry.size(), table.hook_entry.begin());
      std::copy_n(std::begin(info.underflow), table.underflow.size(), table.underflow.begin());
      if (counters == Counters::kRead) return table;
      if (family == AF_INET)
        clear_counters<::ipt_entry>(table.entries);
      else
        clear_counters<::ip6t_entry>(table.entries);
      return table;
    }
    if (errno != EAGAIN) return fail(system_error(errno, asking(name)));  // EAGAIN: another size
  }
  return fail(Code::kUnavailable, asking(name) + ": it changes too quickly");
}

}  // namespace assay::agent
