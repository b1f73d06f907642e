#include "agent/host/netlink_dump.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstring>

#include "agent/host/file_descriptor.h"

namespace assay::agent {
namespace {

constexpr std::size_t kBufferBytes = 64U << 10U;
constexpr int kMaxDumps = 5;

struct DumpState {
  bool is_done = false;
  bool is_interrupted = false;  // the list changed meanwhile, and the answer may have gaps
};

Status send_request(int netlink, std::uint16_t type, std::string_view body,
                    std::string_view asking) {
  ::nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(sizeof header + body.size());
  header.nlmsg_type = type;
  header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  std::string request(sizeof header, '\0');
  std::memcpy(request.data(), &header, sizeof header);
  request.append(body);
  if (::send(netlink, request.data(), request.size(), 0) < 0)
    return fail(system_error(errno, asking));
  return {};
}

int error_in(std::string_view body) {
  ::nlmsgerr error{};
  std::memcpy(&error, body.data(), std::min(sizeof error, body.size()));
  return -error.error;
}

// One datagram of answers.
Status read_messages(std::string_view data, std::size_t max_messages, std::string_view asking,
                     DumpState& state, std::vector<NetlinkMessage>& messages) {
  while (data.size() >= sizeof(::nlmsghdr) && !state.is_done) {
    ::nlmsghdr header;
    std::memcpy(&header, data.data(), sizeof header);
    if (header.nlmsg_len < sizeof header || header.nlmsg_len > data.size())
      return fail(Code::kInvalidData, std::string(asking) + ": an answer of a wrong length");
    const auto body = data.substr(sizeof header, header.nlmsg_len - sizeof header);
    state.is_interrupted |= (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
    state.is_done = header.nlmsg_type == NLMSG_DONE;
    if (header.nlmsg_type == NLMSG_ERROR) return fail(system_error(error_in(body), asking));
    if (!state.is_done) {
      if (messages.size() == max_messages)
        return fail(Code::kTooLarge, std::string(asking) + ": more than " +
                                         std::to_string(max_messages) + " entries");
      messages.push_back({header.nlmsg_type, std::string(body)});
    }
    data.remove_prefix(std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), data.size()));
  }
  return {};
}

}  // namespace

Result<std::vector<NetlinkMessage>> netlink_dump(int protocol, std::uint16_t type,
                                                 std::string_view body, std::size_t max_messages,
                                                 std::string_view asking) {
  const FileDescriptor netlink(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, protocol));
  if (!netlink.is_open()) return fail(system_error(errno, asking));
  const ::timeval patience{.tv_sec = 2, .tv_usec = 0};
  if (::setsockopt(netlink.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
    return fail(system_error(errno, asking));

  std::vector<char> buffer(kBufferBytes);
  for (int i = 0; i < kMaxDumps; ++i) {
    std::vector<NetlinkMessage> messages;
    DumpState state;
    if (auto sent = send_request(netlink.number(), type, body, asking); !sent)
      return fail(sent.error());
    while (!state.is_done) {
      const auto got = ::recv(netlink.number(), buffer.data(), buffer.size(), MSG_TRUNC);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail(system_error(errno == EAGAIN ? ETIMEDOUT : errno, asking));
      if (static_cast<std::size_t>(got) > buffer.size())
        return fail(Code::kTooLarge, std::string(asking) + ": an answer that is too long");
      const std::string_view data(buffer.data(), static_cast<std::size_t>(got));
      if (auto read = read_messages(data, max_messages, asking, state, messages); !read)
        return fail(read.error());
    }
    if (!state.is_interrupted) return messages;
  }
  return fail(Code::kUnavailable, std::string(asking) + ": it changes too quickly");
}

std::vector<NetlinkAttribute> netlink_attributes(std::string_view data) {
  std::vector<NetlinkAttribute> all;
  while (data.size() >= sizeof(::nlattr)) {
    ::nlattr header;
    std::memcpy(&header, data.data(), sizeof header);
    if (header.nla_len < sizeof header || header.nla_len > data.size()) break;
    all.push_back({static_cast<std::uint16_t>(header.nla_type & NLA_TYPE_MASK),
                   data.substr(sizeof header, header.nla_len - sizeof header)});
    data.remove_prefix(std::min<std::size_t>(NLA_ALIGN(header.nla_len), data.size()));
  }
  return all;
}

std::string_view netlink_attribute(const std::vector<NetlinkAttribute>& all, std::uint16_t type) {
  for (const auto& attribute : all)
    if (attribute.type == type) return attribute.data;
  return {};
}

}  // namespace assay::agent
