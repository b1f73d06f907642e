#include "agent/network/sensor/capture/live_capture.h"

#include <poll.h>

#include <algorithm>
#include <array>

#include "agent/network/sensor/capture/pcap_library.h"
#include "agent/network/sensor/capture/pcap_reader.h"

namespace assay::agent::sensor {
namespace {

constexpr int kSnapBytes = static_cast<int>(kMaxFrameBytes);
constexpr int kBlockMilliseconds = 100;  // the kernel hands frames over in blocks: fewer wake-ups
constexpr int kFramesAtOnce = 4096;      // before time and `stop` are looked at again

bool is_decoded(LinkType link) {
  switch (link) {
    case LinkType::kNull:
    case LinkType::kEthernet:
    case LinkType::kRaw:
    case LinkType::kLoop:
    case LinkType::kLinuxSll:
    case LinkType::kIpv4:
    case LinkType::kIpv6:
    case LinkType::kLinuxSll2: return true;
  }
  return false;
}

// libpcap says in words what it wanted of the kernel.
Error error_of(pcap_t* pcap, int status, const std::string& interface) {
  std::string message = "capturing on " + interface + ": " + pcap_calls().statustostr(status);
  if (const std::string detail = pcap_calls().geterr(pcap); !detail.empty())
    message += ": " + detail;
  switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE: return {Code::kNotFound, message};
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED: return {Code::kPermissionDenied, message};
    case PCAP_ERROR_IFACE_NOT_UP: return {Code::kUnavailable, message};
    default: return {Code::kIo, message};
  }
}

}  // namespace

struct LiveCapture::Handle {
  pcap_t* pcap = nullptr;
  std::string interface;
  LinkType link = LinkType::kEthernet;
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (pcap != nullptr) pcap_calls().close(pcap);
  }
};

LiveCapture::LiveCapture(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
LiveCapture::LiveCapture(LiveCapture&&) noexcept = default;
LiveCapture& LiveCapture::operator=(LiveCapture&&) noexcept = default;
LiveCapture::~LiveCapture() = default;

Result<LiveCapture> LiveCapture::open(const LiveOptions& options) {
  if (const auto& library = pcap_library(); !library) return fail(library.error());
  std::array<char, PCAP_ERRBUF_SIZE> words{};
  auto handle = std::make_unique<Handle>();
  handle->interface = options.interface;
  handle->pcap = pcap_calls().create(options.interface.c_str(), words.data());
  if (handle->pcap == nullptr)
    return fail(Code::kNotFound, "capturing on " + options.interface + ": " + words.data());
  auto* const pcap = handle->pcap;
  (void)pcap_calls().set_snaplen(pcap, kSnapBytes);  // these fail on an activated handle only
  (void)pcap_calls().set_promisc(pcap, options.is_promiscuous ? 1 : 0);
  (void)pcap_calls().set_timeout(pcap, kBlockMilliseconds);
  (void)pcap_calls().set_immediate_mode(pcap, 0);
  (void)pcap_calls().set_buffer_size(pcap, static_cast<int>(options.buffer_bytes));
  if (const auto status = pcap_calls().activate(pcap); status < 0)
    return fail(error_of(pcap, status, options.interface));
  if (pcap_calls().setnonblock(pcap, 1, words.data()) != 0)
    return fail(Code::kIo, "capturing on " + options.interface + ": " + words.data());
  handle->link = link_type_of(static_cast<std::uint32_t>(pcap_calls().datalink(pcap)));
  if (!is_decoded(handle->link))
    return fail(Code::kNotSupported, options.interface + ": its kind of link is not decoded");
  return LiveCapture(std::move(handle));
}

Status LiveCapture::set_filter(const std::string& expression) {
  bpf_program program{};
  if (pcap_calls().compile(handle_->pcap, &program, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) !=
      0)
    return fail(Code::kUsage,
                "the filter \"" + expression + "\": " + pcap_calls().geterr(handle_->pcap));
  const auto status = pcap_calls().setfilter(handle_->pcap, &program);
  pcap_calls().freecode(&program);
  if (status == 0) return {};
  return fail(Code::kIo, "setting the filter: " + std::string(pcap_calls().geterr(handle_->pcap)));
}

Status LiveCapture::run(std::chrono::seconds time, const std::atomic<bool>& stop,
                        const Take& take) {
  struct Context {
    const Take& take;
    LinkType link;
  } context{take, handle_->link};
  const auto callback = [](u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
    const auto& to = *reinterpret_cast<const Context*>(user);
    to.take({.data = {bytes, std::min<std::size_t>(header->caplen, kMaxFrameBytes)},
             .wire_bytes = header->len,
             .seconds = header->ts.tv_sec,
             .link = to.link});
  };
  const auto end = std::chrono::steady_clock::now() + time;
  while (!stop.load(std::memory_order_relaxed) && std::chrono::steady_clock::now() < end) {
    const auto taken = pcap_calls().dispatch(handle_->pcap, kFramesAtOnce, callback,
                                             reinterpret_cast<u_char*>(&context));
    if (taken < 0)
      return fail(Code::kUnavailable,
                  "capturing on " + handle_->interface + ": " + pcap_calls().geterr(handle_->pcap));
    if (taken > 0) continue;
    pollfd ready{
        .fd = pcap_calls().get_selectable_fd(handle_->pcap), .events = POLLIN, .revents = 0};
    (void)::poll(&ready, 1, kBlockMilliseconds);  // a signal ends it early: looked at above
  }
  return {};
}

LiveCounts LiveCapture::counts() const {
  pcap_stat stat{};
  if (pcap_calls().stats(handle_->pcap, &stat) != 0) return {};
  return {.lost = std::uint64_t{stat.ps_drop} + stat.ps_ifdrop};
}

}  // namespace assay::agent::sensor
