// What is asked of nftables without its library: whether there is a table at all,
// the generation of the rules, and the data of iptables' extensions.
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nf_tables_compat.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstring>

#include "agent/host/file_descriptor.h"
#include "agent/host/netlink_dump.h"
#include "agent/host/nft_library.h"
#include "agent/host/packet_filter.h"

namespace assay::agent {
namespace {

constexpr std::string_view kAsking = "asking the kernel for nftables' rules";
constexpr std::size_t kMaxTables = 10'000;
constexpr std::size_t kMaxRules = 200'000;

std::uint16_t message_type(std::uint16_t message) {
  return static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8U | message);
}

std::string request_body() {
  ::nfgenmsg header{};
  header.nfgen_family = NFPROTO_UNSPEC;
  std::string body(sizeof header, '\0');
  std::memcpy(body.data(), &header, sizeof header);
  return body;
}

std::string name_in(std::string_view data) {
  return std::string(data.substr(0, data.find('\0')));
}

std::uint64_t big_endian(std::string_view data) {
  std::uint64_t value = 0;
  for (const char byte : data.substr(0, sizeof value))
    value = value << 8U | static_cast<unsigned char>(byte);
  return value;
}

// "match" and "target" are the names that an extension of iptables has as an expression.
std::optional<NftExtension> to_extension(std::string_view expression) {
  const auto attributes = netlink_attributes(expression);
  const auto kind = name_in(netlink_attribute(attributes, NFTA_EXPR_NAME));
  if (kind != "match" && kind != "target") return std::nullopt;
  // The three attributes have the same numbers for both (NFTA_MATCH_…, NFTA_TARGET_…).
  const auto data = netlink_attributes(netlink_attribute(attributes, NFTA_EXPR_DATA));
  return NftExtension{
      .is_target = kind == "target",
      .name = name_in(netlink_attribute(data, NFTA_MATCH_NAME)),
      .revision = static_cast<std::uint32_t>(big_endian(netlink_attribute(data, NFTA_MATCH_REV))),
      .data = std::string(netlink_attribute(data, NFTA_MATCH_INFO))};
}

// A kernel without nftables knows no such kind of question, or no such kind of socket.
Error asking_error(int number) {
  const bool is_unknown = number == EINVAL || number == EPROTONOSUPPORT;
  return system_error(is_unknown ? EOPNOTSUPP : number, kAsking);
}

// Not a dump: one request, one answer.
Result<std::string> ask_generation() {
  const FileDescriptor netlink(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_NETFILTER));
  if (!netlink.is_open()) return fail(asking_error(errno));
  const ::timeval patience{.tv_sec = 2, .tv_usec = 0};
  (void)::setsockopt(netlink.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  struct {
    ::nlmsghdr header;
    ::nfgenmsg body;
  } request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = message_type(NFT_MSG_GETGEN);
  request.header.nlmsg_flags = NLM_F_REQUEST;
  if (::send(netlink.number(), &request, sizeof request, 0) < 0)
    return fail(system_error(errno, kAsking));
  std::string answer(4096, '\0');
  const auto got = ::recv(netlink.number(), answer.data(), answer.size(), 0);
  if (got < 0) return fail(system_error(errno == EAGAIN ? ETIMEDOUT : errno, kAsking));
  answer.resize(static_cast<std::size_t>(got));
  return answer;
}

}  // namespace

Result<std::uint32_t> nft_generation() {
  const auto answer = ask_generation();
  if (!answer) return fail(answer.error());
  ::nlmsghdr header{};
  constexpr auto kHeaders = sizeof header + sizeof(::nfgenmsg);
  std::memcpy(&header, answer->data(), std::min(sizeof header, answer->size()));
  if (header.nlmsg_type == NLMSG_ERROR) {
    ::nlmsgerr error{};
    std::memcpy(&error, answer->data() + sizeof header,
                std::min(sizeof error, answer->size() - sizeof header));
    return fail(asking_error(-error.error));
  }
  if (header.nlmsg_type != message_type(NFT_MSG_NEWGEN) || answer->size() < kHeaders)
    return fail(Code::kInvalidData, std::string(kAsking) + ": an answer to another question");
  const auto attributes = netlink_attributes(std::string_view(*answer).substr(kHeaders));
  return static_cast<std::uint32_t>(big_endian(netlink_attribute(attributes, NFTA_GEN_ID)));
}

NftRuleExtensions rule_extensions(std::uint8_t family, std::string_view attributes) {
  const auto all = netlink_attributes(attributes);
  NftRuleExtensions rule{.family = family,
                         .table = name_in(netlink_attribute(all, NFTA_RULE_TABLE)),
                         .chain = name_in(netlink_attribute(all, NFTA_RULE_CHAIN)),
                         .handle = big_endian(netlink_attribute(all, NFTA_RULE_HANDLE))};
  for (const auto& element : netlink_attributes(netlink_attribute(all, NFTA_RULE_EXPRESSIONS)))
    if (auto extension = to_extension(element.data))
      rule.extensions.push_back(*std::move(extension));
  return rule;
}

Result<NftRuleset> dump_nft_ruleset(Counters counters) {
  constexpr int kMaxTries = 3;
  for (int i = 0; i < kMaxTries; ++i) {
    const auto before = nft_generation();
    if (!before) return fail(before.error());
    const auto tables = netlink_dump(NETLINK_NETFILTER, message_type(NFT_MSG_GETTABLE),
                                     request_body(), kMaxTables, kAsking);
    if (!tables) return fail(tables.error());
    NftRuleset ruleset;
    if (tables->empty()) return ruleset;
    auto json = list_nft_ruleset(counters);
    if (!json) return fail(std::move(json.error()));
    ruleset.json = *std::move(json);
    if (ruleset.json.find("{\"xt\"") != std::string::npos) {
      const auto rules = netlink_dump(NETLINK_NETFILTER, message_type(NFT_MSG_GETRULE),
                                      request_body(), kMaxRules, kAsking);
      if (!rules) return fail(rules.error());
      for (const auto& rule : *rules) {
        if (rule.body.size() < sizeof(::nfgenmsg)) continue;
        auto found = rule_extensions(static_cast<std::uint8_t>(rule.body[0]),
                                     std::string_view(rule.body).substr(sizeof(::nfgenmsg)));
        if (!found.extensions.empty()) ruleset.extensions.push_back(std::move(found));
      }
    }
    // Two questions, and somebody may have changed the rules in between.
    const auto after = nft_generation();
    if (!after) return fail(after.error());
    if (*before == *after) return ruleset;
  }
  return fail(Code::kUnavailable, std::string(kAsking) + ": they change too quickly");
}

}  // namespace assay::agent
