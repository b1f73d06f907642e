// libpcap, loaded only where frames are captured: with it come D-Bus, systemd's library and more,
// which an audit of TLS would pay for at every start.
#pragma once

#include <pcap/pcap.h>

#include "evidence/result.h"

namespace assay::agent {

// Its functions, without "pcap_" before their names.
struct PcapLibrary {
  decltype(&::pcap_create) create = nullptr;
  decltype(&::pcap_close) close = nullptr;
  decltype(&::pcap_statustostr) statustostr = nullptr;
  decltype(&::pcap_geterr) geterr = nullptr;
  decltype(&::pcap_set_snaplen) set_snaplen = nullptr;
  decltype(&::pcap_set_promisc) set_promisc = nullptr;
  decltype(&::pcap_set_timeout) set_timeout = nullptr;
  decltype(&::pcap_set_immediate_mode) set_immediate_mode = nullptr;
  decltype(&::pcap_set_buffer_size) set_buffer_size = nullptr;
  decltype(&::pcap_activate) activate = nullptr;
  decltype(&::pcap_setnonblock) setnonblock = nullptr;
  decltype(&::pcap_datalink) datalink = nullptr;
  decltype(&::pcap_compile) compile = nullptr;
  decltype(&::pcap_setfilter) setfilter = nullptr;
  decltype(&::pcap_freecode) freecode = nullptr;
  decltype(&::pcap_dispatch) dispatch = nullptr;
  decltype(&::pcap_get_selectable_fd) get_selectable_fd = nullptr;
  decltype(&::pcap_fileno) fileno = nullptr;
  decltype(&::pcap_stats) stats = nullptr;
};

// Stays loaded; any thread. kNotFound: it is not installed; kNotSupported: it lacks a function.
[[nodiscard]] const Result<PcapLibrary>& pcap_library();
// The same, for whoever has seen that it is there.
[[nodiscard]] inline const PcapLibrary& pcap_calls() {
  return *pcap_library();
}

}  // namespace assay::agent
