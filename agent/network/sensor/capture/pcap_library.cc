#include "agent/network/sensor/capture/pcap_library.h"

#include <dlfcn.h>

namespace assay::agent {

namespace {

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

Result<PcapLibrary> load() {
  void* loaded = nullptr;
  // As Debian names it, and as all others do.
  for (const char* name : {"libpcap.so.0.8", "libpcap.so.1"})
    if (loaded == nullptr) loaded = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (loaded == nullptr)
    return fail(Code::kNotFound, "capturing frames: the library libpcap is not installed");
  PcapLibrary calls;
  const bool has_all =
      find(loaded, "pcap_create", calls.create) &&
      find(loaded, "pcap_close", calls.close) &&
      find(loaded, "pcap_statustostr", calls.statustostr) &&
      find(loaded, "pcap_geterr", calls.geterr) &&
      find(loaded, "pcap_set_snaplen", calls.set_snaplen) &&
      find(loaded, "pcap_set_promisc", calls.set_promisc) &&
      find(loaded, "pcap_set_timeout", calls.set_timeout) &&
      find(loaded, "pcap_set_immediate_mode", calls.set_immediate_mode) &&
      find(loaded, "pcap_set_buffer_size", calls.set_buffer_size) &&
      find(loaded, "pcap_activate", calls.activate) &&
      find(loaded, "pcap_setnonblock", calls.setnonblock) &&
      find(loaded, "pcap_datalink", calls.datalink) &&
      find(loaded, "pcap_compile", calls.compile) &&
      find(loaded, "pcap_setfilter", calls.setfilter) &&
      find(loaded, "pcap_freecode", calls.freecode) &&
      find(loaded, "pcap_dispatch", calls.dispatch) &&
      find(loaded, "pcap_get_selectable_fd", calls.get_selectable_fd) &&
      find(loaded, "pcap_fileno", calls.fileno) &&
      find(loaded, "pcap_stats", calls.stats);
  if (!has_all) return fail(Code::kNotSupported, "capturing frames: libpcap lacks a function");
  return calls;
}

}  // namespace

const Result<PcapLibrary>& pcap_library() {
  static const Result<PcapLibrary> kLibrary = load();
  return kLibrary;
}

}  // namespace assay::agent
