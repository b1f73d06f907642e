// A scan's look at the network: what listens here is asked by assay-scanner what it offers.
//
// Whatever goes wrong with the scanner, its tables are unavailable with the reason, and the rest of
// the scan does not notice. One thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "agent/host/host.h"
#include "agent/scan/network/network_source.h"
#include "agent/scan/scan.h"
#include "agent/scanner/scanner_process.h"

namespace assay::agent {

struct NetworkLook {
  const Settings* settings = nullptr;
  // By hand (--network). A scan by hand that was not told so asks what the settings have `on`.
  bool is_told = false;
  // Starts assay-scanner; run_assay_scanner but in tests.
  std::function<Result<ScannerEnd>(const NetworkQuestion& question)> run;
};

// With the program that lies beside this one. `must_end` as in ScannerCall; may be empty.
[[nodiscard]] NetworkLook look_with_scanner(const Settings& settings, bool is_told,
                                            std::function<bool()> must_end = {});

struct NetworkAnswer {
  std::vector<ScannedTable> tables;  // of the source, in its order
  std::string loss;                  // what could not be looked at, in words; empty: nothing
  bool is_later = false;  // it was not the time for it; the tables say so, and nothing is lost
};
// `listening_ports`: as this scan found it; nullptr: it is collected for this.
[[nodiscard]] NetworkAnswer look_at_network(Host& host, const KnownNetworkSource& source,
                                            const NetworkLook& look,
                                            const ScannedTable* listening_ports, bool keep_frames);

// All tables of the source, with the reason why nobody looked.
[[nodiscard]] std::vector<ScannedTable> not_looked_at(const KnownNetworkSource& source,
                                                      std::string_view why);
// Nobody wanted it: "the network was not looked at in this scan (--network, or network.tls: on …)".
[[nodiscard]] std::string not_asked(const KnownNetworkSource& source);
inline constexpr std::string_view kSwitchedOff = "switched off in the settings (network)";
inline constexpr std::string_view kAsksOthers =
    "other machines are asked by the resident agent (run), not by a scan by hand";

}  // namespace assay::agent
