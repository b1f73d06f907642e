#include "agent/network/sensor/capture/pcap_library.h"

#include "agent/host/loaded_library.h"

namespace assay::agent {

namespace {

Result<PcapLibrary> load() {
  // As Debian names it, and as all others do.
  const auto loaded = LoadedLibrary::open({"libpcap.so.0.8", "libpcap.so.1"});
  if (!loaded.is_open())
    return fail(Code::kNotFound, "capturing frames: the library libpcap is not installed");
  PcapLibrary calls;
  const bool has_all =
      loaded.find("pcap_create", calls.create) && loaded.find("pcap_close", calls.close) &&
      loaded.find("pcap_statustostr", calls.statustostr) &&
      loaded.find("pcap_geterr", calls.geterr) &&
      loaded.find("pcap_set_snaplen", calls.set_snaplen) &&
      loaded.find("pcap_set_promisc", calls.set_promisc) &&
      loaded.find("pcap_set_timeout", calls.set_timeout) &&
      loaded.find("pcap_set_immediate_mode", calls.set_immediate_mode) &&
      loaded.find("pcap_set_buffer_size", calls.set_buffer_size) &&
      loaded.find("pcap_activate", calls.activate) &&
      loaded.find("pcap_setnonblock", calls.setnonblock) &&
      loaded.find("pcap_datalink", calls.datalink) && loaded.find("pcap_compile", calls.compile) &&
      loaded.find("pcap_setfilter", calls.setfilter) &&
      loaded.find("pcap_freecode", calls.freecode) &&
      loaded.find("pcap_dispatch", calls.dispatch) &&
      loaded.find("pcap_get_selectable_fd", calls.get_selectable_fd) &&
      loaded.find("pcap_fileno", calls.fileno) && loaded.find("pcap_stats", calls.stats);
  if (!has_all) return fail(Code::kNotSupported, "capturing frames: libpcap lacks a function");
  return calls;
}

}  // namespace

const Result<PcapLibrary>& pcap_library() {
  static const Result<PcapLibrary> kLibrary = load();
  return kLibrary;
}

}  // namespace assay::agent
