#include "agent/network/sweep/engine/answer_capture.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "agent/network/sensor/capture/pcap_library.h"

namespace assay::agent::sweep {

namespace {

constexpr int kSnapBytes = 192;  // headers, and what an ICMP error quotes of ours
constexpr int kBlockMilliseconds = 1;
constexpr int kBufferBytes = 4 << 20;
constexpr int kIgnoreOutgoing = 23;  // PACKET_IGNORE_OUTGOING of packet(7), since Linux 4.20

Error error_of(pcap_t* pcap, int status, const char* what) {
  std::string message = std::string(what) + ": " + pcap_calls().statustostr(status);
  if (const std::string detail = pcap_calls().geterr(pcap); !detail.empty())
    message += ": " + detail;
  return {status == PCAP_ERROR_PERM_DENIED ? Code::kPermissionDenied : Code::kIo, message};
}

}  // namespace

struct AnswerCapture::Handle {
  pcap_t* pcap = nullptr;
  Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() {
    if (pcap != nullptr) pcap_calls().close(pcap);
  }
};

AnswerCapture::AnswerCapture(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
AnswerCapture::AnswerCapture(AnswerCapture&&) noexcept = default;
AnswerCapture& AnswerCapture::operator=(AnswerCapture&&) noexcept = default;
AnswerCapture::~AnswerCapture() = default;

Result<AnswerCapture> AnswerCapture::open(std::uint16_t our_port) {
  if (const auto& library = pcap_library(); !library) return fail(library.error());
  std::array<char, PCAP_ERRBUF_SIZE> words{};
  auto handle = std::make_unique<Handle>();
  handle->pcap = pcap_calls().create("any", words.data());
  if (handle->pcap == nullptr) return fail(Code::kIo, std::string("capturing: ") + words.data());
  auto* const pcap = handle->pcap;
  (void)pcap_calls().set_snaplen(pcap, kSnapBytes);  // these fail on an activated handle only
  (void)pcap_calls().set_timeout(pcap, kBlockMilliseconds);
  (void)pcap_calls().set_buffer_size(pcap, kBufferBytes);
  if (const auto status = pcap_calls().activate(pcap); status < 0)
    return fail(error_of(pcap, status, "capturing answers"));
  if (pcap_calls().datalink(pcap) != DLT_LINUX_SLL)
    return fail(Code::kNotSupported, "capturing answers: the link is not the cooked one");
  // What we send ourselves would be looked at for nothing; an old kernel does, and the filter
  // throws it away.
  const int yes = 1;
  (void)::setsockopt(pcap_calls().fileno(pcap), SOL_PACKET, kIgnoreOutgoing, &yes, sizeof yes);
  const auto filter = "inbound and (tcp dst port " + std::to_string(our_port) +
                      " or icmp[0] == 3 or (icmp6 and ip6[40] == 1))";
  bpf_program program{};
  if (pcap_calls().compile(pcap, &program, filter.c_str(), 1, PCAP_NETMASK_UNKNOWN) != 0)
    return fail(error_of(pcap, PCAP_ERROR, "the filter for answers"));
  const auto status = pcap_calls().setfilter(pcap, &program);
  pcap_calls().freecode(&program);
  if (status != 0) return fail(error_of(pcap, status, "the filter for answers"));
  if (pcap_calls().setnonblock(pcap, 1, words.data()) != 0)
    return fail(Code::kIo, std::string("capturing answers: ") + words.data());
  return AnswerCapture(std::move(handle));
}

Status AnswerCapture::drain(const Take& take) {
  const auto callback = [](u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
    if (const auto answer = answer_from_cooked({bytes, header->caplen}))
      (*reinterpret_cast<const Take*>(user))(*answer);
  };
  auto* const user = reinterpret_cast<u_char*>(const_cast<Take*>(&take));
  const auto taken = pcap_calls().dispatch(handle_->pcap, -1, callback, user);
  if (taken < 0) return fail(error_of(handle_->pcap, taken, "reading answers"));
  return {};
}

void AnswerCapture::wait(std::chrono::milliseconds time) {
  pollfd ready{.fd = pcap_calls().get_selectable_fd(handle_->pcap), .events = POLLIN, .revents = 0};
  (void)::poll(&ready, 1, static_cast<int>(time.count()));  // a signal ends it early: no harm
}

}  // namespace assay::agent::sweep
